use super::{Kind, Model, Reset};
use std::fmt;

/// Error returned when two bias vectors cannot be merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inseparable;

impl fmt::Display for Inseparable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the biases of a GRU with a reset gate after the product cannot be merged: its reset gate scales only the \
                second",
        )
    }
}

impl std::error::Error for Inseparable {}

impl Model {
    /// Merges the two bias vectors of each direction into one, b_ih + b_hh, with each element rounded once to `f32`.
    /// This saves memory and one addition per gate; in training, a network with one vector develops differently from
    /// one with two.
    ///
    /// # Errors
    /// [`Inseparable`] if a GRU that resets after the product has two bias vectors; the model is left unchanged.
    pub fn merge_biases(&mut self) -> Result<(), Inseparable> {
        let directions = || self.layers.iter().flat_map(|layer| layer.directions.iter().map(|d| (layer.kind, d)));
        if directions().any(|(kind, d)| kind == Kind::Gru(Reset::After) && d.biases.len() == 2) {
            return Err(Inseparable);
        }
        for direction in self.layers.iter_mut().flat_map(|layer| &mut layer.directions) {
            if let [input, state] = direction.biases.as_slice() {
                direction.biases = vec![merged(input, state)];
            }
        }
        Ok(())
    }
}

/// Returns the sum of two vectors, each element the `f32` nearest to the exact sum.
#[must_use]
pub fn merged(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(&a, &b)| f64::from(sum_rounded_once(a, b))).collect()
}

/// Rounds a + b to `f32` once: if the sum in f64 is inexact, its last bit is made odd, so that no false tie
/// occurs.
fn sum_rounded_once(a: f64, b: f64) -> f32 {
    let sum = a + b;
    // Exact rounding error of the sum (Knuth's two-sum).
    let of_b = sum - a;
    let error = (a - (sum - of_b)) + (b - of_b);
    if error == 0.0 || sum.to_bits() % 2 == 1 {
        return sum as f32;
    }
    let away = (error > 0.0) == (sum > 0.0);
    f64::from_bits(if away { sum.to_bits() + 1 } else { sum.to_bits() - 1 }) as f32
}
