use crate::sample::{Sample, SampleMut};
use elman::Xoshiro128;
use std::borrow::Cow;

/// Source of training samples: a slice or `Vec`, [`Varied`], [`Augmented`] or [`Drawn`] samples.
pub trait Samples {
    /// Type of a sample.
    type Sample: Sample;
    /// Number of samples in an epoch.
    fn count(&self) -> usize;
    /// Returns the samples that exist before the run, to be checked before the first update.
    fn held(&self) -> &[Self::Sample];
    /// Returns the sample at `index` for this epoch; `None` if there is none.
    fn sample(&self, index: usize, rng: &mut Xoshiro128) -> Option<Cow<'_, Self::Sample>>;
}

impl<X: Sample> Samples for [X] {
    type Sample = X;
    fn count(&self) -> usize {
        self.len()
    }
    fn held(&self) -> &[X] {
        self
    }
    fn sample(&self, index: usize, _: &mut Xoshiro128) -> Option<Cow<'_, X>> {
        self.get(index).map(Cow::Borrowed)
    }
}

impl<X: Sample> Samples for Vec<X> {
    type Sample = X;
    fn count(&self) -> usize {
        self.len()
    }
    fn held(&self) -> &[X] {
        self
    }
    fn sample(&self, index: usize, rng: &mut Xoshiro128) -> Option<Cow<'_, X>> {
        self.as_slice().sample(index, rng)
    }
}

/// Samples that a function varies each time, for example by adding noise or cutting out a random window.
///
/// ```
/// use elman::{Class, Libm, Random, Xoshiro128};
/// use elman_trainer::{ToOne, fit::Varied};
/// type Sample = ToOne<[f32; 1], Class<2>>;
/// let samples = vec![Sample { inputs: vec![[0.5]], target: Class::new(1)? }];
/// let noisy = Varied(&samples, |sample: &Sample, rng: &mut Xoshiro128| {
///     let inputs = sample.inputs.iter().map(|step| step.map(|x| x + 0.1 * rng.normal::<Libm<f32>>())).collect();
///     Sample { inputs, ..*sample }
/// });
/// # Ok::<(), elman::error::OutOfRange>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Varied<'a, X, F>(pub &'a [X], pub F);

impl<X: Sample, F: Fn(&X, &mut Xoshiro128) -> X> Samples for Varied<'_, X, F> {
    type Sample = X;
    fn count(&self) -> usize {
        self.0.len()
    }
    fn held(&self) -> &[X] {
        self.0
    }
    fn sample(&self, index: usize, rng: &mut Xoshiro128) -> Option<Cow<'_, X>> {
        self.0.get(index).map(|sample| Cow::Owned((self.1)(sample, rng)))
    }
}

/// Samples whose steps a function changes each time; [`crate::augment`] has such functions.
///
/// ```
/// use elman::{Class, Normalizer, Xoshiro128};
/// use elman_trainer::{ToOne, augment, fit::Augmented};
/// // Acceleration in g.
/// let samples = vec![ToOne { inputs: vec![[0.1_f32, -0.2, 0.97]; 8], target: Class::<2>::new(1)? }];
/// let normalizer = Normalizer { mean: [0.0, 0.0, 0.5], scale: [4.0, 4.0, 2.0] };
/// let augmented = Augmented(&samples, |steps: &mut [[f32; 3]], rng: &mut Xoshiro128| {
///     augment::rotate(steps, 0.15, rng);
///     augment::noise(steps, 0.01, rng);
///     steps.iter_mut().for_each(|step| *step = normalizer.apply(step));
/// });
/// # Ok::<(), elman::error::OutOfRange>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Augmented<'a, X, F>(pub &'a [X], pub F);

impl<X: SampleMut, F: Fn(&mut [X::Input], &mut Xoshiro128)> Samples for Augmented<'_, X, F> {
    type Sample = X;
    fn count(&self) -> usize {
        self.0.len()
    }
    fn held(&self) -> &[X] {
        self.0
    }
    fn sample(&self, index: usize, rng: &mut Xoshiro128) -> Option<Cow<'_, X>> {
        let mut sample = self.0.get(index)?.clone();
        (self.1)(sample.inputs_mut(), rng);
        Some(Cow::Owned(sample))
    }
}

/// Samples drawn when they are needed, `count` per epoch, for tasks with unlimited data.
#[derive(Clone, Copy, Debug)]
pub struct Drawn<F> {
    /// Number of samples in an epoch.
    pub count: usize,
    /// Draws a sample.
    pub draw: F,
}

impl<X: Sample, F: Fn(&mut Xoshiro128) -> X> Samples for Drawn<F> {
    type Sample = X;
    fn count(&self) -> usize {
        self.count
    }
    fn held(&self) -> &[X] {
        &[]
    }
    fn sample(&self, index: usize, rng: &mut Xoshiro128) -> Option<Cow<'_, X>> {
        (index < self.count).then(|| Cow::Owned((self.draw)(rng)))
    }
}
