//! The LSTM: PyTorch's values, finite differences, and the properties of every cell.

use elman::cell::{LstmState, Recurrent};
use elman::{Dense, Libm, Lstm, Network, Parameters, Zero, init};
use host_tests::plain::drawn;
use host_tests::properties::properties;
use host_tests::slopes::slopes;
use host_tests::{Golden, parity};

/// Name of a case, and its check with the shape as const arguments.
type Case = (&'static str, fn(&Golden));

/// All cases, with inputs, units and classes.
const CASES: [Case; 5] = [
    ("lstm_i1h1t2_h0_lab", check::<1, 1, 2>),
    ("lstm_i3h5t7_h0_lab", check::<3, 5, 4>),
    ("lstm_i5h17t20_h0_cls", check::<5, 17, 7>),
    ("lstm_i7h17t11_lab_wide", check::<7, 17, 5>),
    ("lstm_i17h7t25_onehot_lab", check_one_hot),
];

/// Checks a cell with two bias vectors, then with their sum as the only one, which has the same gradient as each.
fn check<const I: usize, const H: usize, const K: usize>(case: &Golden) {
    check_biases::<I, H, K, 2>(case);
    check_biases::<I, H, K, 1>(case);
}

fn check_one_hot(case: &Golden) {
    fn check<const B: usize>(case: &Golden) {
        let exact = parity::check_one_hot::<Lstm<17, 7, Libm<f64>, B>, Dense<7, 17, f64>, f64, 17, 17>(case);
        let single = parity::check_one_hot::<Lstm<17, 7, Libm<f32>, B>, Dense<7, 17>, f32, 17, 17>(case);
        println!("{}, B={B}: f64 {exact}; f32 {single}", case.name());
    }
    check::<2>(case);
    check::<1>(case);
}

fn check_biases<const I: usize, const H: usize, const K: usize, const B: usize>(case: &Golden) {
    let exact = parity::check::<Lstm<I, H, Libm<f64>, B>, Dense<H, K, f64>, f64, I, K>(case);
    let single = parity::check::<Lstm<I, H, Libm<f32>, B>, Dense<H, K>, f32, I, K>(case);
    println!("{}, B={B}: f64 {exact}; f32 {single}", case.name());
}

#[test]
fn every_case_agrees_with_pytorch() {
    for (name, check) in CASES {
        check(&Golden::load(name));
    }
}

#[test]
fn every_case_is_checked() {
    parity::assert_complete("lstm_", CASES.iter().map(|(name, _)| *name));
}

/// Checks one shape, for every length.
fn check_slopes<const I: usize, const H: usize, const B: usize>() {
    for steps in [1, 5, 23] {
        let worst = slopes::<Lstm<I, H, Libm<f64>, B>, I, H>(steps, &|_| false);
        println!("I={I} H={H} B={B} T={steps}: {worst:.2} of the tolerance");
    }
}

#[test]
fn slopes_of_every_shape() {
    check_slopes::<1, 1, 0>();
    check_slopes::<1, 1, 1>();
    check_slopes::<1, 1, 2>();
    check_slopes::<3, 5, 0>();
    check_slopes::<3, 5, 1>();
    check_slopes::<3, 5, 2>();
    check_slopes::<2, 7, 0>();
    check_slopes::<2, 7, 1>();
    check_slopes::<2, 7, 2>();
}

#[test]
fn more_units_than_a_block_of_the_kernels() {
    slopes::<Lstm<17, 19, Libm<f64>>, 17, 19>(5, &|_| false);
}

#[test]
fn what_holds_for_every_cell_holds() {
    properties::<Lstm<3, 5, Libm<f64>>, 3, 5>();
    properties::<Lstm<2, 7, Libm<f64>, 2>, 2, 7>();
    properties::<Lstm<3, 19, Libm<f64>, 0>, 3, 19>();
}

#[test]
fn the_equations_by_hand() {
    let sigmoid = |a: f64| 1.0 / (1.0 + (-a).exp());
    let mut network = Network::<Lstm<1, 2, Libm<f64>>, Dense<2, 1, f64>>::ZERO;
    let u = [[[0.1, 0.2], [0.3, -0.4], [0.5, 0.6], [-0.1, 0.4]], [[-0.7, 0.8], [0.9, 1.0], [-1.1, 1.2], [0.7, -0.3]]];
    network.cell.affine.w_ih = [[1.0, 2.0, 3.0, 4.0].map(|w| [w; 2])];
    network.cell.affine.w_hh = u;
    network.cell.affine.b = [[[-0.1; 2], [-0.2; 2], [-3.3; 2], [-4.4; 2]]];
    let (h, c) = ([0.5, -0.25], [0.75, -2.0]);
    let mut state = LstmState { h, c };
    network.step(&mut state, &[1.0]);
    for unit in 0..2 {
        let gate = |gate: usize, rest: f64| rest + h[0] * u[0][gate][unit] + h[1] * u[1][gate][unit];
        let kept = sigmoid(gate(1, 1.8)) * c[unit] + sigmoid(gate(0, 0.9)) * gate(2, -0.3).tanh();
        assert!((state.c[unit] - kept).abs() < 1e-15);
        assert!((state.h[unit] - sigmoid(gate(3, -0.4)) * kept.tanh()).abs() < 1e-15);
    }
}

#[test]
fn a_forget_bias_is_the_sum_of_the_vectors() {
    fn check<const B: usize>() {
        let mut network = drawn::<Network<Lstm<3, 5, Libm<f64>, B>, Dense<5, 4, f64>>>(1, 1.0);
        let before = network.clone();
        init::forget_bias(&mut network.cell, 1.5);
        let [_, forget, _, _] = network.cell.affine.bias();
        assert_eq!(forget, [1.5; 5]);
        for (b, former) in network.cell.affine.b.iter().zip(&before.cell.affine.b) {
            assert_eq!([b[0], b[2], b[3]], [former[0], former[2], former[3]]);
        }
        assert_eq!(
            (network.cell.affine.w_ih, network.cell.affine.w_hh),
            (before.cell.affine.w_ih, before.cell.affine.w_hh)
        );
    }
    check::<1>();
    check::<2>();
}

#[test]
fn sizes() {
    fn sizes<C: Recurrent>() -> (usize, usize, usize) {
        (C::COUNT, size_of::<C::State>(), size_of::<C::Record>())
    }
    assert_eq!(sizes::<Lstm<3, 5>>(), (4 * 5 * (3 + 5 + 1), 8 * 5, 24 * 5));
    assert_eq!(sizes::<Lstm<1, 1, Libm<f32>, 0>>(), (8, 8, 24));
    assert_eq!(sizes::<Lstm<7, 33, Libm<f64>, 2>>(), (4 * 33 * (7 + 33 + 2), 16 * 33, 48 * 33));
    assert_eq!(size_of::<Lstm<3, 5>>(), 4 * <Lstm<3, 5> as Parameters>::COUNT);
}
