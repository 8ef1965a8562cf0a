//! BPTT compared with finite differences in f64, sign included, for every parameter, every input element and every
//! element of the initial state.

use elman::cell::{Activation, Relu, Tanh};
use elman::loss::{Loss, SmoothedCrossEntropy, WeightedCrossEntropy};
use elman::parameters::Path;
use elman::target::Targets;
use elman::{
    Class, Config, CrossEntropy, Dense, Each, Elman, Last, Libm, Masked, Network, Parameters, Reduction, Sgd,
    SquaredError, Token, Trainer, Workspace, Zero,
};
use host_tests::difference::{Gradients, Nudged, compare, tells};
use host_tests::goal::Goal;
use host_tests::precision::tensors;
use host_tests::{Failure, Noise, Numbers, Problem, replay, walk};

type Cell<const I: usize, const H: usize, const B: usize, A> = Elman<I, H, Libm<f64>, B, A>;

/// Lengths of the windows: one step, two, an odd number, many.
const LENGTHS: [usize; 4] = [1, 2, 7, 40];

/// Returns a random window. Weights reach ±1.5/√fan, so that gradients neither vanish nor explode over 40 steps.
fn problem<'a, const I: usize, const H: usize, const K: usize, const B: usize, A: Activation>(
    seed: u64,
    steps: usize,
    goal: &'a dyn Goal<Libm<f64>, [f64; K]>,
) -> Problem<'a, Cell<I, H, B, A>, Dense<H, K, f64>, [f64; I]> {
    let mut noise = Noise(seed);
    let network = walk::changed(&Network::ZERO, &mut |tensor, numbers| noise.fill_tensor(tensor, numbers, 1.5));
    let start = noise.vector();
    Problem { network, start, xs: noise.vectors(steps), goal }
}

/// Compares a window's gradients with its slopes; for ReLU, takes the first seed with which no nudge crosses a kink.
fn check<const I: usize, const H: usize, const K: usize, const B: usize, A: Activation>(
    what: &str,
    steps: usize,
    goal: &dyn Goal<Libm<f64>, [f64; K]>,
) {
    let kinked = A::derivative(-1.0) == 0.0 && A::derivative(2.0) == 1.0;
    let what = format!("{what}, I={I} H={H} K={K} B={B} T={steps}");
    judge(&what, kinked, &|seed| Box::new(problem::<I, H, K, B, A>(seed, steps, goal)));
}

/// Checks the first window that has no kink and whose gradients are large enough.
fn judge<'a>(what: &str, kinked: bool, window: &dyn Fn(u64) -> Box<dyn Nudged + 'a>) {
    for seed in 0..SEEDS {
        let mut window = window(seed);
        let gradients = window.gradients();
        if !tells(&gradients) {
            continue;
        }
        match compare(&mut *window, kinked, &gradients) {
            Ok(_) => return,
            Err(Failure::Kink) => {}
            Err(failure) => panic!("{what}: {failure:?}"),
        }
    }
    panic!("{what}: no seed without a kink");
}

/// Largest number of seeds to try until ReLU's kinks and dead units leave a window that can be compared.
const SEEDS: u64 = 400;

/// Checks every loss and every kind of target, for one shape and length.
fn check_losses<const I: usize, const H: usize, const K: usize, const B: usize, A: Activation>(steps: usize) {
    let mut noise = Noise(9);
    let classes: Vec<Class<K>> = noise.classes(steps);
    let values: Vec<[f64; K]> = noise.vectors(steps);
    let weighted = WeightedCrossEntropy { weights: std::array::from_fn(|k| 0.5 + k as f64) };
    check_targets::<I, H, K, B, A, _>("cross-entropy", steps, &CrossEntropy, &classes);
    check_targets::<I, H, K, B, A, _>("weighted cross-entropy", steps, &weighted, &classes);
    let smoothed = SmoothedCrossEntropy { weights: weighted.weights, smoothing: 0.2 };
    check_targets::<I, H, K, B, A, _>("smoothed cross-entropy", steps, &smoothed, &classes);
    check_targets::<I, H, K, B, A, _>("squared error", steps, &SquaredError, &values);
}

