//! Network whose shape is known only at run time. It is read from an image or from another framework's file, and
//! written as an image with a Rust module that opens the image.
//!
//! Its forward pass runs in f64, in plain loops that share no code with the core, so it can check the core.
//!
//! ```
//! use elman::{Dense, Gru, Image, Network, Zero};
//! use elman_model::{Input, Model};
//!
//! type Net = Network<Gru<2, 3>, Dense<3, 1>>;
//! let mut image = [0; Image::<Net>::BYTES];
//! Image::write(&Net::ZERO, &[], &mut image)?;
//! let model = Model::from_image(&image)?;
//! assert_eq!(model.rust_type(), "elman::Network<elman::Gru<2, 3, elman::Libm, 2>, elman::Dense<3, 1>>");
//! assert_eq!(model.run(Input::Vectors(&[vec![0.5, 1.0]]), &[]).last, [0.0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod carried;
mod costs;
mod evaluate;
pub mod int8;
mod kind;
mod matrix;
mod merge;
mod open;
mod probe;
mod scaler;
mod single;
mod training;
mod vocabulary;
mod weights;
mod words;
mod write;

pub use carried::Carried;
pub use evaluate::{Input, Outputs};
pub use kind::{Kind, Nonlinearity, Reset};
pub use matrix::Matrix;
pub use merge::{Inseparable, merged};
pub use open::Unlike;
pub use probe::Probed;
pub use scaler::Scaler;
pub use training::Rule;
pub use vocabulary::Words;
pub use weights::Weights;
pub use write::MODULE_MARK;

/// One direction of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Direction {
    /// Input weights: (products · units) × inputs.
    pub w_ih: Weights,
    /// Recurrent weights: (products · units) × units.
    pub w_hh: Weights,
    /// Up to two bias vectors of gates · units values; the second is added to the recurrent term.
    pub biases: Vec<Vec<f64>>,
    /// Scalars ζ̂ and ν̂ of a FastGRNN; empty for other cells.
    pub scalars: Vec<f64>,
}

impl Direction {
    /// Returns the numbers of inputs, units and bias vectors.
    #[must_use]
    pub fn sizes(&self) -> [usize; 3] {
        [self.w_ih.columns(), self.w_hh.columns(), self.biases.len()]
    }

    /// Returns the ranks of the input and recurrent weights; `None` for a full matrix.
    fn ranks(&self) -> [Option<usize>; 2] {
        [self.w_ih.rank(), self.w_hh.rank()]
    }
}

/// A recurrent layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Kind of the cells.
    pub kind: Kind,
    /// Forward direction, followed by a backward direction of the same sizes if the layer is bidirectional.
    pub directions: Vec<Direction>,
}

impl Layer {
    /// Returns the number of units in each direction.
    #[must_use]
    pub fn units(&self) -> usize {
        self.directions[0].w_hh.columns()
    }

    /// Returns the number of inputs.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.directions[0].w_ih.columns()
    }

    /// Returns the number of outputs, which the layer above reads.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.directions.len() * self.units()
    }
}

/// A network whose shape is known only at run time.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Embedding, with a row for each symbol.
    pub embedding: Option<Matrix>,
    /// The recurrent layers, the lowest first; at least one.
    pub layers: Vec<Layer>,
    /// The weights of the read-out.
    pub head: Matrix,
    /// Biases of the read-out.
    pub head_bias: Vec<f64>,
}

impl Model {
    /// Returns the number of inputs of the lowest recurrent layer.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.layers[0].inputs()
    }

    /// Returns the number of symbols, if the network reads tokens: rows of the embedding, or elements of a one-hot
    /// vector.
    #[must_use]
    pub fn symbols(&self) -> usize {
        self.embedding.as_ref().map_or(self.inputs(), Matrix::rows)
    }

    /// Returns all weights in the order in which an image stores them.
    fn weights(&self) -> impl Iterator<Item = f64> {
        let directions = self.layers.iter().flat_map(|layer| &layer.directions);
        let cells = directions.flat_map(|d| {
            let rest = d.biases.iter().flatten().chain(&d.scalars).copied();
            d.w_ih.stored().chain(d.w_hh.stored()).chain(rest)
        });
        let table = self.embedding.iter().flat_map(|table| table.values.iter().copied());
        table.chain(cells).chain(self.head.transposed()).chain(self.head_bias.iter().copied())
    }
}
