//! Update rules over flat slices. They do not depend on the cell; the definitions are PyTorch's.
//!
//! No rule makes a weight infinite: an update that would do so, as with a learning rate of 10³⁰, is refused with
//! [`TrainError::NonFiniteWeight`](crate::TrainError::NonFiniteWeight), and no weight or moment changes. This
//! costs one comparison per update if rate and epsilon rule such an update out, as usual values do; otherwise the
//! update is calculated twice.

use crate::clip::Scaling;
use crate::error::ConfigError;
use crate::math::{Math, Scalar, Zero, finite};
use crate::parameters::{Parameters, Rule, walk_range};
use crate::present::number;
use core::ops::Range;
use zerocopy::FromZeros;

mod adagrad;
mod adam;
mod rmsprop;
mod rounded;
mod sgd;

pub use adagrad::Adagrad;
pub use adam::{Adam, AdamW};
pub use rmsprop::RmsProp;
pub use rounded::{Copied, Rounded};
pub use sgd::{InPlaceSgd, Momentum, Sgd};

/// Update rule. A value holds the hyper-parameters; its [`Memory`](Self::Memory) holds what is kept between
/// updates.
pub trait Optimizer: Copy {
    /// Number type.
    type Scalar: Scalar;
    /// Values kept between updates for weights whose gradient is a `G`.
    type Memory<G: Parameters<Scalar = Self::Scalar, Gradient = G> + Zero>: Zero;
    /// Set if a gradient is kept; otherwise the weights change while the gradient is computed.
    const KEEPS_GRADIENT: bool = true;
    /// Set if an update ends with [`settle`](Self::settle).
    const SETTLES: bool = false;
    /// Returns the parts of `memory`, or `None` for an optimizer that keeps no gradient.
    fn kept<G>(memory: &mut Self::Memory<G>) -> Option<Kept<'_, G>>
    where
        G: Parameters<Scalar = Self::Scalar, Gradient = G> + Zero;
    /// Checks the hyper-parameters.
    ///
    /// # Errors
    /// [`ConfigError`] that names the invalid hyper-parameter.
    fn check(&self) -> Result<(), ConfigError>;
    /// Returns the learning rate.
    fn rate(&self) -> Self::Scalar;
    /// Returns the same rule with another learning rate.
    #[must_use]
    fn with_rate(self, rate: Self::Scalar) -> Self;
    /// Returns a bound on how far [`apply`](Self::apply) moves a weight, and on intermediate values, if no gradient
    /// was ever larger than `gradient`. If the bound cannot make a weight overflow,
    /// [`stays_finite`](Self::stays_finite) is not needed.
    fn reach(&self, gradient: Self::Scalar) -> Self::Scalar;
    /// Returns `true` if [`apply`](Self::apply) would leave every weight in `range` finite. It changes nothing.
    fn stays_finite<M: Math<Scalar = Self::Scalar>, P: Parameters<Scalar = Self::Scalar>>(
        &self,
        weights: &mut P,
        memory: &mut Self::Memory<P::Gradient>,
        scaling: &Scaling<Self::Scalar>,
        range: Range<usize>,
    ) -> bool;
    /// Updates the parameters in `range` of the flat list, taking the gradient through `scaling` and leaving it zero.
    fn apply<M: Math<Scalar = Self::Scalar>, P: Parameters<Scalar = Self::Scalar>>(
        &self,
        weights: &mut P,
        memory: &mut Self::Memory<P::Gradient>,
        scaling: &Scaling<Self::Scalar>,
        range: Range<usize>,
    );
    /// Returns the number of pieces of [`settle`](Self::settle).
    fn pieces<P: Parameters<Scalar = Self::Scalar>>(&self, _weights: &P) -> usize {
        0
    }
    /// Does one piece of what is left of an update after [`apply`](Self::apply) to all parameters. By default nothing.
    fn settle<P: Parameters<Scalar = Self::Scalar>>(
        &self,
        _weights: &mut P,
        _memory: &mut Self::Memory<P::Gradient>,
        _piece: usize,
    ) {
    }
    /// Changes weights that were not made by an update, such as averages of several, as an update leaves them. By default
    /// nothing.
    fn adjust<P: Parameters<Scalar = Self::Scalar>>(&self, _weights: &mut P) {}
}

/// Parts of an optimizer's memory, to be saved between two updates and restored.
#[derive(Debug)]
pub struct Kept<'a, G> {
    /// Gradient accumulated so far.
    pub gradient: &'a mut G,
    /// Moments: momentum, sums of squares.
    pub moments: &'a mut [G],
    /// Weights before they were rounded, for an optimizer that [rounds](Rounded) them.
    pub exact: Option<&'a mut G>,
    /// Number of updates made.
    pub updates: &'a mut u32,
}

/// Gradient, `M` moments of the same shape, and the number of updates made.
#[derive(Clone, Debug, FromZeros)]
pub struct Accumulated<G, const M: usize> {
    /// Gradient accumulated so far.
    pub gradient: G,
    /// Moments: momentum, sums of squares.
    pub moments: [G; M],
    /// Number of updates made.
    pub updates: u32,
}

impl<G: Zero, const M: usize> Zero for Accumulated<G, M> {
    const ZERO: Self = Self { gradient: G::ZERO, moments: [G::ZERO; M], updates: 0 };
}

impl<G, const M: usize> Accumulated<G, M> {
    /// Returns the parts of the memory.
    pub const fn kept(&mut self) -> Kept<'_, G> {
        Kept { gradient: &mut self.gradient, moments: &mut self.moments, exact: None, updates: &mut self.updates }
    }
}

/// Returns `true` if `rule`, which updates weights and their counterparts in `others` in place, would leave every
/// weight in `range` finite. The rule is applied to copies, one weight at a time.
pub fn stays_finite<P: Parameters, const N: usize>(
    weights: &mut P,
    others: [&mut P::Gradient; N],
    range: Range<usize>,
    mut rule: impl FnMut(&mut [P::Scalar], [&mut [P::Scalar]; N]),
) -> bool {
    let mut finite = true;
    walk_range(weights, others, range, |weights, others| finite &= stay_finite(weights, others, &mut rule));
    finite
}

/// Implements [`stays_finite`] for some weights; compiled once for all rules with the same number of `others`.
#[inline(never)]
fn stay_finite<T: Scalar, const N: usize>(weights: &[T], others: [&mut [T]; N], rule: &mut Rule<'_, T, N>) -> bool {
    let mut all = true;
    for (i, &weight) in weights.iter().enumerate() {
        let mut copy = [weight];
        let mut beside = others.each_ref().map(|other| [number(other, i)]);
        rule(&mut copy, beside.each_mut().map(|other| other.as_mut_slice()));
        all &= finite(&copy);
    }
    all
}

/// Returns a bound on `gradient` divided by a root plus `epsilon`, and on `gradient` itself.
fn over_epsilon<T: Scalar>(gradient: T, epsilon: T) -> T {
    if epsilon < T::ONE { gradient / epsilon } else { gradient }
}

fn positive<T: Scalar>(x: T, error: ConfigError) -> Result<(), ConfigError> {
    if x.is_finite() && x > T::ZERO { Ok(()) } else { Err(error) }
}

fn decay<T: Scalar>(x: T) -> Result<(), ConfigError> {
    if x >= T::ZERO && x < T::ONE { Ok(()) } else { Err(ConfigError::Decay) }
}
