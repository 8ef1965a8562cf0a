use super::affine::scale;
use super::fixed::{saturate, scaled};
use super::input::Input;
use super::scale::Scaling;
use super::weights::{Scales, Weights};
use crate::math::Zero;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// A matrix in integers, from `N` inputs to `H` outputs, scales by `S`: H·N bytes of weights and multiply-adds, 2 or 2·H bytes of
/// scales.
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Matrix<const N: usize, const H: usize, S: Scaling> {
    /// Weights.
    pub w: Weights<N, H, 1>,
    /// Scales.
    pub scale: Scales<H, 1, S>,
}

impl<const N: usize, const H: usize, S: Scaling> Zero for Matrix<N, H, S> {
    const ZERO: Self = Self { w: Zero::ZERO, scale: Zero::ZERO };
    const INPUTS: usize = N;
    const OUTPUTS: usize = H;
}

impl<const N: usize, const H: usize, S: Scaling> Matrix<N, H, S> {
    /// The product with an input, a real number of which is multiplied by `resolution`.
    pub(crate) fn product(&self, resolution: f32, x: &impl Input<N>) -> [i32; H] {
        let mut sums = [[0; H]];
        x.sums(resolution, &self.w, &mut sums);
        let [mut products] = sums;
        for (unit, product) in products.iter_mut().enumerate() {
            *product = scaled(*product, scale::<H, S>(&self.scale, 0, unit));
        }
        products
    }
}

/// A product of two matrices in integers, from `I` inputs to `H` outputs by way of `R` numbers of 16 bits, scales by `S`.
///
/// R·(I + H) bytes of weights and multiply-adds, 4 or 2·(R + H) bytes of scales. One unit of a number between is that of the
/// calibration, and larger ones are taken for the largest.
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Factors<const I: usize, const R: usize, const H: usize, S: Scaling> {
    /// Matrix from the inputs.
    pub down: Matrix<I, R, S>,
    /// Matrix to the outputs.
    pub up: Matrix<R, H, S>,
}

impl<const I: usize, const R: usize, const H: usize, S: Scaling> Zero for Factors<I, R, H, S> {
    const ZERO: Self = {
        assert!(R > 0, "a low-rank product has at least rank 1");
        Self { down: Zero::ZERO, up: Zero::ZERO }
    };
    const INPUTS: usize = I;
    const OUTPUTS: usize = H;
}

impl<const I: usize, const R: usize, const H: usize, S: Scaling> Factors<I, R, H, S> {
    /// The product with an input, a real number of which is multiplied by `resolution`.
    pub(crate) fn product(&self, resolution: f32, x: &impl Input<I>) -> [i32; H] {
        self.up.product(1.0, &self.down.product(resolution, x).map(saturate))
    }
}
