//! Samples joined into one text, with the network's state after each symbol.

use super::characters::{self, Watched};
use super::judged::{Names, Symbol};
use super::observe::Observe;
use super::page::Section;
use super::parts::Part;
use super::text::LONGEST;
use super::trace::series;

/// Text of the first samples, each cut off after 5000 steps, up to the sample with which it reaches 5000 symbols.
#[derive(Default)]
pub struct Reading {
    /// The symbols, with a line break between samples.
    pub symbols: Vec<String>,
    /// Label of each symbol, if it has one.
    labels: Vec<Option<usize>>,
    states: Vec<Vec<Part>>,
}

impl Reading {
    /// Returns `true` if no further sample is needed.
    pub fn is_full(&self) -> bool {
        self.symbols.len() >= LONGEST
    }

    /// Adds the steps of a sample at which a symbol is read, each with its label.
    pub fn add<X: Symbol>(
        &mut self,
        layer: &impl Observe<X>,
        xs: &[X],
        names: &Names,
        label: impl Fn(usize) -> Option<usize>,
    ) {
        if xs.iter().all(|x| x.symbol().is_none()) {
            return;
        }
        let xs: Vec<&X> = xs.iter().take(LONGEST).collect();
        let states = layer.watch(&xs).states;
        if !self.symbols.is_empty() {
            // Between two samples there is no state.
            let gap = states.first().map_or_else(Vec::new, |parts| parts.iter().map(without_values).collect());
            self.push("\n".to_string(), None, gap);
        }
        for (step, (x, state)) in xs.into_iter().zip(states).enumerate() {
            if let Some(symbol) = names.read(x) {
                self.push(symbol, label(step), state);
            }
        }
    }

    /// Returns a section on how the units of all hidden states behave over the text.
    pub fn section(self, class: impl Fn(usize) -> String) -> Section {
        let labels = labels(&self.labels, class);
        let hidden: Vec<_> = series(self.states).into_iter().filter(|part| part.name.starts_with('h')).collect();
        characters::section(&self.symbols, &hidden, &labels)
    }

    fn push(&mut self, symbol: String, label: Option<usize>, state: Vec<Part>) {
        self.symbols.push(symbol);
        self.labels.push(label);
        self.states.push(state);
    }
}

/// Returns a feature for each class that occurs; if there are two classes, for the second alone.
fn labels(labels: &[Option<usize>], class: impl Fn(usize) -> String) -> Vec<Watched> {
    let mut classes: Vec<usize> = labels.iter().flatten().copied().collect();
    classes.sort_unstable();
    classes.dedup();
    let shown = match &classes[..] {
        [_, second] => &[*second],
        all => all,
    };
    let is = |class: usize| {
        labels.iter().map(|label| label.map_or(f64::NAN, |is| f64::from(u8::from(is == class)))).collect()
    };
    shown.iter().map(|&n| (format!("label {}", class(n).trim_end()), is(n))).collect()
}

fn without_values(part: &Part) -> Part {
    Part { values: Vec::new(), ..*part }
}
