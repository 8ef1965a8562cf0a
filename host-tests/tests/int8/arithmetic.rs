//! Scales, sums and outputs of networks in integers.

use elman::int8::{self, Dense, Elman, Gru, Lstm, LstmState, PerGate, PerUnit, Scale, Scaling, Weights};
use elman::{Network, Step, Token, Zero};
use zerocopy::{FromBytes, IntoBytes};

#[test]
fn a_scale_covers_its_factor_and_no_more() {
    let mut factor = 2.0_f32.powi(-20);
    while factor < 0.249 {
        let scale = Scale::covering(factor).unwrap();
        let above = scale.factor() / factor - 1.0;
        assert!((0.0..=2.0_f32.powi(-11)).contains(&above), "{factor:e} {above:e}");
        assert_eq!(Scale::covering(scale.factor()), Some(scale), "a scale covers itself");
        assert!(scale.multiplier() < 1 << 30);
        factor *= 1.01;
    }
    assert_eq!(Scale::covering(0.0), Some(Scale::ZERO));
    assert_eq!(Scale::covering(1e-30).unwrap().multiplier(), 1);
    for factor in [0.25, f32::INFINITY, f32::NAN, -1.0] {
        assert_eq!(Scale::covering(factor), None, "{factor}");
    }
}

/// The largest weights, inputs and states of either sign, in sums as wide as allowed, do not overflow; a debug
/// build would panic.
#[test]
fn extremes_do_not_overflow() {
    const WIDE: usize = 500;
    let largest = Scale::covering(0.2498).unwrap();
    for (w, x) in [(127, 32767), (-127, 32767), (127, -32767), (-128, -32768)] {
        let mut cell = Box::new(Lstm::<WIDE, 3, PerUnit>::ZERO);
        fill(&mut cell.affine.w_ih, w);
        fill(&mut cell.affine.w_hh, w);
        (cell.affine.scale_ih, cell.affine.scale_hh) = ([[largest; 3]; 4], [[largest; 3]; 4]);
        cell.affine.b = [[i16::MAX.into(); 3]; 4];
        let mut state = LstmState { h: [32767; 3], c: [(1 << 30) - 1; 3] };
        for _ in 0..2000 {
            cell.step(&mut state, &[x; WIDE]);
        }
        let mut gru = Box::new(Gru::<WIDE, 5>::ZERO);
        fill(&mut gru.affine.w_ih, w);
        fill(&mut gru.affine.w_hh, w);
        (gru.affine.scale_ih, gru.affine.scale_hh) = ([[largest]; 3], [[largest]; 3]);
        gru.affine.b = [[i16::MIN.into(); 5]; 4];
        let mut state = [-32767; 5];
        gru.step(&mut state, &[x; WIDE]);
        let mut dense = Dense::<WIDE, 1>::ZERO;
        fill(&mut dense.w, w);
        dense.scale = [[largest]];
        let positive = i32::from(w) * i32::from(x) > 0;
        assert_eq!(dense.integers(&[x; WIDE])[0] > 0, positive);
        (dense.b, dense.bias_shift) = ([if positive { i16::MAX } else { i16::MIN }.into()], 15.into());
        assert_eq!(dense.integers(&[x; WIDE])[0] > 0, positive);
    }
}

fn fill<const N: usize, const H: usize, const G: usize>(weights: &mut Weights<N, H, G>, w: i8) {
    (0..G).for_each(|gate| (0..H).for_each(|unit| (0..N).for_each(|input| weights.set(gate, unit, input, w))));
}

/// Checks that every weight has a place of its own, and that the sums use the weights at these places.
fn places<const N: usize, const H: usize, const G: usize>() {
    let mut weights = Weights::<N, H, G>::ZERO;
    let value = |g: usize, u: usize, i: usize| ((g * 31 + u * 17 + i * 7) % 255) as i16 as i8;
    for (gate, unit, input) in all(G, H, N) {
        weights.set(gate, unit, input, value(gate, unit, input));
    }
    for (gate, unit, input) in all(G, H, N) {
        assert_eq!(weights.at(gate, unit, input), value(gate, unit, input));
    }
    for outside in [[G, 0, 0], [0, H, 0], [0, 0, N]] {
        let before = weights;
        weights.set(outside[0], outside[1], outside[2], 9);
        assert_eq!((weights, weights.at(outside[0], outside[1], outside[2])), (before, 0));
    }
    let x: [i16; N] = core::array::from_fn(|i| (i as i16 * 2001 - 9000) ^ 0x55);
    let mut sums = [[1; H]; G];
    int8::add_products(sums.as_flattened_mut(), H, bytes(&weights), &x);
    for (gate, sums) in sums.iter().enumerate() {
        for (unit, &sum) in sums.iter().enumerate() {
            let product = |i: usize| i32::from(value(gate, unit, i)) * i32::from(x[i]);
            assert_eq!(sum, 1 + (0..N).map(product).sum::<i32>());
        }
    }
}

