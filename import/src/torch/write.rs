use crate::ImportError;
use elman_model::{Kind, Layer, Matrix, Model, Reset};
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use std::borrow::Cow;

/// Returns the state dict of a network in F32, readable by `safetensors.torch.load_file`, with the modules `rnn`,
/// `head` and, if there is an embedding, `emb`.
///
/// # Errors
/// [`ImportError::Unsupported`] if PyTorch has no such module: all cells must be of one kind and size.
pub fn write(model: &Model) -> Result<Vec<u8>, ImportError> {
    if !is_module(model) {
        return Err(ImportError::Unsupported(format!(
            "{}: PyTorch has no such module; a state dict holds an nn.RNN, nn.GRU or nn.LSTM, whose layers are all \
             alike, and an nn.Linear",
            model.description()
        )));
    }
    let tensors = tensors(model);
    let bytes = |values: &[f64]| values.iter().flat_map(|&x| (x as f32).to_le_bytes()).collect();
    let data: Vec<Vec<u8>> = tensors.iter().map(|tensor| bytes(&tensor.values)).collect();
    let views = tensors.iter().zip(&data).map(|(tensor, data)| {
        TensorView::new(Dtype::F32, tensor.shape.clone(), data).map(|view| (tensor.name.as_str(), view))
    });
    let views = views.collect::<Result<Vec<_>, _>>();
    let file = views.and_then(|views| safetensors::serialize(views, None));
    file.map_err(|error| ImportError::Unsupported(error.to_string()))
}

/// Returns `true` if the layers fit one PyTorch module: all of one kind, with equal units, directions and biases.
fn is_module(model: &Model) -> bool {
    let [_, units, biases] = model.layers[0].directions[0].sizes();
    let (kind, directions) = (model.layers[0].kind, model.layers[0].directions.len());
    let alike = |layer: &Layer| {
        let [_, u, b] = layer.directions[0].sizes();
        (layer.kind, layer.directions.len(), u, b) == (kind, directions, units, biases)
    };
    matches!(kind, Kind::Rnn(_) | Kind::Gru(Reset::After) | Kind::Lstm) && model.layers.iter().all(alike)
}

/// Returns every tensor with its name in PyTorch.
fn tensors(model: &Model) -> Vec<Tensor<'_>> {
    let mut all: Vec<Tensor<'_>> = model.embedding.iter().map(|table| Tensor::matrix("emb.weight", table)).collect();
    for (index, layer) in model.layers.iter().enumerate() {
        for (direction, suffix) in layer.directions.iter().zip(["", "_reverse"]) {
            let name = |part: &str| format!("rnn.{part}_l{index}{suffix}");
            for (part, weights) in [("weight_ih", &direction.w_ih), ("weight_hh", &direction.w_hh)] {
                all.extend(weights.matrices().map(|matrix| Tensor::matrix(&name(part), matrix)));
            }
            let biases = ["bias_ih", "bias_hh"].into_iter().zip(two(&direction.biases));
            all.extend(biases.map(|(part, values)| Tensor::vector(&name(part), values)));
        }
    }
    all.extend([Tensor::matrix("head.weight", &model.head), Tensor::vector("head.bias", (&model.head_bias).into())]);
    all
}

/// Adds a second bias vector of zeros to a single one, since PyTorch requires two; the outputs stay the same.
fn two(biases: &[Vec<f64>]) -> Vec<Cow<'_, [f64]>> {
    let second = biases.iter().map(|first| vec![0.0; first.len()].into());
    biases.iter().map(Into::into).chain(second).take(2).collect()
}

/// A tensor in a state dict.
struct Tensor<'a> {
    name: String,
    shape: Vec<usize>,
    values: Cow<'a, [f64]>,
}

impl<'a> Tensor<'a> {
    fn matrix(name: &str, matrix: &'a Matrix) -> Self {
        let shape = vec![matrix.rows(), matrix.columns];
        Self { name: name.to_string(), shape, values: (&matrix.values).into() }
    }

    fn vector(name: &str, values: Cow<'a, [f64]>) -> Self {
        Self { name: name.to_string(), shape: vec![values.len()], values }
    }
}
