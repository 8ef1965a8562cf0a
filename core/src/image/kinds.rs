//! Kinds of parts that an image can name, with sizes and parts in the order of the text. `docs/image-format.md`
//! lists the tensors of each kind.

use super::{Architecture, Numbers, Stored, Text, parameter_bytes, stored_parameters};
use crate::cell::{Activation, Elman, Embedding, EncoderDecoder, Form, Gru, Lstm, Projection};
use crate::dense::Dense;
use crate::layer::{Bidirectional, Join};
use crate::math::{Math, Scalar};
use crate::network::Network;
use crate::parameters::Path;
use crate::part::Part;
use crate::stacked::Stacked;
use zerocopy::{FromBytes, Immutable, KnownLayout};

impl<const I: usize, const H: usize, M: Math, const B: usize, A: Activation> Architecture for Elman<I, H, M, B, A> {
    type Real = M::Scalar;
    const ARCHITECTURE: Text = Text::of("elman", &[I, H, B], &[Text::new(A::WORD)]);
    const WEIGHTS: usize = parameter_bytes::<Self>();
    fn stored(&self, path: Path<'_>, look: &mut dyn FnMut(Stored<'_>)) {
        stored_parameters(self, path, look);
    }
}

impl<const I: usize, const H: usize, M: Math, const B: usize, F: Form, A: Activation> Architecture
    for Gru<I, H, M, B, F, A>
{
    type Real = M::Scalar;
    const ARCHITECTURE: Text = Text::of("gru", &[I, H, B], &[Text::new("rzn"), Text::new(F::WORD), Text::new(A::WORD)]);
    const WEIGHTS: usize = parameter_bytes::<Self>();
    fn stored(&self, path: Path<'_>, look: &mut dyn FnMut(Stored<'_>)) {
        stored_parameters(self, path, look);
    }
}

impl<const I: usize, const H: usize, M: Math, const B: usize> Architecture for Lstm<I, H, M, B> {
    type Real = M::Scalar;
    const ARCHITECTURE: Text = Text::of("lstm", &[I, H, B], &[Text::new("ifgo")]);
    const WEIGHTS: usize = parameter_bytes::<Self>();
    fn stored(&self, path: Path<'_>, look: &mut dyn FnMut(Stored<'_>)) {
        stored_parameters(self, path, look);
    }
}

impl<const V: usize, const E: usize, M: Math> Architecture for Embedding<V, E, M> {
    type Real = M::Scalar;
    const ARCHITECTURE: Text = Text::of("embedding", &[V, E], &[]);
    const WEIGHTS: usize = parameter_bytes::<Self>();
    fn stored(&self, path: Path<'_>, look: &mut dyn FnMut(Stored<'_>)) {
        stored_parameters(self, path, look);
    }
}

impl<const I: usize, const E: usize, M: Math> Architecture for Projection<I, E, M> {
    type Real = M::Scalar;
    const ARCHITECTURE: Text = Text::of("projection", &[I, E], &[]);
    const WEIGHTS: usize = parameter_bytes::<Self>();
    fn stored(&self, path: Path<'_>, look: &mut dyn FnMut(Stored<'_>)) {
        stored_parameters(self, path, look);
    }
}

impl<const H: usize, const K: usize, T: Scalar> Architecture for Dense<H, K, T> {
    type Real = T;
    const ARCHITECTURE: Text = Text::of("dense", &[H, K], &[]);
    const WEIGHTS: usize = parameter_bytes::<Self>();
    fn stored(&self, path: Path<'_>, look: &mut dyn FnMut(Stored<'_>)) {
        stored_parameters(self, path, look);
    }
}

impl<A: Architecture, B: Architecture<Real = A::Real>> Architecture for Stacked<A, B> {
    type Real = A::Real;
    const ARCHITECTURE: Text = Text::stacked(&A::ARCHITECTURE, &B::ARCHITECTURE);
    const NUMBERS: Numbers = A::NUMBERS.both(B::NUMBERS);
    const WEIGHTS: usize = A::WEIGHTS + B::WEIGHTS;
    fn stored(&self, path: Path<'_>, look: &mut dyn FnMut(Stored<'_>)) {
        self.lower.stored(path.at("lower"), look);
        self.upper.stored(path.at("upper"), look);
    }
}

impl<E: Architecture, D: Architecture<Real = E::Real>> Architecture for EncoderDecoder<E, D> {
    type Real = E::Real;
    const ARCHITECTURE: Text = Text::of("encoder_decoder", &[], &[E::ARCHITECTURE, D::ARCHITECTURE]);
    const NUMBERS: Numbers = E::NUMBERS.both(D::NUMBERS);
    const WEIGHTS: usize = E::WEIGHTS + D::WEIGHTS;
    fn stored(&self, path: Path<'_>, look: &mut dyn FnMut(Stored<'_>)) {
        self.encoder.stored(path.at("encoder"), look);
        self.decoder.stored(path.at("decoder"), look);
    }
}

impl<F, B, J> Architecture for Bidirectional<F, B, J>
where
    F: Part + Architecture,
    B: Architecture<Real = F::Real>,
    J: Join<F::Output> + FromBytes + KnownLayout + Immutable,
{
    type Real = F::Real;
    const ARCHITECTURE: Text = Text::of("bidirectional", &[], &[F::ARCHITECTURE, B::ARCHITECTURE, Text::new(J::WORD)]);
    const NUMBERS: Numbers = F::NUMBERS.both(B::NUMBERS);
    const WEIGHTS: usize = F::WEIGHTS + B::WEIGHTS;
    fn stored(&self, path: Path<'_>, look: &mut dyn FnMut(Stored<'_>)) {
        self.forward.stored(path.at("forward"), look);
        self.backward.stored(path.at("backward"), look);
    }
}

impl<C: Architecture, R: Architecture<Real = C::Real>> Architecture for Network<C, R> {
    type Real = C::Real;
    const ARCHITECTURE: Text = Text::of("network", &[], &[C::ARCHITECTURE, R::ARCHITECTURE]);
    const NUMBERS: Numbers = C::NUMBERS.both(R::NUMBERS);
    const WEIGHTS: usize = C::WEIGHTS + R::WEIGHTS;
    fn stored(&self, path: Path<'_>, look: &mut dyn FnMut(Stored<'_>)) {
        self.cell.stored(path.at("cell"), look);
        self.readout.stored(path.at("readout"), look);
    }
}
