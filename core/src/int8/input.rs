use super::fixed::saturate;
use super::weights::Weights;
use crate::input::Token;
use crate::zero::fit;

/// Input of width `I` of a cell in integers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an input of {I} numbers of a cell in integers",
    label = "expected `[i16; {I}]`, `[f32; {I}]` or `Token<{I}>`"
)]
pub trait Input<const I: usize> {
    /// The sums of products with the weights, where `sums` is 0; a real number of the input is multiplied by `resolution`.
    fn sums<const H: usize, const G: usize>(
        &self,
        resolution: f32,
        weights: &Weights<I, H, G>,
        sums: &mut [[i32; H]; G],
    );
    /// Returns `true` if no number is NaN or infinite.
    fn is_finite(&self) -> bool;
}

/// Numbers of which the cell's `resolution` is 1.0.
impl<const I: usize> Input<I> for [i16; I] {
    #[inline(always)]
    fn sums<const H: usize, const G: usize>(&self, _: f32, weights: &Weights<I, H, G>, sums: &mut [[i32; H]; G]) {
        weights.sums(sums, self);
    }
    fn is_finite(&self) -> bool {
        true
    }
}

/// Output of a concatenating [`Bidirectional`](crate::Bidirectional) layer.
impl<const H: usize, const I: usize> Input<I> for [[i16; H]; 2] {
    fn sums<const N: usize, const G: usize>(&self, _: f32, weights: &Weights<I, N, G>, sums: &mut [[i32; N]; G]) {
        const { fit(2 * H, I) }
        weights.sums(sums, self.as_flattened());
    }
    fn is_finite(&self) -> bool {
        true
    }
}

/// Real numbers, rounded to the nearest unit; those beyond 32,767 units are taken for as many.
impl<const I: usize> Input<I> for [f32; I] {
    fn sums<const H: usize, const G: usize>(
        &self,
        resolution: f32,
        weights: &Weights<I, H, G>,
        sums: &mut [[i32; H]; G],
    ) {
        weights.sums(sums, &self.map(|x| rounded(x * resolution)));
    }
    fn is_finite(&self) -> bool {
        self.iter().all(|x| x.is_finite())
    }
}

/// The nearest number of 16 bits; halves away from 0. NaN gives 0.
pub(super) fn rounded(x: f32) -> i16 {
    saturate((x + if x < 0.0 { -0.5 } else { 0.5 }) as i32)
}

/// A one-hot vector.
impl<const V: usize> Input<V> for Token<V> {
    fn sums<const H: usize, const G: usize>(
        &self,
        resolution: f32,
        weights: &Weights<V, H, G>,
        sums: &mut [[i32; H]; G],
    ) {
        weights.column(sums, self.index(), rounded(resolution));
    }
    fn is_finite(&self) -> bool {
        true
    }
}
