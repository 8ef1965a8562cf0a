//! Normalisation of sensor channels to mean 0 and variance 1.
//!
//! [`Statistics`] are gathered once over the training samples; the [`Normalizer`] made from them is a plain value
//! that belongs with the weights and is applied to each sample before it enters the network.

use crate::error::StatisticsError;
use crate::math::{Math, Scalar, Zero, whole};
use crate::sum::Sum;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// Running mean and variance of `C` channels: 4 C values and a count; C divisions and 14 C additions or
/// multiplications per sample.
///
/// Uses Welford's recurrence (Knuth, TAOCP 2, 4.2.2), which does not subtract large sums from each other: mean ←
/// mean + (x − mean) / n, m₂ ← m₂ + (x − mean before) (x − mean after). Both sums are compensated (Kahan), so
/// that a late sample still counts when its share is below their last place. With `f32`, a mean 1000 standard
/// deviations from 0, and 2 to 1,000,000 samples, the mean was within 10⁻⁴ standard deviations and the deviation
/// within 10⁻⁶.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Statistics<const C: usize, T = f32> {
    count: u32,
    channels: [Moments<T>; C],
}

#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
struct Moments<T> {
    mean: Sum<T>,
    /// Σ (x − mean)².
    m2: Sum<T>,
}

impl<T: Scalar> Moments<T> {
    fn deviation(&self, x: T) -> T {
        (x - self.mean.total) + self.mean.excess
    }

    fn add(&mut self, x: T, n: T) {
        let before = self.deviation(x);
        self.mean.add(before / n);
        self.m2.add(before * self.deviation(x));
    }

    fn merge(&mut self, other: &Self, part: T, weight: T) {
        let delta = self.deviation(other.mean.total) - other.mean.excess;
        self.mean.add(delta * part);
        self.m2.merge(&other.m2);
        self.m2.add(delta * weight * delta);
    }
}

impl<const C: usize, T: Scalar> Zero for Statistics<C, T> {
    const ZERO: Self = {
        assert!(C > 0, "a sample has at least one channel");
        Self { count: 0, channels: [Moments { mean: Sum::ZERO, m2: Sum::ZERO }; C] }
    };
}

impl<const C: usize, T: Scalar> Default for Statistics<C, T> {
    fn default() -> Self {
        Self::ZERO
    }
}

impl<const C: usize, T: Scalar> Statistics<C, T> {
    /// Statistics of no samples.
    pub const ZERO: Self = <Self as Zero>::ZERO;

    /// Adds a sample. A value that is not finite makes its channel so, and [`Normalizer::from_statistics`] refuses
    /// it.
    pub fn add<S: Copy + Into<T>>(&mut self, sample: &[S; C]) {
        self.count = self.count.saturating_add(1);
        for (channel, x) in self.channels.iter_mut().zip(sample) {
            channel.add((*x).into(), whole(self.count));
        }
    }

    /// Adds the samples of `other` (Chan, Golub, LeVeque 1979):
    /// with δ the difference of the means, mean ← mean + δ n₂/n, m₂ ← m₂ + m₂' + δ² n₁ n₂/n.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *other;
            return;
        }
        let count = self.count.saturating_add(other.count);
        let part = whole::<T>(other.count) / whole(count);
        let weight = whole::<T>(self.count) * part;
        for (channel, other) in self.channels.iter_mut().zip(&other.channels) {
            channel.merge(other, part, weight);
        }
        self.count = count;
    }

    /// Returns the number of samples added.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Returns the mean of each channel; `None` if there are no samples.
    #[must_use]
    pub fn mean(&self) -> Option<[T; C]> {
        (self.count > 0).then(|| self.channels.map(|channel| channel.mean.total))
    }

    /// Returns the variance of each channel, Σ (x − mean)² / n; `None` if there are no samples.
    #[must_use]
    pub fn variance(&self) -> Option<[T; C]> {
        (self.count > 0).then(|| self.channels.map(|channel| channel.m2.total / whole(self.count)))
    }
}

/// Normalisation x' = (x − mean) · scale of `C` channels: C subtractions and C multiplications.
///
/// It is a plain value of 2 C numbers to store with the weights, in a `static` or read in place from flash.
///
/// ```
/// use elman::normalize::Statistics;
/// use elman::{Libm, Normalizer};
///
/// let mut statistics = Statistics::<2>::ZERO;
/// statistics.add(&[-100_i16, 7]);
/// statistics.add(&[300_i16, 7]);
/// let normalizer = Normalizer::from_statistics::<Libm<f32>>(&statistics)?;
/// assert_eq!(normalizer.apply(&[300_i16, 8]), [1.0, 1.0]);
/// # Ok::<(), elman::error::StatisticsError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(C)]
pub struct Normalizer<const C: usize, T = f32> {
    /// Mean, subtracted from each channel.
    pub mean: [T; C],
    /// Factor of the difference: 1 / standard deviation.
    pub scale: [T; C],
}

impl<const C: usize, T: Scalar> Normalizer<C, T> {
    /// Normaliser that leaves finite samples unchanged.
    pub const IDENTITY: Self = {
        assert!(C > 0, "a sample has at least one channel");
        Self { mean: [T::ZERO; C], scale: [T::ONE; C] }
    };

    /// Creates the normaliser that gives the samples of the statistics mean 0 and variance 1. A channel that never
    /// changed has no variance to scale by and gets the scale 1, so it becomes 0 as long as it stays the same; the
    /// same holds for a channel that changed by less than the root of the smallest number of `T`.
    ///
    /// # Errors
    /// [`StatisticsError`] if there are no samples, or a mean or variance is NaN or infinite.
    pub fn from_statistics<M: Math<Scalar = T>>(statistics: &Statistics<C, T>) -> Result<Self, StatisticsError> {
        let mean = statistics.mean().ok_or(StatisticsError::Empty)?;
        let variance = statistics.variance().ok_or(StatisticsError::Empty)?;
        for (channel, (mean, variance)) in mean.iter().zip(&variance).enumerate() {
            if !(mean.is_finite() && variance.is_finite()) {
                return Err(StatisticsError::NonFinite { channel });
            }
        }
        let scale = variance.map(|variance| if variance > T::ZERO { T::ONE / M::sqrt(variance) } else { T::ONE });
        Ok(Self { mean, scale })
    }

    /// Returns (x − mean) · scale for each channel. NaN stays NaN.
    #[must_use]
    pub fn apply<S: Copy + Into<T>>(&self, sample: &[S; C]) -> [T; C] {
        let mut scaled = sample.map(Into::into);
        for ((x, &mean), &scale) in scaled.iter_mut().zip(&self.mean).zip(&self.scale) {
            *x = (*x - mean) * scale;
        }
        scaled
    }

    /// Returns the inverse, x'/scale + mean: a forecast in the sensor's own unit.
    #[must_use]
    pub fn restore(&self, scaled: &[T; C]) -> [T; C] {
        let mut sample = *scaled;
        for ((x, &mean), &scale) in sample.iter_mut().zip(&self.mean).zip(&self.scale) {
            *x = *x / scale + mean;
        }
        sample
    }
}
