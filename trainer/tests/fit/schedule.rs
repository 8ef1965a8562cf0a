//! Learning rates at the ends of their schedules.

use elman_trainer::fit::{Position, Schedule};

const UPDATES: usize = 12;

/// Returns the factors of 3 epochs of 4 updates.
fn factors(schedule: Schedule, warm_up: usize) -> Vec<f64> {
    let position = |update| Position { update, updates: UPDATES, epoch: update / 4, warm_up };
    (0..UPDATES).map(|update| schedule.factor(position(update))).collect()
}

#[test]
fn constant() {
    assert_eq!(factors(Schedule::Constant, 0), [1.0; UPDATES]);
}

#[test]
fn linear_falls_evenly_and_not_to_zero() {
    let factors = factors(Schedule::Linear, 0);
    let twelfths: Vec<_> = (0..UPDATES).map(|n| 1.0 - n as f64 / 12.0).collect();
    assert_eq!(factors, twelfths);
}

#[test]
fn steps_fall_with_the_epochs() {
    let factors = factors(Schedule::Step { epochs: 2, factor: 0.25 }, 0);
    assert_eq!(factors[..8], [1.0; 8]);
    assert_eq!(factors[8..], [0.25; 4]);
}

#[test]
fn cosine_begins_at_one_passes_the_middle_and_nears_its_end() {
    for end in [0.0, 0.2, 1.0] {
        let factors = factors(Schedule::Cosine { end }, 0);
        assert_eq!(factors[0], 1.0);
        assert!((factors[6] - f64::midpoint(1.0, end)).abs() < 1e-15);
        assert!(factors.windows(2).all(|pair| pair[1] <= pair[0]));
        let last = end + (1.0 - end) * (1.0 - (std::f64::consts::PI / 12.0).cos()) / 2.0;
        assert!((factors[11] - last).abs() < 1e-15 && factors[11] > 0.0);
    }
}

#[test]
fn the_warm_up_rises_evenly_and_the_schedule_begins_behind_it() {
    let warm = factors(Schedule::Linear, 4);
    for (found, expected) in warm.iter().zip([0.2, 0.4, 0.6, 0.8, 1.0, 0.875, 0.75]) {
        assert!((found - expected).abs() < 1e-15, "{warm:?}");
    }
    assert_eq!(warm[11], 0.125);
    // A warm-up as long as the run, and one longer.
    assert_eq!(factors(Schedule::Linear, UPDATES).last(), Some(&(12.0 / 13.0)));
    assert!(factors(Schedule::Linear, 2 * UPDATES).iter().all(|factor| *factor <= 0.5));
}

#[test]
fn a_run_of_one_update() {
    let only = Position { update: 0, updates: 1, epoch: 0, warm_up: 0 };
    for schedule in
        [Schedule::Constant, Schedule::Linear, Schedule::Step { epochs: 1, factor: 0.1 }, Schedule::Cosine { end: 0.0 }]
    {
        assert_eq!(schedule.factor(only), 1.0);
        assert_eq!(schedule.factor(Position { warm_up: 1, ..only }), 0.5);
    }
}
