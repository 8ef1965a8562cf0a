use elman::TrainError;
use elman::error::ConfigError;
use std::error::Error;
use std::path::PathBuf;
use std::{fmt, io};

/// Samples for training, or samples for validation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Samples for training.
    Training,
    /// Samples for validation.
    Validation,
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Training => "training",
            Self::Validation => "validation",
        })
    }
}

/// Error that refused or stopped a run. The network is as the last complete update left it: as before, unless stated
/// otherwise.
#[derive(Debug)]
pub enum FitError {
    /// There are no training samples.
    NothingToLearn,
    /// No target of these samples counts: there is none, or all have weight 0.
    NoTarget {
        /// The samples concerned.
        which: Which,
    },
    /// A setting of the run cannot work.
    Setting(&'static str),
    /// A setting of the updates cannot work.
    Config(ConfigError),
    /// A sample cannot be used. Samples that are there before the run are checked before its first update.
    Sample {
        /// The samples concerned.
        which: Which,
        /// Its place among them, from 0.
        index: usize,
        /// The problem with the sample, or with the network's outputs for it.
        error: TrainError,
    },
    /// The gradient of a batch cannot be used. Updates before it stay.
    Update {
        /// The update, from 1.
        update: usize,
        /// The problem with it.
        error: TrainError,
    },
    /// The checkpoint cannot be used or written. In the second case updates before stay.
    Checkpoint(CheckpointError),
}

impl fmt::Display for FitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingToLearn => f.write_str("there are no samples to learn from"),
            Self::NoTarget { which } => {
                write!(f, "no target of the {which} samples counts: give a class that they have a weight above 0")
            }
            Self::Update { update, error: error @ TrainError::NoTarget } => {
                write!(f, "update {update}: in this batch {error}; make batches larger, or leave such samples out")
            }
            Self::Setting(flaw) => f.write_str(flaw),
            Self::Config(error) => error.fmt(f),
            Self::Sample { which, index, error } => write!(f, "{which} sample {index}: {error}"),
            Self::Update { update, error } => write!(f, "update {update}: {error}"),
            Self::Checkpoint(error) => error.fmt(f),
        }
    }
}

impl Error for FitError {}

impl From<ConfigError> for FitError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<CheckpointError> for FitError {
    fn from(error: CheckpointError) -> Self {
        Self::Checkpoint(error)
    }
}

/// Error of a checkpoint, with its file.
#[derive(Debug)]
pub struct CheckpointError {
    /// The file.
    pub path: PathBuf,
    /// Description of the problem.
    pub flaw: CheckpointFlaw,
}

/// Reason why a checkpoint cannot be used or written.
#[derive(Debug)]
pub enum CheckpointFlaw {
    /// The file cannot be read.
    Read(io::Error),
    /// The file cannot be written; the one before it, if any, is still there.
    Write(io::Error),
    /// The file is something else.
    NotACheckpoint,
    /// The file has another version of the format.
    Version {
        /// The version found.
        found: u32,
    },
    /// The file ends too early, or goes on after its end.
    Length {
        /// The bytes there are.
        found: u64,
        /// The bytes there must be.
        expected: u64,
    },
    /// The checksum does not match, or the state is one that no run leaves.
    Damaged,
    /// Another run that is still going on saves to it.
    InUse,
    /// The checkpoint belongs to another run.
    Foreign {
        /// The property that differs.
        what: &'static str,
        /// The value in the checkpoint.
        found: String,
        /// The value in the run.
        expected: String,
    },
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.flaw {
            CheckpointFlaw::Read(error) => write!(f, "{path} cannot be read: {error}"),
            CheckpointFlaw::Write(error) => write!(f, "{path} cannot be written: {error}"),
            CheckpointFlaw::NotACheckpoint => write!(f, "{path} is not a checkpoint of a training run"),
            CheckpointFlaw::Version { found } => write!(f, "{path} is a checkpoint of unknown version {found}"),
            CheckpointFlaw::Length { found, expected } => {
                write!(f, "{path} has {found} bytes, a checkpoint that begins so has {expected}")
            }
            CheckpointFlaw::Damaged => write!(f, "{path} is a damaged checkpoint"),
            CheckpointFlaw::InUse => {
                write!(f, "{path} is in use by a run that is still going on; wait for its end, or name another file")
            }
            CheckpointFlaw::Foreign { what, found, expected } => {
                write!(
                    f,
                    "{path} is of another run: its {what} is {found}, not {expected}; go on as it began, or name another file"
                )
            }
        }
    }
}

impl Error for CheckpointError {}
