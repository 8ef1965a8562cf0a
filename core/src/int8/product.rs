use super::fixed::scaled;
use super::scale::{Scale, Scaling};
use crate::math::Zero;
use crate::present::number;
use crate::zero::require;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Most products that a sum of 32 bits holds: 127 · 32,767 · 516 < 2³¹.
pub(super) const LONGEST: usize = 516;

/// Weights from `N` inputs to `G` gates of `H` units: G·H·N multiply-adds.
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Product<const N: usize, const H: usize, const G: usize, S: Scaling> {
    /// Weights, `[gate][unit][input]`.
    pub w: [[[i8; N]; H]; G],
    /// Scales of each gate.
    pub scale: [S::Of<H>; G],
}

impl<const N: usize, const H: usize, const G: usize, S: Scaling> Zero for Product<N, H, G, S> {
    const ZERO: Self = {
        require(
            N <= LONGEST,
            "a sum of 32 bits holds at most 516 products of 8 and 16 bits: use fewer inputs or units",
        );
        Self { w: [[[0; N]; H]; G], scale: Zero::ZERO }
    };
    const INPUTS: usize = N;
    const OUTPUTS: usize = H;
}

impl<const N: usize, const H: usize, const G: usize, S: Scaling> Product<N, H, G, S> {
    /// Adds the scaled sums of all gates.
    pub(super) fn add(&self, arguments: &mut [[i32; H]; G], x: &[i16; N]) {
        for (gate, arguments) in arguments.iter_mut().enumerate() {
            self.add_gate(gate, arguments, x);
        }
    }

    /// Adds the scaled sums of one gate.
    pub(super) fn add_gate(&self, gate: usize, arguments: &mut [i32; H], x: &[i16; N]) {
        if let (Some(rows), Some(scales)) = (self.w.get(gate), self.scale.get(gate)) {
            let mut sums = [0; H];
            add_products(&mut sums, rows.as_flattened(), x);
            add_scaled(arguments, &sums, scales.as_ref());
        }
    }

    /// Adds the scaled sums of all gates for an input that is `x` at `index` and 0 elsewhere.
    pub(super) fn add_column(&self, arguments: &mut [[i32; H]; G], index: usize, x: i16) {
        for ((arguments, rows), scales) in arguments.iter_mut().zip(&self.w).zip(&self.scale) {
            let sums = rows.each_ref().map(|row| i32::from(number(row, index)) * i32::from(x));
            add_scaled(arguments, &sums, scales.as_ref());
        }
    }
}

/// `sums_u += Σ_i w_ui x_i`, the rows of `w` one after the other.
///
/// It is [`portable::add_products`](super::portable::add_products), or on Cortex-M4, M7 and M33 the same sums in assembly.
pub fn add_products(sums: &mut [i32], w: &[i8], x: &[i16]) {
    #[cfg(dsp)]
    crate::kernel::add_products_int8(sums, w, x);
    #[cfg(not(dsp))]
    super::portable::add_products(sums, w, x);
}

fn add_scaled(arguments: &mut [i32], sums: &[i32], scales: &[Scale]) {
    match scales {
        [scale] => {
            let multiplier = scale.multiplier();
            arguments.iter_mut().zip(sums).for_each(|(argument, &sum)| *argument += scaled(sum, multiplier));
        }
        _ => {
            for (unit, (argument, &sum)) in arguments.iter_mut().zip(sums).enumerate() {
                *argument += scaled(sum, number(scales, unit).multiplier());
            }
        }
    }
}
