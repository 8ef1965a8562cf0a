//! Training of every kind of network and target; the validation agrees with the outputs of the network's reader.

use elman::loss::WeightedCrossEntropy;
use elman::optim::Momentum;
use elman::task::TeacherForced;
use elman::vocabulary::Marks;
use elman::{
    Adam, Bidirectional, Class, Clip, Dense, Elman, Embedding, EncoderDecoder, Frozen, Gru, Libm, Lstm, Network,
    Parameters, Random, Reader, Reduction, SquaredError, Stacked, Token, Xoshiro128, Zero, init,
};
use elman_trainer::fit::{Drawn, Fit, Fitted, fit};
use elman_trainer::{ToEach, ToNext, ToOne, ToSome};

const T: usize = 6;

fn started<N: Parameters<Scalar = f32> + Zero>() -> N {
    let mut network = N::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(1));
    network
}

/// Checks that the validation loss fell below `share` times its value after the first epoch.
fn learned(fitted: &Fitted, share: f64) {
    let losses: Vec<_> = fitted.history.epochs.iter().map(|epoch| epoch.valid_loss.unwrap()).collect();
    let best = fitted.history.best().unwrap().valid_loss.unwrap();
    assert!(best < share * losses[0], "{losses:?}");
}

fn values(rng: &mut Xoshiro128) -> Vec<[f32; 1]> {
    (0..T).map(|_| [rng.uniform(-1.0, 1.0)]).collect()
}

/// Returns a sequence whose label tells whether the sum of its values is above 0.
fn to_one(rng: &mut Xoshiro128) -> ToOne<[f32; 1], Class<2>> {
    let inputs = values(rng);
    let sum: f32 = inputs.as_flattened().iter().sum();
    ToOne { inputs, target: Class::new(usize::from(sum > 0.0)).unwrap() }
}

/// Returns a sequence whose label at each step depends on the next step, which only a layer that reads backward
/// can know.
fn next_step(rng: &mut Xoshiro128) -> ToEach<[f32; 1], Class<2>> {
    let inputs = values(rng);
    let next = inputs.iter().skip(1).chain([&[1.0]]);
    let targets = next.map(|[x]| Class::new(usize::from(*x > 0.0)).unwrap()).collect();
    ToEach { inputs, targets }
}

fn many<X>(draw: impl Fn(&mut Xoshiro128) -> X) -> Vec<X> {
    let mut rng = Xoshiro128::from_seed(2);
    (0..40).map(|_| draw(&mut rng)).collect()
}

#[test]
fn a_bidirectional_layer_classifies_from_both_ends() {
    let mut network = started::<Network<Bidirectional<Gru<1, 4>>, Dense<8, 2>>>();
    let samples = many(to_one);
    let how = Fit::<_, T> { epochs: 30, batch: 4, ..Fit::new(Adam::new(0.02)) };
    let fitted = fit(&mut network, &samples, &samples, &how).unwrap();
    learned(&fitted, 0.5);
    let mut reader = Reader::<_, T>::ZERO;
    let right = samples.iter().filter(|s| reader.on(&network).classify(&s.inputs).unwrap() == s.target).count();
    assert_eq!(fitted.history.best().unwrap().valid_accuracy, Some(right as f64 / samples.len() as f64));
}

#[test]
fn each_step_gets_its_label() {
    let mut network = started::<Network<Bidirectional<Lstm<1, 4>>, Dense<8, 2>>>();
    let samples = many(next_step);
    let how = Fit::<_, T, T> { epochs: 40, batch: 4, clip: Clip::Norm(1.0), ..Fit::new(Adam::new(0.02)) };
    let fitted = fit(&mut network, &samples, &samples, &how).unwrap();
    learned(&fitted, 0.5);
    let (mut reader, mut right) = (Reader::<_, T>::ZERO, 0);
    for sample in &samples {
        let mut labels = [Class::default(); T];
        reader.on(&network).label(&sample.inputs, &mut labels).unwrap();
        right += labels.iter().zip(&sample.targets).filter(|(found, truth)| found == truth).count();
    }
    assert_eq!(fitted.history.best().unwrap().valid_accuracy, Some(right as f64 / (T * samples.len()) as f64));
}

#[test]
fn text_is_learned_by_the_next_token() {
    // Each token is followed by the next one, in a cycle.
    let cycle = |rng: &mut Xoshiro128| {
        let first = rng.below(5) as usize;
        ToNext { items: (first..=first + T).map(|n| Token::<5>::new(n % 5).unwrap()).collect() }
    };
    let mut network = started::<Network<Stacked<Embedding<5, 3>, Gru<3, 6>>, Dense<6, 5>>>();
    let samples = many(cycle);
    let how = Fit::<_, T, T> { epochs: 20, batch: 4, ..Fit::new(Adam::new(0.02)) };
    let fitted = fit(&mut network, &samples, &samples, &how).unwrap();
    learned(&fitted, 0.5);
    assert_eq!(fitted.history.best().unwrap().valid_accuracy, Some(1.0));
}

