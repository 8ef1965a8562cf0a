use super::progress::Ticket;
use super::workspace::{StateOf, Work};
use crate::math::Zero;
use core::fmt;

/// Sequence to be processed by a [`Trainer`](crate::Trainer) in slices: a plain value that owns inputs, targets and
/// state.
///
/// `D` is the type of the inputs: an array, a `heapless::Vec`, a `&'static [X]` or any other
/// [`Inputs`](crate::inputs::Inputs). `Y` is the type of the [`Targets`](crate::target::Targets). A job without
/// lifetimes can be stored in a `static` beside its trainer, or in an RTIC resource.
///
/// ```
/// use elman::trainer::Job;
/// use elman::{Class, Config, Dense, Elman, Last, Network, Sgd, Trainer, Workspace, Zero};
/// type Net = Network<Elman<1, 4>, Dense<4, 2>>;
/// type Work = Workspace<Net, Sgd, 10>;
/// type Lesson = Job<Work, [[f32; 1]; 3], Last<Class<2>>>;
///
/// fn learn(network: &mut Net, work: &mut Work) -> Result<f32, elman::TrainError> {
///     let mut trainer = Trainer::new(network, work, Config::new(Sgd { rate: 0.1 })).unwrap();
///     let class = Class::new(1).unwrap();
///     let mut lesson: Lesson = Job::new([[0.1], [0.2], [0.3]], Last(class));
///     trainer.begin(&mut lesson)?;
///     loop {
///         // Feed a watchdog, serve a radio.
///         if let Some(report) = trainer.poll(&mut lesson)? {
///             return Ok(report.loss);
///         }
///     }
/// }
/// # assert!(learn(&mut Net::ZERO, &mut Work::ZERO).unwrap() > 0.0);
/// ```
pub struct Job<W: Work, D, Y> {
    pub(super) state: StateOf<W>,
    pub(super) inputs: D,
    pub(super) targets: Y,
    pub(super) ticket: Ticket,
}

impl<W: Work, D, Y> Job<W, D, Y> {
    /// Creates a job for `inputs` and `targets` that starts from the zero state.
    pub const fn new(inputs: D, targets: Y) -> Self {
        Self { state: <StateOf<W> as Zero>::ZERO, inputs, targets, ticket: Ticket::NONE }
    }

    /// Sets the state to start from, for a window of a longer sequence (truncated back-propagation through time).
    #[must_use]
    pub fn from_state(self, state: StateOf<W>) -> Self {
        Self { state, ..self }
    }

    /// Returns the state at the end of the sequence once the job is done; before that, the state at its start.
    pub const fn state(&self) -> &StateOf<W> {
        &self.state
    }

    /// Returns the inputs.
    pub const fn inputs(&self) -> &D {
        &self.inputs
    }

    /// Returns the targets.
    pub const fn targets(&self) -> &Y {
        &self.targets
    }

    /// Returns the inputs, the targets and the [state](Self::state). A job under way is then lost: the trainer refuses
    /// other jobs until it is [abandoned](crate::Trainer::abandon), or [resumed](crate::Trainer::resume) with a new job
    /// for the same sequence.
    pub fn into_parts(self) -> (D, Y, StateOf<W>) {
        (self.inputs, self.targets, self.state)
    }
}

impl<W: Work, D: fmt::Debug, Y: fmt::Debug> fmt::Debug for Job<W, D, Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { inputs, targets, ticket, .. } = self;
        f.debug_struct("Job").field("inputs", inputs).field("targets", targets).field("ticket", ticket).finish()
    }
}
