//! Largest differences between a network and a golden case.

use crate::precision::tensors;
use crate::stored::Stored;
use crate::tolerance::level;
use crate::{Golden, Precision, Tolerance, assert_close};
use elman::math::Scalar;
use elman::{Parameters, Zero};
use std::collections::BTreeMap;

/// Largest differences found, as fractions of the larger of 1 and the tensor's largest value.
#[derive(Clone, Copy, Debug)]
pub struct Difference {
    values: f64,
    gradients: f64,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "values {:.1e}, gradients {:.1e}", self.values, self.gradients)
    }
}

/// Golden case, with the largest differences found so far.
pub struct Worst<'a> {
    /// The case.
    pub case: &'a Golden,
    /// Largest differences so far.
    pub found: Difference,
    /// Set if the lowest part of a state is an embedding's current vector, which PyTorch does not count as state.
    pub embedded: bool,
}

impl<'a> Worst<'a> {
    /// Starts a comparison with `case`, with no difference yet.
    pub const fn new(case: &'a Golden) -> Self {
        Self { case, found: Difference { values: 0.0, gradients: 0.0 }, embedded: false }
    }

    /// Returns the parts of a state that are in the file.
    fn parts<'s, S: Stored>(&self, state: &'s mut S) -> Vec<(&'static str, &'s mut [S::Scalar])> {
        state.parts().into_iter().skip(usize::from(self.embedded)).collect()
    }

    /// Returns the values of each part in the file's order: layer by layer, from the lowest.
    pub fn layers<S: Stored>(&self, state: &mut S) -> BTreeMap<&'static str, Vec<S::Scalar>> {
        let mut layers = BTreeMap::<_, Vec<_>>::new();
        for (part, numbers) in self.parts(state) {
            layers.entry(part).or_default().extend_from_slice(numbers);
        }
        layers
    }

    /// Returns the state before the first step; zero if the file has none.
    pub fn start<S: Stored + Zero>(&self) -> S {
        let mut state = S::ZERO;
        let mut read = BTreeMap::<_, usize>::new();
        for (part, numbers) in self.parts(&mut state) {
            let Some(array) = self.case.find(&format!("input.{part}0")) else {
                assert_eq!(self.case.text("h0"), "zero");
                continue;
            };
            let read = read.entry(part).or_default();
            numbers.iter_mut().zip(&array.values[*read..]).for_each(|(x, &value)| *x = S::Scalar::from_f64(value));
            *read += numbers.len();
        }
        for (part, read) in read {
            assert_eq!(self.case.array(&format!("input.{part}0")).values.len(), read);
        }
        state
    }

    /// Compares `found` with the file's tensor `name` of the same number type.
    pub fn value<T: Precision>(&mut self, name: &str, found: &[T], tolerance: Tolerance) {
        let name = format!("{}{name}", T::PREFIX);
        let worst = self.compare(&name, found, &self.case.array(&name).values, tolerance);
        self.found.values = self.found.values.max(worst);
    }

    /// Same as [`value`](Self::value), but for a gradient.
    pub fn gradient<T: Precision>(&mut self, name: &str, found: &[T]) {
        let name = format!("{}{name}", T::PREFIX);
        let worst = self.compare(&name, found, &self.case.array(&name).values, level::<T>().gradient);
        self.found.gradients = self.found.gradients.max(worst);
    }

    /// Compares the gradients of all weights, tensor by tensor.
    pub fn weight_gradients<N>(&mut self, found: &N)
    where
        N: Parameters<Gradient = N, Scalar: Precision> + Zero,
    {
        let mut want = Box::new(N::ZERO);
        self.case.gradient(&format!("{}grad/", N::Scalar::PREFIX), &mut *want);
        for ((path, found), (_, want)) in tensors(found).iter().zip(tensors(&*want)) {
            let what = format!("{}gradient of {path}", N::Scalar::PREFIX);
            let worst = self.compare(&what, found, &want, level::<N::Scalar>().gradient);
            self.found.gradients = self.found.gradients.max(worst);
        }
    }

    /// Compares the file's logits with the outputs that have a target: at every step, at the last step, or at the ends
    /// of both directions.
    pub fn logits<T: Precision, const K: usize>(&mut self, outputs: &[[T; K]], last: &[T; K]) {
        let logits = match self.case.text("readout") {
            "per_step" => outputs.as_flattened(),
            "last_step" => outputs.last().unwrap(),
            _ => last,
        };
        self.value("logits", logits, level::<T>().forward);
    }

    fn compare<T: Precision>(&self, name: &str, found: &[T], want: &[f64], tolerance: Tolerance) -> f64 {
        assert_close(&format!("{}, {name}", self.case.name()), found, want, tolerance);
        let largest = want.iter().fold(1.0, |most: f64, x| most.max(x.abs()));
        let apart = found.iter().zip(want).map(|(found, want)| (found.to_f64() - want).abs());
        apart.fold(0.0, f64::max) / largest
    }
}
