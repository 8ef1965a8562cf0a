use super::batch::Batch;
use super::progress::Progress;
use crate::bptt::Window;
use crate::layer::Sequential;
use crate::math::Zero;
use crate::network::Model;
use crate::optim::{Kept, Optimizer};
use crate::parameters::Parameters;
use crate::part::Part;
use crate::zero::require;
use zerocopy::FromZeros;

/// Memory for training, whose type determines the network and the optimizer. [`Workspace`] is the only implementation;
/// a [`Trainer`](crate::Trainer) or [`Job`](super::Job) needs no other type parameter for its sizes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a workspace",
    note = "a trainer names its memory, which determines all sizes: `type Work = Workspace<Net, Adam, STEPS>; Trainer<'_, Work>`"
)]
pub trait Work {
    /// Network to train.
    type Network: Model<Layer: Sequential> + Parameters;
    /// Optimizer that trains the network.
    type Optimizer: Optimizer<Scalar = <Self::Network as Parameters>::Scalar>;
    /// Memory for training, in bytes by kind.
    const MEMORY: TrainingBytes;
}

/// State of the network that a workspace trains.
pub type StateOf<W> = <<<W as Work>::Network as Model>::Layer as Part>::State;

/// All memory for training except the weights: gradient, moments and tape for windows of up to `T` steps, of
/// which up to `S` have a target (1 for classification, `T` for labelling).
///
/// With `P` above 1 the tape is checkpointed: windows may have up to `P`·`T` steps, with up to `S` targets in each
/// segment of `T` steps, and the tape takes the memory of `T` records and `P` states. The results have the same bits;
/// all segments but the last take a second forward pass.
///
/// A new workspace is all zero, so one in a `static` goes into `.bss` and takes no flash.
///
/// ```
/// use elman::{Dense, Elman, Network, Sgd, Workspace};
/// type Net = Network<Elman<1, 4>, Dense<4, 2>>;
/// static LABELLING: Workspace<Net, Sgd, 10, 10> = Workspace::ZERO;
/// static LONG: Workspace<Net, Sgd, 10, 10, 100> = Workspace::ZERO; // 1000 steps
/// ```
///
/// A window without steps does not compile:
///
/// ```compile_fail,E0080
/// # use elman::{Dense, Elman, Network, Sgd, Workspace};
/// # type Net = Network<Elman<1, 4>, Dense<4, 2>>;
/// static EMPTY: Workspace<Net, Sgd, 0, 0> = Workspace::ZERO;
/// ```
///
/// Nor does a workspace without room for a target, or with room for more targets than steps:
///
/// ```compile_fail,E0080
/// # use elman::{Dense, Elman, Network, Sgd, Workspace};
/// # type Net = Network<Elman<1, 4>, Dense<4, 2>>;
/// static AIMLESS: Workspace<Net, Sgd, 10, 0> = Workspace::ZERO;
/// ```
///
/// ```compile_fail,E0080
/// # use elman::{Dense, Elman, Network, Sgd, Workspace};
/// # type Net = Network<Elman<1, 4>, Dense<4, 2>>;
/// static CROWDED: Workspace<Net, Sgd, 10, 11> = Workspace::ZERO;
/// ```
///
/// Nor does in-place gradient descent with a checkpointed tape, because the repeated steps need the old weights:
///
/// ```compile_fail,E0080
/// # use elman::optim::InPlaceSgd;
/// # use elman::{Dense, Elman, Network, Workspace};
/// # type Net = Network<Elman<1, 4>, Dense<4, 2>>;
/// static CHANGED: Workspace<Net, InPlaceSgd, 10, 1, 2> = Workspace::ZERO;
/// ```
#[derive(FromZeros)]
pub struct Workspace<N, O, const T: usize, const S: usize = 1, const P: usize = 1>
where
    N: Model<Layer: Sequential> + Parameters,
    O: Optimizer<Scalar = N::Scalar>,
{
    pub(super) window: Window<N, T, S, P>,
    pub(super) memory: O::Memory<N::Gradient>,
    pub(super) batch: Batch<N::Scalar>,
    pub(super) progress: Progress<N::Scalar, <N::Layer as Part>::State>,
}

impl<N: Model<Layer: Sequential> + Parameters, O, const T: usize, const S: usize, const P: usize> Work
    for Workspace<N, O, T, S, P>
where
    O: Optimizer<Scalar = N::Scalar>,
{
    type Network = N;
    type Optimizer = O;
    const MEMORY: TrainingBytes = {
        let gradient = if O::KEEPS_GRADIENT { size_of::<N::Gradient>() } else { 0 };
        let tape = size_of::<Window<N, T, S, P>>();
        let job = size_of::<Progress<N::Scalar, <N::Layer as Part>::State>>();
        let optimizer = size_of::<Self>() - tape - gradient - job;
        TrainingBytes { weights: size_of::<N>(), gradient, optimizer, tape, job }
    };
}

impl<N: Model<Layer: Sequential> + Parameters, O, const T: usize, const S: usize, const P: usize> Zero
    for Workspace<N, O, T, S, P>
where
    O: Optimizer<Scalar = N::Scalar>,
{
    const ZERO: Self = {
        let () = Self::REPEATABLE;
        let memory = <O::Memory<N::Gradient> as Zero>::ZERO;
        Self { window: Window::ZERO, memory, batch: Batch::ZERO, progress: Progress::ZERO }
    };
}

impl<N: Model<Layer: Sequential> + Parameters, O, const T: usize, const S: usize, const P: usize>
    Workspace<N, O, T, S, P>
where
    O: Optimizer<Scalar = N::Scalar>,
{
    /// Empty workspace.
    pub const ZERO: Self = <Self as Zero>::ZERO;

    /// Compile-time check that refuses a checkpointed tape with an optimizer that keeps no gradient.
    pub(super) const REPEATABLE: () = require(
        P == 1 || O::KEEPS_GRADIENT,
        "a checkpointed tape needs an optimizer that keeps a gradient, such as `Sgd`: repeated steps need the old weights",
    );

    /// Returns the parts of the optimizer's memory, to save a training run between two updates or to restore it.
    /// Returns `None` if the optimizer keeps no gradient.
    pub fn kept(&mut self) -> Option<Kept<'_, N::Gradient>> {
        O::kept(&mut self.memory)
    }

    /// Clears the gradient, the moments, the number of updates and the job under way.
    ///
    /// The weights are not touched. If a job has updated only some of them (see
    /// [`Trainer::network`](crate::Trainer::network)), the network stays half updated.
    pub fn reset(&mut self) {
        self.progress = Progress::ZERO;
        self.batch = Batch::ZERO;
        self.memory = <O::Memory<N::Gradient> as Zero>::ZERO;
    }
}

/// Memory needed for training, in bytes by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TrainingBytes {
    /// Bytes of the weights.
    pub weights: usize,
    /// Bytes of the gradient.
    pub gradient: usize,
    /// Bytes of the optimizer's memory.
    pub optimizer: usize,
    /// Bytes of the tape: records of the steps and gradients of the outputs.
    pub tape: usize,
    /// Bytes of the progress of the job under way, including two states.
    pub job: usize,
}

impl TrainingBytes {
    /// Returns the sum of all kinds.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.weights + self.gradient + self.optimizer + self.tape + self.job
    }
}
