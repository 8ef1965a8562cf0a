use super::learner::Learner;
use super::{Fit, FitError, Fitted, Judge, Outcome, Samples};
use crate::{History, Sample};
use elman::dense::LearnedReadout;
use elman::loss::Loss;
use elman::optim::Optimizer;
use elman::{Layer, Network, Workspace};
use std::fmt::Debug;
use std::sync::atomic::Ordering;
use zerocopy::FromZeros;

/// Trains `network` on the samples of `train`, starting from its current weights.
///
/// After each epoch, the loss on `valid` is computed. `network` ends with the weights of the epoch with the
/// lowest loss or, if `valid` is empty, with those of the last update; if [`Fit::average`] is set, it ends
/// with the average at that point. The same samples, settings and initial weights give the same bits, even if
/// the run is interrupted and continued from its checkpoint.
///
/// # Errors
/// [`FitError`] that names the problem; `network` is then left as it was after the last complete update.
pub fn fit<C, R, D, O, const T: usize, const S: usize, L>(
    network: &mut Network<C, R>,
    train: &D,
    valid: &[D::Sample],
    how: &Fit<'_, O, T, S, L>,
) -> Result<Fitted, FitError>
where
    C: Layer<<D::Sample as Sample>::Input, Scalar: Into<f64>>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    D: Samples + ?Sized,
    O: Optimizer<Scalar = C::Scalar> + Debug,
    L: Judge<C::Math, R::Output> + Loss<C::Math, R::Output, Target = <D::Sample as Sample>::Target>,
    Workspace<Network<C, R>, O, T, S>: FromZeros,
{
    how.check(train.count(), valid.len())?;
    let mut learner = Learner::new(network, (train, valid), how);
    learner.check()?;
    let (mut state, mut kept) = learner.open()?;
    if let Some(progress) = how.progress {
        progress.skip(state.updates);
    }
    let outcome = loop {
        if let Some(outcome) = how.outcome(&state.history) {
            break outcome;
        }
        let complete = learner.epoch(&mut state, &mut kept)?;
        learner.save(&state, &kept)?;
        if !complete {
            break Outcome::Interrupted;
        }
    };
    learner.finish(&kept);
    Ok(Fitted { history: state.history, outcome })
}

impl<O: Optimizer, const T: usize, const S: usize, L> Fit<'_, O, T, S, L> {
    /// Returns the outcome of the run, if these epochs end it.
    fn outcome(&self, history: &History) -> Option<Outcome> {
        if history.epochs.len() >= self.epochs {
            return Some(Outcome::Finished);
        }
        self.patience.filter(|patience| patience.is_over(history)).map(|_| Outcome::StoppedEarly)
    }

    /// Returns `true` if the run is to stop.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed))
    }
}
