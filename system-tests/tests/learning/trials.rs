//! Tables of the same training with several seeds.

use elman_trainer::Trials;
use elman_trainer::trials::{Share, mean};

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

#[test]
fn a_share_counts_and_is_nothing_of_nothing() {
    let mut share = Share::default();
    assert!(share.percent().is_nan());
    [true, false, true, true].into_iter().for_each(|right| share.add(right));
    assert_eq!(share.percent(), 75.0);
}
