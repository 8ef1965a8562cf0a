//! Stacks nested to the left, to the right or both ways, to any depth, with bidirectional layers at any place and any
//! layer frozen: the results do not depend on the nesting.

use elman::layer::{Add, Concat};
use elman::optim::{InPlaceSgd, Momentum, Optimizer};
use elman::target::Final;
use elman::{
    Adam, Bidirectional, Class, Clip, Config, CrossEntropy, Dense, Each, Elman, Embedding, Frozen, Gru, Last, Layer,
    Libm, Lstm, Network, Reader, Stacked, Token, Trainer, Workspace, Zero,
};
use host_tests::plain::{argmax, drawn};
use host_tests::precision::{bits, weight_bits};
use host_tests::properties::{nan_stays_visible, properties_reading};
use host_tests::slopes::{slopes_at_the_ends, slopes_reading};
use host_tests::stored::Stored;
use host_tests::{Noise, in_slices, replay};

type F64 = Libm<f64>;
type Both<C, J = Concat> = Bidirectional<C, C, J>;

/// Numbers of steps in the windows; the largest is last.
const STEPS: [usize; 3] = [1, 2, LONGEST];
const LONGEST: usize = 7;

/// First of the five layers, and the one in flash; the third is bidirectional.
type First = Gru<3, 4>;
type InFlash<'w> = Frozen<'w, First>;
type Second = Elman<4, 3>;
type Third = Bidirectional<Lstm<3, 2>, Gru<3, 2>, Concat>;
type Fourth = Gru<4, 3>;
type Fifth = Lstm<3, 5>;

type Left<'w> = Stacked<Stacked<Stacked<Stacked<InFlash<'w>, Second>, Third>, Fourth>, Fifth>;
type Right<'w> = Stacked<InFlash<'w>, Stacked<Second, Stacked<Third, Stacked<Fourth, Fifth>>>>;
type Pairs<'w> = Stacked<Stacked<InFlash<'w>, Second>, Stacked<Third, Stacked<Fourth, Fifth>>>;
type Middle<'w> = Stacked<InFlash<'w>, Stacked<Stacked<Second, Third>, Stacked<Fourth, Fifth>>>;

type Head = Dense<5, 4>;

const fn over<A, B>(lower: A, upper: B) -> Stacked<A, B> {
    Stacked { lower, upper }
}

/// Returns the layers that are trained, and the read-out.
fn layers() -> (Second, Third, Fourth, Fifth, Head) {
    (drawn(1, 1.5), drawn(2, 1.5), drawn(3, 1.5), drawn(4, 1.5), drawn(5, 1.5))
}

fn left(first: &First) -> Network<Left<'_>, Head> {
    let (second, third, fourth, fifth, readout) = layers();
    Network { cell: over(over(over(over(Frozen(first), second), third), fourth), fifth), readout }
}

fn right(first: &First) -> Network<Right<'_>, Head> {
    let (second, third, fourth, fifth, readout) = layers();
    Network { cell: over(Frozen(first), over(second, over(third, over(fourth, fifth)))), readout }
}

fn pairs(first: &First) -> Network<Pairs<'_>, Head> {
    let (second, third, fourth, fifth, readout) = layers();
    Network { cell: over(over(Frozen(first), second), over(third, over(fourth, fifth))), readout }
}

fn middle(first: &First) -> Network<Middle<'_>, Head> {
    let (second, third, fourth, fifth, readout) = layers();
    Network { cell: over(Frozen(first), over(over(second, third), over(fourth, fifth))), readout }
}

/// Bits of all results.
type Found = Vec<Vec<u64>>;

/// Panics unless every nesting gives the same results.
fn assert_same([to_the_left, others @ ..]: [Found; 4]) {
    assert!(to_the_left.iter().flatten().any(|&bits| bits != 0));
    for (found, nesting) in others.iter().zip(["to the right", "in pairs", "about the middle"]) {
        assert_eq!(found, &to_the_left, "nested {nesting}");
    }
}

fn window(steps: usize) -> (Vec<[f32; 3]>, Vec<Class<4>>) {
    let mut noise = Noise(steps as u64);
    (noise.vectors(steps), noise.classes(steps))
}

/// Returns the values of a state, from the lowest layer.
fn numbers<S: Stored<Scalar = f32>>(mut state: S) -> Vec<u64> {
    state.parts().into_iter().flat_map(|(_, numbers)| bits(numbers)).collect()
}

/// Returns the loss, all gradients and all outputs for windows of every length, with a target at each step and with one
/// at the ends of both directions.
fn replayed<
    C: Layer<
            [f32; 3],
            Scalar = f32,
            Math = Libm<f32>,
            Output = [f32; 5],
            InputGradient = [f32; 3],
            State: Stored<Scalar = f32>,
        >,
