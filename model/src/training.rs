//! Memory taken by a stream and by training, computed from the sizes of a network. In the core, the same figures
//! are constants of a type.

use super::{Kind, Layer, Model};
use elman::trainer::TrainingBytes;

/// Size of an `f32` and of a count, in bytes.
const WORD: usize = 4;

/// Kind of optimizer, according to the values that it keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// No values: the weights change while the gradient is computed.
    InPlaceSgd,
    /// The gradient.
    Sgd,
    /// The gradient and one value for each weight: momentum, Adagrad, RMSprop.
    Momentum,
    /// The gradient and two values for each weight: Adam, AdamW.
    Adam,
}

impl Rule {
    /// All rules, each with its name.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::InPlaceSgd, "in-place SGD"), (Self::Sgd, "SGD"), (Self::Momentum, "momentum"), (Self::Adam, "Adam")];

    /// Returns the number of values kept for each weight in addition to the gradient; `None` if not even the gradient
    /// is kept.
    const fn moments(self) -> Option<usize> {
        match self {
            Self::InPlaceSgd => None,
            Self::Sgd => Some(0),
            Self::Momentum => Some(1),
            Self::Adam => Some(2),
        }
    }
}

/// Number of values in a layer's state and in the record of a step.
#[derive(Clone, Copy)]
struct Numbers {
    state: usize,
    record: usize,
}

impl Numbers {
    /// Counts the values in a layer's state and in its record of a step. A record holds the state and the gates: r,
    /// z, n and the term that r scales for a GRU, f, n and f ⊙ h for an MGU, z, n and the product that they share for
    /// a FastGRNN.
    fn of(layer: &Layer) -> Self {
        let gates = match layer.kind {
            Kind::Rnn(_) => 1,
            Kind::Mgu | Kind::FastGrnn => 3,
            Kind::Gru(_) | Kind::Lstm => 4,
        };
        let (state, direction) = (layer.kind.state(), &layer.directions[0]);
        // The vectors between the two factors of a low-rank matrix, and their gradients.
        let between = 2 * direction.ranks().into_iter().flatten().sum::<usize>();
        let record = layer.units() * (state + gates) + direction.scalars.len() + between;
        Self { state: layer.units() * state, record }
    }

    /// Returns the bytes of a tape, including its count of steps.
    const fn tape(self, steps: usize, segments: usize) -> usize {
        WORD * (self.state * segments + self.record * steps + 1)
    }
}

/// Returns the number of output values of a bidirectional layer, which the records of its directions do not hold;
/// 0 for other layers.
fn joined(layer: &Layer) -> usize {
    if layer.directions.len() == 2 { layer.outputs() } else { 0 }
}

impl Model {
    /// Returns the bytes that a stream carries from step to step.
    #[must_use]
    pub fn state_bytes(&self) -> usize {
        let layers = self.layers.iter().map(|layer| layer.directions.len() * Numbers::of(layer).state + joined(layer));
        WORD * (self.embedded() + layers.sum::<usize>())
    }

    /// Returns `true` if every layer reads forward only, so that a segment of a sequence can be recomputed alone.
    #[must_use]
    pub fn steps_forward(&self) -> bool {
        self.layers.iter().all(|layer| layer.directions.len() == 1)
    }

    /// Returns the bytes for training on windows of `segments` times `steps` steps with one target, which equal
    /// `Trainer::MEMORY` of the network's type. Returns `None` if this trainer would not compile, since bidirectional
    /// networks and in-place optimizers allow only one segment.
    #[must_use]
    pub fn training(&self, rule: Rule, steps: usize, segments: usize) -> Option<TrainingBytes> {
        if segments > 1 && (rule == Rule::InPlaceSgd || !self.steps_forward()) {
            return None;
        }
        let weights = WORD * self.parameters();
        let gradient = if rule.moments().is_some() { weights } else { 0 };
        // 3 words for the number of sequences and the weight of the batch; one more if updates are counted.
        let optimizer = rule.moments().map_or(3 * WORD, |moments| moments * weights + 4 * WORD);
        // 24 words for the position of a job, besides the state that it reached and the gradient of a state.
        let job = 24 * WORD + 2 * self.state_bytes();
        Some(TrainingBytes { weights, gradient, optimizer, tape: self.window(steps, segments), job })
    }

    /// Returns the number of segments, and the number of steps in each, of the checkpointed tape that holds `steps`
    /// steps in the fewest bytes.
    #[must_use]
    pub fn best_segments(&self, steps: usize) -> (usize, usize) {
        let choices = (1..=steps).map(|length| (steps.div_ceil(length), length));
        choices.min_by_key(|&(segments, length)| self.window(length, segments)).unwrap_or((1, steps))
    }

    /// Returns the bytes of the tape, of one target's step and gradient, of the number of targets and, if the top
    /// layer is bidirectional, of its output.
    fn window(&self, steps: usize, segments: usize) -> usize {
        let kept = self.layers.last().map_or(0, joined);
        self.tape(steps, segments) + WORD * (1 + self.head.rows() + kept) + WORD
    }

    /// Returns the number of bytes in all tapes (one for the embedding and one for each direction of each layer), and
    /// in the inputs of each layer above a bidirectional one.
    fn tape(&self, steps: usize, segments: usize) -> usize {
        // The state of an embedding is its output; its record holds the output and the gradient.
        let embedding = Numbers { state: self.embedded(), record: 2 * self.embedded() };
        let lowest = if self.embedded() > 0 { embedding.tape(steps, segments) } else { 0 };
        let tapes = self.layers.iter().map(|layer| layer.directions.len() * Numbers::of(layer).tape(steps, segments));
        let below = self.layers.split_last().map_or(&[][..], |(_, below)| below);
        lowest + tapes.sum::<usize>() + WORD * steps * below.iter().map(joined).sum::<usize>()
    }

    /// Returns the number of values that represent a symbol; 0 without an embedding.
    fn embedded(&self) -> usize {
        self.embedding.as_ref().map_or(0, |table| table.columns)
    }
}
