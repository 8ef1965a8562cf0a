//! Stacks of cells: PyTorch's values, finite differences, the properties of every composition, and the cost of a stack.

use elman::cell::{Recurrent, Relu};
use elman::optim::{InPlaceSgd, Optimizer};
use elman::{
    CrossEntropy, Dense, Each, Elman, Embedding, Frozen, Gru, Libm, Lstm, Network, Parameters, Part, Sgd, Stacked,
    Step, Trainer, Workspace, Zero, trainer::Config,
};
use host_tests::cells::Composed;
use host_tests::plain::drawn;
use host_tests::precision::{bits, tensors, weight_bits};
use host_tests::properties::{nan_stays_visible, properties_reading};
use host_tests::slopes::slopes;
use host_tests::tolerance::REORDERED;
use host_tests::{Golden, Noise, assert_close, parity, reordered, replay};

type F64 = Libm<f64>;
/// Three layers, nested to the left.
type Left<A, B, C> = Stacked<Stacked<A, B>, C>;
type Right<A, B, C> = Stacked<A, Stacked<B, C>>;
type Mixed = Stacked<Lstm<3, 4, F64>, Elman<4, 5, F64>>;
type State = <Mixed as Part>::State;
type Net<C> = Network<C, Dense<5, 4, f64>>;

#[test]
fn every_case_agrees_with_pytorch() {
    macro_rules! check {
        ($name:literal, $lower:ty, $upper:ty, $lower32:ty, $upper32:ty, $i:literal, $h:literal, $k:literal) => {{
            let case = Golden::load($name);
            let exact = parity::check::<Stacked<$lower, $upper>, Dense<$h, $k, f64>, f64, $i, $k>(&case);
            let single = parity::check::<Stacked<$lower32, $upper32>, Dense<$h, $k>, f32, $i, $k>(&case);
            println!("{}: f64 {exact}; f32 {single}", case.name());
            $name
        }};
    }
    type R<const I: usize, const H: usize, M> = Elman<I, H, M, 2, Relu>;
    let checked = [
        check!("rnn_tanh_i3h5t9_l2_h0_lab", Elman<3, 5, F64, 2>, Elman<5, 5, F64, 2>, Elman<3, 5>, Elman<5, 5>, 3, 5, 4),
        check!("rnn_relu_i5h5t6_l2_cls", R<5, 5, F64>, R<5, 5, F64>, R<5, 5, Libm<f32>>, R<5, 5, Libm<f32>>, 5, 5, 3),
        check!("gru_i5h7t13_l2_h0_lab", Gru<5, 7, F64>, Gru<7, 7, F64>, Gru<5, 7>, Gru<7, 7>, 5, 7, 4),
        check!("lstm_i3h7t10_l2_h0_lab", Lstm<3, 7, F64, 2>, Lstm<7, 7, F64, 2>, Lstm<3, 7>, Lstm<7, 7>, 3, 7, 4),
    ];
    parity::assert_complete_of(
        |case| case.count("num_layers") > 1 && case.text("bidirectional") == "false",
        checked.into_iter(),
    );
}

/// PyTorch's layer numbers do not depend on the nesting: a file with two layers lacks the tensors of a third.
#[test]
fn layers_are_numbered_from_below() {
    fn missing<C: Parameters + Zero>(what: &str) {
        let case = Golden::load("rnn_tanh_i3h5t9_l2_h0_lab");
        let failed = std::panic::catch_unwind(|| {
            let mut network = Network::<C, Dense<5, 4, C::Scalar>>::ZERO;
            case.weights("", &mut network);
        });
        let message = *failed.unwrap_err().downcast::<String>().unwrap();
        assert!(message.contains("weight_ih_l2"), "{what}: {message}");
    }
    missing::<Left<Elman<3, 5>, Elman<5, 5>, Elman<5, 5>>>("left");
    missing::<Right<Elman<3, 5>, Elman<5, 5>, Elman<5, 5>>>("right");
}

