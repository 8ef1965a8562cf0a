//! Functions of fixed-point numbers: their errors over every argument of 16 bits and a sweep of all others are the documented
//! ones, and those that are monotone never fall.

use elman::math::{Fixed, Scalar};
use elman::{Math, Zero};
use host_tests::Precision;

/// Every argument of 16 bits, the ends of the range, and a sweep of the rest; in order.
fn arguments<const F: u32>() -> Vec<Fixed<F>> {
    let ends = [i32::MIN + 2, i32::MIN + 3, i32::MAX - 2, i32::MAX - 1];
    let sweep = (i32::MIN + 2..i32::MAX).step_by(60_013);
    let mut all: Vec<i32> = (-32_768..=32_768).chain(sweep).chain(ends).collect();
    // Within ±16 as dense as elsewhere in ±2^15.
    all.extend((-40_000..=40_000).map(|n| (f64::from(n) * 16.0 / 40_000.0 * (1_u64 << F) as f64) as i32));
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(Fixed::from_units).collect()
}

/// The largest error of a function in units of the last place, less `relative` of the exact value, and the argument.
fn worst<const F: u32>(
    call: fn(Fixed<F>) -> Fixed<F>,
    exact: fn(f64) -> f64,
    domain: impl Fn(f64) -> bool,
    relative: f64,
) -> (f64, f64) {
    let unit = Fixed::<F>::UNIT.unwrap();
    let errors = arguments::<F>().into_iter().filter(|x| domain(x.to_f64())).map(|x| {
        let (y, want) = (call(x), exact(x.to_f64()));
        assert!(y.is_finite(), "{} gives {y:?}", x.to_f64());
        ((y.to_f64() - want).abs() / unit - relative * want.abs() / unit, x.to_f64())
    });
    errors.fold((0.0, 0.0), |most, found| if found.0 > most.0 { found } else { most })
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Documented errors: of exp up to 1, of exp above it (with a relative part), of ln, of tanh and sigmoid.
fn check<const F: u32>([low, high, relative, ln, gate]: [f64; 5]) {
    // The range ends where e^x does.
    let top = f64::from(31 - F) * std::f64::consts::LN_2 - 1e-9;
    let figures = [
        ("exp", worst::<F>(Fixed::exp, f64::exp, |x| x <= 0.0, 0.0), low),
        ("exp above 1", worst::<F>(Fixed::exp, f64::exp, |x| x > 0.0 && x < top, relative), high),
        ("ln", worst::<F>(Fixed::ln, f64::ln, |x| x > 0.0, 0.0), ln),
        ("tanh", worst::<F>(Fixed::tanh, f64::tanh, |_| true, 0.0), gate),
        ("sigmoid", worst::<F>(Fixed::sigmoid, sigmoid, |_| true, 0.0), gate),
        ("sqrt", worst::<F>(Fixed::sqrt, f64::sqrt, |x| x >= 0.0, 0.0), 0.5),
    ];
    for (name, (error, at), allowed) in figures {
        println!("{F} bits, {name}: {error:.3} units at {at}, allowed {allowed}");
    }
    for (name, (error, at), allowed) in figures {
        assert!(error <= allowed, "{F} bits, {name}: {error} units at {at}");
    }
}

#[test]
fn errors_are_the_documented_ones() {
    check::<8>([0.51, 0.51, 8e-9, 0.51, 0.51]);
    check::<16>([0.51, 0.51, 8e-9, 0.51, 0.51]);
    check::<20>([0.51, 0.51, 8e-9, 0.51, 0.52]);
    check::<24>([0.6, 0.6, 8e-9, 0.6, 0.7]);
}

/// The arguments after which a function falls.
fn falls<const F: u32>(call: fn(Fixed<F>) -> Fixed<F>) -> usize {
    let values: Vec<_> = arguments().into_iter().map(call).collect();
    values.windows(2).filter(|pair| pair[0] > pair[1]).count()
}

fn check_order<const F: u32>() {
    let functions: [fn(Fixed<F>) -> Fixed<F>; 3] = [Fixed::exp, Fixed::tanh, Fixed::sigmoid];
    assert_eq!(functions.map(falls), [0; 3], "{F} bits");
    for x in arguments::<F>() {
        assert_eq!(Fixed::tanh(-x), -Fixed::tanh(x));
        assert!(Fixed::tanh(x).abs() <= Fixed::ONE && (Fixed::ZERO..=Fixed::ONE).contains(&Fixed::sigmoid(x)));
    }
}

#[test]
fn functions_are_monotone_and_keep_their_limits() {
    check_order::<8>();
    check_order::<16>();
    check_order::<20>();
    check_order::<24>();
}

#[test]
fn the_ends_of_the_range_have_the_limits() {
    type Q = Fixed<20>;
    let (one, zero) = (Q::ONE, Q::ZERO);
    assert_eq!([Q::LOWER, zero, Q::UPPER].map(Q::tanh), [-one, zero, one]);
    assert_eq!([Q::LOWER, zero, Q::UPPER].map(Q::sigmoid), [zero, Q::of(0.5), one]);
    assert_eq!([Q::LOWER, Q::from_units(i32::MIN), zero, Q::UPPER].map(Q::exp), [zero, zero, one, Q::MAX]);
    for lost in [Q::ln(zero), Q::ln(-one), Q::ln(Q::UPPER), Q::sqrt(-one), Q::sqrt(Q::UPPER), Q::sqrt(Q::LOWER)] {
        assert!(!lost.is_finite(), "{lost:?}");
    }
    assert_eq!(Q::ln(zero), Q::LOWER);
}
