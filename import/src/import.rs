use crate::{ImportError, memory, shown};
use elman_model::{Layer, Matrix, Model};

/// Network read from a file of another framework.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The network.
    pub model: Model,
    /// Tensors of the file that are no part of it.
    pub extra: Vec<String>,
    /// Step at which its read-out answers; `None` if the file does not tell, as a state dict does not.
    pub answers: Option<Answers>,
}

/// Step at which a read-out answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// At each step.
    EachStep,
    /// At the end, from the states that all directions of the highest layer end with: `Final`.
    End,
    /// From the outputs at the last step, of which the backward direction has read no other: `Last`.
    LastStep,
}

/// The symbols that a token can tell apart.
const SYMBOLS: usize = 1 << 16;
/// The bytes that an image has for its architecture in words.
const WORDS: usize = 512;
/// Bytes of memory that a parameter takes while an image is written.
const IMAGE: u64 = 12;

impl Import {
    /// The first few of the tensors that are no part of the network, and the number of the others.
    #[must_use]
    pub fn left_over(&self) -> String {
        shown::names(&self.extra)
    }

    /// Checks what no tensor alone can show.
    pub(crate) fn new(model: Model, extra: Vec<String>, answers: Option<Answers>) -> Result<Self, ImportError> {
        let symbols = model.embedding.as_ref().map_or(1, Matrix::rows);
        if !(1..=SYMBOLS).contains(&symbols) {
            return Err(ImportError::Unsupported(format!(
                "the embedding has {symbols} symbols; a token can tell 1 to {SYMBOLS} apart, so train with such a vocabulary"
            )));
        }
        let both = |layer: &Layer| layer.directions.len() == 2;
        if let Some(at) = model.layers.windows(2).position(|pair| both(&pair[0]) && !both(&pair[1])) {
            return Err(ImportError::Unsupported(format!(
                "layer {} reads forward alone what a layer of both directions gives; above such a layer all must read both: \
                 train it with bidirectional=True",
                at + 1
            )));
        }
        let words = model.description().len();
        if words > WORDS {
            let layers = model.layers.len();
            return Err(ImportError::Unsupported(format!(
                "{layers} layers: in words they take {words} bytes of the {WORDS} that an image has for them; train with fewer"
            )));
        }
        // The image, which grows by doubling.
        memory::reserve(IMAGE * model.parameters() as u64)?;
        match model.own_overflow() {
            Some(output) => Err(ImportError::Overflow { output }),
            None => Ok(Self { model, extra, answers }),
        }
    }
}

/// Refuses a number that is infinite or not a number in `f32`.
pub(crate) fn finite(name: &str, shape: &[usize], values: &[f64]) -> Result<(), ImportError> {
    match values.iter().position(|&value| !(value as f32).is_finite()) {
        Some(at) => Err(ImportError::NotFinite { name: name.to_string(), index: index(at, shape), value: values[at] }),
        None => Ok(()),
    }
}

/// The place of element `at` along each dimension.
fn index(mut at: usize, shape: &[usize]) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::new();
    for &length in shape.iter().rev() {
        places.insert(0, at % length.max(1));
        at /= length.max(1);
    }
    places
}
