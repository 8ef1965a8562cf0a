//! The problems with a known answer: what is drawn is what the problem says, the same from the same seed, and can be learned.

use elman::{CrossEntropy, Xoshiro128};
use elman_trainer::trials::mean;
use elman_trainer::{Plan, Trials};
use tasks::Parity;

fn rng(seed: u64) -> Xoshiro128 {
    Xoshiro128::from_seed(seed)
}

#[test]
fn parity_counts_the_ones() {
    let mut rng = rng(1);
    let mut ones = 0;
    for _ in 0..1000 {
        let Parity { bits, labels } = Parity::<33>::draw(&mut rng);
        for (step, label) in labels.iter().enumerate() {
            let so_far = bits[..=step].iter().filter(|bit| bit.index() == 1).count();
            assert_eq!(label.index(), so_far % 2, "step {step}");
        }
        ones += bits.iter().filter(|bit| bit.index() == 1).count();
    }
    // Five standard deviations about half of 33,000.
    assert!(ones.abs_diff(16_500) < 455, "{ones}");
    assert_eq!(Parity::<1>::draw(&mut rng).bits.len(), 1);
    assert_eq!(Parity::<0>::draw(&mut rng).labels.len(), 0);
}

#[test]
fn a_seed_gives_the_same_samples() {
    assert_eq!(Parity::<40>::draw(&mut rng(2)), Parity::draw(&mut rng(2)));
    assert_ne!(Parity::<40>::draw(&mut rng(2)), Parity::draw(&mut rng(3)));
}

#[test]
fn the_rate_of_a_plan_falls_linearly() {
    let plan = Plan { updates: 4, batch: 2, rate: 0.5, clip: 1.0 };
    let rates: Vec<_> = plan.configs(CrossEntropy).map(|config| config.optimizer.rate).collect();
    assert_eq!(rates, [0.5, 0.375, 0.25, 0.125]);
}

#[test]
fn trials_keep_the_order_of_the_seeds_and_stop_at_a_failure() {
    let trials = Trials::new([("seed", 0), ("square", 0)]);
    let all = trials.run("squares", 1, |seed, progress| {
        progress.update(0.0);
        Ok([seed as f64, (seed * seed) as f64])
    });
    let all = all.unwrap();
    assert_eq!(all, [[0.0, 0.0], [1.0, 1.0], [2.0, 4.0], [3.0, 9.0], [4.0, 16.0]]);
    assert_eq!(mean(&all), [2.0, 6.0]);
    assert!(mean(&[[1.0], [f64::NAN]])[0].is_nan(), "a figure that is no number shows");
    let failed = trials.run("one fails", 1, |seed, _| if seed == 3 { Err("third".into()) } else { Ok([0.0; 2]) });
    assert_eq!(failed.unwrap_err().to_string(), "third");
}
