//! Networks in integers as an image holds them.

use super::affine::Affine;
use super::matrix::{Factors, Matrix};
use super::scale::{Scale, Scaling};
use super::weights::{Scales, Weights};
use super::{Dense, Elman, Embedding, FastGrnn, Gru, Lstm, Mgu, Projection};
use crate::architecture::{Architecture, Content, Numbers, Stored, Text};
use crate::cell::{Activation, Form, Rank};
use crate::parameters::Path;
use zerocopy::IntoBytes;
use zerocopy::little_endian::{F32, I16};

/// Function to call on each tensor.
pub(super) type Look<'f> = dyn FnMut(Stored<'_>) + 'f;

impl<const N: usize, const H: usize, const G: usize> Weights<N, H, G> {
    pub(super) fn stored(&self, path: Path<'_>, look: &mut Look<'_>) {
        look(Stored { path, shape: [N, G, H], content: Content::Weights, bytes: self.as_bytes() });
    }
}

/// Scales of some gates.
pub(super) fn scales<const H: usize, const G: usize, S: Scaling>(
    scales: &Scales<H, G, S>,
    path: Path<'_>,
    look: &mut Look<'_>,
) {
    let each = size_of::<S::Of<H>>() / size_of::<Scale>();
    look(Stored { path, shape: [1, G, each], content: Content::Scales, bytes: scales.as_bytes() });
}

/// Vectors of biases, or of what `content` says.
pub(super) fn biases<const H: usize>(b: &[[I16; H]], path: Path<'_>, content: Content, look: &mut Look<'_>) {
    look(Stored { path, shape: [b.len(), 1, H], content, bytes: b.as_bytes() });
}

/// Units of an input that are 1.0.
pub(super) fn resolution(resolution: &F32, path: Path<'_>, look: &mut Look<'_>) {
    look(Stored { path, shape: [1; 3], content: Content::Resolution, bytes: resolution.as_bytes() });
}

impl<const I: usize, const H: usize, const G: usize, const B: usize, S: Scaling> Affine<I, H, G, B, S> {
    /// All tensors; the cell reads the first `read` vectors of biases.
    pub(super) fn stored(&self, read: usize, path: &Path<'_>, look: &mut Look<'_>) {
        self.w_ih.stored(path.at("w_ih"), look);
        self.w_hh.stored(path.at("w_hh"), look);
        scales::<H, G, S>(&self.scale_ih, path.at("scale_ih"), look);
        scales::<H, G, S>(&self.scale_hh, path.at("scale_hh"), look);
        let (b, unread) = self.b.split_at_checked(read).unwrap_or((&self.b, &[]));
        biases(b, path.at("b"), Content::Biases, look);
        if !unread.is_empty() {
            biases(unread, path.at("b"), Content::Unread, look);
        }
        resolution(&self.resolution, path.at("resolution"), look);
    }
}

impl<const N: usize, const H: usize, S: Scaling> Matrix<N, H, S> {
    pub(crate) fn stored(&self, path: Path<'_>, look: &mut Look<'_>) {
        self.w.stored(path, look);
        scales::<H, 1, S>(&self.scale, path.at("scale"), look);
    }
}

impl<const I: usize, const R: usize, const H: usize, S: Scaling> Factors<I, R, H, S> {
    pub(crate) fn stored(&self, path: Path<'_>, look: &mut Look<'_>) {
        self.down.stored(path.at("down"), look);
        self.up.stored(path.at("up"), look);
    }
}

impl<const I: usize, const H: usize, S: Scaling, A: Activation> Architecture for Elman<I, H, S, A> {
    type Real = f32;
    const ARCHITECTURE: Text = Text::of("elman", &[I, H], &[Text::new(A::WORD), Text::new(S::WORD)]);
    const NUMBERS: Numbers = Numbers::Int8;
    const WEIGHTS: usize = size_of::<Self>();
    fn stored(&self, path: Path<'_>, look: &mut Look<'_>) {
        self.affine.stored(1, &path, look);
    }
}

impl<const I: usize, const H: usize, S: Scaling, F: Form> Architecture for Gru<I, H, S, F> {
    type Real = f32;
    const ARCHITECTURE: Text = Text::of("gru", &[I, H], &[Text::new("rzn"), Text::new(F::WORD), Text::new(S::WORD)]);
    const NUMBERS: Numbers = Numbers::Int8;
    const WEIGHTS: usize = size_of::<Self>();
    fn stored(&self, path: Path<'_>, look: &mut Look<'_>) {
        // Reset before the product: b_hn has no place in the equations.
        self.affine.stored(2 + F::BIASES, &path, look);
    }
}

