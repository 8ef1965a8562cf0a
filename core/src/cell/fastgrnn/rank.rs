use crate::architecture::Text;
use crate::cell::memoryless::Passed;
use crate::input::Input;
use crate::math::{Scalar, Zero, larger};
use crate::parameters::{Path, Role, Tensor};
use core::fmt::Debug;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// Form of a weight matrix of a [`FastGrnn`](super::FastGrnn): the product with it, forward and backward.
pub trait Rank: 'static + Copy + Debug + Default + PartialEq {
    /// Its text in the description of a network.
    const TEXT: Text;
    /// Weights from `I` inputs to `H` units.
    type Weights<T: Scalar, const I: usize, const H: usize>: Zero
        + Clone
        + Debug
        + PartialEq
        + FromBytes
        + KnownLayout
        + Immutable;
    /// Values of a step between two matrices, and their gradient; `()` if there is one matrix.
    type Between<T: Scalar>: Zero + Copy + Debug;
    /// Number of values between two matrices; 0 if there is one matrix.
    const BETWEEN: usize;
    /// `y += W x`.
    fn add<T: Scalar, X: Input<T, I>, const I: usize, const H: usize>(
        weights: &Self::Weights<T, I, H>,
        between: &mut Self::Between<T>,
        y: &mut [T; H],
        x: &X,
    );
    /// Computes the gradient of the values between, from the gradient `delta` of W x.
    fn back<T: Scalar, const I: usize, const H: usize>(
        weights: &Self::Weights<T, I, H>,
        between: &mut Self::Between<T>,
        delta: &[T; H],
    );
    /// `gradient += Wᵀ δ`, after [`back`](Self::back).
    fn add_input_gradient<T: Scalar, X: Input<T, I>, const I: usize, const H: usize>(
        weights: &Self::Weights<T, I, H>,
        between: &Self::Between<T>,
        gradient: &mut X::Gradient,
        delta: &[T; H],
    );
    /// Upper bound on each element of the weight gradient, from the largest input and the largest δ.
    fn bound<T: Scalar>(between: &Self::Between<T>, x: T, delta: T) -> T;
    /// Adds `scale · Σ_t δ_t x_tᵀ` to one `unit`, in the order of `steps`. There are `BETWEEN` units and the units of
    /// the input.
    fn accumulate<'a, T: Scalar, X: Input<T, I> + 'a, const I: usize, const H: usize>(
        weights: &mut Self::Weights<T, I, H>,
        unit: usize,
        scale: T,
        steps: impl Iterator<Item = (&'a X, &'a Self::Between<T>, &'a [T; H])> + Clone,
    );
    /// Does [`Parameters::walk`](crate::Parameters::walk) for a matrix at `path`.
    fn walk<T: Scalar, const I: usize, const H: usize, const N: usize>(
        weights: &mut Self::Weights<T, I, H>,
        others: [&mut Self::Weights<T, I, H>; N],
        at: (&Path<'_>, Role),
        f: &mut impl FnMut(Tensor<'_>, &mut [T], [&mut [T]; N]),
    );
    /// Does [`Parameters::view`](crate::Parameters::view) for a matrix at `path`.
    fn view<T: Scalar, const I: usize, const H: usize>(
        weights: &Self::Weights<T, I, H>,
        at: (&Path<'_>, Role),
        f: &mut impl FnMut(Tensor<'_>, &[T]),
    );
}

/// One matrix, `[I][H]`: I·H parameters and multiply-adds per step.
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

/// W = W₁ W₂ᵀ of rank `R`: R·(I + H) parameters and multiply-adds per step, fewer than I·H for small R.
///
/// The record of a step holds 2·R more values than with a full matrix: W₂ᵀ x and its gradient.
///
/// Rank 0 does not compile:
/// ```compile_fail,E0080
/// use elman::cell::LowRank;
/// use elman::{FastGrnn, Libm, Zero};
/// static CELL: FastGrnn<3, 8, Libm, LowRank<0>> = FastGrnn::ZERO;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, FromBytes, KnownLayout, Immutable)]
pub struct LowRank<const R: usize>;

/// Matrices of a [`LowRank`] product.
#[derive(Clone, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Factors<T, const I: usize, const R: usize, const H: usize> {
    /// W₂, from the inputs: `[I][R]`.
    pub down: [[T; R]; I],
    /// W₁ᵀ, to the units: `[R][H]`.
    pub up: [[T; H]; R],
}

impl<T: Scalar, const I: usize, const R: usize, const H: usize> Zero for Factors<T, I, R, H> {
    const ZERO: Self = {
        assert!(R > 0, "a low-rank product has at least rank 1");
        Self { down: [[T::ZERO; R]; I], up: [[T::ZERO; H]; R] }
    };
}

impl<T, const I: usize, const R: usize, const H: usize> Factors<T, I, R, H> {
    /// The factor to the units has the role of the product, the other factor the role of input weights: it has more
    /// rows than columns, so its rows cannot be orthogonal.
    fn tensors<'a>(path: &'a Path<'a>, role: Role) -> [Tensor<'a>; 2] {
        [
            Tensor { path: path.at("down"), role: Role::Input, shape: [I, 1, R], fan: H },
            Tensor { path: path.at("up"), role, shape: [R, 1, H], fan: R },
        ]
    }
}

impl<const R: usize> Rank for LowRank<R> {
    const TEXT: Text = Text::of("low_rank", &[R], &[]);
    type Weights<T: Scalar, const I: usize, const H: usize> = Factors<T, I, R, H>;
    type Between<T: Scalar> = Passed<T, R>;
    const BETWEEN: usize = R;
    fn add<T: Scalar, X: Input<T, I>, const I: usize, const H: usize>(
        weights: &Factors<T, I, R, H>,
        between: &mut Passed<T, R>,
        y: &mut [T; H],
        x: &X,
    ) {
        between.vector = Zero::ZERO;
        x.gather(weights.down.as_flattened(), &mut between.vector);
        Input::<T, R>::gather(&between.vector, weights.up.as_flattened(), y);
    }
    fn back<T: Scalar, const I: usize, const H: usize>(
        weights: &Factors<T, I, R, H>,
        between: &mut Passed<T, R>,
        delta: &[T; H],
    ) {
        between.delta = Zero::ZERO;
        <[T; R] as Input<T, R>>::add_gradient(&mut between.delta, weights.up.as_flattened(), delta);
    }
    fn add_input_gradient<T: Scalar, X: Input<T, I>, const I: usize, const H: usize>(
        weights: &Factors<T, I, R, H>,
        between: &Passed<T, R>,
        gradient: &mut X::Gradient,
        _: &[T; H],
    ) {
        X::add_gradient(gradient, weights.down.as_flattened(), &between.delta);
    }
    fn bound<T: Scalar>(between: &Passed<T, R>, x: T, delta: T) -> T {
        larger(T::largest(&between.delta) * x, delta * T::largest(&between.vector))
    }
    /// The rows of the factor to the units come first.
    fn accumulate<'a, T: Scalar, X: Input<T, I> + 'a, const I: usize, const H: usize>(
        weights: &mut Factors<T, I, R, H>,
        unit: usize,
        scale: T,
        steps: impl Iterator<Item = (&'a X, &'a Passed<T, R>, &'a [T; H])> + Clone,
    ) {
        if unit < R {
            let steps = steps.map(|(_, between, delta)| (&between.vector, delta.as_slice()));
            <[T; R] as Input<T, R>>::accumulate(weights.up.as_flattened_mut(), H, unit, scale, steps);
        } else {
            let steps = steps.map(|(x, between, _)| (x, between.delta.as_slice()));
            X::accumulate(weights.down.as_flattened_mut(), R, unit - R, scale, steps);
        }
    }
    fn walk<T: Scalar, const I: usize, const H: usize, const N: usize>(
        weights: &mut Factors<T, I, R, H>,
        mut others: [&mut Factors<T, I, R, H>; N],
        (path, role): (&Path<'_>, Role),
        f: &mut impl FnMut(Tensor<'_>, &mut [T], [&mut [T]; N]),
    ) {
        let [down, up] = Factors::<T, I, R, H>::tensors(path, role);
        f(down, weights.down.as_flattened_mut(), others.each_mut().map(|o| o.down.as_flattened_mut()));
        f(up, weights.up.as_flattened_mut(), others.each_mut().map(|o| o.up.as_flattened_mut()));
    }
    fn view<T: Scalar, const I: usize, const H: usize>(
        weights: &Factors<T, I, R, H>,
        (path, role): (&Path<'_>, Role),
        f: &mut impl FnMut(Tensor<'_>, &[T]),
    ) {
        let [down, up] = Factors::<T, I, R, H>::tensors(path, role);
        f(down, weights.down.as_flattened());
        f(up, weights.up.as_flattened());
    }
}
