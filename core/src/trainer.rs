//! One update of a network's weights from a sequence: as a call, or as slices of bounded work.

use crate::bptt::Window;
use crate::clip::Norm;
use crate::dense::LearnedReadout;
use crate::error::{ConfigError, SequenceError, TrainError};
use crate::layer::{Layer, Sequential};
use crate::loss::{CrossEntropy, Loss};
use crate::math::Zero;
use crate::network::{Model, Network};
use crate::optim::{Memory, Optimizer};
use crate::parameters::Parameters;
use crate::target::Targets;

mod batch;
mod config;
mod phase;
mod step;
mod update;
mod workspace;

pub use config::{Config, Reduction, Report};
pub use update::Update;
pub use workspace::{TrainingBytes, Workspace};

use phase::Goal;

/// A network, the memory to train it, and how.
///
/// `N` is the network, `O` the optimizer, `T` the longest window, `S` the most targets in one, `L` the loss. With `P` above
/// 1 the tape is checkpointed: the longest window is `P`·`T`, and `S` the most targets in a segment of `T` steps.
///
/// Its bytes are known before flashing, and what is too big for the part does not compile:
///
/// ```
/// use elman::{Adam, Dense, Elman, Network, Trainer};
/// type Net = Network<Elman<3, 32>, Dense<32, 4>>;
/// const _: () = assert!(Trainer::<Net, Adam, 50>::BYTES <= 36 * 1024, "training must fit 36 KB");
/// ```
///
/// ```compile_fail,E0080
/// # use elman::{Adam, Dense, Elman, Network, Trainer};
/// # type Net = Network<Elman<3, 32>, Dense<32, 4>>;
/// const _: () = assert!(Trainer::<Net, Adam, 50>::BYTES <= 32 * 1024, "training must fit 32 KB");
/// ```
pub struct Trainer<
    'a,
    N: Model<Layer: Sequential> + Parameters,
    O,
    const T: usize,
    const S: usize = 1,
    const P: usize = 1,
    L = CrossEntropy,
> where
    O: Optimizer<Scalar = N::Scalar>,
{
    network: &'a mut N,
    workspace: &'a mut Workspace<N, O, T, S, P>,
    config: Config<O, L>,
}

impl<N: Model<Layer: Sequential> + Parameters, O, const T: usize, const S: usize, const P: usize, L>
    Trainer<'_, N, O, T, S, P, L>
where
    O: Optimizer<Scalar = N::Scalar>,
{
    /// The bytes of training, each kind apart; a constant, so a budget can be asserted before flashing.
    pub const MEMORY: TrainingBytes = {
        let keeps = <O::Memory<N::Gradient> as Memory<N::Gradient>>::KEEPS_GRADIENT;
        let gradient = if keeps { size_of::<N::Gradient>() } else { 0 };
        TrainingBytes {
            weights: size_of::<N>(),
            gradient,
            optimizer: size_of::<Workspace<N, O, T, S, P>>() - size_of::<Window<N, T, S, P>>() - gradient,
            tape: size_of::<Window<N, T, S, P>>(),
        }
    };

    /// The bytes of training in all.
    pub const BYTES: usize = Self::MEMORY.total();

    /// The network as it is now.
    pub const fn network(&self) -> &N {
        self.network
    }
}

impl<'a, C, R, O, const T: usize, const S: usize, const P: usize, L> Trainer<'a, Network<C, R>, O, T, S, P, L>
where
    C: Sequential,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    O: Optimizer<Scalar = C::Scalar>,
    L: Loss<C::Math, R::Output>,
{
    /// Training of `network` in `workspace`, going on from what the workspace holds.
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
    /// As [`new`](Self::new); the configuration is as before.
    pub fn reconfigure(&mut self, config: Config<O, L>) -> Result<(), ConfigError> {
        config.check::<C::Math, R::Output, Network<C, R>>()?;
        self.config = config;
        Ok(())
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
        self.begin(state, xs, targets)?.finish()
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
        Ok(self.begin_accumulate(state, xs, targets)?.finish()?.loss)
    }

    /// One update from the gradient accumulated; returns its norm, as [`Report::gradient_norm`].
    ///
    /// # Errors
    /// [`TrainError::NothingAccumulated`]; [`TrainError::NoTarget`] if no target among the sequences counts;
    /// [`TrainError::NonFiniteGradient`] or [`TrainError::NonFiniteWeight`], and the accumulated gradient is dropped.
    pub fn apply(&mut self) -> Result<Option<C::Scalar>, TrainError> {
        self.workspace.batch.check()?;
        let mut norm = Norm::ZERO;
        self.add_norm(&mut norm, 0, usize::MAX);
        let norm = self.checked_norm(&norm)?;
        if !self.is_bounded() {
            self.try_range(norm, 0, usize::MAX)?;
        }
        self.apply_range(norm, 0, usize::MAX);
        self.updated();
        Ok(norm)
    }

    /// The same update in slices of bounded work: call [`Update::poll`] until it returns a report.
    ///
    /// # Errors
    /// What can be seen before the first step: an empty or too long sequence, targets that do not fit.
    pub fn begin<'t, 'x, X, Y>(
        &'t mut self,
        state: &'x mut C::State,
        xs: &'x [X],
        targets: Y,
    ) -> Result<Update<'t, 'a, 'x, C, R, O, T, S, P, L, X, Y>, TrainError>
    where
        C: Layer<X>,
        Y: Targets<L::Target>,
    {
        self.start(state, (xs, targets), Goal::Update)
    }

    /// [`accumulate`](Self::accumulate) in slices of bounded work. The last sequence before an update goes to
    /// [`begin`](Self::begin), which updates from all that was accumulated.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub fn begin_accumulate<'t, 'x, X, Y>(
        &'t mut self,
        state: &'x mut C::State,
        xs: &'x [X],
        targets: Y,
    ) -> Result<Update<'t, 'a, 'x, C, R, O, T, S, P, L, X, Y>, TrainError>
    where
        C: Layer<X>,
        Y: Targets<L::Target>,
    {
        self.start(state, (xs, targets), Goal::Accumulate)
    }

    fn start<'t, 'x, X, Y>(
        &'t mut self,
        state: &'x mut C::State,
        (xs, targets): (&'x [X], Y),
        goal: Goal,
    ) -> Result<Update<'t, 'a, 'x, C, R, O, T, S, P, L, X, Y>, TrainError>
    where
        C: Layer<X>,
        Y: Targets<L::Target>,
    {
        if xs.is_empty() {
            return Err(SequenceError::Empty.into());
        }
        let capacity = Window::<Network<C, R>, T, S, P>::CAPACITY;
        if xs.len() > capacity {
            return Err(SequenceError::TooLong { length: xs.len(), capacity }.into());
        }
        let weighed = Window::<Network<C, R>, T, S, P>::check_targets(&self.config.loss, &targets, xs.len())?;
        if goal == Goal::Update && !self.workspace.batch.counts() {
            weighed.check()?;
        }
        let goal = if weighed.given { goal } else { goal.without_target() };
        let share = self.workspace.batch.share(self.reductions(), weighed.weight)?;
        let visits = if C::PASSES == 1 { weighed.end } else { C::PASSES * xs.len() };
        self.workspace.window.restart(state);
        Ok(Update::new(self, state, (xs, targets), (visits, share, goal)))
    }
}
