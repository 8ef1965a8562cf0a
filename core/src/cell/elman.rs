use super::affine::{Affine, Deltas};
use super::{Cell, Recurrent, Step};
use crate::input::Input;
use crate::math::{Libm, Magnitude, Math, Scalar, Zero};
use crate::parameters::{Parameters, Path, Tensor};
use core::fmt::Debug;
use core::marker::PhantomData;
use zerocopy::{FromBytes, FromZeros, Immutable, KnownLayout};

/// The non-linearity of an [`Elman`] cell, with its derivative written in terms of its output.
pub trait Activation: 'static + Copy + Debug + Default + PartialEq {
    /// g(a).
    fn apply<M: Math>(a: M::Scalar) -> M::Scalar;
    /// g′(a) as a function of y = g(a).
    fn derivative<T: Scalar>(y: T) -> T;
}

/// tanh.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tanh;

impl Activation for Tanh {
    fn apply<M: Math>(a: M::Scalar) -> M::Scalar {
        M::tanh(a)
    }
    fn derivative<T: Scalar>(y: T) -> T {
        T::ONE - y * y
    }
}

/// max(a, 0); NaN stays NaN.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Relu;

impl Activation for Relu {
    fn apply<M: Math>(a: M::Scalar) -> M::Scalar {
        if a < M::Scalar::ZERO { M::Scalar::ZERO } else { a }
    }
    fn derivative<T: Scalar>(y: T) -> T {
        if y > T::ZERO { T::ONE } else { T::ZERO }
    }
}

/// The Elman cell: h_t = g(W_ih x_t + W_hh h_{t-1} + b), with g = [`Tanh`] or [`Relu`].
///
/// `I` inputs, `H` units, `B` bias vectors. H·(I + H + B) parameters and H·(I + H) multiply-adds a step; the state is H
/// numbers, the record of a step 2·H. Elman, "Finding structure in time", Cognitive Science 14 (1990).
#[derive(Clone, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Elman<const I: usize, const H: usize, M: Math = Libm<f32>, const B: usize = 1, A = Tanh> {
    /// Its weights.
    pub affine: Affine<M::Scalar, I, H, 1, B>,
    activation: PhantomData<A>,
}

impl<const I: usize, const H: usize, M: Math, const B: usize, A> Zero for Elman<I, H, M, B, A> {
    const ZERO: Self = Self { affine: Affine::ZERO, activation: PhantomData };
}

/// What a step of an [`Elman`] cell leaves behind.
#[derive(Clone, Copy, Debug, FromZeros)]
pub struct ElmanRecord<T, const H: usize> {
    /// The state after the step, h_t.
    h: [T; H],
    /// Once back: the gradient of g's argument.
    delta: [T; H],
}

impl<T: Scalar, const H: usize> Zero for ElmanRecord<T, H> {
    const ZERO: Self = Self { h: [T::ZERO; H], delta: [T::ZERO; H] };
}

impl<const I: usize, const H: usize, M: Math, const B: usize, A: Activation> Recurrent for Elman<I, H, M, B, A> {
    type Math = M;
    type State = [M::Scalar; H];
    type Record = ElmanRecord<M::Scalar, H>;
    type Output = [M::Scalar; H];
    fn output(state: &Self::State) -> &Self::Output {
        state
    }
    fn output_mut(state: &mut Self::State) -> &mut Self::Output {
        state
    }
    fn state(record: &Self::Record) -> &Self::State {
        &record.h
    }
    /// δ_t = g′ · ∂L/∂h_t, then ∂L/∂h_{t-1} = W_hhᵀ δ_t.
    fn step_back(&self, record: &mut Self::Record, _: &Self::State, gradient: &mut Self::State) {
        for ((delta, &h), dh) in record.delta.iter_mut().zip(&record.h).zip(gradient.iter_mut()) {
            *delta = *dh * A::derivative(h);
            *dh = M::Scalar::ZERO;
        }
        self.affine.add_recurrent_gradient(gradient, &record.delta);
    }
    fn delta_magnitude(record: &Self::Record) -> M::Scalar {
        Magnitude::magnitude(&record.delta)
    }
}

impl<const I: usize, const H: usize, M, const B: usize, A, X> Cell<X> for Elman<I, H, M, B, A>
where
    M: Math,
    A: Activation,
    X: Input<M::Scalar, I>,
{
    type InputGradient = X::Gradient;
    const UNITS: usize = Affine::<M::Scalar, I, H, 1, B>::units(X::UNITS);
    fn input_magnitude(x: &X) -> M::Scalar {
        x.magnitude()
    }
    fn step(&self, state: &mut Self::State, x: &X) {
        let mut a = self.affine.bias();
        self.affine.add_input(&mut a, x);
        self.affine.add_recurrent(&mut a, state);
        let [a] = a;
        *state = a.map(A::apply::<M>);
    }
    fn step_recorded(&self, state: &mut Self::State, x: &X, record: &mut Self::Record) {
        self.step(state, x);
        record.h = *state;
    }
    fn add_input_gradient(&self, record: &Self::Record, gradient: &mut X::Gradient) {
        self.affine.add_input_gradient::<X>(gradient, &record.delta);
    }
    fn accumulate<'a>(
        target: &mut Self,
        unit: usize,
        scale: M::Scalar,
        steps: impl Iterator<Item = Step<'a, Self, X>> + Clone,
    ) where
        X: 'a,
    {
        let deltas =
            steps.map(|s| Deltas { x: s.input, h: s.before, input: &s.record.delta, recurrent: &s.record.delta });
        target.affine.accumulate(unit, scale, deltas);
    }
    fn descend<'a>(&mut self, unit: usize, scale: M::Scalar, steps: impl Iterator<Item = Step<'a, Self, X>> + Clone)
    where
        X: 'a,
    {
        Self::accumulate(self, unit, scale, steps);
    }
}

impl<const I: usize, const H: usize, M: Math, const B: usize, A: Activation> Parameters for Elman<I, H, M, B, A> {
    type Scalar = M::Scalar;
    type Gradient = Self;
    const COUNT: usize = Affine::<M::Scalar, I, H, 1, B>::COUNT;
    fn walk<const N: usize>(
        &mut self,
        mut others: [&mut Self; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [M::Scalar], [&mut [M::Scalar]; N]),
    ) {
        self.affine.walk(others.each_mut().map(|o| &mut o.affine), path, f);
    }
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[M::Scalar])) {
        self.affine.view(path, f);
    }
}
