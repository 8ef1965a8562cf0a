use super::{check, shift};
use crate::error::{ConfigError, StreamError};
use crate::linalg;
use crate::math::{Scalar, Zero, finite, whole};

/// The mean of the last `N` answers, of those there are while they are fewer: p̄_t = Σ_{i = t−n+1}^{t} p_i / n,
/// n = min(t, N).
///
/// The usual smoothing of posteriors in keyword spotting (Chen, Parada, Heigold, "Small-footprint keyword spotting using
/// deep neural networks", ICASSP 2014). `K` probabilities an answer, or other outputs of which `N` have a finite sum.
/// `N`·`K` additions and moves, `K` divisions; the bytes are those of `N`·`K` numbers, and 4. The sum is made anew each
/// time, the oldest first, so that no rounding error adds up.
///
/// ```
/// use elman::stream::MovingAverage;
/// let mut average = MovingAverage::<2, 3>::ZERO;
/// assert_eq!(average.push(&[1.0, 0.0])?, [1.0, 0.0]);
/// assert_eq!(average.push(&[0.5, 0.5])?, [0.75, 0.25]);
/// # Ok::<(), elman::error::StreamError>(())
/// ```
///
/// The mean of nothing does not compile:
///
/// ```compile_fail,E0080
/// let average = elman::stream::MovingAverage::<2, 0>::ZERO;
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MovingAverage<const K: usize, const N: usize, T = f32> {
    /// The oldest first; zeros where there was none yet.
    answers: [[T; K]; N],
    count: u32,
}

impl<const K: usize, const N: usize, T: Scalar> Zero for MovingAverage<K, N, T> {
    const ZERO: Self = {
        assert!(N > 0 && N <= 1 << 24, "a mean is of 1 to 2^24 answers, a count that every number type holds");
        Self { answers: [[T::ZERO; K]; N], count: 0 }
    };
}

impl<const K: usize, const N: usize, T: Scalar> MovingAverage<K, N, T> {
    /// No answer yet.
    pub const ZERO: Self = <Self as Zero>::ZERO;

    /// Takes an answer; the mean up to it.
    ///
    /// # Errors
    /// [`StreamError::NonFiniteOutput`] for an answer that is not finite: the average is as before.
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

    /// Begins again, as after a gap in the data.
    pub fn reset(&mut self) {
        *self = Self::ZERO;
    }
}

/// The exponential average of the answers: p̄_t = (1 − α) p̄_{t−1} + α p_t, from p̄_1 = p_1.
///
/// `K` probabilities an answer, or any other outputs of a network. 2·`K` multiplications; the bytes are those of `K` + 1
/// numbers and a flag, whatever the memory, which is about 2/α − 1 answers long.
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
    /// No answer yet. A `factor` α of 1 does not smooth; the smaller it is, the longer the memory.
    ///
    /// # Errors
    /// [`ConfigError::Smoothing`] unless α is in (0, 1].
    pub fn new(factor: T) -> Result<Self, ConfigError> {
        let usable = factor > T::ZERO && factor <= T::ONE;
        if usable { Ok(Self { factor, average: None }) } else { Err(ConfigError::Smoothing) }
    }

    /// Takes an answer; the average up to it.
    ///
    /// # Errors
    /// [`StreamError::NonFiniteOutput`] for an answer that is not finite: the average is as before.
    pub fn push(&mut self, p: &[T; K]) -> Result<[T; K], StreamError> {
        check(finite(p), StreamError::NonFiniteOutput)?;
        let mut next = *p;
        for (next, &before) in next.iter_mut().zip(self.average.iter().flatten()) {
            *next = (T::ONE - self.factor) * before + self.factor * *next;
        }
        self.average = Some(next);
        Ok(next)
    }

    /// Begins again, as after a gap in the data.
    pub fn reset(&mut self) {
        self.average = None;
    }
}
