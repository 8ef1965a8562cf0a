//! Events compared with a plain search through the decisions.

use elman::Class;
use elman::stream::{Decision, Refractory};
use host_tests::Noise;

type Decided = Option<Decision<3>>;

fn decided(class: usize) -> Decided {
    Some(Decision { class: Class::new(class).unwrap(), probability: 0.9 })
}

fn class(decision: &Decided) -> Option<usize> {
    decision.map(|decision| decision.class.index())
}

/// Returns which decisions are events. After the event at `start`, the next one is the first known decision that
/// follows `period` consecutive decisions, none of them of that event's class.
fn events(decisions: &[Decided], period: usize) -> Vec<bool> {
    let mut events = vec![false; decisions.len()];
    let mut next = decisions.iter().position(Option::is_some);
    while let Some(start) = next {
        events[start] = true;
        let absent = |end: usize| decisions[end - period..end].iter().all(|d| class(d) != class(&decisions[start]));
        let free = (start + 1 + period..=decisions.len()).find(|&end| absent(end));
        next = free.and_then(|free| (free..decisions.len()).find(|&t| decisions[t].is_some()));
    }
    events
}

/// Draws decisions, each of which lasts for a while; half of them are unknown.
fn decisions(noise: &mut Noise, count: usize) -> Vec<Decided> {
    let mut last = None;
    let mut next = || {
        if noise.bits().is_multiple_of(3) {
            last = [None, None, None, decided(0), decided(1), decided(2)][(noise.bits() % 6) as usize];
        }
        last
    };
    (0..count).map(|_| next()).collect()
}

#[test]
fn events_are_those_a_search_finds() {
    for period in [0, 1, 2, 3, 7, 30] {
        let decisions = decisions(&mut Noise(period as u64), 2000);
        let mut refractory = Refractory::new(period as u32);
        let found: Vec<Decided> = decisions.iter().map(|&decision| refractory.event(decision)).collect();
        let expected = events(&decisions, period);
        for (t, (found, (decision, event))) in found.iter().zip(decisions.iter().zip(expected)).enumerate() {
            assert_eq!(*found, decision.filter(|_| event), "period {period}, decision {t}");
        }
        let count = found.iter().flatten().count();
        assert!(count > 10, "period {period}: {count}");
    }
}

/// Returns the events for a text of decisions; in both texts a digit is a class and `.` stands for none.
fn read(text: &str, period: u32) -> String {
    let mut refractory = Refractory::new(period);
    let event = |c: char| refractory.event(c.to_digit(10).and_then(|class| decided(class as usize)));
    text.chars().map(event).map(|event| class(&event).map_or(".".into(), |class| class.to_string())).collect()
}

#[test]
fn an_event_is_reported_once() {
    assert_eq!(read("...1111....", 2), "...1.......");
    assert_eq!(read("1.1.1..1", 2), "1......1", "a short lapse is bridged");
    assert_eq!(read("11..11", 2), "1...1.", "two events");
    assert_eq!(read("111222", 2), "1....2", "one class takes the place of another");
    assert_eq!(read("112.", 2), "1...", "but not for a moment");
    assert_eq!(read("1212121", 2), "1......", "in turns they are one");
    assert_eq!(read("1212121", 1), "1.1.1.1", "but for a period of 1, which a single absence ends");
    assert_eq!(read("1122", 1), "1..2");
    assert_eq!(read("1122.1", 0), "1122.1", "without a period each is an event");
}

#[test]
fn a_gap_begins_again() {
    let mut refractory = Refractory::new(5);
    assert_eq!(refractory.event(decided(1)), decided(1));
    assert_eq!(refractory.event(decided(1)), None);
    refractory.reset();
    assert_eq!(refractory, Refractory::new(5));
    assert_eq!(refractory.event(decided(1)), decided(1));
}

#[test]
fn bytes_are_those_promised() {
    assert_eq!(size_of::<Refractory<3>>(), 12);
}
