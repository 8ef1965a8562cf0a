use super::{Scalar, Zero};
use crate::zero::require;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

mod convert;
mod functions;
mod loops;
mod operators;
mod product;

/// Number of 32 bits, `F` of which (8 to 24) are its fraction, and the functions on it: integers only, so that processors
/// without a floating-point unit run and learn in a fraction of the time, with the same bits everywhere.
///
/// It is a [`Scalar`] and its own [`Math`](super::Math): every cell, layer, loss and trainer takes it as it takes
/// [`Libm`](super::Libm).
///
/// ```
/// use elman::math::{Fixed, Scalar};
/// use elman::optim::Sgd;
/// use elman::{Class, Config, Dense, Gru, Network, Trainer, Workspace, Xoshiro128, Zero, init, target::Final};
/// type Q = Fixed<20>;
/// type Net = Network<Gru<2, 5, Q>, Dense<5, 3, Q>>;
/// let (mut net, mut work) = (Net::ZERO, Workspace::<Net, Sgd<Q>, 4, 1>::ZERO);
/// init::uniform_fan::<Q, _>(&mut net, &mut Xoshiro128::from_seed(1));
/// let mut trainer = Trainer::new(&mut net, &mut work, Config::new(Sgd { rate: Q::of(0.5) }))?;
/// let sequence = [[Q::of(0.5), Q::of(-1.0)]; 4];
/// let before = trainer.update(&sequence, Final(Class::new(1)?))?.loss;
/// let after = trainer.update(&sequence, Final(Class::new(1)?))?.loss;
/// assert!(after < before && after.to_f32() > 0.0);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// ## Range and resolution
///
/// | `F` | range | one unit of the last bit |
/// |---|---|---|
/// | 16 | ±32,768 | 1.5e-5 |
/// | 20 | ±2,048 | 9.5e-7 |
/// | 24 | ±128 | 6.0e-8 |
///
/// The norm of a gradient may be up to 181, or the range if that is less (more with `F` below 16); its square is off by at most 7.6e-6 for each weight.
///
/// A number outside the range saturates, to [`UPPER`](Self::UPPER) or [`LOWER`](Self::LOWER). These are not
/// [finite](Scalar::is_finite), and stand for all that floats call infinite or NaN: an operation on one of them, and a division by
/// 0, gives one of them again. So a saturated state, output, loss or gradient is found where an infinite one would be: `predict`
/// and the trainer return their errors, and nothing is learned from it. The argument of tanh, sigmoid and exp may saturate: they
/// have reached their limits there. Weights are checked when an image is opened, written or tested; a step takes them as they are.
///
/// ## Rounding
///
/// +, − and unary − are exact, × and ÷ rounded to the nearest. A sum of products, as in a step, in its backward pass and over
/// the steps of a weight's gradient, is exact in 64 bits and rounded once, whatever its order; only if the factors of the sum
/// (inputs, gradients of the gates, activations times `scale`) together exceed the range, number by number. The sum over time is
/// rounded once for each segment of a checkpointed tape, so that its gradient may differ in the last bit from a whole tape's.
///
/// ## Learning
///
/// A weight changes by rate · gradient, which is 0 below half of the last bit: with `F` = 20 and a rate of 0.01, a gradient below
/// 4.8e-5 changes nothing, with `F` = 24 one below 3.0e-6. The smallest useful rate is 2^−(`F`+1) / (the largest element of a
/// gradient): 4.8e-6 with `F` = 20 if that is 0.1. To keep small gradients, choose `F` as large as range and norm allow, and sums
/// over steps and sequences, not means. [`Sgd`](crate::Sgd), [`InPlaceSgd`](crate::optim::InPlaceSgd) and
/// [`Momentum`](crate::optim::Momentum) are made of such steps; the others divide by the root of a mean of squares, which are 0
/// here for gradients below 2^−(`F`+1)/2.
///
/// ## Costs
///
/// Thousands of instructions, which `cargo xtask qemu microbit fixed` and `lm3s6965evb` print: a step of six inputs, five units
/// and a read-out of three classes, and an update by SGD over eight such steps, each with a target. The multiply-adds of a step are
/// 70, 180 and 235.
///
/// | | M0, `Fixed<20>` | M0, `f32` | M3, `Fixed<20>` | M3, `f32` |
/// |---|---|---|---|---|
/// | Elman, step | 5.4 | 33.2 | 2.7 | 19.7 |
/// | GRU, step | 14.6 | 82.1 | 7.0 | 48.6 |
/// | LSTM, step | 17.5 | 115.8 | 7.2 | 68.7 |
/// | Elman, update | 180 | 636 | 83 | 384 |
/// | GRU, update | 387 | 1,487 | 187 | 888 |
/// | LSTM, update | 455 | 2,044 | 201 | 1,207 |
///
/// ## Functions
///
/// Largest errors, in units of the last bit, over all arguments of 16 bits and, spread, of 32 bits. exp, tanh and sigmoid are
/// monotone.
///
/// | | `F` = 16 | `F` = 20 | `F` = 24 | outside the domain |
/// |---|---|---|---|---|
/// | exp, up to 1 | 0.51 | 0.51 | 0.6 | `MAX` above, 0 below |
/// | exp, above 1 | 0.51 and 8e-9 of eˣ | 0.51 and 8e-9 of eˣ | 0.6 and 8e-9 of eˣ | |
/// | ln | 0.51 | 0.51 | 0.6 | not finite at 0 and below |
/// | tanh, sigmoid | 0.51 | 0.52 | 0.7 | |
/// | sqrt | 0.5 | 0.5 | 0.5 | not finite below 0 |
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, FromBytes, IntoBytes, KnownLayout, Immutable,
)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(transparent)]
pub struct Fixed<const F: u32>(i32);

