//! tanh and sigmoid in integers, for every argument in their range.

use elman::int8::{sigmoid, tanh};

const ONE: f64 = 32768.0;

fn real(argument: i32) -> f64 {
    f64::from(argument) / 8192.0
}

/// Returns the largest error over a range of arguments.
fn worst(range: std::ops::RangeInclusive<i32>, found: fn(i32) -> i16, exact: fn(f64) -> f64) -> f64 {
    range.map(|x| (f64::from(found(x)) / ONE - exact(real(x))).abs()).fold(0.0, f64::max)
}

#[test]
fn tanh_is_within_its_bound_for_every_argument() {
    let error = worst(-70_000..=70_000, tanh, f64::tanh);
    assert!(error < 8e-5, "{error:e}");
    assert!(error > 4e-5, "the bound is not idle: {error:e}");
}

#[test]
fn sigmoid_is_within_its_bound_for_every_argument() {
    let error = worst(-140_000..=140_000, sigmoid, |x| 1.0 / (1.0 + (-x).exp()));
    assert!(error < 6e-5, "{error:e}");
    assert!(error > 3e-5, "the bound is not idle: {error:e}");
}

#[test]
fn both_are_monotone_and_tanh_is_odd() {
    for x in -140_000..140_000 {
        assert!(tanh(x) <= tanh(x + 1) && sigmoid(x) <= sigmoid(x + 1), "{x}");
        assert_eq!(tanh(-x), -tanh(x));
        assert!((0..=32767).contains(&sigmoid(x)));
    }
    for x in [i32::MIN, i32::MIN + 1, -1 << 20, 1 << 20, i32::MAX] {
        let (t, s) = if x < 0 { (-32767, 1) } else { (32767, 32767) };
        assert_eq!((tanh(x), sigmoid(x)), (t, s), "{x}");
    }
}
