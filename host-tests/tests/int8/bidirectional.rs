//! Bidirectional layers in integers, calibrated with the room of a reader.

use crate::networks::{apart, check, check_within, drawn, sequence, swept};
use elman::cell::{LowRank, Relu};
use elman::dense::Readout;
use elman::error::QuantizeError;
use elman::int8::{self, Calibration, PerGate, PerUnit, Quantize};
use elman::layer::{Add, Concat, Join, Multiply};
use elman::part::{Part, Sweep};
use elman::{Bidirectional, Dense, Elman, Embedding, FastGrnn, Frozen, Gru, Libm, Lstm, Mgu, Network, Projection};
use elman::{Reader, SequenceError, Stacked, Step, Token, Zero};

/// Like `networks::errors`, for networks that read a sequence as a whole.
fn errors<C, X, const H: usize>(net: &Network<C, Dense<H, 3>>, xs: &[X]) -> [f32; 2]
where
    C: Quantize<X, Int8<PerGate>: Sweep<X>, Int8<PerUnit>: Sweep<X>>,
    Dense<H, 3>: Readout<C::Output, Output = [f32; 3]>,
    int8::Dense<H, 3, PerGate>: Readout<<C::Int8<PerGate> as Part>::Output, Output = [f32; 3]>,
    int8::Dense<H, 3, PerUnit>: Readout<<C::Int8<PerUnit> as Part>::Output, Output = [f32; 3]>,
{
    let calibration = calibrated(net, xs);
    let (gate, unit) = (calibration.quantize::<PerGate>().unwrap(), calibration.quantize::<PerUnit>().unwrap());
    let exact = swept(net, xs);
    [apart(&exact, &swept(&gate, xs)), apart(&exact, &swept(&unit, xs))]
}

/// The network with what a reader met of it in a sequence.
fn calibrated<'n, C, X, const H: usize>(
    net: &'n Network<C, Dense<H, 3>>,
    xs: &[X],
) -> Calibration<'n, C, Dense<H, 3>, X>
where
    C: Quantize<X>,
    Dense<H, 3>: Readout<C::Output>,
{
    let (mut calibration, mut reader) = (Calibration::new(net), Reader::<_, 400>::ZERO);
    calibration.observe_in(&mut reader, xs).unwrap();
    calibration
}

type Both<C, J> = Bidirectional<C, C, J>;

#[test]
fn networks_in_integers_are_near_those_they_came_from() {
    let xs = sequence::<6>(7, 300);
    check(errors(&drawn::<Both<Gru<6, 8>, Concat>, 16>(), &xs));
    check(errors(&drawn::<Both<Lstm<6, 9>, Add>, 9>(), &xs));
    check(errors(&drawn::<Both<Mgu<6, 8>, Multiply>, 8>(), &xs));
    check(errors(&drawn::<Both<Elman<6, 8, Libm, 1, Relu>, Concat>, 16>(), &xs));
    check(errors(&drawn::<Both<Elman<6, 8, Libm, 1, Relu>, Add>, 8>(), &xs));
    check(errors(&drawn::<Both<Elman<6, 8, Libm, 1, Relu>, Multiply>, 8>(), &xs));
    check(errors(&drawn::<Both<FastGrnn<6, 7, Libm, LowRank<2>>, Add>, 7>(), &xs));
    check(errors(&drawn::<Both<Gru<6, 1>, Concat>, 2>(), &xs));
    check(errors(&drawn::<Bidirectional<Stacked<Projection<6, 3>, Gru<3, 5>>, Lstm<6, 5>>, 10>(), &xs));
}

#[test]
fn layers_stack_either_way() {
    let xs = sequence::<6>(5, 200);
    type Left = Stacked<Stacked<Gru<6, 8>, Bidirectional<Gru<8, 5>>>, Lstm<10, 7>>;
    type Right = Stacked<Gru<6, 8>, Stacked<Bidirectional<Gru<8, 5>>, Lstm<10, 7>>>;
    check(errors(&drawn::<Left, 7>(), &xs));
    assert_eq!(errors(&drawn::<Left, 7>(), &xs), errors(&drawn::<Right, 7>(), &xs));
    type Twice = Stacked<Both<Gru<6, 4>, Add>, Both<Elman<4, 5, Libm, 1, Relu>, Multiply>>;
    check_within(0.02, errors(&drawn::<Twice, 5>(), &xs));
    type Projected = Stacked<Bidirectional<Gru<6, 4>>, Projection<8, 5>>;
    check(errors(&drawn::<Projected, 5>(), &xs));
    let symbols: Vec<_> = (0..200).map(|t| Token::<11>::new(t * t % 11).unwrap()).collect();
    check(errors(&drawn::<Stacked<Embedding<11, 6>, Bidirectional<Gru<6, 8>>>, 16>(), &symbols));
}

