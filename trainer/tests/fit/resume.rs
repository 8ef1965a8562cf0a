//! Interrupted and continued runs, which give the same bits as uninterrupted ones.

use super::problem::{Net, Sample, T, bits, file, samples, start, timeless};
use elman::optim::Optimizer;
use elman::optim::{InPlaceSgd, Momentum, Rounded};
use elman::{Adam, Random, Sgd, Workspace, Xoshiro128};
use elman_trainer::fit::{Average, Fit, Fitted, Outcome, Patience, Schedule, Varied, fit};
use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use zerocopy::FromZeros;

const COUNT: usize = 7;
const EPOCHS: usize = 4;

/// Returns settings that use everything that is drawn at random or changes over time.
fn how<'a, O: Optimizer<Scalar = f32> + Debug>(optimizer: O) -> Fit<'a, O, T> {
    Fit {
        epochs: EPOCHS,
        batch: 2,
        schedule: Schedule::Cosine { end: 0.1 },
        warm_up: 3,
        patience: Some(Patience { epochs: 3, min_delta: 0.0 }),
        seed: 5,
        ..Fit::new(optimizer)
    }
}

/// Trains with noise on each sample, in a run that is asked to stop when sample number `last` is read.
fn run<O: Optimizer<Scalar = f32> + Debug>(how: &Fit<'_, O, T>, last: usize) -> (Net, Fitted)
where
    Workspace<Net, O, T>: FromZeros,
{
    let (train, valid) = (samples(COUNT, 1), samples(5, 2));
    let (stop, read) = (AtomicBool::new(false), AtomicUsize::new(0));
    let noisy = Varied(&train, |sample: &Sample, rng: &mut Xoshiro128| {
        stop.fetch_or(read.fetch_add(1, Ordering::Relaxed) + 1 == last, Ordering::Relaxed);
        let inputs = sample.inputs.iter().map(|step| step.map(|x| x + rng.uniform(-0.1, 0.1))).collect();
        Sample { inputs, ..*sample }
    });
    let mut network = start();
    let fitted = fit(&mut network, &noisy, &valid, &Fit { stop: Some(&stop), ..*how }).unwrap();
    (network, fitted)
}

fn same(name: &str, (network, fitted): &(Net, Fitted), (other, reached): &(Net, Fitted)) {
    assert_eq!(bits(network), bits(other), "{name}: weights");
    assert_eq!(timeless(&fitted.history), timeless(&reached.history), "{name}: history");
    assert_eq!(fitted.outcome, reached.outcome, "{name}: outcome");
}

fn check<O: Optimizer<Scalar = f32> + Debug>(name: &str, optimizer: O)
where
    Workspace<Net, O, T>: FromZeros,
{
    check_run(name, how(optimizer));
}

/// Checks that a run stopped at any sample, including the last of an epoch, continues with the same bits as a run that
/// was not stopped.
fn check_run<O: Optimizer<Scalar = f32> + Debug>(name: &str, how: Fit<'_, O, T>)
where
    Workspace<Net, O, T>: FromZeros,
{
    let path = file(&format!("{name}.checkpoint"));
    let whole = run(&how, usize::MAX);
    assert_eq!(whole.1.outcome, Outcome::Finished);
    assert_ne!(bits(&whole.0), bits(&start()));
    let saving = Fit { checkpoint: Some(&path), ..how };
    for last in 1..=COUNT * EPOCHS {
        let _ = std::fs::remove_file(&path);
        let (_, Fitted { outcome, history }) = run(&saving, last);
        assert_eq!(outcome, Outcome::Interrupted, "{name} {last}");
        assert_eq!(history.epochs.len(), (last - 1) / COUNT);
        let continued = run(&saving, usize::MAX);
        same(&format!("{name} {last}"), &continued, &whole);
        // A finished run stays finished.
        same(&format!("{name} {last} again"), &run(&saving, usize::MAX), &whole);
    }
}

#[test]
fn adam_goes_on_with_the_same_bits() {
    check("adam", Adam::new(0.05));
}

#[test]
fn momentum_goes_on_with_the_same_bits() {
    check("momentum", Momentum { rate: 0.1, momentum: 0.9 });
}

#[test]
fn a_cycle_goes_on_with_the_same_bits() {
    let patience = None;
    check_run("cycle", Fit { schedule: Schedule::one_cycle(0.3), warm_up: 0, patience, ..how(Adam::new(0.05)) });
}

#[test]
fn rounded_weights_go_on_with_the_same_bits() {
    let rounded = Rounded::<_>::new(Adam::new(0.05));
    check("rounded", rounded);
    let average = Some(Average::Exponential { decay: 0.8 });
    check_run("rounded-average", Fit { average, patience: None, ..how(rounded) });
}

#[test]
fn averages_go_on_with_the_same_bits() {
    for (name, average) in
        [("exponential", Average::Exponential { decay: 0.8 }), ("epochs", Average::Epochs { from: 2 })]
    {
        check_run(name, Fit { average: Some(average), patience: None, ..how(Adam::new(0.05)) });
    }
}

#[test]
fn optimizers_without_moments_go_on_with_the_same_bits() {
    check("sgd", Sgd { rate: 0.1 });
    check("in-place", InPlaceSgd { rate: 0.05 });
}

/// Ends a run after each epoch and continues it with more epochs; no setting here depends on the number of
/// epochs.
fn check_boundaries<O: Optimizer<Scalar = f32> + Debug>(name: &str, optimizer: O)
where
    Workspace<Net, O, T>: FromZeros,
{
    let path = file(&format!("{name}-epochs.checkpoint"));
    let steps = Schedule::Step { epochs: 2, factor: 0.5 };
    let how = Fit { checkpoint: Some(&path), schedule: steps, ..how(optimizer) };
    let whole = run(&Fit { checkpoint: None, ..how }, usize::MAX);
    for first in 1..EPOCHS {
        let _ = std::fs::remove_file(&path);
        assert_eq!(run(&Fit { epochs: first, ..how }, usize::MAX).1.history.epochs.len(), first);
        same(&format!("{name} {first}"), &run(&how, usize::MAX), &whole);
    }
}

#[test]
fn a_run_goes_on_from_the_end_of_each_epoch() {
    check_boundaries("adam", Adam::new(0.05));
    check_boundaries("momentum", Momentum { rate: 0.1, momentum: 0.9 });
}

/// The run is stopped after each update.
#[test]
fn many_interruptions_change_nothing() {
    let path = file("many.checkpoint");
    let whole = run(&how(Adam::new(0.05)), usize::MAX);
    let saving = Fit { checkpoint: Some(&path), ..how(Adam::new(0.05)) };
    let mut runs = 0;
    let last = loop {
        let run = run(&saving, 1);
        runs += 1;
        if run.1.outcome != Outcome::Interrupted {
            break run;
        }
    };
    same("many", &last, &whole);
    assert!(runs > COUNT.div_ceil(2) * EPOCHS, "{runs}");
}
