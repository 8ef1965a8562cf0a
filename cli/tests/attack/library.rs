//! Outputs of the library: data sets, pages, and the checkpoints of a run that is killed again and again.

use super::commands::folder;
use super::kills::{Moment, killed};
use elman::{Adam, Class, Dense, Elman, Libm, Network, Random, Xoshiro128, Zero, init};
use elman_report::Report;
use elman_trainer::ToOne;
use elman_trainer::data::{self, Options, csv};
use elman_trainer::fit::{Fit, fit};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Writes the file named in an environment variable; runs in a process of its own, which can be killed.
#[test]
fn writes_what_it_is_told() {
    let [input, output] = ["ATTACK_INPUT", "ATTACK_OUTPUT"].map(std::env::var_os);
    let (Some(input), Some(output)) = (input, output.map(PathBuf::from)) else { return };
    let input = input.to_str().unwrap();
    match output.extension().and_then(|extension| extension.to_str()) {
        Some("html") => Report::new(input).about(input.repeat(300_000)).write(&output).unwrap(),
        Some("csv") => {
            let rows: String = (0..5000).map(|row| format!("{row}.{input}\n")).collect();
            let set = csv::read(format!("x\n{rows}").as_bytes(), &Options::default()).unwrap();
            data::write(&output, &set).unwrap();
        }
        _ => drop(learn(&output, EPOCHS)),
    }
}

const EPOCHS: usize = 200;

type Net = Network<Elman<1, 24>, Dense<24, 2>>;

/// Continues a run from its checkpoint and returns its final weights.
fn learn(checkpoint: &Path, epochs: usize) -> Vec<u8> {
    let mut rng = Xoshiro128::from_seed(1);
    let samples: Vec<_> = (0..40)
        .map(|n| ToOne { inputs: vec![[rng.uniform(-1.0, 1.0)]; 3], target: Class::<2>::new(n % 2).unwrap() })
        .collect();
    let mut network = Net::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(2));
    let how = Fit::<_, 3> { epochs, batch: 8, checkpoint: Some(checkpoint), ..Fit::new(Adam::new(0.01)) };
    fit(&mut network, &samples, &samples[..4], &how).unwrap();
    data::image(&network, &[]).unwrap()
}

/// A killed run leaves a checkpoint that can be opened, and no lock that blocks the next run.
#[test]
fn a_killed_run_goes_on() {
    let folder = folder("fit");
    let path = folder.join("run.checkpoint");
    let mut rng = Xoshiro128::from_seed(7);
    let (mut rounds, mut during) = (0, 0);
    while rounds < super::kills() {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "library::writes_what_it_is_told"]).stdout(Stdio::null()).stderr(Stdio::null());
        command.env("ATTACK_INPUT", "0").env("ATTACK_OUTPUT", &path);
        let moment = Moment::drawn(&mut rng, std::time::Duration::from_millis(60));
        during += usize::from(killed(&mut command, &folder, moment));
        rounds += 1;
        // The checkpoint opens: an error would panic. Every 20 rounds, the next run starts from the beginning.
        if path.exists() {
            learn(&path, 1);
        }
        if rounds % 20 == 0 {
            let _ = std::fs::remove_file(&path);
        }
    }
    let whole = learn(&folder.join("whole.checkpoint"), EPOCHS);
    assert!(learn(&path, EPOCHS) == whole, "the weights are those of a run that was never killed");
    assert_eq!(super::parts(&folder), 0, "left-over files are removed");
    println!("fit: {rounds} kills ({during} before the end), 0 checkpoints torn, the same bits at the end");
}
