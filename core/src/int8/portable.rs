//! Sums of products in safe Rust, which every processor's own loop must equal.

/// [`add_products`](super::add_products).
pub fn add_products(sums: &mut [i32], w: &[i8], x: &[i16]) {
    for (sum, row) in sums.iter_mut().zip(w.chunks_exact(x.len().max(1))) {
        *sum += row.iter().zip(x).map(|(&w, &x)| i32::from(w) * i32::from(x)).sum::<i32>();
    }
}
