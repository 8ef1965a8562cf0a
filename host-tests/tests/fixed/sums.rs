//! Inner loops of fixed-point numbers: the exact sums, rounded once, at every length and in any order; number by number where the
//! exact sum might not fit; saturated numbers stay so.

use elman::linalg::{add_products_strided, add_rows_strided, add_scaled};
use elman::math::{Fixed, Scalar};
use host_tests::Noise;

type Q = Fixed<20>;

/// Numbers of every size, as large as `bits` bits.
fn drawn(noise: &mut Noise, length: usize, bits: u32) -> Vec<Q> {
    (0..length).map(|_| Q::from_units((noise.bits() as i32) >> (32 - bits + noise.bits() as u32 % bits))).collect()
}

/// y + Σ a · b, exact, rounded to the nearest, halves up, and saturated.
fn exact(y: Q, terms: impl Iterator<Item = (Q, Q)>) -> Q {
    let sum =
        terms.fold(i128::from(y.units()) << 20, |sum, (a, b)| sum + i128::from(a.units()) * i128::from(b.units()));
    Q::from_units(((sum + (1 << 19)) >> 20).clamp(-i128::from(i32::MAX), i32::MAX.into()) as i32)
}

/// Calls `check` with outputs, rows, stride and inputs of every length up to 19.
fn at_every_length(bits: u32, mut check: impl FnMut(&[Q], &[Q], usize, &[Q])) {
    let mut noise = Noise(17);
    for width in 1..20 {
        for count in 0..20 {
            let stride = width + count % 3;
            let rows = drawn(&mut noise, stride * count, 30);
            check(&drawn(&mut noise, width, 30), &rows, stride, &drawn(&mut noise, count, bits));
        }
    }
}

#[test]
fn sums_are_exact_and_rounded_once_in_any_order() {
    at_every_length(26, |y, rows, stride, x| {
        let term = |i: usize, j: usize| (rows[i * stride + j], x[i]);
        let want: Vec<Q> = y.iter().enumerate().map(|(j, &y)| exact(y, (0..x.len()).map(|i| term(i, j)))).collect();
        let mut found = y.to_vec();
        add_rows_strided(&mut found, rows, stride, x);
        assert_eq!(found, want, "add_rows, {} x {}", y.len(), x.len());
        let steps = || x.iter().copied().zip(rows.chunks(stride).map(|row| &row[..y.len()]));
        found.copy_from_slice(y);
        add_scaled(&mut found, steps());
        assert_eq!(found, want, "add_scaled, {} x {}", y.len(), x.len());
        found.copy_from_slice(y);
        let backwards: Vec<_> = steps().collect();
        add_scaled(&mut found, backwards.into_iter().rev());
        assert_eq!(found, want, "backwards, {} x {}", y.len(), x.len());
    });
}

#[test]
fn transposed_sums_are_exact() {
    at_every_length(26, |x, rows, stride, y| {
        let row = |i: usize| rows[i * stride..].iter().copied().zip(x.iter().copied());
        // Few and small enough that their sizes stay below the limit.
        let x_sum: u64 = x.iter().map(|x| u64::from(x.units().unsigned_abs())).sum();
        if x_sum >= i32::MAX as u64 {
            return;
        }
        let want: Vec<Q> = y.iter().enumerate().map(|(i, &y)| exact(y, row(i))).collect();
        let mut found = y.to_vec();
        add_products_strided(&mut found, rows, stride, x);
        assert_eq!(found, want, "{} x {}", y.len(), x.len());
    });
}

#[test]
fn sums_of_large_factors_are_those_of_the_operators() {
    let mut large = 0;
    at_every_length(32, |y, rows, stride, x| {
        let sum: u64 = x.iter().map(|x| u64::from(x.units().unsigned_abs())).sum();
        if sum < i32::MAX as u64 {
            return;
        }
        large += 1;
        let sum = |j: usize, y: Q| x.iter().enumerate().fold(y, |y, (i, &x)| y + x * rows[i * stride + j]);
        let want: Vec<Q> = y.iter().enumerate().map(|(j, &y)| sum(j, y)).collect();
        let mut found = y.to_vec();
        add_rows_strided(&mut found, rows, stride, x);
        assert_eq!(found, want);
        found.copy_from_slice(y);
        add_scaled(&mut found, x.iter().copied().zip(rows.chunks(stride).map(|row| &row[..y.len()])));
        assert_eq!(found, want);
        let mut found = y[..1].to_vec();
        add_products_strided(&mut found, &rows[..x.len()], x.len(), x);
        assert_eq!(found, [rows.iter().zip(x).fold(y[0], |y, (&w, &x)| y + w * x)]);
    });
    assert!(large > 20, "{large} sums were too large for 64 bits");
}

#[test]
fn a_saturated_number_stays_so() {
    let (w, x) = ([Q::of(0.5); 6], [Q::of(0.25), Q::ONE]);
    for lost in [Q::UPPER, Q::LOWER, Q::from_units(i32::MIN)] {
        let mut y = [Q::ONE, lost, Q::ONE];
        add_rows_strided(&mut y, &w, 3, &x);
        assert_eq!(y.map(Scalar::is_finite), [true, false, true]);
        let mut y = [Q::ONE; 3];
        add_rows_strided(&mut y, &w, 3, &[Q::of(0.25), lost]);
        assert_eq!(y.map(Scalar::is_finite), [false; 3]);
        let mut y = [Q::ONE; 2];
        add_products_strided(&mut y, &w, 3, &[Q::ONE, lost, Q::ONE]);
        assert_eq!(y.map(Scalar::is_finite), [false; 2]);
        let mut y = [Q::ONE; 3];
        add_scaled(&mut y, [(lost, &w[..3]), (Q::ONE, &w[3..])].into_iter());
        assert_eq!(y.map(Scalar::is_finite), [false; 3]);
    }
}

#[test]
fn a_sum_beyond_the_range_saturates() {
    let (most, mut y) = (Q::of(2000.0), [Q::of(1.0); 5]);
    add_rows_strided(&mut y, &[most; 10], 5, &[Q::of(1.0), Q::of(0.5)]);
    assert_eq!(y, [Q::UPPER; 5]);
    add_rows_strided(&mut y, &[most; 10], 5, &[Q::of(-1.0), Q::of(-0.5)]);
    assert_eq!(y, [Q::UPPER; 5]);
}
