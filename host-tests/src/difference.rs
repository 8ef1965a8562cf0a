//! Comparison of gradients with finite differences, sign included, for every parameter, every input element and
//! every element of the initial state.
//!
//! The comparison sees a window only as a [`Nudged`], so it is compiled once for all networks.

use crate::goal::Goal;
use crate::numbers::{Numbers, copied};
use crate::precision::{Tensors, tensors};
use crate::replay::{features, replay_towards};
use crate::tolerance::{DIFFERENCE, DIFFERENCE_FLOOR};
use crate::walk;
use elman::dense::LearnedReadout;
use elman::layer::Sequential;
use elman::{Layer, Network, Zero};
use std::fmt::Debug;
use zerocopy::FromBytes;

/// Step size of a difference: a power of two, so that x ± h is exact for x of about 1.
const H: f64 = 1.0 / 4096.0;

/// Terms of a difference: offset in steps of [`H`], and coefficient of the loss there.
const STENCIL: [(f64, f64); 6] = [(-3.0, -1.0), (-2.0, 9.0), (-1.0, -45.0), (1.0, 45.0), (2.0, -9.0), (3.0, 1.0)];

/// Reason why a gradient and its finite differences disagree.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// An element of the gradient differs from the slope.
    Mismatch {
        /// Name of the tensor, and index of the element in it.
        at: (String, usize),
        /// Value of that element in the gradient.
        gradient: f64,
        /// Slope found by finite differences.
        slope: f64,
    },
    /// A nudge moves a unit through zero, where ReLU has no slope: choose another point.
    Kink,
}

/// Window whose numbers can be nudged, whatever its network.
pub trait Nudged {
    /// Returns the number of steps.
    fn steps(&self) -> usize;
    /// Returns the gradients from back-propagation through time; those of `start` and `inputs` come last.
    fn gradients(&self) -> Gradients;
    /// Returns the loss, computed without a tape, and the signs of the units: `true` above zero.
    fn forward(&self) -> (f64, Vec<bool>);
    /// Sets an element and returns its former value.
    fn replace(&mut self, at: Element<'_>, value: f64) -> f64;
}

/// Gradient of each tensor, under the tensor's name.
pub type Gradients = Tensors;

/// Element to be nudged.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// Name of the tensor.
    pub tensor: &'a str,
    /// Index of the element in the tensor.
    pub element: usize,
}

/// Checks that `gradients` are the slopes of the window's loss and, if `kinked`, that no nudge moves a unit through
/// its kink at zero. Returns the largest error found, as a fraction of the allowed one.
///
/// # Errors
/// Returns the first [`Failure`].
pub fn compare(window: &mut dyn Nudged, kinked: bool, gradients: &Gradients) -> Result<f64, Failure> {
    let (loss, pattern) = window.forward();
    let mut worst = 0.0_f64;
    for (name, gradient) in gradients {
        let largest = gradient.iter().fold(0.0_f64, |most, g| most.max(g.abs()));
        let allowed = DIFFERENCE * largest + DIFFERENCE_FLOOR * loss.abs().max(1.0);
        for (element, &gradient) in gradient.iter().enumerate() {
            let slope = slope(window, Element { tensor: name, element }, kinked.then_some(&pattern))?;
            let error = (gradient - slope).abs() / allowed;
            // Written so that NaN fails.
            let within = error <= 1.0;
            if !within {
                return Err(Failure::Mismatch { at: (name.clone(), element), gradient, slope });
            }
            worst = worst.max(error);
        }
    }
    Ok(worst)
}

/// Returns (−f(−3h) + 9 f(−2h) − 45 f(−h) + 45 f(h) − 9 f(2h) + f(3h)) / 60h; the error is h⁶/140 · f⁽⁷⁾.
///
/// # Errors
/// [`Failure::Kink`] if a nudge changes the `pattern` of signs.
pub fn slope(window: &mut dyn Nudged, at: Element<'_>, pattern: Option<&Vec<bool>>) -> Result<f64, Failure> {
    let x = window.replace(at, 0.0);
    let (mut sum, mut kink) = (0.0, false);
    for (steps, weight) in STENCIL {
        window.replace(at, x + steps * H);
        let (loss, nudged) = window.forward();
        kink |= pattern.is_some_and(|pattern| nudged != *pattern);
        sum += weight * loss;
    }
    window.replace(at, x);
    if kink { Err(Failure::Kink) } else { Ok(sum / (60.0 * H)) }
}

/// Returns `true` if the largest element of every gradient is above 1e-6, which is large enough for an error to
/// show.
pub fn tells(gradients: &Gradients) -> bool {
    let largest = |g: &[f64]| g.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    gradients.iter().all(|(_, g)| g.is_empty() || largest(g) > 1e-6)
}

/// Window whose gradient is checked.
pub struct Problem<'a, C: Sequential, R: LearnedReadout<C::Output>, X> {
    /// The network.
    pub network: Network<C, R>,
    /// State before the first step.
    pub start: C::State,
    /// Inputs of the sequence.
    pub xs: Vec<X>,
    /// Loss, targets, and factor on the loss.
    pub goal: &'a dyn Goal<C::Math, R::Output>,
}

impl<C, R, X> Nudged for Problem<'_, C, R, X>
where
    C: Layer<X, Scalar = f64, State: Numbers + PartialEq + Debug, InputGradient: Numbers>,
    C::Output: Numbers,
    R: LearnedReadout<C::Output, Scalar = f64>,
    X: Numbers + Clone,
    Network<C, R>: FromBytes,
{
    fn steps(&self) -> usize {
        self.xs.len()
    }
    fn gradients(&self) -> Gradients {
        let mut found = replay_towards(&self.network, &self.start, &self.xs, self.goal);
        let mut all = tensors(&*found.gradient);
        all.push(("start".to_string(), copied(&mut found.start)));
        let inputs = self.xs.clone().into_iter().zip(&mut found.inputs);
        all.push(("inputs".to_string(), inputs.flat_map(|(mut x, g)| x.own(copied(g))).collect()));
        all
    }
    fn forward(&self) -> (f64, Vec<bool>) {
        let (mut features, end) = features(&self.network.cell, &self.start, &self.xs);
        let (end, steps) = (*C::output(&end), self.xs.len());
        let (mut total, mut pattern) = (0.0, Vec::new());
        for (t, feature) in features.iter_mut().enumerate() {
            pattern.extend(feature.numbers().iter().map(|y| **y > 0.0));
            if self.goal.has(t, steps) {
                let mut outputs = R::Output::ZERO;
                self.network.readout.forward(if self.goal.is_final() { &end } else { feature }, &mut outputs);
                total += self.goal.evaluate(&mut outputs, t, steps, self.goal.scale());
            }
        }
        (total, pattern)
    }
    fn replace(&mut self, at: Element<'_>, value: f64) -> f64 {
        let mut former = None;
        let mut swap = |number: Option<&mut f64>| former = number.map(|number| std::mem::replace(number, value));
        match at.tensor {
            "start" => swap(self.start.numbers().into_iter().nth(at.element)),
            "inputs" => swap(self.xs.iter_mut().flat_map(Numbers::numbers).nth(at.element)),
            _ => {
                self.network = walk::changed(&self.network, &mut |tensor, numbers| {
                    if tensor.path.to_string() == at.tensor {
                        swap(numbers.get_mut(at.element));
                    }
                });
            }
        }
        former.unwrap()
    }
}
