//! Embeddings and projections in integers.

use crate::networks::{apart, check, drawn, errors, sequence};
use elman::int8::{self, Calibration, PerGate, PerUnit};
use elman::{Dense, Elman, Embedding, Gru, Lstm, Mgu, Network, Projection, Stacked, Step, Token, Zero};

fn symbols<const V: usize>() -> Vec<Token<V>> {
    (0..300).map(|t| Token::new((t * t + t / 7) % V).unwrap()).collect()
}

#[test]
fn networks_in_integers_are_near_those_they_came_from() {
    check(errors(&drawn::<Stacked<Embedding<11, 6>, Gru<6, 16>>, 16>(), &symbols()));
    check(errors(&drawn::<Stacked<Embedding<700, 5>, Lstm<5, 9>>, 9>(), &symbols()));
    check(errors(&drawn::<Stacked<Embedding<3, 1>, Gru<1, 7>>, 7>(), &symbols()));
    let xs = sequence::<6>(7, 300);
    check(errors(&drawn::<Stacked<Projection<6, 9>, Gru<9, 16>>, 16>(), &xs));
    check(errors(&drawn::<Stacked<Projection<6, 1>, Mgu<1, 7>>, 7>(), &xs));
    check(errors(&drawn::<Stacked<Gru<6, 8>, Stacked<Projection<8, 3>, Elman<3, 5>>>, 5>(), &xs));
    check(errors(&drawn::<Stacked<Projection<11, 5>, Gru<5, 7>>, 7>(), &symbols()));
}

/// Vectors are within half a step of their scale, and the largest element is 32,767.
#[test]
fn vectors_are_those_of_the_table() {
    let mut net = drawn::<Embedding<5, 4>, 4>();
    net.cell.table[2] = [0.001, -3.0, 0.5, 0.02];
    net.cell.table.iter_mut().for_each(|vector| vector[3] *= 0.01);
    let mut calibration = Calibration::new(&net);
    calibration.observe(&[Token::default()]).unwrap();
    let unit = 3.0 / 32767.0;
    let per_unit = calibration.quantize::<PerUnit>().unwrap().cell;
    let per_gate = calibration.quantize::<PerGate>().unwrap().cell;
    for symbol in Token::<5>::all() {
        let exact = net.cell.table[symbol.index()];
        let largest = |e: usize| net.cell.table.iter().fold(0.0_f32, |most, vector| most.max(vector[e].abs()));
        let (mut a, mut b) = ([0; 4], [0; 4]);
        per_unit.step(&mut a, &symbol);
        per_gate.step(&mut b, &symbol);
        for e in 0..4 {
            let half = |largest: f32| largest / 127.0 * 0.501 + 0.501 * unit;
            assert!((f32::from(a[e]) * unit - exact[e]).abs() < half(largest(e)), "{a:?} {exact:?}");
            assert!((f32::from(b[e]) * unit - exact[e]).abs() < half(3.0), "{b:?} {exact:?}");
        }
        assert!(symbol.index() != 2 || (a[1], b[1]) == (-32767, -32767), "{a:?} {b:?}");
    }
    assert_eq!((size_of_val(&per_gate), size_of_val(&per_unit)), (20 + 2, 20 + 8));
    assert_eq!(size_of::<int8::Projection<6, 5>>(), 30 + 10 + 2 + 4);
}

/// Elements beyond those of the calibration are taken for the largest.
#[test]
fn projections_saturate() {
    let mut net = Network::<Stacked<Projection<2, 2>, Gru<2, 1>>, Dense<1, 3>>::ZERO;
    net.cell.lower.linear.w = [[1.0, -0.5], [0.5, 0.25]];
    net.cell.lower.linear.b = [0.125, 0.0];
    let mut calibration = Calibration::new(&net);
    calibration.observe(&[[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]]).unwrap();
    let projection = calibration.quantize::<PerUnit>().unwrap().cell.lower;
    let (mut state, unit) = ([0; 2], 1.625 / 32767.0);
    projection.step(&mut state, &[0.5_f32, -0.5]);
    for (q, y) in state.iter().zip([0.375, -0.375]) {
        assert!((f32::from(*q) * unit - y).abs() < 0.01, "{state:?}");
    }
    projection.step(&mut state, &[1.0_f32, 1.0]);
    assert!(state[0] > 32500, "{state:?}");
    let mut doubled = projection;
    doubled.b[0] = 32767.into();
    doubled.step(&mut state, &[1.0_f32, 1.0]);
    assert_eq!(state[0], 32767, "a sum beyond 16 bits");
}

/// Outputs that cancel, and those of zeros alone, have a unit all the same.
#[test]
fn projections_of_any_size() {
    let mut net = drawn::<Stacked<Projection<2, 2>, Gru<2, 3>>, 3>();
    net.cell.lower.linear.w = [[1.0, 1.0], [-1.0, 1.0]];
    net.cell.lower.linear.b = [0.0, -20.0];
    for xs in [[[10.0, 10.0], [10.001, 10.0]], [[0.0, 0.0], [0.0, 0.0]]] {
        let mut calibration = Calibration::new(&net);
        calibration.observe(&xs).unwrap();
        let small = calibration.quantize::<PerGate>().unwrap();
        let (exact, near) = (net.predict(&xs).unwrap(), small.predict(&xs).unwrap());
        assert!(apart(&[exact], &[near]) < 0.02, "{exact:?} {near:?}");
    }
}
