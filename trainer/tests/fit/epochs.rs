//! Runs over a data set: the samples visited, the weights kept, and the errors.

use super::problem::{Net, Sample, T, bits, samples, start, timeless};
use elman::error::ConfigError;
use elman::{Adam, Class, Clip, SequenceError, Sgd, TrainError, Xoshiro128};
use elman_trainer::fit::{Average, Drawn, Fit, FitError, Outcome, Patience, Schedule, Varied, Which, fit};
use elman_trainer::seeds::in_parallel;
use elman_trainer::{Progress, ToOne};
use std::cell::RefCell;

fn adam<'a>() -> Fit<'a, Adam, T> {
    Fit { epochs: 3, batch: 2, ..Fit::new(Adam::new(0.05)) }
}

#[test]
fn each_sample_is_visited_once_an_epoch_in_an_order_of_its_own() {
    let train = samples(9, 1);
    let visits = RefCell::new(Vec::new());
    let watched = Varied(&train, |sample: &Sample, _: &mut Xoshiro128| {
        visits.borrow_mut().push(train.iter().position(|other| std::ptr::eq(other, sample)).unwrap());
        sample.clone()
    });
    for batch in [1, 2, 3, 9, 100] {
        visits.borrow_mut().clear();
        fit(&mut start(), &watched, &[], &Fit { batch, ..adam() }).unwrap();
        let visits = visits.borrow();
        let epochs: Vec<_> = visits.chunks(9).collect();
        assert_eq!(epochs.len(), 3);
        for epoch in &epochs {
            let mut sorted = epoch.to_vec();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..9).collect::<Vec<_>>());
        }
        assert!(epochs[0] != epochs[1] && epochs[1] != epochs[2]);
    }
}

