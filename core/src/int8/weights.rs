use super::scale::Scaling;
use crate::math::Zero;
use crate::present::number;
use crate::tiles::BLOCK;
use crate::zero::require;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Largest number of products that a 32-bit sum holds, whatever the values are: 128 · 32,768 · 511 < 2³¹.
const LONGEST: usize = 511;

/// Weights from `N` inputs to `G` gates of `H` units, one byte each: G·H·N bytes and multiply-adds.
///
/// They are stored gate by gate, as [`add_products`] reads them: units in blocks of four, each block in tiles of
/// four inputs, unit by unit within a tile, then the remaining inputs of the block, input by input. Units left
/// over from the blocks follow one after the other. [`at`](Self::at) finds a weight by its indices.
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub struct Weights<const N: usize, const H: usize, const G: usize>([[[i8; N]; H]; G]);

impl<const N: usize, const H: usize, const G: usize> Zero for Weights<N, H, G> {
    const ZERO: Self = {
        require(
            N <= LONGEST,
            "a sum of 32 bits holds at most 511 products of 8 and 16 bits: use fewer inputs or units",
        );
        Self([[[0; N]; H]; G])
    };
    const INPUTS: usize = N;
    const OUTPUTS: usize = H;
}

/// Returns the index of a weight among those of a gate with `units` rows.
pub(super) const fn place(units: usize, inputs: usize, unit: usize, input: usize) -> usize {
    let (block, tiles) = (unit / BLOCK * BLOCK, inputs / BLOCK * BLOCK);
    let row = unit % BLOCK;
    block * inputs
        + if block + BLOCK > units {
            row * inputs + input
        } else if input < tiles {
            input / BLOCK * BLOCK * BLOCK + row * BLOCK + input % BLOCK
        } else {
            input * BLOCK + row
        }
}

/// The input, gate and unit of the weight at `index`, for as many of each.
pub(crate) fn place_of(index: usize, [inputs, _, units]: [usize; 3]) -> [usize; 3] {
    let gate = (inputs * units).max(1);
    let (gate, within) = (index / gate, index % gate);
    let mut all = (0..units).flat_map(|unit| (0..inputs).map(move |input| (unit, input)));
    let found = all.find(|&(unit, input)| place(units, inputs, unit, input) == within);
    found.map_or([0, gate, 0], |(unit, input)| [input, gate, unit])
}

impl<const N: usize, const H: usize, const G: usize> Weights<N, H, G> {
    /// Returns the weight of a gate's unit for an input; 0 if there is none.
    #[must_use]
    pub fn at(&self, gate: usize, unit: usize, input: usize) -> i8 {
        let there = unit < H && input < N;
        let weight = self.0.get(gate).and_then(|w| w.as_flattened().get(place(H, N, unit, input)));
        weight.copied().filter(|_| there).unwrap_or(0)
    }

    /// Sets the weight of a gate's unit for an input, if there is such a weight.
    pub fn set(&mut self, gate: usize, unit: usize, input: usize, weight: i8) {
        if unit < H
            && input < N
            && let Some(gate) = self.0.get_mut(gate)
            && let Some(place) = gate.as_flattened_mut().get_mut(place(H, N, unit, input))
        {
            *place = weight;
        }
    }

    /// The sums of all gates for as many inputs.
    #[inline(always)]
    pub(super) fn sums(&self, sums: &mut [[i32; H]; G], x: &[i16]) {
        add_products(sums.as_flattened_mut(), H, self.0.as_flattened().as_flattened(), x);
    }

    /// Adds the products of one gate to `sums`.
    pub(super) fn sums_of(&self, gate: usize, sums: &mut [i32; H], x: &[i16; N]) {
        if let Some(w) = self.0.get(gate) {
            add_products(sums, H, w.as_flattened(), x);
        }
    }

    /// Sets `sums` to the products of all gates for an input that is `x` at `index` and 0 elsewhere.
    pub(super) fn column(&self, sums: &mut [[i32; H]; G], index: usize, x: i16) {
        for (sums, w) in sums.iter_mut().zip(&self.0) {
            for (unit, sum) in sums.iter_mut().enumerate() {
                *sum = i32::from(number(w.as_flattened(), place(H, N, unit, index))) * i32::from(x);
            }
        }
    }
}

/// Scales of `G` gates.
pub type Scales<const H: usize, const G: usize, S> = [<S as Scaling>::Of<H>; G];

/// Computes `sums_u += Σ_i w_ui x_i`, for consecutive gates of `units` rows each; `w` is stored as in
/// [`Weights`].
///
/// Calls [`tiles::add_products`](crate::tiles::add_products) or, on Cortex-M4 and M7, computes the same sums in
/// assembly.
#[inline(always)]
pub fn add_products(sums: &mut [i32], units: usize, w: &[i8], x: &[i16]) {
    #[cfg(dsp)]
    crate::kernel::add_products_int8(sums, units, w, x);
    #[cfg(not(dsp))]
    crate::tiles::add_products(sums, units, w, x);
}
