//! Reordering of the units of a cell.

use super::Cell;
use elman::cell::{Factors, Rank};
use elman::{CrossEntropy, Dense, Each, FastGrnn, Network};
use host_tests::plain::drawn;
use host_tests::precision::{tensors, weight_bits};
use host_tests::tolerance::REORDERED;
use host_tests::{Noise, assert_close, replay};

/// Weights with reordered rows and units; an empty order changes nothing.
pub trait Turned {
    fn turned(&self, rows: &[usize], units: &[usize]) -> Self;
}

fn of(order: &[usize], at: usize) -> usize {
    order.get(at).copied().unwrap_or(at)
}

impl<const I: usize, const H: usize> Turned for [[f64; H]; I] {
    fn turned(&self, rows: &[usize], units: &[usize]) -> Self {
        std::array::from_fn(|i| std::array::from_fn(|j| self[of(rows, i)][of(units, j)]))
    }
}

impl<const I: usize, const R: usize, const H: usize> Turned for Factors<f64, I, R, H> {
    fn turned(&self, rows: &[usize], units: &[usize]) -> Self {
        Self { down: self.down.turned(rows, &[]), up: self.up.turned(&[], units) }
    }
}

fn turned<const I: usize, const H: usize, W: Rank, U: Rank>(
    cell: &Cell<I, H, W, U>,
    order: &[usize],
) -> Cell<I, H, W, U>
where
    W::Weights<f64, I, H>: Turned,
    U::Weights<f64, H, H>: Turned,
{
    FastGrnn {
        w_ih: cell.w_ih.turned(&[], order),
        w_hh: cell.w_hh.turned(order, order),
        b: cell.b.turned(&[], order),
        zeta: cell.zeta,
        nu: cell.nu,
    }
}

/// Checks that reordering the units reorders the state in the same way and changes nothing else.
pub fn units_may_stand_in_any_order<const I: usize, const H: usize, W: Rank, U: Rank>()
where
    W::Weights<f64, I, H>: Turned,
    U::Weights<f64, H, H>: Turned,
{
    let mut order: [usize; H] = std::array::from_fn(|i| i);
    order.reverse();
    order.rotate_left(H / 3);
    let (mut noise, plain) = (Noise(1), drawn::<Network<Cell<I, H, W, U>, Dense<H, 4, f64>>>(2, 1.5));
    let (start, xs, classes): ([f64; H], Vec<[f64; I]>, _) = (noise.vector(), noise.vectors(9), noise.classes::<4>(9));
    let other = Network {
        cell: turned(&plain.cell, &order),
        readout: Dense { w: plain.readout.w.turned(&order, &[]), b: plain.readout.b },
    };
    let a = replay(&plain, &start, &xs, (&CrossEntropy, &Each(&classes), 1.0));
    let b = replay(&other, &order.map(|unit| start[unit]), &xs, (&CrossEntropy, &Each(&classes), 1.0));
    for (a, b) in a.features.iter().zip(&b.features) {
        assert_close("h", b, &order.map(|unit| a[unit]), REORDERED);
    }
    assert_close("outputs", b.outputs.as_flattened(), a.outputs.as_flattened(), REORDERED);
    assert_close("gradient of the inputs", b.inputs.as_flattened(), a.inputs.as_flattened(), REORDERED);
    assert_close("gradient of the first h", &b.start, &order.map(|unit| a.start[unit]), REORDERED);
    let gradient = turned(&a.gradient.cell, &order);
    for ((path, b), (_, a)) in tensors(&b.gradient.cell).iter().zip(tensors(&gradient)) {
        assert_close(&format!("gradient of {path}"), b, &a, REORDERED);
    }
    assert_eq!(H == 1, weight_bits(&plain) == weight_bits(&other));
}
