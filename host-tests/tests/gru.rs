//! The GRU: PyTorch's values, finite differences of both forms, and the properties of every cell.

use elman::cell::{Activation, Form};
use elman::cell::{Recurrent, Relu, ResetAfter, ResetBefore, Tanh};
use elman::math::Scalar;
use elman::{Dense, Gru, Libm, Math, Network, Parameters, ResetBeforeGru, Zero};
use host_tests::properties::properties;
use host_tests::slopes::slopes;
use host_tests::{Golden, parity};
use std::cell::RefCell;

/// Name of a case, and its check with the shape as const arguments.
type Case = (&'static str, fn(&Golden));

/// All cases, with inputs, units, classes and number of bias vectors.
const CASES: [Case; 5] = [
    ("gru_i1h1t3_h0_lab", check::<1, 1, 2, 2>),
    ("gru_i3h5t7_h0_lab", check::<3, 5, 4, 2>),
    ("gru_i3h5t8_nobias_h0_lab", check::<3, 5, 4, 0>),
    ("gru_i5h17t20_cls", check::<5, 17, 7, 2>),
    ("gru_i7h33t11_h0_lab", check::<7, 33, 5, 2>),
];

fn check<const I: usize, const H: usize, const K: usize, const B: usize>(case: &Golden) {
    let exact = parity::check::<Gru<I, H, Libm<f64>, B>, Dense<H, K, f64>, f64, I, K>(case);
    let single = parity::check::<Gru<I, H, Libm<f32>, B>, Dense<H, K>, f32, I, K>(case);
    println!("{}: f64 {exact}; f32 {single}", case.name());
}

#[test]
fn every_case_agrees_with_pytorch() {
    for (name, check) in CASES {
        check(&Golden::load(name));
    }
}

#[test]
fn every_case_is_checked() {
    parity::assert_complete("gru_", CASES.iter().map(|(name, _)| *name));
}

/// ReLU that records the side of its kink on which each unit was.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Watched;

thread_local! {
    static SIDES: RefCell<Vec<bool>> = const { RefCell::new(Vec::new()) };
}

impl Activation for Watched {
    const WORD: &'static str = "watched";
    fn apply<M: Math>(a: M::Scalar) -> M::Scalar {
        SIDES.with_borrow_mut(|sides| sides.push(a > M::Scalar::ZERO));
        Relu::apply::<M>(a)
    }
    fn derivative<T: Scalar>(y: T) -> T {
        Relu::derivative(y)
    }
    const BOUNDED: bool = Relu::BOUNDED;
    fn integer(a: i32) -> i16 {
        Relu::integer(a)
    }
}

/// Returns `true` if a window recorded by [`Watched`] has a unit on another side of the kink than in the first
/// window, and clears the record.
fn kink<const H: usize>(steps: usize) -> bool {
    let sides = SIDES.take();
    let mut windows = sides.chunks(steps * H);
    let first = windows.next();
    windows.any(|window| Some(window) != first)
}

/// Checks one shape of one form, for every length.
fn check_slopes<const I: usize, const H: usize, const B: usize, F: Form>() {
    for steps in [1, 5, 23] {
        let tanh = slopes::<Gru<I, H, Libm<f64>, B, F, Tanh>, I, H>(steps, &|_| false);
        let relu = slopes::<Gru<I, H, Libm<f64>, B, F, Watched>, I, H>(steps, &kink::<H>);
        println!("I={I} H={H} B={B} T={steps}: tanh {tanh:.2}, ReLU {relu:.2} of the tolerance");
    }
}

#[test]
fn slopes_of_the_form_that_resets_after() {
    check_slopes::<1, 1, 0, ResetAfter>();
    check_slopes::<1, 1, 1, ResetAfter>();
    check_slopes::<1, 1, 2, ResetAfter>();
    check_slopes::<3, 5, 0, ResetAfter>();
    check_slopes::<3, 5, 1, ResetAfter>();
    check_slopes::<3, 5, 2, ResetAfter>();
    check_slopes::<2, 7, 0, ResetAfter>();
    check_slopes::<2, 7, 1, ResetAfter>();
    check_slopes::<2, 7, 2, ResetAfter>();
}

#[test]
fn slopes_of_the_form_that_resets_before() {
    check_slopes::<1, 1, 0, ResetBefore>();
    check_slopes::<1, 1, 1, ResetBefore>();
    check_slopes::<3, 5, 0, ResetBefore>();
    check_slopes::<3, 5, 1, ResetBefore>();
    check_slopes::<2, 7, 0, ResetBefore>();
    check_slopes::<2, 7, 1, ResetBefore>();
}

#[test]
fn more_units_than_a_block_of_the_kernels() {
    slopes::<Gru<17, 19, Libm<f64>>, 17, 19>(5, &|_| false);
    slopes::<ResetBeforeGru<17, 19, Libm<f64>>, 17, 19>(5, &|_| false);
}

#[test]
fn what_holds_for_every_cell_holds() {
    properties::<Gru<3, 5, Libm<f64>>, 3, 5>();
    properties::<Gru<2, 7, Libm<f64>, 1>, 2, 7>();
    properties::<Gru<3, 19, Libm<f64>, 0>, 3, 19>();
    properties::<ResetBeforeGru<3, 5, Libm<f64>>, 3, 5>();
    properties::<ResetBeforeGru<2, 19, Libm<f64>, Tanh, 0>, 2, 19>();
}

/// Returns the state after one step of a cell with one input and two units.
fn stepped<F: Form, const B: usize>(w: [f64; 3], u: [[[f64; 2]; 3]; 2], b: [[[f64; 2]; 3]; B]) -> [f64; 2] {
    let mut network = Network::<Gru<1, 2, Libm<f64>, B, F>, Dense<2, 1, f64>>::ZERO;
    network.cell.affine.w_ih = [w.map(|w| [w; 2])];
    network.cell.affine.w_hh = u;
    network.cell.affine.b = b;
    let mut state = [0.5, -0.25];
    network.step(&mut state, &[1.0]);
    state
}

#[test]
fn the_equations_by_hand() {
    let sigmoid = |a: f64| 1.0 / (1.0 + (-a).exp());
    let u = [[[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]], [[-0.7, 0.8], [0.9, 1.0], [-1.1, 1.2]]];
    let h = [0.5, -0.25];
    let product = |gate: usize, unit: usize, h: [f64; 2]| h[0] * u[0][gate][unit] + h[1] * u[1][gate][unit];
    let gate = |gate: usize, unit: usize, rest: f64| sigmoid(rest + product(gate, unit, h));
    let mixed = |unit: usize, n: f64, rest: f64| {
        let z = gate(1, unit, rest);
        (1.0 - z) * n + z * h[unit]
    };
    // With two vectors, the second's candidate bias is inside the product with the reset gate.
    let b = [[[0.1; 2], [0.2; 2], [0.3; 2]], [[0.4; 2], [0.5; 2], [0.6; 2]]];
    let after = stepped::<ResetAfter, 2>([1.0, 2.0, 3.0], u, b);
    let one = stepped::<ResetAfter, 1>([1.0, 2.0, 3.0], u, [b[0]]);
    let before = stepped::<ResetBefore, 1>([1.0, 2.0, 3.0], u, [b[0]]);
    for unit in 0..2 {
        let n = (3.3 + gate(0, unit, 1.5) * (product(2, unit, h) + 0.6)).tanh();
        assert!((after[unit] - mixed(unit, n, 2.7)).abs() < 1e-15);
        let n = (3.3 + gate(0, unit, 1.1) * product(2, unit, h)).tanh();
        assert!((one[unit] - mixed(unit, n, 2.2)).abs() < 1e-15);
        let reset = [h[0] * gate(0, 0, 1.1), h[1] * gate(0, 1, 1.1)];
        let n = (3.3 + product(2, unit, reset)).tanh();
        assert!((before[unit] - mixed(unit, n, 2.2)).abs() < 1e-15);
    }
}

#[test]
fn sizes() {
    fn sizes<C: Recurrent>() -> (usize, usize, usize) {
        (C::COUNT, size_of::<C::State>(), size_of::<C::Record>())
    }
    assert_eq!(sizes::<Gru<3, 5>>(), (3 * 5 * (3 + 5 + 2), 4 * 5, 20 * 5));
    assert_eq!(sizes::<Gru<1, 1, Libm<f32>, 0>>(), (6, 4, 20));
    assert_eq!(sizes::<ResetBeforeGru<7, 33, Libm<f64>>>(), (3 * 33 * (7 + 33 + 1), 8 * 33, 40 * 33));
    assert_eq!(size_of::<Gru<3, 5>>(), 4 * <Gru<3, 5> as Parameters>::COUNT);
}