impl<const F: u32> Fixed<F> {
    /// Result above the range: not finite.
    pub const UPPER: Self = {
        require(F >= 8 && F <= 24, "a `Fixed` number has 8 to 24 fraction bits");
        Self(i32::MAX)
    };
    /// Result below the range: not finite.
    pub const LOWER: Self = Self(-i32::MAX);

    /// The number `units` · 2⁻ᶠ with f = `F`.
    #[must_use]
    pub const fn from_units(units: i32) -> Self {
        Self(units)
    }

    /// The number in units of its last bit.
    #[must_use]
    pub const fn units(self) -> i32 {
        self.0
    }

    /// The number with these units; not finite if they are outside the range.
    const fn bounded(units: i64) -> Self {
        if units >= i32::MAX as i64 {
            Self::UPPER
        } else if units <= -(i32::MAX as i64) {
            Self::LOWER
        } else {
            Self(units as i32)
        }
    }
}

/// Name of the numbers with this many fraction bits, 8 to 24.
const fn word(fraction_bits: u32) -> &'static str {
    let mut names: &[&str] = &[
        "q8", "q9", "q10", "q11", "q12", "q13", "q14", "q15", "q16", "q17", "q18", "q19", "q20", "q21", "q22", "q23",
        "q24",
    ];
    let mut bits = 8;
    while let [name, others @ ..] = names {
        if bits == fraction_bits {
            return name;
        }
        (names, bits) = (others, bits + 1);
    }
    ""
}

impl<const F: u32> Zero for Fixed<F> {
    const ZERO: Self = Self(0);
}

impl<const F: u32> Scalar for Fixed<F> {
    const WORD: &'static str = word(F);
    const ONE: Self = Self(1 << F);
    const MAX: Self = Self(Self::UPPER.0 - 1);
    const ABSORBS: bool = false;
    /// Makes squares lose what is below 2⁻¹⁷ and norms reach 181, whatever `F` from 16 on.
    const SHRINK: Self = Self(1 << (F - F.saturating_sub(16) / 2));
    fn from_f32(value: f32) -> Self {
        Self::nearest(value)
    }
    fn from_f64(value: f64) -> Self {
        Self::of(value)
    }
    fn to_f32(self) -> f32 {
        self.single()
    }
    fn is_finite(self) -> bool {
        self.0.unsigned_abs() < i32::MAX.unsigned_abs()
    }
    fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }
    fn largest(x: &[Self]) -> Self {
        x.iter().fold(Self(0), |most, x| most.max(x.abs()))
    }
    fn add_rows(y: &mut [Self], rows: &[Self], stride: usize, x: &[Self]) {
        loops::add_rows(y, rows, stride, x);
    }
    fn add_products(y: &mut [Self], rows: &[Self], stride: usize, x: &[Self]) {
        loops::add_products(y, rows, stride, x);
    }
    fn add_scaled<'a>(row: &mut [Self], steps: impl Iterator<Item = (Self, &'a [Self])> + Clone) {
        loops::add_scaled(row, steps);
    }
}
