use crate::cell::Side;
use crate::error::SequenceError;
use crate::input::{Class, Token};
use crate::target::Tail;
use crate::vocabulary::Marks;
use core::iter::once;
use heapless::Vec;

/// Source and target, arranged for training an [`EncoderDecoder`](crate::EncoderDecoder) by teacher forcing: the
/// decoder reads the correct previous token, not the one that the network would have written.
///
/// | step | 0 … m − 1 | m | m + 1 | … | m + n |
/// |---|---|---|---|---|---|
/// | reads | x₁ … x_m | `<sos>` | y₁ | … | y_n |
/// | target | | y₁ | y₂ | … | `<eos>` |
///
/// There is room for `T` ≥ m + n + 1 steps and `S` ≥ n + 1 targets; steps and targets must also fit the
/// [`Workspace`](crate::Workspace).
///
/// ```
/// use elman::task::TeacherForced;
/// use elman::{Adam, Config, Dense, EncoderDecoder, Gru, Network, Token, Trainer, Vocabulary, Workspace, Zero};
/// type Words = Vocabulary<7, 64>;
/// type Net = Network<EncoderDecoder<Gru<2, 8>, Gru<7, 8>>, Dense<8, 7>>;
/// let (mut network, mut memory) = (Net::ZERO, Workspace::<Net, Adam, 6, 3>::ZERO);
/// let mut trainer = Trainer::new(&mut network, &mut memory, Config::new(Adam::new(0.01)))?;
/// let [red, blue] = [Token::new(4)?, Token::new(5)?];
/// let pair = TeacherForced::<_, 7, 6, 3>::new(&[[0.1, 0.2], [0.3, 0.4]], &[red, blue], Words::MARKS)?;
/// trainer.update(pair.inputs(), pair.targets())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TeacherForced<X, const V: usize, const T: usize, const S: usize> {
    inputs: Vec<Side<X, Token<V>>, T>,
    targets: Vec<Class<V>, S>,
}

impl<X: Copy, const V: usize, const T: usize, const S: usize> TeacherForced<X, V, T, S> {
    /// Arranges `source` and `target`. If `target` is empty, `<eos>` is the only token to learn.
    ///
    /// # Errors
    /// [`SequenceError::Empty`] if the source is empty; [`SequenceError::TooLong`] for more than `T` steps or `S`
    /// targets.
    pub fn new(source: &[X], target: &[Token<V>], marks: Marks<V>) -> Result<Self, SequenceError> {
        if source.is_empty() {
            return Err(SequenceError::Empty);
        }
        let written = once(&marks.sos).chain(target).map(|&y| Side::Target(y));
        let inputs = filled(source.iter().map(|&x| Side::Source(x)).chain(written))?;
        let targets = filled(target.iter().copied().chain(once(marks.eos)))?;
        Ok(Self { inputs, targets })
    }

    /// Returns the inputs, step by step.
    #[must_use]
    pub fn inputs(&self) -> &[Side<X, Token<V>>] {
        &self.inputs
    }

    /// Returns the targets, from the step that reads `<sos>` on.
    #[must_use]
    pub fn targets(&self) -> Tail<&[Class<V>]> {
        Tail(&self.targets)
    }
}

/// Collects all items, or returns [`SequenceError::TooLong`] if there are more than `N`.
fn filled<I, const N: usize>(items: impl Iterator<Item = I> + Clone) -> Result<Vec<I, N>, SequenceError> {
    let too_long = SequenceError::TooLong { length: items.clone().count(), capacity: N };
    let mut filled = Vec::new();
    for item in items {
        filled.push(item).map_err(|_| too_long)?;
    }
    Ok(filled)
}
