//! Properties that hold for any values: permuted units, replays, padding, windows, batches.

use elman::cell::{Relu, Tanh};
use elman::{
    Class, Clip, Config, CrossEntropy, Dense, Each, Elman, Last, Libm, Masked, Network, Reduction, Sgd, Trainer,
    Workspace, Zero,
};
use host_tests::precision::{bits, tensors, weight_bits};
use host_tests::tolerance::REORDERED;
use host_tests::{Noise, assert_close, replay};

type Net<A = Tanh> = Network<Elman<3, 5, Libm<f64>, 1, A>, Dense<5, 4, f64>>;

fn network(seed: u64) -> Net {
    let mut network = Net::ZERO;
    Noise(seed).fill(&mut network, 1.5);
    network
}

/// Returns the network whose unit i is unit `order[i]` of `of`.
fn permuted(of: &Net, order: [usize; 5]) -> Net {
    let mut network = of.clone();
    let move_units = |row: [f64; 5]| order.map(|unit| row[unit]);
    network.cell.affine.w_ih = of.cell.affine.w_ih.map(|gates| gates.map(move_units));
    network.cell.affine.w_hh = order.map(|unit| of.cell.affine.w_hh[unit].map(move_units));
    network.cell.affine.b = of.cell.affine.b.map(|gates| gates.map(move_units));
    network.readout.w = order.map(|unit| of.readout.w[unit]);
    network
}

#[test]
fn permuting_units_permutes_the_state_and_leaves_the_outputs() {
    const ORDER: [usize; 5] = [3, 0, 4, 1, 2];
    let (mut noise, plain) = (Noise(1), network(2));
    let (start, xs, targets) = (noise.vector(), noise.vectors::<f64, 3>(9), noise.classes::<4>(9));
    let other = permuted(&plain, ORDER);
    let a = replay(&plain, &start, &xs, (&CrossEntropy, &Each(&targets), 1.0));
    let b = replay(&other, &ORDER.map(|unit| start[unit]), &xs, (&CrossEntropy, &Each(&targets), 1.0));
    for (a, b) in a.features.iter().zip(&b.features) {
        assert_close("state", b, &ORDER.map(|unit| a[unit]), REORDERED);
    }
    assert_close("outputs", b.outputs.as_flattened(), a.outputs.as_flattened(), REORDERED);
    assert_close("loss", &[b.loss], &[a.loss], REORDERED);
    assert_close("gradient of the inputs", b.inputs.as_flattened(), a.inputs.as_flattened(), REORDERED);
    let gradient = permuted(&a.gradient, ORDER);
    for ((path, b), (_, a)) in tensors(&*b.gradient).iter().zip(tensors(&gradient)) {
        assert_close(&format!("gradient of {path}"), b, &a, REORDERED);
    }
    assert_ne!(bits(&a.features[0]), bits(&b.features[0]), "the order matters to the state");
}

#[test]
fn a_stream_that_is_reset_repeats_its_bits() {
    let (network, xs) = (network(3), Noise(4).vectors::<f64, 3>(50));
    let run = |state: &mut [f64; 5]| -> Vec<u64> { xs.iter().flat_map(|x| bits(&network.step(state, x))).collect() };
    let mut state = Zero::ZERO;
    let first = run(&mut state);
    let going_on = run(&mut state);
    state = Zero::ZERO;
    assert_eq!(first, run(&mut state));
    assert_ne!(first, going_on, "a state that is carried matters");
}

#[test]
fn a_snapshot_repeats_its_bits() {
    let (network, xs) = (network(3), Noise(4).vectors::<f64, 3>(20));
    let run = |state: &mut [f64; 5], xs: &[[f64; 3]]| {
        for x in xs {
            network.step(state, x);
        }
    };
    let mut state = Zero::ZERO;
    run(&mut state, &xs[..10]);
    let snapshot = state;
    let mut ahead = state;
    run(&mut ahead, &xs[10..]);
    state = snapshot;
    run(&mut state, &xs[10..]);
    assert_eq!(bits(&state), bits(&ahead));
}

/// Results of a trainer on one window: loss, norm, state and weights, as bits.
type Trained = (u64, u64, Vec<u64>, Vec<u64>);

fn trained<const T: usize>(
    xs: &[[f64; 3]],
    targets: impl elman::target::Targets<Class<4>>,
    steps: Reduction,
    mut network: Net,
) -> Trained {
    let mut workspace = Workspace::<_, _, T, T>::ZERO;
    let config = Config { steps, clip: Clip::Norm(0.5), ..Config::new(Sgd { rate: 0.5 }) };
    let mut state = Noise(11).vector();
    let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
    let report = trainer.update_from(&mut state, xs, targets).unwrap();
    (report.loss.to_bits(), report.gradient_norm.unwrap().to_bits(), bits(&state), weight_bits(&network))
}

#[test]
fn padding_changes_no_bit() {
    let mut noise = Noise(5);
    let (xs, classes) = (noise.vectors::<f64, 3>(12), noise.classes::<4>(12));
    for (reduction, length) in [Reduction::Sum, Reduction::Mean].into_iter().flat_map(|r| [(r, 1), (r, 7), (r, 12)]) {
        let short = trained::<12>(&xs[..length], Each(&classes[..length]), reduction, network(6));
        let masked: Vec<_> = classes.iter().enumerate().map(|(t, &class)| (t < length).then_some(class)).collect();
        let padded = trained::<12>(&xs, Masked(&masked), reduction, network(6));
        assert_eq!((short.0, short.1, &short.3), (padded.0, padded.1, &padded.3), "{reduction:?} {length}");
    }
}

