//! Reads labelled sequences in the `.rnnd` layout, which `data/README.md` describes byte by byte.

use std::error::Error;
use std::fmt;

const MAGIC: &[u8; 8] = b"RNND1\0\0\0";

/// Labelled sequences of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct DataSet {
    /// Values per time step.
    pub channels: usize,
    /// Number of classes; every label is below it.
    pub classes: usize,
    /// The sequences, in the order of the file.
    pub series: Vec<Series>,
}

/// One sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The class, from 0.
    pub label: usize,
    /// The subject it comes from, 0 when unknown.
    pub group: u32,
    /// The values, time-major: all channels of step 0, then of step 1.
    pub steps: Vec<f32>,
}

/// One sequence whose width is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence<const C: usize> {
    /// The time steps.
    pub steps: Vec<[f32; C]>,
    /// The class, from 0.
    pub label: usize,
}

/// Bytes are not a data set, or not of the width asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RnndError {
    /// They do not begin with `RNND1` and three zero bytes.
    BadMagic,
    /// They end before the data set does.
    Truncated {
        /// How many bytes there are.
        at: usize,
    },
    /// The number of channels or of classes is 0.
    NothingToLearn,
    /// A label is not below the number of classes.
    LabelOutOfRange {
        /// The sequence, from 0.
        series: usize,
        /// Its label.
        label: u32,
        /// The number of classes.
        classes: usize,
    },
    /// There are bytes after the last sequence.
    TrailingBytes {
        /// Where the first of them stands.
        at: usize,
    },
    /// The data set has another number of channels.
    OtherChannels {
        /// What it has.
        channels: usize,
        /// What was asked for.
        expected: usize,
    },
}

impl fmt::Display for RnndError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadMagic => f.write_str("not an .rnnd file: it does not begin with RNND1"),
            Self::Truncated { at } => write!(f, "the data set is cut off at byte {at}"),
            Self::NothingToLearn => f.write_str("the data set has no channels or no classes"),
            Self::LabelOutOfRange { series, label, classes } => {
                write!(f, "sequence {series} has label {label}, there are {classes} classes")
            }
            Self::TrailingBytes { at } => write!(f, "the data set ends at byte {at}, but there are more bytes"),
            Self::OtherChannels { channels, expected } => {
                write!(f, "the data set has {channels} channels, not {expected}")
            }
        }
    }
}

impl Error for RnndError {}

/// Reads a data set.
///
/// # Errors
/// [`RnndError`] unless the bytes are exactly one data set.
pub fn read(bytes: &[u8]) -> Result<DataSet, RnndError> {
    let mut rest = Rest { bytes, at: 0 };
    if rest.take(MAGIC.len())? != MAGIC {
        return Err(RnndError::BadMagic);
    }
    let [count, channels, classes] = [rest.size()?, rest.size()?, rest.size()?];
    if channels == 0 || classes == 0 {
        return Err(RnndError::NothingToLearn);
    }
    // Not reserved up front: a wrong count must not ask for more memory than the bytes could fill.
    let mut series = Vec::new();
    for index in 0..count {
        series.push(rest.series(index, channels, classes)?);
    }
    if rest.at < bytes.len() {
        return Err(RnndError::TrailingBytes { at: rest.at });
    }
    Ok(DataSet { channels, classes, series })
}

/// What is left to read.
struct Rest<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], RnndError> {
        let truncated = RnndError::Truncated { at: self.bytes.len() };
        let end = self.at.checked_add(count).ok_or(truncated)?;
        let taken = self.bytes.get(self.at..end).ok_or(truncated)?;
        self.at = end;
        Ok(taken)
    }

    fn u32(&mut self) -> Result<u32, RnndError> {
        Ok(self.take(4)?.iter().rev().fold(0, |value, &byte| value << 8 | u32::from(byte)))
    }

    fn size(&mut self) -> Result<usize, RnndError> {
        Ok(self.u32()? as usize)
    }

    fn series(&mut self, series: usize, channels: usize, classes: usize) -> Result<Series, RnndError> {
        let [label, group] = [self.u32()?, self.u32()?];
        if label as usize >= classes {
            return Err(RnndError::LabelOutOfRange { series, label, classes });
        }
        let bytes = self.size()?.checked_mul(channels).and_then(|values| values.checked_mul(4));
        let (values, _) = self.take(bytes.unwrap_or(usize::MAX))?.as_chunks();
        let steps = values.iter().map(|&value| f32::from_le_bytes(value)).collect();
        Ok(Series { label: label as usize, group, steps })
    }
}

impl DataSet {
    /// The sequences, each step an array of `C` channels.
    ///
    /// # Errors
    /// [`RnndError::OtherChannels`] if the data set does not have `C` channels.
    pub fn sequences<const C: usize>(&self) -> Result<Vec<Sequence<C>>, RnndError> {
        if self.channels != C {
            return Err(RnndError::OtherChannels { channels: self.channels, expected: C });
        }
        let sequence = |series: &Series| Sequence { steps: series.steps.as_chunks().0.to_vec(), label: series.label };
        Ok(self.series.iter().map(sequence).collect())
    }
}
