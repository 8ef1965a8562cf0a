//! Training on one long text, read at several positions at once.

use elman::dense::LearnedReadout;
use elman::optim::Optimizer;
use elman::{Each, Layer, Network, Token, TrainError, Trainer, Workspace, Zero};

/// A text cut into equal streams, which a network reads in parallel, window by window. Each stream has its own
/// state, which is carried from window to window. An update uses one window of each stream.
///
/// With one stream, this is how min-char-rnn reads a text; with more, an update averages several gradients.
#[derive(Clone, Debug)]
pub struct Streams<'t, S, const V: usize> {
    streams: Vec<(&'t [Token<V>], S)>,
    /// Number of tokens that each stream has read in this pass.
    at: usize,
}

impl<'t, S: Zero, const V: usize> Streams<'t, S, V> {
    /// Cuts `text` into `streams` equal streams, at least one; any remaining tokens are left out.
    #[must_use]
    pub fn new(text: &'t [Token<V>], streams: usize) -> Self {
        let streams = streams.max(1);
        let parts = text.chunks_exact((text.len() / streams).max(1)).take(streams);
        Self { streams: parts.map(|part| (part, S::ZERO)).collect(), at: 0 }
    }

    /// Returns the number of updates in a pass over the text, with windows of `steps` steps.
    #[must_use]
    pub fn updates(&self, steps: usize) -> usize {
        let length = self.streams.first().map_or(0, |(part, _)| part.len());
        length.saturating_sub(1) / steps
    }

    /// Performs one update on the next `T` steps of each stream. Returns the loss, reduced over steps according to the
    /// configuration and averaged over the streams. After the last whole window, all streams start again from the
    /// zero state.
    ///
    /// # Errors
    /// Same as [`Trainer::accumulate`] and [`Trainer::apply`]; [`TrainError::NothingAccumulated`] if the text is too
    /// short for a window.
    pub fn update<C, R, O, const T: usize>(
        &mut self,
        trainer: &mut Trainer<'_, Workspace<Network<C, R>, O, T, T>>,
    ) -> Result<f64, TrainError>
    where
        C: Layer<Token<V>, State = S, Scalar: Into<f64>>,
        R: LearnedReadout<C::Output, Scalar = C::Scalar, Output = [C::Scalar; V]>,
        O: Optimizer<Scalar = C::Scalar>,
    {
        let (count, mut loss) = (self.streams.len() as f64, 0.0);
        for (part, state) in &mut self.streams {
            if let Some(window) = part.get(self.at..=self.at + T) {
                loss += trainer.accumulate(state, &window[..T], Each(&window[1..]))?.into();
            }
        }
        trainer.apply()?;
        self.advance(T);
        Ok(loss / count)
    }

    /// Advances by a window, or returns to the beginning after the last one.
    fn advance(&mut self, steps: usize) {
        self.at += steps;
        if self.at / steps >= self.updates(steps) {
            self.at = 0;
            self.streams.iter_mut().for_each(|(_, state)| *state = S::ZERO);
        }
    }
}
