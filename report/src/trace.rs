//! States, gates, gradients and losses of one sample, step by step.

use super::Series;
use super::gradient::Reach;
use super::judged::Judged;
use super::observe::{Observe, Outputs, Watched};
use super::parts::{Direction, Part};
use super::text::LONGEST;
use elman::dense::{LearnedReadout, Readout};
use elman::layer::Place;
use elman::loss::Loss;
use elman::math::Scalar;
use elman::target::Targets;
use elman::{Network, Zero};
use elman_trainer::Sample;

/// Trace of one sample, up to 5000 steps: the data for the parts of a [`Report`](super::Report) on a single
/// sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Parts of the state after each step, from the lowest layer up: h, or h and c of an LSTM. In a layer that reads
    /// both ways, the forward direction comes first; the state of the backward direction at a step is its state after
    /// reading this step and all later ones.
    pub states: Vec<Series<Vec<f64>>>,
    /// Gates at each step: r and z of a GRU; i, f and o of an LSTM.
    pub gates: Vec<Series<Vec<f64>>>,
    /// Gradient of the loss L of one target with respect to the state after each step. The target is the last one or,
    /// where layers read both ways, the middle one. The gradient of a target for the whole sequence starts at the end
    /// of each direction.
    pub gradient: Vec<Reach>,
    /// Loss at each step that has a target.
    pub losses: Vec<Option<f64>>,
}

impl Trace {
    /// Runs a forward and a backward pass over a sample.
    pub fn of<C, R, S>(network: &Network<C, R>, sample: &S) -> Self
    where
        C: Observe<S::Input, Scalar: Into<f64>>,
        R: LearnedReadout<C::Output, Scalar = C::Scalar>,
        S: Sample<Target: Judged<C::Math, R::Output>>,
    {
        let xs: Vec<_> = sample.inputs().iter().take(LONGEST).collect();
        let (targets, steps) = (sample.targets(), sample.inputs().len());
        let Watched { outputs, states, gates, mut records } = network.cell.watch(&xs);
        let chosen = chosen(&targets, (xs.len(), steps), C::PASSES == 1);
        let (mut losses, mut last) = (vec![None; xs.len()], None);
        for Answer { step, place, mut outputs, target } in answers(&network.readout, &outputs, &targets, steps) {
            losses[step] = Some(S::Target::LOSS.evaluate(&mut outputs, target, C::Scalar::ONE).into());
            if chosen == Some(step) {
                last = Some((place, outputs));
            }
        }
        let gradient = last.map_or_else(Vec::new, |(from, delta)| {
            let source = |place, gradient: &mut C::Output| {
                if let Some(output) = outputs.at(place).filter(|_| place == from) {
                    network.readout.back(output, &delta, gradient);
                }
            };
            reaches(network.cell.go_back(&mut records, source), from)
        });
        Self { states: series(states), gates: series(gates), gradient, losses }
    }
}

/// Returns the step of the target whose gradient is shown: the last one among the first `shown` steps, or the middle
/// one if layers read both ways.
fn chosen<Y>(targets: &impl Targets<Y>, (shown, steps): (usize, usize), one_way: bool) -> Option<usize> {
    let all: Vec<usize> = (0..shown).filter(|&step| targets.at(step, steps).is_some()).collect();
    if one_way { all.last() } else { all.get(all.len() / 2) }.copied()
}

/// Answer of a network at a step with a target.
pub struct Answer<'a, O, Y> {
    /// Step of the target.
    pub step: usize,
    /// Place of the layer's output that the answer is computed from.
    pub place: Place,
    /// Output of the network.
    pub outputs: O,
    /// Target of the answer.
    pub target: &'a Y,
}

/// Returns the answers for the targets in a sequence of `steps` steps, as far as the layer has outputs.
pub fn answers<'a, Y, R: Readout<Y>, D: 'a, T: Targets<D>>(
    readout: &R,
    outputs: &Outputs<Y>,
    targets: &'a T,
    steps: usize,
) -> impl Iterator<Item = Answer<'a, R::Output, D>> {
    (0..outputs.steps.len()).filter_map(move |step| {
        let target = targets.at(step, steps)?;
        let place = if T::FINAL { Place::End } else { Place::Step(step) };
        let mut answer = R::Output::ZERO;
        readout.forward(outputs.at(place)?, &mut answer);
        Some(Answer { step, place, outputs: answer, target })
    })
}

/// Converts the parts at each step to a series over all steps for each part.
pub fn series(steps: Vec<Vec<Part>>) -> Vec<Series<Vec<f64>>> {
    let Some(first) = steps.first() else { return Vec::new() };
    let layers = first.iter().map(|part| part.layer).max().unwrap_or(0);
    let name = |part: &Part| {
        let layer = if layers == 0 { String::new() } else { format!(" of layer {}", part.layer + 1) };
        let direction = match part.direction {
            None => "",
            Some(Direction::Forward) => " forward",
            Some(Direction::Backward) => " backward",
        };
        format!("{}{layer}{direction}", part.name)
    };
    let mut series: Vec<_> = first.iter().map(|part| Series { name: name(part), steps: Vec::new() }).collect();
    for step in steps {
        series.iter_mut().zip(step).for_each(|(series, part)| series.steps.push(part.values));
    }
    series
}

/// Returns, for each part of the state, the norm of its gradient after each step.
fn reaches(steps: Vec<Vec<Part>>, from: Place) -> Vec<Reach> {
    let end = steps.len().saturating_sub(1);
    let start = |part: &Part| match (from, part.direction) {
        (Place::Step(step), _) => step,
        (Place::End, Some(Direction::Backward)) => 0,
        (Place::End, _) => end,
    };
    let starts: Vec<usize> = steps.first().map_or_else(Vec::new, |parts| parts.iter().map(start).collect());
    let norm = |values: &Vec<f64>| values.iter().map(|x| x * x).sum::<f64>().sqrt();
    let norms = |part: Series<Vec<f64>>| (part.name, part.steps.iter().map(norm).collect());
    let reach = |((name, norms), from)| Reach { name, from, norms };
    series(steps).into_iter().map(norms).zip(starts).map(reach).collect()
}
