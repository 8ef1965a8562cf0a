use super::check_inputs;
use crate::dense::Readout;
use crate::error::TrainError;
use crate::loss::Loss;
use crate::math::{Scalar, Zero};
use crate::network::Network;
use crate::part::{Number, Reads};
use crate::sum::Sum;
use crate::target::{Targets, counted, weigh};

/// Evaluation: the loss against targets, as in training, but without a tape and without learning.
impl<C, R> Network<C, R> {
    /// Returns the loss Σ w·l, summed over the steps that have a target; 0 if there are none.
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
    /// Same as for [`Trainer::update`](crate::Trainer::update), except for the limits of a workspace.
    pub fn evaluate<X, L>(&self, loss: &L, xs: &[X], targets: impl Targets<L::Target>) -> Result<Number<C>, TrainError>
    where
        C: Reads<X>,
        R: Readout<C::Output>,
        L: Loss<C::Math, R::Output>,
    {
        self.evaluate_from(&mut C::State::ZERO.clone(), loss, xs, targets)
    }

    /// Returns the loss over a window of a longer sequence, starting from `state`, which becomes the state at the end
    /// of the window.
    ///
    /// # Errors
    /// Same as for [`evaluate`](Self::evaluate); on error `state` is unchanged.
    pub fn evaluate_from<X, L, Y>(
        &self,
        state: &mut C::State,
        loss: &L,
        xs: &[X],
        targets: Y,
    ) -> Result<Number<C>, TrainError>
    where
        C: Reads<X>,
        R: Readout<C::Output>,
        L: Loss<C::Math, R::Output>,
        Y: Targets<L::Target>,
    {
        check_inputs::<C, X>(xs)?;
        weigh(loss, &targets, xs.len(), usize::MAX)?.check()?;
        let (mut reached, mut sum) = (*state, Sum::ZERO);
        let mut add = |step, output: &C::Output| {
            if let Some(target) = counted(loss, &targets, step, xs.len()) {
                let mut outputs = R::Output::ZERO;
                self.readout.forward(output, &mut outputs);
                sum.add(loss.evaluate(&mut outputs, target, Number::<C>::ONE));
            }
        };
        self.cell.read(&mut reached, xs, |step, output| {
            if !Y::FINAL {
                add(step, output);
            }
            Ok(())
        })?;
        if Y::FINAL {
            add(xs.len() - 1, C::output(&reached));
        }
        if !sum.total.is_finite() || !C::is_finite(&reached) {
            return Err(TrainError::NonFiniteLoss);
        }
        *state = reached;
        Ok(sum.total)
    }
}
