//! The minimal gated unit: its equations in plain loops, finite differences, and the properties of every cell.

use elman::cell::Recurrent;
use elman::{Dense, Libm, Mgu, Network, Parameters, Part, Zero};
use host_tests::Noise;
use host_tests::plain::drawn;
use host_tests::properties::properties;
use host_tests::slopes::slopes;

fn check_slopes<const I: usize, const H: usize, const B: usize>() {
    for steps in [1, 5, 23] {
        let worst = slopes::<Mgu<I, H, Libm<f64>, B>, I, H>(steps, &|_| false);
        println!("I={I} H={H} B={B} T={steps}: {worst:.2} of the tolerance");
    }
}

#[test]
fn slopes_of_every_shape() {
    check_slopes::<1, 1, 0>();
    check_slopes::<1, 1, 1>();
    check_slopes::<3, 5, 0>();
    check_slopes::<3, 5, 1>();
    check_slopes::<2, 7, 1>();
}

#[test]
fn more_units_than_a_block_of_the_kernels() {
    slopes::<Mgu<17, 19, Libm<f64>>, 17, 19>(5, &|_| false);
}

#[test]
fn what_holds_for_every_cell_holds() {
    properties::<Mgu<3, 5, Libm<f64>>, 3, 5>();
    properties::<Mgu<2, 19, Libm<f64>, 0>, 2, 19>();
}

/// Compares a cell with the equations of the paper, computed element by element over a sequence.
fn by_hand<const I: usize, const H: usize>(steps: usize) {
    let sigmoid = |a: f64| 1.0 / (1.0 + (-a).exp());
    let cell = drawn::<Mgu<I, H, Libm<f64>>>(5, 1.5);
    let (w, u, [b]) = (&cell.affine.w_ih, &cell.affine.w_hh, &cell.affine.b);
    let xs: Vec<[f64; I]> = Noise(6).vectors(steps);
    let (mut state, mut h) = ([0.0; H], [0.0; H]);
    for x in &xs {
        let argument = |gate: usize, unit: usize, read: &[f64; H]| {
            let input: f64 = (0..I).map(|i| w[i][gate][unit] * x[i]).sum();
            b[gate][unit] + input + (0..H).map(|j| u[j][gate][unit] * read[j]).sum::<f64>()
        };
        let f: [f64; H] = std::array::from_fn(|unit| sigmoid(argument(0, unit, &h)));
        let kept = std::array::from_fn(|unit| f[unit] * h[unit]);
        let n: [f64; H] = std::array::from_fn(|unit| argument(1, unit, &kept).tanh());
        h = std::array::from_fn(|unit| (1.0 - f[unit]) * h[unit] + f[unit] * n[unit]);
        elman::Step::step(&cell, &mut state, x);
        for unit in 0..H {
            assert!((state[unit] - h[unit]).abs() < 1e-14, "{} for {}", state[unit], h[unit]);
        }
    }
}

#[test]
fn the_equations_by_plain_loops() {
    by_hand::<1, 1>(4);
    by_hand::<3, 5>(23);
    by_hand::<7, 33>(11);
}

#[test]
fn its_gate_can_be_seen() {
    let cell = drawn::<Mgu<2, 3, Libm<f64>>>(7, 1.0);
    let (mut state, mut record) = ([0.1, -0.2, 0.3], Zero::ZERO);
    let before = state;
    elman::cell::Cell::step_recorded(&cell, &mut state, &[0.5, -1.0], &mut record);
    let mut seen = Vec::new();
    Mgu::<2, 3, Libm<f64>>::look_at_gates(&record, &mut |layer, name, f| {
        assert_eq!((layer, name), (0, "f"));
        seen.extend_from_slice(f);
    });
    // h′ lies between h and the candidate, which is within ±1.
    for ((f, h), after) in seen.iter().zip(before).zip(state) {
        assert!((0.0..=1.0).contains(f));
        assert!(((after - (1.0 - f) * h) / f).abs() <= 1.0 + 1e-12);
    }
    assert_eq!(seen.len(), 3);
}

#[test]
fn sizes() {
    fn sizes<C: Recurrent>() -> (usize, usize, usize) {
        (C::COUNT, size_of::<<C as Part>::State>(), size_of::<C::Record>())
    }
    assert_eq!(sizes::<Mgu<3, 5>>(), (2 * 5 * (3 + 5 + 1), 4 * 5, 16 * 5));
    assert_eq!(sizes::<Mgu<1, 1, Libm<f32>, 0>>(), (4, 4, 16));
    assert_eq!(
        size_of::<Network<Mgu<3, 5>, Dense<5, 2>>>(),
        4 * <Network<Mgu<3, 5>, Dense<5, 2>> as Parameters>::COUNT
    );
}
