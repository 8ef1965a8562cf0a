//! FastGRNN in integers: full and low rank, a state beyond 1, the order of units and of ranks.

use crate::networks::{apart, check_within, drawn, errors, real, run, sequence};
use elman::cell::{FullRank, LowRank, Rank};
use elman::int8::{self, Calibration, PerGate, PerUnit};
use elman::{Dense, FastGrnn, Libm, Network, Step, Token, Zero};

type Full = FastGrnn<6, 32>;
type Low<const H: usize, const R: usize, const Q: usize> = FastGrnn<6, H, Libm, LowRank<R>, LowRank<Q>>;

/// Returns a network with random weights and the initial ζ and ν of the authors' code, which keep the state within 1;
/// ν = ½ does not.
fn started<const I: usize, const H: usize, W: Rank, U: Rank>() -> Network<FastGrnn<I, H, Libm, W, U>, Dense<H, 3>> {
    let mut net = drawn::<FastGrnn<I, H, Libm, W, U>, H>();
    net.cell.start_scalars();
    net
}

#[test]
fn networks_in_integers_are_near_those_they_came_from() {
    let xs = sequence::<6>(7, 300);
    check_within(0.02, errors(&drawn::<Full, 32>(), &xs));
    check_within(0.02, errors(&started::<6, 32, FullRank, FullRank>(), &xs));
    check_within(0.02, errors(&drawn::<Low<32, 4, 8>, 32>(), &xs));
    check_within(0.02, errors(&started::<6, 16, LowRank<2>, FullRank>(), &xs));
    check_within(0.02, errors(&started::<6, 16, FullRank, LowRank<5>>(), &xs));
    check_within(0.02, errors(&drawn::<Low<7, 1, 1>, 7>(), &xs));
    check_within(0.02, errors(&drawn::<Low<1, 1, 1>, 1>(), &xs));
    let symbols: Vec<_> = (0..300).map(|t| Token::<11>::new(t * t % 11).unwrap()).collect();
    check_within(0.02, errors(&drawn::<FastGrnn<11, 20, Libm, LowRank<3>>, 20>(), &symbols));
}

/// The arithmetic alone: the same weights, scalars and inputs in f64.
#[test]
fn the_arithmetic_is_that_of_f64_to_three_digits() {
    let net = started::<6, 32, FullRank, FullRank>();
    let xs = sequence::<6>(7, 2000);
    let mut calibration = Calibration::new(&net);
    calibration.observe(&xs).unwrap();
    let small = calibration.quantize::<PerUnit>().unwrap().cell;
    let quantum = 1.0 / f64::from(small.resolution.get());
    let largest = xs.iter().scan([0.0; 32], |state, x| {
        net.cell.step(state, x);
        Some(state.iter().fold(0.0_f32, |most, h| most.max(h.abs())))
    });
    let unit = f64::from(largest.fold(1.0, f32::max)) / 32767.0;
    let mut exact = FastGrnn::<6, 32, Libm<f64>>::ZERO;
    let (w, u) = (&small.w_ih, &small.w_hh);
    exact.w_ih = real::<_, _, _, PerUnit>((&w.w, &w.scale), quantum, 2.0_f64.powi(-13)).map(|[row]| row);
    exact.w_hh = real::<_, _, _, PerUnit>((&u.w, &u.scale), unit, 2.0_f64.powi(-13)).map(|[row]| row);
    exact.b = small.b.map(|b| b.map(|b| f64::from(b.get()) / 2048.0));
    let logit = |q: u16| {
        let portion = f64::from(q) * unit / 2.0;
        (portion / (1.0 - portion)).ln()
    };
    (exact.zeta, exact.nu) = (logit(small.zeta.get()), logit(small.nu.get()));
    let (mut near, mut state, mut worst) = ([0_i16; 32], [0.0; 32], [0.0_f64; 2]);
    for (t, x) in xs.iter().enumerate() {
        let q = x.map(|x| (f64::from(x) / quantum).round());
        small.step(&mut near, &q.map(|q| q as i16));
        exact.step(&mut state, &q.map(|q| q * quantum));
        let half = usize::from(t >= 1000);
        for (near, exact) in near.iter().zip(state) {
            worst[half] = worst[half].max((f64::from(*near) * unit - exact).abs());
        }
    }
    println!("{worst:?}");
    assert!(worst[0] < 5e-4 && worst[1] < 1.5 * worst[0], "{worst:?}");
}

