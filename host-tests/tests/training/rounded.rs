//! Rounded weights: the rule's own update of the exact copy, and weights that integers of 8 bits give back.

use elman::cell::Affine;
use elman::int8::{self, Calibration, PerGate, PerUnit, Quantize, Scales, Scaling, Weights};
use elman::layer::Layer;
use elman::optim::{AdamW, Momentum, Optimizer, Rounded};
use elman::{Adam, Class, Clip, Config, Dense, Elman, Frozen, Gru, Last, Lstm, Network, Parameters, Sgd, Trainer};
use elman::{Step, TrainError, Workspace, Zero};
use host_tests::Noise;
use host_tests::precision::weight_bits;

const STEPS: usize = 5;

type Net<C, const H: usize> = Network<C, Dense<H, 3>>;

/// A network with weights drawn at random, and sequences to learn from.
fn drawn<N: Parameters<Scalar = f32> + Zero>() -> (N, Noise) {
    let (mut network, mut noise) = (N::ZERO, Noise(33));
    noise.fill(&mut network, 1.5);
    (network, noise)
}

fn example(noise: &mut Noise) -> (Vec<[f32; 3]>, Class<3>) {
    (noise.vectors(STEPS), noise.class())
}

/// Each update of the copy is the one that the rule alone makes from the same gradient: both trainers add up gradients, and
/// the plain one is given that of the rounded weights.
fn check_rule<O: Optimizer<Scalar = f32>>(rule: O) {
    type Tested = Net<Gru<3, 5>, 5>;
    let (mut network, mut noise) = drawn::<Tested>();
    let mut plain = network.clone();
    let (mut work, mut plain_work) = (Workspace::<_, Rounded<O>, STEPS>::ZERO, Workspace::<_, O, STEPS>::ZERO);
    let clip = Clip::Norm(0.3);
    for update in 0..6 {
        let (xs, class) = example(&mut noise);
        let config = Config { clip, ..Config::new(Rounded::new(rule)) };
        let mut trainer = Trainer::new(&mut network, &mut work, config).unwrap();
        trainer.accumulate(&mut [0.0; 5], &xs, Last(class)).unwrap();
        let gradient = work.kept().unwrap().gradient.clone();
        let norm = Trainer::new(&mut network, &mut work, config).unwrap().apply().unwrap();

        let config = Config { clip, ..Config::new(rule) };
        let mut trainer = Trainer::new(&mut plain, &mut plain_work, config).unwrap();
        trainer.accumulate(&mut [0.0; 5], &xs, Last(class)).unwrap();
        *plain_work.kept().unwrap().gradient = gradient;
        assert_eq!(Trainer::new(&mut plain, &mut plain_work, config).unwrap().apply().unwrap(), norm);

        let (kept, plain_kept) = (work.kept().unwrap(), plain_work.kept().unwrap());
        assert_eq!(
            weight_bits(kept.exact.unwrap()),
            weight_bits(&plain),
            "{rule:?}, update {update}",
            rule = rule.rate()
        );
        let moments = |moments: &[Tested]| moments.iter().map(weight_bits).collect::<Vec<_>>();
        assert_eq!(moments(kept.moments), moments(plain_kept.moments));
        assert_eq!(kept.updates, plain_kept.updates);
        assert_ne!(weight_bits(&network), weight_bits(&plain));
        assert_eq!((network.cell.affine.b, network.readout.b), (plain.cell.affine.b, plain.readout.b));
    }
}

#[test]
fn the_copy_is_updated_by_the_rule_alone() {
    check_rule(Sgd { rate: 0.1 });
    check_rule(Momentum { rate: 0.1, momentum: 0.9 });
    check_rule(Adam::new(0.05));
    check_rule(AdamW::new(0.05));
}

/// Asserts that weights `[input][gate][unit]` are those of 8 bits. Where the unit of the input is no power of two, a scale may
/// be rounded up.
#[track_caller]
fn check_weights<const N: usize, const H: usize, const G: usize, S: Scaling>(
    w: &[[[f32; H]; G]; N],
    (small, scales): (&Weights<N, H, G>, &Scales<H, G, S>),
    unit: f64,
    exact: bool,
) {
    let most = if exact { 1.0 } else { 1.0 + 2.0_f64.powi(-11) };
    for (input, gate, unit_of) in (0..N).flat_map(|i| (0..G).flat_map(move |g| (0..H).map(move |u| (i, g, u)))) {
        let scales = scales[gate].as_ref();
        let scale = f64::from(scales[unit_of % scales.len()].multiplier()) / 2.0_f64.powi(32);
        let (found, wanted) =
            (f64::from(small.at(gate, unit_of, input)) * scale * unit, f64::from(w[input][gate][unit_of]));
        assert!(found.abs() >= wanted.abs() * (1.0 - 1e-7) && found.abs() <= wanted.abs() * most * (1.0 + 1e-7));
        assert!(found * wanted >= 0.0 && (!exact || found == wanted), "{found} instead of {wanted}");
    }
}

