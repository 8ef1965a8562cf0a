use elman::TrainError;
use elman::error::ConfigError;
use std::error::Error;
use std::path::PathBuf;
use std::{fmt, io};

/// Set of samples: for training, or for validation.
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

/// Error that prevented or stopped a run. The network is left as it was after the last complete update:
/// unchanged, unless stated otherwise.
#[derive(Debug)]
pub enum FitError {
    /// There are no training samples.
    NothingToLearn,
    /// No target of the samples counts: there are no targets, or all have weight 0.
    NoTarget {
        /// The samples concerned.
        which: Which,
    },
    /// A setting of the run is invalid.
    Setting(&'static str),
    /// A setting of the updates is invalid.
    Config(ConfigError),
    /// A sample cannot be used. Samples that exist before the run are checked before its first update.
    Sample {
        /// The samples concerned.
        which: Which,
        /// Index of the sample in its set, from 0.
        index: usize,
        /// The problem with the sample, or with the network's outputs for it.
        error: TrainError,
    },
    /// The gradient of a batch cannot be used. Earlier updates are kept.
    Update {
        /// Number of the update, from 1.
        update: usize,
        /// Description of the problem.
        error: TrainError,
    },
    /// The checkpoint cannot be used, or cannot be written; in the second case, earlier updates are kept.
    Checkpoint(CheckpointError),
}

impl fmt::Display for FitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingToLearn => f.write_str("there are no training samples"),
            Self::NoTarget { which } => {
                write!(f, "no target of the {which} samples counts: give one of their classes a weight above 0")
            }
            Self::Update { update, error: error @ TrainError::NoTarget } => {
                write!(f, "update {update}: in this batch, {error}; use larger batches or leave such samples out")
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

/// Error about a checkpoint, with the path of its file.
#[derive(Debug)]
pub struct CheckpointError {
    /// Path of the file.
    pub path: PathBuf,
    /// Description of the problem.
    pub flaw: CheckpointFlaw,
}

/// Reason why a checkpoint cannot be used or written.
#[derive(Debug)]
pub enum CheckpointFlaw {
    /// The file cannot be read.
    Read(io::Error),
    /// The file cannot be written; an earlier file, if any, is unchanged.
    Write(io::Error),
    /// The file is not a checkpoint.
    NotACheckpoint,
    /// The version of the file's format is not supported.
    Version {
        /// Version found.
        found: u32,
    },
    /// The file is too short or too long.
    Length {
        /// Actual number of bytes.
        found: u64,
        /// Number of bytes required.
        expected: u64,
    },
    /// The checksum does not match, or no run can have left this state.
    Damaged,
    /// Another run is using the file.
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
                write!(f, "{path} has {found} bytes, expected {expected}; it is incomplete or damaged")
            }
            CheckpointFlaw::Damaged => write!(f, "{path} is a damaged checkpoint"),
            CheckpointFlaw::InUse => {
                write!(f, "{path} is in use by another run; wait for it to end, or name another file")
            }
            CheckpointFlaw::Foreign { what, found, expected } => {
                write!(
                    f,
                    "{path} belongs to another run: its {what} is {found}, not {expected}; continue with the \
                        original settings, or name another file"
                )
            }
        }
    }
}

impl Error for CheckpointError {}