#[test]
fn what_is_in_the_padding_does_not_matter() {
    let mut noise = Noise(5);
    let (xs, class) = (noise.vectors::<f64, 3>(12), noise.class());
    let mut masked = [None; 12];
    masked[4] = Some(class);
    let mut other = xs.clone();
    other[5..].iter_mut().for_each(|x| *x = [1e30, -1e30, 0.0]);
    let a = trained::<12>(&xs, Masked(&masked), Reduction::Sum, network(6));
    let b = trained::<12>(&other, Masked(&masked), Reduction::Sum, network(6));
    assert_eq!((a.0, a.1, &a.3), (b.0, b.1, &b.3));
    assert_ne!(a.2, b.2, "the state reads the padding");
    let c = trained::<12>(&xs[..5], Last(class), Reduction::Sum, network(6));
    assert_eq!((a.0, a.1, &a.3), (c.0, c.1, &c.3), "one target at the last step");
}

#[test]
fn room_for_more_steps_changes_no_bit() {
    let mut noise = Noise(7);
    let (xs, classes) = (noise.vectors::<f64, 3>(9), noise.classes::<4>(9));
    let fits = trained::<9>(&xs, Each(&classes), Reduction::Mean, network(8));
    assert_eq!(fits, trained::<10>(&xs, Each(&classes), Reduction::Mean, network(8)));
    assert_eq!(fits, trained::<40>(&xs, Each(&classes), Reduction::Mean, network(8)));
}

/// Runs truncated BPTT over `xs` in windows of up to `window` steps, with one update for all windows.
fn truncated(window: usize, xs: &[[f64; 3]], classes: &[Class<4>]) -> (f64, Vec<u64>, Vec<u64>) {
    let mut network = network(9);
    let mut workspace = Workspace::<_, _, 20, 20>::ZERO;
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Sgd { rate: 0.5 })).unwrap();
    let (mut state, mut loss) = (Noise(11).vector(), 0.0);
    for (xs, classes) in xs.chunks(window).zip(classes.chunks(window)) {
        loss += trainer.accumulate(&mut state, xs, Each(classes)).unwrap();
    }
    trainer.apply().unwrap();
    (loss, bits(&state), weight_bits(&network))
}

#[test]
fn truncated_bptt_is_full_bptt_where_nothing_is_cut() {
    let mut noise = Noise(10);
    let (xs, classes) = (noise.vectors::<f64, 3>(13), noise.classes::<4>(13));
    let full = truncated(13, &xs, &classes);
    assert_eq!(full, truncated(20, &xs, &classes), "a window with room to spare");
    for window in [1, 2, 5, 12] {
        let cut = truncated(window, &xs, &classes);
        assert_eq!(cut.1, full.1, "the state is carried over windows of {window}");
        assert_close("the losses of the windows", &[cut.0], &[full.0], REORDERED);
        assert_ne!(cut.2, full.2, "windows of {window} cut the gradient");
    }
}

#[test]
fn a_cut_gradient_is_that_of_each_window_alone() {
    let mut noise = Noise(10);
    let (xs, classes) = (noise.vectors::<f64, 3>(10), noise.classes::<4>(10));
    let network = network(9);
    let start = Noise(11).vector();
    let first = replay(&network, &start, &xs[..5], (&CrossEntropy, &Each(&classes[..5]), 1.0));
    let second = replay(&network, &first.end, &xs[5..], (&CrossEntropy, &Each(&classes[5..]), 1.0));
    let mut want = network.clone();
    elman::Parameters::walk(
        &mut want,
        [&mut *first.gradient.clone(), &mut *second.gradient.clone()],
        elman::parameters::Path::ROOT,
        &mut |_, w, [a, b]| {
            for ((w, a), b) in w.iter_mut().zip(a).zip(b) {
                *w -= 0.5 * (*a + *b);
            }
        },
    );
    let (_, _, found) = truncated(5, &xs, &classes);
    let found: Vec<f64> = found.into_iter().map(f64::from_bits).collect();
    let want: Vec<f64> = tensors(&want).into_iter().flat_map(|(_, numbers)| numbers).collect();
    assert_close("weights", &found, &want, REORDERED);
}

#[test]
fn the_mean_of_a_batch_is_its_scaled_sum() {
    let mut noise = Noise(12);
    let batch: Vec<(Vec<[f64; 3]>, Class<4>)> =
        (0..7).map(|n| (noise.vectors::<f64, 3>(n + 1), noise.class())).collect();
    let update = |sequences, rate| {
        let mut network = network(13);
        let mut workspace = Workspace::<_, _, 7, 1>::ZERO;
        let config = Config { sequences, ..Config::new(Sgd { rate }) };
        let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
        for (xs, class) in &batch {
            trainer.accumulate(&mut [0.0; 5], xs, Last(*class)).unwrap();
        }
        let norm = trainer.apply().unwrap().unwrap();
        (norm, tensors(&network).into_iter().flat_map(|(_, numbers)| numbers).collect::<Vec<f64>>())
    };
    let (sum, scaled) = update(Reduction::Sum, 0.5 / 7.0);
    let (mean, averaged) = update(Reduction::Mean, 0.5);
    assert_close("weights", &averaged, &scaled, REORDERED);
    assert_close("norm", &[mean], &[sum / 7.0], REORDERED);
}

#[test]
fn a_relu_keeps_nan_and_cuts_below_zero() {
    let mut network = Net::<Relu>::ZERO;
    network.cell.affine.b = [[[-1.0, 0.0, 2.0, f64::NAN, f64::INFINITY]]];
    let mut state = Zero::ZERO;
    network.step(&mut state, &[0.0; 3]);
    let [below, zero, above, nan, infinite] = state;
    assert_eq!([below, zero, above, infinite], [0.0, 0.0, 2.0, f64::INFINITY]);
    assert!(nan.is_nan());
}