fn bytes<const N: usize, const H: usize, const G: usize>(weights: &Weights<N, H, G>) -> &[i8] {
    <[i8]>::ref_from_bytes(weights.as_bytes()).unwrap()
}

fn all(gates: usize, units: usize, inputs: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    (0..gates).flat_map(move |g| (0..units).flat_map(move |u| (0..inputs).map(move |i| (g, u, i))))
}

#[test]
fn weights_lie_in_tiles_of_four_by_four() {
    places::<1, 1, 1>();
    places::<3, 3, 2>();
    places::<4, 4, 1>();
    places::<6, 9, 3>();
    places::<13, 5, 4>();
    places::<16, 8, 3>();
}

/// A token gives the same state as the one-hot vector that it stands for.
#[test]
fn a_token_is_a_column() {
    let mut cell = Elman::<5, 2, PerUnit>::ZERO;
    for (input, [first, second]) in [[1, 10], [-2, 20], [3, 30], [-4, 40], [5, 50]].into_iter().enumerate() {
        cell.affine.w_ih.set(0, 0, input, first);
        cell.affine.w_ih.set(0, 1, input, second);
    }
    cell.affine.scale_ih = [[Scale::covering(1e-3).unwrap(), Scale::covering(2e-3).unwrap()]];
    cell.affine.resolution = 32767.0.into();
    for index in 0..5 {
        let (mut token, mut vector) = ([0; 2], [0; 2]);
        cell.step(&mut token, &Token::<5>::new(index).unwrap());
        cell.step(&mut vector, &core::array::from_fn::<f32, 5, _>(|i| f32::from(u8::from(i == index))));
        assert_eq!(token, vector);
        assert_ne!(token, [0; 2]);
    }
}

#[test]
fn inputs_are_rounded_and_cut_off() {
    let mut cell = Elman::<1, 1>::ZERO;
    cell.affine.w_ih.set(0, 0, 0, 100);
    (cell.affine.scale_ih, cell.affine.resolution) = ([[Scale::covering(0.01).unwrap()]], 1000.0.into());
    let of = |x: f32| {
        let mut state = [0];
        cell.step(&mut state, &[x]);
        state
    };
    let integer = |x: i16| {
        let mut state = [0];
        cell.step(&mut state, &[x]);
        state
    };
    for (x, q) in [(0.0016, 2), (0.0014, 1), (-0.0016, -2), (1.0, 1000), (40.0, 32767), (-1e30, -32767)] {
        assert_eq!(of(x), integer(q), "{x}");
    }
}

/// A read-out returns real numbers, and also the integers from which they are computed.
#[test]
fn outputs_are_multiples_of_a_power_of_two() {
    let mut net = Network::<Elman<1, 1>, Dense<1, 2, PerUnit>>::ZERO;
    (net.readout.b, net.readout.exponent, net.readout.bias_shift) = ([3.into(), (-5).into()], 6.into(), 1.into());
    assert_eq!(net.step(&mut [0], &[0_i16]), [6.0 / 64.0, -10.0 / 64.0]);
    assert_eq!((net.readout.integers(&[0]), net.readout.unit()), ([6, -10], 1.0 / 64.0));
    fn bytes<S: Scaling>() -> usize {
        size_of::<Network<Gru<3, 10, S>, Dense<10, 6, S>>>()
    }
    // 450 weights, 46 biases of 2 bytes, 7 scales of 2 bytes; 4 bytes of the read-out's units, 4 of the input's.
    assert_eq!(bytes::<PerGate>(), 450 + 92 + 14 + 8);
    assert_eq!(bytes::<PerUnit>(), 450 + 92 + 2 * (60 + 6) + 8);
}
