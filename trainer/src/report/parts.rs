//! What a cell shows of itself: the parts of its state, and its gates.

use elman::cell::{Activation, Affine, Form, Reads, TakesOver};
use elman::{
    Cell, Elman, Embedding, EncoderDecoder, Frozen, Gru, Lstm, LstmState, Math, Pair, Projection, Recurrent, Side,
    Sigmoid, Stacked, Zero,
};

/// Some numbers of a layer, one for each unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The layer, from 0; only those with a state count.
    pub layer: usize,
    /// Which way it reads, in a layer that reads both ways.
    pub direction: Option<Direction>,
    /// What they are: `h`, `c`, `z`.
    pub name: &'static str,
    /// The numbers.
    pub values: Vec<f64>,
}

/// Which way a sequence is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the first step to the last.
    Forward,
    /// From the last step to the first.
    Backward,
}

impl Part {
    /// Numbers of the lowest layer.
    pub fn new<T: Copy + Into<f64>>(name: &'static str, values: &[T]) -> Self {
        Self { layer: 0, direction: None, name, values: values.iter().map(|&x| x.into()).collect() }
    }

    /// The same above some layers.
    #[must_use]
    pub fn above(self, layers: usize) -> Self {
        Self { layer: self.layer + layers, ..self }
    }

    /// The same in one direction of a layer.
    #[must_use]
    pub fn towards(self, direction: Direction) -> Self {
        Self { direction: Some(direction), ..self }
    }
}

/// A cell whose state can be looked at.
pub trait Parts: Recurrent {
    /// Layers that have a state of their own.
    const LAYERS: usize;
    /// The parts of a state, or of a state's gradient; of each layer h comes first.
    fn parts(state: &Self::State) -> Vec<Part>;
}

/// A cell whose gates can be looked at, if it has any.
pub trait Gates<X>: Parts + Cell<X> {
    /// The gates of a step that reads `x` in the state `before`, each in \[0, 1\].
    fn gates(&self, _before: &Self::State, _x: &X) -> Vec<Part> {
        Vec::new()
    }
}

impl<M: Math, A: Activation, const I: usize, const H: usize, const B: usize> Parts for Elman<I, H, M, B, A>
where
    Self: Recurrent<State = [M::Scalar; H]>,
    M::Scalar: Into<f64>,
{
    const LAYERS: usize = 1;
    fn parts(h: &Self::State) -> Vec<Part> {
        vec![Part::new("h", h)]
    }
}

impl<X, M: Math, A: Activation, const I: usize, const H: usize, const B: usize> Gates<X> for Elman<I, H, M, B, A> where
    Self: Parts + Cell<X>
{
}

impl<M: Math, F: Form, A: Activation, const I: usize, const H: usize, const B: usize> Parts for Gru<I, H, M, B, F, A>
where
    Self: Recurrent<State = [M::Scalar; H]>,
    M::Scalar: Into<f64>,
{
    const LAYERS: usize = 1;
    fn parts(h: &Self::State) -> Vec<Part> {
        vec![Part::new("h", h)]
    }
}

impl<X, M: Math, F: Form, A: Activation, const I: usize, const H: usize, const B: usize> Gates<X>
    for Gru<I, H, M, B, F, A>
where
    Self: Parts + Cell<X> + Recurrent<State = [M::Scalar; H]>,
    Affine<M::Scalar, I, H, 3, B>: Reads<M::Scalar, X>,
    M::Scalar: Into<f64>,
{
    fn gates(&self, h: &Self::State, x: &X) -> Vec<Part> {
        let mut gates = self.affine.bias();
        self.affine.add_input(gates.as_flattened_mut(), x);
        let [rz @ .., _] = &mut gates;
        self.affine.add_recurrent(rz.as_flattened_mut(), 0, h);
        Sigmoid::apply_all::<M>(rz.as_flattened_mut());
        ["r", "z"].iter().zip(rz).map(|(name, values)| Part::new(name, &*values)).collect()
    }
}

