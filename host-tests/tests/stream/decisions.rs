//! Smoothing compared with a plain f64 reference; thresholds at their limits.

use elman::math::Scalar;
use elman::stream::{Decision, ExponentialAverage, MovingAverage, Threshold};
use elman::{Class, Libm, Math, loss};
use host_tests::precision::bits;
use host_tests::tolerance::level;
use host_tests::{Noise, Precision, assert_close};

/// Returns random probabilities, each vector the softmax of drawn logits.
fn answers<T: Precision, const K: usize>(seed: u64, count: usize) -> Vec<[T; K]>
where
    Libm<T>: Math<Scalar = T>,
{
    let mut answers: Vec<[T; K]> = Noise(seed).vectors(count);
    for answer in &mut answers {
        answer.iter_mut().for_each(|x| *x *= T::from_f32(5.0));
        loss::softmax::<Libm<T>>(answer);
    }
    answers
}

fn wide<T: Precision, const K: usize>(answer: &[T; K]) -> [f64; K] {
    answer.map(T::to_f64)
}

fn moving<T: Precision, const K: usize, const N: usize>()
where
    Libm<T>: Math<Scalar = T>,
{
    let answers = answers::<T, K>(1, 60);
    let mut average = MovingAverage::<K, N, T>::ZERO;
    for t in 0..answers.len() {
        let last = &answers[(t + 1).saturating_sub(N)..=t];
        let mean: [f64; K] = std::array::from_fn(|k| last.iter().map(|p| wide(p)[k]).sum::<f64>() / last.len() as f64);
        let found = average.push(&answers[t]).unwrap();
        assert_close("moving average", &found, &mean, level::<T>().forward);
        let sum = |k: usize| last.iter().fold(T::ZERO, |sum, p| sum + p[k]);
        let in_order = std::array::from_fn::<_, K, _>(|k| sum(k) / T::from_f64(last.len() as f64));
        assert_eq!(bits(&found), bits(&in_order), "the oldest first");
        if N == 1 {
            assert_eq!(bits(&found), bits(&answers[t]), "one answer is its own mean");
        }
    }
    average.reset();
    assert_eq!(average, MovingAverage::ZERO);
}

fn exponential<T: Precision, const K: usize>(factor: f32)
where
    Libm<T>: Math<Scalar = T>,
{
    let answers = answers::<T, K>(2, 200);
    let start = ExponentialAverage::<K, T>::new(T::from_f32(factor)).unwrap();
    let (mut average, mut reference) = (start, wide(&answers[0]));
    let alpha = f64::from(factor);
    for (t, answer) in answers.iter().enumerate() {
        let found = average.push(answer).unwrap();
        reference = std::array::from_fn(|k| reference[k] + alpha * (wide(answer)[k] - reference[k]));
        assert_close("exponential average", &found, &reference, level::<T>().forward);
        if t == 0 || factor == 1.0 {
            assert_eq!(bits(&found), bits(answer), "nothing to smooth with");
        }
    }
    average.reset();
    assert_eq!(average, start);
}

fn every_smoothing<T: Precision>()
where
    Libm<T>: Math<Scalar = T>,
{
    moving::<T, 1, 1>();
    moving::<T, 3, 1>();
    moving::<T, 1, 5>();
    moving::<T, 4, 2>();
    moving::<T, 7, 8>();
    moving::<T, 3, 100>();
    for factor in [1.0, 0.75, 0.1, 1e-3] {
        exponential::<T, 1>(factor);
        exponential::<T, 4>(factor);
        exponential::<T, 7>(factor);
    }
}

#[test]
fn f32_smoothing_is_what_it_is_defined_to_be() {
    every_smoothing::<f32>();
}

#[test]
fn f64_smoothing_is_what_it_is_defined_to_be() {
    every_smoothing::<f64>();
}

/// A running sum would keep the rounding errors of all values ever added.
#[test]
fn a_moving_average_forgets() {
    let mut noise = Noise(3);
    let mut long = MovingAverage::<2, 5>::ZERO;
    for _ in 0..100_000 {
        long.push(&noise.vector().map(|x: f32| 1e6 * x)).unwrap();
    }
    let mut fresh = MovingAverage::<2, 5>::ZERO;
    for t in 0..20 {
        let p = noise.vector().map(|x: f32| 1e-3 * x);
        let (long, fresh) = (long.push(&p).unwrap(), fresh.push(&p).unwrap());
        assert_eq!(bits(&long) == bits(&fresh), t >= 4, "after {} of 5 answers", t + 1);
    }
}

