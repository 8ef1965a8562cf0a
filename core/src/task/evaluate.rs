use super::check_input;
use crate::cell::{Cell, Recurrent};
use crate::dense::Readout;
use crate::error::{SequenceError, TrainError};
use crate::loss::Loss;
use crate::math::{Magnitude, Scalar, Zero};
use crate::network::Network;
use crate::sum::Sum;
use crate::target::{Targets, counted, weigh};

/// Evaluation: how far the outputs are from the targets, as in training, without a tape and without learning.
impl<C, R> Network<C, R>
where
    C: Recurrent,
    R: Readout<C::Output, Scalar = C::Scalar>,
{
    /// The loss Σ w·l, summed over the steps that have a target; 0 without one.
    ///
    /// ```
    /// use elman::{Class, CrossEntropy, Dense, Elman, Last, Network, Zero};
    /// let network = Network::<Elman<1, 4>, Dense<4, 2>>::ZERO;
    /// let loss = network.evaluate(&CrossEntropy, &[[0.5], [-1.0]], Last(Class::new(1)?))?;
    /// assert_eq!(loss, 2_f32.ln());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Trainer::update`](crate::Trainer::update), except for the limits of a workspace.
    pub fn evaluate<X, L>(&self, loss: &L, xs: &[X], targets: impl Targets<L::Target>) -> Result<C::Scalar, TrainError>
    where
        C: Cell<X>,
        L: Loss<C::Math, R::Output>,
    {
        self.evaluate_from(&mut C::State::ZERO.clone(), loss, xs, targets)
    }

    /// The loss over a window of a longer sequence, starting from `state`, which is carried to the window's end.
    ///
    /// # Errors
    /// As [`evaluate`](Self::evaluate); `state` is as before.
    pub fn evaluate_from<X, L>(
        &self,
        state: &mut C::State,
        loss: &L,
        xs: &[X],
        targets: impl Targets<L::Target>,
    ) -> Result<C::Scalar, TrainError>
    where
        C: Cell<X>,
        L: Loss<C::Math, R::Output>,
    {
        if xs.is_empty() {
            return Err(SequenceError::Empty.into());
        }
        weigh(loss, &targets, xs.len(), usize::MAX)?.check()?;
        let (mut reached, mut sum) = (*state, Sum::ZERO);
        for (step, x) in xs.iter().enumerate() {
            check_input::<C, X>(step, x)?;
            self.cell.step(&mut reached, x);
            if let Some(target) = counted(loss, &targets, step, xs.len()) {
                sum.add(loss.evaluate(&mut self.outputs(&reached), target, C::Scalar::ONE));
            }
        }
        if !sum.total.is_finite() || !reached.magnitude().is_finite() {
            return Err(TrainError::NonFiniteLoss);
        }
        *state = reached;
        Ok(sum.total)
    }
}
