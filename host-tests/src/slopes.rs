//! Comparison of gradients with slopes, for every cell and composition.

use crate::cells::{Composed, Drawn, Net, noisy, sequence};
use crate::difference::{Nudged, compare, tells};
use crate::goal::Goal;
use crate::plain::drawn_in_bytes;
use crate::{Failure, Noise, Numbers, Problem};
use elman::target::Final;
use elman::{CrossEntropy, Each, Masked, SquaredError, Zero};
use std::any::type_name;

/// Largest number of seeds to try for a window without kinks or gradients too small to judge.
const SEEDS: u64 = 400;

/// Compares gradients with slopes, for cross-entropy at each step and squared error at every third step. `kink` takes
/// a number of steps and returns `true` if, since its last call, a unit in a window of that length crossed a point
/// without a slope.
///
/// Returns the largest error found, as a fraction of the allowed one.
pub fn slopes<C: Composed<[f64; I], H>, const I: usize, const H: usize>(
    steps: usize,
    kink: &dyn Fn(usize) -> bool,
) -> f64 {
    slopes_reading::<C, [f64; I], H>(steps, kink)
}

/// Same as [`slopes`], but for any type of input.
pub fn slopes_reading<C: Composed<X, H>, X: Drawn, const H: usize>(steps: usize, kink: &dyn Fn(usize) -> bool) -> f64 {
    let mut noise = Noise(9);
    let (classes, values) = (noise.classes::<4>(steps), noise.vectors::<f64, 4>(steps));
    let some: Vec<_> = values.iter().enumerate().map(|(t, &value)| (t % 3 == 0).then_some(value)).collect();
    let xs = |noise: &mut Noise| sequence(noise, steps);
    let each = slopes_of::<C, X, H>(&xs, &(&CrossEntropy, &Each(&classes), 1.0), kink);
    each.max(slopes_of::<C, X, H>(&xs, &(&SquaredError, &Masked(&some), 0.25), kink))
}

/// Same as [`slopes`], but for one goal over the inputs that `draw` returns.
pub fn slopes_of<C: Composed<X, H>, X: Drawn, const H: usize>(
    draw: &dyn Fn(&mut Noise) -> Vec<X>,
    goal: &dyn Goal<C::Math, [f64; 4]>,
    kink: &dyn Fn(usize) -> bool,
) -> f64 {
    judged(type_name::<C>(), kink, &|seed| {
        let mut noise = Noise(seed);
        let (network, start) = (drawn_in_bytes::<Net<C, H>>(seed, 1.5), noisy(&mut noise));
        Box::new(Problem { network, start, xs: draw(&mut noise), goal })
    })
}

/// Compares the gradients of the first window that has no kink and whose gradients are large enough.
fn judged<'a>(name: &str, kink: &dyn Fn(usize) -> bool, window: &dyn Fn(u64) -> Box<dyn Nudged + 'a>) -> f64 {
    for seed in 0..SEEDS {
        let mut window = window(seed);
        let (gradients, steps) = (window.gradients(), window.steps());
        kink(steps);
        let found = compare(&mut *window, false, &gradients);
        match found {
            _ if !tells(&gradients) || kink(steps) => {}
            Ok(worst) => return worst,
            Err(Failure::Mismatch { .. } | Failure::Kink) => panic!("{name}, {steps} steps: {found:?}"),
        }
    }
    panic!("{name}: no seed to judge by");
}

/// Compares gradients with slopes, for a target at the end states of a sequence of `steps` steps.
pub fn slopes_at_the_ends<C: Composed<X, H>, X: Drawn, const H: usize>(steps: usize) {
    let mut noise = Noise(steps as u64);
    let (network, mut start) = (drawn_in_bytes::<Net<C, H>>(5, 1.5), C::State::ZERO);
    start.numbers().into_iter().for_each(|x| *x = noise.uniform());
    let (xs, target) = (sequence(&mut noise, steps), Final(noise.class::<4>()));
    check_at_the_ends(&mut Problem { network, start, xs, goal: &(&CrossEntropy, &target, 1.0) });
}

fn check_at_the_ends(window: &mut dyn Nudged) {
    let (gradients, steps) = (window.gradients(), window.steps());
    assert!(gradients.iter().all(|(_, g)| g.iter().any(|g| g.abs() > 1e-9)), "T={steps}");
    assert_eq!(compare(window, false, &gradients).map(|_| ()), Ok(()), "T={steps}");
}