#[test]
fn an_average_of_certainties_is_certain() {
    let mut moving = MovingAverage::<2, 7>::ZERO;
    let mut exponential = ExponentialAverage::new(0.3_f32).unwrap();
    for _ in 0..50 {
        assert_eq!(moving.push(&[1.0, 0.0]), Ok([1.0, 0.0]));
        let [p, q] = exponential.push(&[1.0, 0.0]).unwrap();
        assert!((p - 1.0).abs() <= f32::EPSILON && q == 0.0, "{p}");
    }
}

fn decided<const K: usize>(class: usize, probability: f32) -> Option<Decision<K>> {
    Some(Decision { class: Class::new(class).unwrap(), probability })
}

#[test]
fn a_class_must_reach_the_threshold() {
    let threshold = Threshold::new(0.5_f32).unwrap();
    assert_eq!(threshold.decide(&[0.2, 0.5, 0.3]), decided(1, 0.5), "what it reaches is enough");
    assert_eq!(threshold.decide(&[0.2, 0.5_f32.next_down(), 0.3]), None);
    assert_eq!(threshold.decide(&[0.2, 0.2, 0.6]), decided(2, 0.6));
    assert_eq!(threshold.decide(&[0.5, 0.5]), decided(0, 0.5), "the first of equal ones");
    assert_eq!(threshold.decide(&[1.0]), decided(0, 1.0), "a single class");
}

#[test]
fn a_threshold_of_0_always_decides_and_of_1_only_certainties() {
    let [none, all] = [0.0, 1.0].map(|p| Threshold::new(p).unwrap());
    for answer in answers::<f32, 4>(4, 50) {
        let class = Class::largest(&answer).unwrap();
        assert_eq!(none.decide(&answer), decided(class.index(), answer[class.index()]));
        assert_eq!(all.decide(&answer), None);
    }
    assert_eq!(none.decide(&[0.0; 3]), decided(0, 0.0));
    assert_eq!(all.decide(&[0.0, 1.0]), decided(1, 1.0));
    assert_eq!(all.decide(&[0.0, 1.0_f32.next_down()]), None);
}

#[test]
fn a_class_must_lead_by_the_margin() {
    let threshold = Threshold::new(0.0_f32).unwrap().with_margin(0.25).unwrap();
    assert_eq!(threshold.decide(&[0.5, 0.25, 0.25]), decided(0, 0.5), "a lead of the margin is enough");
    assert_eq!(threshold.decide(&[0.125, 0.375, 0.5]), None);
    assert_eq!(threshold.decide(&[0.25, 0.5, 0.26]), None);
    assert_eq!(threshold.decide(&[0.5, 0.5]), None, "a tie has no lead");
    assert_eq!(threshold.decide(&[0.1]), decided(0, 0.1), "a single class has nobody to lead");
    let whole = Threshold::new(0.0_f32).unwrap().with_margin(1.0).unwrap();
    assert_eq!(whole.decide(&[0.0, 1.0, 0.0]), decided(1, 1.0));
    assert_eq!(whole.decide(&[0.0, 0.9, 0.1]), None);
    // Both at once.
    let both = Threshold::new(0.6_f32).unwrap().with_margin(0.25).unwrap();
    assert_eq!(both.decide(&[0.6, 0.2, 0.2]), decided(0, 0.6));
    assert_eq!(both.decide(&[0.6, 0.4, 0.0]), None);
    assert_eq!(both.decide(&[0.55, 0.2, 0.25]), None);
}

#[test]
fn nan_is_unknown() {
    for threshold in [0.0, 0.5, 1.0] {
        let threshold = Threshold::new(threshold).unwrap().with_margin(0.0).unwrap();
        for place in 0..3 {
            let mut answer = [0.0, 1.0, 0.0];
            answer[place] = f32::NAN;
            assert_eq!(threshold.decide(&answer), None);
        }
    }
}

#[test]
fn a_threshold_decides_in_f64() {
    let threshold = Threshold::new(0.5_f64).unwrap().with_margin(0.1).unwrap();
    assert_eq!(threshold.decide(&[0.5_f64.next_down(), 0.0]), None);
    let decision = threshold.decide(&[0.0, 0.75]).unwrap();
    assert_eq!((decision.class.index(), decision.probability), (1, 0.75));
    assert_eq!(f64::from_f32(0.75), decision.probability);
}

#[test]
fn bytes_are_those_promised() {
    assert_eq!(size_of::<MovingAverage<3, 4>>(), 4 * 3 * 4 + 4);
    assert_eq!(size_of::<ExponentialAverage<3>>(), 4 * (3 + 1) + 4);
}
