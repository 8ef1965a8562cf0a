//! Training on a data set.
//!
//! [`fit`] trains any network that [`elman::Trainer`] can train, on [samples](crate::sample) of any kind: it shuffles them
//! by seed, averages gradients over mini-batches, sets the learning rate, averages weights on request,
//! validates after each epoch, stops when the validation loss no longer improves, and keeps the best weights.
//! With a checkpoint, an interrupted run can be continued and gives the same bits as an uninterrupted one.
//!
//! ```
//! use elman::{Adam, Class, Dense, Gru, Libm, Network, Xoshiro128, Zero, init};
//! use elman_trainer::fit::{Fit, Patience, Schedule, fit};
//! use elman_trainer::ToOne;
//! // Is the sum above 0?
//! let samples: Vec<_> = (-8..8)
//!     .map(|n| ToOne { inputs: vec![[0.1 * n as f32], [0.05]], target: Class::<2>::new(usize::from(n >= 0)).unwrap() })
//!     .collect();
//! let mut network = Network::<Gru<1, 4>, Dense<4, 2>>::ZERO;
//! init::orthogonal::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(7));
//! let how = Fit::<_, 2> {
//!     epochs: 40,
//!     batch: 4,
//!     schedule: Schedule::Cosine { end: 0.1 },
//!     patience: Some(Patience { epochs: 10, min_delta: 0.0 }),
//!     ..Fit::new(Adam::new(0.02))
//! };
//! let fitted = fit(&mut network, &samples, &samples, &how)?;
//! assert_eq!(fitted.history.best().unwrap().valid_accuracy, Some(1.0));
//! # Ok::<(), elman_trainer::fit::FitError>(())
//! ```

use crate::{History, Progress};
use elman::math::Scalar;
use elman::optim::Optimizer;
use elman::{Clip, CrossEntropy, Reduction};
use std::path::Path;
use std::sync::atomic::AtomicBool;

mod average;
mod checkpoint;
mod error;
mod identity;
mod judge;
mod learner;
mod numbers;
mod run;
mod samples;
mod schedule;
mod state;
mod store;

pub use average::Average;
pub use error::{CheckpointError, CheckpointFlaw, FitError, Which};
pub use judge::Judge;
pub use run::fit;
pub use samples::{Augmented, Drawn, Samples, Varied};
pub use schedule::{Position, Schedule};

/// Settings of a training run on sequences of up to `T` steps, up to `S` of which have a target (1 for a class at the end,
/// `T` for a label at each step). The run's [`Workspace`](elman::Workspace) has the same `T` and `S`.
#[derive(Clone, Copy, Debug)]
pub struct Fit<'a, O: Optimizer, const T: usize, const S: usize = 1, L = CrossEntropy> {
    /// Update rule, with the learning rate that the schedule multiplies.
    pub optimizer: O,
    /// The loss to minimise.
    pub loss: L,
    /// Clipping of the gradient.
    pub clip: Clip<f64>,
    /// Reduction of the losses over the steps of a sequence. Over sequences the mean is always taken, so that the
    /// loss of a batch, an epoch or the validation samples is ΣΣ w·l / ΣΣ w for [`Reduction::Mean`], and ΣΣ w·l /
    /// number of samples with a target for [`Reduction::Sum`]. w is a target's weight, 1 if the loss has no weights.
    /// Targets of weight 0 are ignored; a batch with no other targets is an error.
    pub steps: Reduction,
    /// Number of epochs: how often each sample is seen.
    pub epochs: usize,
    /// Number of samples whose gradients are averaged for an update. The last batch of an epoch may be smaller.
    pub batch: usize,
    /// Learning-rate schedule.
    pub schedule: Schedule,
    /// Number of updates over which the learning rate rises linearly to its full value.
    pub warm_up: usize,
    /// Average of the weights, to be validated and returned in their place; `None` for the weights themselves.
    pub average: Option<Average>,
    /// Early stopping; `None` to run all epochs.
    pub patience: Option<Patience>,
    /// Seed for shuffling, and for the random numbers of [`Varied`], [`Augmented`] and [`Drawn`].
    pub seed: u64,
    /// File to which the run is saved after each epoch and when it is stopped. If the file exists, the run
    /// continues from it: network, optimizer, loss, samples, batch, average and seed must be the same;
    /// everything else may change. For [`Varied`] and [`Augmented`] samples, the originals are compared; for
    /// [`Drawn`] samples, only the number. Only one run at a time may use the file.
    pub checkpoint: Option<&'a Path>,
    /// Flag that ends the run after the current update once it is true. Ctrl-C sets
    /// [`interrupt::flag`](crate::interrupt::flag).
    pub stop: Option<&'a AtomicBool>,
    /// Progress bar, updated after every update and epoch.
    pub progress: Option<&'a Progress>,
}

