//! Conversion of an image to a network.

use super::{Direction, Kind, Layer, Matrix, Model, Nonlinearity, Reset, Weights};
use elman::error::ImageError;
use elman::image::Described;
use std::fmt;

/// Reason why an image cannot be read as a [`Model`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unlike {
    /// The bytes are not an image, or are damaged.
    Image(ImageError),
    /// Architecture that a [`Model`] cannot have, quoted from the image.
    Architecture(String),
}

impl fmt::Display for Unlike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image(error) => error.fmt(f),
            Self::Architecture(words) => {
                write!(
                    f,
                    "only f32 networks of Elman, GRU, LSTM, MGU and FastGRNN layers with a dense read-out can be read, not {words}"
                )
            }
        }
    }
}

impl std::error::Error for Unlike {}

impl Model {
    /// Reads the network in an image.
    ///
    /// # Errors
    /// [`Unlike`] if the image is damaged, or has an architecture or number type that a `Model` cannot have.
    pub fn from_image(bytes: &[u8]) -> Result<Self, Unlike> {
        let image = Described::open(bytes).map_err(Unlike::Image)?;
        let unlike = || Unlike::Architecture(image.description.to_string());
        let root = image.description.strip_prefix("f32 ").and_then(Node::parse).ok_or_else(unlike)?;
        let mut weights = Rest(image.weights);
        let model = weights.model(&root).ok_or_else(unlike)?;
        // The whole description was understood, and no weights are left over.
        let whole = weights.0.is_empty() && model.fits() && model.description() == image.description;
        whole.then_some(model).ok_or_else(unlike)
    }

    /// Returns `true` if each part has as many inputs as the part below has outputs, and both directions of a layer
    /// have the same shape.
    fn fits(&self) -> bool {
        let mut given = self.embedding.as_ref().map(|table| table.columns);
        for layer in &self.layers {
            let sizes = layer.directions[0].sizes();
            let shape = |direction: &Direction| (direction.sizes(), direction.ranks());
            let alike = layer.directions.iter().all(|direction| shape(direction) == shape(&layer.directions[0]));
            if !alike || sizes[2] > layer.kind.biases() || given.is_some_and(|given| given != layer.inputs()) {
                return false;
            }
            given = Some(layer.outputs());
        }
        given == Some(self.head.columns)
    }
}

/// Node of a description, `kind(part,part,...)`; a number or a word is a node without parts.
pub(super) struct Node<'a> {
    pub kind: &'a str,
    pub parts: Vec<Node<'a>>,
}

impl<'a> Node<'a> {
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut rest = text;
        let node = Self::take(&mut rest, 0)?;
        rest.is_empty().then_some(node)
    }

    /// Parses a node, down to the greatest depth that a text of 512 bytes can have.
    fn take(rest: &mut &'a str, depth: usize) -> Option<Self> {
        let end = rest.find(['(', ')', ',']).unwrap_or(rest.len());
        let (kind, after) = rest.split_at(end);
        *rest = after;
        let mut parts = Vec::new();
        if depth < 256 && rest.starts_with('(') {
            while !rest.starts_with(')') {
                *rest = rest.get(1..)?;
                parts.push(Self::take(rest, depth + 1)?);
            }
            *rest = rest.get(1..)?;
        }
        Some(Self { kind, parts })
    }

    pub fn size(&self, part: usize) -> Option<usize> {
        self.parts.get(part)?.kind.parse().ok()
    }

    /// Returns the layers of a stack, the lowest first. An image lists the layers of nested stacks as one stack.
    pub fn layers(&self) -> Option<Vec<&Self>> {
        match (self.kind, self.parts.as_slice()) {
            ("stacked", parts) => {
                let flat = parts.len() > 1 && parts.iter().all(|part| part.kind != "stacked");
                flat.then(|| parts.iter().collect())
            }
            _ => Some(vec![self]),
        }
    }
}

