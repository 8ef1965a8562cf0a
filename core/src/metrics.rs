//! Measures of quality: accuracy by class, perplexity, squared error. Two measures of one kind can be merged, so parts
//! of a data set can be measured separately.

use crate::input::Class;
use crate::math::{Math, Scalar, Zero, whole};
use crate::present::{number, present};
use crate::sum::Sum;
use core::fmt;

/// Confusion matrix of `K` classes: how often each class was predicted for each true class, in 4 K² bytes.
///
/// ```
/// use elman::metrics::Confusion;
/// use elman::Class;
///
/// let mut confusion = Confusion::<2>::new();
/// let [no, yes] = [Class::new(0)?, Class::new(1)?];
/// confusion.add(yes, yes);
/// confusion.add(yes, no);
/// assert_eq!(confusion.accuracy(), Some(0.5));
/// assert_eq!(confusion.class_accuracy(no), None);
/// # Ok::<(), elman::error::OutOfRange>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Confusion<const K: usize> {
    /// Rows are true classes, columns are predicted classes.
    counts: [[u32; K]; K],
}

impl<const K: usize> Zero for Confusion<K> {
    const ZERO: Self = Self::new();
}

impl<const K: usize> Default for Confusion<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const K: usize> Confusion<K> {
    /// Creates a matrix with all counts zero.
    #[must_use]
    pub const fn new() -> Self {
        Self { counts: [[0; K]; K] }
    }

    /// Counts one prediction. Counts saturate at `u32::MAX`.
    pub fn add(&mut self, truth: Class<K>, predicted: Class<K>) {
        let row = self.counts.get_mut(truth.index());
        if let Some(count) = present(row.and_then(|row| row.get_mut(predicted.index()))) {
            *count = count.saturating_add(1);
        }
    }

    /// Adds the counts of `other`.
    pub fn merge(&mut self, other: &Self) {
        for (count, &more) in self.counts.as_flattened_mut().iter_mut().zip(other.counts.as_flattened()) {
            *count = count.saturating_add(more);
        }
    }

    /// Returns the counts. Rows are true classes, columns are predicted classes.
    #[must_use]
    pub const fn counts(&self) -> &[[u32; K]; K] {
        &self.counts
    }

    /// Returns the number of predictions counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        sum(self.counts.as_flattened())
    }

    /// Returns the number of correct predictions.
    #[must_use]
    pub fn correct(&self) -> u64 {
        self.diagonal().map(u64::from).sum()
    }

    /// Returns the share of correct predictions, from 0 to 1, or `None` if nothing was counted.
    #[must_use]
    pub fn accuracy(&self) -> Option<f32> {
        share(self.correct(), self.total())
    }

    /// Returns the share of correct predictions for this true class (the recall), or `None` if the class was not
    /// counted.
    #[must_use]
    pub fn class_accuracy(&self, class: Class<K>) -> Option<f32> {
        let row = present(self.counts.get(class.index()))?;
        share(number(row, class.index()).into(), sum(row))
    }

    fn diagonal(&self) -> impl Iterator<Item = u32> {
        self.counts.iter().enumerate().map(|(class, row)| number(row, class))
    }
}

fn sum(counts: &[u32]) -> u64 {
    counts.iter().copied().map(u64::from).sum()
}

fn share(part: u64, whole: u64) -> Option<f32> {
    (whole > 0).then(|| (part as f64 / whole as f64) as f32)
}

/// Writes a table with a row for each true class and a column for each predicted class, and the accuracy.
impl<const K: usize> fmt::Display for Confusion<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true \\ predicted\n     ")?;
        (0..K).try_for_each(|class| write!(f, " {class:>5}"))?;
        f.write_str("  correct\n")?;
        for ((class, row), right) in self.counts.iter().enumerate().zip(self.diagonal()) {
            write!(f, "{class:>5}")?;
            row.iter().try_for_each(|count| write!(f, " {count:>5}"))?;
            writeln!(f, "  {}", Percent(share(right.into(), sum(row))))?;
        }
        write!(f, "{} of {} correct: {}", self.correct(), self.total(), Percent(self.accuracy()))
    }
}

