//! Every function of every `Math`: errors and edge cases are as documented.
//!
//! `data/math.safetensors` contains points of tanh, sigmoid, exp and ln computed with mpmath at 60 digits and
//! rounded to f64.

use elman::math::Micromath;
use elman::{Fast, Libm, Math};
use safetensors::SafeTensors;

/// Measure of an error: |y − exact|, either absolute or divided by |exact|.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Error {
    Absolute,
    Relative,
}
use Error::{Absolute, Relative};

/// Exact function in f64, and the names of the tensors with its golden points.
#[derive(Clone, Copy)]
struct Function {
    exact: fn(f64) -> f64,
    golden: Option<[&'static str; 2]>,
}

const EXP: Function = Function { exact: f64::exp, golden: Some(["x", "exp_clamped"]) };
const LN: Function = Function { exact: f64::ln, golden: Some(["log_x", "log"]) };
const TANH: Function = Function { exact: f64::tanh, golden: Some(["x", "tanh"]) };
const SIGMOID: Function = Function { exact: |x| 1.0 / (1.0 + (-x).exp()), golden: Some(["x", "sigmoid"]) };
const SQRT: Function = Function { exact: f64::sqrt, golden: None };

const ALL: [f32; 2] = [f32::MIN, f32::MAX];
const POSITIVE: [f32; 2] = [1e-45, f32::MAX];
const NORMAL: [f32; 2] = [f32::MIN_POSITIVE, f32::MAX];
const NEGATIVE: [f32; 2] = [f32::MIN, 0.0];

/// Documented figure: name, function under test, exact function, domain, measure of the error, bound.
type Figure = (&'static str, fn(f32) -> f32, Function, [f32; 2], Error, f64);

/// Figures in the documentation of `Libm<f32>`, `Fast` and `Micromath`.
const FIGURES: [Figure; 18] = [
    ("Libm exp", Libm::<f32>::exp, EXP, [-87.3, 88.72], Relative, 7.4e-8),
    ("Libm ln", Libm::<f32>::ln, LN, POSITIVE, Relative, 7.9e-8),
    ("Libm tanh", Libm::<f32>::tanh, TANH, ALL, Relative, 1.7e-7),
    ("Libm sigmoid", Libm::<f32>::sigmoid, SIGMOID, [-87.3, f32::MAX], Relative, 1.5e-7),
    ("Libm sigmoid", Libm::<f32>::sigmoid, SIGMOID, ALL, Absolute, 8.9e-8),
    ("Libm sqrt", Libm::<f32>::sqrt, SQRT, POSITIVE, Relative, 6e-8),
    ("Fast exp", Fast::exp, EXP, [-87.3, 88.37], Relative, 1.8e-7),
    ("Fast exp", Fast::exp, EXP, NEGATIVE, Absolute, 1.3e-7),
    ("Fast ln", Fast::ln, LN, POSITIVE, Relative, 8.2e-8),
    ("Fast tanh", Fast::tanh, TANH, ALL, Relative, 6.4e-7),
    ("Fast sigmoid", Fast::sigmoid, SIGMOID, ALL, Absolute, 3.1e-7),
    ("Fast sqrt", Fast::sqrt, SQRT, POSITIVE, Relative, 6e-8),
    ("Micromath exp", Micromath::exp, EXP, [-87.3, 88.7], Relative, 2.4e-3),
    ("Micromath exp", Micromath::exp, EXP, NEGATIVE, Absolute, 1.2e-3),
    ("Micromath ln", Micromath::ln, LN, NORMAL, Absolute, 7.4e-5),
    ("Micromath tanh", Micromath::tanh, TANH, ALL, Relative, 1.3e-3),
    ("Micromath sigmoid", Micromath::sigmoid, SIGMOID, ALL, Absolute, 5.4e-4),
    ("Micromath sqrt", Micromath::sqrt, SQRT, POSITIVE, Relative, 6e-8),
];

/// Returns the points of the two named tensors, x and exact y.
fn golden([x, y]: [&str; 2]) -> Vec<(f32, f64)> {
    let file =
        SafeTensors::deserialize(include_bytes!("../../data/math.safetensors")).expect("the golden file is whole");
    let bytes = |name| file.tensor(name).expect("the golden file has this tensor").data();
    let x = bytes(x).as_chunks().0.iter().map(|&b| f32::from_le_bytes(b));
    let y = bytes(y).as_chunks().0.iter().map(|&b| f64::from_le_bytes(b));
    let points: Vec<_> = x.zip(y).collect();
    assert!(points.len() > 1000, "golden points were read");
    points
}

/// Returns every 509th f32, and the neighbours of the values where the functions change branch.
fn sweep() -> impl Iterator<Item = f32> {
    let edges =
        [1e-45, f32::MIN_POSITIVE, 0.25, 0.5, 1.0, 2.0, 7.9, 9.0, 15.8, 17.0, 44.0, 87.3, 88.0, 88.376, 88.7, 104.0];
    let near = edges.into_iter().flat_map(|x: f32| (0..4001).map(move |i| (x.to_bits() + i).saturating_sub(2000)));
    let both = near.flat_map(|bits| [bits, bits | 1 << 31]);
    (0..u32::MAX).step_by(509).chain(both).map(f32::from_bits).filter(|x| x.is_finite())
}

/// Returns the largest error of a figure's function at the points in its domain, and where it occurs.
fn worst(&(name, call, _, [low, high], kind, _): &Figure, points: impl Iterator<Item = (f32, f64)>) -> (f64, f32) {
    let mut worst = (0.0, low);
    for (x, exact) in points.filter(|(x, _)| (low..=high).contains(x)) {
        let y = f64::from(call(x));
        assert!(y.is_finite(), "{name}({x:e}) = {y}");
        // Below the normal numbers, precision is absolute: the error is taken relative to the smallest normal number.
        let scale = if kind == Relative { exact.abs().max(f32::MIN_POSITIVE.into()) } else { 1.0 };
        let error = (y - exact).abs() / scale;
        if error > worst.0 {
            worst = (error, x);
        }
    }
    worst
}

#[test]
fn errors_are_the_documented_ones() {
    let mut wrong = Vec::new();
    for figure in &FIGURES {
        let (name, _, function, [low, high], error, bound) = figure;
        let table = function.golden.map_or(0.0, |names| worst(figure, golden(names).into_iter()).0);
        let (dense, at) = worst(figure, sweep().map(|x| (x, (function.exact)(x.into()))));
        println!(
            "{name:18} in {low:9.2e} .. {high:9.2e} {error:?}: {table:.2e} in the table, {dense:.2e} in the sweep at {at:e}"
        );
        let measured = dense.max(table);
        // The documented figure is the measured one, rounded up by at most 10 %.
        if measured > *bound || *bound > 1.1 * measured {
            wrong.push((name, error, measured, bound));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Measures the relative errors of exp, ln, tanh and sigmoid of `Libm<f64>` at the golden points.
#[test]
fn f64_errors_are_the_documented_ones() {
    type M = Libm<f64>;
    type Case = (&'static str, fn(f64) -> f64, Function, [f64; 2], f64);
    let cases: [Case; 4] = [
        ("exp", M::exp, EXP, [-708.0, 709.78], 2.2e-16),
        ("ln", M::ln, LN, [0.0, f64::MAX], 2.3e-16),
        ("tanh", M::tanh, TANH, [f64::MIN, f64::MAX], 2.3e-16),
        ("sigmoid", M::sigmoid, SIGMOID, [-708.0, f64::MAX], 2.5e-16),
    ];
    let mut wrong = Vec::new();
    for (name, call, function, [low, high], bound) in cases {
        let points = function.golden.map(golden).expect("it has a table");
        let worst = points
            .into_iter()
            .map(|(x, exact)| (f64::from(x), exact))
            .filter(|(x, exact)| (low..=high).contains(x) && *exact != 0.0)
            .map(|(x, exact)| ((call(x) - exact) / exact).abs())
            .fold(0.0, f64::max);
        println!("Libm<f64> {name:8} {worst:.2e}");
        if worst > bound || bound > 1.1 * worst {
            wrong.push((name, worst, bound));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Checks that the result for every f32 from 1 to 9 is in range and within the bound; also measures the largest
/// decrease.
#[test]
fn fast_tanh_on_every_number() {
    let (mut most, mut fall, mut worst) = (0.0f32, 0.0f32, 0.0f64);
    for x in (1.0f32.to_bits()..=9.0f32.to_bits()).map(f32::from_bits) {
        let y = Fast::tanh(x);
        worst = worst.max((f64::from(y) / f64::from(x).tanh() - 1.0).abs());
        fall = fall.max(most - y);
        most = most.max(y);
        assert!(x < 7.9 || y == 1.0, "tanh({x}) = {y}");
    }
    println!("Fast tanh on every f32: relative error {worst:.2e}, highest {most}, largest fall {fall:.2e}");
    assert_eq!(most, 1.0);
    assert!(worst <= 6.4e-7, "{worst:e}");
    assert!(fall <= 6e-7, "{fall:e}");
}

const NAN: f32 = f32::NAN;
const INF: f32 = f32::INFINITY;

/// Checks the documented behaviour of a `Math` in f32 outside the ordinary values.
fn edges<M: Math<Scalar = f32>>() {
    for f in [M::exp, M::ln, M::tanh, M::sigmoid, M::sqrt] {
        assert!(f(NAN).is_nan() && f(-NAN).is_nan());
    }
    assert_eq!((M::exp(-INF), M::exp(f32::MIN), M::exp(0.0), M::exp(-0.0)), (0.0, 0.0, 1.0, 1.0));
    for x in [88.3, 88.8, 100.0, 1e6, f32::MAX, INF] {
        assert!((2e38..=f32::MAX).contains(&M::exp(x)), "exp({x})");
    }
    assert_eq!((M::ln(0.0), M::ln(-0.0), M::ln(INF)), (-INF, -INF, INF));
    for x in [-1e-45, -f32::MIN_POSITIVE, -1.0, f32::MIN, -INF] {
        assert!(M::ln(x).is_nan() && M::sqrt(x).is_nan(), "{x}");
    }
    for x in [20.0, 44.5, 1e3, f32::MAX, INF] {
        assert_eq!((M::tanh(x), M::tanh(-x)), (1.0, -1.0));
        assert_eq!(M::sigmoid(x), 1.0);
    }
    for x in [-105.0, -1e3, f32::MIN, -INF] {
        assert_eq!(M::sigmoid(x), 0.0);
    }
    assert_eq!((M::sigmoid(0.0), M::sigmoid(-0.0)), (0.5, 0.5));
    for x in [0.0, -0.0, 1e-45, -1e-45, 1e-40, f32::MIN_POSITIVE, -f32::MIN_POSITIVE, 1e-20, 1e-10] {
        assert_eq!(M::tanh(x).to_bits(), x.to_bits(), "tanh({x:e}) is x itself");
    }
    assert_eq!((M::sqrt(0.0), M::sqrt(INF), M::sqrt(6.25)), (0.0, INF, 2.5));
    let least_ln = M::ln(1e-45);
    assert!((-104.0..-87.0).contains(&least_ln), "{least_ln}");
}

#[test]
fn edges_of_libm() {
    edges::<Libm<f32>>();
    type M = Libm<f64>;
    for f in [M::exp, M::ln, M::tanh, M::sigmoid, M::sqrt] {
        assert!(f(f64::NAN).is_nan());
    }
    let (inf, most) = (f64::INFINITY, M::exp(f64::INFINITY));
    assert!(most > 1.797e308 && most.is_finite(), "{most:e}");
    assert_eq!((M::exp(709.8), M::exp(f64::MAX), M::exp(-inf)), (most, most, 0.0));
    assert_eq!((M::tanh(inf), M::tanh(-inf), M::sigmoid(inf), M::sigmoid(-inf)), (1.0, -1.0, 1.0, 0.0));
    assert_eq!((M::ln(0.0), M::ln(inf), M::sqrt(inf)), (-inf, inf, inf));
    assert!(M::ln(-1.0).is_nan() && M::sqrt(-1.0).is_nan());
}

#[test]
fn edges_of_fast() {
    edges::<Fast>();
}

#[test]
fn edges_of_micromath() {
    edges::<Micromath>();
}

/// Checks over the sweep that tanh is odd bit for bit, and that every function stays in its range.
fn ranges<M: Math<Scalar = f32>>() {
    for x in sweep() {
        let (tanh, sigmoid, exp) = (M::tanh(x), M::sigmoid(x), M::exp(x));
        assert_eq!(tanh.to_bits(), (-M::tanh(-x)).to_bits(), "tanh is odd at {x:e}");
        assert!((-1.0..=1.0).contains(&tanh), "tanh({x:e}) = {tanh:e}");
        assert!((0.0..=1.0).contains(&sigmoid), "sigmoid({x:e}) = {sigmoid:e}");
        assert!((0.0..=f32::MAX).contains(&exp), "exp({x:e}) = {exp:e}");
    }
}

#[test]
fn ranges_of_every_math() {
    ranges::<Libm<f32>>();
    ranges::<Fast>();
    ranges::<Micromath>();
}

/// Over a rising grid, no function decreases, except `Fast::tanh` by rounding. Decreases are measured relative to
/// the value.
#[test]
fn functions_rise() {
    fn largest_fall(f: fn(f32) -> f32, low: f32, high: f32) -> f32 {
        let points = (0..=1_000_000).map(|i| f(low + (high - low) * (i as f32 / 1e6)));
        let falls = points.clone().zip(points.skip(1)).map(|(a, b)| (a - b) / a.abs().max(f32::MIN_POSITIVE));
        falls.fold(0.0, f32::max)
    }
    let falls = [
        ("Fast exp", largest_fall(Fast::exp, -90.0, 90.0), 0.0),
        ("Fast ln", largest_fall(Fast::ln, 1e-3, 1e3), 0.0),
        ("Fast tanh", largest_fall(Fast::tanh, -10.0, 10.0), 6e-7),
        ("Libm exp", largest_fall(Libm::<f32>::exp, -90.0, 90.0), 0.0),
        ("Libm ln", largest_fall(Libm::<f32>::ln, 1e-3, 1e3), 0.0),
        ("Libm tanh", largest_fall(Libm::<f32>::tanh, -10.0, 10.0), 0.0),
    ];
    println!("largest fall, relative: {falls:?}");
    assert!(falls.iter().all(|(_, fall, bound)| fall <= bound), "{falls:?}");
}