fn check_slopes<A: Composed<[f64; 2], 3>, B: Composed<[f64; 3], 3>>()
where
    Stacked<A, B>: Composed<[f64; 2], 3>,
    Right<A, B, B>: Composed<[f64; 2], 3>,
{
    for steps in [1, 5, 23] {
        let two = slopes::<Stacked<A, B>, 2, 3>(steps, &|_| false);
        let three = slopes::<Right<A, B, B>, 2, 3>(steps, &|_| false);
        println!("T={steps}: two layers {two:.2}, three {three:.2} of the tolerance");
    }
}

#[test]
fn slopes_of_two_and_three_layers() {
    check_slopes::<Elman<2, 3, F64>, Elman<3, 3, F64>>();
    check_slopes::<Gru<2, 3, F64>, Gru<3, 3, F64>>();
    check_slopes::<Lstm<2, 3, F64>, Lstm<3, 3, F64>>();
}

/// Returns the bits of all results of a forward and a backward pass over a window.
fn found<C: Composed<[f64; 3], 5, InputGradient = [f64; 3]>>() -> Vec<u64> {
    let (network, mut noise) = (drawn::<Net<C>>(1, 1.5), Noise(2));
    let (xs, classes) = (noise.vectors::<f64, 3>(11), noise.classes::<4>(11));
    let mut found = replay(&network, &C::State::ZERO, &xs, (&CrossEntropy, &Each(&classes), 1.0));
    let start = host_tests::Numbers::numbers(&mut found.start).into_iter().map(|x| x.to_bits());
    let all = start.chain([found.loss.to_bits(), found.bound.to_bits()]).chain(weight_bits(&*found.gradient));
    all.chain(bits(found.outputs.as_flattened())).chain(bits(found.inputs.as_flattened())).collect()
}

#[test]
fn nested_left_or_right_the_bits_are_the_same() {
    type L = Left<Lstm<3, 4, F64>, Gru<4, 2, F64>, Elman<2, 5, F64>>;
    type R = Right<Lstm<3, 4, F64>, Gru<4, 2, F64>, Elman<2, 5, F64>>;
    assert_eq!(found::<L>(), found::<R>());
}

#[test]
fn what_holds_for_every_composition_holds() {
    properties_reading::<Mixed, [f64; 3], 5>();
    nan_stays_visible::<Mixed, [f64; 3], 5>(&[f64::NAN; 3]);
    nan_stays_visible::<Mixed, [f64; 3], 5>(&[0.5, f64::NAN, 0.5]);
}

/// Checks that the largest gradient is in the layer whose path starts with `layer`, and that the bound is above it.
fn bounded(network: &Net<Mixed>, reach: f64, layer: &str) {
    let mut noise = Noise(10);
    let (xs, classes) = (noise.vectors::<f64, 3>(9), noise.classes::<4>(9));
    let xs: Vec<_> = xs.iter().map(|x| x.map(|x| reach * x)).collect();
    let found = replay(network, &State::ZERO, &xs, (&CrossEntropy, &Each(&classes), 1.0));
    let largest = |g: &[f64]| g.iter().fold(0.0_f64, |most, g| most.max(g.abs()));
    let all: Vec<_> = tensors(&*found.gradient).into_iter().map(|(path, g)| (largest(&g), path)).collect();
    let (most, path) = all.iter().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    assert!(path.starts_with(layer), "{path}");
    assert!(*most <= found.bound, "{most} {}", found.bound);
}

#[test]
fn the_bound_is_that_of_the_layer_with_the_largest_gradient() {
    let mut lower = drawn::<Net<Mixed>>(9, 1.5);
    lower.cell.lower.affine.w_ih.as_flattened_mut().as_flattened_mut().iter_mut().for_each(|w| *w *= 1e-4);
    bounded(&lower, 1e4, "cell.lower.");
    let mut upper = drawn::<Net<Mixed>>(9, 1.5);
    upper.cell.upper.affine.w_ih.as_flattened_mut().as_flattened_mut().iter_mut().for_each(|w| *w *= 1e-4);
    upper.readout.w.as_flattened_mut().iter_mut().for_each(|w| *w *= 1e2);
    bounded(&upper, 1.0, "cell.upper.");
}

