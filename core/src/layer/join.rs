use crate::int8;
use crate::math::{Scalar, Zero};
use core::fmt::Debug;
use core::ops::AddAssign;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// Combination of the outputs of the two directions at a step, each of type `Y`, into one output.
/// [`OUTPUTS`](Zero::OUTPUTS) is the ratio of its width to the width of one direction.
pub trait Join<Y>: 'static + Copy + Debug + Default + PartialEq + Zero {
    /// Word in the description of a network.
    const WORD: &'static str;
    /// Type of the combined output.
    type Output: Copy + Zero;
    /// Starts the combination with the output of the forward direction.
    fn begin(forward: &Y) -> Self::Output;
    /// Combines the result of [`begin`](Self::begin) with the output of the backward direction.
    fn complete(output: &mut Self::Output, backward: &Y);
    /// One unit of the combined output in [integers](crate::int8), from that of the outputs.
    fn unit(unit: f32) -> f32;
    /// Adds the gradient with respect to the forward direction's output, given that of the combined output.
    fn add_forward_gradient(gradient: &Self::Output, backward: &Y, forward_gradient: &mut Y);
    /// Adds the gradient with respect to the backward direction's output, given that of the combined output.
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
    fn unit(unit: f32) -> f32 {
        unit
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

impl<T: Scalar, const H: usize> Join<[T; H]> for Add {
    const WORD: &'static str = "add";
    type Output = [T; H];
    fn begin(forward: &[T; H]) -> [T; H] {
        *forward
    }
    fn complete(output: &mut [T; H], backward: &[T; H]) {
        crate::linalg::add(output, backward);
    }
    fn unit(unit: f32) -> f32 {
        <Self as Join<[i16; H]>>::unit(unit)
    }
    fn add_forward_gradient(gradient: &[T; H], _: &[T; H], forward_gradient: &mut [T; H]) {
        crate::linalg::add(forward_gradient, gradient);
    }
    fn add_backward_gradient(gradient: &[T; H], _: &[T; H], backward_gradient: &mut [T; H]) {
        crate::linalg::add(backward_gradient, gradient);
    }
}

/// (h→ + h←) / 2, rounded to the nearest, in units twice as large: it cannot overflow.
impl<const H: usize> Join<[i16; H]> for Add {
    const WORD: &'static str = "add";
    type Output = [i16; H];
    fn begin(forward: &[i16; H]) -> [i16; H] {
        *forward
    }
    fn complete(output: &mut [i16; H], backward: &[i16; H]) {
        output.iter_mut().zip(backward).for_each(|(y, &h)| *y = int8::mean(*y, h));
    }
    fn unit(unit: f32) -> f32 {
        2.0 * unit
    }
    /// Integers do not learn.
    fn add_forward_gradient(_: &[i16; H], _: &[i16; H], _: &mut [i16; H]) {}
    /// Integers do not learn.
    fn add_backward_gradient(_: &[i16; H], _: &[i16; H], _: &mut [i16; H]) {}
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
    fn unit(unit: f32) -> f32 {
        <Self as Join<[i16; H]>>::unit(unit)
    }
    fn add_forward_gradient(gradient: &[T; H], backward: &[T; H], forward_gradient: &mut [T; H]) {
        add_product(forward_gradient, gradient, backward);
    }
    fn add_backward_gradient(gradient: &[T; H], forward: &[T; H], backward_gradient: &mut [T; H]) {
        add_product(backward_gradient, gradient, forward);
    }
}

/// h→ ⊙ h← / 2¹⁵, rounded to the nearest. If the unit of both is 2⁻¹⁵, so is that of the product.
impl<const H: usize> Join<[i16; H]> for Multiply {
    const WORD: &'static str = "multiply";
    type Output = [i16; H];
    fn begin(forward: &[i16; H]) -> [i16; H] {
        *forward
    }
    fn complete(output: &mut [i16; H], backward: &[i16; H]) {
        output.iter_mut().zip(backward).for_each(|(y, &h)| *y = int8::multiplied(*y, h));
    }
    fn unit(unit: f32) -> f32 {
        unit * unit * 32_768.0
    }
    /// Integers do not learn.
    fn add_forward_gradient(_: &[i16; H], _: &[i16; H], _: &mut [i16; H]) {}
    /// Integers do not learn.
    fn add_backward_gradient(_: &[i16; H], _: &[i16; H], _: &mut [i16; H]) {}
}

/// `y += a ⊙ b`.
fn add_product<T: Scalar>(y: &mut [T], a: &[T], b: &[T]) {
    y.iter_mut().zip(a.iter().zip(b)).for_each(|(y, (&a, &b))| *y += a * b);
}
