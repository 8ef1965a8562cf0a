//! A network in integers beside the network of f32 that it was made of, over a data set.

use super::calibrate::Step;
use super::{Calibration, Model};
use crate::Kind;

/// A sequence and what it is known to be.
pub struct Example {
    /// Its steps.
    pub xs: Vec<Vec<f32>>,
    /// Its class, or the classes of its steps.
    pub classes: Classes,
}

/// Classes of a sequence.
pub enum Classes {
    /// They are unknown.
    None,
    /// One for the whole sequence, which the last outputs should name.
    Last(usize),
    /// One for each step.
    Each(Vec<usize>),
}

/// Difference of two runs in a number that both compute.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// Name of the number.
    pub name: &'static str,
    /// Largest difference.
    pub worst: f64,
    sum: f64,
    count: usize,
}

impl Difference {
    /// Root of the mean square of the differences.
    #[must_use]
    pub fn typical(&self) -> f64 {
        (self.sum / self.count.max(1) as f64).sqrt()
    }

    fn note(&mut self, exact: f32, near: f64) {
        let difference = (f64::from(exact) - near).abs();
        *self = Self {
            name: self.name,
            worst: self.worst.max(difference),
            sum: self.sum + difference * difference,
            count: self.count + 1,
        };
    }
}

/// Comparison of a layer in integers with the same layer in `f32`, over a data set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Met {
    /// Numbers that were read.
    pub numbers: usize,
    /// Numbers that were larger than the largest of 16 bits.
    pub clipped: usize,
    /// Differences of the gates, and of h.
    pub differences: Vec<Difference>,
}

/// Both networks over a data set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compared {
    /// Comparison of each layer.
    pub layers: Vec<Met>,
    /// Differences of the outputs.
    pub outputs: Difference,
    /// The largest absolute output in f32.
    pub largest: f32,
    /// Number of answers: one for each sequence, or for each step with a class of its own.
    pub answers: usize,
    /// Answers that are the same class in both.
    pub agree: usize,
    /// Number of classes that are known.
    pub known: usize,
    /// Right answers in f32.
    pub right: usize,
    /// Right answers in integers.
    pub right_in_integers: usize,
}

impl Compared {
    /// Runs both networks.
    #[must_use]
    pub fn of(calibration: &Calibration<'_>, model: &Model, examples: &[Example]) -> Self {
        let layers = model.layers.iter().map(|layer| Met { differences: named(layer.kind), ..Met::default() });
        let mut all = Self { layers: layers.collect(), ..Self::default() };
        all.outputs.name = "outputs";
        for example in examples.iter().filter(|example| !example.xs.is_empty()) {
            all.add(calibration, model, example);
        }
        all
    }

    fn add(&mut self, calibration: &Calibration<'_>, model: &Model, example: &Example) {
        let mut states = model.start();
        let last = example.xs.len() - 1;
        for (t, (x, exact)) in example.xs.iter().zip(calibration.run(&example.xs)).enumerate() {
            let real: Vec<f32> = x.iter().map(|x| x * model.layers[0].resolution).collect();
            let whole: Vec<i16> = real.iter().map(|&x| super::run::rounded(x)).collect();
            let (outputs, gates) = model.step(&mut states, &whole);
            self.layers[0].clipped += real.iter().filter(|x| x.abs() > 32_767.5).count();
            self.layers[0].numbers += real.len();
            for (index, met) in self.layers.iter_mut().enumerate() {
                let h = &states[index].h;
                met.note(&exact, index, &gates[index], h, calibration.output_unit(index));
                if index > 0 {
                    met.numbers += exact.h[index - 1].len();
                }
            }
            exact.outputs.iter().zip(&outputs).for_each(|(&y, &near)| self.outputs.note(y, near.into()));
            self.largest = exact.outputs.iter().fold(self.largest, |most, y| most.max(y.abs()));
            match &example.classes {
                Classes::Each(classes) => self.answer([&exact.outputs, &outputs], classes.get(t).copied()),
                Classes::Last(class) if t == last => self.answer([&exact.outputs, &outputs], Some(*class)),
                Classes::None if t == last => self.answer([&exact.outputs, &outputs], None),
                _ => {}
            }
        }
    }

    fn answer(&mut self, outputs: [&[f32]; 2], class: Option<usize>) {
        let [exact, near] = outputs.map(largest);
        self.answers += 1;
        self.agree += usize::from(exact == near);
        if let Some(class) = class {
            self.known += 1;
            self.right += usize::from(exact == class);
            self.right_in_integers += usize::from(near == class);
        }
    }
}

impl Met {
    fn note(&mut self, exact: &Step, layer: usize, gates: &[Vec<i16>], h: &[i16], unit: f32) {
        let gates = if self.differences.len() > 1 { gates } else { &[] };
        let exact_gates = exact.gates[layer].iter().take(gates.len());
        for ((difference, exact), near) in self.differences.iter_mut().zip(exact_gates).zip(gates) {
            exact.iter().zip(near).for_each(|(&y, &near)| difference.note(y, f64::from(near) / 32_768.0));
        }
        if let Some(difference) = self.differences.last_mut() {
            let near = h.iter().map(|&h| f64::from(h) * f64::from(unit));
            exact.h[layer].iter().zip(near).for_each(|(&y, near)| difference.note(y, near));
        }
    }
}

/// The gates of a kind, and h.
fn named(kind: Kind) -> Vec<Difference> {
    let names: &[&str] = match kind {
        Kind::Gru(_) => &["r", "z", "n", "h"],
        Kind::Lstm => &["i", "f", "g", "o", "h"],
        Kind::Rnn(_) | Kind::Mgu | Kind::FastGrnn => &["h"],
    };
    names.iter().map(|name| Difference { name, ..Difference::default() }).collect()
}

/// The index of the largest number, the first of several.
fn largest(numbers: &[f32]) -> usize {
    let most = numbers.iter().fold(f32::NEG_INFINITY, |most, &y| most.max(y));
    numbers.iter().position(|&y| y == most).unwrap_or(0)
}
