//! Common interface of language models.

use elman::{Libm, Math, Random, Sampler, Token};

/// Model that gives a probability for each possible next token.
///
/// Logarithms are natural, in nats. NaN in a network's weights stays visible: it makes the probabilities NaN.
pub trait LanguageModel<const V: usize> {
    /// State after the tokens read so far.
    type State: Clone;
    /// Returns the state before the first token.
    fn start(&self) -> Self::State;
    /// Reads a token.
    fn read(&self, state: &mut Self::State, token: Token<V>);
    /// Returns P(w | tokens read) for each token w; the sum is 1.
    fn distribution(&self, state: &Self::State) -> [f64; V];

    /// Returns P(token | tokens read), one entry of [`distribution`](Self::distribution).
    fn probability(&self, state: &Self::State, token: Token<V>) -> f64 {
        self.distribution(state)[token.index()]
    }

    /// Returns the state after reading `given` from the start.
    fn after(&self, given: &[Token<V>]) -> Self::State {
        let mut state = self.start();
        given.iter().for_each(|&token| self.read(&mut state, token));
        state
    }

    /// Returns ln P(text | given) = Σ_t ln P(text_t | given, text_1 … text_{t−1}): the conditional log-probability of a
    /// text or, if `given` is empty, the joint log-probability of its tokens. The result is 0 for an empty text.
    fn log_probability_after(&self, given: &[Token<V>], text: &[Token<V>]) -> f64 {
        let mut state = self.after(given);
        let mut sum = 0.0;
        for &token in text {
            sum += self.probability(&state, token).ln();
            self.read(&mut state, token);
        }
        sum
    }

    /// Returns the perplexity exp(−ln P(text | given) / tokens): the average number of equally probable tokens to
    /// choose from. The result is NaN for an empty text.
    fn perplexity_after(&self, given: &[Token<V>], text: &[Token<V>]) -> f64 {
        (-self.log_probability_after(given, text) / text.len() as f64).exp()
    }

    /// Returns the `k` most probable next tokens among those `allowed`, or fewer if fewer are allowed: the most
    /// probable first, and equally probable ones in token order.
    fn suggest(&self, state: &Self::State, k: usize, allowed: impl Fn(Token<V>) -> bool) -> Vec<(Token<V>, f64)> {
        let all = Token::all().zip(self.distribution(state));
        let mut tokens: Vec<_> = all.filter(|&(token, _)| allowed(token)).collect();
        tokens.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        tokens.truncate(k);
        tokens
    }

    /// Returns an endless iterator that draws tokens, each of which is read before the next is drawn: `take` as many as
    /// you want, or stop at `<eos>`. The same state, sampler and generator give the same tokens.
    fn generate_after<G: Random>(
        &self,
        mut state: Self::State,
        sampler: Sampler<f64>,
        mut rng: G,
    ) -> impl Iterator<Item = Token<V>> {
        std::iter::from_fn(move || {
            let logits = self.distribution(&state).map(Libm::<f64>::ln);
            let token = sampler.sample::<Libm<f64>, V>(&logits, &mut rng);
            self.read(&mut state, token);
            Some(token)
        })
    }
}
