//! Operators and conversions of fixed-point numbers against whole numbers of 128 bits and f64: exact or rounded as documented,
//! saturating, and never finite again after that.

use elman::Zero;
use elman::math::{Fixed, Scalar};
use host_tests::{Noise, Precision};

/// Numbers of every size, the ends of the range, and those that are not finite.
fn numbers<const F: u32>() -> Vec<Fixed<F>> {
    let mut noise = Noise(3);
    let some = (0..300).map(|n| (noise.bits() as i32) >> (n % 32));
    let edges = [0, 1, -1, 2, -2, 1 << F, -(1 << F), i32::MAX, i32::MAX - 1, i32::MIN, i32::MIN + 1, i32::MIN + 2];
    edges.into_iter().chain(some).map(Fixed::from_units).collect()
}

/// The number with these units, or the end that they are beyond.
fn bounded<const F: u32>(units: i128) -> Fixed<F> {
    Fixed::from_units(units.clamp(-i128::from(i32::MAX), i32::MAX.into()) as i32)
}

fn nearest(a: i128, b: i128, up: bool) -> i128 {
    let (size, half) = (a.abs() / b.abs(), a.abs() % b.abs() * 2);
    let negative = (a < 0) != (b < 0);
    // Of two that are as near, the upper one, or the one further from 0.
    let away = half > b.abs() || half == b.abs() && !(up && negative);
    (size + i128::from(away)) * if negative { -1 } else { 1 }
}

fn check<const F: u32>() {
    for a in numbers::<F>() {
        for b in numbers::<F>() {
            let results = [a + b, a - b, a * b, a / b, a % b];
            if !(a.is_finite() && b.is_finite()) {
                assert!(results.iter().all(|y| !y.is_finite()), "{a:?} {b:?}: {results:?}");
                continue;
            }
            let (x, y) = (i128::from(a.units()), i128::from(b.units()));
            assert_eq!(results[..2], [bounded(x + y), bounded(x - y)], "{a:?} {b:?}");
            assert_eq!(a * b, bounded(nearest(x * y, 1 << F, true)), "{a:?} {b:?}");
            if y == 0 {
                assert!(!results[3].is_finite() && !results[4].is_finite(), "{a:?} {b:?}");
            } else {
                assert_eq!(results[3..], [bounded(nearest(x << F, y, false)), bounded(x % y)], "{a:?} {b:?}");
            }
            let mut assigned = [a; 5];
            assigned[0] += b;
            assigned[1] -= b;
            assigned[2] *= b;
            assigned[3] /= b;
            assigned[4] %= b;
            assert_eq!(assigned, results);
            assert_eq!(a < b, x < y);
        }
        assert_eq!([-a, a.abs()].map(Scalar::is_finite), [a.is_finite(); 2]);
    }
}

#[test]
fn operators_round_and_saturate_as_documented() {
    check::<8>();
    check::<16>();
    check::<20>();
    check::<24>();
}

#[test]
fn the_sign_of_what_is_lost_is_that_of_infinity_and_upper_where_that_is_nan() {
    type Q = Fixed<16>;
    let (up, down, one) = (Q::UPPER, Q::LOWER, Q::ONE);
    assert_eq!([up + one, down + one, up - up, down + up, one - up], [up, down, up, up, down]);
    assert_eq!([up * one, up * -one, down * down, up * Q::ZERO], [up, down, up, up]);
    assert_eq!([one / Q::ZERO, -one / Q::ZERO, Q::ZERO / Q::ZERO], [up, down, up]);
    assert_eq!([Q::MAX + Q::from_units(1), -Q::MAX - Q::from_units(1)], [up, down]);
    assert_eq!(Q::largest(&[one, down, -one]), up);
    assert_eq!(Q::largest(&[]), Q::ZERO);
}

#[test]
fn conversions_are_the_nearest_number() {
    fn check<const F: u32>() {
        let unit = Fixed::<F>::UNIT.unwrap();
        for x in numbers::<F>() {
            if x.is_finite() {
                assert_eq!(Fixed::<F>::of(x.to_f64()), x);
                assert_eq!(x.to_f32(), x.to_f64() as f32);
                let near = f64::from(x.to_f32()) / unit;
                assert_eq!(Fixed::<F>::from_f32(x.to_f32()), bounded(near as i128));
            } else {
                assert!(x.to_f32().is_infinite() && (x.to_f32() > 0.0) == (x.units() > 0));
            }
            for shift in [0.25, 0.499, 0.5, 0.501, 0.75] {
                let units = f64::from(x.units()) + shift;
                assert_eq!(Fixed::<F>::of(units * unit), bounded(units.round() as i128), "{units}");
            }
        }
    }
    check::<8>();
    check::<20>();
    check::<24>();
}

#[test]
fn floats_that_are_not_finite_or_out_of_range_are_not_finite() {
    type Q = Fixed<20>;
    let (up, down) = (Q::UPPER, Q::LOWER);
    assert_eq!([f64::INFINITY, f64::NAN, -f64::NAN, 2048.0, 1e300].map(Q::of), [up; 5]);
    assert_eq!([f64::NEG_INFINITY, -2048.0, -1e300, f64::MIN].map(Q::of), [down; 4]);
    assert_eq!([f32::INFINITY, f32::NAN, -f32::NAN, 2048.0, f32::MAX].map(Q::from_f32), [up; 5]);
    assert_eq!([f32::NEG_INFINITY, -2048.0, f32::MIN].map(Q::from_f32), [down; 3]);
    assert_eq!([0.0, -0.0, 5e-324, -1e-310, 4e-7].map(Q::of), [Q::ZERO; 5]);
    assert_eq!([0.0, -0.0, 1e-45, -1e-38, 4e-7].map(Q::from_f32), [Q::ZERO; 5]);
    assert_eq!([1.0, -1.0].map(Q::of), [Q::ONE, -Q::ONE]);
}
