//! Random changes to a sequence that keep its meaning, for [`Augmented`](crate::fit::Augmented) samples.
//!
//! Steps must be in raw units, before normalisation, since channels that were scaled separately cannot be
//! rotated. Numbers are drawn from the run's generator, once per sequence unless stated otherwise, and all
//! arithmetic is in f64, so that a run repeats bit for bit. A spread of 0 changes only the state of the
//! generator; a spread that is not finite gives steps that training refuses with an error.

use elman::math::Scalar;
use elman::{Libm, Random};

/// Rotates each group of three channels (x, y, z) by the same random rotation: x' = exp(\[a\]×) x,
/// a ~ N(0, `spread`² I₃) in radians, where \[a\]× x = a × x.
///
/// The angle is |a|, on average 1.6 `spread`. The direction of the axis is uniform, as for a sensor that is worn
/// a little differently. By Rodrigues' formula, exp(\[a\]×) x = x + sin θ/θ · a × x + (1 − cos θ)/θ² · a × (a × x),
/// θ = |a|.
///
/// A number of channels that is not a multiple of three does not compile:
///
/// ```compile_fail
/// elman_trainer::augment::rotate(&mut [[0.0_f32; 4]], 0.1, &mut elman::Xoshiro128::from_seed(1));
/// ```
pub fn rotate<T: Scalar + Into<f64>, const C: usize>(steps: &mut [[T; C]], spread: f64, rng: &mut impl Random) {
    const { assert!(C > 0 && C.is_multiple_of(3), "a rotation needs three channels, x, y and z, for each sensor") }
    let a = [(); 3].map(|()| spread * normal(rng));
    for axes in steps.iter_mut().flat_map(|step| step.as_chunks_mut::<3>().0) {
        *axes = rotated(a, axes.map(Into::into)).map(T::from_f64);
    }
}

/// Scales all channels by one factor: x' = (1 + n) x, n ~ N(0, `spread`²).
pub fn scale<T: Scalar + Into<f64>, const C: usize>(steps: &mut [[T; C]], spread: f64, rng: &mut impl Random) {
    let factor = 1.0 + spread * normal(rng);
    for x in steps.as_flattened_mut() {
        *x = T::from_f64(factor * (*x).into());
    }
}

/// Adds noise: x' = x + n, n ~ N(0, `spread`²), drawn for each channel of each step.
pub fn noise<T: Scalar + Into<f64>, const C: usize>(steps: &mut [[T; C]], spread: f64, rng: &mut impl Random) {
    for x in steps.as_flattened_mut() {
        *x = T::from_f64((*x).into() + spread * normal(rng));
    }
}

fn normal(rng: &mut impl Random) -> f64 {
    rng.normal::<Libm<f64>>()
}

/// Returns exp(\[a\]×) x.
fn rotated(a: [f64; 3], x: [f64; 3]) -> [f64; 3] {
    let square: f64 = a.iter().map(|a| a * a).sum();
    let angle = libm::sqrt(square);
    // 1 − cos θ = 2 sin² θ/2, which is accurate even for a small θ.
    let half = libm::sin(angle / 2.0);
    let (first, second) =
        if square > 0.0 { (libm::sin(angle) / angle, 2.0 * half * half / square) } else { (1.0, 0.5) };
    let once = cross(a, x);
    let twice = cross(a, once);
    std::array::from_fn(|i| x[i] + first * once[i] + second * twice[i])
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
