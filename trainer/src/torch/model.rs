use std::fmt;

/// What a recurrent layer computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `nn.RNN`.
    Rnn(Nonlinearity),
    /// `nn.GRU`: r, z, n.
    Gru,
    /// `nn.LSTM`: i, f, g, o.
    Lstm,
}

impl Kind {
    /// Gates of a unit.
    #[must_use]
    pub const fn gates(self) -> usize {
        match self {
            Self::Rnn(_) => 1,
            Self::Gru => 3,
            Self::Lstm => 4,
        }
    }
}

/// That of an `nn.RNN`; its state dict does not say which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nonlinearity {
    /// PyTorch's default.
    #[default]
    Tanh,
    /// `nonlinearity="relu"`.
    Relu,
}

impl fmt::Display for Nonlinearity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tanh => "tanh",
            Self::Relu => "relu",
        })
    }
}

/// A matrix as PyTorch has it: a row for each output.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// Numbers in a row.
    pub columns: usize,
    /// The rows, one after the other.
    pub values: Vec<f64>,
}

impl Matrix {
    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.values.len() / self.columns.max(1)
    }

    /// `y += M x`.
    pub(super) fn add_product(&self, y: &mut [f64], x: &[f64]) {
        for (y, row) in y.iter_mut().zip(self.values.chunks(self.columns)) {
            *y += row.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
        }
    }

    /// Column after column.
    pub(super) fn transposed(&self) -> impl Iterator<Item = f64> {
        (0..self.columns).flat_map(|column| self.values.iter().skip(column).step_by(self.columns).copied())
    }
}

/// One direction of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Direction {
    /// `weight_ih`: (gates · units) × inputs.
    pub w_ih: Matrix,
    /// `weight_hh`: (gates · units) × units.
    pub w_hh: Matrix,
    /// `bias_ih` and `bias_hh`; none or two vectors.
    pub biases: Vec<Vec<f64>>,
}

/// A layer: the forward direction, and the backward one if there is one.
pub type Layer = Vec<Direction>;

/// A network whose shape is known when the program runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// What all recurrent layers compute.
    pub kind: Kind,
    /// A row for each symbol.
    pub embedding: Option<Matrix>,
    /// The recurrent layers, the lowest first.
    pub layers: Vec<Layer>,
    /// The weights of the read-out.
    pub head: Matrix,
    /// Its biases.
    pub head_bias: Vec<f64>,
}

impl Model {
    /// Units of each direction of a layer.
    #[must_use]
    pub fn units(&self) -> usize {
        self.layers[0][0].w_hh.columns
    }

    /// What the lowest recurrent layer reads.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.layers[0][0].w_ih.columns
    }

    /// Numbers in all tensors.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.weights().count()
    }

    /// Multiply-adds of a step: a product with each weight but the biases and the embedding's.
    #[must_use]
    pub fn multiply_adds(&self) -> usize {
        let cells = self.layers.iter().flatten().map(|d| d.w_ih.values.len() + d.w_hh.values.len());
        cells.sum::<usize>() + self.head.values.len()
    }

    /// Number type and architecture, as an image says them.
    #[must_use]
    pub fn description(&self) -> String {
        let cell = |d: &Direction| {
            let (i, h, b) = (d.w_ih.columns, d.w_hh.columns, d.biases.len());
            match self.kind {
                Kind::Rnn(g) => format!("elman({i},{h},{b},{g})"),
                Kind::Gru => format!("gru({i},{h},{b},rzn,reset_after,tanh)"),
                Kind::Lstm => format!("lstm({i},{h},{b},ifgo)"),
            }
        };
        let embedding = |table: &Matrix| format!("embedding({},{})", table.rows(), table.columns);
        let layers = self.layers.iter().map(|layer| match layer.as_slice() {
            [forward, backward] => format!("bidirectional({},{},concat)", cell(forward), cell(backward)),
            one => one.iter().map(cell).collect(),
        });
        let below = self.embedding.iter().map(embedding);
        let stack = below.chain(layers).reduce(|lower, upper| format!("stacked({lower},{upper})"));
        format!("f32 network({},dense({},{}))", stack.unwrap_or_default(), self.head.columns, self.head.rows())
    }

    /// The type in Rust, every name from the root of `elman`.
    #[must_use]
    pub fn rust_type(&self) -> String {
        let cell = |d: &Direction| {
            let (i, h, b) = (d.w_ih.columns, d.w_hh.columns, d.biases.len());
            let (name, rest) = match self.kind {
                Kind::Rnn(Nonlinearity::Tanh) => ("Elman", ""),
                Kind::Rnn(Nonlinearity::Relu) => ("Elman", ", elman::Relu"),
                Kind::Gru => ("Gru", ""),
                Kind::Lstm => ("Lstm", ""),
            };
            format!("elman::{name}<{i}, {h}, elman::Libm, {b}{rest}>")
        };
        let embedding = |table: &Matrix| format!("elman::Embedding<{}, {}>", table.rows(), table.columns);
        let layers = self.layers.iter().map(|layer| {
            let cell = cell(&layer[0]);
            if layer.len() == 2 { format!("elman::Bidirectional<{cell}>") } else { cell }
        });
        let below = self.embedding.iter().map(embedding);
        let stack = below.chain(layers).reduce(|lower, upper| format!("elman::Stacked<{lower}, {upper}>"));
        let (h, k) = (self.head.columns, self.head.rows());
        format!("elman::Network<{}, elman::Dense<{h}, {k}>>", stack.unwrap_or_default())
    }

    /// All numbers in the order of an image.
    pub(super) fn weights(&self) -> impl Iterator<Item = f64> {
        let cells = self
            .layers
            .iter()
            .flatten()
            .flat_map(|d| d.w_ih.transposed().chain(d.w_hh.transposed()).chain(d.biases.iter().flatten().copied()));
        let table = self.embedding.iter().flat_map(|table| table.values.iter().copied());
        table.chain(cells).chain(self.head.transposed()).chain(self.head_bias.iter().copied())
    }
}