/// Trains for some updates; after each the integers give back the weights.
fn check_weights_of<C, S: Scaling, const H: usize, const G: usize, const B: usize, const V: usize>(
    float: fn(&C) -> &Affine<f32, 3, H, G, B>,
    integer: fn(&C::Int8<S>) -> &int8::Affine<3, H, G, V, S>,
) where
    C: Layer<[f32; 3], Scalar = f32, Output = [f32; H]> + Quantize<[f32; 3], Output = [f32; H]> + Step<[f32; 3]> + Zero,
    Net<C, H>: Parameters<Scalar = f32>,
{
    let (mut network, mut noise) = drawn::<Net<C, H>>();
    let mut work = Workspace::<_, Rounded<Adam, S>, STEPS>::ZERO;
    for _ in 0..20 {
        let (xs, class) = example(&mut noise);
        let config = Config::new(Rounded::new(Adam::new(0.03)));
        Trainer::new(&mut network, &mut work, config).unwrap().update(&xs, Last(class)).unwrap();
        let mut calibration = Calibration::new(&network);
        calibration.observe(&xs).unwrap();
        let small = calibration.quantize::<S>().unwrap();
        let (w, near) = (float(&network.cell), integer(&small.cell));
        let argument = 2.0_f64.powi(-13);
        let input = argument * f64::from(near.resolution.get());
        check_weights::<_, _, _, S>(&w.w_ih, (&near.w_ih, &near.scale_ih), input, false);
        check_weights::<_, _, _, S>(&w.w_hh, (&near.w_hh, &near.scale_hh), argument * 2.0_f64.powi(15), true);
        let rows = network.readout.w.map(|row| [row]);
        let unit = f64::from(small.readout.unit()) * 2.0_f64.powi(15);
        check_weights::<H, 3, 1, S>(&rows, (&small.readout.w, &small.readout.scale), unit, true);
    }
}

#[test]
fn integers_give_back_the_weights() {
    check_weights_of::<Gru<3, 7>, PerGate, 7, 3, 2, 4>(|cell| &cell.affine, |cell| &cell.affine);
    check_weights_of::<Gru<3, 7>, PerUnit, 7, 3, 2, 4>(|cell| &cell.affine, |cell| &cell.affine);
    check_weights_of::<Gru<3, 1>, PerGate, 1, 3, 2, 4>(|cell| &cell.affine, |cell| &cell.affine);
    check_weights_of::<Lstm<3, 9>, PerUnit, 9, 4, 1, 4>(|cell| &cell.affine, |cell| &cell.affine);
    check_weights_of::<Elman<3, 13>, PerGate, 13, 1, 1, 1>(|cell| &cell.affine, |cell| &cell.affine);
    check_weights_of::<Elman<3, 1>, PerUnit, 1, 1, 1, 1>(|cell| &cell.affine, |cell| &cell.affine);
}

/// Each scale is the one of the largest weight of its own gate or unit, so a small unit keeps its digits beside a large one.
#[test]
fn a_scale_is_shared_by_a_gate_or_a_unit() {
    let mut dense = Dense::<2, 3>::ZERO;
    dense.w = [[1.27, 1000.0, 0.0], [-0.01, 4.0, 0.0]];
    let (mut gate, mut unit) = (dense.clone(), dense.clone());
    Rounded::<_, PerGate>::new(Sgd { rate: 1.0 }).adjust(&mut gate);
    Rounded::<_, PerUnit>::new(Sgd { rate: 1.0 }).adjust(&mut unit);
    assert_eq!((gate.w[0][0], gate.w[1][0], unit.w[0][2]), (0.0, 0.0, 0.0));
    let near = |found: f32, wanted: f32| (found / wanted - 1.0).abs() < 1.0 / 2048.0;
    assert!(near(gate.w[0][1], 1000.0) && near(unit.w[0][1], 1000.0) && near(gate.w[1][1], 1000.0 / 127.0));
    assert!(
        near(unit.w[0][0], 1.27) && near(unit.w[1][0], -0.01) && near(unit.w[1][1], 1000.0 / 127.0),
        "{:?}",
        unit.w
    );
}

