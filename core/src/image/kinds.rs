//! Kinds that an image can name, with sizes and parts in the order of the text. `docs/image-format.md` lists the
//! tensors of each.

use super::{Architecture, Text};
use crate::cell::{
    Elman, Embedding, EncoderDecoder, Gru, Lstm, Projection, Relu, ResetAfter, ResetBefore, Sigmoid, Tanh,
};
use crate::dense::Dense;
use crate::layer::{Add, Bidirectional, Concat, Multiply};
use crate::math::{Math, Scalar};
use crate::network::Network;
use crate::stacked::Stacked;

impl Architecture for f32 {
    const ARCHITECTURE: Text = Text::new("f32");
}

impl Architecture for f64 {
    const ARCHITECTURE: Text = Text::new("f64");
}

impl Architecture for Tanh {
    const ARCHITECTURE: Text = Text::new("tanh");
}

impl Architecture for Relu {
    const ARCHITECTURE: Text = Text::new("relu");
}

impl Architecture for Sigmoid {
    const ARCHITECTURE: Text = Text::new("sigmoid");
}

impl Architecture for ResetAfter {
    const ARCHITECTURE: Text = Text::new("reset_after");
}

impl Architecture for ResetBefore {
    const ARCHITECTURE: Text = Text::new("reset_before");
}

impl Architecture for Concat {
    const ARCHITECTURE: Text = Text::new("concat");
}

impl Architecture for Add {
    const ARCHITECTURE: Text = Text::new("add");
}

impl Architecture for Multiply {
    const ARCHITECTURE: Text = Text::new("multiply");
}

impl<const I: usize, const H: usize, M: Math, const B: usize, A: Architecture> Architecture for Elman<I, H, M, B, A> {
    const ARCHITECTURE: Text = Text::of("elman", &[I, H, B], &[A::ARCHITECTURE]);
}

impl<const I: usize, const H: usize, M: Math, const B: usize, F, A> Architecture for Gru<I, H, M, B, F, A>
where
    F: Architecture,
    A: Architecture,
{
    const ARCHITECTURE: Text = Text::of("gru", &[I, H, B], &[Text::new("rzn"), F::ARCHITECTURE, A::ARCHITECTURE]);
}

impl<const I: usize, const H: usize, M: Math, const B: usize> Architecture for Lstm<I, H, M, B> {
    const ARCHITECTURE: Text = Text::of("lstm", &[I, H, B], &[Text::new("ifgo")]);
}

impl<const V: usize, const E: usize, M: Math> Architecture for Embedding<V, E, M> {
    const ARCHITECTURE: Text = Text::of("embedding", &[V, E], &[]);
}

impl<const I: usize, const E: usize, M: Math> Architecture for Projection<I, E, M> {
    const ARCHITECTURE: Text = Text::of("projection", &[I, E], &[]);
}

impl<const H: usize, const K: usize, T: Scalar> Architecture for Dense<H, K, T> {
    const ARCHITECTURE: Text = Text::of("dense", &[H, K], &[]);
}

impl<A: Architecture, B: Architecture> Architecture for Stacked<A, B> {
    const ARCHITECTURE: Text = Text::stacked(&A::ARCHITECTURE, &B::ARCHITECTURE);
}

impl<E: Architecture, D: Architecture> Architecture for EncoderDecoder<E, D> {
    const ARCHITECTURE: Text = Text::of("encoder_decoder", &[], &[E::ARCHITECTURE, D::ARCHITECTURE]);
}

impl<F: Architecture, B: Architecture, J: Architecture> Architecture for Bidirectional<F, B, J> {
    const ARCHITECTURE: Text = Text::of("bidirectional", &[], &[F::ARCHITECTURE, B::ARCHITECTURE, J::ARCHITECTURE]);
}

impl<C: Architecture, R: Architecture> Architecture for Network<C, R> {
    const ARCHITECTURE: Text = Text::of("network", &[], &[C::ARCHITECTURE, R::ARCHITECTURE]);
}
