use crate::cell::{Before, Recurrent};
use crate::math::{Scalar, Zero};
use zerocopy::FromZeros;

/// Record of a step of a [`FastGrnn`](super::FastGrnn); `A` and `B` hold the values between the matrices of W and of U.
#[derive(Clone, Copy, Debug, FromZeros)]
pub struct FastGrnnRecord<T, const H: usize, A, B> {
    /// State after the step.
    pub(super) h: [T; H],
    /// z and n; after the backward pass, the gradients δ_z, δ_n of their arguments.
    pub(super) gates: [[T; H]; 2],
    /// p; after the backward pass, its gradient δ_p.
    pub(super) shared: [T; H],
    /// After the backward pass, the gradient of ζ̂.
    pub(super) zeta: T,
    /// After the backward pass, the gradient of ν̂.
    pub(super) nu: T,
    /// Values between the matrices of W.
    pub(crate) input: A,
    /// Values between the matrices of U.
    pub(crate) recurrent: B,
}

impl<T: Scalar, const H: usize, A: Zero, B: Zero> Zero for FastGrnnRecord<T, H, A, B> {
    const ZERO: Self = Self {
        h: [T::ZERO; H],
        gates: [[T::ZERO; H]; 2],
        shared: [T::ZERO; H],
        zeta: T::ZERO,
        nu: T::ZERO,
        input: A::ZERO,
        recurrent: B::ZERO,
    };
}

impl<T, const H: usize, A, B> FastGrnnRecord<T, H, A, B> {
    /// Returns the state before a step.
    pub(super) fn state<C>(before: Before<'_, C>) -> &[T; H]
    where
        C: Recurrent<Record = Self, State = [T; H]>,
    {
        before.record.map_or(before.start, |record| &record.h)
    }
}
