//! Ranges of the numbers in a tensor of integers: those that [`Calibration`](crate::int8::Calibration) gives.

use super::{Content, check};
use crate::int8::{self, Scale};
use crate::parameters::place;
use zerocopy::FromBytes;
use zerocopy::little_endian::{I16, U16};

impl Content {
    /// Bytes of a number.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::Weights | Self::Table => 1,
            Self::Scales | Self::Biases | Self::Unread | Self::Gain | Self::Shift | Self::Exponent => 2,
            // Integers have no other real number.
            Self::Resolution | Self::Real => 4,
        }
    }

    /// Checks the numbers of a tensor in integers.
    ///
    /// # Errors
    /// The position of the first number outside of its range.
    pub fn check(self, bytes: &[u8]) -> Result<(), usize> {
        match self {
            Self::Gain => Ok(()),
            Self::Weights | Self::Table => first(bytes, |&weight: &i8| weight == i8::MIN),
            Self::Scales => first(bytes, |scale: &Scale| !scale.is_valid()),
            Self::Biases => first(bytes, |bias: &I16| *bias == i16::MIN),
            Self::Unread => first(bytes, |bias: &I16| *bias != 0),
            Self::Resolution => check::positive(bytes),
            Self::Shift => first(bytes, |shift: &U16| *shift > int8::MOST_SHIFTED),
            Self::Exponent => first(bytes, |bits: &I16| !int8::EXPONENTS.contains(&bits.get())),
            Self::Real => check::finite::<f32>(bytes),
        }
    }

    /// The input (for a bias, the vector), gate and unit of number `at` of a tensor of this shape.
    #[must_use]
    pub fn place(self, at: usize, shape: [usize; 3]) -> [usize; 3] {
        match self {
            Self::Weights => int8::place_of(at, shape),
            _ => place(at, shape),
        }
    }
}

/// The position of the first number for which `is_wrong`.
fn first<T: FromBytes>(mut bytes: &[u8], is_wrong: impl Fn(&T) -> bool) -> Result<(), usize> {
    let mut at = 0;
    while let Ok((number, rest)) = T::read_from_prefix(bytes) {
        if is_wrong(&number) {
            return Err(at);
        }
        (bytes, at) = (rest, at + 1);
    }
    Ok(())
}
