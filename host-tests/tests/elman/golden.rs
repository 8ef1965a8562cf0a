//! The Elman cell compared with PyTorch: every output, the loss, and the gradient of every weight, bias, input and
//! initial state, in f64 and f32.

use elman::cell::{Activation, Relu, Tanh};
use elman::{Dense, Elman, Libm};
use host_tests::{Golden, parity};

/// Name of a case, and its check with the shape as const arguments.
type Case = (&'static str, fn(&Golden));

/// All cases, with inputs, units, classes and non-linearity.
const CASES: [Case; 6] = [
    ("rnn_tanh_i1h1t1_lab", check::<1, 1, 2, Tanh>),
    ("rnn_tanh_i3h5t7_h0_lab", check::<3, 5, 4, Tanh>),
    ("rnn_tanh_i5h17t40_cls", check::<5, 17, 7, Tanh>),
    ("rnn_tanh_i7h7t15_onehot_h0_lab", check_one_hot),
    ("rnn_relu_i3h7t12_lab", check::<3, 7, 4, Relu>),
    ("rnn_relu_i7h3t5_h0_cls", check::<7, 3, 4, Relu>),
];

/// Checks a cell with two bias vectors, then with their sum as the only one, which has the same gradient as each.
fn check<const I: usize, const H: usize, const K: usize, A: Activation>(case: &Golden) {
    check_biases::<I, H, K, 2, A>(case);
    check_biases::<I, H, K, 1, A>(case);
}

fn check_one_hot(case: &Golden) {
    fn check<const B: usize>(case: &Golden) {
        let exact = parity::check_one_hot::<Elman<7, 7, Libm<f64>, B>, Dense<7, 7, f64>, f64, 7, 7>(case);
        let single = parity::check_one_hot::<Elman<7, 7, Libm<f32>, B>, Dense<7, 7>, f32, 7, 7>(case);
        println!("{}, B={B}: f64 {exact}; f32 {single}", case.name());
    }
    check::<2>(case);
    check::<1>(case);
}

fn check_biases<const I: usize, const H: usize, const K: usize, const B: usize, A: Activation>(case: &Golden) {
    let exact = parity::check::<Elman<I, H, Libm<f64>, B, A>, Dense<H, K, f64>, f64, I, K>(case);
    let single = parity::check::<Elman<I, H, Libm<f32>, B, A>, Dense<H, K>, f32, I, K>(case);
    println!("{}, B={B}: f64 {exact}; f32 {single}", case.name());
}

#[test]
fn every_elman_case_agrees_with_pytorch() {
    for (name, check) in CASES {
        check(&Golden::load(name));
    }
}

#[test]
fn every_elman_case_is_checked() {
    parity::assert_complete("rnn_", CASES.iter().map(|(name, _)| *name));
}
