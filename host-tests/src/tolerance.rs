//! Every tolerance of the proofs, with its reason. Nothing else in this crate allows an error.

use crate::precision::Precision;

/// Allowed distance between a computed tensor and the reference.
#[derive(Clone, Copy, Debug)]
pub enum Tolerance {
    /// Each element must be within this distance.
    Absolute(f64),
    /// Each element must be within this fraction of the reference's largest absolute value. An element near zero is a
    /// sum of terms that cancel, and has their error.
    OfLargest(f64),
    /// Each element must be within this fraction of the larger of 1 and the largest absolute value.
    Scaled(f64),
}
use Tolerance::{Absolute, OfLargest, Scaled};

/// f64 compared with f64: the same sums in another order. An independent replay of the cases differs by at most
/// 8.4e-16, ours by 1.3e-15; three orders of magnitude are left for longer windows.
pub const EXACT: Tolerance = Scaled(1e-12);
/// f64 gradients, whose elements may all be small after many steps, with the same margin.
pub const EXACT_GRADIENT: Tolerance = OfLargest(1e-12);
/// f32 states and logits, of about 1: an independent f32 run differs from f64 by at most 1.4e-7, and each of our
/// sums is rounded in another order. 2e-6 is 17 units in the last place of 1.
pub const SINGLE: Tolerance = Absolute(2e-6);
/// f32 losses: sums of up to 40 terms of about 1, so the tolerance is relative to the sum.
pub const SINGLE_LOSS: Tolerance = Scaled(2e-6);
/// f32 gradients: sums of products of such states over the steps. PyTorch's own f32 differs from its f64 by
/// 1.9e-7.
pub const SINGLE_GRADIENT: Tolerance = OfLargest(1e-5);

/// Twenty f64 updates: rounding errors grow from step to step, most where Adam and Adagrad divide a small
/// gradient by its own magnitude. An independent replay differs by 1.3e-13 at the end.
pub const EXACT_TRAINING: Tolerance = Scaled(1e-9);
/// Twenty f32 updates compared with PyTorch's f32 updates: an independent replay differs by 6.9e-6 (losses) and
/// 2.6e-6 (weights) at the end; the tolerance is twice that.
pub const SINGLE_TRAINING: Tolerance = Scaled(1.4e-5);
/// Same as [`SINGLE_TRAINING`], but for the weights after twenty updates.
pub const SINGLE_WEIGHTS: Tolerance = Scaled(5.2e-6);

/// Two computations of the same f64 value that round differently: a mean as a scaled sum, or permuted units.
pub const REORDERED: Tolerance = OfLargest(1e-12);

/// f64 gradients compared with a seven-point difference of step h = 2⁻¹². A loss after 40 steps of ReLU is a
/// polynomial of degree up to 80 in a recurrent weight, for which the difference has an error of h⁶/140 · 80⁷,
/// 3e-11 of the slope; rounding adds ε·L/h, 1e-12 times the loss. The largest error seen is a fifth of the
/// tolerance.
pub const DIFFERENCE: f64 = 1e-8;
/// Absolute part of the tolerance, multiplied by the loss if that is above 1: where all gradients are small, the
/// rounding of the loss limits the precision of a difference.
pub const DIFFERENCE_FLOOR: f64 = 1e-11;

/// Tolerances of one number type for the golden cases.
#[derive(Clone, Copy, Debug)]
pub struct Level {
    /// Outputs per step, final state, logits.
    pub forward: Tolerance,
    /// Loss of the output against the target.
    pub loss: Tolerance,
    /// Every gradient.
    pub gradient: Tolerance,
    /// Losses and norms over twenty updates.
    pub training: Tolerance,
    /// Weights after twenty updates.
    pub weights: Tolerance,
}

/// Fixed-point outputs and states, in units of the last place. Each weight and input of a case is rounded by up to half a unit, and
/// so is each sum; the cases differ by up to 3.3 units.
const FIXED: f64 = 5.0;
/// Fixed-point gradients, sums over the steps of products of such numbers; the cases differ by up to 6.0 units.
const FIXED_GRADIENT: f64 = 10.0;
/// Fixed-point losses, sums over the steps.
const FIXED_LOSS: f64 = 8.0;

fn fixed(unit: f64) -> Level {
    let within = |units: f64| Scaled(units * unit);
    let (forward, loss, gradient) = (within(FIXED), within(FIXED_LOSS), within(FIXED_GRADIENT));
    Level { forward, loss, gradient, training: loss, weights: gradient }
}

/// Returns the tolerances for `T`.
pub fn level<T: Precision>() -> Level {
    if let Some(unit) = T::UNIT {
        fixed(unit)
    } else if size_of::<T>() == 8 {
        Level {
            forward: EXACT,
            loss: EXACT,
            gradient: EXACT_GRADIENT,
            training: EXACT_TRAINING,
            weights: EXACT_TRAINING,
        }
    } else {
        Level {
            forward: SINGLE,
            loss: SINGLE_LOSS,
            gradient: SINGLE_GRADIENT,
            training: SINGLE_TRAINING,
            weights: SINGLE_WEIGHTS,
        }
    }
}

impl Tolerance {
    /// Returns the distance allowed from the elements of `want`.
    fn distance(self, want: &[f64]) -> f64 {
        let largest = want.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        match self {
            Absolute(distance) => distance,
            OfLargest(fraction) => fraction * largest,
            Scaled(fraction) => fraction * largest.max(1.0),
        }
    }
}

/// Checks that `got` equals `want` within the tolerance; the error names the element and its distance. NaN is
/// never close.
pub fn close<T: Precision>(got: &[T], want: &[f64], tolerance: Tolerance) -> Result<(), String> {
    if got.len() != want.len() {
        return Err(format!("{} values instead of {}", got.len(), want.len()));
    }
    let distance = tolerance.distance(want);
    for (i, (&got, &want)) in got.iter().zip(want).enumerate() {
        let got = got.to_f64();
        // Written so that NaN fails.
        let within = (got - want).abs() <= distance;
        if !within {
            return Err(format!("element {i}: {got:e} instead of {want:e}, off by more than {distance:e}"));
        }
    }
    Ok(())
}

/// Panics, naming `what`, unless `got` equals `want` within the tolerance.
#[track_caller]
pub fn assert_close<T: Precision>(what: &str, got: &[T], want: &[f64], tolerance: Tolerance) {
    if let Err(error) = close(got, want, tolerance) {
        panic!("{what}: {error}");
    }
}
