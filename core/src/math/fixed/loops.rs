//! Inner loops: sums of products in 64 bits, exact, rounded once.
//!
//! With Σ|a| below [`LIMIT`] no sum of a · b leaves 64 bits, whatever the b, so that nothing is checked within a loop. Other
//! sums are made number by number, in order, with the operators, which saturate.

use super::product::{product, rounded};
use super::{Fixed, Scalar};
use crate::linalg::{axpy, portable};

/// Number of outputs whose sums are held together, so that the factor of a term is read and split once for all of them.
const BLOCK: usize = 4;
/// Bound on Σ|a|, in units of the last bit. A number that is not finite reaches it.
const LIMIT: u64 = i32::MAX as u64;

/// Returns `true` if Σ|a| is small enough for the loops.
fn is_small<const F: u32>(a: impl Iterator<Item = Fixed<F>>) -> bool {
    a.fold(0_u64, |sum, a| sum.saturating_add(a.0.unsigned_abs().into())) < LIMIT
}

/// A number as the start of a sum of products.
const fn wide<const F: u32>(y: Fixed<F>) -> i64 {
    (y.0 as i64) << F
}

/// Makes the sum `y`, unless `y` was not finite.
fn finish<const F: u32>(y: &mut Fixed<F>, sum: i64) {
    if y.is_finite() {
        *y = Fixed::bounded(rounded(sum, F));
    }
}

pub(super) fn add_rows<const F: u32>(y: &mut [Fixed<F>], rows: &[Fixed<F>], stride: usize, x: &[Fixed<F>]) {
    if !is_small(x.iter().copied()) {
        return add_each(y, x.iter().copied().zip(rows.chunks(stride.max(1))));
    }
    add_all(y, x.iter().copied().zip(rows.chunks(stride.max(1))));
}

pub(super) fn add_products<const F: u32>(y: &mut [Fixed<F>], mut rows: &[Fixed<F>], stride: usize, x: &[Fixed<F>]) {
    let is_small = is_small(x.iter().copied());
    for y in y {
        let Some(row) = rows.get(..x.len()) else { break };
        if is_small {
            let sum = row.iter().zip(x).fold(wide(*y), |sum, (w, x)| sum + product(w.0, x.0));
            finish(y, sum);
        } else {
            add_row(y, row, x);
        }
        rows = portable::from(rows, stride);
    }
}

pub(super) fn add_scaled<'a, const F: u32>(
    row: &mut [Fixed<F>],
    steps: impl Iterator<Item = (Fixed<F>, &'a [Fixed<F>])> + Clone,
) {
    if !is_small(steps.clone().map(|(a, _)| a)) {
        return add_each(row, steps);
    }
    add_all(row, steps);
}

/// y += Σ a · x. An x that ends before y is left out.
fn add_all<'a, const F: u32>(y: &mut [Fixed<F>], terms: impl Iterator<Item = (Fixed<F>, &'a [Fixed<F>])> + Clone) {
    let (blocks, tail) = y.as_chunks_mut::<BLOCK>();
    let mut start = 0;
    for block in blocks {
        let mut sums = block.map(wide);
        for (a, x) in terms.clone() {
            let Some(x) = x.get(start..).and_then(|x| x.first_chunk::<BLOCK>()) else { continue };
            sums.iter_mut().zip(x).for_each(|(sum, x)| *sum += product(a.0, x.0));
        }
        block.iter_mut().zip(sums).for_each(|(y, sum)| finish(y, sum));
        start += BLOCK;
    }
    if !tail.is_empty() {
        add_tail(tail, terms.filter_map(|(a, x)| Some((a, x.get(start..)?))));
    }
}

/// y += w · x, number by number.
#[cold]
#[inline(never)]
fn add_row<const F: u32>(y: &mut Fixed<F>, w: &[Fixed<F>], x: &[Fixed<F>]) {
    w.iter().zip(x).for_each(|(&w, &x)| *y += w * x);
}

/// Does [`add_all`] number by number.
#[cold]
#[inline(never)]
fn add_each<'a, const F: u32>(y: &mut [Fixed<F>], terms: impl Iterator<Item = (Fixed<F>, &'a [Fixed<F>])>) {
    for (a, x) in terms {
        let Some(x) = x.get(..y.len()) else { continue };
        axpy(y, a, x);
    }
}

/// The outputs after the last whole block.
fn add_tail<'a, const F: u32>(y: &mut [Fixed<F>], terms: impl Iterator<Item = (Fixed<F>, &'a [Fixed<F>])>) {
    let mut sums = [0; BLOCK];
    sums.iter_mut().zip(&*y).for_each(|(sum, y)| *sum = wide(*y));
    for (a, x) in terms {
        let Some(x) = x.get(..y.len()) else { continue };
        sums.iter_mut().zip(x).for_each(|(sum, x)| *sum += product(a.0, x.0));
    }
    y.iter_mut().zip(sums).for_each(|(y, sum)| finish(y, sum));
}
