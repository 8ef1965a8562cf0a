//! Visible parts of a layer: its state and its gates.

use elman::cell::{Rank, Recurrent};
use elman::{Elman, Embedding, EncoderDecoder, FastGrnn, Gru, Lstm, Math, Mgu, Projection};
use elman_trainer::Dropout;

/// Values of one part of a layer, one for each unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Index of the layer from 0, counting only layers that have a state.
    pub layer: usize,
    /// Direction of the cell, in a layer that reads both ways.
    pub direction: Option<Direction>,
    /// Name, such as `h`, `c` or `z`.
    pub name: &'static str,
    /// Value for each unit.
    pub values: Vec<f64>,
}

/// Direction in which a sequence is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the first step to the last.
    Forward,
    /// From the last step to the first.
    Backward,
}

impl Part {
    /// Creates a part of a layer.
    pub fn new<T: Copy + Into<f64>>(layer: usize, name: &'static str, values: &[T]) -> Self {
        Self { layer, direction: None, name, values: values.iter().map(|&x| x.into()).collect() }
    }

    /// Returns the part, moved up by `layers` layers.
    #[must_use]
    pub fn above(self, layers: usize) -> Self {
        Self { layer: self.layer + layers, ..self }
    }

    /// Returns the part, assigned to one direction of a layer.
    #[must_use]
    pub fn towards(self, direction: Direction) -> Self {
        Self { direction: Some(direction), ..self }
    }
}

/// Returns the parts of a cell's state, or of its gradient.
pub fn state<C: Recurrent<Scalar: Into<f64>>>(state: &C::State) -> Vec<Part> {
    let mut parts = Vec::new();
    C::look_at_state(state, &mut |layer, name, values| parts.push(Part::new(layer, name, values)));
    parts
}

/// Returns the gates of a cell after a step.
pub fn gates<C: Recurrent<Scalar: Into<f64>>>(record: &C::Record) -> Vec<Part> {
    let mut parts = Vec::new();
    C::look_at_gates(record, &mut |layer, name, values| parts.push(Part::new(layer, name, values)));
    parts
}

/// Cell that a report can observe step by step: every cell of the library, and your own cells if you add the line
/// `impl Watchable for MyCell {}`. Layers made of such cells can be observed too.
pub trait Watchable {}

impl<M: Math, A, const I: usize, const H: usize, const B: usize> Watchable for Elman<I, H, M, B, A> {}
impl<M: Math, F, A, const I: usize, const H: usize, const B: usize> Watchable for Gru<I, H, M, B, F, A> {}
impl<M: Math, const I: usize, const H: usize, const B: usize> Watchable for Lstm<I, H, M, B> {}
impl<M: Math, const I: usize, const H: usize, const B: usize> Watchable for Mgu<I, H, M, B> {}
impl<M: Math, W: Rank, U: Rank, const I: usize, const H: usize> Watchable for FastGrnn<I, H, M, W, U> {}
impl<M: Math, const V: usize, const E: usize> Watchable for Embedding<V, E, M> {}
impl<M: Math, const I: usize, const E: usize> Watchable for Projection<I, E, M> {}
impl<M: Math, const N: usize> Watchable for Dropout<N, M> {}
impl<E, D> Watchable for EncoderDecoder<E, D> {}
