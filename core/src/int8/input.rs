use super::fixed::saturate;
use super::product::Product;
use super::scale::Scaling;
use crate::input::Token;

/// Input of width `I` of a cell in integers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an input of {I} numbers of a cell in integers",
    label = "expected `[i16; {I}]`, `[f32; {I}]` or `Token<{I}>`"
)]
pub trait Input<const I: usize> {
    /// Adds the scaled products with the weights; a real number of the input is multiplied by `resolution`.
    fn add<const H: usize, const G: usize, S: Scaling>(
        &self,
        resolution: f32,
        product: &Product<I, H, G, S>,
        arguments: &mut [[i32; H]; G],
    );
    /// Returns `true` if no number is NaN or infinite.
    fn is_finite(&self) -> bool;
}

/// Numbers of which the cell's `resolution` is 1.0.
impl<const I: usize> Input<I> for [i16; I] {
    fn add<const H: usize, const G: usize, S: Scaling>(
        &self,
        _: f32,
        product: &Product<I, H, G, S>,
        arguments: &mut [[i32; H]; G],
    ) {
        product.add(arguments, self);
    }
    fn is_finite(&self) -> bool {
        true
    }
}

/// Real numbers, rounded to the nearest unit; those beyond 32,767 units are taken for as many.
impl<const I: usize> Input<I> for [f32; I] {
    fn add<const H: usize, const G: usize, S: Scaling>(
        &self,
        resolution: f32,
        product: &Product<I, H, G, S>,
        arguments: &mut [[i32; H]; G],
    ) {
        product.add(arguments, &self.map(|x| rounded(x * resolution)));
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
    fn add<const H: usize, const G: usize, S: Scaling>(
        &self,
        resolution: f32,
        product: &Product<V, H, G, S>,
        arguments: &mut [[i32; H]; G],
    ) {
        product.add_column(arguments, self.index(), rounded(resolution));
    }
    fn is_finite(&self) -> bool {
        true
    }
}