>(
    network: &Network<C, Head>,
) -> Found {
    let mut all = Found::new();
    for steps in STEPS {
        let (xs, classes) = window(steps);
        let start = C::State::ZERO;
        for found in [
            replay(network, &start, &xs, (&CrossEntropy, &Each(&classes), 0.5)),
            replay(network, &start, &xs, (&CrossEntropy, &Final(classes[0]), 0.5)),
        ] {
            all.push(bits(&[found.loss]));
            all.push(weight_bits(&*found.gradient));
            all.push(bits(found.inputs.as_flattened()));
            all.push(bits(found.outputs.as_flattened()));
            all.push(bits(&found.last));
            all.extend([numbers(found.start), numbers(found.end)]);
        }
    }
    all
}

#[test]
fn every_nesting_has_the_same_gradients() {
    let first = drawn(9, 1.5);
    assert_same([
        replayed(&left(&first)),
        replayed(&right(&first)),
        replayed(&pairs(&first)),
        replayed(&middle(&first)),
    ]);
}

/// Returns losses and weights of some updates, whole and in slices, with windows of every length.
fn learned<
    C: Layer<
            [f32; 3],
            Scalar = f32,
            Math = Libm<f32>,
            Output = [f32; 5],
            InputGradient = [f32; 3],
            State: Stored<Scalar = f32>,
        >,
    O: Optimizer<Scalar = f32>,
>(
    mut network: Network<C, Head>,
    config: Config<O>,
) -> Found {
    // As long as the windows that are replayed, so that both share the compiled code.
    let mut workspace = Box::new(Workspace::<_, _, { replay::LONGEST }, { replay::LONGEST }>::ZERO);
    let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
    let mut after = Found::new();
    for steps in STEPS {
        let (xs, classes) = window(steps);
        for report in [
            trainer.update(&xs, Each(&classes)),
            trainer.update(&xs, Last(classes[0])),
            trainer.update(&xs, Final(classes[0])),
        ] {
            after.push(bits(&[report.unwrap().loss]));
        }
        let mut state = C::State::ZERO;
        let report = in_slices(&mut trainer, &mut state, &xs[..], Each(&classes)).unwrap();
        after.push(bits(&[report.loss]));
        after.push(weight_bits(trainer.network().unwrap()));
    }
    after
}

fn learn_alike<O: Optimizer<Scalar = f32> + Copy>(config: Config<O>) {
    let first = drawn(9, 1.5);
    let before = weight_bits(&left(&first));
    let found = learned(left(&first), config);
    assert_ne!(found.last(), Some(&before));
    let others = [learned(right(&first), config), learned(pairs(&first), config), learned(middle(&first), config)];
    let [to_the_right, in_pairs, about_the_middle] = others;
    assert_same([found, to_the_right, in_pairs, about_the_middle]);
}

#[test]
fn every_nesting_learns_the_same_weights() {
    learn_alike(Config { clip: Clip::Norm(0.5), ..Config::new(Adam::new(0.01)) });
    learn_alike(Config { clip: Clip::Value(0.1), ..Config::new(Momentum { rate: 0.1, momentum: 0.9 }) });
    learn_alike(Config::new(InPlaceSgd { rate: 0.1 }));
}

/// Returns the answers of all tasks, run through a reader.
fn answered<
    C: Layer<
            [f32; 3],
            Scalar = f32,
            Math = Libm<f32>,
            Output = [f32; 5],
            InputGradient = [f32; 3],
            State: Stored<Scalar = f32>,
        >,
>(
    network: &Network<C, Head>,
) -> Found {
    let mut reader = Box::new(Reader::<Network<C, Head>, LONGEST>::ZERO);
    let mut answers = Found::new();
    for steps in STEPS {
        let (xs, classes) = window(steps);
        let (mut outputs, mut labels) = (vec![[0.0; 4]; steps], vec![Class::default(); steps]);
        reader.on(network).predict_each(&xs, &mut outputs).unwrap();
        reader.on(network).label(&xs, &mut labels).unwrap();
        assert_eq!(labels, outputs.iter().map(argmax).collect::<Vec<_>>());
        answers.push(bits(outputs.as_flattened()));
        answers.push(bits(&reader.on(network).predict(&xs).unwrap()));
        answers.push(bits(&reader.on(network).probabilities(&xs).unwrap()));
        answers.push(vec![reader.on(network).classify(&xs).unwrap().index() as u64]);
        answers.push(bits(&[
            reader.on(network).evaluate(&CrossEntropy, &xs, Each(&classes)).unwrap(),
            reader.on(network).evaluate(&CrossEntropy, &xs, Last(classes[0])).unwrap(),
            reader.on(network).evaluate(&CrossEntropy, &xs, Final(classes[0])).unwrap(),
        ]));
        let found = replay(network, &C::State::ZERO, &xs, (&CrossEntropy, &Each(&classes), 1.0));
        assert_eq!(bits(outputs.as_flattened()), bits(found.outputs.as_flattened()), "what training sees");
    }
    answers
}

