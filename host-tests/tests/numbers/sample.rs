//! Tokens drawn from logits, as often as their probabilities require; excluded tokens are never drawn.

use elman::error::SamplerError;
use elman::sample::greedy;
use elman::{Fast, Libm, Math, Random, Sampler, Xoshiro128};

type M = Libm<f32>;
const INF: f32 = f32::INFINITY;
const NAN: f32 = f32::NAN;

/// Returns how often each token is drawn in `n` draws.
fn counts<const V: usize>(sampler: Sampler<f32>, logits: [f32; V], n: u32) -> [u32; V] {
    let mut rng = Xoshiro128::from_seed(77);
    let mut counts = [0; V];
    (0..n).for_each(|_| counts[sampler.sample::<M, V>(&logits, &mut rng).index()] += 1);
    counts
}

/// Checks that each token is drawn as often as its probability requires, within five standard deviations.
fn assert_frequencies<const V: usize>(sampler: Sampler<f32>, logits: [f32; V], weights: [f64; V]) {
    let n = 200_000;
    let total: f64 = weights.iter().sum();
    for (count, weight) in counts(sampler, logits, n).into_iter().zip(weights) {
        let (n, p) = (f64::from(n), weight / total);
        let sigma = (n * p * (1.0 - p)).sqrt();
        assert!((f64::from(count) - n * p).abs() <= 5.0 * sigma, "{count} of {n} draws at p = {p}");
    }
}

#[test]
fn frequencies_are_the_probabilities() {
    let logits = [1.0, -0.5, 2.0, 0.0, -30.0];
    for temperature in [0.5, 1.0, 3.0] {
        let weights = logits.map(|x: f32| (f64::from(x) / f64::from(temperature)).exp());
        assert_frequencies(Sampler::temperature(temperature).unwrap(), logits, weights);
    }
    // Logits of any size: only their differences count.
    let weights = [1.0, std::f64::consts::E, 0.0];
    assert_frequencies(Sampler::temperature(1.0).unwrap(), [1000.0, 1001.0, -1000.0], weights);
    assert_frequencies(Sampler::temperature(1.0).unwrap(), [-1001.0, -1000.0, f32::MIN], weights);
    assert_frequencies(Sampler::temperature(1.0).unwrap(), [0.0], [1.0]);
}

#[test]
fn top_k_draws_among_the_k_largest() {
    let logits = [0.5, 2.0, -1.0, 1.0, 1.5];
    let e = |x: f64| x.exp();
    let top = |k| Sampler::top_k(k, 1.0).unwrap();
    assert_frequencies(top(1), logits, [0.0, 1.0, 0.0, 0.0, 0.0]);
    assert_frequencies(top(2), logits, [0.0, e(2.0), 0.0, 0.0, e(1.5)]);
    assert_frequencies(top(3), logits, [0.0, e(2.0), 0.0, e(1.0), e(1.5)]);
    assert_frequencies(top(4), logits, [e(0.5), e(2.0), 0.0, e(1.0), e(1.5)]);
    // Of equal logits, the first ones are kept.
    assert_frequencies(top(2), [1.0, 3.0, 1.0, 1.0], [e(1.0), e(3.0), 0.0, 0.0]);
    assert_frequencies(top(3), [0.0; 5], [1.0, 1.0, 1.0, 0.0, 0.0]);
}

#[test]
fn top_k_of_all_is_all() {
    let logits = [0.3, -0.7, 1.1];
    let all = counts(Sampler::temperature(0.9).unwrap(), logits, 1000);
    for k in [3, 4, usize::MAX] {
        assert_eq!(counts(Sampler::top_k(k, 0.9).unwrap(), logits, 1000), all);
    }
}

#[test]
fn top_1_and_low_temperature_are_greedy() {
    let mut rng = Xoshiro128::from_seed(4);
    let cold = Sampler::temperature(1e-6).unwrap();
    let coldest = Sampler::temperature(1e-45).unwrap();
    for _ in 0..1000 {
        let logits: [f32; 7] = core::array::from_fn(|_| rng.normal::<M>());
        let best = greedy(&logits);
        for sampler in [Sampler::GREEDY, Sampler::top_k(1, 5.0).unwrap(), cold, coldest] {
            assert_eq!(sampler.sample::<M, 7>(&logits, &mut rng), best);
        }
    }
}

#[test]
fn greedy_takes_the_first_of_the_largest() {
    assert_eq!(greedy(&[1.0, 3.0, 3.0]).index(), 1);
    assert_eq!(greedy(&[2.0]).index(), 0);
    assert_eq!(greedy(&[0.0, -0.0]).index(), 0);
    assert_eq!(greedy(&[NAN, -INF, -5.0, NAN]).index(), 2);
    assert_eq!(greedy(&[NAN, -INF]).index(), 1);
    assert_eq!(greedy(&[NAN, NAN]).index(), 0);
    assert_eq!(greedy(&[1.0, INF, INF]).index(), 1);
}

#[test]
fn numbers_that_are_not_finite() {
    let all = Sampler::temperature(1.0).unwrap();
    let top = Sampler::top_k(2, 1.0).unwrap();
    assert_frequencies(all, [NAN, 0.0, NAN, 0.0, -INF], [0.0, 1.0, 0.0, 1.0, 0.0]);
    assert_frequencies(top, [NAN, 0.0, NAN, 0.0, 0.0], [0.0, 1.0, 0.0, 1.0, 0.0]);
    for sampler in [all, top] {
        // Fewer numbers than k.
        assert_eq!(counts(sampler, [NAN, 3.0, NAN], 100), [0, 100, 0]);
        assert_eq!(counts(sampler, [0.0, INF, 5.0], 100), [0, 100, 0]);
        assert_eq!(counts(sampler, [NAN, -INF, -INF], 100), [0, 100, 0]);
        assert_eq!(counts(sampler, [NAN; 3], 100), [100, 0, 0]);
    }
    assert_eq!(counts(all, [f32::MAX, f32::MIN], 100), [100, 0]);
}

/// Broken generator that always returns the same bits.
struct Stuck(u32);

impl Random for Stuck {
    fn next_u32(&mut self) -> u32 {
        self.0
    }
}

#[test]
fn the_ends_of_the_unit_interval_draw_tokens_that_may_be_drawn() {
    let all = Sampler::temperature(1.0).unwrap();
    let logits = [-INF, 0.1, 0.7, 0.3, -INF];
    assert_eq!(all.sample::<M, 5>(&logits, &mut Stuck(0)).index(), 1);
    assert_eq!(all.sample::<M, 5>(&logits, &mut Stuck(u32::MAX)).index(), 3);
}

#[test]
fn every_math_draws() {
    fn token<N: Math>() -> usize {
        let one = N::Scalar::ONE;
        let sampler = Sampler::temperature(one).unwrap();
        sampler.sample::<N, 2>(&[one, one + one], &mut Stuck(u32::MAX)).index()
    }
    use elman::math::Scalar;
    assert_eq!((token::<Libm<f64>>(), token::<Fast>(), token::<M>()), (1, 1, 1));
}

#[test]
fn a_bad_sampler_cannot_be_made() {
    for temperature in [0.0, -0.0, -1.0, NAN, INF, -INF] {
        assert_eq!(Sampler::temperature(temperature), Err(SamplerError::Temperature));
        assert_eq!(Sampler::top_k(3, temperature), Err(SamplerError::Temperature));
    }
    assert_eq!(Sampler::top_k(0, 1.0), Err(SamplerError::NoToken));
    assert_eq!(SamplerError::NoToken.to_string(), "k must be at least 1");
}