/// Weights not yet read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn numbers(&mut self, count: usize) -> Option<Vec<f64>> {
        let (taken, rest) = self.0.split_at_checked(count.checked_mul(4)?)?;
        self.0 = rest;
        Some(taken.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b).into()).collect())
    }

    /// Reads a matrix of `rows` rows that is stored column by column.
    fn matrix(&mut self, rows: usize, columns: usize) -> Option<Matrix> {
        let values = self.numbers(rows.checked_mul(columns)?)?;
        if rows == 0 || columns == 0 {
            return None;
        }
        let values = (0..rows).flat_map(|row| values.iter().skip(row).step_by(rows).copied()).collect();
        Some(Matrix { columns, values })
    }

    /// Reads a weight matrix, as one matrix or as two factors of low rank, according to `form`.
    fn weights(&mut self, form: Option<&Node<'_>>, rows: usize, columns: usize) -> Option<Weights> {
        match form.map(|form| (form.kind, form.size(0))) {
            None | Some(("full", None)) => self.matrix(rows, columns).map(Weights::Full),
            Some(("low_rank", Some(rank))) => {
                let down = self.matrix(rank, columns)?;
                Some(Weights::Low { down, up: self.matrix(rows, rank)? })
            }
            Some(_) => None,
        }
    }

    fn model(&mut self, root: &Node<'_>) -> Option<Model> {
        let [cell, dense] = root.parts.as_slice() else { return None };
        let mut nodes = cell.layers()?;
        let mut embedding = None;
        if let [first, ..] = nodes.as_slice()
            && first.kind == "embedding"
        {
            let (symbols, columns) = (first.size(0)?, first.size(1)?);
            let values = self.numbers(symbols.checked_mul(columns).filter(|&count| count > 0)?)?;
            embedding = Some(Matrix { columns, values });
            nodes.remove(0);
        }
        let layers = nodes.into_iter().map(|node| self.layer(node)).collect::<Option<Vec<_>>>()?;
        let head = self.matrix(dense.size(1)?, dense.size(0)?)?;
        let head_bias = self.numbers(head.rows())?;
        (!layers.is_empty()).then_some(Model { embedding, layers, head, head_bias })
    }

    fn layer(&mut self, node: &Node<'_>) -> Option<Layer> {
        let cells = if node.kind == "bidirectional" { node.parts.get(..2)? } else { std::slice::from_ref(node) };
        let kind = kind(cells.first()?)?;
        let directions = cells.iter().map(|cell| self.direction(cell, kind)).collect::<Option<Vec<_>>>()?;
        Some(Layer { kind, directions })
    }

    fn direction(&mut self, cell: &Node<'_>, kind: Kind) -> Option<Direction> {
        let (inputs, units) = (cell.size(0)?, cell.size(1)?);
        let rows = kind.products().checked_mul(units)?;
        let (biases, [w, u]) = match kind {
            Kind::FastGrnn => (1, [cell.parts.get(3)?, cell.parts.get(4)?].map(Some)),
            _ => (cell.size(2).filter(|&biases| biases <= 2)?, [None; 2]),
        };
        let (w_ih, w_hh) = (self.weights(w, rows, inputs)?, self.weights(u, rows, units)?);
        let biases = (0..biases).map(|_| self.numbers(kind.gates() * units)).collect::<Option<Vec<_>>>()?;
        let scalars = self.numbers(if kind == Kind::FastGrnn { 2 } else { 0 })?;
        Some(Direction { w_ih, w_hh, biases, scalars })
    }
}

fn kind(cell: &Node<'_>) -> Option<Kind> {
    if cell.kind == "fastgrnn" {
        return (cell.parts.get(2)?.kind == "zn").then_some(Kind::FastGrnn);
    }
    match (cell.kind, cell.parts.get(3)?.kind) {
        ("elman", "tanh") => Some(Kind::Rnn(Nonlinearity::Tanh)),
        ("elman", "relu") => Some(Kind::Rnn(Nonlinearity::Relu)),
        ("gru", "rzn") => match cell.parts.get(4)?.kind {
            "reset_after" => Some(Kind::Gru(Reset::After)),
            "reset_before" => Some(Kind::Gru(Reset::Before)),
            _ => None,
        },
        ("lstm", "ifgo") => Some(Kind::Lstm),
        ("mgu", "fn") => Some(Kind::Mgu),
        _ => None,
    }
}
