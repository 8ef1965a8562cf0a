//! Checks of an image's bytes that types alone cannot make, the same on device and host.

use super::{NORMALIZER, PROBE, Tag, VOCABULARY, words};
use crate::error::SectionError;
use crate::math::Scalar;
use zerocopy::FromBytes;
use zerocopy::little_endian::U32;

/// Checks the data of a section with number type `T`, if the section is one of the format's.
pub(super) fn section<T: Scalar>(tag: Tag, data: &[u8]) -> Result<(), SectionError> {
    match tag {
        NORMALIZER => normalizer::<T>(data),
        PROBE => probe::<T>(data),
        _ => text(tag, data),
    }
}

/// Same as [`section`], for an unknown number type.
pub(super) fn text(tag: Tag, data: &[u8]) -> Result<(), SectionError> {
    if tag == VOCABULARY { words::check(data) } else { Ok(()) }
}

/// Checks that the values of type `T` in `bytes` are finite: weights, means, outputs.
///
/// # Errors
/// Index of the first value that is not finite.
#[inline(never)]
pub(super) fn finite<T: Scalar>(bytes: &[u8]) -> Result<(), usize> {
    numbers::<T>(bytes).position(|number| !number.is_finite()).map_or(Ok(()), Err)
}

fn normalizer<T: Scalar>(data: &[u8]) -> Result<(), SectionError> {
    let malformed = SectionError::Malformed { tag: NORMALIZER };
    let (means, scales) = data.split_at_checked(data.len() / 2).ok_or(malformed)?;
    if means.is_empty() || means.len() != scales.len() || !means.len().is_multiple_of(size_of::<T>()) {
        return Err(malformed);
    }
    channels::<T>(means, scales)
}

/// Checks the means and scales of a normaliser.
pub(super) fn channels<T: Scalar>(means: &[u8], scales: &[u8]) -> Result<(), SectionError> {
    finite::<T>(means).map_err(|channel| SectionError::Mean { channel })?;
    match numbers::<T>(scales).position(|scale| !scale.is_finite() || scale == T::ZERO) {
        Some(channel) => Err(SectionError::Scale { channel }),
        None => Ok(()),
    }
}

/// Checks a probe, except its inputs: only the self-test knows their type.
fn probe<T: Scalar>(data: &[u8]) -> Result<(), SectionError> {
    let malformed = SectionError::Malformed { tag: PROBE };
    let ([steps, outputs], rest) = <[U32; 2]>::ref_from_prefix(data).map_err(|_| malformed)?;
    let (tolerance, rest) = T::read_from_prefix(rest).map_err(|_| malformed)?;
    let bytes = (outputs.get() as usize).checked_mul(size_of::<T>()).ok_or(malformed)?;
    let (expected, _) = rest.split_at_checked(bytes).ok_or(malformed)?;
    if *steps == 0 || *outputs == 0 {
        return Err(malformed);
    }
    answers(tolerance, expected)
}

/// Checks the tolerance and the expected outputs of a probe.
pub(super) fn answers<T: Scalar>(tolerance: T, expected: &[u8]) -> Result<(), SectionError> {
    if !(tolerance.is_finite() && tolerance >= T::ZERO) {
        return Err(SectionError::Tolerance);
    }
    finite::<T>(expected).map_err(|output| SectionError::Expected { output })
}

/// Returns the values in `bytes`, at any address.
fn numbers<T: Scalar>(mut bytes: &[u8]) -> impl Iterator<Item = T> {
    core::iter::from_fn(move || {
        let (number, rest) = T::read_from_prefix(bytes).ok()?;
        bytes = rest;
        Some(number)
    })
}
