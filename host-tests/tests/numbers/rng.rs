//! The generator compared with its reference vectors and with `rand_xoshiro`; its draws compared with their
//! distributions.

use elman::rng::FromRandCore;
use elman::{Libm, Random, Xoshiro128};
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// Broken generator that always returns the same bits.
struct Stuck(u32);

impl Random for Stuck {
    fn next_u32(&mut self) -> u32 {
        self.0
    }
}

#[test]
fn xoshiro_gives_the_reference_outputs() {
    let mut rng = Xoshiro128::from_state([1, 2, 3, 4]);
    let expected =
        [641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011, 621204420];
    assert_eq!(expected.map(|_| Random::next_u32(&mut rng)), expected);
}

#[test]
fn seeds_are_the_outputs_of_split_mix() {
    let outputs: [u64; 4] = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431];
    let words = |x: u64| [x as u32, (x >> 32) as u32];
    let state = |seed| Xoshiro128::from_seed(seed).state();
    assert_eq!(state(1234567), *[words(outputs[0]), words(outputs[1])].as_flattened());
    // The same sequence of outputs, with the counter two steps further on.
    let later = 1234567u64.wrapping_add(0x9e37_79b9_7f4a_7c15u64.wrapping_mul(2));
    assert_eq!(state(later), *[words(outputs[2]), words(outputs[3])].as_flattened());
}

#[test]
fn xoshiro_agrees_with_rand_xoshiro() {
    for seed in [0, 1, 42, u64::MAX] {
        let mut ours = Xoshiro128::from_seed(seed);
        let mut theirs = rand_xoshiro::Xoshiro128PlusPlus::seed_from_u64(seed);
        assert!((0..10_000).all(|_| Random::next_u32(&mut ours) == theirs.next_u32()), "seed {seed}");
    }
}

#[test]
fn rand_core_traits_work_both_ways() {
    let seed: [u8; 16] = core::array::from_fn(|i| i as u8 + 1);
    let mut ours = <Xoshiro128 as SeedableRng>::from_seed(seed);
    let mut theirs = rand_xoshiro::Xoshiro128PlusPlus::from_seed(seed);
    assert_eq!(ours.next_u64(), theirs.next_u64());
    let (mut a, mut b) = ([0; 13], [0; 13]);
    ours.fill_bytes(&mut a);
    theirs.fill_bytes(&mut b);
    assert_eq!(a, b);
    assert_eq!(Xoshiro128::seed_from_u64(7), Xoshiro128::from_seed(7));
    let mut adapted = FromRandCore(theirs);
    assert!((0..100).all(|_| adapted.next_u32() == Random::next_u32(&mut ours)));
}

#[test]
fn a_saved_state_goes_on_with_the_same_bits() {
    let mut rng = Xoshiro128::from_seed(3);
    rng.shuffle(&mut [0; 17]);
    let mut resumed = Xoshiro128::from_state(rng.state());
    assert!((0..100).all(|_| Random::next_u32(&mut rng) == Random::next_u32(&mut resumed)));
    assert_eq!(Xoshiro128::from_state([0; 4]), Xoshiro128::from_seed(0), "zeros would stay zeros");
}

/// Returns `true` if the counts fit equally likely outcomes, each within five standard deviations.
fn even(counts: &[u32]) -> bool {
    let n = f64::from(counts.iter().sum::<u32>());
    let p = 1.0 / counts.len() as f64;
    let sigma = (n * p * (1.0 - p)).sqrt();
    counts.iter().all(|&c| (f64::from(c) - n * p).abs() <= 5.0 * sigma)
}

#[test]
fn below_is_even_and_in_range() {
    let mut rng = Xoshiro128::from_seed(5);
    for n in [1, 2, 3, 7, 64, 100] {
        let mut counts = vec![0; n as usize];
        (0..100_000).for_each(|_| counts[rng.below(n) as usize] += 1);
        assert!(even(&counts), "{n}: {counts:?}");
    }
    // `n` is three quarters of the range: without rejection, a third of the values would be drawn twice as often as
    // the rest.
    let n = 3 << 30;
    let mut counts = [0; 3];
    (0..100_000).for_each(|_| counts[(rng.below(n) >> 30) as usize] += 1);
    assert!(even(&counts), "{counts:?}");
    let mut counts = [0; 3];
    (0..100_000).for_each(|_| counts[(rng.below(n) % 3) as usize] += 1);
    assert!(even(&counts), "{counts:?}");
    assert_eq!((rng.below(0), rng.below(1)), (0, 0));
    assert!((0..1000).all(|_| rng.below(u32::MAX) < u32::MAX));
}

