//! What a checkpoint can be besides what it should be: each is refused for its own reason, and nothing changes.

mod common;

use common::{Net, T, bits, file, samples, start};
use elman::{Adam, Dense, Elman, Momentum, Network, Zero};
use elman_trainer::fit::{CheckpointError, CheckpointFlaw, Fit, FitError, fit};
use std::fs;
use std::path::Path;

fn how(path: &Path) -> Fit<'_, Adam, T> {
    Fit { epochs: 2, batch: 2, seed: 5, checkpoint: Some(path), ..Fit::new(Adam::new(0.05)) }
}

fn written(path: &Path) -> Vec<u8> {
    fit(&mut start(), &samples(7, 1), &samples(5, 2), &how(path)).unwrap();
    fs::read(path).unwrap()
}

/// Why these bytes are refused.
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

/// What the error says differs from the run that wrote the file.
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
    assert_eq!(foreign(fit(&mut network, &train, &valid, &other)).0, "optimizer's number of moments");
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

/// More epochs are no other run.
#[test]
fn a_finished_run_can_be_made_longer() {
    let path = file("longer.checkpoint");
    written(&path);
    let (train, valid) = (samples(7, 1), samples(5, 2));
    let mut network = start();
    let fitted = fit(&mut network, &train, &valid, &Fit { epochs: 3, ..how(&path) }).unwrap();
    let mut whole = start();
    let at_once = fit(&mut whole, &train, &valid, &Fit { epochs: 3, checkpoint: None, ..how(&path) }).unwrap();
    assert_eq!(common::timeless(&fitted.history), common::timeless(&at_once.history));
    assert_eq!(bits(&network), bits(&whole));
    let _: Net = network;
}
