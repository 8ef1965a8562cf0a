//! The way back: from an image to a state dict.

use super::{Direction, Kind, Matrix, Model, Nonlinearity, TorchError};
use elman::image::Described;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensorError};

impl Model {
    /// The network in an image, if PyTorch has its like: `f32`, cells of one kind and size below a dense layer.
    ///
    /// # Errors
    /// [`TorchError`] that says what PyTorch does not have, or what is wrong with the image.
    pub fn from_image(bytes: &[u8]) -> Result<Self, TorchError> {
        let image = Described::open(bytes).map_err(|error| TorchError::Unsupported(error.to_string()))?;
        let unlike = || TorchError::Unsupported(format!("PyTorch has no like of {}", image.description));
        let root = image.description.strip_prefix("f32 ").and_then(Node::parse).ok_or_else(unlike)?;
        let mut weights = Weights(image.weights);
        let mut model = weights.model(&root).ok_or_else(unlike)?;
        // What was understood is what is there: no text beside it, no weights left.
        if !weights.0.is_empty() || !model.is_uniform() || model.description() != image.description {
            return Err(unlike());
        }
        // PyTorch has no single bias vector; a second one of zeros adds nothing.
        for direction in model.layers.iter_mut().flatten().filter(|direction| direction.biases.len() == 1) {
            direction.biases.push(vec![0.0; direction.biases[0].len()]);
        }
        Ok(model)
    }

    /// The state dict, in F32, as `safetensors.torch.load_file` reads it: `rnn`, `head` and, if there is one, `emb`.
    ///
    /// # Errors
    /// [`SafeTensorError`] if it cannot be written.
    pub fn state_dict(&self) -> Result<Vec<u8>, SafeTensorError> {
        let tensors = self.tensors();
        let bytes = |values: &[f64]| values.iter().flat_map(|&x| (x as f32).to_le_bytes()).collect();
        let data: Vec<Vec<u8>> = tensors.iter().map(|tensor| bytes(tensor.values)).collect();
        let views = tensors.iter().zip(&data).map(|(tensor, data)| {
            TensorView::new(Dtype::F32, tensor.shape.clone(), data).map(|view| (tensor.name.as_str(), view))
        });
        safetensors::serialize(views.collect::<Result<Vec<_>, _>>()?, None)
    }

    /// Every tensor by PyTorch's name.
    fn tensors(&self) -> Vec<Named<'_>> {
        let mut all: Vec<Named<'_>> = self.embedding.iter().map(|table| Named::matrix("emb.weight", table)).collect();
        for (index, layer) in self.layers.iter().enumerate() {
            for (direction, suffix) in layer.iter().zip(["", "_reverse"]) {
                let name = |part: &str| format!("rnn.{part}_l{index}{suffix}");
                all.push(Named::matrix(&name("weight_ih"), &direction.w_ih));
                all.push(Named::matrix(&name("weight_hh"), &direction.w_hh));
                let biases = ["bias_ih", "bias_hh"].into_iter().zip(&direction.biases);
                all.extend(biases.map(|(part, values)| Named::vector(&name(part), values)));
            }
        }
        all.extend([Named::matrix("head.weight", &self.head), Named::vector("head.bias", &self.head_bias)]);
        all
    }

    /// Whether the layers are those of one PyTorch module: as many units, directions and biases in each.
    fn is_uniform(&self) -> bool {
        let (first, directions) = (&self.layers[0][0], self.layers[0].len());
        let alike = |d: &Direction| d.w_hh.columns == first.w_hh.columns && d.biases.len() == first.biases.len();
        self.layers.iter().all(|layer| layer.len() == directions && layer.iter().all(alike))
    }
}

/// A tensor as a state dict has it.
struct Named<'a> {
    name: String,
    shape: Vec<usize>,
    values: &'a [f64],
}

impl<'a> Named<'a> {
    fn matrix(name: &str, matrix: &'a Matrix) -> Self {
        Self { name: name.to_string(), shape: vec![matrix.rows(), matrix.columns], values: &matrix.values }
    }