/// A state that grows to ζ + ν / (1 − z), far above 1.
#[test]
fn a_state_beyond_one_has_a_unit_that_holds_it() {
    let mut net = drawn::<FastGrnn<6, 8>, 8>();
    net.cell.b[0] = [3.0; 8];
    net.cell.b[1] = [1.0; 8];
    let xs = sequence::<6>(2, 300);
    let mut state = [0.0; 8];
    xs.iter().for_each(|x| net.cell.step(&mut state, x));
    assert!(state.iter().any(|h| h.abs() > 3.0), "{state:?}");
    check_within(0.02, errors(&net, &xs));
    // Steps that lead further than the calibration saturate.
    let mut calibration = Calibration::new(&net);
    calibration.observe(&xs[..3]).unwrap();
    let small = calibration.quantize::<PerUnit>().unwrap().cell;
    let mut state = [0; 8];
    xs.iter().for_each(|x| small.step(&mut state, x));
    assert!(state.contains(&i16::MAX) || state.contains(&-i16::MAX), "{state:?}");
}

/// Both scalars count: exchanged, the outputs are far off.
#[test]
fn zeta_is_not_nu() {
    let net = started::<6, 16, FullRank, LowRank<4>>();
    let xs = sequence::<6>(3, 100);
    let mut calibration = Calibration::new(&net);
    calibration.observe(&xs).unwrap();
    let small = calibration.quantize::<PerUnit>().unwrap();
    let (mut scalars, mut biases) = (small, small);
    (scalars.cell.zeta, scalars.cell.nu) = (small.cell.nu, small.cell.zeta);
    biases.cell.b.reverse();
    let exact = run(&small, &xs);
    assert!(apart(&exact, &run(&scalars, &xs)) > 0.1);
    assert!(apart(&exact, &run(&biases, &xs)) > 0.1);
}

#[test]
fn the_order_of_units_and_ranks_changes_no_bit() {
    let net = drawn::<Low<5, 3, 2>, 5>();
    let xs = sequence::<6>(9, 50);
    let (order, ranks) = ([3, 0, 4, 2, 1], [2, 0, 1]);
    let mut turned = net.clone();
    let (w, u) = (&net.cell.w_ih, &net.cell.w_hh);
    turned.cell.w_ih.down = w.down.map(|row| ranks.map(|rank| row[rank]));
    turned.cell.w_ih.up = ranks.map(|rank| order.map(|unit| w.up[rank][unit]));
    turned.cell.w_hh.down = order.map(|unit| u.down[unit]);
    turned.cell.w_hh.up = u.up.map(|row| order.map(|unit| row[unit]));
    turned.cell.b = net.cell.b.map(|b| order.map(|unit| b[unit]));
    turned.readout.w = order.map(|unit| net.readout.w[unit]);
    let of = |net: &Network<Low<5, 3, 2>, Dense<5, 3>>| {
        let mut calibration = Calibration::new(net);
        calibration.observe(&xs).unwrap();
        let small = calibration.quantize::<PerUnit>().unwrap();
        let first = run(&small, &xs);
        assert_eq!(run(&small, &xs), first, "a reset and the same inputs");
        first
    };
    assert_eq!(of(&turned), of(&net));
}

/// The numbers between two matrices are small beside what the weights could make of the inputs: the scale still holds.
#[test]
fn factors_that_cancel() {
    let mut net = drawn::<Low<6, 1, 1>, 6>();
    net.cell.w_ih.down = [[1.0], [-1.0], [1.0], [-1.0], [1.0], [-1.0]];
    let xs: Vec<_> = sequence::<6>(3, 100).into_iter().map(|x| x.map(|y| 50.0 + 0.01 * y)).collect();
    let mut calibration = Calibration::new(&net);
    calibration.observe(&xs).unwrap();
    let small = calibration.quantize::<PerUnit>().unwrap();
    let mut state = [0.0; 6];
    let exact: Vec<_> = xs.iter().map(|x| net.step(&mut state, x)).collect();
    assert!(apart(&exact, &run(&small, &xs)) < 0.05);
}

/// Weights, biases, scales, ζ, ν and the unit of the input.
#[test]
fn bytes_are_those_of_the_documentation() {
    assert_eq!(size_of::<int8::FastGrnn<9, 80>>(), 80 * 89 + 4 + 4 * 80 + 4 + 4);
    type Low = int8::FastGrnn<9, 80, PerGate, LowRank<9>, LowRank<8>>;
    assert_eq!(size_of::<Low>(), 9 * 89 + 8 * 160 + 8 + 4 * 80 + 4 + 4);
    type Units = int8::FastGrnn<9, 80, PerUnit, LowRank<9>, LowRank<8>>;
    assert_eq!(size_of::<Units>(), 9 * 89 + 8 * 160 + 2 * (9 + 8 + 2 * 80) + 4 * 80 + 4 + 4);
    assert_eq!(align_of::<Low>(), 1);
}
