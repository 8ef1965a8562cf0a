//! Updates of a network's weights from sequences: as a call, or as slices of bounded work.

use crate::dense::LearnedReadout;
use crate::error::{ConfigError, TrainError};
use crate::layer::{Layer, Sequential};
use crate::loss::{CrossEntropy, Loss};
use crate::math::Zero;
use crate::network::Network;
use crate::optim::Optimizer;
use crate::target::Targets;

mod apply;
mod batch;
mod config;
mod job;
mod progress;
mod update;
mod workspace;

pub use config::{Abandoned, Config, Reduction, Report};
pub use job::Job;
pub use workspace::{TrainingBytes, Work, Workspace};

/// A network, the memory to train it, and how.
///
/// `W` is the [`Workspace`], which names the network, the optimizer and the longest window, so that all is said once; `L` is
/// the loss.
///
/// Its bytes are known before flashing, and what is too big for the part does not compile:
///
/// ```
/// use elman::{Adam, Dense, Elman, Network, Trainer, Workspace};
/// type Work = Workspace<Network<Elman<3, 32>, Dense<32, 4>>, Adam, 50>;
/// type Learn<'a> = Trainer<'a, Work>;
/// const _: () = assert!(Learn::BYTES <= 36 * 1024, "training must fit 36 KB");
/// ```
///
/// ```compile_fail,E0080
/// # use elman::{Adam, Dense, Elman, Network, Trainer, Workspace};
/// # type Work = Workspace<Network<Elman<3, 32>, Dense<32, 4>>, Adam, 50>;
/// # type Learn<'a> = Trainer<'a, Work>;
/// const _: () = assert!(Learn::BYTES <= 32 * 1024, "training must fit 32 KB");
/// ```
pub struct Trainer<'a, W: Work, L = CrossEntropy> {
    network: &'a mut W::Network,
    workspace: &'a mut W,
    config: Config<W::Optimizer, L>,
}

impl<W: Work, L> Trainer<'_, W, L> {
    /// The bytes of training, each kind apart; a constant, so a budget can be asserted before flashing.
    pub const MEMORY: TrainingBytes = W::MEMORY;

    /// The bytes of training in all.
    pub const BYTES: usize = W::MEMORY.total();
}

impl<'a, C, R, O, const T: usize, const S: usize, const P: usize, L>
    Trainer<'a, Workspace<Network<C, R>, O, T, S, P>, L>
where
    C: Sequential,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    O: Optimizer<Scalar = C::Scalar>,
    L: Loss<C::Math, R::Output>,
{
    /// Training of `network` in `workspace`, going on from what the workspace holds: gradient, moments, and the job under
    /// way if there is one, which needs the same network and configuration as before.
    ///
    /// # Errors
    /// The [`ConfigError`] that names what cannot work.
    pub fn new(
        network: &'a mut Network<C, R>,
        workspace: &'a mut Workspace<Network<C, R>, O, T, S, P>,
        config: Config<O, L>,
    ) -> Result<Self, ConfigError> {
        const { Workspace::<Network<C, R>, O, T, S, P>::REPEATABLE };
        config.check::<C::Math, R::Output, Network<C, R>>()?;
        Ok(Self { network, workspace, config })
    }

    /// Goes on with another configuration: a lower rate, a tighter clip.
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`ConfigError::UnderWay`] beside a job; the configuration is as before.
    pub fn reconfigure(&mut self, config: Config<O, L>) -> Result<(), ConfigError> {
        self.check_idle().map_err(|_| ConfigError::UnderWay)?;
        config.check::<C::Math, R::Output, Network<C, R>>()?;
        self.config = config;
        Ok(())
    }

    /// The network as it is now.
    ///
    /// # Errors
    /// [`TrainError::Unfinished`] while a job's update is half done: some weights are new and some old.
    pub fn network(&self) -> Result<&Network<C, R>, TrainError> {
        match self.unfinished() {
            Some(slices) => Err(TrainError::Unfinished { slices }),
            None => Ok(self.network),
        }
    }

    /// One update from one sequence, starting from the zero state.
    ///
    /// # Errors
    /// The [`TrainError`] that names what is wrong with the sequence or its gradient. What it leaves as before is said
    /// there: over a checkpointed tape, a loss or gradient found not finite after the first segment back has dropped the
    /// gradient accumulated.
    pub fn update<X>(&mut self, xs: &[X], targets: impl Targets<L::Target>) -> Result<Report<C::Scalar>, TrainError>
    where
        C: Layer<X>,
    {
        self.update_from(&mut C::State::ZERO.clone(), xs, targets)
    }

    /// One update from a window of a longer sequence, starting from `state`, which is carried to the window's end; the
    /// gradient is cut there (truncated BPTT).
    ///
    /// A window in which no step has a target carries `state` through with a loss of 0 and makes no update: weights, moments
    /// and accumulated gradient stay. Targets that all have weight 0 are an error instead, unless another target counts in
    /// what was accumulated: nothing can be divided by their sum.
    ///
    /// # Errors
    /// As [`update`](Self::update); `state` is as before.
    pub fn update_from<X>(
        &mut self,
        state: &mut C::State,
        xs: &[X],
        targets: impl Targets<L::Target>,
    ) -> Result<Report<C::Scalar>, TrainError>
    where
        C: Layer<X>,
    {
        let mut job = Job::new(xs, targets).from_state(*state);
        self.begin(&mut job)?;
        let report = self.complete(&mut job)?;
        *state = *job.state();
        Ok(report)
    }

    /// Adds the gradient of a window to what the next [`apply`](Self::apply) uses; returns the loss, as [`Report::loss`].
    ///
    /// A window without a target, or with targets of weight 0 alone, adds nothing and carries `state` through.
    ///
    /// # Errors
    /// As [`update_from`](Self::update_from).
    pub fn accumulate<X>(
        &mut self,
        state: &mut C::State,
        xs: &[X],
        targets: impl Targets<L::Target>,
    ) -> Result<C::Scalar, TrainError>
    where
        C: Layer<X>,
    {
        let mut job = Job::new(xs, targets).from_state(*state);
        self.begin_accumulate(&mut job)?;
        let report = self.complete(&mut job)?;
        *state = *job.state();
        Ok(report.loss)
    }
}
