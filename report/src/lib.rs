//! Report page that shows how a network behaves: one HTML file that contains all pictures and needs neither
//! scripts nor network requests.
//!
//! [`report`] runs a network on samples and shows everything it can: sizes, confusion matrix, reach of the
//! gradient, hidden state and gates over a sequence, features of a text that single units track, perplexity.
//! Further sections, such as the course of training, can be added:
//!
//! ```
//! use elman::{Class, Dense, Gru, Network, Zero};
//! use elman_report::report;
//! use elman_trainer::{History, ToOne};
//! let network = Network::<Gru<2, 8>, Dense<8, 3>>::ZERO;
//! let samples = [ToOne { inputs: vec![[0.5, -1.0]; 20], target: Class::<3>::new(2)? }];
//! let page = report(&network, &samples).titled("Gestures").history(&History::default()).html();
//! assert!(page.contains("<svg"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Cells, stacks and encoder–decoders are observed step by step, bidirectional layers in each direction. For
//! other networks, build a [`Report`] from measured values or make the cell [`Watchable`].
//!
//! Colours follow the reader's light or dark mode; print is light. Values that are not finite appear as gaps, and
//! a section that cannot be shown states the reason.

use elman::Parameters;
use elman::image::Architecture;
use elman::layer::Sequential;
use elman::metrics::Confusion;
use elman::network::Model;
use elman_files::output::{self, OutputError};
use elman_trainer::History;
use std::path::Path;

mod characters;
mod chart;
mod confusion;
mod curves;
mod gates;
mod gradient;
mod heatmap;
mod inspect;
mod judged;
mod number;
mod observe;
mod overview;
mod page;
mod parts;
mod perplexity;
mod reading;
mod states;
mod svg;
mod tally;
mod text;
mod trace;

pub use gradient::Reach;
pub use inspect::{report, report_named};
pub use judged::{Judged, Names, Symbol};
pub use observe::{Observe, Outputs, Watched};
pub use parts::{Direction, Part, Watchable};
pub use perplexity::Surprise;
pub use trace::Trace;

use chart::Fault;
use page::Section;

/// Named values over time, such as `h` or `r of layer 2`.
#[derive(Clone, Debug, PartialEq)]
pub struct Series<T> {
    /// Name of the values.
    pub name: String,
    /// Values at each step.
    pub steps: Vec<T>,
}

/// Report page under construction, to which sections are added.
pub struct Report {
    title: String,
    about: String,
    sections: Vec<Section>,
}

impl Report {
    /// Creates a page without sections.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), about: String::new(), sections: Vec::new() }
    }

    /// Sets the title.
    #[must_use]
    pub fn titled(self, title: impl Into<String>) -> Self {
        Self { title: title.into(), ..self }
    }

    /// Sets the text below the title.
    #[must_use]
    pub fn about(self, text: impl Into<String>) -> Self {
        Self { about: text.into(), ..self }
    }

    /// Adds architecture, parameters and memory.
    #[must_use]
    pub fn network<N: Model<Layer: Sequential> + Parameters + Architecture>(self, network: &N) -> Self {
        self.with(overview::section(network))
    }

    /// Adds loss, accuracy and gradient norm by epoch.
    #[must_use]
    pub fn history(self, history: &History) -> Self {
        self.with(curves::section(history))
    }

    /// Adds a confusion matrix. A class without a name is shown by its index.
    #[must_use]
    pub fn confusion<const K: usize>(self, confusion: &Confusion<K>, names: &[impl AsRef<str>]) -> Self {
        let counts: Vec<Vec<u64>> =
            confusion.counts().iter().map(|row| row.iter().map(|&n| n.into()).collect()).collect();
        let names: Vec<String> = names.iter().map(|name| name.as_ref().to_string()).collect();
        self.with(confusion::section(&counts, &names))
    }

    /// Adds the gradient norm of each part of the state after each step; see
    /// [`Trainer::gradient_of_state`](elman::Trainer::gradient_of_state).
    #[must_use]
    pub fn gradient(self, norms: &[Reach]) -> Self {
        self.with(gradient::section(norms))
    }

    /// Adds parts of the state over a sequence: a value for each unit after each step.
    #[must_use]
    pub fn states(self, states: &[Series<Vec<f64>>]) -> Self {
        self.with(states::section(states))
    }

    /// Adds gates over a sequence: a value in \[0, 1\] for each unit at each step.
    #[must_use]
    pub fn gates(self, gates: &[Series<Vec<f64>>]) -> Self {
        self.with(gates::section(gates))
    }

    /// Adds a text, coloured by the units that correlate most with a feature; `states[t][unit]` is the value of a
    /// unit after it has read `symbols[t]`.
    #[must_use]
    pub fn characters(self, symbols: &[impl AsRef<str>], states: &[Vec<f64>]) -> Self {
        let states = Series { name: "h".to_string(), steps: states.to_vec() };
        self.with(characters::section(symbols, &[states], &[]))
    }

    /// Adds perplexity by position and by symbol.
    #[must_use]
    pub fn perplexity<S: AsRef<str>>(self, surprise: &Surprise<'_, S>) -> Self {
        self.with(perplexity::section(surprise))
    }

    /// Returns the page.
    #[must_use]
    pub fn html(&self) -> String {
        page::page([&self.title, &self.about], &self.sections)
    }

    /// Writes the page to a file.
    ///
    /// # Errors
    /// [`OutputError`] if the file or its folder cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), OutputError> {
        output::write(path.as_ref(), self.html().as_bytes())
    }

    fn with(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }
}

/// Returns a picture in its figure, or a note that states why it could not be drawn.
fn drawn(svg: Result<String, Fault>, figure: impl FnOnce(&str) -> String) -> String {
    match svg {
        Ok(svg) => figure(&svg),
        Err(fault) => format!("<p class=\"none\">{}</p>\n", page::escape(&fault.to_string())),
    }
}
