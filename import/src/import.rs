use crate::{ImportError, memory, shown};
use elman_model::{Layer, Matrix, Model};

/// Network read from a file written by another framework.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The network.
    pub model: Model,
    /// Tensors in the file that are not part of the network.
    pub extra: Vec<String>,
    /// Step at which the read-out is applied; `None` if the file does not specify it, as with a state dict.
    pub answers: Option<Answers>,
}

/// Step at which a read-out is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// At each step.
    EachStep,
    /// At the end, from the final states of all directions of the highest layer, as with `Final`.
    End,
    /// At the last step, from its outputs, as with `Last`; the backward direction has read only this step.
    LastStep,
}

/// Largest number of symbols in a vocabulary.
const SYMBOLS: usize = 1 << 16;
/// Maximum length of the architecture's description in an image, in bytes.
const WORDS: usize = 512;
/// Bytes of memory for each parameter while an image is written.
const IMAGE: u64 = 12;

impl Import {
    /// Lists the first few tensors that are not part of the network, and states how many more there are.
    #[must_use]
    pub fn left_over(&self) -> String {
        shown::names(&self.extra)
    }

    /// Creates an import after checking the model as a whole.
    pub(crate) fn new(model: Model, extra: Vec<String>, answers: Option<Answers>) -> Result<Self, ImportError> {
        let symbols = model.embedding.as_ref().map_or(1, Matrix::rows);
        if !(1..=SYMBOLS).contains(&symbols) {
            return Err(ImportError::Unsupported(format!(
                "the embedding has {symbols} symbols, which is not supported; train with a vocabulary of 1 to {SYMBOLS} \
                    symbols"
            )));
        }
        let both = |layer: &Layer| layer.directions.len() == 2;
        if let Some(at) = model.layers.windows(2).position(|pair| both(&pair[0]) && !both(&pair[1])) {
            return Err(ImportError::Unsupported(format!(
                "layer {} reads only forward, but the layer below it is bidirectional; all layers above a \
                 bidirectional one must be bidirectional too: train it with bidirectional=True",
                at + 1
            )));
        }
        let words = model.description().len();
        if words > WORDS {
            let layers = model.layers.len();
            return Err(ImportError::Unsupported(format!(
                "the description of {layers} layers takes {words} bytes, but an image has room for only {WORDS}; \
                    train with fewer layers"
            )));
        }
        // Room for the image, which grows by doubling.
        memory::reserve(IMAGE * model.parameters() as u64)?;
        match model.own_overflow() {
            Some(output) => Err(ImportError::Overflow { output }),
            None => Ok(Self { model, extra, answers }),
        }
    }
}

/// Returns an error if a value is infinite or NaN in `f32`.
pub(crate) fn finite(name: &str, shape: &[usize], values: &[f64]) -> Result<(), ImportError> {
    match values.iter().position(|&value| !(value as f32).is_finite()) {
        Some(at) => Err(ImportError::NotFinite { name: name.to_string(), index: index(at, shape), value: values[at] }),
        None => Ok(()),
    }
}

/// Returns the index of element `at` along each dimension.
fn index(mut at: usize, shape: &[usize]) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::new();
    for &length in shape.iter().rev() {
        places.insert(0, at % length.max(1));
        at /= length.max(1);
    }
    places
}