/// Rounding what is rounded changes nothing, whatever the size of the weights.
#[test]
fn rounded_weights_stay_as_they_are() {
    for size in [f32::MAX, 1e30, 1.0, 1e-3, 1e-30, f32::MIN_POSITIVE, 1e-40, f32::from_bits(1), 0.0] {
        let (mut network, _) = drawn::<Net<Gru<3, 5>, 5>>();
        network.walk([], elman::parameters::Path::ROOT, &mut |_, w, []| w.iter_mut().for_each(|w| *w *= size / 2.0));
        let rounded = Rounded::<_, PerUnit>::new(Sgd { rate: 1.0 });
        rounded.adjust(&mut network);
        let mut again = network.clone();
        rounded.adjust(&mut again);
        assert_eq!(weight_bits(&again), weight_bits(&network), "{size}");
        assert_eq!(elman::parameters::check_finite(&network), Ok(()), "{size}");
    }
}

#[test]
fn frozen_weights_stay_and_those_above_are_rounded() {
    let (below, mut noise) = drawn::<Gru<3, 5>>();
    let before = weight_bits(&below);
    let mut network = Network { cell: Frozen(&below), readout: Dense::<5, 3>::ZERO };
    let mut work = Workspace::<_, Rounded<Adam>, STEPS>::ZERO;
    for _ in 0..4 {
        let (xs, class) = example(&mut noise);
        let config = Config::new(Rounded::new(Adam::new(0.03)));
        Trainer::new(&mut network, &mut work, config).unwrap().update(&xs, Last(class)).unwrap();
        let mut again = network.readout.clone();
        Rounded::<_>::new(Sgd { rate: 1.0 }).adjust(&mut again);
        assert_eq!(weight_bits(&again), weight_bits(&network.readout));
        assert_ne!(weight_bits(&again), weight_bits(&Dense::<5, 3>::ZERO));
    }
    assert_eq!(weight_bits(&below), before);
}

/// An update that would make a weight infinite changes none, nor their copy.
#[test]
fn a_refused_update_changes_nothing() {
    let (mut network, mut noise) = drawn::<Net<Elman<3, 5>, 5>>();
    let mut work = Workspace::<_, Rounded<Momentum>, STEPS>::ZERO;
    for (rate, refused) in [(3e38_f32, true), (0.1, false), (3e38, true), (0.1, false)] {
        let copied = |work: &mut Workspace<Net<Elman<3, 5>, 5>, Rounded<Momentum>, STEPS>| {
            let kept = work.kept().unwrap();
            (weight_bits(kept.exact.unwrap()), *kept.updates)
        };
        let (before, (copy, updates)) = (weight_bits(&network), copied(&mut work));
        let (xs, class) = example(&mut noise);
        let config = Config::new(Rounded::new(Momentum { rate, momentum: 0.9 }));
        let mut trainer = Trainer::new(&mut network, &mut work, config).unwrap();
        for _ in 0..8 {
            trainer.accumulate(&mut [0.0; 5], &xs, Last(class)).unwrap();
        }
        let found = trainer.apply();
        assert_eq!(found.err(), refused.then_some(TrainError::NonFiniteWeight));
        assert_eq!(weight_bits(&network) == before, refused);
        let (copy_after, updates_after) = copied(&mut work);
        assert_eq!(updates_after, updates + u32::from(!refused));
        assert!(updates == 0 || (copy_after == copy) == refused);
    }
}

/// Between a network whose weights 8 bits hold and its integers, only 16-bit numbers and tables differ: a thousandth of
/// the outputs, and less than rounding the weights costs.
#[test]
fn activations_and_biases_of_16_bits_lose_little() {
    type Tested = Net<Gru<3, 33>, 33>;
    let (mut network, mut noise) = drawn::<Tested>();
    let sequences: Vec<Vec<[f32; 3]>> = (0..40).map(|_| noise.vectors(50)).collect();
    let largest = |outputs: [f32; 3]| outputs.iter().fold(0.0_f32, |most, y| most.max(y.abs()));
    let apart = |network: &Tested| {
        let mut calibration = Calibration::new(network);
        sequences.iter().for_each(|xs| calibration.observe(xs).unwrap());
        let small = calibration.quantize::<PerGate>().unwrap();
        let (mut error, mut size) = (0.0_f32, 0.0_f32);
        for xs in &sequences {
            let [exact, near]: [[f32; 3]; 2] = [network.predict(xs).unwrap(), small.predict(xs).unwrap()];
            error = error.max(largest(core::array::from_fn(|k| exact[k] - near[k])));
            size = size.max(largest(exact));
        }
        error / size
    };
    let before = apart(&network);
    Rounded::<_>::new(Sgd { rate: 1.0 }).adjust(&mut network);
    let after = apart(&network);
    println!("of the largest output, {before} where 8 bits do not hold the weights, {after} where they do");
    assert!(after < 1e-3 && after < before, "{before} before, {after} after");
}