/// Share, formatted as a percentage with one decimal.
struct Percent(Option<f32>);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(share) => write!(f, "{:>5.1} %", 100.0 * share),
            None => f.write_str("    -"),
        }
    }
}

/// Mean of many values, with compensated summation (Kahan): for up to 10⁶ values in `f32` the error of the sum is below
/// 2⁻²² Σ|x|, while a plain sum of so many values can lose two digits.
///
/// A NaN or an infinite value makes the mean NaN. There can be up to 2³² − 1 values; further values are ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Mean<T = f32> {
    sum: Sum<T>,
    count: u32,
}

impl<T: Scalar> Zero for Mean<T> {
    const ZERO: Self = Self { sum: Sum::ZERO, count: 0 };
}

impl<T: Scalar> Mean<T> {
    /// Mean of no values.
    pub const ZERO: Self = <Self as Zero>::ZERO;

    /// Adds `count` values whose sum is `sum`.
    pub fn add(&mut self, sum: T, count: u32) {
        if let Some(count) = self.count.checked_add(count) {
            self.sum.add(sum);
            self.count = count;
        }
    }

    /// Adds all values of `other`.
    pub fn merge(&mut self, other: &Self) {
        if let Some(count) = self.count.checked_add(other.count) {
            self.sum.merge(&other.sum);
            self.count = count;
        }
    }

    /// Returns the number of values added.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Returns the mean, or `None` if there are no values.
    #[must_use]
    pub fn value(&self) -> Option<T> {
        (self.count > 0).then(|| self.sum.total / whole(self.count))
    }
}

/// Negative log-likelihood of symbols under a model, in nats, and the measures that follow from it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LogLikelihood<T = f32>(Mean<T>);

impl<T: Scalar> Zero for LogLikelihood<T> {
    const ZERO: Self = Self(Mean::ZERO);
}

impl<T: Scalar> LogLikelihood<T> {
    /// Negative log-likelihood of no symbols.
    pub const ZERO: Self = <Self as Zero>::ZERO;

    /// Adds `count` symbols with a total loss of `loss` = −Σ ln p.
    pub fn add(&mut self, loss: T, count: u32) {
        self.0.add(loss, count);
    }

    /// Adds all symbols of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.0.merge(&other.0);
    }

    /// Returns the number of symbols counted.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.0.count()
    }

    /// Returns the mean loss per symbol in nats, or `None` if there are no symbols.
    #[must_use]
    pub fn mean(&self) -> Option<T> {
        self.0.value()
    }

    /// Returns the mean loss per symbol in bits (nats / ln 2), or `None` if there are no symbols.
    #[must_use]
    pub fn bits(&self) -> Option<T> {
        Some(self.mean()? * T::from_f64(core::f64::consts::LOG2_E))
    }

    /// Returns the perplexity e^mean, or `None` if there are no symbols. The model is as uncertain as a choice among
    /// this number of equally probable symbols; a perfect model has a perplexity of 1.
    #[must_use]
    pub fn perplexity<M: Math<Scalar = T>>(&self) -> Option<T> {
        self.mean().map(M::exp)
    }
}

/// Mean squared error of predicted values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MeanSquaredError<T = f32>(Mean<T>);

impl<T: Scalar> Zero for MeanSquaredError<T> {
    const ZERO: Self = Self(Mean::ZERO);
}

impl<T: Scalar> MeanSquaredError<T> {
    /// Mean of no values.
    pub const ZERO: Self = <Self as Zero>::ZERO;

    /// Adds (predicted − true)² for each of the `O` values.
    pub fn add<const O: usize>(&mut self, truth: &[T; O], predicted: &[T; O]) {
        for (&truth, &predicted) in truth.iter().zip(predicted) {
            let error = predicted - truth;
            self.0.add(error * error, 1);
        }
    }

    /// Adds all values of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.0.merge(&other.0);
    }

    /// Returns the number of values counted.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.0.count()
    }

    /// Returns the mean squared error, or `None` if there are no values.
    #[must_use]
    pub fn mean(&self) -> Option<T> {
        self.0.value()
    }

    /// Returns the root mean squared error, in the unit of the values, or `None` if there are no values.
    #[must_use]
    pub fn root<M: Math<Scalar = T>>(&self) -> Option<T> {
        self.mean().map(M::sqrt)
    }
}
