//! Weights and moments as flat lists of f64, which also holds every f32 exactly.

use elman::math::Scalar;
use elman::optim::Kept;
use elman::parameters::Path;
use elman::{Parameters, Zero};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// Values that updates change.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Numbers {
    weights: Vec<f64>,
    /// Moments of the optimizer, and last the weights that it has not rounded.
    moments: Vec<Vec<f64>>,
    /// Number of updates made by the optimizer.
    updates: u32,
}

impl Numbers {
    /// Copies the current values of a network and its optimizer.
    pub fn of<N, G>(network: &N, kept: Option<Kept<'_, G>>) -> Self
    where
        N: Parameters<Scalar: Into<f64>>,
        G: Parameters<Scalar = N::Scalar, Gradient = G> + Zero,
    {
        let (moments, updates) = match kept {
            Some(kept) => (all(kept.moments, kept.exact).map(|values| flat(values)).collect(), *kept.updates),
            None => (Vec::new(), 0),
        };
        Self { weights: flat(network), moments, updates }
    }

    /// Writes the values back to the network and the optimizer; `None` if their numbers do not match.
    pub fn restore<N, G>(&self, network: &mut N, kept: Option<Kept<'_, G>>) -> Option<()>
    where
        N: Parameters<Scalar: Into<f64>>,
        G: Parameters<Scalar = N::Scalar, Gradient = G> + Zero,
    {
        set(network, &self.weights)?;
        let Some(Kept { moments, exact, updates, .. }) = kept else {
            return self.moments.is_empty().then_some(());
        };
        if moments.len() + usize::from(exact.is_some()) != self.moments.len() {
            return None;
        }
        *updates = self.updates;
        all(moments, exact).zip(&self.moments).try_for_each(|(values, numbers)| set(values, numbers))
    }
}

/// Moments, and last the weights that are not rounded.
fn all<'a, G>(moments: &'a mut [G], exact: Option<&'a mut G>) -> impl Iterator<Item = &'a mut G> {
    moments.iter_mut().chain(exact)
}

/// Returns the values of `parameters` in order.
pub fn flat<P: Parameters<Scalar: Into<f64>>>(parameters: &P) -> Vec<f64> {
    let mut numbers = Vec::with_capacity(P::COUNT);
    parameters.view(Path::ROOT, &mut |_, values| numbers.extend(values.iter().map(|&value| value.into())));
    numbers
}

/// Sets `parameters` to these values; returns `None` and changes nothing if their number differs.
pub fn set<P: Parameters>(parameters: &mut P, numbers: &[f64]) -> Option<()> {
    if numbers.len() != P::COUNT {
        return None;
    }
    let mut numbers = numbers.iter();
    parameters.walk([], Path::ROOT, &mut |_, values, []| {
        values.iter_mut().zip(&mut numbers).for_each(|(value, &number)| *value = P::Scalar::from_f64(number));
    });
    Some(())
}

/// Describes the tensors of a network.
pub fn description<P: Parameters>(network: &P) -> String {
    let mut text = format!("{} bits", 8 * size_of::<P::Scalar>());
    network.view(Path::ROOT, &mut |tensor, _| {
        let _ = write!(text, " {}{:?}", tensor.path, tensor.shape);
    });
    text
}
