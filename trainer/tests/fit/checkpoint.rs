//! Wrong checkpoints: each is refused with a specific reason, and nothing changes.

use super::problem::{Net, T, bits, file, samples, start, timeless};
use elman::cell::Relu;
use elman::loss::{SmoothedCrossEntropy, WeightedCrossEntropy};
use elman::optim::Optimizer;
use elman::optim::{Adagrad, AdamW, Momentum, RmsProp};
use elman::{Adam, Class, Dense, Elman, Network, Reduction, Xoshiro128, Zero};
use elman_trainer::fit::{Average, CheckpointError, CheckpointFlaw, Drawn, Fit, FitError, fit};
use std::fmt::Debug;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

fn how(path: &Path) -> Fit<'_, Adam, T> {
    Fit { epochs: 2, batch: 2, seed: 5, checkpoint: Some(path), ..Fit::new(Adam::new(0.05)) }
}

fn written(path: &Path) -> Vec<u8> {
    fit(&mut start(), &samples(7, 1), &samples(5, 2), &how(path)).unwrap();
    fs::read(path).unwrap()
}

/// Returns the reason why these bytes are refused.
fn flaw(path: &Path, bytes: &[u8]) -> CheckpointFlaw {
    fs::write(path, bytes).unwrap();
    let mut network = start();
    let refused = fit(&mut network, &samples(7, 1), &samples(5, 2), &how(path));
    assert_eq!(bits(&network), bits(&start()));
    assert_eq!(fs::read(path).unwrap(), bytes, "the file is left alone");
    match refused {
        Err(FitError::Checkpoint(CheckpointError { path: named, flaw })) if named == path => flaw,
        other => panic!("{other:?}"),
    }
}

#[test]
fn truncated_at_every_byte() {
    let path = file("truncated.checkpoint");
    let bytes = written(&path);
    for length in 0..bytes.len() {
        let flaw = flaw(&path, &bytes[..length]);
        match length {
            0..8 => assert!(matches!(flaw, CheckpointFlaw::NotACheckpoint), "{length}: {flaw:?}"),
            _ => assert!(matches!(flaw, CheckpointFlaw::Length { found, .. } if found == length as u64), "{length}"),
        }
    }
    let flaw = flaw(&path, &[&bytes[..], &[0]].concat());
    assert!(matches!(flaw, CheckpointFlaw::Length { expected, .. } if expected == bytes.len() as u64));
}

#[test]
fn damaged_at_every_byte() {
    let path = file("damaged.checkpoint");
    let bytes = written(&path);
    for place in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x10;
        let flaw = flaw(&path, &damaged);
        let expected = match place {
            0..8 => matches!(flaw, CheckpointFlaw::NotACheckpoint),
            8..12 => matches!(flaw, CheckpointFlaw::Version { found } if found != 1),
            12..20 => matches!(flaw, CheckpointFlaw::Length { .. }),
            _ => matches!(flaw, CheckpointFlaw::Damaged),
        };
        assert!(expected, "{place}: {flaw:?}");
    }
}

#[test]
fn something_else() {
    let path = file("else.checkpoint");
    for bytes in [&b"epoch,loss\n1,0.5\n"[..], &[0; 100], b"\x89elman\r\n and more"] {
        assert!(matches!(flaw(&path, bytes), CheckpointFlaw::NotACheckpoint));
    }
}

