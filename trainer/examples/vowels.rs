//! Trains the demo's network, which recognises speakers, then runs the demo on the host and prints its output.
//!
//! `vowels DIRECTORY` writes two files there: `model.elman`, the image of the trained network, and
//! `expected.txt`, every line of the demo's output.
//! `vowels choose` shows how the plan of each cell was chosen: by cross-validation within the training set.

use elman::{Elman, Gru, Lstm, Normalizer, Zero, init};
use elman::{Layer, Reads};
use elman_files::output;
use elman_trainer::{Progress, zeroed};
use std::error::Error;
use std::{env, fs, path::Path, process::ExitCode};
use vowels::{CHANNELS, HIDDEN, Model, Net, NetOf, Part, Plan, Set, Training, WorkOf};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/japanese-vowels");

fn main() -> ExitCode {
    let argument = env::args().nth(1);
    let done = match argument.as_deref() {
        Some("choose") => choose(),
        Some(directory) => prepare(Path::new(directory)),
        None => learn().map(|(_, lines)| print!("{lines}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the image for the device, and the output that the device must give.
fn prepare(directory: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(directory)?;
    let (image, lines) = learn()?;
    let (model, expected) = (directory.join("model.elman"), directory.join("expected.txt"));
    output::write_all(&[(&model, &image), (&expected, lines.as_bytes())])?;
    println!("image of {} bytes: {}", image.len(), model.display());
    Ok(())
}

/// Trains the model for the device's flash and runs the demo on the host. Returns the image and the output.
fn learn() -> Result<(Vec<u8>, String), Box<dyn Error>> {
    let (train, test) = (read("train.rnnd")?, read("test.rnnd")?);
    let (train, test) = (Set::new(&train)?, Set::new(&test)?);
    let (network, normalizer) = fit(Plan::HOST, train, true)?;
    let model = Model { network: &network, normalizer: &normalizer };
    let mut image = Vec::new();
    let first = train.get(0).ok_or("the training set is empty")?;
    model.stream(&first, &mut |bytes| image.extend_from_slice(bytes))?;

    let mut lines = String::new();
    let mut device = zeroed();
    let mut work = zeroed();
    vowels::demo((model, &mut device, &mut work), (train, test), |line| lines.push_str(&format!("{line}\n")))?;
    Ok((image, lines))
}

/// Trains a network according to `plan` and returns it with the normalisation of its inputs.
fn fit(plan: Plan, set: Set<'_>, show: bool) -> Result<(Net, Normalizer<CHANNELS>), Box<dyn Error>> {
    let normalizer = set.normalizer().ok_or("the training set is empty")?;
    let mut network = Net::ZERO;
    train((plan, set, normalizer), &mut network, |_| {}, show)?;
    Ok((network, normalizer))
}

/// Trains `network` according to `plan`, from initial weights adjusted by `open`.
fn train<C: Layer<vowels::Step, Scalar = f32, Output = [f32; HIDDEN]> + Reads<vowels::Step>>(
    (plan, set, normalizer): (Plan, Set<'_>, Normalizer<CHANNELS>),
    network: &mut NetOf<C>,
    open: fn(&mut C),
    show: bool,
) -> Result<(), Box<dyn Error>> {
    let mut work = WorkOf::<C>::ZERO;
    let mut training = Training::start(plan, set, normalizer, network);
    open(&mut network.cell);
    let mut progress = show.then(|| Progress::new(training.updates()));
    while let Some(loss) = training.next(network, &mut work) {
        let loss = loss?;
        if let Some(progress) = &mut progress {
            progress.update(loss.into());
        }
    }
    if let Some(progress) = progress {
        progress.finish();
    }
    Ok(())
}

/// Prints the results of the candidate plans for each of the three cells. Does not read the test set.
fn choose() -> Result<(), Box<dyn Error>> {
    let bytes = read("train.rnnd")?;
    let set = Set::new(&bytes)?;
    choose_for::<Elman<CHANNELS, HIDDEN>>("Elman", (set, 25), &ELMAN, |_| {})?;
    choose_for::<Gru<CHANNELS, HIDDEN>>("GRU", (set, 10), &GATED, |_| {})?;
    choose_for::<Lstm<CHANNELS, HIDDEN>>("LSTM", (set, 10), &GATED, |lstm| init::forget_bias(lstm, 1.0))
}

/// Prints the mean accuracy of each candidate over `runs` runs. Each run has its own seed and holds out the next
/// fifth of the training set.
fn choose_for<C: Layer<vowels::Step, Scalar = f32, Output = [f32; HIDDEN]> + Reads<vowels::Step> + Zero>(
    cell: &str,
    (set, runs): (Set<'_>, usize),
    candidates: &[Candidate],
    open: fn(&mut C),
) -> Result<(), Box<dyn Error>> {
    println!("{cell}\nepochs batch  rate  clip noise  held-out accuracy");
    for &(epochs, batch, rate, clip, noise) in candidates {
        let mut sum = 0.0;
        for seed in 0..runs {
            let (fit_on, held) = (set.part(Part::Fit(seed)), set.part(Part::Held(seed)));
            let plan = Plan { seed: 100 + seed as u64, epochs, batch, rate, clip, noise };
            let normalizer = fit_on.normalizer().ok_or("the training set is empty")?;
            let mut network = NetOf::<C>::ZERO;
            train((plan, fit_on, normalizer), &mut network, open, false)?;
            let confusion = vowels::evaluate((&network, &normalizer), held, |_| {})?;
            sum += confusion.accuracy().ok_or("nothing was held out")?;
        }
        println!("{epochs:6} {batch:5} {rate:5} {clip:5} {noise:5}  {:.1} %", 100.0 * sum / runs as f32);
    }
    Ok(())
}

/// Candidate plan: epochs, batch, rate, clip, noise.
type Candidate = (usize, usize, f32, f32, f32);

const ELMAN: [Candidate; 14] = [
    (60, 16, 0.01, 1.0, 0.0),
    (60, 16, 0.01, 0.25, 0.0),
    (30, 16, 0.01, 0.25, 0.5),
    (30, 16, 0.01, 0.25, 0.7),
    (60, 16, 0.01, 0.25, 0.5),
    (60, 16, 0.01, 0.25, 0.7),
    (60, 16, 0.005, 0.25, 0.7),
    (60, 16, 0.01, 0.1, 0.7),
    (60, 8, 0.005, 0.25, 0.7),
    (60, 32, 0.01, 0.25, 0.7),
    (60, 16, 0.01, 0.25, 0.9),
    (100, 16, 0.01, 0.25, 0.7),
    (150, 16, 0.01, 0.25, 0.7),
    (60, 16, 0.02, 0.25, 0.7),
];

const GATED: [Candidate; 6] = [
    (60, 16, 0.01, 0.25, 0.7),
    (60, 16, 0.01, 0.25, 0.5),
    (30, 16, 0.01, 0.25, 0.7),
    (60, 16, 0.005, 0.25, 0.7),
    (60, 16, 0.02, 0.25, 0.7),
    (60, 16, 0.01, 0.25, 0.9),
];

fn read(name: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let path = Path::new(DATA).join(name);
    fs::read(&path).map_err(|error| format!("{}: {error}", path.display()).into())
}