/// Early stopping: ends a run that no longer improves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patience {
    /// Number of epochs without an improvement after which the run stops, at least 1.
    pub epochs: usize,
    /// Drop in the validation loss that must be exceeded to count as an improvement.
    pub min_delta: f64,
}

/// Result of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// Epochs of the run.
    pub history: History,
    /// Outcome of the run.
    pub outcome: Outcome,
}

/// Outcome of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The run completed all its epochs.
    Finished,
    /// The validation loss did not improve for the number of epochs set by [`Patience`].
    StoppedEarly,
    /// The [`stop`](Fit::stop) flag was set.
    Interrupted,
}

impl<O: Optimizer, const T: usize, const S: usize> Fit<'_, O, T, S> {
    /// Creates settings with cross-entropy loss and the other defaults of [`with_loss`](Self::with_loss).
    #[must_use]
    pub const fn new(optimizer: O) -> Self {
        Self::with_loss(optimizer, CrossEntropy)
    }
}

impl<O: Optimizer, const T: usize, const S: usize, L> Fit<'_, O, T, S, L> {
    /// Creates settings with these defaults: 10 epochs, one sample per update, a constant rate, means over the steps,
    /// no clipping, no early stopping, seed 0.
    #[must_use]
    pub const fn with_loss(optimizer: O, loss: L) -> Self {
        Self {
            optimizer,
            loss,
            clip: Clip::None,
            steps: Reduction::Mean,
            epochs: 10,
            batch: 1,
            schedule: Schedule::Constant,
            warm_up: 0,
            average: None,
            patience: None,
            seed: 0,
            checkpoint: None,
            stop: None,
            progress: None,
        }
    }

    /// Returns the number of updates in all epochs for `count` samples.
    #[must_use]
    pub const fn updates(&self, count: usize) -> usize {
        self.epochs.saturating_mul(self.updates_in_epoch(count))
    }

    /// Returns the clipping in the optimizer's number type.
    fn clip(&self) -> Clip<O::Scalar> {
        match self.clip {
            Clip::None => Clip::None,
            Clip::Value(limit) => Clip::Value(Scalar::from_f64(limit)),
            Clip::Norm(limit) => Clip::Norm(Scalar::from_f64(limit)),
        }
    }

    const fn updates_in_epoch(&self, count: usize) -> usize {
        count.div_ceil(if self.batch == 0 { 1 } else { self.batch })
    }

    /// Checks the settings for a run over `count` samples, with `valid` validation samples.
    fn check(&self, count: usize, valid: usize) -> Result<(), FitError> {
        let usable = |delta: f64| delta.is_finite() && delta >= 0.0;
        let flaw = match self {
            _ if count == 0 => return Err(FitError::NothingToLearn),
            _ if u32::try_from(count).is_err() => Some("there must be fewer than 2^32 samples"),
            Self { epochs: 0, .. } => Some("there must be at least one epoch"),
            Self { batch: 0, .. } => Some("a batch must have at least one sample"),
            Self { patience: Some(Patience { epochs: 0, .. }), .. } => Some("patience must be at least one epoch"),
            Self { patience: Some(_), .. } if valid == 0 => Some("patience needs samples to validate with"),
            Self { patience: Some(patience), .. } if !usable(patience.min_delta) => {
                Some("the minimum improvement must be finite and not negative")
            }
            _ => self.schedule.flaw().or_else(|| self.average.and_then(|average| average.flaw(self.epochs))),
        };
        flaw.map_or(Ok(()), |flaw| Err(FitError::Setting(flaw)))
    }
}
