//! A network run on samples for all that can be shown of it.

use super::observe::{Observe, Part};
use super::page::Section;
use super::perplexity::Surprise;
use super::text::LONGEST;
use super::{Report, Series, confusion};
use crate::sample::Sample;
use elman::cell::Before;
use elman::image::Storable;
use elman::{Class, CrossEntropy, Loss, Math, Model, Network, Readout, Scalar, SquaredError, Targets, Token, Zero};

/// What an output is compared with, and the loss that compares them.
pub trait Judged<M: Math, O>: Sized {
    /// The loss.
    type Loss: Loss<M, O, Target = Self>;
    /// The loss.
    const LOSS: Self::Loss;
    /// The class it is, of how many; `None` for values.
    fn class(&self) -> Option<usize>;
    /// The class that the outputs name.
    fn named(outputs: &O) -> Option<usize>;
    /// How many classes there are, 0 for values.
    const CLASSES: usize;
}

impl<M: Math, const K: usize> Judged<M, [M::Scalar; K]> for Class<K> {
    type Loss = CrossEntropy;
    const LOSS: CrossEntropy = CrossEntropy;
    const CLASSES: usize = K;
    fn class(&self) -> Option<usize> {
        Some(self.index())
    }
    fn named(outputs: &[M::Scalar; K]) -> Option<usize> {
        Self::largest(outputs).map(Self::index)
    }
}

impl<M: Math<Scalar = T>, T: Scalar, const K: usize> Judged<M, [T; K]> for [T; K] {
    type Loss = SquaredError;
    const LOSS: SquaredError = SquaredError;
    const CLASSES: usize = 0;
    fn class(&self) -> Option<usize> {
        None
    }
    fn named(_: &[T; K]) -> Option<usize> {
        None
    }
}

/// What is read at a step.
pub trait Symbol {
    /// Which symbol it is; `None` for measurements.
    fn symbol(&self) -> Option<usize>;
}

impl<const V: usize> Symbol for Token<V> {
    fn symbol(&self) -> Option<usize> {
        Some(self.index())
    }
}

impl<T, const I: usize> Symbol for [T; I] {
    fn symbol(&self) -> Option<usize> {
        None
    }
}

/// What to call classes and symbols. What has no name here is called by its number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The classes that outputs name.
    pub classes: Vec<String>,
    /// The symbols that are read.
    pub symbols: Vec<String>,
}

impl Names {
    fn symbol(&self, index: usize) -> String {
        self.symbols.get(index).cloned().unwrap_or_else(|| format!("{index} "))
    }
}

/// The page of a network that classifies, labels, foretells or forecasts, as it does on `samples`.
///
/// Confusion matrix and perplexity are over all of them; gradient, state, gates and text are those of the first. Cells that
/// can be shown are those that [`Observe`] lists, of any depth; the rest goes into a [`Report`] by hand. Each sample is run
/// once, and the first, up to 5000 steps of it, also back.
pub fn report<C, R, S>(network: &Network<C, R>, samples: &[S]) -> Report
where
    C: Observe<S::Input, Scalar: Into<f64>>,
    R: Readout<C::Output, Scalar = C::Scalar>,
    S: Sample<Input: Symbol, Target: Judged<C::Math, R::Output>>,
    Network<C, R>: Model + Storable,
{
    report_named(network, samples, &Names::default())
}