#[test]
fn the_seed_decides_the_order_and_nothing_else_does() {
    let run = |seed| {
        let mut network = start();
        fit(&mut network, &samples(9, 1), &[], &Fit { seed, ..adam() }).unwrap();
        bits(&network)
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn seeds_side_by_side_are_those_one_after_another() {
    let (train, valid) = (samples(20, 1), samples(10, 2));
    let run = |seed| {
        let mut network = start();
        let fitted = fit(&mut network, &train, &valid, &Fit { seed, ..adam() }).unwrap();
        (bits(&network), timeless(&fitted.history))
    };
    let seeds: Vec<u64> = (0..12).collect();
    assert_eq!(in_parallel(&seeds, run), seeds.iter().map(|&seed| run(seed)).collect::<Vec<_>>());
    assert!(in_parallel(&[], run).is_empty());
}

#[test]
fn the_best_weights_are_left_and_not_the_last() {
    let (train, valid) = (samples(12, 1), samples(12, 2));
    // The rate is so high that the loss goes up and down.
    let how = Fit { epochs: 30, ..Fit::<_, T>::new(Adam::new(0.5)) };
    let mut network = start();
    let fitted = fit(&mut network, &train, &valid, &how).unwrap();
    let best = fitted.history.best().unwrap();
    assert!(best.epoch < 30, "epoch {}", best.epoch);
    let losses: Vec<_> = fitted.history.epochs.iter().map(|epoch| epoch.valid_loss.unwrap()).collect();
    assert!(losses.iter().all(|&loss| loss >= best.valid_loss.unwrap()), "{losses:?}");
    let mut until_best = start();
    fit(&mut until_best, &train, &valid, &Fit { epochs: best.epoch, ..how }).unwrap();
    assert_eq!(bits(&network), bits(&until_best));
    let mut last = start();
    fit(&mut last, &train, &[], &how).unwrap();
    assert_ne!(bits(&network), bits(&last), "without validation the last weights are left");
}

#[test]
fn validation_is_what_the_network_answers() {
    let (train, valid) = (samples(12, 1), samples(11, 2));
    let mut network = start();
    let fitted = fit(&mut network, &train, &valid, &Fit { epochs: 1, ..adam() }).unwrap();
    let right = valid.iter().filter(|sample| network.classify(&sample.inputs).unwrap() == sample.target).count();
    let [epoch] = &fitted.history.epochs[..] else { panic!("one epoch") };
    assert_eq!(epoch.valid_accuracy, Some(right as f64 / 11.0));
    let loss: f64 = valid
        .iter()
        .map(|sample| {
            let loss = network.evaluate(&elman::CrossEntropy, &sample.inputs, elman::Last(sample.target)).unwrap();
            f64::from(loss)
        })
        .sum();
    assert_eq!(epoch.valid_loss, Some(loss / 11.0));
    assert_eq!((epoch.epoch, epoch.updates, fitted.history.best), (1, 6, Some(0)));
    assert!(epoch.gradient_norm.unwrap() > 0.0 && epoch.train_accuracy.is_some());
}

#[test]
fn patience_ends_a_run_that_does_not_improve() {
    let (train, valid) = (samples(12, 1), samples(12, 2));
    // The rate is so low that no epoch improves by the minimum.
    let still = Fit { epochs: 50, ..Fit::<_, T>::new(Sgd { rate: 1e-6 }) };
    for epochs in [1, 4] {
        let patience = Some(Patience { epochs, min_delta: 0.01 });
        let fitted = fit(&mut start(), &train, &valid, &Fit { patience, ..still }).unwrap();
        assert_eq!((fitted.outcome, fitted.history.epochs.len()), (Outcome::StoppedEarly, 1 + epochs));
    }
    let patience = Some(Patience { epochs: 50, min_delta: 0.01 });
    let fitted = fit(&mut start(), &train, &valid, &Fit { patience, ..still }).unwrap();
    assert_eq!((fitted.outcome, fitted.history.epochs.len()), (Outcome::Finished, 50));
}

#[test]
fn the_schedule_sets_the_rate() {
    let train = samples(4, 1);
    let schedule = Schedule::Step { epochs: 1, factor: 0.5 };
    let fitted = fit(&mut start(), &train, &[], &Fit { schedule, ..adam() }).unwrap();
    let rates: Vec<_> = fitted.history.epochs.iter().map(|epoch| epoch.rate).collect();
    assert_eq!(rates, [0.05_f32, 0.025, 0.0125].map(f64::from));
}

/// The gradient of a batch is a mean, not a sum: two copies of a sample give the same update as one, with the same
/// bits for a sample of one step.
#[test]
fn gradients_of_a_batch_are_averaged() {
    let sample = ToOne { inputs: vec![[0.3, -0.7]], target: Class::new(1).unwrap() };
    let sgd = Fit { epochs: 1, ..Fit::<_, T>::new(Sgd { rate: 0.5 }) };
    let learned = |copies: usize, batch| {
        let mut network = start();
        fit(&mut network, &vec![sample.clone(); copies], &[], &Fit { batch, ..sgd }).unwrap();
        bits(&network)
    };
    assert_eq!(learned(2, 2), learned(1, 1));
    assert_eq!(learned(1, 100), learned(1, 1), "a batch larger than the set");
    assert_ne!(learned(2, 1), learned(1, 1));
}

#[test]
fn nothing_to_learn_from_is_an_error() {
    let none: [Sample; 0] = [];
    let refused = fit(&mut start(), &none[..], &samples(3, 2), &adam());
    assert!(matches!(refused, Err(FitError::NothingToLearn)));
    let drawn = Drawn { count: 0, draw: |_: &mut Xoshiro128| samples(1, 0).remove(0) };
    assert!(matches!(fit(&mut start(), &drawn, &[], &adam()), Err(FitError::NothingToLearn)));
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let (train, none) = (samples(3, 1), Vec::new());
    let patience = |epochs, min_delta| Some(Patience { epochs, min_delta });
    let step = |epochs, factor| Schedule::Step { epochs, factor };
    let cycle = |rise, below, end_below| Schedule::OneCycle { rise, below, end_below };
    let average = |average| Fit { average: Some(average), ..adam() };
    for (how, said) in [
        (Fit { epochs: 0, ..adam() }, "one epoch"),
        (Fit { batch: 0, ..adam() }, "batch"),
        (Fit { patience: patience(0, 0.0), ..adam() }, "patience must"),
        (Fit { patience: patience(1, f64::NAN), ..adam() }, "improvement"),
        (Fit { patience: patience(1, -0.1), ..adam() }, "improvement"),
        (Fit { schedule: step(0, 0.5), ..adam() }, "epoch per step"),
        (Fit { schedule: step(1, 0.0), ..adam() }, "factor"),
        (Fit { schedule: step(1, f64::INFINITY), ..adam() }, "factor"),
        (Fit { schedule: Schedule::Cosine { end: 1.5 }, ..adam() }, "cosine"),
        (Fit { schedule: cycle(1.1, 25.0, 1e4), ..adam() }, "rises"),
        (Fit { schedule: cycle(f64::NAN, 25.0, 1e4), ..adam() }, "rises"),
        (Fit { schedule: cycle(0.3, 0.0, 1e4), ..adam() }, "ratios"),
        (Fit { schedule: cycle(0.3, 25.0, f64::INFINITY), ..adam() }, "ratios"),
        (average(Average::Exponential { decay: 1.0 }), "decay"),
        (average(Average::Exponential { decay: -0.1 }), "decay"),
        (average(Average::Exponential { decay: f64::NAN }), "decay"),
        (average(Average::Epochs { from: 0 }), "count from 1"),
        (average(Average::Epochs { from: adam().epochs + 1 }), "make the run longer"),
    ] {
        let error = fit(&mut start(), &train, &train, &how).unwrap_err();
        assert!(matches!(error, FitError::Setting(_)) && error.to_string().contains(said), "{error}");
    }
    let unvalidated = fit(&mut start(), &train, &none, &Fit { patience: patience(1, 0.0), ..adam() });
    assert!(unvalidated.unwrap_err().to_string().contains("validate"));
    let clip = Clip::Norm(-1.0);
    let refused = fit(&mut start(), &train, &[], &Fit { clip, ..adam() });
    assert!(matches!(refused, Err(FitError::Config(ConfigError::Clip))));
    let rate = fit(&mut start(), &train, &[], &Fit { optimizer: Adam::new(f32::NAN), ..adam() });
    assert!(matches!(rate, Err(FitError::Config(ConfigError::LearningRate))));
}

/// Checks the error of an unusable sample, in the training and the validation set.
fn refused(bad: ToOne<[f32; 2], Class<2>>, said: TrainError) {
    for which in [Which::Training, Which::Validation] {
        let (mut train, mut valid) = (samples(8, 1), samples(8, 2));
        let set = if which == Which::Training { &mut train } else { &mut valid };
        set[6] = bad.clone();
        let mut network = start();
        let error = fit(&mut network, &train, &valid, &adam()).unwrap_err();
        assert_eq!(error.to_string(), format!("{which} sample 6: {said}"));
        assert_eq!(bits(&network), bits(&start()));
    }
}

#[test]
fn a_bad_sample_is_named_and_changes_nothing() {
    let class = Class::new(1).unwrap();
    let sample = |inputs: Vec<[f32; 2]>| ToOne { inputs, target: class };
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let step = SequenceError::NonFiniteInput { step: 1 };
        refused(sample(vec![[0.0, 0.1], [bad, 0.2], [0.3, f32::NAN]]), step.into());
    }
    refused(sample(vec![]), SequenceError::Empty.into());
    refused(sample(vec![[0.1; 2]; T + 1]), SequenceError::TooLong { length: T + 1, capacity: T }.into());
}

/// A sample can become invalid when it is varied; the error names the sample.
#[test]
fn a_sample_that_goes_bad_is_named() {
    let train = samples(4, 1);
    let spoiled = Varied(&train, |_: &Sample, _: &mut Xoshiro128| ToOne { inputs: vec![[f32::NAN; 2]], ..train[0] });
    let mut network = start();
    let error = fit(&mut network, &spoiled, &[], &adam()).unwrap_err();
    let step = SequenceError::NonFiniteInput { step: 0 };
    assert!(matches!(error, FitError::Sample { which: Which::Training, error, .. } if error == step.into()));
    assert_eq!(bits(&network), bits(&start()));
}

#[test]
fn progress_is_told_of_every_update() {
    let how = adam();
    let progress = Progress::new(how.updates(5));
    fit(&mut start(), &samples(5, 1), &samples(2, 2), &Fit { progress: Some(&progress), ..how }).unwrap();
    assert_eq!((progress.updates(), how.updates(5)), (9, 9));
    let _: Net = start();
}