    fn vector(name: &str, values: &'a [f64]) -> Self {
        Self { name: name.to_string(), shape: vec![values.len()], values }
    }
}

/// `kind(part,part,...)`; a number or a word is a kind without parts.
struct Node<'a> {
    kind: &'a str,
    parts: Vec<Node<'a>>,
}

impl<'a> Node<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut rest = text;
        let node = Self::take(&mut rest, 0)?;
        rest.is_empty().then_some(node)
    }

    /// No deeper than a text of 512 bytes can be.
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

    fn size(&self, part: usize) -> Option<usize> {
        self.parts.get(part)?.kind.parse().ok()
    }

    /// The layers of a stack, the lowest first.
    fn layers(&self) -> Vec<&Self> {
        if self.kind == "stacked" { self.parts.iter().flat_map(Self::layers).collect() } else { vec![self] }
    }
}

/// Weights not yet taken.
struct Weights<'a>(&'a [u8]);

impl Weights<'_> {
    fn numbers(&mut self, count: usize) -> Option<Vec<f64>> {
        let (taken, rest) = self.0.split_at_checked(count.checked_mul(4)?)?;
        self.0 = rest;
        Some(taken.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b).into()).collect())
    }

    /// A matrix of `rows` from one that stands column after column.
    fn matrix(&mut self, rows: usize, columns: usize) -> Option<Matrix> {
        let values = self.numbers(rows.checked_mul(columns)?)?;
        if rows == 0 || columns == 0 {
            return None;
        }
        let values = (0..rows).flat_map(|row| values.iter().skip(row).step_by(rows).copied()).collect();
        Some(Matrix { columns, values })
    }

    fn model(&mut self, root: &Node<'_>) -> Option<Model> {
        let [cell, dense] = root.parts.as_slice() else { return None };
        let mut nodes = cell.layers();
        let mut embedding = None;
        if let [first, ..] = nodes.as_slice()
            && first.kind == "embedding"
        {
            let (symbols, columns) = (first.size(0)?, first.size(1)?);
            embedding = Some(Matrix { columns, values: self.numbers(symbols.checked_mul(columns)?)? });
            nodes.remove(0);
        }
        let (mut layers, mut kinds) = (Vec::new(), Vec::new());
        for node in nodes {
            let cells = if node.kind == "bidirectional" { node.parts.get(..2)? } else { std::slice::from_ref(node) };
            let mut layer = Vec::new();
            for cell in cells {
                let kind = kind(cell)?;
                layer.push(self.direction(cell, kind)?);
                kinds.push(kind);
            }
            layers.push(layer);
        }
        let kind = *kinds.first()?;
        let head = self.matrix(dense.size(1)?, dense.size(0)?)?;
        let head_bias = self.numbers(head.rows())?;
        kinds.iter().all(|&other| other == kind).then_some(Model { kind, embedding, layers, head, head_bias })
    }

    fn direction(&mut self, cell: &Node<'_>, kind: Kind) -> Option<Direction> {
        let (inputs, units, biases) = (cell.size(0)?, cell.size(1)?, cell.size(2)?);
        let rows = kind.gates().checked_mul(units)?;
        let (w_ih, w_hh) = (self.matrix(rows, inputs)?, self.matrix(rows, units)?);
        if biases > 2 {
            return None;
        }
        let biases = (0..biases).map(|_| self.numbers(rows)).collect::<Option<Vec<_>>>()?;
        Some(Direction { w_ih, w_hh, biases })
    }
}

fn kind(cell: &Node<'_>) -> Option<Kind> {
    match (cell.kind, cell.parts.get(3)?.kind) {
        ("elman", "tanh") => Some(Kind::Rnn(Nonlinearity::Tanh)),
        ("elman", "relu") => Some(Kind::Rnn(Nonlinearity::Relu)),
        ("gru", "rzn") => Some(Kind::Gru),
        ("lstm", "ifgo") => Some(Kind::Lstm),
        _ => None,
    }
}
