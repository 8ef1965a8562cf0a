//! Gradients of bidirectional layers: PyTorch's values, finite differences, and the properties of every composition.

use super::{Both, F64, Three, Two};
use elman::layer::{Add, Multiply};
use elman::{Bidirectional, Dense, Elman, Embedding, Gru, Lstm, Network, Stacked, Token};
use host_tests::cells::Composed;
use host_tests::plain::drawn;
use host_tests::properties::{nan_stays_visible, properties_reading};
use host_tests::slopes::{slopes_at_the_ends, slopes_reading};
use host_tests::{Golden, Noise, parity, reordered};

#[test]
fn every_case_agrees_with_pytorch() {
    macro_rules! check {
        ($check:ident, $name:literal, $layer:ty, $layer32:ty, $i:literal, $h:literal, $k:literal) => {{
            let case = Golden::load($name);
            let exact = parity::$check::<$layer, Dense<{ 2 * $h }, $k, f64>, f64, $i, $k>(&case);
            let single = parity::$check::<$layer32, Dense<{ 2 * $h }, $k>, f32, $i, $k>(&case);
            println!("{}: f64 {exact}; f32 {single}", case.name());
            $name
        }};
    }
    let checked = [
        check!(check, "rnn_tanh_i3h5t8_bi_lab", Both<Elman<3, 5, F64, 2>>, Both<Elman<3, 5>>, 3, 5, 4),
        check!(check, "gru_i5h3t6_bi_h0_lab", Both<Gru<5, 3, F64>>, Both<Gru<5, 3>>, 5, 3, 4),
        check!(check, "lstm_i3h5t9_bi_h0_lab", Both<Lstm<3, 5, F64, 2>>, Both<Lstm<3, 5>>, 3, 5, 4),
        check!(
            check_at_the_ends,
            "lstm_i3h5t6_l2_bi_cls_hn",
            Two<Lstm<3, 5, F64, 2>, Lstm<10, 5, F64, 2>>,
            Two<Lstm<3, 5>, Lstm<10, 5>>,
            3,
            5,
            4
        ),
    ];
    parity::assert_complete_of(|case| case.text("bidirectional") == "true", checked.into_iter());
}

/// Checks one, two and three layers of a cell, with a target for each step and, up to two layers, at the ends.
macro_rules! slopes {
    ($cell:ident) => {
        for steps in [1, 2, 5, 23] {
            let one = slopes_reading::<Both<$cell<2, 3, F64>>, [f64; 2], 6>(steps, &|_| false);
            let two = slopes_reading::<Two<$cell<2, 3, F64>, $cell<6, 2, F64>>, [f64; 2], 4>(steps, &|_| false);
            let three = slopes_reading::<Three<$cell<2, 2, F64>, $cell<4, 2, F64>>, [f64; 2], 4>(steps, &|_| false);
            slopes_at_the_ends::<Both<$cell<2, 3, F64>>, [f64; 2], 6>(steps);
            slopes_at_the_ends::<Two<$cell<2, 3, F64>, $cell<6, 2, F64>>, [f64; 2], 4>(steps);
            println!("T={steps}: {one:.2}, two layers {two:.2}, three {three:.2} of what is allowed");
        }
    };
}

#[test]
fn slopes_of_elman() {
    slopes!(Elman);
}

#[test]
fn slopes_of_gru() {
    slopes!(Gru);
}

#[test]
fn slopes_of_lstm() {
    slopes!(Lstm);
}

#[test]
fn slopes_of_every_join_and_odd_sizes() {
    for steps in [1, 5, 23] {
        slopes_reading::<Both<Lstm<3, 5, F64>, Add>, [f64; 3], 5>(steps, &|_| false);
        slopes_reading::<Both<Gru<3, 5, F64>, Multiply>, [f64; 3], 5>(steps, &|_| false);
        slopes_reading::<Both<Gru<1, 1, F64>>, [f64; 1], 2>(steps, &|_| false);
        slopes_at_the_ends::<Both<Elman<2, 3, F64>, Add>, [f64; 2], 3>(steps);
        slopes_at_the_ends::<Both<Elman<2, 3, F64>, Multiply>, [f64; 2], 3>(steps);
        // Two kinds of cell, over an embedding and over a cell.
        type Mixed = Bidirectional<Lstm<3, 4, F64>, Gru<3, 4, F64>>;
        slopes_reading::<Stacked<Embedding<6, 3, F64>, Mixed>, Token<6>, 8>(steps, &|_| false);
        slopes_reading::<Stacked<Elman<2, 3, F64>, Mixed>, [f64; 2], 8>(steps, &|_| false);
    }
}

#[test]
fn what_holds_for_every_composition_holds() {
    properties_reading::<Both<Elman<3, 5, F64>>, [f64; 3], 10>();
    properties_reading::<Both<Gru<3, 5, F64>, Add>, [f64; 3], 5>();
    properties_reading::<Both<Lstm<3, 5, F64>, Multiply>, [f64; 3], 5>();
    properties_reading::<Two<Gru<3, 4, F64>, Lstm<8, 3, F64>>, [f64; 3], 6>();
    properties_reading::<Three<Elman<3, 2, F64>, Elman<4, 2, F64>>, [f64; 3], 4>();
    nan_stays_visible::<Both<Lstm<3, 5, F64>>, [f64; 3], 10>(&[0.5, f64::NAN, 0.5]);
    nan_stays_visible::<Two<Gru<3, 4, F64>, Lstm<8, 3, F64>>, [f64; 3], 6>(&[f64::NAN; 3]);
}

/// The order of the units in each direction and layer does not matter: gradients are reordered with them, outputs do
/// not change.
#[test]
fn units_may_stand_in_any_order() {
    fn check<C, const H: usize>(orders: &[reordered::Order<'_>])
    where
        C: Composed<[f64; 3], H>,
    {
        let mut noise = Noise(1);
        let (xs, classes) = (noise.vectors::<f64, 3>(9), noise.classes::<4>(9));
        reordered::check(&drawn::<Network<C, Dense<H, 4, f64>>>(2, 1.5), &xs, &classes, orders);
    }
    let (f, b): (&[usize], &[usize]) = (&[2, 0, 3, 1], &[3, 2, 1, 0]);
    let both = [2, 0, 3, 1, 7, 6, 5, 4];
    let one: [reordered::Order<'_>; 3] = [("cell.forward", &[], f), ("cell.backward", &[], b), ("readout", &both, &[])];
    check::<Both<Elman<3, 4, F64>>, 8>(&one);
    check::<Both<Gru<3, 4, F64>>, 8>(&one);
    check::<Both<Lstm<3, 4, F64>>, 8>(&one);
    // Sums and products join unit with unit, so both directions need the same order.
    let joined: [reordered::Order<'_>; 3] = [("cell.forward", &[], f), ("cell.backward", &[], f), ("readout", f, &[])];
    check::<Both<Gru<3, 4, F64>, Add>, 4>(&joined);
    check::<Both<Gru<3, 4, F64>, Multiply>, 4>(&joined);
    let two: [reordered::Order<'_>; 5] = [
        ("cell.lower.forward", &[], f),
        ("cell.lower.backward", &[], b),
        ("cell.upper.forward", &both, &[1, 2, 0]),
        ("cell.upper.backward", &both, &[0, 2, 1]),
        ("readout", &[1, 2, 0, 3, 5, 4], &[]),
    ];
    check::<Two<Gru<3, 4, F64>, Lstm<8, 3, F64>>, 6>(&two);
}
