//! Results of the same training with several seeds: a row for each seed, the mean, and promises that must be kept.

pub use crate::failure::Failure;

use crate::Progress;
use crate::seeds::in_parallel;
use std::process::ExitCode;

/// Number of training runs of each learner, with seeds 0 to 4.
pub const SEEDS: usize = 5;

/// Column of figures: its heading, and the number of decimals to print.
pub type Column = (&'static str, usize);

/// Table of the figures that learners reach on a problem, printed on standard output.
///
/// A learner is trained once with each seed; no seed is left out. Baselines, which need no seed, can be
/// added.
#[derive(Clone, Debug)]
pub struct Trials<const F: usize> {
    columns: [Column; F],
}

impl<const F: usize> Trials<F> {
    /// Creates a table and prints its headings.
    #[must_use]
    pub fn new(columns: [Column; F]) -> Self {
        let headings: String = columns.iter().map(|(heading, _)| format!("  {heading:>8}")).collect();
        println!("\n{:NAME$} seed{headings}\n", "");
        Self { columns }
    }

    /// Trains `learner` with each seed, in parallel threads. `train` must report its `updates` to `progress`
    /// and return the figures. They are printed and returned in the order of the seeds, and their mean is
    /// printed.
    ///
    /// # Errors
    /// The first [`Failure`] among the seeds.
    pub fn run<P>(&self, learner: &str, updates: usize, train: P) -> Result<[[f64; F]; SEEDS], Failure>
    where
        P: Fn(u64, &Progress) -> Result<[f64; F], Failure> + Sync,
    {
        let progress = Progress::new(SEEDS * updates);
        let seeds: [u64; SEEDS] = std::array::from_fn(|seed| seed as u64);
        let outcomes = in_parallel(&seeds, |seed| train(seed, &progress));
        progress.clear();
        let mut all = [[0.0; F]; SEEDS];
        for (seed, (figures, outcome)) in all.iter_mut().zip(outcomes).enumerate() {
            *figures = outcome?;
            self.row(learner, &seed.to_string(), figures);
        }
        self.row(learner, "mean", &mean(&all));
        println!();
        Ok(all)
    }

    /// Prints the figures of a baseline that needs no seed; a missing figure is NaN.
    pub fn baseline(&self, name: &str, figures: [f64; F]) {
        self.row(name, "", &figures);
    }

    fn row(&self, name: &str, seed: &str, figures: &[f64; F]) {
        let cells: String = self.columns.iter().zip(figures).map(cell).collect();
        println!("{name:NAME$} {seed:>4}{cells}");
    }
}

/// Width of the column of learner names, in characters.
const NAME: usize = 20;

/// Formats a figure to align with its heading.
fn cell(((heading, decimals), figure): (&Column, &f64)) -> String {
    let width = heading.len().max(8);
    if figure.is_nan() { format!("  {:>width$}", "-") } else { format!("  {figure:width$.decimals$}") }
}

/// Share of correct answers, counted one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    right: usize,
    all: usize,
}

impl Share {
    /// Counts an answer.
    pub fn add(&mut self, right: bool) {
        self.right += usize::from(right);
        self.all += 1;
    }

    /// Returns the share of correct answers in percent; NaN if there were no answers.
    #[must_use]
    pub fn percent(&self) -> f64 {
        100.0 * self.right as f64 / self.all as f64
    }
}

/// Prints each promise and whether it is kept. Returns success if all are kept, so that a script can check
/// this.
pub fn verdict(promises: impl IntoIterator<Item = (String, bool)>) -> ExitCode {
    println!();
    let mut all = true;
    for (promise, kept) in promises {
        println!("{} {promise}", if kept { "kept  " } else { "MISSED" });
        all &= kept;
    }
    if all { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Returns the mean of each figure.
#[must_use]
pub fn mean<const F: usize>(all: &[[f64; F]]) -> [f64; F] {
    std::array::from_fn(|figure| all.iter().map(|figures| figures[figure]).sum::<f64>() / all.len() as f64)
}

/// Returns the standard deviation of each figure, √(Σ (x − mean)² / (n − 1)); NaN if n is 1.
#[must_use]
pub fn deviation<const F: usize>(all: &[[f64; F]]) -> [f64; F] {
    let mean = mean(all);
    std::array::from_fn(|figure| {
        let squares = all.iter().map(|figures| (figures[figure] - mean[figure]).powi(2)).sum::<f64>();
        (squares / (all.len() as f64 - 1.0)).sqrt()
    })
}
