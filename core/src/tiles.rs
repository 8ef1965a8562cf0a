//! Products with 8-bit weights stored in tiles, in safe Rust: the reference that the assembly must match.

use crate::present::part;

/// Number of rows in a block, and number of inputs in a tile.
pub(crate) const BLOCK: usize = 4;

/// Implements [`int8::add_products`](crate::int8::add_products).
pub fn add_products(sums: &mut [i32], units: usize, w: &[i8], x: &[i16]) {
    let gates = sums.chunks_mut(units.max(1)).zip(w.chunks((units * x.len()).max(1)));
    for (sums, w) in gates {
        let (blocks, rest) = sums.as_chunks_mut();
        let size = BLOCK * x.len();
        blocks.iter_mut().zip(w.chunks_exact(size.max(1))).for_each(|(sums, w)| add_block(sums, w, x));
        add_rows(rest, part(w, blocks.len() * size..), x);
    }
}

/// Adds the products of rows that are stored one after the other.
pub(crate) fn add_rows(sums: &mut [i32], w: &[i8], x: &[i16]) {
    for (sum, row) in sums.iter_mut().zip(w.chunks_exact(x.len().max(1))) {
        *sum += row.iter().zip(x).map(|(&w, &x)| i32::from(w) * i32::from(x)).sum::<i32>();
    }
}

/// Adds the products of four rows: tile by tile, then input by input after the last tile.
///
/// This is a separate function because a Cortex-M0 has few registers.
#[inline(never)]
fn add_block(sums: &mut [i32; BLOCK], w: &[i8], x: &[i16]) {
    let (tiles, rest) = x.as_chunks::<BLOCK>();
    let (rows, _) = w.as_chunks::<BLOCK>();
    for (x, tile) in tiles.iter().zip(rows.as_chunks::<BLOCK>().0) {
        let x = x.map(i32::from);
        sums.iter_mut().zip(tile).for_each(|(sum, row)| *sum += product(row, x));
    }
    for (&x, column) in rest.iter().zip(part(rows, tiles.len() * BLOCK..)) {
        sums.iter_mut().zip(column).for_each(|(sum, &w)| *sum += i32::from(w) * i32::from(x));
    }
}

/// Returns the sum of the products of one row of a tile. The inputs stay in registers for all rows of the tile.
#[inline(always)]
fn product(row: &[i8; BLOCK], [a, b, c, d]: [i32; BLOCK]) -> i32 {
    let [p, q, r, s] = row.map(i32::from);
    p * a + q * b + r * c + s * d
}
