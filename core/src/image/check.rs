//! Checks of an image's bytes that types alone cannot make; device and host make the same checks.

use super::{Architecture, Header, NORMALIZER, Numbers, PROBE, Stored, Tag, VOCABULARY, words};
use crate::error::{MisplacedInteger, NonFiniteWeight, SectionError, UnusableInteger, WriteError};
use crate::math::Scalar;
use crate::parameters::{self, Path, TensorName};
use zerocopy::FromBytes;
use zerocopy::little_endian::U32;

/// Checks the data of a section with number type `T`, if the format defines the section.
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

/// Checks that the values of type `T` in `bytes`, such as weights, means or outputs, are finite.
///
/// # Errors
/// Index of the first value that is not finite.
#[inline(never)]
pub(super) fn finite<T: Scalar>(bytes: &[u8]) -> Result<(), usize> {
    numbers::<T>(bytes).position(|number| !number.is_finite()).map_or(Ok(()), Err)
}

/// Checks all weights of a network.
///
/// # Errors
/// [`WriteError`] that names the first tensor and number that cannot be used.
pub(super) fn network<N: Architecture>(network: &N) -> Result<(), WriteError> {
    let mut found = Ok(());
    network.stored(Path::ROOT, &mut |tensor| {
        if found.is_ok() {
            found = match N::NUMBERS {
                Numbers::Real => real::<N::Real>(&tensor),
                Numbers::Int8 => whole(&tensor),
            };
        }
    });
    found
}

#[inline(never)]
fn real<T: Scalar>(tensor: &Stored<'_>) -> Result<(), WriteError> {
    finite::<T>(tensor.bytes).map_err(|at| {
        let index = parameters::place(at, tensor.shape);
        WriteError::Weight(NonFiniteWeight { tensor: TensorName::from(&tensor.path), index })
    })
}

#[inline(never)]
fn whole(tensor: &Stored<'_>) -> Result<(), WriteError> {
    let content = tensor.content;
    content.check(tensor.bytes).map_err(|at| {
        // Shorter indices keep the error as small as that of a real number.
        let index = content.place(at, tensor.shape).map(|at| at as u32);
        WriteError::Integer(UnusableInteger { tensor: TensorName::from(&tensor.path), index, content })
    })
}

/// Checks the integers of a network in an image; there is nothing to check in a network of real numbers.
///
/// # Errors
/// [`MisplacedInteger`] with the tensor and the place in the image of the first number that cannot be used.
pub(super) fn integers<N: Architecture>(network: &N) -> Result<(), MisplacedInteger> {
    let (mut found, mut start) = (Ok(()), Header::BYTES);
    if matches!(N::NUMBERS, Numbers::Int8) {
        network.stored(Path::ROOT, &mut |tensor| {
            if found.is_ok() {
                found = misplaced(&tensor, start);
            }
            start += tensor.bytes.len();
        });
    }
    found
}

#[inline(never)]
fn misplaced(tensor: &Stored<'_>, start: usize) -> Result<(), MisplacedInteger> {
    let content = tensor.content;
    content.check(tensor.bytes).map_err(|at| {
        let at = start + at * content.size();
        MisplacedInteger { tensor: tensor.path.name(), at, content }
    })
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

/// Checks that the values in `bytes` are finite and above 0.
pub(super) fn positive(bytes: &[u8]) -> Result<(), usize> {
    numbers::<f32>(bytes).position(|number| !(number.is_finite() && number > 0.0)).map_or(Ok(()), Err)
}

/// Returns the values in `bytes`, at any address.
fn numbers<T: Scalar>(mut bytes: &[u8]) -> impl Iterator<Item = T> {
    core::iter::from_fn(move || {
        let (number, rest) = T::read_from_prefix(bytes).ok()?;
        bytes = rest;
        Some(number)
    })
}
