use super::Decision;
use crate::input::Class;

/// Filter with a refractory period, which reports each event once even if overlapping windows or a long event
/// lead to several decisions.
///
/// After an event, every decision is suppressed until the class of the event has been absent from `period` decisions in
/// a row; an unknown decision counts as absence. An event is therefore reported once, however long it lasts, and
/// not reported again after a short interruption. If another class follows, it is reported after the period,
/// provided that it still lasts.
///
/// An idle or background class is not an event: filter it out first. The value takes 12 bytes.
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
    /// Number of decisions still to be suppressed if the class stays absent.
    left: u32,
    last: Option<Class<K>>,
}

impl<const K: usize> Refractory<K> {
    /// Creates a filter before its first event. With a period of 0, every decision is an event.
    #[must_use]
    pub const fn new(period: u32) -> Self {
        Self { period, left: 0, last: None }
    }

    /// Takes the decision of a hop (`None` if unknown), and returns it if it is an event.
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

    /// Forgets the last event, for instance after a gap in the data.
    pub fn reset(&mut self) {
        *self = Self::new(self.period);
    }
}
