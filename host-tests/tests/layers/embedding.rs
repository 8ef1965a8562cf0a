//! Embeddings: PyTorch's values, finite differences, the properties of every composition, and initialisation.

use elman::cell::Recurrent;
use elman::{
    CrossEntropy, Dense, Each, Elman, Embedding, Gru, Libm, Lstm, Network, Stacked, Token, Xoshiro128, Zero, init,
};
use host_tests::plain::drawn;
use host_tests::precision::bits;
use host_tests::properties::properties_reading;
use host_tests::slopes::slopes_reading;
use host_tests::{Golden, Noise, parity, replay};

type F64 = Libm<f64>;
type Gated = Stacked<Embedding<3, 4, F64>, Gru<4, 5, F64>>;
type Mixed = Stacked<Embedding<4, 2, F64>, Stacked<Lstm<2, 3, F64>, Elman<3, 5, F64>>>;

#[test]
fn every_case_agrees_with_pytorch() {
    let case = Golden::load("gru_i5h7t12_embedding_lab");
    let exact = parity::check_embedded::<Gru<5, 7, F64>, Dense<7, 11, f64>, f64, 11, 5, 11>(&case);
    let single = parity::check_embedded::<Gru<5, 7>, Dense<7, 11>, f32, 11, 5, 11>(&case);
    println!("{}: f64 {exact}; f32 {single}", case.name());
}

#[test]
fn every_case_is_checked() {
    let belong = |case: &Golden| case.text("input") == "embedding";
    parity::assert_complete_of(belong, ["gru_i5h7t12_embedding_lab"].into_iter());
}

#[test]
fn slopes_of_the_table_and_what_stands_above() {
    for steps in [5, 23] {
        let gated = slopes_reading::<Gated, Token<3>, 5>(steps, &|_| false);
        let mixed = slopes_reading::<Mixed, Token<4>, 5>(steps, &|_| false);
        println!("T={steps}: {gated:.2}, mixed {mixed:.2} of the tolerance");
    }
    let one = slopes_reading::<Stacked<Embedding<1, 1, F64>, Elman<1, 1, F64>>, Token<1>, 1>(1, &|_| false);
    println!("one symbol, one number, one step: {one:.2}");
}

#[test]
fn what_holds_for_every_composition_holds() {
    properties_reading::<Gated, Token<3>, 5>();
    properties_reading::<Mixed, Token<4>, 5>();
}

#[test]
fn only_the_symbols_read_have_a_gradient() {
    let network = drawn::<Network<Gated, Dense<5, 4, f64>>>(1, 1.5);
    let read = [0, 2, 2, 0].map(|index| Token::new(index).unwrap());
    let classes = Noise(2).classes::<4>(4);
    let gradient = replay(&network, &Zero::ZERO, &read, (&CrossEntropy, &Each(&classes), 1.0)).gradient;
    let [first, second, third] = gradient.cell.lower.table;
    assert!(first.iter().chain(&third).all(|&g| g != 0.0));
    assert_eq!(second, [0.0; 4]);
}

#[test]
fn nan_in_a_vector_is_seen_where_it_is_read() {
    let mut network = drawn::<Network<Gated, Dense<5, 4, f64>>>(3, 1.5);
    network.cell.lower.table[1][2] = f64::NAN;
    let mut state = Zero::ZERO;
    let mut step = |index| network.step(&mut state, &Token::new(index).unwrap());
    assert!(step(0).iter().all(|y| y.is_finite()));
    assert!(step(1).iter().all(|y| y.is_nan()));
    assert!(step(2).iter().all(|y| y.is_nan()), "the cell above keeps it");
}

#[test]
fn a_table_starts_normal() {
    let mut table = Embedding::<101, 100>::ZERO;
    init::embedding(&mut table, &mut Xoshiro128::from_seed(1));
    let numbers: Vec<f64> = table.table.as_flattened().iter().map(|&x| x.into()).collect();
    let n = numbers.len() as f64;
    let moment = |power| numbers.iter().map(|x: &f64| x.powi(power)).sum::<f64>() / n;
    // Five standard errors of each moment, which are √(1/n), √(2/n), √(15/n) and √(96/n).
    for (power, want, spread) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0_f64)] {
        assert!((moment(power) - want).abs() < 5.0 * (spread / n).sqrt(), "{power}: {}", moment(power));
    }
    let mut again = Embedding::<101, 100>::ZERO;
    init::embedding(&mut again, &mut Xoshiro128::from_seed(1));
    assert_eq!(bits(again.table.as_flattened()), bits(table.table.as_flattened()));
}

#[test]
fn sizes() {
    fn sizes<C: Recurrent>() -> (usize, usize, usize) {
        (C::COUNT, size_of::<C::State>(), size_of::<C::Record>())
    }
    assert_eq!(sizes::<Embedding<65, 16>>(), (65 * 16, 4 * 16, 8 * 16));
    assert_eq!(sizes::<Embedding<1, 1, F64>>(), (1, 8, 16));
    assert_eq!(size_of::<Embedding<65, 16>>(), 4 * 65 * 16);
}
