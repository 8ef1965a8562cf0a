//! Mixture of two models.

use super::LanguageModel;
use elman::Token;

/// Mixture P = share · P_a + (1 − share) · P_b: if two models make different errors, their mixture can be better
/// than either.
#[derive(Clone, Copy, Debug)]
pub struct Mixture<'m, A, B> {
    models: (&'m A, &'m B),
    share: f64,
}

impl<'m, A, B> Mixture<'m, A, B> {
    /// Mixes `a` and `b`; the share of `a` is clamped to the range 0 to 1.
    #[must_use]
    pub const fn new(a: &'m A, b: &'m B, share: f64) -> Self {
        Self { models: (a, b), share: share.clamp(0.0, 1.0) }
    }
}

impl<A: LanguageModel<V>, B: LanguageModel<V>, const V: usize> LanguageModel<V> for Mixture<'_, A, B> {
    type State = (A::State, B::State);
    fn start(&self) -> Self::State {
        (self.models.0.start(), self.models.1.start())
    }
    fn read(&self, state: &mut Self::State, token: Token<V>) {
        self.models.0.read(&mut state.0, token);
        self.models.1.read(&mut state.1, token);
    }
    fn distribution(&self, state: &Self::State) -> [f64; V] {
        let mut mixed = self.models.0.distribution(&state.0);
        let other = self.models.1.distribution(&state.1);
        mixed.iter_mut().zip(other).for_each(|(a, b)| *a = self.share * *a + (1.0 - self.share) * b);
        mixed
    }
    fn probability(&self, state: &Self::State, token: Token<V>) -> f64 {
        let [a, b] = [self.models.0.probability(&state.0, token), self.models.1.probability(&state.1, token)];
        self.share * a + (1.0 - self.share) * b
    }
}
