//! The two cells, run one after the other by hand, give the same bits as the encoder–decoder.

use super::{Dense23, F64, Gated, Long, Tanh, Two, layout};
use elman::cell::Cell;
use elman::tape::Tape;
use elman::target::Tail;
use elman::{
    CrossEntropy, Dense, Elman, Frozen, Gru, Layer, Lstm, Network, Parameters, Part, Projection, Side, Stacked, Step,
    Zero,
};
use host_tests::cells::{Composed, Trained};
use host_tests::plain::drawn;
use host_tests::precision::{bits, tensors, weight_bits};
use host_tests::stored::Stored;
use host_tests::tolerance::REORDERED;
use host_tests::{Noise, Numbers, assert_close, replay};

const SOURCE: usize = 5;
const TARGET: usize = 7;

type Net<C> = Network<C, Dense<5, 4, f64>>;

/// Runs the encoder's backward pass from the gradient of its last state. Returns the last state and the gradient
/// of the weights; `gradient` becomes the gradient of the initial state.
fn back<E: Trained<[f64; 2], Scalar = f64> + Cell<[f64; 2]>>(
    encoder: &E,
    start: &E::State,
    xs: &[[f64; 2]],
    gradient: &mut E::State,
) -> (E::State, Box<E>) {
    let (mut tape, mut state) = (Box::new(Tape::<E, SOURCE>::ZERO), *start);
    tape.restart(start);
    xs.iter().for_each(|x| tape.push(encoder, &mut state, x).unwrap());
    for t in (0..xs.len()).rev() {
        let (record, before) = tape.at(t).unwrap();
        encoder.step_back(record, before, gradient);
    }
    let mut weights = Box::new(E::ZERO);
    for unit in 0..E::UNITS {
        <E as Cell<_>>::accumulate(&mut weights, unit, 1.0, tape.steps(xs.iter().rev()));
    }
    (state, weights)
}

fn has_the_bits_of_its_cells<E, D>(network: &Net<Two<E, D>>)
where
    E: Trained<[f64; 2], Scalar = f64, Output = [f64; 5], State: Stored<Scalar = f64> + Numbers> + Cell<[f64; 2]>,
    D: Trained<[f64; 3], Scalar = f64, Output = [f64; 5], State = E::State> + Cell<[f64; 3]>,
    Two<E, D>: Cell<Dense23, State = E::State, Output = [f64; 5], Scalar = f64, Math = D::Math>
        + Layer<Dense23>
        + Parameters<Gradient = Two<E, D>>,
{
    let mut noise = Noise(21);
    let xs: Vec<Dense23> = layout(&mut noise, SOURCE, TARGET);
    let classes = noise.classes::<4>(TARGET);
    let mut start = <E as Part>::State::ZERO;
    start.numbers().into_iter().for_each(|x| *x = noise.uniform());
    let mut found = replay(network, &start, &xs, (&CrossEntropy, &Tail(&classes), 1.0));

    let source: Vec<_> = xs.iter().filter_map(|x| if let Side::Source(x) = x { Some(*x) } else { None }).collect();
    let target: Vec<_> = xs.iter().filter_map(|x| if let Side::Target(y) = x { Some(*y) } else { None }).collect();
    let Two { encoder, decoder } = network.cell.clone();
    let mut handed = start;
    source.iter().for_each(|x| encoder.step(&mut handed, x));
    let decoder = Network { cell: decoder, readout: network.readout.clone() };
    let written = replay(&decoder, &handed, &target, (&CrossEntropy, &Tail(&classes), 1.0));
    let mut gradient = written.start;
    let (reached, weights) = back(&encoder, &start, &source, &mut gradient);

    assert_eq!(reached, handed);
    assert_eq!(found.features[SOURCE - 1], *E::output(&handed));
    assert_eq!(found.end, written.end);
    assert_eq!(bits(found.outputs[SOURCE..].as_flattened()), bits(written.outputs.as_flattened()));
    assert_eq!(found.loss.to_bits(), written.loss.to_bits());
    assert_eq!(weight_bits(&found.gradient.cell.encoder), weight_bits(&*weights));
    assert_eq!(weight_bits(&found.gradient.cell.decoder), weight_bits(&written.gradient.cell));
    assert_eq!(weight_bits(&found.gradient.readout), weight_bits(&written.gradient.readout));
    let bits_of = |state: &mut E::State| -> Vec<u64> { state.numbers().into_iter().map(|x| x.to_bits()).collect() };
    assert_eq!(bits_of(&mut found.start), bits_of(&mut gradient));
    assert!(weight_bits(&*weights).iter().any(|&w| w != 0), "the encoder has a gradient");
}

#[test]
fn the_pair_has_the_bits_of_its_cells() {
    has_the_bits_of_its_cells::<Elman<2, 5, F64>, Elman<3, 5, F64>>(&drawn::<Net<Tanh>>(22, 1.5));
    has_the_bits_of_its_cells::<Gru<2, 5, F64>, Gru<3, 5, F64>>(&drawn::<Net<Gated>>(23, 1.5));
    has_the_bits_of_its_cells::<Lstm<2, 5, F64>, Lstm<3, 5, F64>>(&drawn::<Net<Long>>(24, 1.5));
}

