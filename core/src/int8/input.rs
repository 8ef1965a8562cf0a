use super::fixed::saturate;
use super::weights::Weights;
use crate::input::Token;
use crate::zero::fit;

/// Input of a cell in integers, of width `I`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an input of {I} numbers of a cell in integers",
    label = "expected `[i16; {I}]`, `[f32; {I}]` or `Token<{I}>`"
)]
pub trait Input<const I: usize> {
    /// Computes the sums of products with the weights in `sums`, which must be 0 before the call. Real inputs are
    /// multiplied by `resolution`.
    fn sums<const H: usize, const G: usize>(
        &self,
        resolution: f32,
        weights: &Weights<I, H, G>,
        sums: &mut [[i32; H]; G],
    );
    /// Returns `true` if no number is NaN or infinite.
    fn is_finite(&self) -> bool;
}

/// Integers in units of 1 / `resolution` of the cell.
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

/// Real numbers, rounded to the nearest unit and clamped to ±32,767 units.
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

/// Returns the nearest 16-bit number, with halves rounded away from 0. NaN gives 0.
pub(super) fn rounded(x: f32) -> i16 {
    saturate((x + if x < 0.0 { -0.5 } else { 0.5 }) as i32)
}

/// One-hot vector.
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
