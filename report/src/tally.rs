//! Results over all samples.

use super::confusion;
use super::judged::{Judged, Names, name};
use super::observe::Observe;
use super::page::Section;
use super::perplexity::{self, Surprise};
use super::trace::{Answer, answers};
use elman::Network;
use elman::dense::LearnedReadout;
use elman::loss::Loss;
use elman::math::Scalar;
use elman_trainer::Sample;

/// Counts and losses over all samples.
pub struct Tally {
    /// Number of classes; 0 if targets are values.
    pub classes: usize,
    /// Counts by true class (row) and predicted class (column), for at most one class more than can be shown.
    counts: Vec<Vec<u64>>,
    /// Sum and number of the losses at each position, counted from the first target.
    losses: Vec<(f64, usize)>,
}

impl Tally {
    /// Creates an empty tally of `classes` classes.
    pub fn new(classes: usize) -> Self {
        let shown = classes.min(confusion::MOST + 1);
        Self { classes, counts: vec![vec![0; shown]; shown], losses: Vec::new() }
    }

    /// Adds the network's answers for a sample.
    pub fn read<C, R, S>(&mut self, network: &Network<C, R>, sample: &S)
    where
        C: Observe<S::Input, Scalar: Into<f64>>,
        R: LearnedReadout<C::Output, Scalar = C::Scalar>,
        S: Sample<Target: Judged<C::Math, R::Output>>,
    {
        let outputs = network.cell.read(&sample.inputs().iter().collect::<Vec<_>>());
        let (targets, mut first) = (sample.targets(), None);
        for Answer { step, mut outputs, target, .. } in
            answers(&network.readout, &outputs, &targets, sample.inputs().len())
        {
            if let (Some(truth), Some(named)) = (target.class(), S::Target::named(&outputs)) {
                let count = self.counts.get_mut(truth).and_then(|row| row.get_mut(named));
                count.into_iter().for_each(|count| *count += 1);
            }
            let loss = S::Target::LOSS.evaluate(&mut outputs, target, C::Scalar::ONE);
            let position = step - *first.get_or_insert(step);
            self.losses.resize(self.losses.len().max(position + 1), (0.0, 0));
            self.losses[position] = (self.losses[position].0 + loss.into(), self.losses[position].1 + 1);
        }
    }

    /// Returns the section on the confusion matrix.
    pub fn confusion(&self, names: &[String]) -> Section {
        confusion::section(&self.counts, names)
    }

    /// Returns the section on perplexity: over all samples, and at each symbol predicted in one sample.
    pub fn perplexity(&self, next: &[usize], nats: &[f64], names: &Names) -> Section {
        let symbols: Vec<String> = next.iter().map(|&symbol| name(names.written(), symbol)).collect();
        let by_position: Vec<f64> = self.losses.iter().map(|(sum, n)| sum / *n as f64).collect();
        let sum = self.losses.iter().fold((0.0, 0), |sum, (loss, n)| (sum.0 + loss, sum.1 + n));
        let (mean, vocabulary) = (sum.0 / sum.1 as f64, self.classes);
        perplexity::section(&Surprise { symbols: &symbols, nats, by_position: &by_position, mean, vocabulary })
    }
}
