//! Gradients against finite differences: every parameter, every input element, every element of the first state, signed.

use crate::replay::{features, replay};
use crate::tolerance::{DIFFERENCE, DIFFERENCE_FLOOR};
use elman::cell::LstmState;
use elman::dense::LearnedReadout;
use elman::layer::{Ends, Sequential};
use elman::loss::Loss;
use elman::parameters::{Path, walk_range};
use elman::stacked::Pair;
use elman::target::Targets;
use elman::{Layer, Network, Parameters, Side, Token, Zero};

/// The step of a difference: a power of two, so that x ± h is exact for x about 1.
const H: f64 = 1.0 / 4096.0;

/// Steps of a difference, with the coefficient of each loss.
const STENCIL: [(f64, f64); 6] = [(-3.0, -1.0), (-2.0, 9.0), (-1.0, -45.0), (1.0, 45.0), (2.0, -9.0), (3.0, 1.0)];

/// Numbers in a fixed order, to be nudged one by one.
pub trait Numbers {
    /// All of them.
    fn numbers(&mut self) -> Vec<&mut f64>;
    /// Selects the part of the gradient for these numbers: all of it, unless it has room for those of another value.
    fn own(&mut self, gradient: Vec<f64>) -> Vec<f64> {
        gradient
    }
}

impl<const N: usize> Numbers for [f64; N] {
    fn numbers(&mut self) -> Vec<&mut f64> {
        self.iter_mut().collect()
    }
}

impl<const N: usize> Numbers for [[f64; N]; 2] {
    fn numbers(&mut self) -> Vec<&mut f64> {
        self.as_flattened_mut().iter_mut().collect()
    }
}

impl<A: Numbers, B: Numbers> Numbers for (A, B) {
    fn numbers(&mut self) -> Vec<&mut f64> {
        self.0.numbers().into_iter().chain(self.1.numbers()).collect()
    }
}

impl<const H: usize> Numbers for LstmState<f64, H> {
    fn numbers(&mut self) -> Vec<&mut f64> {
        self.h.iter_mut().chain(&mut self.c).collect()
    }
}

/// Numbers of both states; the output joined from them is not carried.
impl<F: Numbers, B: Numbers, Y> Numbers for Ends<F, B, Y> {
    fn numbers(&mut self) -> Vec<&mut f64> {
        self.forward.numbers().into_iter().chain(self.backward.numbers()).collect()
    }
}

impl<A: Numbers, B: Numbers> Numbers for Pair<A, B> {
    fn numbers(&mut self) -> Vec<&mut f64> {
        self.lower.numbers().into_iter().chain(self.upper.numbers()).collect()
    }
}

/// The gradient has room for both sides, and the part of the side not read is zero.
impl<X: Numbers, Y: Numbers> Numbers for Side<X, Y> {
    fn numbers(&mut self) -> Vec<&mut f64> {
        match self {
            Self::Source(x) => x.numbers(),
            Self::Target(y) => y.numbers(),
        }
    }
    fn own(&mut self, mut gradient: Vec<f64>) -> Vec<f64> {
        let own = self.numbers().len();
        let source = if matches!(self, Self::Source(_)) { own } else { gradient.len() - own };
        let target = gradient.split_off(source);
        let (own, other) = if matches!(self, Self::Source(_)) { (gradient, target) } else { (target, gradient) };
        assert!(other.iter().all(|&g| g == 0.0), "the side not read has a gradient");
        own
    }
}

/// A token cannot be nudged.
impl<const V: usize> Numbers for Token<V> {
    fn numbers(&mut self) -> Vec<&mut f64> {
        Vec::new()
    }
}

/// The gradient of a token.
impl Numbers for () {
    fn numbers(&mut self) -> Vec<&mut f64> {
        Vec::new()
    }
}

/// Reason why gradient and differences do not agree.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// An element of the gradient is not the slope.
    Mismatch {
        /// The tensor, and the element in it.
        at: (String, usize),
        /// The gradient's element.
        gradient: f64,
        /// The slope.
        slope: f64,
    },
    /// A nudge moves a unit through zero, where ReLU has no slope: choose another point.
    Kink,
}

/// A window whose gradient is checked.
#[derive(Clone, Debug)]
pub struct Problem<'a, C: Sequential, R, X, L, Y> {
    /// The network.
    pub network: Network<C, R>,
    /// The state before the first step.
    pub start: C::State,
    /// The inputs.
    pub xs: Vec<X>,
    /// Loss, targets, and the factor on the loss.
    pub loss: (&'a L, &'a Y, f64),
    /// Set if units have a kink at zero.
    pub kinked: bool,
}

/// Names of tensors with their elements.
pub type Gradients = Vec<(String, Vec<f64>)>;

