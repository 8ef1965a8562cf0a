use crate::architecture::{Stored, Text};
use crate::error::QuantizeError;
use crate::input::Input;
use crate::int8::{self, Scaling};
use crate::math::{Scalar, Zero};
use crate::parameters::{Path, Role, Tensor};
use core::fmt::Debug;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Form of a weight matrix of a [`FastGrnn`](super::FastGrnn): the weights, and the product with them, forward and
/// backward.
pub trait Rank: 'static + Copy + Debug + Default + PartialEq {
    /// Text in the description of a network.
    const TEXT: Text;
    /// Weights of `I` inputs to `H` units.
    type Weights<T: Scalar, const I: usize, const H: usize>: Zero
        + Clone
        + Debug
        + PartialEq
        + FromBytes
        + KnownLayout
        + Immutable;
    /// Values between the two matrices at a step, and their gradient; `()` if there is only one matrix.
    type Between<T: Scalar>: Zero + Copy + Debug;
    /// Number of values between the two matrices; 0 if there is only one matrix.
    const BETWEEN: usize;
    /// Computes `y += W x`.
    fn add<T: Scalar, X: Input<T, I>, const I: usize, const H: usize>(
        weights: &Self::Weights<T, I, H>,
        between: &mut Self::Between<T>,
        y: &mut [T; H],
        x: &X,
    );
    /// Computes the gradient of the values between the matrices, from the gradient `delta` of W x.
    fn back<T: Scalar, const I: usize, const H: usize>(
        weights: &Self::Weights<T, I, H>,
        between: &mut Self::Between<T>,
        delta: &[T; H],
    );
    /// Computes `gradient += Wᵀ δ`, after [`back`](Self::back).
    fn add_input_gradient<T: Scalar, X: Input<T, I>, const I: usize, const H: usize>(
        weights: &Self::Weights<T, I, H>,
        between: &Self::Between<T>,
        gradient: &mut X::Gradient,
        delta: &[T; H],
    );
    /// Returns an upper bound on each element of the weight gradient, given the largest |x| and the largest |δ|.
    fn bound<T: Scalar>(between: &Self::Between<T>, x: T, delta: T) -> T;
    /// Adds `scale · Σ_t δ_t x_tᵀ` to part `unit` of the weights, in the order of `steps`. The number of parts is that
    /// of the input plus `BETWEEN`.
    fn accumulate<'a, T: Scalar, X: Input<T, I> + 'a, const I: usize, const H: usize>(
        weights: &mut Self::Weights<T, I, H>,
        unit: usize,
        scale: T,
        steps: impl Iterator<Item = (&'a X, &'a Self::Between<T>, &'a [T; H])> + Clone,
    );
    /// Returns the largest absolute value between two matrices; 0 if there is one matrix.
    fn largest<T: Scalar>(between: &Self::Between<T>) -> T;
    /// Weights in [integers](crate::int8).
    type Int8<const I: usize, const H: usize, S: Scaling>: Zero
        + Copy
        + Debug
        + PartialEq
        + FromBytes
        + IntoBytes
        + KnownLayout
        + Immutable
        + Unaligned;
    /// Returns W x in integers, an argument of a gate. A real number of `x` is multiplied by `resolution`.
    fn product<const I: usize, const H: usize, S: Scaling>(
        weights: &Self::Int8<I, H, S>,
        resolution: f32,
        x: &impl int8::Input<I>,
    ) -> [i32; H];
    /// Writes the weights in integers to `small`, given the [`largest`](Self::largest) value between two matrices and
    /// one unit of the input.
    ///
    /// # Errors
    /// [`QuantizeError`] if a weight cannot be represented.
    fn quantize<const I: usize, const H: usize, S: Scaling>(
        small: &mut Self::Int8<I, H, S>,
        weights: &Self::Weights<f32, I, H>,
        largest: f32,
        input: f32,
        path: Path<'_>,
    ) -> Result<(), QuantizeError>;
    /// Calls `look` on each tensor of the weights in integers.
    fn stored<const I: usize, const H: usize, S: Scaling>(
        weights: &Self::Int8<I, H, S>,
        path: Path<'_>,
        look: &mut dyn FnMut(Stored<'_>),
    );
    /// Implements [`Parameters::walk`](crate::Parameters::walk) for a matrix with this path and role.
    fn walk<T: Scalar, const I: usize, const H: usize, const N: usize>(
        weights: &mut Self::Weights<T, I, H>,
        others: [&mut Self::Weights<T, I, H>; N],
        at: (&Path<'_>, Role),
        f: &mut impl FnMut(Tensor<'_>, &mut [T], [&mut [T]; N]),
    );
    /// Implements [`Parameters::view`](crate::Parameters::view) for a matrix with this path and role.
    fn view<T: Scalar, const I: usize, const H: usize>(
        weights: &Self::Weights<T, I, H>,
        at: (&Path<'_>, Role),
        f: &mut impl FnMut(Tensor<'_>, &[T]),
    );
}

/// A single matrix, `[I][H]`: I·H parameters and multiply-adds per step.
#[derive(Clone, Copy, Debug, Default, PartialEq, FromBytes, KnownLayout, Immutable)]
pub struct FullRank;

impl Rank for FullRank {
    const TEXT: Text = Text::new("full");
    type Weights<T: Scalar, const I: usize, const H: usize> = [[T; H]; I];
    type Between<T: Scalar> = ();
    const BETWEEN: usize = 0;
    fn add<T: Scalar, X: Input<T, I>, const I: usize, const H: usize>(
        weights: &[[T; H]; I],
        (): &mut (),
        y: &mut [T; H],
        x: &X,
    ) {
        x.gather(weights.as_flattened(), y);
    }
    fn back<T: Scalar, const I: usize, const H: usize>(_: &[[T; H]; I], (): &mut (), _: &[T; H]) {}
    fn add_input_gradient<T: Scalar, X: Input<T, I>, const I: usize, const H: usize>(
        weights: &[[T; H]; I],
        (): &(),
        gradient: &mut X::Gradient,
        delta: &[T; H],
    ) {
        X::add_gradient(gradient, weights.as_flattened(), delta);
    }
    fn bound<T: Scalar>((): &(), x: T, delta: T) -> T {
        delta * x
    }
    fn accumulate<'a, T: Scalar, X: Input<T, I> + 'a, const I: usize, const H: usize>(
        weights: &mut [[T; H]; I],
        unit: usize,
        scale: T,
        steps: impl Iterator<Item = (&'a X, &'a (), &'a [T; H])> + Clone,
    ) {
        let steps = steps.map(|(x, (), delta)| (x, delta.as_slice()));
        X::accumulate(weights.as_flattened_mut(), H, unit, scale, steps);
    }
    fn largest<T: Scalar>((): &()) -> T {
        T::ZERO
    }
    type Int8<const I: usize, const H: usize, S: Scaling> = int8::Matrix<I, H, S>;
    fn product<const I: usize, const H: usize, S: Scaling>(
        weights: &int8::Matrix<I, H, S>,
        resolution: f32,
        x: &impl int8::Input<I>,
    ) -> [i32; H] {
        weights.product(resolution, x)
    }
    fn quantize<const I: usize, const H: usize, S: Scaling>(
        small: &mut int8::Matrix<I, H, S>,
        weights: &[[f32; H]; I],
        _: f32,
        input: f32,
        path: Path<'_>,
    ) -> Result<(), QuantizeError> {
        small.put_gate(weights, input, path)
    }
    fn stored<const I: usize, const H: usize, S: Scaling>(
        weights: &int8::Matrix<I, H, S>,
        path: Path<'_>,
        look: &mut dyn FnMut(Stored<'_>),
    ) {
        weights.stored(path, look);
    }
    fn walk<T: Scalar, const I: usize, const H: usize, const N: usize>(
        weights: &mut [[T; H]; I],
        others: [&mut [[T; H]; I]; N],
        (path, role): (&Path<'_>, Role),
        f: &mut impl FnMut(Tensor<'_>, &mut [T], [&mut [T]; N]),
    ) {
        let tensor = Tensor { path: *path, role, shape: [I, 1, H], fan: H };
        f(tensor, weights.as_flattened_mut(), others.map(|o| o.as_flattened_mut()));
    }
    fn view<T: Scalar, const I: usize, const H: usize>(
        weights: &[[T; H]; I],
        (path, role): (&Path<'_>, Role),
        f: &mut impl FnMut(Tensor<'_>, &[T]),
    ) {
        f(Tensor { path: *path, role, shape: [I, 1, H], fan: H }, weights.as_flattened());
    }
}