impl<M: Math, const I: usize, const H: usize, const B: usize> Parts for Lstm<I, H, M, B>
where
    Self: Recurrent<State = LstmState<M::Scalar, H>>,
    M::Scalar: Into<f64>,
{
    const LAYERS: usize = 1;
    fn parts(state: &Self::State) -> Vec<Part> {
        vec![Part::new("h", &state.h), Part::new("c", &state.c)]
    }
}

impl<X, M: Math, const I: usize, const H: usize, const B: usize> Gates<X> for Lstm<I, H, M, B>
where
    Self: Parts + Cell<X> + Recurrent<State = LstmState<M::Scalar, H>>,
    Affine<M::Scalar, I, H, 4, B>: Reads<M::Scalar, X>,
    M::Scalar: Into<f64>,
{
    fn gates(&self, before: &Self::State, x: &X) -> Vec<Part> {
        let mut ifgo = [[M::Scalar::ZERO; H]; 4];
        elman::cell::Gated::forward(self, &mut ifgo, &mut before.clone(), x);
        let [i, f, _, o] = &ifgo;
        vec![Part::new("i", i), Part::new("f", f), Part::new("o", o)]
    }
}

/// Nothing of its own: it keeps nothing from step to step.
impl<M: Math, const V: usize, const E: usize> Parts for Embedding<V, E, M>
where
    Self: Recurrent,
{
    const LAYERS: usize = 0;
    fn parts(_: &Self::State) -> Vec<Part> {
        Vec::new()
    }
}

impl<X, M: Math, const V: usize, const E: usize> Gates<X> for Embedding<V, E, M> where Self: Parts + Cell<X> {}

/// Nothing of its own: it keeps nothing from step to step.
impl<M: Math, const I: usize, const E: usize> Parts for Projection<I, E, M>
where
    Self: Recurrent,
{
    const LAYERS: usize = 0;
    fn parts(_: &Self::State) -> Vec<Part> {
        Vec::new()
    }
}

impl<X, M: Math, const I: usize, const E: usize> Gates<X> for Projection<I, E, M> where Self: Parts + Cell<X> {}

impl<C: Parts> Parts for Frozen<'_, C> {
    const LAYERS: usize = C::LAYERS;
    fn parts(state: &C::State) -> Vec<Part> {
        C::parts(state)
    }
}

impl<X, C: Gates<X>> Gates<X> for Frozen<'_, C> {
    fn gates(&self, before: &C::State, x: &X) -> Vec<Part> {
        self.0.gates(before, x)
    }
}

impl<A: Parts, B: Parts> Parts for Stacked<A, B>
where
    Self: Recurrent<State = Pair<A::State, B::State>>,
{
    const LAYERS: usize = A::LAYERS + B::LAYERS;
    fn parts(state: &Self::State) -> Vec<Part> {
        let upper = B::parts(&state.upper).into_iter().map(|part| part.above(A::LAYERS));
        A::parts(&state.lower).into_iter().chain(upper).collect()
    }
}

impl<X, A: Gates<X>, B: Gates<A::Output>> Gates<X> for Stacked<A, B>
where
    Self: Parts + Cell<X> + Recurrent<State = Pair<A::State, B::State>>,
{
    fn gates(&self, before: &Self::State, x: &X) -> Vec<Part> {
        let mut lower = before.lower;
        self.lower.step(&mut lower, x);
        let upper = self.upper.gates(&before.upper, A::output(&lower)).into_iter().map(|part| part.above(A::LAYERS));
        self.lower.gates(&before.lower, x).into_iter().chain(upper).collect()
    }
}

/// The state that both share.
impl<E: Parts, D: TakesOver<E>> Parts for EncoderDecoder<E, D> {
    const LAYERS: usize = E::LAYERS;
    fn parts(state: &E::State) -> Vec<Part> {
        E::parts(state)
    }
}

/// The gates of the one whose step it is.
impl<E: Gates<X>, D: Gates<Y> + TakesOver<E>, X, Y> Gates<Side<X, Y>> for EncoderDecoder<E, D> {
    fn gates(&self, before: &E::State, x: &Side<X, Y>) -> Vec<Part> {
        match x {
            Side::Source(x) => self.encoder.gates(before, x),
            Side::Target(y) => self.decoder.gates(before, y),
        }
    }
}
