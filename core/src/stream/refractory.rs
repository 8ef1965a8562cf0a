use super::Decision;
use crate::input::Class;

/// Merges the decisions that an event causes, in overlapping windows as in a long one, into one event.
///
/// After an event, every decision is suppressed until its class was absent for `period` decisions in a row; an
/// unknown decision counts as an absence. So an event is reported once however long it lasts, a short lapse does
/// not report it again, and a class that replaces it is reported once the period is over, if it still lasts.
///
/// An idle or background class is not an event: filter it out first. Takes 12 bytes.
///
/// ```
/// use elman::stream::{Decision, Refractory};
/// use elman::Class;
/// let yes = Some(Decision { class: Class::<2>::new(1)?, probability: 0.9 });
/// let mut refractory = Refractory::new(2);
/// let decisions = [yes, yes, None, yes, None, None, yes];
/// let events = decisions.map(|decision| refractory.event(decision).is_some());
/// assert_eq!(events, [true, false, false, false, false, false, true]);
/// # Ok::<(), elman::error::OutOfRange>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Refractory<const K: usize> {
    period: u32,
    /// Number of absences still needed.
    left: u32,
    last: Option<Class<K>>,
}

impl<const K: usize> Refractory<K> {
    /// Starts without an event. With a period of 0, every decision is an event.
    #[must_use]
    pub const fn new(period: u32) -> Self {
        Self { period, left: 0, last: None }
    }

    /// Takes the decision of a hop, `None` if it is unknown; returns it if it is an event.
    pub fn event<T>(&mut self, decision: Option<Decision<K, T>>) -> Option<Decision<K, T>> {
        let class = decision.as_ref().map(|decision| decision.class);
        if self.left > 0 {
            self.left = if class == self.last { self.period } else { self.left - 1 };
            return None;
        }
        if class.is_some() {
            (self.left, self.last) = (self.period, class);
        }
        decision
    }

    /// Starts over, for instance after a gap in the data.
    pub fn reset(&mut self) {
        *self = Self::new(self.period);
    }
}
