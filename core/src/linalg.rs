//! Inner loops of the forward and the backward pass.
//!
//! The order of every sum is part of the contract, because another order would give other bits:
//!
//! * forward ([`add_rows`]): each output adds its products in the order of the inputs, whatever the vector width;
//! * dot products and sums over a vector ([`dot`], [`Lanes`]): element i goes to lane i mod 8, and the eight
//!   lanes are joined by one fixed tree;
//! * sums over time ([`add_scaled`]): starting with the accumulator's current value, in the order of the steps
//!   (t falling).
//!
//! Each product is rounded, then added and rounded again: never a fused multiply-add. Only the sums of
//! [`Fixed`](crate::math::Fixed) are exact and rounded once, so that their order does not matter. Matrices are flat: row i
//! of a matrix with `width` columns is `rows[i * width..][..width]`; if these are some columns of a wider matrix, it is
//! `rows[i * stride..][..width]`. Rows that `rows` does not hold in full are ignored; they are not an error.
//!
//! The loops are those of [`portable`], unless the [`Scalar`] has faster ones with the same bits. `f32` has such loops
//! in assembly on Cortex-M with a floating-point unit, except if the unit has vector instructions, which the compiler
//! uses for the portable loops. An iteration of [`add_rows`] takes 2 inputs and 16 outputs, which stay in registers
//! over all inputs; one of [`add_products`] takes 8 inputs and 2 outputs, one of [`add_scaled`] a step and 16 weights.
//! `docs/benchmarks.md`, which `cargo xtask bench` writes, has the costs of whole steps and updates.

use crate::zero::Zero;
use core::cmp::Ordering;
use core::fmt::Debug;
use core::ops::{AddAssign, Neg};
use num_traits::{NumAssignOps, NumOps};
use zerocopy::{FromBytes, FromZeros, Immutable, IntoBytes, KnownLayout};

pub mod portable;

/// Number type: operations of `num_traits`, constants, the inner loops, and a byte form for images.
///
/// `num_traits::Float` is not required: [`Fixed`](crate::math::Fixed) cannot implement it, and its functions call the
/// host's C library as soon as any crate in the build enables `std`, so that host and device would differ.
pub trait Scalar:
    'static
    + Copy
    + Debug
    + Default
    + PartialOrd
    + NumOps
    + NumAssignOps
    + Neg<Output = Self>
    + Zero
    + FromBytes
    + IntoBytes
    + KnownLayout
    + Immutable
{
    /// Its word in the description of a network.
    const WORD: &'static str;
    /// One.
    const ONE: Self;
    /// Largest finite value.
    const MAX: Self;
    /// Factor on a gradient before it is squared, for its norm: below 1 where squares would soon be out of the range.
    const SHRINK: Self = Self::ONE;
    /// Set if [`MAX`](Self::MAX) plus a number of ordinary size is `MAX` again, as it is by rounding in floats. Otherwise the
    /// trainer looks at the weights before each update, since a change of any size could carry one out of the range.
    const ABSORBS: bool = true;
    /// Returns the nearest value of this type.
    fn from_f32(value: f32) -> Self;
    /// Returns the nearest value of this type, for constants such as 10⁻⁶ that `f32` cannot represent exactly.
    fn from_f64(value: f64) -> Self;
    /// Returns the nearest `f32`, for reports.
    fn to_f32(self) -> f32;
    /// Returns `true` if the value is neither NaN nor infinite.
    fn is_finite(self) -> bool;
    /// Returns |self|; NaN stays NaN.
    fn abs(self) -> Self {
        if self < Self::ZERO { -self } else { self }
    }
    /// Returns the largest |x|: NaN if an element is NaN, zero if there are no elements.
    fn largest(x: &[Self]) -> Self {
        x.iter().fold(Self::ZERO, |most, x| larger(most, x.abs()))
    }
    /// Implements [`linalg::add_rows_strided`](crate::linalg::add_rows_strided). An override must give the same bits, unless
    /// its sums are exact until they are rounded once.
    fn add_rows(y: &mut [Self], rows: &[Self], stride: usize, x: &[Self]) {
        portable::add_rows(y, rows, stride, x);
    }
    /// Implements [`linalg::add_products_strided`](crate::linalg::add_products_strided). An override has the conditions of
    /// [`add_rows`](Self::add_rows).
    fn add_products(y: &mut [Self], rows: &[Self], stride: usize, x: &[Self]) {
        portable::add_products(y, rows, stride, x);
    }
    /// Implements [`linalg::add_scaled`](crate::linalg::add_scaled). An override has the conditions of
    /// [`add_rows`](Self::add_rows).
    fn add_scaled<'a>(row: &mut [Self], steps: impl Iterator<Item = (Self, &'a [Self])> + Clone) {
        portable::add_scaled(row, steps);
    }
}

/// Returns `true` if no number is NaN or infinite.
pub(crate) fn finite<T: Scalar>(x: &[T]) -> bool {
    T::largest(x).is_finite()
}

