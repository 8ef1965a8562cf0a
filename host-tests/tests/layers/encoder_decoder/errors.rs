//! Inputs that are refused by encoder–decoders.

use elman::target::{Tail, Targets};
use elman::task::TeacherForced;
use elman::{
    Adam, Class, Config, CrossEntropy, Dense, EncoderDecoder, Gru, Network, Sampler, SequenceError, Side, Token,
    TrainError, Trainer, Vocabulary, Workspace, Xoshiro128,
};
use host_tests::plain::drawn;
use host_tests::precision::weight_bits;

type Words = Vocabulary<5, 16>;
type Net = Network<EncoderDecoder<Gru<2, 4>, Gru<5, 4>>, Dense<4, 5>>;

/// Returns the first token of a translation, `None` if the translation is empty, or the error.
fn first(network: &Net, source: &[[f32; 2]]) -> Result<Option<Token<5>>, SequenceError> {
    let rng = Xoshiro128::from_seed(1);
    let mut tokens = network.translate(source, Words::MARKS, Sampler::GREEDY, rng, 3)?;
    let first = tokens.next().transpose();
    if first.is_err() {
        assert_eq!(tokens.next(), None, "an error is the end");
    }
    first
}

#[test]
fn a_source_that_cannot_be_read_is_refused() {
    let network: Net = drawn(61, 1.0);
    assert_eq!(first(&network, &[]), Err(SequenceError::Empty));
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for step in 0..3 {
            let mut source = [[0.5; 2]; 3];
            source[step][1] = bad;
            assert_eq!(first(&network, &source), Err(SequenceError::NonFiniteInput { step }));
        }
    }
}

#[test]
fn outputs_that_are_not_finite_name_their_step_from_the_sources_start() {
    for bad in [f32::NAN, f32::INFINITY] {
        let mut network: Net = drawn(62, 1.0);
        network.readout.b[1] = bad;
        assert_eq!(first(&network, &[[0.5; 2]; 3]), Err(SequenceError::NonFiniteOutput { step: 3 }));
    }
}

#[test]
fn a_pair_that_does_not_fit_is_refused() {
    let (x, y) = ([0.5_f32; 2], Token::<5>::new(4).unwrap());
    let new = |source: usize, target: usize| {
        TeacherForced::<_, 5, 6, 3>::new(&vec![x; source], &vec![y; target], Words::MARKS).map(|_| ())
    };
    assert_eq!(new(3, 2), Ok(()));
    assert_eq!(new(4, 1), Ok(()));
    assert_eq!(new(0, 2), Err(SequenceError::Empty));
    assert_eq!(new(4, 2), Err(SequenceError::TooLong { length: 7, capacity: 6 }));
    assert_eq!(new(1, 3), Err(SequenceError::TooLong { length: 4, capacity: 3 }));
    assert_eq!(new(9, 9), Err(SequenceError::TooLong { length: 19, capacity: 6 }));
}

#[test]
fn targets_at_the_end_stand_at_the_end() {
    let classes: Vec<Class<5>> = Class::all().collect();
    for (targets, steps) in [(0, 0), (0, 4), (1, 1), (1, 4), (3, 3), (3, 4), (5, 5)] {
        let tail = Tail(&classes[..targets]);
        assert_eq!(tail.check(steps), Ok(()));
        let at: Vec<_> = (0..steps).map(|step| tail.at(step, steps)).collect();
        let want = std::iter::repeat_n(None, steps - targets).chain(classes[..targets].iter().map(Some));
        assert_eq!(at, want.collect::<Vec<_>>(), "{targets} of {steps}");
        assert_eq!(tail.at(steps, steps), None);
    }
    for (targets, steps) in [(1, 0), (4, 3), (5, 1)] {
        assert_eq!(Tail(&classes[..targets]).check(steps), Err(TrainError::TargetCount { targets, steps }));
    }
}

#[test]
fn training_refuses_and_changes_nothing() {
    let mut network: Net = drawn(63, 1.0);
    let before = weight_bits(&network);
    let y = Token::<5>::new(4).unwrap();
    let xs = [Side::Source([0.5; 2]), Side::Source([1.0; 2]), Side::Target(Words::SOS)];
    let mut bad = xs;
    bad[1] = Side::Source([0.0, f32::NAN]);
    assert_eq!(
        network.evaluate(&CrossEntropy, &xs, Tail(&[y; 4])),
        Err(TrainError::TargetCount { targets: 4, steps: 3 })
    );
    let mut workspace = Box::new(Workspace::<Net, Adam, 3, 2>::ZERO);
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Adam::new(0.01))).unwrap();
    let mut refused = |xs: &[_], targets: &[_], error| assert_eq!(trainer.update(xs, Tail(targets)), Err(error));
    refused(&xs, &[y; 4], TrainError::TargetCount { targets: 4, steps: 3 });
    refused(&xs, &[y; 3], TrainError::TooManyTargets { targets: 3, capacity: 2 });
    refused(&bad, &[y], SequenceError::NonFiniteInput { step: 1 }.into());
    assert_eq!(weight_bits(&network), before);
    let mut workspace = Box::new(Workspace::<Net, Adam, 3, 2>::ZERO);
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Adam::new(0.01))).unwrap();
    trainer.update(&xs, Tail(&[y; 2])).unwrap();
    assert_ne!(weight_bits(&network), before);
}