/// As [`report`], with names for classes and symbols.
pub fn report_named<C, R, S>(network: &Network<C, R>, samples: &[S], names: &Names) -> Report
where
    C: Observe<S::Input, Scalar: Into<f64>>,
    R: Readout<C::Output, Scalar = C::Scalar>,
    S: Sample<Input: Symbol, Target: Judged<C::Math, R::Output>>,
    Network<C, R>: Model + Storable,
{
    let mut tally = Tally::new(<S::Target as Judged<C::Math, R::Output>>::CLASSES);
    samples.iter().for_each(|sample| tally.read(network, sample));
    let report = Report::new("What the network does").network(network);
    let Some(sample) = samples.iter().find(|sample| !sample.inputs().is_empty()) else { return report };
    let report = match samples.len() {
        1 => report,
        n => report.about(format!("Seen on {n} samples. State, gates, gradient and text are those of the first.")),
    };
    let trace = Trace::of(network, sample);
    let foretells = foretells::<C::Math, R::Output, S>(sample);
    let report = match foretells {
        None if tally.classes == 0 => report,
        None => report.with(confusion::section(&tally.counts, &names.classes)),
        Some(next) => report.with(tally.perplexity(&next, names, &trace)),
    };
    let report = report.gradient(&trace.gradient).states(&trace.states);
    let report = if trace.gates.is_empty() { report } else { report.gates(&trace.gates) };
    let symbols: Option<Vec<String>> =
        sample.inputs().iter().take(LONGEST).map(|x| Some(names.symbol(x.symbol()?))).collect();
    match (symbols, top(&trace.states)) {
        (Some(symbols), Some(states)) => report.characters(&symbols, &states.steps),
        _ => report,
    }
}

/// h of the top layer.
fn top(states: &[Series<Vec<f64>>]) -> Option<&Series<Vec<f64>>> {
    states.iter().rfind(|part| part.name.starts_with('h'))
}

/// The symbols foretold, if each target is the symbol read next.
fn foretells<M: Math, O, S: Sample<Input: Symbol, Target: Judged<M, O>>>(sample: &S) -> Option<Vec<usize>> {
    let (inputs, targets) = (sample.inputs(), sample.targets());
    let next: Vec<usize> = (0..inputs.len()).map(|t| targets.at(t, inputs.len())?.class()).collect::<Option<_>>()?;
    let read = inputs.iter().skip(1).map(Symbol::symbol);
    (next.len() > 1 && read.eq(next.iter().map(|&next| Some(next)).take(inputs.len() - 1))).then_some(next)
}

/// What all samples came to.
struct Tally {
    /// How many there are; 0 where targets are values.
    classes: usize,
    /// Row = true class, column = class named, of as many classes as can be shown.
    counts: Vec<Vec<u64>>,
    /// Sum of the losses and how many, by position.
    losses: Vec<(f64, usize)>,
}

impl Tally {
    fn new(classes: usize) -> Self {
        let shown = classes.min(confusion::MOST + 1);
        Self { classes, counts: vec![vec![0; shown]; shown], losses: Vec::new() }
    }

    fn read<C, R, S>(&mut self, network: &Network<C, R>, sample: &S)
    where
        C: Observe<S::Input, Scalar: Into<f64>>,
        R: Readout<C::Output, Scalar = C::Scalar>,
        S: Sample<Target: Judged<C::Math, R::Output>>,
    {
        let (mut state, targets, steps) = (C::State::ZERO, sample.targets(), sample.inputs().len());
        for (t, x) in sample.inputs().iter().enumerate() {
            network.cell.step(&mut state, x);
            let Some(target) = targets.at(t, steps) else { continue };
            let mut outputs = network.outputs(&state);
            if let (Some(truth), Some(named)) = (target.class(), S::Target::named(&outputs)) {
                let count = self.counts.get_mut(truth).and_then(|row| row.get_mut(named));
                count.into_iter().for_each(|count| *count += 1);
            }
            let loss = S::Target::LOSS.evaluate(&mut outputs, target, C::Scalar::ONE);
            self.losses.resize(self.losses.len().max(t + 1), (0.0, 0));
            self.losses[t] = (self.losses[t].0 + loss.into(), self.losses[t].1 + 1);
        }
    }

    fn perplexity(&self, next: &[usize], names: &Names, trace: &Trace) -> Section {
        let symbols: Vec<String> = next.iter().take(trace.losses.len()).map(|&symbol| names.symbol(symbol)).collect();
        let nats: Vec<f64> = trace.losses.iter().map(|loss| loss.unwrap_or(f64::NAN)).collect();
        let by_position: Vec<f64> = self.losses.iter().map(|(sum, n)| sum / *n as f64).collect();
        let sum = self.losses.iter().fold((0.0, 0), |sum, (loss, n)| (sum.0 + loss, sum.1 + n));
        let (mean, vocabulary) = (sum.0 / sum.1 as f64, self.classes);
        super::perplexity::section(&Surprise {
            symbols: &symbols,
            nats: &nats,
            by_position: &by_position,
            mean,
            vocabulary,
        })
    }
}

