//! Writes report pages for two networks, one that recognises a smartwatch wearer's movements and one that
//! predicts characters.
//!
//! `report DIRECTORY` trains each network for a few seconds and writes `report-motions.html` and `report.html` to
//! that directory, by default `target`. The motions are the ones from the example `motions`: every fifth training
//! sequence is used for validation, and the page covers the test sequences. The text is this project's own
//! documentation; its end is used both for validation and for the page.

use elman::{Adam, Class, Clip, Dense, Gru, Libm, Lstm, Network, Vocabulary, Xoshiro128, init};
use elman_report::{Names, report_named};
use elman_trainer::data::{self, Options, Sequence};
use elman_trainer::fit::{Fit, Schedule, fit};
use elman_trainer::trials::Failure;
use elman_trainer::{ToNext, zeroed};
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Failure> {
    let directory = PathBuf::from(env::args_os().nth(1).unwrap_or_else(|| "target".into()));
    fs::create_dir_all(&directory)?;
    motions(&directory.join("report-motions.html"))?;
    text(&directory.join("report.html"))
}

const CHANNELS: usize = 6;
const STEPS: usize = 100;
const MOTIONS: [&str; 4] = ["standing", "running", "walking", "badminton"];

type Motion = Sequence<[f32; CHANNELS], Class<{ MOTIONS.len() }>>;

/// Trains a GRU that classifies motions, and writes a page about it.
fn motions(page: &Path) -> Result<(), Failure> {
    let [train, test] = ["train.rnnd", "test.rnnd"].map(sequences);
    let (train, test) = (train?, test?);
    let normalizer = data::normalizer(&train)?;
    let samples =
        |sequences: &[Motion]| sequences.iter().map(|motion| motion.normalized(&normalizer)).collect::<Vec<_>>();
    let (train, test) = (samples(&train), samples(&test));
    let (valid, train): (Vec<_>, Vec<_>) = train.into_iter().enumerate().partition(|(index, _)| index % 5 == 0);
    let [train, valid] = [train, valid].map(|part| part.into_iter().map(|(_, motion)| motion).collect::<Vec<_>>());

    let mut network = zeroed::<Network<Gru<CHANNELS, 32>, Dense<32, { MOTIONS.len() }>>>();
    init::orthogonal::<Libm<f32>, _>(&mut *network, &mut Xoshiro128::from_seed(1));
    let how = Fit::<_, STEPS> {
        epochs: 40,
        batch: 8,
        clip: Clip::Norm(1.0),
        schedule: Schedule::Cosine { end: 0.1 },
        ..Fit::new(Adam::new(0.01))
    };
    let history = fit(&mut network, &train, &valid, &how)?.history;
    let names = Names { classes: MOTIONS.map(String::from).to_vec(), ..Names::default() };
    write(page, report_named(&*network, &test, &names).titled("Movements of a smartwatch wearer").history(&history))
}

fn sequences(file: &str) -> Result<Vec<Motion>, Failure> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/basic-motions").join(file);
    Ok(data::read(&path, &Options::default())?.sequences()?)
}

/// Number of characters, including the four special symbols.
const V: usize = 128;
const WINDOW: usize = 100;
/// Number of characters at the end of the text that are held out.
const HELD: usize = 3000;

/// Trains an LSTM that predicts characters, and writes a page about it.
fn text(page: &Path) -> Result<(), Failure> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = ["README.md", "docs/derivation.md", "docs/decisions.md"].map(|file| fs::read_to_string(root.join(file)));
    let text = text.into_iter().collect::<Result<String, _>>()?;
    let mut vocabulary = Vocabulary::<V, { 4 * V }>::new();
    vocabulary.insert_chars(&text)?;
    let tokens: Vec<_> = text.chars().map(|c| vocabulary.token_or_unk(c.encode_utf8(&mut [0; 4]))).collect();
    let (train, valid) = tokens.split_at(tokens.len() - HELD);
    let train: Vec<_> = train.chunks_exact(WINDOW + 1).map(|items| ToNext { items: items.to_vec() }).collect();
    let windows: Vec<_> = valid.chunks_exact(WINDOW + 1).map(|items| ToNext { items: items.to_vec() }).collect();

    let mut network = zeroed::<Network<Lstm<V, 64>, Dense<64, V>>>();
    init::orthogonal::<Libm<f32>, _>(&mut *network, &mut Xoshiro128::from_seed(1));
    init::forget_bias(&mut network.cell, 1.0);
    let how = Fit::<_, WINDOW, WINDOW> {
        epochs: 12,
        batch: 2,
        clip: Clip::Norm(1.0),
        schedule: Schedule::Cosine { end: 0.1 },
        ..Fit::new(Adam::new(0.01))
    };
    let history = fit(&mut network, &train, &windows, &how)?.history;
    let symbols = vocabulary.iter().map(|(_, text)| text.to_string()).collect();
    let names = Names { symbols, ..Names::default() };
    let whole = [ToNext { items: valid.to_vec() }];
    write(page, report_named(&*network, &whole, &names).titled("A character-level model").history(&history))
}

fn write(page: &Path, report: elman_report::Report) -> Result<(), Failure> {
    report.write(page)?;
    println!("wrote {}", page.display());
    Ok(())
}
