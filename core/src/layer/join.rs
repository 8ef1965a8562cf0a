use crate::math::{Scalar, Zero};
use core::fmt::Debug;
use core::ops::AddAssign;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// Combination of the outputs of two directions at a step, each of type `Y`, into one. [`OUTPUTS`](Zero::OUTPUTS)
/// is the number of outputs per output of each direction.
pub trait Join<Y>: 'static + Copy + Debug + Default + PartialEq + Zero {
    /// Its word in the description of a network.
    const WORD: &'static str;
    /// Combined output.
    type Output: Copy + Zero;
    /// Starts with the output of the forward direction, before the other is known.
    fn begin(forward: &Y) -> Self::Output;
    /// Joins the output of the backward direction to the result of [`begin`](Self::begin).
    fn complete(output: &mut Self::Output, backward: &Y);
    /// Adds the gradient of the forward direction's output, from the gradient of the combined output.
    fn add_forward_gradient(gradient: &Self::Output, backward: &Y, forward_gradient: &mut Y);
    /// Adds the gradient of the backward direction's output, from the gradient of the combined output.
    fn add_backward_gradient(gradient: &Self::Output, forward: &Y, backward_gradient: &mut Y);
}

/// Concatenation, as in PyTorch: y = (h→, h←), as wide as both directions together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, KnownLayout, Immutable)]
pub struct Concat;

impl Zero for Concat {
    const ZERO: Self = Self;
    const OUTPUTS: usize = 2;
}

impl<T: Copy + Zero + AddAssign, const H: usize> Join<[T; H]> for Concat {
    const WORD: &'static str = "concat";
    type Output = [[T; H]; 2];
    fn begin(forward: &[T; H]) -> [[T; H]; 2] {
        [*forward, [T::ZERO; H]]
    }
    fn complete([_, second]: &mut [[T; H]; 2], backward: &[T; H]) {
        *second = *backward;
    }
    fn add_forward_gradient([gradient, _]: &[[T; H]; 2], _: &[T; H], forward_gradient: &mut [T; H]) {
        crate::linalg::add(forward_gradient, gradient);
    }
    fn add_backward_gradient([_, gradient]: &[[T; H]; 2], _: &[T; H], backward_gradient: &mut [T; H]) {
        crate::linalg::add(backward_gradient, gradient);
    }
}

/// Sum: y = h→ + h←.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, KnownLayout, Immutable)]
pub struct Add;

impl Zero for Add {
    const ZERO: Self = Self;
    const OUTPUTS: usize = 1;
}

impl<T: Copy + Zero + AddAssign, const H: usize> Join<[T; H]> for Add {
    const WORD: &'static str = "add";
    type Output = [T; H];
    fn begin(forward: &[T; H]) -> [T; H] {
        *forward
    }
    fn complete(output: &mut [T; H], backward: &[T; H]) {
        crate::linalg::add(output, backward);
    }
    fn add_forward_gradient(gradient: &[T; H], _: &[T; H], forward_gradient: &mut [T; H]) {
        crate::linalg::add(forward_gradient, gradient);
    }
    fn add_backward_gradient(gradient: &[T; H], _: &[T; H], backward_gradient: &mut [T; H]) {
        crate::linalg::add(backward_gradient, gradient);
    }
}

/// Element-wise product: y = h→ ⊙ h←.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, KnownLayout, Immutable)]
pub struct Multiply;

impl Zero for Multiply {
    const ZERO: Self = Self;
    const OUTPUTS: usize = 1;
}

impl<T: Scalar, const H: usize> Join<[T; H]> for Multiply {
    const WORD: &'static str = "multiply";
    type Output = [T; H];
    fn begin(forward: &[T; H]) -> [T; H] {
        *forward
    }
    fn complete(output: &mut [T; H], backward: &[T; H]) {
        output.iter_mut().zip(backward).for_each(|(y, &h)| *y *= h);
    }
    fn add_forward_gradient(gradient: &[T; H], backward: &[T; H], forward_gradient: &mut [T; H]) {
        add_product(forward_gradient, gradient, backward);
    }
    fn add_backward_gradient(gradient: &[T; H], forward: &[T; H], backward_gradient: &mut [T; H]) {
        add_product(backward_gradient, gradient, forward);
    }
}

/// `y += a ⊙ b`.
fn add_product<T: Scalar>(y: &mut [T], a: &[T], b: &[T]) {
    y.iter_mut().zip(a.iter().zip(b)).for_each(|(y, (&a, &b))| *y += a * b);
}