/// What one sample shows, step by step, of up to 5000 steps: the parts of a [`Report`] that are about one sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The parts of the state after each step, those of the lowest layer first: h, or h and c of an LSTM.
    pub states: Vec<Series<Vec<f64>>>,
    /// The gates at each step: r and z of a GRU, i, f and o of an LSTM.
    pub gates: Vec<Series<Vec<f64>>>,
    /// The Euclidean norm of ∂L/∂h after each step up to that of the last target, with L that target's loss alone.
    pub gradient: Vec<Series<f64>>,
    /// The loss at each step that has a target.
    pub losses: Vec<Option<f64>>,
}

impl Trace {
    /// Runs the network over a sample, there and back.
    pub fn of<C, R, S>(network: &Network<C, R>, sample: &S) -> Self
    where
        C: Observe<S::Input, Scalar: Into<f64>>,
        R: Readout<C::Output, Scalar = C::Scalar>,
        S: Sample<Target: Judged<C::Math, R::Output>>,
    {
        let (mut state, targets, steps) = (C::State::ZERO, sample.targets(), sample.inputs().len());
        let (mut states, mut gates, mut records, mut losses) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut last = None;
        for (t, x) in sample.inputs().iter().take(LONGEST).enumerate() {
            gates.push(network.cell.gates(&state, x));
            let mut record = C::Record::ZERO;
            network.cell.step_recorded(&mut state, x, &mut record);
            states.push(C::parts(&state));
            records.push(record);
            let mut outputs = network.outputs(&state);
            losses.push(targets.at(t, steps).map(|target| {
                let loss = S::Target::LOSS.evaluate(&mut outputs, target, C::Scalar::ONE);
                last = Some((t, outputs));
                loss.into()
            }));
        }
        let gradient =
            last.map_or_else(Vec::new, |(t, delta)| back::<C, R, S::Input>(network, &mut records[..=t], &delta));
        Self { states: series(states), gates: series(gates), gradient: norms(gradient), losses }
    }
}

/// The gradient of the state after each step, from that of the outputs after the last.
fn back<C, R, X>(network: &Network<C, R>, records: &mut [C::Record], delta: &R::Output) -> Vec<Vec<Part>>
where
    C: Observe<X>,
    R: Readout<C::Output, Scalar = C::Scalar>,
{
    let (start, mut gradient) = (C::State::ZERO, C::State::ZERO);
    network.readout.back(delta, C::output_mut(&mut gradient));
    let mut parts = Vec::new();
    for t in (0..records.len()).rev() {
        parts.push(C::parts(&gradient));
        let (earlier, rest) = records.split_at_mut(t);
        if let Some(record) = rest.first_mut() {
            network.cell.step_back(record, Before { record: earlier.last(), start: &start }, &mut gradient);
        }
    }
    parts.reverse();
    parts
}

/// The parts of each step as one series for each part.
fn series(steps: Vec<Vec<Part>>) -> Vec<Series<Vec<f64>>> {
    let Some(first) = steps.first() else { return Vec::new() };
    let layers = first.iter().map(|part| part.layer).max().unwrap_or(0);
    let name = |part: &Part| {
        if layers == 0 { part.name.to_string() } else { format!("{} of layer {}", part.name, part.layer + 1) }
    };
    let mut series: Vec<_> = first.iter().map(|part| Series { name: name(part), steps: Vec::new() }).collect();
    for step in steps {
        series.iter_mut().zip(step).for_each(|(series, part)| series.steps.push(part.values));
    }
    series
}

fn norms(steps: Vec<Vec<Part>>) -> Vec<Series<f64>> {
    let norm = |values: &Vec<f64>| values.iter().map(|x| x * x).sum::<f64>().sqrt();
    let norms = |part: Series<Vec<f64>>| Series { name: part.name, steps: part.steps.iter().map(norm).collect() };
    series(steps).into_iter().map(norms).collect()
}