/// Returns the network after three updates, each from a window that starts where the last one ended.
fn trained<O: Optimizer<Scalar = f64>>(optimizer: O) -> Net<Mixed> {
    let (mut network, mut noise) = (drawn::<Net<Mixed>>(3, 1.5), Noise(4));
    let (xs, classes) = (noise.vectors::<f64, 3>(21), noise.classes::<4>(21));
    let mut workspace = Box::new(Workspace::<_, _, 7, 7>::ZERO);
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(optimizer)).unwrap();
    let mut state = State::ZERO;
    for (xs, classes) in xs.chunks(7).zip(classes.chunks(7)) {
        trainer.update_from(&mut state, xs, Each(classes)).unwrap();
    }
    network
}

#[test]
fn descent_in_place_is_descent() {
    let kept = trained(Sgd { rate: 0.1 });
    let in_place = trained(InPlaceSgd { rate: 0.1 });
    for ((path, want), (_, got)) in tensors(&kept).iter().zip(tensors(&in_place)) {
        assert_close(path, &got, want, REORDERED);
    }
    assert_ne!(weight_bits(&kept), weight_bits(&drawn::<Net<Mixed>>(3, 1.5)));
}

/// Windows carry the state of every layer; each window's gradient is computed from the state carried to it.
#[test]
fn windows_carry_the_state_of_every_layer() {
    let (mut network, mut noise) = (drawn::<Net<Mixed>>(5, 1.5), Noise(6));
    let (xs, classes) = (noise.vectors::<f64, 3>(21), noise.classes::<4>(21));
    let former = network.clone();
    let (mut state, mut stepped) = (State::ZERO, State::ZERO);
    let mut want: Vec<Vec<f64>> = tensors(&former).into_iter().map(|(_, w)| w).collect();
    let mut workspace = Box::new(Workspace::<_, _, 7, 7>::ZERO);
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Sgd { rate: 1.0 })).unwrap();
    for (xs, classes) in xs.chunks(7).zip(classes.chunks(7)) {
        let window = replay(&former, &stepped, xs, (&CrossEntropy, &Each(classes), 1.0));
        let gradient = tensors(&*window.gradient);
        want.iter_mut().zip(&gradient).for_each(|(w, (_, g))| w.iter_mut().zip(g).for_each(|(w, g)| *w -= g));
        xs.iter().for_each(|x| former.cell.step(&mut stepped, x));
        trainer.accumulate(&mut state, xs, Each(classes)).unwrap();
        assert_eq!(state, stepped);
    }
    trainer.apply().unwrap();
    for ((path, got), want) in tensors(&network).iter().zip(&want) {
        assert_close(path, got, want, REORDERED);
    }
}

