//! Inner loops in safe Rust for every number type and processor, which all other loops must match bit for bit.
//!
//! Outputs are processed in blocks that stay in registers over all inputs.

use super::{Scalar, axpy, dot};
use crate::present::{part, present};

/// Number of outputs held in registers at a time.
const BLOCK: usize = 16;
/// Number of outputs in a small block, after the last whole block.
const SMALL: usize = 4;

/// Returns the elements of `rows` from `start` on, or an empty slice if there are none.
pub(crate) fn from<T>(rows: &[T], start: usize) -> &[T] {
    rows.get(start..).unwrap_or(&[])
}

/// Implements [`add_rows_strided`](super::add_rows_strided).
pub fn add_rows<T: Scalar>(y: &mut [T], rows: &[T], stride: usize, x: &[T]) {
    let (y, rows) = add_blocks::<BLOCK, T>(y, rows, stride, x);
    let (y, rows) = add_blocks::<SMALL, T>(y, rows, stride, x);
    if !y.is_empty() {
        let mut rows = rows;
        for &x in x {
            axpy(y, x, rows);
            rows = from(rows, stride);
        }
    }
}

/// Processes all whole blocks of `N` outputs, and returns the remaining outputs and the rows from their columns on.
fn add_blocks<'y, 'r, const N: usize, T: Scalar>(
    y: &'y mut [T],
    mut rows: &'r [T],
    stride: usize,
    x: &[T],
) -> (&'y mut [T], &'r [T]) {
    let (blocks, rest) = y.as_chunks_mut::<N>();
    for block in blocks {
        add_block(block, rows, stride, x);
        rows = from(rows, N);
    }
    (rest, rows)
}

/// Processes one block of `N` outputs. Each row but the last starts a whole chunk of `stride` elements, so it needs
/// no check of its own.
fn add_block<const N: usize, T: Scalar>(block: &mut [T; N], rows: &[T], stride: usize, x: &[T]) {
    let mut sum = *block;
    let mut add = |x: T, row: &[T]| {
        if let Some(row) = row.first_chunk::<N>() {
            for (sum, &w) in sum.iter_mut().zip(row) {
                *sum += x * w;
            }
        }
    };
    let whole = rows.chunks_exact(stride.max(1));
    let (count, last) = (whole.len(), whole.remainder());
    for (row, &x) in whole.zip(x) {
        add(x, row);
    }
    if let Some(&x) = x.get(count) {
        add(x, last);
    }
    *block = sum;
}

/// Implements [`add_products_strided`](super::add_products_strided).
pub fn add_products<T: Scalar>(y: &mut [T], mut rows: &[T], stride: usize, x: &[T]) {
    for y in y {
        let Some(row) = rows.get(..x.len()) else { break };
        *y += dot(row, x);
        rows = from(rows, stride);
    }
}

/// Implements [`add_scaled`](super::add_scaled).
pub fn add_scaled<'a, T: Scalar>(row: &mut [T], steps: impl Iterator<Item = (T, &'a [T])> + Clone) {
    let (blocks, tail) = row.as_chunks_mut::<BLOCK>();
    let mut start = 0;
    for block in blocks {
        let mut sum = *block;
        for (a, x) in steps.clone() {
            let Some(x) = present(x.get(start..).and_then(|x| x.first_chunk::<BLOCK>())) else { continue };
            for (sum, &x) in sum.iter_mut().zip(x) {
                *sum += a * x;
            }
        }
        *block = sum;
        start += BLOCK;
    }
    if !tail.is_empty() {
        for (a, x) in steps {
            axpy(tail, a, part(x, start..));
        }
    }
}
