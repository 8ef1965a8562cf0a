use crate::error::ConfigError;
use crate::input::Class;
use crate::math::Scalar;
use crate::present::number;

/// Decision for a class, with its probability.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Decision<const K: usize, T = f32> {
    /// Most probable class (the first of equals).
    pub class: Class<K>,
    /// Probability of the class.
    pub probability: T,
}

/// Lowest probability, and lowest margin over the other classes, with which the most probable class is accepted;
/// otherwise the answer is unknown.
///
/// ```
/// use elman::stream::Threshold;
/// use elman::Class;
/// let threshold = Threshold::new(0.6)?.with_margin(0.3)?;
/// let decision = threshold.decide(&[0.05, 0.7, 0.25]).unwrap();
/// assert_eq!((decision.class, decision.probability), (Class::new(1)?, 0.7));
/// assert_eq!(threshold.decide(&[0.25, 0.55, 0.2]), None); // too improbable
/// assert_eq!(threshold.decide(&[0.4, 0.6, 0.0]), None); // too close
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Threshold<T = f32> {
    probability: T,
    margin: T,
}

impl<T: Scalar> Threshold<T> {
    /// Creates a threshold for the probability of a class, without a margin.
    ///
    /// # Errors
    /// [`ConfigError::Threshold`] unless `probability` is in \[0, 1\].
    pub fn new(probability: T) -> Result<Self, ConfigError> {
        let margin = T::ZERO;
        if is_share(probability) { Ok(Self { probability, margin }) } else { Err(ConfigError::Threshold) }
    }

    /// Also requires that the probability of a class exceed that of every other class by at least `margin`.
    ///
    /// # Errors
    /// [`ConfigError::Margin`] unless `margin` is in \[0, 1\].
    pub fn with_margin(self, margin: T) -> Result<Self, ConfigError> {
        if is_share(margin) { Ok(Self { margin, ..self }) } else { Err(ConfigError::Margin) }
    }

    /// Returns the most probable class, or `None` (unknown) if it does not reach the threshold or if a probability is
    /// NaN. Costs 2·`K` comparisons.
    #[must_use]
    pub fn decide<const K: usize>(&self, probabilities: &[T; K]) -> Option<Decision<K, T>> {
        let class = Class::largest(probabilities)?;
        let probability = number(probabilities, class.index());
        let ahead = |(other, &p)| other == class || probability - p >= self.margin;
        let known = probability >= self.probability && Class::all().zip(probabilities).all(ahead);
        known.then_some(Decision { class, probability })
    }
}

fn is_share<T: Scalar>(x: T) -> bool {
    x >= T::ZERO && x <= T::ONE
}
