//! Training on a source and its target with every kind of tape: whole, in slices, checkpointed, in windows.

use elman::optim::{InPlaceSgd, Optimizer};
use elman::target::{Tail, Targets};
use elman::{
    Adam, Clip, Config, Dense, Embedding, EncoderDecoder, Gru, Lstm, Masked, Network, Projection, Sgd, Side, Stacked,
    Step, Token, Trainer, Workspace, Zero,
};
use host_tests::Noise;
use host_tests::cells::Trained;
use host_tests::in_slices;
use host_tests::plain::drawn;
use host_tests::precision::{tensors, weight_bits};
use std::fmt::Debug;

const SOURCE: usize = 5;
const TARGET: usize = 7;
const STEPS: usize = SOURCE + TARGET;

type Net<C> = Network<C, Dense<5, 4>>;
type Words<const V: usize> = Stacked<Embedding<V, 3>, Gru<3, 5>>;

/// Loss, norm, state and weights after each update; the state is text, since different floats have different
/// `Debug` outputs.
type Seen = Vec<(u32, Option<u32>, String, Vec<u64>)>;

/// Performs three updates, each from the state that the previous one left.
fn learn<C: Trained<X, Scalar = f32, Output = [f32; 5], State: Debug>, X, const T: usize, const P: usize>(
    xs: &[X],
    targets: impl Targets<Token<4>> + Copy,
    slices: bool,
) -> Seen {
    let (mut network, mut state) = (drawn::<Net<C>>(41, 1.5), C::State::ZERO);
    let mut workspace = Box::new(Workspace::<_, _, T, T, P>::ZERO);
    let config = Config { clip: Clip::Norm(0.5), ..Config::new(Adam::new(0.05)) };
    let update = |_| {
        let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
        let report = if slices {
            in_slices(&mut trainer, &mut state, xs, targets).unwrap()
        } else {
            trainer.update_from(&mut state, xs, targets).unwrap()
        };
        let norm = report.gradient_norm.map(f32::to_bits);
        (report.loss.to_bits(), norm, format!("{state:?}"), weight_bits(&network))
    };
    (0..3).map(update).collect()
}

fn same_bits<C: Trained<Side<X, Y>, Scalar = f32, Output = [f32; 5], State: Debug>, X, Y>(
    x: impl Fn(&mut Noise) -> X,
    y: impl Fn(&mut Noise) -> Y,
) {
    let mut noise = Noise(42);
    let source: Vec<_> = (0..SOURCE).map(|_| Side::Source(x(&mut noise))).collect();
    let xs: Vec<_> = source.into_iter().chain((0..TARGET).map(|_| Side::Target(y(&mut noise)))).collect();
    let classes = noise.classes::<4>(TARGET);
    let tail = Tail(&classes);
    let full = learn::<C, _, STEPS, 1>(&xs, tail, false);
    assert_ne!(full[0].3, full[2].3);
    let masked: Vec<_> = std::iter::repeat_n(None, SOURCE).chain(classes.iter().copied().map(Some)).collect();
    assert_eq!(learn::<C, _, STEPS, 1>(&xs, Masked(&masked), false), full, "the same targets in the other form");
    for slices in [false, true] {
        assert_eq!(learn::<C, _, STEPS, 1>(&xs, tail, slices), full, "slices: {slices}");
        assert_eq!(learn::<C, _, { STEPS + 3 }, 1>(&xs, tail, slices), full, "room to spare, slices: {slices}");
        assert_eq!(learn::<C, _, 1, STEPS>(&xs, tail, slices), full, "segments of 1, slices: {slices}");
        // The source ends within a segment, and at the end of one.
        assert_eq!(learn::<C, _, 4, 3>(&xs, tail, slices), full, "segments of 4, slices: {slices}");
        assert_eq!(learn::<C, _, 5, 3>(&xs, tail, slices), full, "segments of 5, slices: {slices}");
    }
}

#[test]
fn every_tape_has_the_same_bits() {
    type Sides<E, D> = EncoderDecoder<E, D>;
    same_bits::<Sides<Gru<2, 5>, Gru<3, 5>>, [f32; 2], Token<3>>(Noise::vector, Noise::class);
    same_bits::<Sides<Lstm<2, 5>, Lstm<3, 5>>, Token<2>, [f32; 3]>(Noise::class, Noise::vector);
    same_bits::<Sides<Words<4>, Words<3>>, Token<4>, Token<3>>(Noise::class, Noise::class);
    type Caption = Stacked<Sides<Projection<2, 3>, Embedding<3, 3>>, Gru<3, 5>>;
    same_bits::<Caption, [f32; 2], Token<3>>(Noise::vector, Noise::class);
}

type Exact = Network<super::Gated, Dense<5, 4, f64>>;

fn pair() -> (Vec<super::Dense23>, Vec<Token<4>>) {
    let mut noise = Noise(43);
    (super::layout(&mut noise, SOURCE, TARGET), noise.classes(TARGET))
}

fn updated<O: Optimizer<Scalar = f64>>(optimizer: O) -> Exact {
    let (mut network, (xs, classes)) = (drawn::<Exact>(44, 1.5), pair());
    let mut workspace = Box::new(Workspace::<_, _, STEPS, TARGET>::ZERO);
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(optimizer)).unwrap();
    for _ in 0..3 {
        trainer.update(&xs, Tail(&classes)).unwrap();
    }
    network
}

#[test]
fn descent_in_place_is_descent() {
    let (kept, in_place) = (updated(Sgd { rate: 0.1 }), updated(InPlaceSgd { rate: 0.1 }));
    for ((path, want), (_, got)) in tensors(&kept).iter().zip(tensors(&in_place)) {
        host_tests::assert_close(path, &got, want, host_tests::tolerance::REORDERED);
    }
    assert_ne!(weight_bits(&kept), weight_bits(&drawn::<Exact>(44, 1.5)));
}

/// With truncation between source and target, the state is carried over, but the encoder learns nothing.
#[test]
fn a_window_that_begins_with_the_target_cuts_the_encoder_off() {
    let (xs, classes) = pair();
    let former = drawn::<Exact>(45, 1.5);
    let (mut network, mut state) = (former.clone(), Zero::ZERO);
    xs[..SOURCE].iter().for_each(|x| network.cell.step(&mut state, x));
    let mut workspace = Box::new(Workspace::<_, _, STEPS, TARGET>::ZERO);
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Sgd { rate: 0.1 })).unwrap();
    let cut = trainer.accumulate(&mut state, &xs[SOURCE..], Tail(&classes)).unwrap();
    let whole = trainer.accumulate(&mut [0.0; 5], &xs, Tail(&classes)).unwrap();
    assert_eq!(cut.to_bits(), whole.to_bits());
    workspace.reset();
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Sgd { rate: 0.1 })).unwrap();
    trainer.update_from(&mut state, &xs[SOURCE..], Tail(&classes)).unwrap();
    assert_eq!(weight_bits(&network.cell.encoder), weight_bits(&former.cell.encoder));
    assert_ne!(weight_bits(&network.cell.decoder), weight_bits(&former.cell.decoder));
}
