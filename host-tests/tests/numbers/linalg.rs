//! The fixed order of every sum: the inner loops are compared with explicit loops, bit for bit, at every length.

use elman::linalg::{self, Lanes};
use elman::math::Scalar;
use host_tests::Noise;
use host_tests::precision::bits;

/// Lengths around every block and lane, including 0; under Miri, only around the first.
const LENGTHS: std::ops::RangeInclusive<usize> = 0..=if cfg!(miri) { 18 } else { 80 };

/// Returns values of very different magnitudes, so that another order of summation shows in the last bits.
fn numbers(noise: &mut Noise, count: usize) -> Vec<f32> {
    let value = |noise: &mut Noise| (noise.uniform() * 10.0_f64.powf(4.0 * noise.uniform())) as f32;
    (0..count).map(|_| value(noise)).collect()
}

/// Returns the sum in 8 lanes, element i in lane i mod 8, joined as ((0+4)+(2+6)) + ((1+5)+(3+7)).
fn in_lanes(products: impl Iterator<Item = f32>) -> f32 {
    let mut l = [0.0_f32; 8];
    products.enumerate().for_each(|(i, p)| l[i % 8] += p);
    ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
}

#[test]
fn forward_products_add_in_the_order_of_the_inputs() {
    let mut noise = Noise(71);
    for width in LENGTHS {
        for inputs in [0, 1, 2, 7, 33] {
            let (start, rows) = (numbers(&mut noise, width), numbers(&mut noise, width * inputs));
            let x = numbers(&mut noise, inputs);
            let (mut found, mut plain) = (start.clone(), start);
            linalg::add_rows(&mut found, &rows, &x);
            for (unit, y) in plain.iter_mut().enumerate() {
                for (j, x) in x.iter().enumerate() {
                    *y += x * rows[j * width + unit];
                }
            }
            assert_eq!(bits(&found), bits(&plain), "{inputs} inputs, {width} outputs");
        }
    }
}

#[test]
fn transposed_products_add_in_eight_lanes() {
    let mut noise = Noise(72);
    for length in LENGTHS {
        let (rows, x, start) = (numbers(&mut noise, 5 * length), numbers(&mut noise, length), numbers(&mut noise, 5));
        let (mut found, mut plain) = (start.clone(), start);
        linalg::add_products(&mut found, &rows, &x);
        for (row, y) in plain.iter_mut().enumerate().filter(|_| length > 0) {
            *y += in_lanes(x.iter().zip(&rows[row * length..]).map(|(x, w)| x * w));
        }
        assert_eq!(bits(&found), bits(&plain), "{length}");
        let found = linalg::dot(&rows[..length], &x);
        assert_eq!(found.to_bits(), in_lanes(x.iter().zip(&rows).map(|(x, w)| x * w)).to_bits(), "{length}");
    }
}

#[test]
fn some_columns_of_a_wider_matrix_are_a_matrix() {
    const INPUTS: usize = 5;
    let mut noise = Noise(75);
    for width in LENGTHS {
        for stride in [width, width + 1, width + 7, 2 * width + 16] {
            let wide = numbers(&mut noise, INPUTS * stride);
            // No element follows the last row.
            let wide = &wide[..(INPUTS - 1) * stride + width];
            let narrow: Vec<f32> = (0..INPUTS).flat_map(|i| &wide[i * stride..][..width]).copied().collect();
            let (x, long) = (numbers(&mut noise, INPUTS), numbers(&mut noise, width));
            let start = numbers(&mut noise, width);
            let (mut found, mut expected) = (start.clone(), start);
            linalg::add_rows_strided(&mut found, wide, stride, &x);
            linalg::add_rows(&mut expected, &narrow, &x);
            assert_eq!(bits(&found), bits(&expected), "{width} of {stride}");
            let (mut found, mut expected) = (x.clone(), x);
            linalg::add_products_strided(&mut found, wide, stride, &long);
            linalg::add_products(&mut expected, &narrow, &long);
            assert_eq!(bits(&found), bits(&expected), "{width} of {stride}, transposed");
        }
    }
}

#[test]
fn rows_that_end_early_are_left_out() {
    let (mut y, x) = ([1.0_f32; 20], [2.0; 3]);
    linalg::add_rows_strided(&mut y, &[1.0; 20], 20, &x);
    assert_eq!(y, [3.0; 20]);
    let mut y = [1.0_f32; 5];
    linalg::add_products_strided(&mut y, &[1.0; 7], 3, &x);
    assert_eq!(y, [7.0, 7.0, 1.0, 1.0, 1.0]);
}

#[test]
fn the_largest_number_is_that_without_its_sign() {
    assert_eq!(f32::largest(&[]), 0.0);
    assert_eq!(f32::largest(&[-0.0]).to_bits(), 0);
    assert_eq!(f64::largest(&[1.0, -3.0, 2.0]), 3.0);
    assert_eq!(f32::largest(&[1.0, f32::NEG_INFINITY]), f32::INFINITY);
    assert!(f32::largest(&[f32::INFINITY, f32::NAN, 1.0]).is_nan());
    assert!(f32::largest(&[-f32::NAN, 1.0]).is_nan());
}

#[test]
fn sums_over_time_go_on_from_the_present_value() {
    let mut noise = Noise(73);
    for width in LENGTHS {
        let steps: Vec<_> = (0..9).map(|_| (numbers(&mut noise, 1)[0], numbers(&mut noise, width))).collect();
        let start = numbers(&mut noise, width);
        let (mut whole, mut parts, mut plain) = (start.clone(), start.clone(), start);
        linalg::add_scaled(&mut whole, steps.iter().map(|(a, x)| (*a, x.as_slice())));
        for part in steps.chunks(4) {
            linalg::add_scaled(&mut parts, part.iter().map(|(a, x)| (*a, x.as_slice())));
        }
        for (a, x) in &steps {
            plain.iter_mut().zip(x).for_each(|(y, x)| *y += a * x);
        }
        assert_eq!(bits(&whole), bits(&plain), "{width}");
        assert_eq!(bits(&parts), bits(&plain), "{width}, cut into windows");
    }
}

#[test]
fn a_sum_in_lanes_may_be_cut_anywhere() {
    let mut noise = Noise(74);
    for length in LENGTHS {
        let x = numbers(&mut noise, length);
        let squares = in_lanes(x.iter().map(|x| x * x));
        for cut in 0..=length {
            let mut lanes = Lanes::ZERO;
            lanes.add_products_from(0, &x[..cut], &x[..cut]);
            lanes.add_products_from(cut, &x[cut..], &x[cut..]);
            assert_eq!(lanes.total().to_bits(), squares.to_bits(), "{length} cut at {cut}");
        }
        let mut lanes = Lanes::ZERO;
        lanes.add(&x);
        assert_eq!(lanes.total().to_bits(), in_lanes(x.iter().copied()).to_bits(), "{length}");
    }
}