/// Checks every kind of target for one loss.
fn check_targets<const I: usize, const H: usize, const K: usize, const B: usize, A: Activation, L>(
    loss: &str,
    steps: usize,
    of: &L,
    targets: &[L::Target],
) where
    L: Loss<Libm<f64>, [f64; K], Target: Copy>,
{
    // One target in three, from the first on, so that there is always one.
    let masked: Vec<_> = targets.iter().enumerate().map(|(t, &target)| (t % 3 == 0).then_some(target)).collect();
    check::<I, H, K, B, A>(&format!("{loss}, each"), steps, &(of, &Each(targets), 1.0));
    check::<I, H, K, B, A>(&format!("{loss}, masked"), steps, &(of, &Masked(&masked), 0.25));
    if steps <= 7 {
        // After 40 steps, the effect of the first step on the last step's loss is below the noise of a difference.
        check::<I, H, K, B, A>(&format!("{loss}, last"), steps, &(of, &Last(targets[steps - 1]), 1.0));
    }
}

/// Checks one shape with 0, 1 and 2 bias vectors, for every length.
fn check_shape<const I: usize, const H: usize, const K: usize, A: Activation>() {
    for steps in LENGTHS {
        check_losses::<I, H, K, 0, A>(steps);
        check_losses::<I, H, K, 1, A>(steps);
        check_losses::<I, H, K, 2, A>(steps);
    }
}

#[test]
fn tanh() {
    check_shape::<1, 1, 2, Tanh>();
    check_shape::<3, 5, 4, Tanh>();
    check_shape::<2, 7, 3, Tanh>();
}

#[test]
fn relu() {
    check_shape::<1, 1, 2, Relu>();
    check_shape::<3, 5, 4, Relu>();
    check_shape::<2, 7, 3, Relu>();
}

#[test]
fn one_output() {
    // Cross-entropy over a single class has no gradient; squared error does.
    let values: Vec<[f64; 1]> = Noise(5).vectors(7);
    for steps in [1, 2, 7] {
        check::<1, 1, 1, 1, Tanh>("squared error", steps, &(&SquaredError, &Each(&values[..steps]), 1.0));
    }
}

#[test]
fn more_units_than_a_block_of_the_kernels() {
    check_losses::<17, 19, 18, 2, Tanh>(7);
}

#[test]
fn tokens() {
    let mut noise = Noise(3);
    let targets: Vec<Class<4>> = noise.classes(40);
    for steps in LENGTHS {
        let mut network = Network::<Cell<6, 5, 1, Tanh>, Dense<5, 4, f64>>::ZERO;
        noise.fill(&mut network, 1.5);
        let (start, xs) = (noise.vector(), noise.classes::<6>(steps));
        let targets = Each(&targets[..steps]);
        let mut problem: Problem<'_, _, _, Token<6>> =
            Problem { network, start, xs, goal: &(&CrossEntropy, &targets, 1.0) };
        let gradients = problem.gradients();
        assert!(compare(&mut problem, false, &gradients).is_ok(), "T={steps}");
    }
}

/// Returns the loss and the gradient that the trainer uses: an update with rate 1 subtracts the gradient from the
/// weights.
fn subtracted<L: Loss<Libm<f64>, [f64; 4]>>(
    problem: &Problem<'_, Cell<3, 5, 2, Tanh>, Dense<5, 4, f64>, [f64; 3]>,
    targets: impl Targets<L::Target>,
    config: Config<Sgd<f64>, L>,
) -> (f64, Gradients) {
    let mut network = problem.network.clone();
    let mut workspace = Workspace::<_, _, 40, 40>::ZERO;
    let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
    let loss = trainer.accumulate(&mut problem.start.clone(), &problem.xs, targets).unwrap();
    trainer.apply().unwrap();
    let mut gradients = tensors(&problem.network);
    for ((_, before), (_, after)) in gradients.iter_mut().zip(tensors(&network)) {
        before.iter_mut().zip(after).for_each(|(before, after)| *before -= after);
    }
    (loss, gradients)
}