impl<const I: usize, const H: usize, S: Scaling> Architecture for Lstm<I, H, S> {
    type Real = f32;
    const ARCHITECTURE: Text = Text::of("lstm", &[I, H], &[Text::new("ifgo"), Text::new(S::WORD)]);
    const NUMBERS: Numbers = Numbers::Int8;
    const WEIGHTS: usize = size_of::<Self>();
    fn stored(&self, path: Path<'_>, look: &mut Look<'_>) {
        self.affine.stored(4, &path, look);
    }
}

impl<const I: usize, const H: usize, S: Scaling> Architecture for Mgu<I, H, S> {
    type Real = f32;
    const ARCHITECTURE: Text = Text::of("mgu", &[I, H], &[Text::new("fn"), Text::new(S::WORD)]);
    const NUMBERS: Numbers = Numbers::Int8;
    const WEIGHTS: usize = size_of::<Self>();
    fn stored(&self, path: Path<'_>, look: &mut Look<'_>) {
        self.affine.stored(2, &path, look);
    }
}

impl<const I: usize, const H: usize, S: Scaling, W: Rank, U: Rank> Architecture for FastGrnn<I, H, S, W, U> {
    type Real = f32;
    const ARCHITECTURE: Text = Text::of("fastgrnn", &[I, H], &[Text::new("zn"), W::TEXT, U::TEXT, Text::new(S::WORD)]);
    const NUMBERS: Numbers = Numbers::Int8;
    const WEIGHTS: usize = size_of::<Self>();
    fn stored(&self, path: Path<'_>, look: &mut Look<'_>) {
        W::stored(&self.w_ih, path.at("w_ih"), look);
        U::stored(&self.w_hh, path.at("w_hh"), look);
        biases(&self.b, path.at("b"), Content::Biases, look);
        for (name, gain) in [("zeta", &self.zeta), ("nu", &self.nu)] {
            look(Stored { path: path.at(name), shape: [1; 3], content: Content::Gain, bytes: gain.as_bytes() });
        }
        resolution(&self.resolution, path.at("resolution"), look);
    }
}

impl<const V: usize, const E: usize, S: Scaling> Architecture for Embedding<V, E, S> {
    type Real = f32;
    const ARCHITECTURE: Text = Text::of("embedding", &[V, E], &[Text::new(S::WORD)]);
    const NUMBERS: Numbers = Numbers::Int8;
    const WEIGHTS: usize = size_of::<Self>();
    fn stored(&self, path: Path<'_>, look: &mut Look<'_>) {
        let bytes = self.table.as_bytes();
        look(Stored { path: path.at("table"), shape: [V, 1, E], content: Content::Table, bytes });
        scales::<E, 1, S>(&self.scale, path.at("scale"), look);
    }
}

impl<const I: usize, const E: usize, S: Scaling> Architecture for Projection<I, E, S> {
    type Real = f32;
    const ARCHITECTURE: Text = Text::of("projection", &[I, E], &[Text::new(S::WORD)]);
    const NUMBERS: Numbers = Numbers::Int8;
    const WEIGHTS: usize = size_of::<Self>();
    fn stored(&self, path: Path<'_>, look: &mut Look<'_>) {
        self.linear.stored(path.at("w"), look);
        biases(&[self.b], path.at("b"), Content::Biases, look);
        resolution(&self.resolution, path.at("resolution"), look);
    }
}

impl<const H: usize, const K: usize, S: Scaling> Architecture for Dense<H, K, S> {
    type Real = f32;
    const ARCHITECTURE: Text = Text::of("dense", &[H, K], &[Text::new(S::WORD)]);
    const NUMBERS: Numbers = Numbers::Int8;
    const WEIGHTS: usize = size_of::<Self>();
    fn stored(&self, path: Path<'_>, look: &mut Look<'_>) {
        self.w.stored(path.at("w"), look);
        scales::<K, 1, S>(&self.scale, path.at("scale"), look);
        biases(&[self.b], path.at("b"), Content::Biases, look);
        let one = |name, content, bytes| Stored { path: path.at(name), shape: [1; 3], content, bytes };
        look(one("bias_shift", Content::Shift, self.bias_shift.as_bytes()));
        look(one("exponent", Content::Exponent, self.exponent.as_bytes()));
    }
}
