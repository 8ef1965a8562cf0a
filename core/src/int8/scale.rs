use crate::math::Zero;
use core::fmt::Debug;
use zerocopy::little_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Factor that turns a sum of products into the argument of a gate. Of its 16 bits, 11 hold a mantissa without
/// its highest bit, and 5 hold an exponent.
///
/// It is exact to 2⁻¹², which costs no accuracy, because the weights are rounded with the scale as stored. It
/// ranges from 2⁻³² to 2⁻².
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub struct Scale(U16);

pub(super) const MANTISSA: u32 = 11;
/// Largest exponent in use.
const LARGEST: u16 = 19;

impl Zero for Scale {
    const ZERO: Self = Self(U16::ZERO);
}

impl Scale {
    /// The largest scale, just below 1/4.
    pub const LARGEST: Self = Self(U16::new((LARGEST << MANTISSA) | ((1 << MANTISSA) - 1)));

    /// The scale with these bits, as an image holds it; [`is_valid`](Self::is_valid) says whether there is one.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Self {
        Self(U16::new(bits))
    }

    /// The bits of the scale, as an image holds it.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0.get()
    }

    /// Returns `true` for a number of 16 bits that is a scale.
    #[must_use]
    pub const fn is_valid(self) -> bool {
        self.0.get() <= Self::LARGEST.0.get()
    }

    /// Returns the smallest scale that is at least `factor`; `None` if `factor` is too large, negative or NaN.
    #[must_use]
    pub fn covering(factor: f32) -> Option<Self> {
        // The bits grow with the scale, so the search is by halves.
        let holds = |bits: u16| Self(U16::new(bits)).factor() >= factor;
        let largest = Self::LARGEST.0.get();
        if !(factor >= 0.0 && holds(largest)) {
            return None;
        }
        let (mut low, mut high) = (0, largest);
        while low < high {
            let middle = low + (high - low) / 2;
            if holds(middle) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Some(Self(U16::new(low)))
    }

    /// Returns the scale times 2³², which is below 2³⁰.
    #[must_use]
    #[inline(always)]
    pub const fn multiplier(self) -> i32 {
        let bits = self.0.get();
        let (mantissa, exponent) = ((bits & ((1 << MANTISSA) - 1)) as i32, (bits >> MANTISSA) as u32);
        if exponent == 0 { mantissa } else { (mantissa | 1 << MANTISSA) << ((exponent - 1) % (LARGEST as u32)) }
    }

    /// Returns the scale as a number.
    #[must_use]
    pub fn factor(self) -> f32 {
        self.multiplier() as f32 / 4_294_967_296.0
    }
}

/// Choice of the weights that share a [`Scale`]: those of a gate, or those of one unit of a gate.
pub trait Scaling: 'static + Copy + Debug + Default + PartialEq {
    /// Its word in the description of a network.
    const WORD: &'static str;
    /// Scales of a gate with `H` units.
    type Of<const H: usize>: AsRef<[Scale]>
        + AsMut<[Scale]>
        + Zero
        + Copy
        + Debug
        + PartialEq
        + FromBytes
        + IntoBytes
        + KnownLayout
        + Immutable
        + Unaligned;
    /// Returns how many of the `units` of a gate share a scale.
    fn sharing(units: usize) -> usize;
}

/// One scale per gate, 2 bytes each.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PerGate;

impl Scaling for PerGate {
    const WORD: &'static str = "gate";
    type Of<const H: usize> = [Scale; 1];
    fn sharing(units: usize) -> usize {
        units
    }
}

/// One scale per unit of a gate (output channel), 2 bytes each; rounding errors are smaller than with
/// [`PerGate`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PerUnit;

impl Scaling for PerUnit {
    const WORD: &'static str = "unit";
    type Of<const H: usize> = [Scale; H];
    fn sharing(_: usize) -> usize {
        1
    }
}
