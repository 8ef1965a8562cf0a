//! Learning rates of the schedules, in the middle and at both ends.

use elman_trainer::fit::{Position, Schedule};

const UPDATES: usize = 12;

/// Returns the factors over 3 epochs of 4 updates.
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

/// Arguments of PyTorch 2.15's
/// `OneCycleLR(optimizer, 1.0, total_steps, pct_start, div_factor, final_div_factor, cycle_momentum=False)`,
/// and the resulting factors.
const ONE_CYCLE: [([f64; 4], &[f64]); 6] = [
    (
        [12.0, 0.3, 25.0, 1e4],
        &[
            0.040000000000000036,
            0.3497896542195831,
            0.8792851591221287,
            0.9944154354509117,
            0.9330129698414117,
            0.811745653949763,
            0.6473789976951033,
            0.46263710266697505,
            0.28306099820869923,
            0.1334775301888306,
            0.03456698742539522,
            4e-06,
        ],
    ),
    (
        [10.0, 0.25, 10.0, 100.0],
        &[
            0.09999999999999998,
            0.7749999999999999,
            0.9890847265665359,
            0.9046039886902862,
            0.75025,
            0.552711967402193,
            0.3461460113097138,
            0.16626926212375048,
            0.044184043907520815,
            0.001,
        ],
    ),
    (
        [7.0, 0.0, 25.0, 1e4],
        &[
            0.9504846320134737,
            0.8117456539497631,
            0.6112620219362893,
            0.38874197806371075,
            0.18825834605023697,
            0.049519367986526286,
            4e-06,
        ],
    ),
    ([7.0, 1.0, 4.0, 8.0], &[0.25, 0.3002404735808355, 0.4375, 0.625, 0.8124999999999999, 0.9497595264191645, 1.0]),
    ([2.0, 0.3, 25.0, 1e4], &[0.811745653949763, 4e-06]),
    ([1.0, 0.3, 25.0, 1e4], &[4e-06]),
];

#[test]
fn one_cycle_is_pytorchs() {
    for ([updates, rise, below, end_below], expected) in ONE_CYCLE {
        let schedule = Schedule::OneCycle { rise, below, end_below };
        assert_eq!(expected.len(), updates as usize);
        for warm_up in [0, 3] {
            let updates = expected.len() + warm_up;
            for (update, &expected) in (warm_up..).zip(expected) {
                let found = schedule.factor(Position { update, updates, epoch: 0, warm_up });
                assert!((found - expected).abs() < 1e-15, "{schedule:?} {update}: {found} instead of {expected}");
            }
        }
    }
    assert_eq!(Schedule::one_cycle(0.3), Schedule::OneCycle { rise: 0.3, below: 25.0, end_below: 1e4 });
}

/// In this case, PyTorch divides by zero.
#[test]
fn a_cycle_whose_top_is_the_first_update_begins_at_one() {
    for (updates, rise) in [(10, 0.1), (4, 0.25), (1, 1.0)] {
        let position = |update| Position { update, updates, epoch: 0, warm_up: 0 };
        let factors: Vec<_> = (0..updates).map(|update| Schedule::one_cycle(rise).factor(position(update))).collect();
        assert_eq!(factors[0], 1.0);
        assert!(factors.windows(2).all(|pair| pair[1] < pair[0] && pair[1] > 0.0), "{factors:?}");
    }
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
