//! The equations of the paper in plain loops, with low-rank matrices multiplied out.

use super::Cell;
use elman::Step;
use elman::cell::{Factors, FullRank, LowRank, Rank};
use host_tests::plain::drawn;
use host_tests::replay::features;
use host_tests::tolerance::REORDERED;
use host_tests::{Noise, assert_close};

/// Weights as a matrix with `matrix()[unit][input]`, however they are stored.
trait Plain {
    fn matrix(&self) -> Vec<Vec<f64>>;
}

impl<const I: usize, const H: usize> Plain for [[f64; H]; I] {
    fn matrix(&self) -> Vec<Vec<f64>> {
        (0..H).map(|unit| (0..I).map(|input| self[input][unit]).collect()).collect()
    }
}

/// The product W₁ W₂ᵀ, element by element.
impl<const I: usize, const R: usize, const H: usize> Plain for Factors<f64, I, R, H> {
    fn matrix(&self) -> Vec<Vec<f64>> {
        let product = |unit: usize, input: usize| (0..R).map(|r| self.up[r][unit] * self.down[input][r]).sum();
        (0..H).map(|unit| (0..I).map(|input| product(unit, input)).collect()).collect()
    }
}

/// Compares a cell with the equations of the paper, computed element by element over a sequence.
fn by_hand<const I: usize, const H: usize, W: Rank, U: Rank>(steps: usize)
where
    W::Weights<f64, I, H>: Plain,
    U::Weights<f64, H, H>: Plain,
{
    let sigmoid = |a: f64| 1.0 / (1.0 + (-a).exp());
    let cell = drawn::<Cell<I, H, W, U>>(5, 1.5);
    let (w, u, [b_z, b_n]) = (cell.w_ih.matrix(), cell.w_hh.matrix(), &cell.b);
    let (zeta, nu) = (sigmoid(cell.zeta), sigmoid(cell.nu));
    let xs: Vec<[f64; I]> = Noise(6).vectors(steps);
    let (mut state, mut h) = ([0.0; H], [0.0; H]);
    for x in &xs {
        h = std::array::from_fn(|unit| {
            let input: f64 = (0..I).map(|i| w[unit][i] * x[i]).sum();
            let shared = input + (0..H).map(|j| u[unit][j] * h[j]).sum::<f64>();
            let (z, n) = (sigmoid(shared + b_z[unit]), (shared + b_n[unit]).tanh());
            (zeta * (1.0 - z) + nu) * n + z * h[unit]
        });
        cell.step(&mut state, x);
        for unit in 0..H {
            assert!((state[unit] - h[unit]).abs() < 1e-14, "{} for {}", state[unit], h[unit]);
        }
    }
}

#[test]
fn the_equations_by_plain_loops() {
    by_hand::<1, 1, FullRank, FullRank>(4);
    by_hand::<3, 5, FullRank, FullRank>(23);
    by_hand::<7, 33, FullRank, FullRank>(11);
    by_hand::<1, 1, LowRank<1>, LowRank<1>>(4);
    by_hand::<3, 5, LowRank<1>, LowRank<2>>(23);
    by_hand::<7, 33, LowRank<5>, FullRank>(11);
    by_hand::<7, 33, FullRank, LowRank<17>>(11);
}

fn multiplied<const I: usize, const R: usize, const H: usize>(factors: &Factors<f64, I, R, H>) -> [[f64; H]; I] {
    let matrix = factors.matrix();
    std::array::from_fn(|input| std::array::from_fn(|unit| matrix[unit][input]))
}

#[test]
fn low_rank_puts_out_what_the_full_product_does() {
    fn check<const I: usize, const H: usize, const R: usize, const S: usize>() {
        let low = drawn::<Cell<I, H, LowRank<R>, LowRank<S>>>(8, 1.5);
        let (w_ih, w_hh) = (multiplied(&low.w_ih), multiplied(&low.w_hh));
        let full = Cell::<I, H> { w_ih, w_hh, b: low.b, zeta: low.zeta, nu: low.nu };
        let (xs, start): (Vec<[f64; I]>, [f64; H]) = (Noise(9).vectors(23), Noise(10).vector());
        let ((low, _), (full, _)) = (features(&low, &start, &xs), features(&full, &start, &xs));
        assert_close("h", low.as_flattened(), full.as_flattened(), REORDERED);
    }
    check::<1, 1, 1, 1>();
    check::<3, 5, 1, 4>();
    check::<6, 17, 3, 1>();
}
