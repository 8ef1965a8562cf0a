use super::{check, shift};
use crate::error::{ConfigError, StreamError};
use crate::linalg;
use crate::math::{Scalar, Zero, finite, whole};

/// Moving average of the last `N` answers, or of all answers if there are fewer: p̄_t = Σ_{i = t−n+1}^{t} p_i / n with
/// n = min(t, N).
///
/// This is the usual smoothing of posteriors in keyword spotting (Chen, Parada, Heigold, "Small-footprint keyword
/// spotting using deep neural networks", ICASSP 2014). An answer is `K` probabilities, or other outputs, provided that
/// the sum of `N` answers is finite. An answer costs `N`·`K` additions and moves and `K` divisions; the average takes
/// the bytes of `N`·`K` values, plus 4. The sum is computed anew each time, oldest first, so that rounding errors do
/// not accumulate.
///
/// ```
/// use elman::stream::MovingAverage;
/// let mut average = MovingAverage::<2, 3>::ZERO;
/// assert_eq!(average.push(&[1.0, 0.0])?, [1.0, 0.0]);
/// assert_eq!(average.push(&[0.5, 0.5])?, [0.75, 0.25]);
/// # Ok::<(), elman::error::StreamError>(())
/// ```
///
/// An average over no answers does not compile:
///
/// ```compile_fail,E0080
/// let average = elman::stream::MovingAverage::<2, 0>::ZERO;
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MovingAverage<const K: usize, const N: usize, T = f32> {
    /// Answers, oldest first, preceded by zeros until `N` answers have arrived.
    answers: [[T; K]; N],
    count: u32,
}

impl<const K: usize, const N: usize, T: Scalar> Zero for MovingAverage<K, N, T> {
    const ZERO: Self = {
        assert!(N > 0 && N <= 1 << 24, "a mean covers 1 to 2^24 answers, a count that every number type holds");
        Self { answers: [[T::ZERO; K]; N], count: 0 }
    };
}

impl<const K: usize, const N: usize, T: Scalar> MovingAverage<K, N, T> {
    /// Average before the first answer.
    pub const ZERO: Self = <Self as Zero>::ZERO;

    /// Takes an answer, and returns the average including it.
    ///
    /// # Errors
    /// [`StreamError::NonFiniteOutput`] if the answer is not finite; the average is then unchanged.
    pub fn push(&mut self, p: &[T; K]) -> Result<[T; K], StreamError> {
        check(finite(p), StreamError::NonFiniteOutput)?;
        shift(&mut self.answers, *p);
        if (self.count as usize) < N {
            self.count += 1;
        }
        let mut sum = [T::ZERO; K];
        for answer in &self.answers {
            linalg::add(&mut sum, answer);
        }
        Ok(sum.map(|sum| sum / whole(self.count)))
    }

    /// Forgets all answers, for instance after a gap in the data.
    pub fn reset(&mut self) {
        *self = Self::ZERO;
    }
}

/// Exponential average of the answers: p̄_t = (1 − α) p̄_{t−1} + α p_t, starting with p̄_1 = p_1.
///
/// An answer is `K` probabilities, or any other outputs of a network. It costs 2·`K` multiplications. The average takes
/// the bytes of `K` + 1 values and a flag, whatever α is; it covers about the last 2/α − 1 answers.
///
/// ```
/// use elman::stream::ExponentialAverage;
/// let mut average = ExponentialAverage::new(0.25)?;
/// assert_eq!(average.push(&[1.0, 0.0])?, [1.0, 0.0]);
/// assert_eq!(average.push(&[0.0, 1.0])?, [0.75, 0.25]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ExponentialAverage<const K: usize, T = f32> {
    factor: T,
    average: Option<[T; K]>,
}

impl<const K: usize, T: Scalar> ExponentialAverage<K, T> {
    /// Creates an average before its first answer. With a `factor` α of 1 there is no smoothing; a smaller α covers
    /// more answers.
    ///
    /// # Errors
    /// [`ConfigError::Smoothing`] unless α is in (0, 1].
    pub fn new(factor: T) -> Result<Self, ConfigError> {
        let usable = factor > T::ZERO && factor <= T::ONE;
        if usable { Ok(Self { factor, average: None }) } else { Err(ConfigError::Smoothing) }
    }

    /// Takes an answer, and returns the average including it.
    ///
    /// # Errors
    /// [`StreamError::NonFiniteOutput`] if the answer is not finite; the average is then unchanged.
    pub fn push(&mut self, p: &[T; K]) -> Result<[T; K], StreamError> {
        check(finite(p), StreamError::NonFiniteOutput)?;
        let mut next = *p;
        for (next, &before) in next.iter_mut().zip(self.average.iter().flatten()) {
            *next = (T::ONE - self.factor) * before + self.factor * *next;
        }
        self.average = Some(next);
        Ok(next)
    }

    /// Forgets all answers, for instance after a gap in the data.
    pub fn reset(&mut self) {
        self.average = None;
    }
}