/// Returns the property in which a run differs from the one that wrote the checkpoint, and the path in the error.
fn foreign(result: Result<impl Sized, FitError>) -> (&'static str, String) {
    match result.map(drop) {
        Err(FitError::Checkpoint(CheckpointError { flaw: CheckpointFlaw::Foreign { what, .. }, path })) => {
            (what, path.display().to_string())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn of_another_run() {
    let path = file("foreign.checkpoint");
    written(&path);
    let (train, valid) = (samples(7, 1), samples(5, 2));
    let mut network = start();
    let (what, named) = foreign(fit(&mut network, &train, &valid, &Fit { seed: 6, ..how(&path) }));
    assert_eq!((what, named), ("seed", path.display().to_string()));
    assert_eq!(foreign(fit(&mut network, &train, &valid, &Fit { batch: 3, ..how(&path) })).0, "batch");
    let shorter = fit(&mut network, &train[1..], &valid, &how(&path));
    assert_eq!(foreign(shorter).0, "number of training samples");
    assert_eq!(bits(&network), bits(&start()));
    let momentum = Momentum { rate: 0.1, momentum: 0.9 };
    let other = Fit::<_, T> { epochs: 2, batch: 2, seed: 5, checkpoint: Some(&path), ..Fit::new(momentum) };
    assert_eq!(foreign(fit(&mut network, &train, &valid, &other)).0, "optimizer");
    let mut wider = Network::<Elman<2, 4>, Dense<4, 2>>::ZERO;
    let refused = fit(&mut wider, &train, &valid, &how(&path)).unwrap_err();
    let said = refused.to_string();
    assert!(said.contains("its network is 32 bits cell.w_ih[2, 1, 3]"), "{said}");
    assert!(said.contains("not 32 bits cell.w_ih[2, 1, 4]"), "{said}");
}

#[test]
fn neither_readable_nor_writable() {
    let nowhere = file("no such directory").join("run.checkpoint");
    let mut network = start();
    let refused = fit(&mut network, &samples(7, 1), &[], &how(&nowhere)).unwrap_err();
    assert!(matches!(refused, FitError::Checkpoint(CheckpointError { flaw: CheckpointFlaw::Write(_), .. })));
    assert_eq!(bits(&network), bits(&start()), "told before the first update");
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let refused = fit(&mut network, &samples(7, 1), &[], &how(directory)).unwrap_err();
    assert!(matches!(refused, FitError::Checkpoint(CheckpointError { flaw: CheckpointFlaw::Read(_), .. })));
}

/// A run with more epochs is still the same run.
#[test]
fn a_finished_run_can_be_made_longer() {
    let path = file("longer.checkpoint");
    written(&path);
    let (train, valid) = (samples(7, 1), samples(5, 2));
    let mut network = start();
    let fitted = fit(&mut network, &train, &valid, &Fit { epochs: 3, ..how(&path) }).unwrap();
    let mut whole = start();
    let at_once = fit(&mut whole, &train, &valid, &Fit { epochs: 3, checkpoint: None, ..how(&path) }).unwrap();
    assert_eq!(timeless(&fitted.history), timeless(&at_once.history));
    assert_eq!(bits(&network), bits(&whole));
    let _: Net = network;
}

fn by<'a, O: Optimizer<Scalar = f32> + Debug>(path: &'a Path, optimizer: O) -> Fit<'a, O, T> {
    Fit { epochs: 2, batch: 2, seed: 5, checkpoint: Some(path), ..Fit::new(optimizer) }
}

/// Adagrad, RMSprop and momentum keep one moment each: the number of moments does not distinguish them.
#[test]
fn by_another_optimizer() {
    let path = file("optimizer.checkpoint");
    let (train, valid) = (samples(7, 1), samples(5, 2));
    fit(&mut start(), &train, &valid, &by(&path, Adagrad::new(0.05))).unwrap();
    let before = fs::read(&path).unwrap();
    let mut network = start();
    assert_eq!(foreign(fit(&mut network, &train, &valid, &by(&path, RmsProp::new(0.05)))).0, "optimizer");
    let momentum = Momentum { rate: 0.05, momentum: 0.9 };
    assert_eq!(foreign(fit(&mut network, &train, &valid, &by(&path, momentum))).0, "optimizer");
    let other = Adagrad { epsilon: 1e-3, ..Adagrad::new(0.05) };
    assert_eq!(foreign(fit(&mut network, &train, &valid, &by(&path, other))).0, "optimizer");
    assert_eq!((bits(&network), fs::read(&path).unwrap()), (bits(&start()), before));
    // The rate may differ, since a schedule changes it at each update anyway.
    fit(&mut network, &train, &valid, &Fit { epochs: 3, ..by(&path, Adagrad::new(0.01)) }).unwrap();
    let path = file("decay.checkpoint");
    let decaying = |decay| AdamW { weight_decay: decay, ..AdamW::new(0.05) };
    fit(&mut start(), &train, &valid, &by(&path, decaying(0.1))).unwrap();
    assert_eq!(foreign(fit(&mut start(), &train, &valid, &by(&path, decaying(0.2)))).0, "optimizer");
}

#[test]
fn by_another_loss() {
    let path = file("loss.checkpoint");
    written(&path);
    let (train, valid) = (samples(7, 1), samples(5, 2));
    let weighted = |weights| {
        let fit = Fit::<_, T, 1, _>::with_loss(Adam::new(0.05), WeightedCrossEntropy { weights });
        Fit { epochs: 2, batch: 2, seed: 5, checkpoint: Some(&path), ..fit }
    };
    assert_eq!(foreign(fit(&mut start(), &train, &valid, &weighted([1.0, 1.0]))).0, "loss");
    assert_eq!(foreign(fit(&mut start(), &train, &valid, &Fit { steps: Reduction::Sum, ..how(&path) })).0, "loss");
    fs::remove_file(&path).unwrap();
    fit(&mut start(), &train, &valid, &weighted([1.0, 9.0])).unwrap();
    let refused = fit(&mut start(), &train, &valid, &weighted([1.0, 2.0])).unwrap_err().to_string();
    assert!(refused.contains("its loss is WeightedCrossEntropy { weights: [1.0, 9.0] }"), "{refused}");
}

#[test]
fn of_another_average() {
    let path = file("average.checkpoint");
    let (train, valid) = (samples(7, 1), samples(5, 2));
    let average = |average| Fit { average, ..how(&path) };
    let [slow, fast] = [0.9, 0.5].map(|decay| Some(Average::Exponential { decay }));
    fit(&mut start(), &train, &valid, &average(slow)).unwrap();
    for other in [None, fast, Some(Average::Epochs { from: 1 })] {
        assert_eq!(foreign(fit(&mut start(), &train, &valid, &average(other))).0, "average of the weights");
    }
    let refused = fit(&mut start(), &train, &valid, &average(fast)).unwrap_err().to_string();
    assert!(refused.contains("its average of the weights is Exponential { decay: 0.9 }, not"), "{refused}");
}

#[test]
fn of_other_smoothing() {
    let path = file("smoothing.checkpoint");
    let (train, valid) = (samples(7, 1), samples(5, 2));
    let smoothed = |smoothing| {
        let fit = Fit::<_, T, 1, _>::with_loss(Adam::new(0.05), SmoothedCrossEntropy::new(smoothing));
        Fit { epochs: 2, batch: 2, seed: 5, checkpoint: Some(&path), ..fit }
    };
    fit(&mut start(), &train, &valid, &smoothed(0.1)).unwrap();
    assert_eq!(foreign(fit(&mut start(), &train, &valid, &smoothed(0.2))).0, "loss");
    fit(&mut start(), &train, &valid, &Fit { epochs: 3, ..smoothed(0.1) }).unwrap();
}

/// Other samples are refused even if their number is the same.
#[test]
fn of_other_samples() {
    let path = file("samples.checkpoint");
    written(&path);
    let (train, valid) = (samples(7, 1), samples(5, 2));
    let refused = |train: &[super::problem::Sample], valid: &[super::problem::Sample]| {
        let mut network = start();
        let (what, _) = foreign(fit(&mut network, train, valid, &how(&path)));
        assert_eq!(bits(&network), bits(&start()));
        what
    };
    let changed = |change: &dyn Fn(&mut Vec<super::problem::Sample>)| {
        let mut other = train.clone();
        change(&mut other);
        refused(&other, &valid)
    };
    let what = "checksum of the training samples";
    assert_eq!(changed(&|other| *other = samples(7, 3)), what);
    assert_eq!(changed(&|other| other.swap(0, 6)), what, "the order");
    let next_up = |x: &mut f32| *x = x.next_up();
    assert_eq!(changed(&|other| next_up(&mut other[6].inputs[0][1])), what, "the last bit of an input");
    assert_eq!(changed(&|other| other[3].target = Class::new(1 - other[3].target.index()).unwrap()), what, "a target");
    let other = samples(5, 4);
    assert_eq!(refused(&train, &other), "checksum of the validation samples");
    assert_eq!(refused(&train, &valid[1..]), "checksum of the validation samples");
}

/// A network with another activation is refused even if its tensors have the same shapes.
#[test]
fn of_a_network_with_another_activation() {
    let path = file("activation.checkpoint");
    written(&path);
    let mut network = Network::<Elman<2, 3, elman::Libm, 1, Relu>, Dense<3, 2>>::ZERO;
    let refused = fit(&mut network, &samples(7, 1), &samples(5, 2), &how(&path)).unwrap_err().to_string();
    assert!(refused.contains("Network<Elman<2, 3>, Dense<3, 2>>, not"), "{refused}");
}

/// A second run on the same file is refused, even under another name of the file; the first is not affected.
#[test]
fn of_a_run_that_is_going_on() {
    let (path, again) = (file("busy.checkpoint"), file("busy too.checkpoint"));
    let (train, valid) = (samples(7, 1), samples(5, 2));
    #[cfg(unix)]
    std::os::unix::fs::symlink(&path, &again).unwrap();
    let lock = path.with_file_name(".busy.checkpoint.lock");
    fs::write(&lock, "left by a program that was killed").unwrap();
    let (drawn, held, go_on) = (AtomicUsize::new(0), AtomicBool::new(false), AtomicBool::new(false));
    let slow = Drawn {
        count: 7,
        draw: |_: &mut Xoshiro128| {
            while !go_on.load(Ordering::SeqCst) {
                held.store(true, Ordering::SeqCst);
            }
            train[drawn.fetch_add(1, Ordering::SeqCst) % 7].clone()
        },
    };
    std::thread::scope(|scope| {
        let first = scope.spawn(|| {
            let mut network = start();
            fit(&mut network, &slow, &valid, &how(&path)).unwrap();
            bits(&network)
        });
        while !held.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        let names = if cfg!(unix) { &[&path, &again][..] } else { &[&path] };
        for name in names {
            let mut network = start();
            let refused = fit(&mut network, &train, &valid, &how(name)).unwrap_err();
            assert!(refused.to_string().contains("is in use by another run"), "{refused}");
            assert_eq!(bits(&network), bits(&start()));
        }
        go_on.store(true, Ordering::SeqCst);
        let first = first.join().unwrap();
        drawn.store(0, Ordering::SeqCst);
        let mut alone = start();
        fit(&mut alone, &slow, &valid, &Fit { checkpoint: None, ..how(&path) }).unwrap();
        assert_eq!(first, bits(&alone));
    });
    assert!(!lock.exists(), "a run that has ended leaves no lock");
}