/// A decoder that ignores its previous state passes no gradient to the encoder.
#[test]
fn the_encoder_learns_through_the_state_alone() {
    let mut noise = Noise(25);
    let (xs, classes) = (layout::<[f64; 2], [f64; 3]>(&mut noise, SOURCE, TARGET), noise.classes::<4>(TARGET));
    let mut network = drawn::<Net<Tanh>>(26, 1.5);
    let gradient = |network: &_| replay(network, &Zero::ZERO, &xs, (&CrossEntropy, &Tail(&classes), 1.0)).gradient;
    let through = gradient(&network);
    assert!(through.cell.encoder.affine.b.as_flattened().as_flattened().iter().all(|&g| g != 0.0));
    network.cell.decoder.affine.w_hh = Zero::ZERO;
    let cut = gradient(&network);
    assert!(weight_bits(&cut.cell.encoder).iter().all(|&g| f64::from_bits(g) == 0.0));
    assert!(cut.cell.decoder.affine.b.as_flattened().as_flattened().iter().all(|&g| g != 0.0));
}

#[test]
fn a_frozen_encoder_stays_and_the_decoder_learns_alike() {
    let whole = drawn::<Net<Gated>>(27, 1.5);
    let Two { encoder, decoder } = &whole.cell;
    let cell = Two { encoder: Frozen(encoder), decoder: decoder.clone() };
    let frozen = Network { cell, readout: whole.readout.clone() };
    let mut noise = Noise(28);
    let (xs, classes) = (layout::<[f64; 2], [f64; 3]>(&mut noise, SOURCE, TARGET), noise.classes::<4>(TARGET));
    let loss = (&CrossEntropy, &Tail(&classes), 1.0);
    let (full, part) = (replay(&whole, &Zero::ZERO, &xs, loss), replay(&frozen, &Zero::ZERO, &xs, loss));
    assert_eq!(weight_bits(&part.gradient.cell.decoder), weight_bits(&full.gradient.cell.decoder));
    assert_eq!(weight_bits(&part.gradient.readout), weight_bits(&full.gradient.readout));
    assert_eq!(part.start, full.start);
    assert_eq!(size_of_val(&part.gradient.cell), size_of::<Gru<3, 5, F64>>());
}

/// Returns g(W v + b), with the sum in the order of the inputs.
fn affine<const I: usize, const E: usize>(w: &[[f64; E]; I], b: &[f64; E], v: &[f64; I]) -> [f64; E] {
    std::array::from_fn(|e| b[e] + (0..I).map(|i| w[i][e] * v[i]).sum::<f64>())
}

#[test]
fn a_source_of_one_vector_primes_the_state() {
    let cell = drawn::<Tanh>(29, 1.5);
    let (v, mut state) = (Noise(30).vector::<f64, 2>(), Zero::ZERO);
    cell.step(&mut state, &Dense23::Source(v));
    let weights = &cell.encoder.affine;
    let primed = affine(&weights.w_ih.map(|[row]| row), &weights.b[0][0], &v).map(f64::tanh);
    assert_close("h of the start", &state, &primed, REORDERED);
}

#[test]
fn a_projection_is_an_affine_map_and_forgets() {
    let layer = drawn::<Projection<3, 4, F64>>(31, 1.5);
    let (v, mut state) = (Noise(32).vector::<f64, 3>(), [1e9; 4]);
    layer.step(&mut state, &v);
    assert_close("W v + b", &state, &affine(&layer.linear.w, &layer.linear.b, &v), REORDERED);
    let dense = {
        elman::dense::Readout::<[f64; 3]>::forward(&layer.linear, &v, &mut state);
        state
    };
    let mut again = [-7.0; 4];
    layer.step(&mut again, &v);
    assert_eq!(bits(&again), bits(&dense));
}

/// Checks that the largest gradient is in the tensors whose paths start with `tensors_of`, and that the bound is
/// above it.
fn bounded<C: Composed<X, 5>, X>(network: &Net<C>, xs: &[X], tensors_of: &str) {
    let classes = Noise(33).classes::<4>(xs.len() / 2);
    let found = replay(network, &Zero::ZERO, xs, (&CrossEntropy, &Tail(&classes), 1.0));
    let largest = |g: &[f64]| g.iter().fold(0.0_f64, |most, g| most.max(g.abs()));
    let all: Vec<_> = tensors(&*found.gradient).into_iter().map(|(path, g)| (largest(&g), path)).collect();
    let (most, path) = all.iter().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    assert!(path.starts_with(tensors_of), "{path}");
    assert!(*most <= found.bound, "{most} {}", found.bound);
}

/// Scales weights down by 10⁻⁴.
fn shrink(weights: &mut [f64]) {
    weights.iter_mut().for_each(|w| *w *= 1e-4);
}

#[test]
fn the_bound_is_that_of_the_side_with_the_largest_gradient() {
    let xs: Vec<Dense23> = layout(&mut Noise(34), 6, 6);
    let mut source = drawn::<Net<Gated>>(35, 1.5);
    shrink(source.cell.encoder.affine.w_ih.as_flattened_mut().as_flattened_mut());
    let far = xs.iter().map(|x| if let Side::Source(x) = x { Side::Source(x.map(|x| 1e4 * x)) } else { *x });
    bounded(&source, &far.collect::<Vec<_>>(), "cell.encoder.");
    let mut target = drawn::<Net<Gated>>(35, 1.5);
    shrink(target.cell.decoder.affine.w_ih.as_flattened_mut().as_flattened_mut());
    let far = xs.iter().map(|x| if let Side::Target(y) = x { Side::Target(y.map(|y| 1e4 * y)) } else { *x });
    bounded(&target, &far.collect::<Vec<_>>(), "cell.decoder.");
}

#[test]
fn the_bound_of_a_projection_knows_its_input() {
    let mut network = drawn::<Net<Stacked<Projection<3, 4, F64>, Gru<4, 5, F64>>>>(36, 1.5);
    shrink(network.cell.lower.linear.w.as_flattened_mut());
    let xs: Vec<_> = Noise(37).vectors::<f64, 3>(8).into_iter().map(|x| x.map(|x| 1e4 * x)).collect();
    bounded(&network, &xs, "cell.lower.w");
}