/// The bits are those of the cells, and of their join in wide integers.
fn joined<J, Y, const W: usize>(expected: fn(i64, i64) -> [i64; 2], flat: fn(&Y) -> Vec<i16>)
where
    J: Join<[i16; 3], Output = Y> + Join<[f32; 3]>,
    Y: Copy + Zero,
    Dense<W, 3>: Readout<<J as Join<[f32; 3]>>::Output>,
{
    let net = drawn::<Both<FastGrnn<6, 3>, J>, W>();
    let xs = sequence::<6>(4, 20);
    let layer = calibrated(&net, &xs).quantize::<PerUnit>().unwrap().cell;
    let steps = |cell: &int8::FastGrnn<6, 3, PerUnit>, xs: &mut dyn Iterator<Item = &[f32; 6]>| -> Vec<[i16; 3]> {
        let mut state = [0; 3];
        let step = |x| {
            cell.step(&mut state, x);
            state
        };
        xs.map(step).collect()
    };
    let forward = steps(&layer.forward, &mut xs.iter());
    let backward = steps(&layer.backward, &mut xs.iter().rev());
    let (mut state, mut room) = (Zero::ZERO, [Y::ZERO; 20]);
    let outputs = layer.sweep::<20>(&mut state, &xs, &mut room).unwrap();
    let want = |f: &[i16; 3], b: &[i16; 3]| -> Vec<[i64; 2]> {
        f.iter().zip(b).map(|(&f, &b)| expected(f.into(), b.into())).collect()
    };
    let check = |y: &Y, f, b| {
        let (found, want) = (flat(y), want(f, b));
        let halves = found.chunks(3).enumerate();
        halves.for_each(|(half, y)| y.iter().zip(&want).for_each(|(&y, want)| assert_eq!(i64::from(y), want[half])));
    };
    for (y, (f, b)) in outputs.iter().zip(forward.iter().zip(backward.iter().rev())) {
        check(y, f, b);
    }
    check(&state.joined, forward.last().unwrap(), backward.last().unwrap());
}

#[test]
fn joins_have_the_bits_of_wide_integers() {
    joined::<Concat, _, 6>(|f, b| [f, b], |y: &[[i16; 3]; 2]| y.as_flattened().to_vec());
    joined::<Add, _, 3>(|f, b| [(f + b + 1).div_euclid(2), 0], |y: &[i16; 3]| y.to_vec());
    joined::<Multiply, _, 3>(|f, b| [(f * b + (1 << 14)).div_euclid(1 << 15), 0], |y: &[i16; 3]| y.to_vec());
}

#[test]
fn joins_of_the_largest_numbers_do_not_overflow() {
    fn of<J: Join<[i16; 1], Output = [i16; 1]>>(a: i16, b: i16) -> i16 {
        let mut y = J::begin(&[a]);
        J::complete(&mut y, &[b]);
        y[0]
    }
    for (a, b) in [(i16::MAX, i16::MAX), (i16::MIN, i16::MIN), (i16::MAX, i16::MIN), (-32767, -32767)] {
        let (sum, product) = (i32::from(a) + i32::from(b), i32::from(a) * i32::from(b));
        assert_eq!(i32::from(of::<Add>(a, b)), (sum + 1) >> 1);
        assert_eq!(i32::from(of::<Multiply>(a, b)), ((product + (1 << 14)) >> 15).min(32767));
    }
    assert_eq!(<Add as Join<[i16; 1]>>::unit(0.25), 0.5);
    assert_eq!(<Multiply as Join<[i16; 1]>>::unit(1.0 / 32768.0), 1.0 / 32768.0);
}

/// Directions of different kinds work where their units are the same, and are refused by name where not.
#[test]
fn directions_share_a_unit() {
    let xs = sequence::<6>(8, 50);
    let bounded = drawn::<Bidirectional<Gru<6, 4>, Lstm<6, 4>, Add>, 4>();
    check(errors(&bounded, &xs));
    let mixed = drawn::<Stacked<Gru<6, 6>, Bidirectional<Gru<6, 4>, Elman<6, 4, Libm, 1, Relu>>>, 8>();
    let error = calibrated(&mixed, &xs).quantize::<PerGate>().unwrap_err();
    assert!(matches!(error, QuantizeError::UnequalUnits { .. }), "{error}");
    assert!(error.to_string().contains("cell.upper"), "{error}");
}

/// A sequence that does not fit, or has a NaN, does not count.
#[test]
fn sequences_that_are_refused_do_not_count() {
    let net = drawn::<Bidirectional<Gru<2, 4>>, 8>();
    let (mut calibration, mut reader) = (Calibration::new(&net), Reader::<_, 3>::ZERO);
    let long = calibration.observe_in(&mut reader, &[[1.0, 2.0]; 4]);
    assert_eq!(long, Err(SequenceError::TooLong { length: 4, capacity: 3 }));
    let bad = calibration.observe_in(&mut reader, &[[1.0, 2.0], [f32::NAN, 0.0]]);
    assert_eq!(bad, Err(SequenceError::NonFiniteInput { step: 1 }));
    calibration.observe_in(&mut reader, &[]).unwrap();
    assert_eq!(calibration.quantize::<PerGate>().unwrap_err(), QuantizeError::NothingObserved);
    calibration.observe_in(&mut reader, &[[1.0, 2.0]]).unwrap();
    assert!(calibration.quantize::<PerGate>().is_ok());
}

/// A cell that steps is calibrated to the same bits either way; parts in flash are put into integers like others.
#[test]
fn room_and_flash_change_no_bit() {
    let net = drawn::<Stacked<Projection<6, 5>, FastGrnn<5, 4>>, 4>();
    let xs = sequence::<6>(6, 40);
    let mut by_step = Calibration::new(&net);
    by_step.observe(&xs).unwrap();
    let small = by_step.quantize::<PerUnit>().unwrap();
    assert_eq!(calibrated(&net, &xs).quantize::<PerUnit>().unwrap(), small);
    let cell = Stacked { lower: net.cell.lower.clone(), upper: Frozen(&net.cell.upper) };
    let frozen = Network { cell, readout: net.readout.clone() };
    let mut calibration = Calibration::new(&frozen);
    calibration.observe(&xs).unwrap();
    assert_eq!(calibration.quantize::<PerUnit>().unwrap(), small);
    let in_flash = Network { cell: Frozen(&small.cell), readout: Frozen(&small.readout) };
    assert_eq!(in_flash.predict(&xs), small.predict(&xs));
}