fn config<L>(loss: L, steps: Reduction) -> Config<Sgd<f64>, L> {
    let Config { optimizer, clip, sequences, .. } = Config::new(Sgd { rate: 1.0 });
    Config { optimizer, loss, clip, steps, sequences }
}

#[test]
fn sums_and_means_in_the_trainer() {
    let loss = WeightedCrossEntropy { weights: [0.5, 1.5, 0.0, 3.0] };
    for steps in LENGTHS {
        let mut targets: Vec<Option<Class<4>>> = Noise(8).classes(steps).into_iter().map(Some).collect();
        targets[0] = Some(Class::new(1).unwrap());
        targets.iter_mut().skip(1).step_by(4).for_each(|target| *target = None);
        let total: f64 = targets.iter().flatten().map(|class| loss.weights[class.index()]).sum();
        for (reduction, scale) in [(Reduction::Sum, 1.0), (Reduction::Mean, 1.0 / total)] {
            let masked = Masked(&targets[..]);
            let goal = (&loss, &masked, scale);
            let mut problem = problem::<3, 5, 4, 2, Tanh>(4, steps, &goal);
            let (found, gradients) = subtracted(&problem, masked, config(loss, reduction));
            assert_eq!(compare(&mut problem, false, &gradients).map(|_| ()), Ok(()), "{reduction:?} T={steps}");
            let expected = replay(&problem.network, &problem.start, &problem.xs, goal);
            assert_eq!(found.to_bits(), expected.loss.to_bits(), "{reduction:?} T={steps}");
        }
    }
}

#[test]
fn the_checker_sees_one_wrong_sign() {
    let targets = Noise(2).classes(7);
    let targets = Each(&targets);
    let goal = (&CrossEntropy, &targets, 1.0);
    let mut problem = problem::<3, 5, 4, 2, Tanh>(1, 7, &goal);
    let gradients = problem.gradients();
    assert!(compare(&mut problem, false, &gradients).is_ok());
    for (tensor, (name, numbers)) in gradients.iter().enumerate() {
        for element in 0..numbers.len() {
            let mut flipped = gradients.clone();
            flipped[tensor].1[element] *= -1.0;
            let found = compare(&mut problem, false, &flipped);
            assert!(
                matches!(&found, Err(Failure::Mismatch { at, .. }) if *at == (name.clone(), element)),
                "{name} {element}: {found:?}"
            );
        }
    }
}

#[test]
fn the_checker_sees_nan_and_kinks() {
    let targets = Each(&[[0.5; 1]]);
    let goal = (&SquaredError, &targets, 1.0);
    let mut problem = problem::<1, 1, 1, 0, Relu>(1, 1, &goal);
    problem.xs = vec![[1.0]];
    problem.start = [0.0];
    problem.network.cell.affine.w_ih = [[[1.0]]];
    let mut gradients = problem.gradients();
    // W_hh is multiplied by a zero state: its slope is zero whatever its value, so no nudge of it crosses the kink.
    assert!(compare(&mut problem, true, &gradients).is_ok());
    gradients[0].1[0] = f64::NAN;
    assert!(matches!(compare(&mut problem, true, &gradients), Err(Failure::Mismatch { .. })));
    problem.network.cell.affine.w_ih = [[[1e-4]]];
    let gradients = problem.gradients();
    assert_eq!(compare(&mut problem, true, &gradients), Err(Failure::Kink));
}

#[test]
fn every_parameter_is_nudged() {
    let mut network = Network::<Cell<3, 5, 2, Tanh>, Dense<5, 4, f64>>::ZERO;
    let mut count = 0;
    network.walk([], Path::ROOT, &mut |_, numbers, []| count += numbers.len());
    assert_eq!(count, <Network<Cell<3, 5, 2, Tanh>, Dense<5, 4, f64>> as Parameters>::COUNT);
    assert_eq!([[1.0, 2.0], [3.0, 4.0]].numbers().len(), 4);
}