#[test]
fn every_nesting_answers_the_same() {
    let first = drawn(9, 1.5);
    assert_same([
        answered(&left(&first)),
        answered(&right(&first)),
        answered(&pairs(&first)),
        answered(&middle(&first)),
    ]);
}

/// Freezes a stack that contains both directions, below a cell and above one: the rest is trained as if nothing were
/// frozen.
#[test]
fn a_frozen_stack_stays_and_the_rest_learns_alike() {
    type Part = Stacked<Second, Third>;
    let part = over(drawn::<Second>(11, 1.5), drawn::<Third>(12, 1.5));
    let (below, above): (Gru<3, 4>, Lstm<4, 5>) = (drawn(13, 1.5), drawn(14, 1.5));
    let readout = drawn::<Head>(15, 1.5);
    let whole = Network { cell: over(over(below, part), above), readout: readout.clone() };
    let Stacked { lower: Stacked { lower: below, upper: part }, upper: above } = whole.cell.clone();
    let held: Network<Stacked<Stacked<Gru<3, 4>, Frozen<'_, Part>>, Lstm<4, 5>>, Head> =
        Network { cell: over(over(below, Frozen(&part)), above), readout };
    let all: Network<Frozen<'_, _>, Head> = Network { cell: Frozen(&whole.cell), readout: whole.readout.clone() };
    for steps in STEPS {
        let (xs, classes) = window(steps);
        let loss = (&CrossEntropy, &Each(&classes), 1.0);
        let full = replay(&whole, &Zero::ZERO, &xs, loss);
        let found = replay(&held, &Zero::ZERO, &xs, loss);
        assert_eq!(weight_bits(&found.gradient.cell.upper), weight_bits(&full.gradient.cell.upper));
        assert_eq!(weight_bits(&found.gradient.cell.lower.lower), weight_bits(&full.gradient.cell.lower.lower));
        assert_eq!(weight_bits(&found.gradient.readout), weight_bits(&full.gradient.readout));
        assert_eq!(bits(found.inputs.as_flattened()), bits(full.inputs.as_flattened()));
        assert_eq!(size_of_val(&found.gradient.cell.lower.upper), 0);
        let only = replay(&all, &Zero::ZERO, &xs, loss);
        assert_eq!(weight_bits(&*only.gradient), weight_bits(&full.gradient.readout));
        assert_eq!((only.loss.to_bits(), only.end), (full.loss.to_bits(), full.end));
    }
    assert_eq!(answered(&held), answered(&whole));
}

/// Checks a cell over a bidirectional layer, and the other kinds of layer allowed over one.
#[test]
fn slopes_over_both_directions() {
    type Over = Stacked<Both<Gru<2, 3, F64>>, Lstm<6, 4, F64>>;
    type Deep = Stacked<Elman<2, 3, F64>, Stacked<Both<Gru<3, 2, F64>>, Stacked<Lstm<4, 2, F64>, Gru<2, 3, F64>>>>;
    type Again = Stacked<Both<Lstm<2, 2, F64>, Add>, Stacked<Elman<2, 3, F64>, Both<Gru<3, 2, F64>>>>;
    type Odd = Stacked<Both<Elman<1, 1, F64>>, Gru<2, 1, F64>>;
    type Words = Stacked<Embedding<5, 2, F64>, Over>;
    for steps in STEPS {
        let over = slopes_reading::<Over, [f64; 2], 4>(steps, &|_| false);
        let deep = slopes_reading::<Deep, [f64; 2], 3>(steps, &|_| false);
        let again = slopes_reading::<Again, [f64; 2], 4>(steps, &|_| false);
        let odd = slopes_reading::<Odd, [f64; 1], 1>(steps, &|_| false);
        let words = slopes_reading::<Words, Token<5>, 4>(steps, &|_| false);
        slopes_at_the_ends::<Over, [f64; 2], 4>(steps);
        slopes_at_the_ends::<Deep, [f64; 2], 3>(steps);
        slopes_at_the_ends::<Again, [f64; 2], 4>(steps);
        println!("T={steps}: {over:.2}, {deep:.2}, {again:.2}, {odd:.2}, {words:.2} of the tolerance");
    }
    properties_reading::<Over, [f64; 2], 4>();
    properties_reading::<Deep, [f64; 2], 3>();
    properties_reading::<Again, [f64; 2], 4>();
    nan_stays_visible::<Over, [f64; 2], 4>(&[0.5, f64::NAN]);
    nan_stays_visible::<Deep, [f64; 2], 3>(&[f64::NAN; 2]);
}
