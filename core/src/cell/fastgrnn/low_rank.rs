use super::rank::Rank;
use crate::architecture::{Stored, Text};
use crate::cell::memoryless::Passed;
use crate::error::QuantizeError;
use crate::input::Input;
use crate::int8::{self, Scaling};
use crate::math::{Scalar, Zero, larger};
use crate::parameters::{Path, Role, Tensor};
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// W = W₁ W₂ᵀ of rank `R`: R·(I + H) parameters and multiply-adds per step, fewer than I·H for small R.
///
/// The record of a step has 2·R values more than with a full matrix: W₂ᵀ x and its gradient.
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
    /// W₂, the factor that multiplies the inputs: `[I][R]`.
    pub down: [[T; R]; I],
    /// W₁ᵀ, the transpose of the other factor: `[R][H]`.
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
    fn largest<T: Scalar>(between: &Passed<T, R>) -> T {
        T::largest(&between.vector)
    }
    type Int8<const I: usize, const H: usize, S: Scaling> = int8::Factors<I, R, H, S>;
    fn product<const I: usize, const H: usize, S: Scaling>(
        weights: &int8::Factors<I, R, H, S>,
        resolution: f32,
        x: &impl int8::Input<I>,
    ) -> [i32; H] {
        weights.product(resolution, x)
    }
    fn quantize<const I: usize, const H: usize, S: Scaling>(
        small: &mut int8::Factors<I, R, H, S>,
        weights: &Factors<f32, I, R, H>,
        largest: f32,
        input: f32,
        path: Path<'_>,
    ) -> Result<(), QuantizeError> {
        small.put(weights, largest, input, path)
    }
    fn stored<const I: usize, const H: usize, S: Scaling>(
        weights: &int8::Factors<I, R, H, S>,
        path: Path<'_>,
        look: &mut dyn FnMut(Stored<'_>),
    ) {
        weights.stored(path, look);
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
