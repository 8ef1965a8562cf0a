//! Gradient of the state, step by step: it vanishes with small recurrent weights and explodes with large ones.

use elman::loss::Loss;
use elman::{Class, Config, CrossEntropy, Dense, Elman, Job, Last, Libm, Network, Sgd, Trainer, Workspace};
use host_tests::plain::drawn;
use host_tests::tolerance::REORDERED;
use host_tests::{Noise, assert_close};

const STEPS: usize = 20;
const H: usize = 6;
const K: usize = 3;

type Net = Network<Elman<2, H, Libm<f64>>, Dense<H, K, f64>>;

/// Returns a network whose recurrent weights have `size` added on the diagonal and are otherwise small.
fn network(size: f64) -> Net {
    let mut network = drawn::<Net>(71, 0.2);
    for (unit, row) in network.cell.affine.w_hh.iter_mut().enumerate() {
        row[0][unit] += size;
    }
    network.cell.affine.b = [[[0.0; H]]];
    network
}

/// Returns inputs so small that no unit saturates.
fn sequence() -> Vec<[f64; 2]> {
    Noise(72).vectors::<f64, 2>(STEPS).into_iter().map(|x| x.map(|x| x * 1e-9)).collect()
}

fn class() -> Class<K> {
    Class::new(1).unwrap()
}

/// Computes the gradient of the state before each step from the equations, starting with the last step.
fn direct(network: &Net) -> Vec<[f64; H]> {
    let mut state = [0.0; H];
    let mut outputs = [0.0; K];
    let mut states = Vec::new();
    for x in sequence() {
        outputs = network.step(&mut state, &x);
        states.push(state);
    }
    Loss::<Libm<f64>, _>::evaluate(&CrossEntropy, &mut outputs, &class(), 1.0);
    let mut dh: [f64; H] = std::array::from_fn(|i| (0..K).map(|k| network.readout.w[i][k] * outputs[k]).sum());
    let back = |h: &[f64; H]| {
        let delta: [f64; H] = std::array::from_fn(|i| dh[i] * (1.0 - h[i] * h[i]));
        dh = std::array::from_fn(|j| (0..H).map(|i| network.cell.affine.w_hh[j][0][i] * delta[i]).sum());
        dh
    };
    states.iter().rev().map(back).collect()
}

/// Returns the gradient of the state before each step, as the trainer reports it between the slices of an update.
fn shown<const T: usize, const P: usize>(network: &Net) -> Vec<[f64; H]> {
    let mut network = network.clone();
    let mut workspace = Workspace::<Net, Sgd<f64>, T, 1, P>::ZERO;
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Sgd { rate: 0.1 })).unwrap();
    let xs = sequence();
    let mut job = Job::new(&xs, Last(class()));
    trainer.begin(&mut job).unwrap();
    assert_eq!(trainer.gradient_of_state(), None);
    let mut found = Vec::new();
    while trainer.poll(&mut job).unwrap().is_none() {
        if let Some((t, gradient)) = trainer.gradient_of_state() {
            assert_eq!(t, STEPS - 1 - found.len(), "each step once, falling");
            found.push(*gradient);
        }
    }
    assert_eq!(trainer.gradient_of_state(), None);
    found
}

/// Returns ‖∂L/∂h‖ before the first step, divided by ‖∂L/∂h‖ before the last step.
fn growth(size: f64) -> f64 {
    let network = network(size);
    let (full, wanted) = (shown::<STEPS, 1>(&network), direct(&network));
    assert_eq!((full.len(), wanted.len()), (STEPS, STEPS));
    for (found, wanted) in full.iter().zip(&wanted) {
        assert_close("gradient of the state", found, wanted, REORDERED);
    }
    assert_eq!(shown::<4, 5>(&network), full);
    assert_eq!(shown::<1, 20>(&network), full);
    assert_eq!(shown::<7, 3>(&network), full);
    let norms: Vec<f64> = full.iter().map(|g| g.iter().map(|x| x * x).sum::<f64>().sqrt()).collect();
    norms[STEPS - 1] / norms[0]
}

#[test]
fn gradients_vanish_and_explode_in_sight() {
    let (small, large) = (growth(0.5), growth(1.8));
    println!("over {STEPS} steps the gradient of the state grows by {small:.1e} and {large:.1e}");
    assert!(small < 1e-4, "{small}");
    assert!(large > 1e4, "{large}");
}