/// Returns the larger of two magnitudes; NaN if either is NaN.
pub(crate) fn larger<T: Scalar>(a: T, b: T) -> T {
    match a.partial_cmp(&b) {
        Some(Ordering::Less) => b,
        Some(_) => a,
        // NaN plus anything is NaN.
        None => a + b,
    }
}

/// Computes `y += a · x`.
pub fn axpy<T: Scalar>(y: &mut [T], a: T, x: &[T]) {
    for (y, &x) in y.iter_mut().zip(x) {
        *y += a * x;
    }
}

/// Computes `y += x`.
pub fn add<T: Copy + AddAssign>(y: &mut [T], x: &[T]) {
    for (y, &x) in y.iter_mut().zip(x) {
        *y += x;
    }
}

/// Computes `y += Σ_i x_i · row_i`, the product of the forward pass: `x.len() · y.len()` multiply-adds.
pub fn add_rows<T: Scalar>(y: &mut [T], rows: &[T], x: &[T]) {
    add_rows_strided(y, rows, y.len(), x);
}

/// Computes [`add_rows`] with some columns of a wider matrix: row i begins at `rows[i * stride]`.
pub fn add_rows_strided<T: Scalar>(y: &mut [T], rows: &[T], stride: usize, x: &[T]) {
    if stride > 0 {
        T::add_rows(y, rows, stride, x);
    }
}

/// Computes `y_i += row_i · x`, the product with the transposed matrix: `y.len() · x.len()` multiply-adds.
pub fn add_products<T: Scalar>(y: &mut [T], rows: &[T], x: &[T]) {
    add_products_strided(y, rows, x.len(), x);
}

/// Computes [`add_products`] with some columns of a wider matrix: row i begins at `rows[i * stride]`.
pub fn add_products_strided<T: Scalar>(y: &mut [T], rows: &[T], stride: usize, x: &[T]) {
    if !x.is_empty() {
        T::add_products(y, rows, stride, x);
    }
}

/// Computes `row += Σ_t a_t · x_t`, one row of a weight gradient, with each weight in a register over all steps. Each
/// x_t must be as long as `row`.
pub fn add_scaled<'a, T: Scalar>(row: &mut [T], steps: impl Iterator<Item = (T, &'a [T])> + Clone) {
    T::add_scaled(row, steps);
}

/// Returns `x · y`, summed in eight lanes.
pub fn dot<T: Scalar>(x: &[T], y: &[T]) -> T {
    let mut lanes = Lanes::ZERO;
    lanes.add_products(x, y);
    lanes.total()
}

/// Running sum in eight lanes: element i of each added slice goes to lane i mod 8.
#[derive(Clone, Copy, Debug, PartialEq, FromZeros)]
pub struct Lanes<T>([T; 8]);

impl<T: Scalar> Zero for Lanes<T> {
    const ZERO: Self = Self([T::ZERO; 8]);
}

impl<T: Scalar> Lanes<T> {
    /// Sum of no elements.
    pub const ZERO: Self = <Self as Zero>::ZERO;

    /// Adds `x_i · y_i` for each i of the shorter slice.
    pub fn add_products(&mut self, x: &[T], y: &[T]) {
        let (xs, x_tail) = x.as_chunks::<8>();
        let (ys, y_tail) = y.as_chunks::<8>();
        for (x, y) in xs.iter().zip(ys) {
            for (lane, (&x, &y)) in self.0.iter_mut().zip(x.iter().zip(y)) {
                *lane += x * y;
            }
        }
        for (lane, (&x, &y)) in self.0.iter_mut().zip(x_tail.iter().zip(y_tail)) {
            *lane += x * y;
        }
    }

    /// Adds `x_i · y_i` like [`add_products`](Self::add_products), with the first product in lane `position` mod 8: `x`
    /// and `y` are parts of longer vectors, from element `position` on.
    pub fn add_products_from(&mut self, position: usize, x: &[T], y: &[T]) {
        let lane = position % 8;
        let head = (8 - lane) % 8;
        let (x_head, x) = x.split_at(head.min(x.len()));
        let (y_head, y) = y.split_at(head.min(y.len()));
        for (lane, (&x, &y)) in self.0.iter_mut().skip(lane).zip(x_head.iter().zip(y_head)) {
            *lane += x * y;
        }
        self.add_products(x, y);
    }

    /// Adds all elements of `x`.
    pub fn add(&mut self, x: &[T]) {
        let (chunks, tail) = x.as_chunks::<8>();
        for chunk in chunks {
            add(&mut self.0, chunk);
        }
        add(&mut self.0, tail);
    }

    /// Returns the sum of all lanes: ((0+4)+(2+6)) + ((1+5)+(3+7)).
    #[must_use]
    pub fn total(&self) -> T {
        let [a, b, c, d, e, f, g, h] = self.0;
        ((a + e) + (c + g)) + ((b + f) + (d + h))
    }
}
