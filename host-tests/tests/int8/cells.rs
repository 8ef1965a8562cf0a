//! Networks in integers compared with the original networks, and with f64 networks of the same rounded weights.

use crate::networks::{check, drawn, errors, real, run, sequence};
use elman::cell::{Relu, Sigmoid};
use elman::int8::{self, Calibration, PerGate, PerUnit};
use elman::part::Part;
use elman::{Elman, Gru, Libm, Lstm, Mgu, ResetBeforeGru, Stacked, Step, Token, Zero};

#[test]
fn networks_in_integers_are_near_those_they_came_from() {
    let xs = sequence::<6>(7, 300);
    check(errors(&drawn::<Elman<6, 32>, 32>(), &xs));
    check(errors(&drawn::<Elman<6, 32, Libm, 1, Relu>, 32>(), &xs));
    check(errors(&drawn::<Elman<6, 32, Libm, 1, Sigmoid>, 32>(), &xs));
    check(errors(&drawn::<Mgu<6, 32>, 32>(), &xs));
    check(errors(&drawn::<Mgu<6, 33, Libm, 0>, 33>(), &xs));
    check(errors(&drawn::<Mgu<6, 1>, 1>(), &xs));
    check(errors(&drawn::<Gru<6, 32>, 32>(), &xs));
    check(errors(&drawn::<Gru<6, 32, Libm, 0>, 32>(), &xs));
    check(errors(&drawn::<ResetBeforeGru<6, 32>, 32>(), &xs));
    check(errors(&drawn::<Lstm<6, 32, Libm, 2>, 32>(), &xs));
    check(errors(&drawn::<Stacked<Gru<6, 16>, Stacked<Lstm<16, 12>, Elman<12, 8>>>, 8>(), &xs));
    check(errors(&drawn::<Gru<6, 1>, 1>(), &xs));
    let symbols: Vec<_> = (0..300).map(|t| Token::<11>::new(t * t % 11).unwrap()).collect();
    check(errors(&drawn::<Gru<11, 20>, 20>(), &symbols));
}

/// Number of steps of a long stream, and of its first and last part.
const STREAM: usize = 100_000;
const PART: usize = 1000;

/// The arithmetic alone, over a long stream: `f64` has the same weights and inputs, so the error is the rounding of states,
/// arguments and functions. It does not grow with time.
#[test]
fn the_arithmetic_is_that_of_f64_to_three_digits() {
    let net = drawn::<Gru<6, 32>, 32>();
    let xs = sequence::<6>(7, STREAM);
    let mut calibration = Calibration::new(&net);
    calibration.observe(&xs).unwrap();
    let small = calibration.quantize::<PerUnit>().unwrap().cell;
    let affine = &small.affine;
    let quantum = 1.0 / f64::from(affine.resolution.get());
    let argument = 2.0_f64.powi(-13);
    let mut exact = Gru::<6, 32, Libm<f64>>::ZERO;
    exact.affine.w_ih = real::<_, _, _, PerUnit>((&affine.w_ih, &affine.scale_ih), quantum, argument);
    exact.affine.w_hh = real::<_, _, _, PerUnit>((&affine.w_hh, &affine.scale_hh), 2.0_f64.powi(-15), argument);
    let b = affine.b.map(|b| b.map(|b| f64::from(b.get()) / 2048.0));
    exact.affine.b = [[b[0], b[1], b[2]], [[0.0; 32], [0.0; 32], b[3]]];
    let (mut near, mut state, mut worst) = ([0_i16; 32], [0.0; 32], [0.0_f64; 3]);
    for (t, x) in xs.iter().enumerate() {
        let q = x.map(|x| (f64::from(x) / quantum).round());
        small.step(&mut near, &q.map(|q| q as i16));
        exact.step(&mut state, &q.map(|q| q * quantum));
        for (near, exact) in near.iter().zip(state) {
            let error = (f64::from(*near) / 32768.0 - exact).abs();
            let parts = [t < PART, t >= STREAM - PART, true];
            worst.iter_mut().zip(parts).filter(|(_, is_in)| *is_in).for_each(|(worst, _)| *worst = worst.max(error));
        }
    }
    let [first, last, all] = worst;
    println!("largest error of h: first part {first:.2e}, last part {last:.2e}, all {all:.2e}");
    assert!(all < 1e-3 && last <= 1.5 * first, "{worst:?}");
}

/// A repeated run and another order of the units change no bit.
#[test]
fn the_same_steps_give_the_same_bits() {
    let net = drawn::<Lstm<6, 5>, 5>();
    let xs = sequence::<6>(9, 50);
    let mut calibration = Calibration::new(&net);
    calibration.observe(&xs).unwrap();
    let small = calibration.quantize::<PerUnit>().unwrap();
    let first = run(&small, &xs);
    assert_eq!(run(&small, &xs), first);
    let mut turned = net.clone();
    let order = [3, 0, 4, 2, 1];
    for (i, row) in net.cell.affine.w_ih.iter().enumerate() {
        turned.cell.affine.w_ih[i] = row.map(|gate| order.map(|unit| gate[unit]));
    }
    for (unit, from) in order.into_iter().enumerate() {
        turned.cell.affine.w_hh[unit] = net.cell.affine.w_hh[from].map(|gate| order.map(|unit| gate[unit]));
        turned.readout.w[unit] = net.readout.w[from];
    }
    turned.cell.affine.b = net.cell.affine.b.map(|b| b.map(|gate| order.map(|unit| gate[unit])));
    let mut calibration = Calibration::new(&turned);
    calibration.observe(&xs).unwrap();
    assert_eq!(run(&calibration.quantize::<PerUnit>().unwrap(), &xs), first);
}

/// Classification, streams and probabilities need nothing that a cell in integers lacks.
#[test]
fn tasks_run() {
    let net = drawn::<Gru<6, 8>, 8>();
    let xs = sequence::<6>(1, 20);
    let mut calibration = Calibration::new(&net);
    calibration.observe(&xs).unwrap();
    let small = calibration.quantize::<PerGate>().unwrap();
    assert_eq!(small.classify(&xs), net.classify(&xs));
    let [exact, near]: [[f32; 3]; 2] = [net.probabilities(&xs).unwrap(), small.probabilities(&xs).unwrap()];
    assert!(exact.iter().zip(near).all(|(a, b)| (a - b).abs() < 0.01), "{exact:?} {near:?}");
    assert!((near.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    let mut wrong = xs.clone();
    wrong[3][2] = f32::NAN;
    assert!(small.classify(&wrong).is_err());
    let unit = small.readout.unit();
    let mut state = <int8::Gru<6, 8> as Part>::State::ZERO;
    let outputs = small.step(&mut state, &xs[0]);
    assert_eq!(small.readout.integers(&state).map(|integer| integer as f32 * unit), outputs);
}
