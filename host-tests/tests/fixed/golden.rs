//! Fixed-point networks agree with PyTorch's in f64: every output, state, loss and gradient of the golden cases.

use elman::cell::{Activation, Relu, Tanh};
use elman::layer::{Bidirectional, Concat};
use elman::math::Fixed;
use elman::{Dense, Elman, Gru, Lstm, Stacked};
use host_tests::{Golden, parity};

/// Name of a case, and its check with the shape written out.
type Case = (&'static str, fn(&Golden));

const CASES: [Case; 13] = [
    ("rnn_tanh_i1h1t1_lab", elman::<1, 1, 2, Tanh>),
    ("rnn_tanh_i3h5t7_h0_lab", elman::<3, 5, 4, Tanh>),
    ("rnn_tanh_i5h17t40_cls", elman::<5, 17, 7, Tanh>),
    ("rnn_relu_i3h7t12_lab", elman::<3, 7, 4, Relu>),
    ("rnn_relu_i7h3t5_h0_cls", elman::<7, 3, 4, Relu>),
    ("rnn_tanh_i7h7t15_onehot_h0_lab", one_hot),
    ("rnn_tanh_i3h5t9_l2_h0_lab", stacked),
    ("gru_i1h1t3_h0_lab", gru::<1, 1, 2>),
    ("gru_i3h5t7_h0_lab", gru::<3, 5, 4>),
    ("gru_i5h17t20_cls", gru::<5, 17, 7>),
    ("gru_i7h33t11_h0_lab", gru::<7, 33, 5>),
    ("lstm_i3h5t7_h0_lab", lstm::<3, 5, 4>),
    ("lstm_i5h17t20_h0_cls", lstm::<5, 17, 7>),
];

fn elman<const I: usize, const H: usize, const K: usize, A: Activation>(case: &Golden) {
    fn at<const F: u32, const I: usize, const H: usize, const K: usize, A: Activation>(case: &Golden) {
        let found = parity::check::<Elman<I, H, Fixed<F>, 2, A>, Dense<H, K, Fixed<F>>, Fixed<F>, I, K>(case);
        println!("{}, {F}: {found}", case.name());
    }
    at::<16, I, H, K, A>(case);
    at::<24, I, H, K, A>(case);
}

fn one_hot(case: &Golden) {
    type Q = Fixed<20>;
    println!("{}, 20: {}", case.name(), parity::check_one_hot::<Elman<7, 7, Q, 2>, Dense<7, 7, Q>, Q, 7, 7>(case));
}

fn stacked(case: &Golden) {
    type Q = Fixed<20>;
    type Two = Stacked<Elman<3, 5, Q, 2>, Elman<5, 5, Q, 2>>;
    println!("{}, 20: {}", case.name(), parity::check::<Two, Dense<5, 4, Q>, Q, 3, 4>(case));
}

fn gru<const I: usize, const H: usize, const K: usize>(case: &Golden) {
    fn at<const F: u32, const I: usize, const H: usize, const K: usize>(case: &Golden) {
        let found = parity::check::<Gru<I, H, Fixed<F>>, Dense<H, K, Fixed<F>>, Fixed<F>, I, K>(case);
        println!("{}, {F}: {found}", case.name());
    }
    at::<16, I, H, K>(case);
    at::<20, I, H, K>(case);
}

fn lstm<const I: usize, const H: usize, const K: usize>(case: &Golden) {
    type Q = Fixed<20>;
    let found = parity::check::<Lstm<I, H, Q, 2>, Dense<H, K, Q>, Q, I, K>(case);
    println!("{}, 20: {found}", case.name());
}

#[test]
fn fixed_point_agrees_with_pytorch() {
    for (name, check) in CASES {
        check(&Golden::load(name));
    }
}

#[test]
fn both_directions_agree_with_pytorch() {
    type Q = Fixed<20>;
    type Both = Bidirectional<Elman<3, 5, Q, 2>, Elman<3, 5, Q, 2>, Concat>;
    println!("{}", parity::check::<Both, Dense<10, 4, Q>, Q, 3, 4>(&Golden::load("rnn_tanh_i3h5t8_bi_lab")));
}
