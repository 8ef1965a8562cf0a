//! Networks as language models.

use super::LanguageModel;
use elman::dense::Readout;
use elman::part::Number;
use elman::{Libm, Math, Network, Step, Token, Zero};

/// Network with a logit for each token; the softmax is computed in `f64`. Before any token is read, the state is
/// zero.
impl<C, R, const V: usize> LanguageModel<V> for Network<C, R>
where
    C: Step<Token<V>, Math: Math<Scalar: Into<f64>>>,
    R: Readout<C::Output, Output = [Number<C>; V]>,
{
    type State = C::State;
    fn start(&self) -> C::State {
        C::State::ZERO
    }
    fn read(&self, state: &mut C::State, token: Token<V>) {
        self.cell.step(state, &token);
    }
    fn distribution(&self, state: &C::State) -> [f64; V] {
        let logits = self.outputs(state).map(Into::<f64>::into);
        // f64::max ignores a NaN, but its exponential is NaN too.
        let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights = logits.map(|logit| Libm::<f64>::exp(logit - most));
        let total: f64 = weights.iter().sum();
        weights.map(|weight| weight / total)
    }
}
