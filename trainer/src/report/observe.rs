//! What a cell shows of itself.

use elman::cell::{Activation, Form, Gated};
use elman::{
    Cell, Elman, Embedding, Frozen, Gru, Lstm, LstmState, Math, Pair, Projection, Recurrent, Sigmoid, Stacked, Token,
    Zero,
};

/// Some numbers of a layer, one for each unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The layer, from 0; only those with a state count.
    pub layer: usize,
    /// What they are: `h`, `c`, `z`.
    pub name: &'static str,
    /// The numbers.
    pub values: Vec<f64>,
}

impl Part {
    fn new<T: Copy + Into<f64>>(name: &'static str, values: &[T]) -> Self {
        Self { layer: 0, name, values: values.iter().map(|&x| x.into()).collect() }
    }

    fn above(self, layers: usize) -> Self {
        Self { layer: self.layer + layers, ..self }
    }
}

/// A cell whose insides can be looked at.
pub trait Observe<X>: Cell<X> {
    /// Layers that have a state of their own.
    const LAYERS: usize;
    /// The parts of a state, or of a state's gradient; h comes first.
    fn parts(state: &Self::State) -> Vec<Part>;
    /// The gates of a step that reads `x` in the state `before`, each in \[0, 1\].
    fn gates(&self, before: &Self::State, x: &X) -> Vec<Part>;
}

impl<X, M: Math, A: Activation, const I: usize, const H: usize, const B: usize> Observe<X> for Elman<I, H, M, B, A>
where
    Self: Cell<X> + Recurrent<State = [M::Scalar; H]>,
    M::Scalar: Into<f64>,
{
    const LAYERS: usize = 1;
    fn parts(h: &Self::State) -> Vec<Part> {
        vec![Part::new("h", h)]
    }
    fn gates(&self, _: &Self::State, _: &X) -> Vec<Part> {
        Vec::new()
    }
}

impl<X, M: Math, F: Form, A: Activation, const I: usize, const H: usize, const B: usize> Observe<X>
    for Gru<I, H, M, B, F, A>
where
    Self: Cell<X> + Recurrent<State = [M::Scalar; H]>,
    <Self as Gated>::Affine: elman::cell::Reads<M::Scalar, X>,
    elman::cell::Affine<M::Scalar, I, H, 3, B>: elman::cell::Reads<M::Scalar, X>,
    M::Scalar: Into<f64>,
{
    const LAYERS: usize = 1;
    fn parts(h: &Self::State) -> Vec<Part> {
        vec![Part::new("h", h)]
    }
    fn gates(&self, h: &Self::State, x: &X) -> Vec<Part> {
        let mut gates = self.affine.bias();
        elman::cell::Reads::add_input(&self.affine, gates.as_flattened_mut(), x);
        let [rz @ .., _] = &mut gates;
        self.affine.add_recurrent(rz.as_flattened_mut(), 0, h);
        Sigmoid::apply_all::<M>(rz.as_flattened_mut());
        ["r", "z"].iter().zip(rz).map(|(name, values)| Part::new(name, &*values)).collect()
    }
}

impl<X, M: Math, const I: usize, const H: usize, const B: usize> Observe<X> for Lstm<I, H, M, B>
where
    Self: Cell<X> + Recurrent<State = LstmState<M::Scalar, H>>,
    elman::cell::Affine<M::Scalar, I, H, 4, B>: elman::cell::Reads<M::Scalar, X>,
    M::Scalar: Into<f64>,
{
    const LAYERS: usize = 1;
    fn parts(state: &Self::State) -> Vec<Part> {
        vec![Part::new("h", &state.h), Part::new("c", &state.c)]
    }
    fn gates(&self, before: &Self::State, x: &X) -> Vec<Part> {
        let mut ifgo = [[M::Scalar::ZERO; H]; 4];
        self.forward(&mut ifgo, &mut before.clone(), x);
        let [i, f, _, o] = &ifgo;
        vec![Part::new("i", i), Part::new("f", f), Part::new("o", o)]
    }
}

/// Nothing of its own: it keeps nothing from step to step.
impl<M: Math, const V: usize, const E: usize> Observe<Token<V>> for Embedding<V, E, M> {
    const LAYERS: usize = 0;
    fn parts(_: &Self::State) -> Vec<Part> {
        Vec::new()
    }
    fn gates(&self, _: &Self::State, _: &Token<V>) -> Vec<Part> {
        Vec::new()
    }
}

/// Nothing of its own: it keeps nothing from step to step.
impl<X, M: Math, const I: usize, const E: usize> Observe<X> for Projection<I, E, M>
where
    Self: Cell<X>,
{
    const LAYERS: usize = 0;
    fn parts(_: &Self::State) -> Vec<Part> {
        Vec::new()
    }
    fn gates(&self, _: &Self::State, _: &X) -> Vec<Part> {
        Vec::new()
    }
}

impl<X, C: Observe<X>> Observe<X> for Frozen<'_, C>
where
    Self: Cell<X> + Recurrent<State = C::State>,
{
    const LAYERS: usize = C::LAYERS;
    fn parts(state: &Self::State) -> Vec<Part> {
        C::parts(state)
    }
    fn gates(&self, before: &Self::State, x: &X) -> Vec<Part> {
        self.0.gates(before, x)
    }
}

impl<X, A: Observe<X>, B: Observe<A::Output>> Observe<X> for Stacked<A, B>
where
    Self: Cell<X> + Recurrent<State = Pair<A::State, B::State>>,
{
    const LAYERS: usize = A::LAYERS + B::LAYERS;
    fn parts(state: &Self::State) -> Vec<Part> {
        let upper = B::parts(&state.upper).into_iter().map(|part| part.above(A::LAYERS));
        A::parts(&state.lower).into_iter().chain(upper).collect()
    }
    fn gates(&self, before: &Self::State, x: &X) -> Vec<Part> {
        let mut lower = before.lower;
        self.lower.step(&mut lower, x);
        let upper = self.upper.gates(&before.upper, A::output(&lower)).into_iter().map(|part| part.above(A::LAYERS));
        self.lower.gates(&before.lower, x).into_iter().chain(upper).collect()
    }
}
