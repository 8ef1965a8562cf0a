use super::answer;
use crate::dense::Readout;
use crate::error::SequenceError;
use crate::input::Token;
use crate::loss::log_sum_exp;
use crate::math::{Math, Scalar, Zero};
use crate::network::Network;
use crate::part::{Number, Step};
use crate::present::number;
use crate::sum::Sum;

/// Language modelling: the probability of a sequence.
impl<C, R> Network<C, R> {
    /// Returns ln P(x₂ … x_n | x₁) = Σ_t ln P(x_{t+1} | x₁ … x_t), in nats. The first token is not predicted; it can be
    /// `<sos>`.
    ///
    /// Costs V exponentials and one logarithm per step. The sum is compensated, so a long text loses no digits. For
    /// several texts, add −ln P and n − 1 of each to a [`LogLikelihood`](crate::metrics::LogLikelihood).
    ///
    /// # Errors
    /// [`SequenceError::TooShort`] for fewer than two tokens, which leave nothing to predict;
    /// [`SequenceError::NonFiniteOutput`] if an output is not finite.
    pub fn log_probability<const V: usize>(&self, tokens: &[Token<V>]) -> Result<Number<C>, SequenceError>
    where
        C: Step<Token<V>>,
        R: Readout<C::Output, Output = [Number<C>; V]>,
    {
        if tokens.len() < 2 {
            return Err(SequenceError::TooShort { length: tokens.len(), needed: 2 });
        }
        let (mut state, mut sum) = (C::State::ZERO, Sum::ZERO);
        for (step, (token, next)) in tokens.iter().zip(tokens.iter().skip(1)).enumerate() {
            self.cell.step(&mut state, token);
            let logits = answer(self, C::output(&state), step)?;
            let logit = number(&logits, next.index());
            sum.add(logit - log_sum_exp::<C::Math, V>(&logits));
        }
        Ok(sum.total)
    }

    /// Returns the perplexity e^{−ln P / (n − 1)}: the network is as uncertain as if it chose among this number of
    /// equally probable tokens. 1 means certainty, V a uniform guess, and a larger value is worse than guessing.
    ///
    /// # Errors
    /// Same as for [`log_probability`](Self::log_probability).
    pub fn perplexity<const V: usize>(&self, tokens: &[Token<V>]) -> Result<Number<C>, SequenceError>
    where
        C: Step<Token<V>>,
        R: Readout<C::Output, Output = [Number<C>; V]>,
    {
        let predicted = Number::<C>::from_f64((tokens.len().max(1) - 1) as f64);
        Ok(C::Math::exp(-self.log_probability(tokens)? / predicted))
    }
}