/// Trains with one layer frozen, and compares the other layer and the read-out after one update.
#[test]
fn a_frozen_layer_stays_and_the_rest_learns_alike() {
    let whole = drawn::<Net<Mixed>>(7, 1.5);
    let (lower, upper, readout) = (&whole.cell.lower, &whole.cell.upper, whole.readout.clone());
    let below = Network { cell: Stacked { lower: Frozen(lower), upper: upper.clone() }, readout: readout.clone() };
    let above = Network { cell: Stacked { lower: lower.clone(), upper: Frozen(upper) }, readout };
    let mut noise = Noise(8);
    let (xs, classes) = (noise.vectors::<f64, 3>(9), noise.classes::<4>(9));
    let (start, loss) = (State::ZERO, (&CrossEntropy, &Each(&classes), 1.0));
    let full = replay(&whole, &start, &xs, loss);
    let without_lower = replay(&below, &start, &xs, loss);
    let without_upper = replay(&above, &start, &xs, loss);
    assert_eq!(weight_bits(&without_lower.gradient.cell.upper), weight_bits(&full.gradient.cell.upper));
    assert_eq!(weight_bits(&without_lower.gradient.readout), weight_bits(&full.gradient.readout));
    assert_eq!(weight_bits(&without_upper.gradient.cell.lower), weight_bits(&full.gradient.cell.lower));
    assert_eq!((without_lower.start, without_upper.start), (full.start, full.start));
    assert_eq!(size_of_val(&*without_lower.gradient), 8 * (5 * (4 + 5 + 1) + 4 * (5 + 1)));
    assert_eq!(size_of_val(&*without_upper.gradient), 8 * (4 * 4 * (3 + 4 + 1) + 4 * (5 + 1)));
    let mut learning = below;
    let former = weight_bits(&whole.cell.lower);
    let mut workspace = Box::new(Workspace::<_, _, 9, 9>::ZERO);
    let config = Config::new(InPlaceSgd { rate: 0.1 });
    Trainer::new(&mut learning, &mut workspace, config).unwrap().update(&xs, Each(&classes)).unwrap();
    assert_eq!(weight_bits(learning.cell.lower.0), former);
    assert_ne!(weight_bits(&learning.cell.upper), weight_bits(&whole.cell.upper));
}

#[test]
fn a_stack_takes_what_its_layers_take() {
    fn sizes<C: Recurrent>() -> [usize; 4] {
        [size_of::<C>(), C::COUNT, size_of::<C::State>(), size_of::<C::Record>()]
    }
    fn sum<A: Recurrent, B: Recurrent, C: Recurrent>() -> [usize; 4] {
        let (a, b, c) = (sizes::<A>(), sizes::<B>(), sizes::<C>());
        std::array::from_fn(|i| a[i] + b[i] + c[i])
    }
    type Text = Right<Embedding<65, 16>, Gru<16, 32>, Gru<32, 32>>;
    assert_eq!(sizes::<Text>(), sum::<Embedding<65, 16>, Gru<16, 32>, Gru<32, 32>>());
    assert_eq!(sizes::<Text>()[1..], [65 * 16 + 3 * 32 * (16 + 32 + 2) + 3 * 32 * (32 + 32 + 2), 320, 1408]);
    type Odd = Left<Lstm<1, 1>, Gru<1, 3>, Elman<3, 5>>;
    assert_eq!(sizes::<Odd>(), sum::<Lstm<1, 1>, Gru<1, 3>, Elman<3, 5>>());
}

#[test]
fn units_of_every_layer_may_stand_in_any_order() {
    fn check<A: Composed<[f64; 3], 4>, B: Composed<[f64; 4], 3>, C: Composed<[f64; 3], 5>>()
    where
        Left<A, B, C>: Composed<[f64; 3], 5>,
    {
        let (lower, middle, upper): ([usize; 4], [usize; 3], [usize; 5]) = ([2, 0, 3, 1], [1, 2, 0], [4, 2, 0, 1, 3]);
        let mut noise = Noise(12);
        let (xs, classes) = (noise.vectors::<f64, 3>(9), noise.classes::<4>(9));
        let orders: [reordered::Order<'_>; 4] = [
            ("cell.lower.lower", &[], &lower),
            ("cell.lower.upper", &lower, &middle),
            ("cell.upper", &middle, &upper),
            ("readout", &upper, &[]),
        ];
        reordered::check(&drawn::<Net<Left<A, B, C>>>(11, 1.5), &xs, &classes, &orders);
    }
    check::<Elman<3, 4, F64>, Elman<4, 3, F64>, Elman<3, 5, F64>>();
    check::<Gru<3, 4, F64>, Gru<4, 3, F64>, Gru<3, 5, F64>>();
    check::<Lstm<3, 4, F64>, Lstm<4, 3, F64>, Lstm<3, 5, F64>>();
    check::<Lstm<3, 4, F64>, Elman<4, 3, F64>, Gru<3, 5, F64>>();
}