#[test]
fn a_stuck_generator_hangs_nothing() {
    for bits in [0, 1, u32::MAX, 1 << 31] {
        let mut rng = Stuck(bits);
        for n in [0, 1, 3, 3 << 30, (1 << 31) + 1, u32::MAX] {
            assert!(rng.below(n) < n.max(1));
        }
        assert!((0.0..1.0).contains(&rng.unit_f32()));
        assert!(rng.normal::<Libm<f32>>().is_finite());
        let mut items = [1, 2, 3];
        rng.shuffle(&mut items);
        items.sort();
        assert_eq!(items, [1, 2, 3]);
    }
    assert_eq!(Stuck(0).unit_f32(), 0.0);
    assert_eq!(Stuck(u32::MAX).unit_f32(), 1.0 - f32::EPSILON / 2.0);
    // (−1, −1) lies outside the circle every time.
    assert_eq!(Stuck(0).normal::<Libm<f64>>(), 0.0);
}

/// Returns mean and variance of `n` draws.
fn moments(n: u32, mut draw: impl FnMut() -> f64) -> (f64, f64) {
    let (mut sum, mut square) = (0.0, 0.0);
    for _ in 0..n {
        let x = draw();
        sum += x;
        square += x * x;
    }
    let mean = sum / f64::from(n);
    (mean, square / f64::from(n) - mean * mean)
}

#[test]
fn uniform_fills_its_range() {
    let mut rng = Xoshiro128::from_seed(8);
    let (mut least, mut most) = (f64::MAX, f64::MIN);
    let (mean, variance) = moments(200_000, || {
        let x: f64 = rng.uniform(-2.0, 4.0);
        (least, most) = (x.min(least), x.max(most));
        x
    });
    // The variance is 36/12. The tolerances are five standard errors.
    assert!((mean - 1.0).abs() < 5.0 * (3.0f64 / 2e5).sqrt(), "{mean}");
    assert!((variance - 3.0).abs() < 5.0 * 3.0 * (0.8f64 / 2e5).sqrt(), "{variance}");
    assert!((-2.0..-1.999).contains(&least) && (3.999..=4.0).contains(&most), "{least} {most}");
    assert_eq!(rng.uniform(1.5f32, 1.5), 1.5);
}

#[test]
fn normal_is_normal() {
    let mut rng = Xoshiro128::from_seed(9);
    let mut within = [0u32; 3];
    let (mean, variance) = moments(200_000, || {
        let x = f64::from(rng.normal::<Libm<f32>>());
        for (limit, count) in [1.0, 2.0, 3.0].into_iter().zip(&mut within) {
            *count += u32::from(x.abs() < limit);
        }
        x
    });
    assert!(mean.abs() < 5.0 * (1.0f64 / 2e5).sqrt(), "{mean}");
    assert!((variance - 1.0).abs() < 5.0 * (2.0f64 / 2e5).sqrt(), "{variance}");
    for (count, p) in within.into_iter().zip([0.682_689_5, 0.954_499_7, 0.997_300_2]) {
        let sigma = f64::sqrt(2e5 * p * (1.0 - p));
        assert!((f64::from(count) - 2e5 * p).abs() < 5.0 * sigma, "{count} within, {p} expected");
    }
}

#[test]
fn shuffle_is_even_over_all_orders() {
    let mut rng = Xoshiro128::from_seed(10);
    let mut counts = [0; 27];
    for _ in 0..60_000 {
        let mut items = [0, 1, 2];
        rng.shuffle(&mut items);
        counts[items[0] * 9 + items[1] * 3 + items[2]] += 1;
    }
    let orders: Vec<u32> = counts.into_iter().filter(|&c| c > 0).collect();
    assert_eq!(orders.len(), 6);
    assert!(even(&orders), "{orders:?}");
    rng.shuffle::<u8>(&mut []);
    let mut one = [1];
    rng.shuffle(&mut one);
    assert_eq!(one, [1]);
}
