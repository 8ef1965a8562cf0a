//! Report page of a network, made by running it on samples.

use super::Report;
use super::judged::{Judged, Names, Symbol, name};
use super::observe::Observe;
use super::reading::Reading;
use super::tally::Tally;
use super::trace::Trace;
use elman::dense::LearnedReadout;
use elman::image::Architecture;
use elman::network::Model;
use elman::target::Targets;
use elman::{Math, Network};
use elman_trainer::Sample;

/// Runs a network that classifies, labels, predicts, forecasts or translates on `samples`; returns a page about
/// it.
///
/// The confusion matrix and the perplexity cover all samples, with teacher forcing for an encoder–decoder. The
/// text is taken from the first samples; the gradient, the state and the gates are those of the first sample. Any
/// layer composed of the library's cells, stacks, encoder–decoders and bidirectional layers can be shown, at any
/// depth; one line makes a cell of your own [`Watchable`](super::Watchable). Each sample is run at most twice;
/// the first one is also run forward and backward over at most 5000 steps.
pub fn report<C, R, S>(network: &Network<C, R>, samples: &[S]) -> Report
where
    C: Observe<S::Input, Scalar: Into<f64>>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    S: Sample<Input: Symbol, Target: Judged<C::Math, R::Output>>,
    Network<C, R>: Model<Layer = C> + Architecture,
{
    report_named(network, samples, &Names::default())
}

/// Same as [`report`], with names for classes and symbols.
pub fn report_named<C, R, S>(network: &Network<C, R>, samples: &[S], names: &Names) -> Report
where
    C: Observe<S::Input, Scalar: Into<f64>>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    S: Sample<Input: Symbol, Target: Judged<C::Math, R::Output>>,
    Network<C, R>: Model<Layer = C> + Architecture,
{
    let mut tally = Tally::new(<S::Target as Judged<C::Math, R::Output>>::CLASSES);
    samples.iter().for_each(|sample| tally.read(network, sample));
    let report = Report::new("Behaviour of the network").network(network);
    let Some(sample) = samples.iter().find(|sample| !sample.inputs().is_empty()) else { return report };
    let report = report.about(about(samples.len(), sample.inputs()));
    let trace = Trace::of(network, sample);
    let foretold = foretold::<C::Math, R::Output, S>(sample);
    // If only the end of the sequence is predicted, as by a decoder, both sections are shown.
    let by_class = tally.classes > 0 && foretold.as_ref().is_none_or(|next| next.len() < sample.inputs().len());
    let written = if foretold.is_some() { names.written() } else { &names.classes };
    let report = if by_class { report.with(tally.confusion(written)) } else { report };
    let report = match &foretold {
        Some(next) => {
            let nats: Vec<f64> =
                trace.losses.iter().skip(sample.inputs().len() - next.len()).flatten().copied().collect();
            report.with(tally.perplexity(&next[..nats.len()], &nats, names))
        }
        None => report,
    };
    let report = report.gradient(&trace.gradient).states(&trace.states);
    let report = if trace.gates.is_empty() { report } else { report.gates(&trace.gates) };
    text(report, network, samples, (names, foretold.is_none()))
}

/// Adds the section on single units if the inputs are symbols. `labelled` must be true if each symbol may have a
/// class of its own.
fn text<C, R, S>(report: Report, network: &Network<C, R>, samples: &[S], (names, labelled): (&Names, bool)) -> Report
where
    C: Observe<S::Input>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    S: Sample<Input: Symbol, Target: Judged<C::Math, R::Output>>,
{
    let mut reading = Reading::default();
    for sample in samples {
        if !reading.is_full() {
            let (xs, targets) = (sample.inputs(), sample.targets());
            let label = |step| targets.at(step, xs.len()).filter(|_| labelled && !is_final(&targets))?.class();
            reading.add(&network.cell, xs, names, label);
        }
    }
    if reading.symbols.is_empty() { report } else { report.with(reading.section(|class| name(&names.classes, class))) }
}

/// Returns `true` if there is one target for the whole sequence.
fn is_final<Y, T: Targets<Y>>(_: &T) -> bool {
    T::FINAL
}

/// Describes the samples that were run.
fn about(samples: usize, first: &[impl Symbol]) -> String {
    let seen = match samples {
        1 => None,
        n => Some(format!("Computed on {n} samples. State, gates and gradient are those of the first.")),
    };
    let turns = first.iter().position(Symbol::is_written).map(|turn| {
        let all = first.len();
        format!(
            "The sequence shown has {all} steps: {turn} of the encoder, then steps of the decoder, which reads the correct \
            preceding targets."
        )
    });
    seen.into_iter().chain(turns).collect::<Vec<_>>().join(" ")
}

/// Returns the predicted symbols, if the targets, from the first one on, are the symbols that are read next.
fn foretold<M: Math, O, S: Sample<Input: Symbol, Target: Judged<M, O>>>(sample: &S) -> Option<Vec<usize>> {
    let (inputs, targets) = (sample.inputs(), sample.targets());
    let first = (0..inputs.len()).find(|&step| targets.at(step, inputs.len()).is_some())?;
    let next: Vec<usize> =
        (first..inputs.len()).map(|step| targets.at(step, inputs.len())?.class()).collect::<Option<_>>()?;
    let read = inputs.iter().skip(first + 1).map(Symbol::symbol);
    (next.len() > 1 && read.eq(next.iter().map(|&next| Some(next)).take(next.len() - 1))).then_some(next)
}