#[test]
fn values_are_learned_without_an_accuracy() {
    let series = |rng: &mut Xoshiro128| {
        let start = rng.uniform(-0.5_f32, 0.5);
        ToNext { items: (0..=T).map(|n| [start + 0.1 * n as f32]).collect() }
    };
    let mut network = started::<Network<Elman<1, 6>, Dense<6, 1>>>();
    let samples = many(series);
    let how = Fit::<_, T, T, _> { epochs: 20, batch: 4, ..Fit::with_loss(Adam::new(0.02), SquaredError) };
    let fitted = fit(&mut network, &samples, &samples, &how).unwrap();
    learned(&fitted, 0.2);
    let epoch = &fitted.history.epochs[0];
    assert_eq!((epoch.train_accuracy, epoch.valid_accuracy), (None, None));
}

#[test]
fn an_encoder_decoder_learns_what_is_taught() {
    let marks = Marks { sos: Token::new(0).unwrap(), eos: Token::new(1).unwrap() };
    let pair = |rng: &mut Xoshiro128| {
        let source: Vec<_> = (0..2).map(|_| Token::<4>::new(2 + rng.below(2) as usize).unwrap()).collect();
        let target: Vec<_> = source.iter().rev().copied().collect();
        TeacherForced::<_, 4, T, 3>::new(&source, &target, marks).unwrap()
    };
    let mut network = started::<Network<EncoderDecoder<Gru<4, 8>, Gru<4, 8>>, Dense<8, 4>>>();
    let samples = many(pair);
    let how = Fit::<_, T, 3> { epochs: 20, batch: 4, ..Fit::new(Adam::new(0.02)) };
    let fitted = fit(&mut network, &samples, &samples, &how).unwrap();
    learned(&fitted, 0.2);
    assert_eq!(fitted.history.best().unwrap().valid_accuracy, Some(1.0));
}

/// Only the read-out learns, with weighted classes and masked steps, for sums and for means over steps.
#[test]
fn a_frozen_cell_stays_as_it_is() {
    let cell = started::<Elman<1, 8>>();
    let (frozen, readout) = (Frozen(&cell), started::<Dense<8, 2>>());
    let mut network = Network { cell: frozen, readout };
    let masked = |rng: &mut Xoshiro128| {
        let ToEach { inputs, .. } = next_step(rng);
        let targets = inputs.iter().map(|[x]| (x.abs() > 0.2).then(|| Class::new(usize::from(*x > 0.0)).unwrap()));
        ToSome { targets: targets.collect(), inputs }
    };
    let samples: Vec<_> = many(masked).into_iter().filter(|s| s.targets.iter().any(Option::is_some)).collect();
    for steps in [Reduction::Sum, Reduction::Mean] {
        let loss = WeightedCrossEntropy { weights: [0.5, 2.0] };
        let momentum = Momentum { rate: 0.05, momentum: 0.5 };
        let how = Fit::<_, T, T, _> { epochs: 10, steps, ..Fit::with_loss(momentum, loss) };
        let fitted = fit(&mut network, &samples, &samples, &how).unwrap();
        let epoch = fitted.history.epochs.last().unwrap();
        let times = epoch.valid_loss.unwrap() / epoch.train_loss;
        assert!((0.5..2.0).contains(&times), "training and validation measure the same: {epoch:?}");
    }
    assert_eq!(cell, started());
    assert_ne!(network.readout, started());
}

#[test]
fn a_problem_without_an_end_is_learned_in_f64() {
    let mut network = Network::<Elman<1, 4, Libm<f64>>, Dense<4, 2, f64>>::ZERO;
    init::orthogonal::<Libm<f64>, _>(&mut network, &mut Xoshiro128::from_seed(1));
    let draw = |rng: &mut Xoshiro128| {
        let ToOne { inputs, target } = to_one(rng);
        ToOne { inputs: inputs.iter().map(|x| x.map(f64::from)).collect(), target }
    };
    let how = Fit::<_, T> { epochs: 10, batch: 4, ..Fit::new(Adam::new(0.02)) };
    let fitted = fit(&mut network, &Drawn { count: 40, draw }, &many(draw), &how).unwrap();
    learned(&fitted, 0.8);
}
