//! Training of a network's weights from sequences, in one call or in slices of bounded work.

use crate::dense::LearnedReadout;
use crate::error::{ConfigError, TrainError};
use crate::layer::Sequential;
use crate::loss::{CrossEntropy, Loss};
use crate::network::Network;
use crate::optim::Optimizer;

mod apply;
mod batch;
mod config;
mod job;
mod pass;
mod progress;
mod update;
mod workspace;

pub use config::{Abandoned, Config, Reduction, Report};
pub use job::Job;
pub use workspace::{TrainingBytes, Work, Workspace};

/// Trainer of a network: the network itself, the memory for training it, and the configuration.
///
/// `W` is the [`Workspace`], whose type states the network, the optimizer and the longest window; `L` is the loss.
///
/// The memory for training is known at compile time, so an assertion can refuse training that does not fit the
/// device:
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
    /// Memory for training, in bytes by kind; a constant, so that a budget can be asserted before flashing.
    pub const MEMORY: TrainingBytes = W::MEMORY;

    /// Total memory for training, in bytes.
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
    /// Creates a trainer that continues with the gradient, the moments and any job under way in `workspace`. A job
    /// under way needs the same network and configuration as before.
    ///
    /// # Errors
    /// Returns a [`ConfigError`] that names the invalid setting.
    pub fn new(
        network: &'a mut Network<C, R>,
        workspace: &'a mut Workspace<Network<C, R>, O, T, S, P>,
        config: Config<O, L>,
    ) -> Result<Self, ConfigError> {
        const { Workspace::<Network<C, R>, O, T, S, P>::REPEATABLE };
        config.check::<C::Math, R::Output>()?;
        Ok(Self { network, workspace, config })
    }

    /// Replaces the configuration, for example to lower the learning rate or to clip the gradient further.
    ///
    /// # Errors
    /// Same as for [`new`](Self::new), and [`ConfigError::UnderWay`] during a job; on error the configuration is
    /// unchanged.
    pub fn reconfigure(&mut self, config: Config<O, L>) -> Result<(), ConfigError> {
        self.check_idle().map_err(|_| ConfigError::UnderWay)?;
        config.check::<C::Math, R::Output>()?;
        self.config = config;
        Ok(())
    }

    /// Returns the network as it is now.
    ///
    /// # Errors
    /// [`TrainError::Unfinished`] while a job has updated some of the weights but not all.
    pub fn network(&self) -> Result<&Network<C, R>, TrainError> {
        match self.unfinished() {
            Some(slices) => Err(TrainError::Unfinished { slices }),
            None => Ok(self.network),
        }
    }
}
