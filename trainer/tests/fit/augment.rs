//! Augmentation: the equations of the ready-made changes, and runs that repeat and continue with the same bits.

use super::problem::{Net, Sample, T, bits, file, samples, start, timeless};
use elman::{Adam, Class, Libm, Random, SequenceError, Xoshiro128};
use elman_trainer::fit::{Augmented, Fit, FitError, Fitted, Outcome, Samples, Which, fit};
use elman_trainer::{SampleMut, ToEach, ToSome, augment, data};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

fn rng(seed: u64) -> Xoshiro128 {
    Xoshiro128::from_seed(seed)
}

type Matrix = [[f64; 3]; 3];

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..3).map(|k| a[i][k] * b[k][j]).sum()))
}

/// Returns exp(A) = Σ Aⁿ / n!.
fn exponential(a: &Matrix) -> Matrix {
    let (mut sum, mut term) = ([[0.0; 3]; 3], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
    for n in 1..60 {
        sum.as_flattened_mut().iter_mut().zip(term.as_flattened()).for_each(|(sum, term)| *sum += term);
        term = product(&term, a).map(|row| row.map(|x| x / f64::from(n)));
    }
    sum
}

const BASIS: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

/// Rotated basis vectors are the columns of the exponential of a skew-symmetric matrix.
#[test]
fn a_rotation_is_the_exponential_of_its_vector() {
    for (seed, spread) in [1e-9, 1e-3, 0.15, 1.0, 3.0].into_iter().enumerate() {
        let [x, y, z] = {
            let rng = &mut rng(seed as u64);
            [(); 3].map(|()| spread * rng.normal::<Libm<f64>>())
        };
        let wanted = exponential(&[[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]]);
        let mut columns = BASIS;
        augment::rotate(&mut columns, spread, &mut rng(seed as u64));
        for (i, j) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
            assert!((columns[j][i] - wanted[i][j]).abs() < 1e-12, "{spread}: {columns:?} {wanted:?}");
        }
    }
}

/// Accelerometer and gyroscope are rotated alike, at every step, and no length changes.
#[test]
fn every_sensor_and_step_turns_alike() {
    let mut steps = [[0.3_f32, -0.9, 0.2, 0.3, -0.9, 0.2], [1.0, 2.0, 3.0, 1.0, 2.0, 3.0], [0.0; 6]];
    let before = steps;
    augment::rotate(&mut steps, 0.5, &mut rng(3));
    let mut first = [[0.3_f32, -0.9, 0.2], [1.0, 2.0, 3.0], [0.0; 3]];
    augment::rotate(&mut first, 0.5, &mut rng(3));
    for ((step, alone), before) in steps.iter().zip(&first).zip(&before) {
        assert_eq!((&step[..3], &step[3..]), (&alone[..], &alone[..]));
        let length = |axes: &[f32]| axes.iter().map(|x| x * x).sum::<f32>().sqrt();
        assert!((length(&step[..3]) - length(&before[..3])).abs() < 1e-6);
    }
    assert_ne!(steps[0], before[0]);
}

/// The mean of the angle |a|, a ~ N(0, σ² I₃), is 2 σ √(2/π).
#[test]
fn angles_are_as_large_as_said() {
    let (mut rng, count) = (rng(4), 20_000);
    let angle = |_| {
        let mut columns = BASIS;
        augment::rotate(&mut columns, 0.1, &mut rng);
        let trace = columns[0][0] + columns[1][1] + columns[2][2];
        ((trace - 1.0) / 2.0).acos()
    };
    let mean = (0..count).map(angle).sum::<f64>() / f64::from(count);
    assert!((mean - 0.2 * (2.0 / std::f64::consts::PI).sqrt()).abs() < 0.002, "{mean}");
}

#[test]
fn a_sequence_is_scaled_by_one_factor() {
    let (mut rng, mut factors) = (rng(5), Vec::new());
    for _ in 0..10_000 {
        let mut steps = [[1.0_f64, -2.0], [0.5, 0.0]];
        augment::scale(&mut steps, 0.2, &mut rng);
        let factor = steps[0][0];
        assert_eq!(steps, [[factor, -2.0 * factor], [0.5 * factor, 0.0]]);
        factors.push(factor);
    }
    moments(&factors, 1.0, 0.2);
}

#[test]
fn noise_is_drawn_for_each_number() {
    let mut steps = vec![[3.0_f64; 2]; 5_000];
    augment::noise(&mut steps, 0.2, &mut rng(6));
    moments(steps.as_flattened(), 3.0, 0.2);
    let correlation: f64 = steps.iter().map(|[a, b]| (a - 3.0) * (b - 3.0)).sum::<f64>() / (5_000.0 * 0.04);
    assert!(correlation.abs() < 0.05, "{correlation}");
}

#[track_caller]
fn moments(numbers: &[f64], mean: f64, deviation: f64) {
    let count = numbers.len() as f64;
    let found = numbers.iter().sum::<f64>() / count;
    let spread = (numbers.iter().map(|x| (x - found).powi(2)).sum::<f64>() / count).sqrt();
    assert!((found - mean).abs() < 0.01 && (spread - deviation).abs() < 0.01, "{found} {spread}");
}

