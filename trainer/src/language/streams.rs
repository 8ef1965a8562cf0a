//! One long text, read in several places at once.

use elman::dense::LearnedReadout;
use elman::optim::Optimizer;
use elman::{Each, Layer, Network, Token, TrainError, Trainer, Workspace, Zero};

/// A text cut into equal streams that a network reads side by side, window after window, each with a state of its own that
/// is carried from window to window. An update learns from a window of each.
///
/// With one stream this is min-char-rnn's way through a text; with more, an update has the mean of several gradients.
#[derive(Clone, Debug)]
pub struct Streams<'t, S, const V: usize> {
    streams: Vec<(&'t [Token<V>], S)>,
    /// Tokens that each stream has read in this pass.
    at: usize,
}

impl<'t, S: Zero, const V: usize> Streams<'t, S, V> {
    /// `streams` streams, at least one, of `text`; what it has beyond equal streams is left out.
    #[must_use]
    pub fn new(text: &'t [Token<V>], streams: usize) -> Self {
        let streams = streams.max(1);
        let parts = text.chunks_exact((text.len() / streams).max(1)).take(streams);
        Self { streams: parts.map(|part| (part, S::ZERO)).collect(), at: 0 }
    }

    /// Updates of windows of `steps` steps in a pass over the text.
    #[must_use]
    pub fn updates(&self, steps: usize) -> usize {
        let length = self.streams.first().map_or(0, |(part, _)| part.len());
        length.saturating_sub(1) / steps
    }

    /// Makes one update from the next `T` steps of each stream; returns the loss as the configuration reduces it over steps, the
    /// mean of the streams. After the last whole window, all streams begin again from the zero state.
    ///
    /// # Errors
    /// Same as [`Trainer::accumulate`] and [`Trainer::apply`]; [`TrainError::NothingAccumulated`] for a text without a window.
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

    /// Advances by a window, or begins again after the last one.
    fn advance(&mut self, steps: usize) {
        self.at += steps;
        if self.at / steps >= self.updates(steps) {
            self.at = 0;
            self.streams.iter_mut().for_each(|(_, state)| *state = S::ZERO);
        }
    }
}