impl<C, R, X, L, Y> Problem<'_, C, R, X, L, Y>
where
    C: Layer<X, Scalar = f64, State: Numbers + PartialEq + std::fmt::Debug, InputGradient: Numbers>,
    C::Output: Numbers,
    R: LearnedReadout<C::Output, Scalar = f64>,
    L: Loss<C::Math, R::Output>,
    X: Numbers + Clone,
    Y: Targets<L::Target>,
{
    /// Returns the gradients of back-propagation through time.
    pub fn gradients(&self) -> Gradients {
        let mut found = replay(&self.network, &self.start, &self.xs, (self.loss.0, self.loss.1, self.loss.2));
        let mut all = Gradients::new();
        found.gradient.view(Path::ROOT, &mut |tensor, g| all.push((tensor.path.to_string(), g.to_vec())));
        all.push(("start".to_string(), copied(&mut found.start)));
        let inputs = self.xs.clone().into_iter().zip(&mut found.inputs);
        all.push(("inputs".to_string(), inputs.flat_map(|(mut x, g)| x.own(copied(g))).collect()));
        all
    }

    /// Checks that `gradients` are the slopes. Returns the largest error found, as a fraction of the allowed one.
    ///
    /// # Errors
    /// The first [`Failure`].
    pub fn compare(&mut self, gradients: &Gradients) -> Result<f64, Failure> {
        let (loss, pattern) = self.forward();
        let mut worst = 0.0_f64;
        let mut parameter = 0;
        for (name, gradient) in gradients {
            let largest = gradient.iter().fold(0.0_f64, |most, g| most.max(g.abs()));
            let allowed = DIFFERENCE * largest + DIFFERENCE_FLOOR * loss.abs().max(1.0);
            for (element, &gradient) in gradient.iter().enumerate() {
                let at = Element { tensor: name, element, parameter: parameter + element };
                let slope = self.slope(at, &pattern)?;
                let error = (gradient - slope).abs() / allowed;
                // Written so that NaN fails.
                let within = error <= 1.0;
                if !within {
                    return Err(Failure::Mismatch { at: (name.clone(), element), gradient, slope });
                }
                worst = worst.max(error);
            }
            parameter += gradient.len();
        }
        Ok(worst)
    }

    /// (−f(−3h) + 9 f(−2h) − 45 f(−h) + 45 f(h) − 9 f(2h) + f(3h)) / 60h, off by h⁶/140 · f⁽⁷⁾.
    fn slope(&mut self, at: Element<'_>, pattern: &[bool]) -> Result<f64, Failure> {
        let x = self.replace(at, 0.0);
        let (mut sum, mut kink) = (0.0, false);
        for (steps, weight) in STENCIL {
            self.replace(at, x + steps * H);
            let (loss, nudged) = self.forward();
            kink |= self.kinked && nudged != pattern;
            sum += weight * loss;
        }
        self.replace(at, x);
        if kink { Err(Failure::Kink) } else { Ok(sum / (60.0 * H)) }
    }

    /// The loss, without a tape, and which units are above zero.
    fn forward(&self) -> (f64, Vec<bool>) {
        let (loss, targets, scale) = self.loss;
        let (mut features, end) = features(&self.network.cell, &self.start, &self.xs);
        let (end, mut total, mut pattern) = (*C::output(&end), 0.0, Vec::new());
        for (t, feature) in features.iter_mut().enumerate() {
            pattern.extend(copied(feature).iter().map(|&y| y > 0.0));
            if let Some(target) = targets.at(t, self.xs.len()) {
                let mut outputs = R::Output::ZERO;
                self.network.readout.forward(if Y::FINAL { &end } else { feature }, &mut outputs);
                total += loss.evaluate(&mut outputs, target, scale);
            }
        }
        (total, pattern)
    }

    /// Sets an element and returns its former value.
    fn replace(&mut self, at: Element<'_>, value: f64) -> f64 {
        match at.tensor {
            "start" => std::mem::replace(self.start.numbers()[at.element], value),
            "inputs" => {
                let mut inputs = self.xs.iter_mut().flat_map(Numbers::numbers);
                std::mem::replace(inputs.nth(at.element).unwrap(), value)
            }
            _ => {
                let mut former = None;
                walk_range(&mut self.network, [], at.parameter..at.parameter + 1, |w, []| {
                    w.iter_mut().for_each(|w| former = Some(std::mem::replace(w, value)));
                });
                former.unwrap()
            }
        }
    }
}

/// Element to be nudged.
#[derive(Clone, Copy)]
struct Element<'a> {
    tensor: &'a str,
    /// Its place in the tensor.
    element: usize,
    /// Its place among all parameters, if it is one.
    parameter: usize,
}

/// Returns a copy of the numbers.
pub fn copied(numbers: &mut impl Numbers) -> Vec<f64> {
    numbers.numbers().into_iter().map(|x| *x).collect()
}