/// With a spread of 0, or without steps, nothing changes.
#[test]
fn nothing_to_change() {
    let steps = [[0.1_f32, -7.5, 1e-30], [f32::MAX, f32::MIN_POSITIVE, -0.0]];
    let mut same = steps;
    augment::rotate(&mut same, 0.0, &mut rng(1));
    augment::scale(&mut same, 0.0, &mut rng(1));
    augment::noise(&mut same, 0.0, &mut rng(1));
    assert_eq!(same, steps);
    let mut none: [[f32; 3]; 0] = [];
    augment::rotate(&mut none, 1.0, &mut rng(1));
    augment::scale(&mut none, 1.0, &mut rng(1));
    augment::noise(&mut none, 1.0, &mut rng(1));
}

fn how<'a>() -> Fit<'a, Adam, T> {
    Fit { epochs: 3, batch: 2, seed: 5, ..Fit::new(Adam::new(0.05)) }
}

fn noisy(steps: &mut [[f32; 2]], rng: &mut Xoshiro128) {
    augment::scale(steps, 0.1, rng);
    augment::noise(steps, 0.05, rng);
}

/// Trains a network, in a run that is asked to stop when sample number `last` is read.
fn run(how: &Fit<'_, Adam, T>, last: usize) -> (Net, Fitted) {
    let (stop, read) = (AtomicBool::new(false), AtomicUsize::new(0));
    let (train, mut network) = (samples(7, 1), start());
    let augmented = Augmented(&train, |steps: &mut [[f32; 2]], rng: &mut Xoshiro128| {
        stop.fetch_or(read.fetch_add(1, Ordering::Relaxed) + 1 == last, Ordering::Relaxed);
        noisy(steps, rng);
    });
    let fitted = fit(&mut network, &augmented, &samples(5, 2), &Fit { stop: Some(&stop), ..*how }).unwrap();
    (network, fitted)
}

#[test]
fn a_run_repeats_and_goes_on_with_the_same_bits() {
    let path = file("augmented.checkpoint");
    let whole = run(&how(), usize::MAX);
    assert_eq!(bits(&run(&how(), usize::MAX).0), bits(&whole.0));
    let mut plain = start();
    fit(&mut plain, &samples(7, 1), &samples(5, 2), &how()).unwrap();
    assert_ne!(bits(&plain), bits(&whole.0));
    let saving = Fit { checkpoint: Some(&path), ..how() };
    for last in 1..=3 * 7 {
        let _ = std::fs::remove_file(&path);
        assert_eq!(run(&saving, last).1.outcome, Outcome::Interrupted);
        let (network, fitted) = run(&saving, usize::MAX);
        assert_eq!(bits(&network), bits(&whole.0), "{last}");
        assert_eq!(timeless(&fitted.history), timeless(&whole.1.history), "{last}");
    }
}

/// A sample is drawn anew each time, from the unchanged original.
#[test]
fn samples_stay_as_they_are() {
    let train = samples(3, 1);
    let augmented = Augmented(&train, noisy);
    let (mut first, mut again) = (rng(8), rng(8));
    let drawn: Vec<Sample> = (0..3).map(|_| augmented.sample(1, &mut first).unwrap().into_owned()).collect();
    let repeated: Vec<Sample> = (0..3).map(|_| augmented.sample(1, &mut again).unwrap().into_owned()).collect();
    assert_eq!(drawn, repeated);
    assert!(drawn[0] != drawn[1] && drawn[1] != drawn[2] && drawn[0] != train[1]);
    assert!(drawn.iter().all(|sample| sample.target == train[1].target));
    assert_eq!((augmented.count(), augmented.held()), (3, &train[..]));
    assert!(augmented.sample(3, &mut first).is_none());
}

#[test]
fn a_spread_that_is_not_finite_is_refused_by_the_sample() {
    for spread in [f64::NAN, f64::INFINITY] {
        let (train, mut network) = (samples(4, 1), start());
        let spoiled =
            Augmented(&train, |steps: &mut [[f32; 2]], rng: &mut Xoshiro128| augment::noise(steps, spread, rng));
        let error = fit(&mut network, &spoiled, &[], &how()).unwrap_err();
        let step = SequenceError::NonFiniteInput { step: 0 };
        assert!(matches!(error, FitError::Sample { which: Which::Training, error, .. } if error == step.into()));
        assert_eq!(bits(&network), bits(&start()));
    }
}

fn doubled<X: SampleMut<Input = [f32; 1]>>(sample: &X) -> X {
    let samples = [sample.clone()];
    let augmented = Augmented(&samples, |steps: &mut [[f32; 1]], _: &mut Xoshiro128| {
        steps.iter_mut().for_each(|[x]| *x *= 2.0);
    });
    augmented.sample(0, &mut rng(0)).unwrap().into_owned()
}

/// Augmentation applies to every kind of sample whose targets are not its own steps.
#[test]
fn targets_stay() {
    let class = Class::<2>::new(1).unwrap();
    let (inputs, twice) = (vec![[1.0], [3.0]], vec![[2.0], [6.0]]);
    let each = ToEach { inputs: inputs.clone(), targets: vec![class; 2] };
    assert_eq!(doubled(&each), ToEach { inputs: twice.clone(), ..each });
    let some = ToSome { inputs: inputs.clone(), targets: vec![None, Some(class)] };
    assert_eq!(doubled(&some), ToSome { inputs: twice.clone(), ..some });
    let whole = data::Sequence { steps: inputs.clone(), label: class, group: 3 };
    assert_eq!(doubled(&whole), data::Sequence { steps: twice.clone(), ..whole });
    let labelled = data::Sequence { steps: inputs, label: vec![class; 2], group: 3 };
    assert_eq!(doubled(&labelled), data::Sequence { steps: twice, ..labelled });
}
