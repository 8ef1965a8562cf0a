//! The same training with several seeds: a row each, their mean, and what was promised of them.

pub use crate::failure::Failure;

use crate::Progress;
use crate::seeds::in_parallel;
use std::process::ExitCode;

/// Trainings of each learner, with the seeds 0 to 4.
pub const SEEDS: usize = 5;

/// Figure measured in a training: the heading of its column, and the number of decimals to print.
pub type Column = (&'static str, usize);

/// Table on standard output of the figures that learners reach on a problem.
///
/// A learner is trained once with each of the seeds; none is left out. Beside it stand baselines, which need no seed.
#[derive(Clone, Debug)]
pub struct Trials<const F: usize> {
    columns: [Column; F],
}

impl<const F: usize> Trials<F> {
    /// Prints the headings.
    #[must_use]
    pub fn new(columns: [Column; F]) -> Self {
        let headings: String = columns.iter().map(|(heading, _)| format!("  {heading:>8}")).collect();
        println!("\n{:NAME$} seed{headings}\n", "");
        Self { columns }
    }

    /// Trains `learner` with each seed, side by side on threads. `train` tells `progress` of its `updates` and returns
    /// the figures. Prints and returns them in the order of the seeds, and prints their mean.
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

    /// Prints the figures of something that needs no seed. NaN where there is no such figure.
    pub fn baseline(&self, name: &str, figures: [f64; F]) {
        self.row(name, "", &figures);
    }

    fn row(&self, name: &str, seed: &str, figures: &[f64; F]) {
        let cells: String = self.columns.iter().zip(figures).map(cell).collect();
        println!("{name:NAME$} {seed:>4}{cells}");
    }
}

/// Characters of the longest name of a learner.
const NAME: usize = 20;

/// A figure below its heading.
fn cell(((heading, decimals), figure): (&Column, &f64)) -> String {
    let width = heading.len().max(8);
    if figure.is_nan() { format!("  {:>width$}", "-") } else { format!("  {figure:width$.decimals$}") }
}

/// Share of right answers, counted one by one.
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

    /// The share of right answers; NaN if there was none.
    #[must_use]
    pub fn percent(&self) -> f64 {
        100.0 * self.right as f64 / self.all as f64
    }
}

/// Prints each promise and whether it is kept: success if all are, so that a script can tell.
pub fn verdict(promises: impl IntoIterator<Item = (String, bool)>) -> ExitCode {
    println!();
    let mut all = true;
    for (promise, kept) in promises {
        println!("{} {promise}", if kept { "kept  " } else { "MISSED" });
        all &= kept;
    }
    if all { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The mean of each figure.
#[must_use]
pub fn mean<const F: usize>(all: &[[f64; F]]) -> [f64; F] {
    std::array::from_fn(|figure| all.iter().map(|figures| figures[figure]).sum::<f64>() / all.len() as f64)
}
