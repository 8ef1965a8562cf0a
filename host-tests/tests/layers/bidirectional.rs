//! Layers that read in both directions: their gradients, a comparison with two cells run by hand, tasks and
//! training, and the cost of a layer.

use elman::bptt::Window;
use elman::cell::Relu;
use elman::layer::Sequential;
use elman::layer::{Concat, Multiply};
use elman::optim::InPlaceSgd;
use elman::target::Final;
use elman::{
    Bidirectional, Class, CrossEntropy, Dense, Each, Elman, Embedding, Frozen, Gru, Last, Libm, Lstm, Masked, Network,
    Parameters, Part, Reader, SequenceError, Sgd, SquaredError, Stacked, Token, TrainError, Trainer, Workspace, Zero,
    trainer::Config,
};
use host_tests::plain::{argmax, drawn};
use host_tests::precision::{bits, tensors, weight_bits};
use host_tests::tolerance::REORDERED;
use host_tests::{Noise, assert_close, replay};

mod by_hand;
mod gradients;

type F64 = Libm<f64>;
type Both<C, J = Concat> = Bidirectional<C, C, J>;
/// Two bidirectional layers.
type Two<A, B> = Stacked<Both<A>, Both<B>>;
/// Three bidirectional layers.
type Three<A, B> = Stacked<Two<A, B>, Both<B>>;

type Net = Network<Two<Gru<3, 4>, Lstm<8, 3>>, Dense<6, 4>>;

/// Returns a network with its inputs and classes, in f32.
fn problem(steps: usize) -> (Net, Vec<[f32; 3]>, Vec<Class<4>>) {
    let mut noise = Noise(20);
    (drawn(21, 1.5), noise.vectors(steps), noise.classes(steps))
}

#[test]
fn the_tasks_read_what_training_sees() {
    for steps in [1, 2, 7, 12] {
        let (network, xs, classes) = problem(steps);
        let mut reader = Box::new(Reader::<Net, 12>::ZERO);
        let found = replay(&network, &Zero::ZERO, &xs, (&CrossEntropy, &Each(&classes), 1.0));
        let mut outputs = vec![[0.0; 4]; steps];
        assert_eq!(reader.on(&network).predict_each(&xs, &mut outputs), Ok(steps));
        assert_eq!(bits(outputs.as_flattened()), bits(found.outputs.as_flattened()));
        let mut labels = vec![Class::default(); steps];
        assert_eq!(reader.on(&network).label(&xs, &mut labels), Ok(steps));
        assert_eq!(labels, found.outputs.iter().map(argmax).collect::<Vec<_>>());
        assert_eq!(reader.on(&network).predict(&xs), Ok(found.last));
        assert_eq!(reader.on(&network).classify(&xs), Ok(argmax(&found.last)));
        let mut probabilities = found.last;
        elman::loss::softmax::<Libm<f32>>(&mut probabilities);
        assert_eq!(reader.on(&network).probabilities(&xs), Ok(probabilities));
        let each = reader.on(&network).evaluate(&CrossEntropy, &xs, Each(&classes)).unwrap();
        assert!((each - found.loss).abs() <= 1e-5 * found.loss);
        let ends = replay(&network, &Zero::ZERO, &xs, (&CrossEntropy, &Final(classes[0]), 1.0)).loss;
        assert_eq!(reader.on(&network).evaluate(&CrossEntropy, &xs, Final(classes[0])), Ok(ends));
        let last = replay(&network, &Zero::ZERO, &xs, (&CrossEntropy, &Last(classes[0]), 1.0)).loss;
        assert_eq!(reader.on(&network).evaluate(&CrossEntropy, &xs, Last(classes[0])), Ok(last));
        assert_eq!(last == ends, steps == 1, "what a direction ends with is what it has at the last step of one only");
    }
}

/// For a cell, a reader gives the same bits as the network's own methods.
#[test]
fn a_reader_of_a_cell_agrees_with_the_network() {
    type Net = Network<Gru<3, 4>, Dense<4, 4>>;
    let (network, (_, xs, classes)) = (drawn::<Net>(1, 1.5), problem(7));
    let mut reader = Reader::<Net, 7>::ZERO;
    assert_eq!(reader.on(&network).predict(&xs), network.predict(&xs));
    assert_eq!(reader.on(&network).classify(&xs), network.classify(&xs));
    assert_eq!(reader.on(&network).probabilities(&xs), network.probabilities(&xs));
    let (mut a, mut b) = ([Class::default(); 7], [Class::default(); 7]);
    assert_eq!(reader.on(&network).label(&xs, &mut a), network.label(&xs, &mut b));
    assert_eq!(a, b);
    let (a, b) = (
        reader.on(&network).evaluate(&CrossEntropy, &xs, Each(&classes)),
        network.evaluate(&CrossEntropy, &xs, Each(&classes)),
    );
    assert_eq!(a, b);
}

#[test]
fn bad_input_is_refused_and_changes_nothing() {
    let (mut network, mut xs, classes) = problem(7);
    let mut reader = Box::new(Reader::<Net, 6>::ZERO);
    let mut labels = [Class::new(3).unwrap(); 7];
    let long = SequenceError::TooLong { length: 7, capacity: 6 };
    assert_eq!(reader.on(&network).label(&xs, &mut labels), Err(long));
    assert_eq!(
        reader.on(&network).label(&xs[..6], &mut labels[..5]),
        Err(SequenceError::TooLong { length: 6, capacity: 5 })
    );
    assert_eq!(reader.on(&network).predict::<[f32; 3]>(&[]), Err(SequenceError::Empty));
    let evaluated = reader.on(&network).evaluate(&CrossEntropy, &xs, Each(&classes));
    assert_eq!(evaluated, Err(TrainError::Sequence(long)));
    for bad in [f32::NAN, f32::INFINITY] {
        let former = std::mem::replace(&mut xs[3][1], bad);
        let refused = SequenceError::NonFiniteInput { step: 3 };
        assert_eq!(reader.on(&network).label(&xs[..5], &mut labels), Err(refused));
        assert_eq!(reader.on(&network).classify(&xs[..5]), Err(refused));
        let before = weight_bits(&network);
        let mut workspace = Box::new(Workspace::<_, _, 7, 7>::ZERO);
        let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Sgd { rate: 0.1 })).unwrap();
        assert_eq!(trainer.update(&xs, Each(&classes)), Err(TrainError::Sequence(refused)));
        assert_eq!(weight_bits(&network), before);
        xs[3][1] = former;
    }
    assert_eq!(labels, [Class::new(3).unwrap(); 7]);
    network.readout.w[0][0] = f32::MAX;
    network.readout.b[0] = f32::INFINITY;
    assert_eq!(reader.on(&network).classify(&xs[..5]), Err(SequenceError::NonFiniteOutput { step: 4 }));
    assert_eq!(reader.on(&network).label(&xs[..5], &mut labels), Err(SequenceError::NonFiniteOutput { step: 0 }));
}

/// Steps without a target add no loss, wherever they are; but their inputs matter, unlike a cell's inputs after
/// the last target.
#[test]
fn the_steps_after_the_last_target_matter() {
    let (mut network, xs, classes) = problem(7);
    let masked = [None, Some(classes[1]), None, None, None, None, None];
    let full = replay(&network, &Zero::ZERO, &xs, (&CrossEntropy, &Masked(&masked), 1.0));
    assert!(full.inputs.iter().all(|g| g.iter().any(|&g| g != 0.0)));
    let mut workspace = Box::new(Workspace::<_, _, 7>::ZERO);
    let before = tensors(&network);
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Sgd { rate: 1.0 })).unwrap();
    let report = trainer.update(&xs, Masked(&masked)).unwrap();
    assert_eq!(report.loss.to_bits(), full.loss.to_bits());
    for (((path, before), (_, after)), (_, g)) in before.iter().zip(tensors(&network)).zip(tensors(&*full.gradient)) {
        let want: Vec<f64> = before.iter().zip(&g).map(|(w, g)| f64::from(*w as f32 - *g as f32)).collect();
        assert_close(path, &after, &want, REORDERED);
    }
}

#[test]
fn descent_in_place_is_descent() {
    type Net = Network<Two<Gru<3, 4, F64>, Lstm<8, 3, F64>>, Dense<6, 4, f64>>;
    let (mut kept, mut noise) = (drawn::<Net>(21, 1.5), Noise(20));
    let mut in_place = kept.clone();
    let (xs, classes) = (noise.vectors::<f64, 3>(7), noise.classes::<4>(7));
    let mut workspace = Box::new(Workspace::<_, _, 7, 7>::ZERO);
    Trainer::new(&mut kept, &mut workspace, Config::new(Sgd { rate: 0.1 }))
        .unwrap()
        .update(&xs, Each(&classes))
        .unwrap();
    let mut workspace = Box::new(Workspace::<_, _, 7, 7>::ZERO);
    let config = Config::new(InPlaceSgd { rate: 0.1 });
    Trainer::new(&mut in_place, &mut workspace, config).unwrap().update(&xs, Each(&classes)).unwrap();
    for ((path, want), (_, got)) in tensors(&kept).iter().zip(tensors(&in_place)) {
        assert_close(path, &got, want, REORDERED);
    }
}

/// Both directions stay in flash, while the read-out is trained in RAM.
#[test]
fn frozen_directions_stay_and_the_read_out_learns_alike() {
    type Cell = Gru<3, 4, F64>;
    let whole = drawn::<Network<Both<Cell>, Dense<8, 4, f64>>>(7, 1.5);
    let cell = Bidirectional::<_, _>::new(Frozen(&whole.cell.forward), Frozen(&whole.cell.backward));
    let frozen: Network<Both<Frozen<'_, Cell>>, _> = Network { cell, readout: whole.readout.clone() };
    let mut noise = Noise(8);
    let (xs, classes) = (noise.vectors::<f64, 3>(9), noise.classes::<4>(9));
    let loss = (&CrossEntropy, &Each(&classes), 1.0);
    let (full, found) = (replay(&whole, &Zero::ZERO, &xs, loss), replay(&frozen, &Zero::ZERO, &xs, loss));
    assert_eq!(weight_bits(&found.gradient.readout), weight_bits(&full.gradient.readout));
    assert_eq!(bits(found.inputs.as_flattened()), bits(full.inputs.as_flattened()));
    assert_eq!(size_of_val(&*found.gradient), 8 * 4 * (8 + 1));
}

/// A unit that is always 0 passes no gradient to its partner in the other direction, since the outputs are
/// multiplied element by element.
#[test]
fn a_product_with_zero_passes_nothing() {
    type Net = Network<Bidirectional<Elman<2, 3, F64, 1, Relu>, Elman<2, 3, F64>, Multiply>, Dense<3, 2, f64>>;
    let mut network = drawn::<Net>(1, 1.5);
    network.cell.forward = Zero::ZERO;
    let (xs, values) = (Noise(2).vectors::<f64, 2>(5), Noise(3).vectors::<f64, 2>(5));
    let found = replay(&network, &Zero::ZERO, &xs, (&SquaredError, &Each(&values), 1.0));
    assert!(weight_bits(&found.gradient.cell.backward).iter().all(|&bits| bits << 1 == 0));
    assert!(found.gradient.readout.b.iter().any(|&g| g != 0.0));
}

/// `None` over padding is correct for a cell, as `Masked` states; a bidirectional layer needs the true length.
#[test]
fn padding_is_for_cells_alone() {
    type One = Network<Gru<2, 3, F64>, Dense<3, 2, f64>>;
    type Net = Network<Both<Gru<2, 3, F64>>, Dense<6, 2, f64>>;
    let (one, both) = (drawn::<One>(41, 1.0), drawn::<Net>(42, 1.0));
    let targets: Vec<Class<2>> = Noise(43).classes(4);
    for padding in [1, 3] {
        let xs: Vec<[f64; 2]> = Noise(44).vectors::<f64, 2>(4).into_iter().chain(vec![[0.0; 2]; padding]).collect();
        let masked: Vec<_> = targets.iter().copied().map(Some).chain(vec![None; padding]).collect();
        let mut reader = Reader::<Net, 7>::ZERO;
        let cell = |xs, targets| one.evaluate(&CrossEntropy, xs, Masked(targets)).unwrap();
        assert_eq!(cell(&xs, &masked[..]), cell(&xs[..4], &masked[..4]));
        let mut layer = |xs: &[_], targets| reader.on(&both).evaluate(&CrossEntropy, xs, Masked(targets)).unwrap();
        let (padded, wanted) = (layer(&xs, &masked[..]), layer(&xs[..4], &masked[..4]));
        assert!((padded - wanted).abs() > 1e-3, "{padded} with padding, {wanted} without");
        // The same holds for the gradients.
        let loss = (&CrossEntropy, 1.0);
        let found = |xs, targets| replay(&one, &Zero::ZERO, xs, (loss.0, &Masked(targets), loss.1));
        let [with, without] = [found(&xs, &masked[..]), found(&xs[..4], &masked[..4])];
        assert_eq!(weight_bits(&*with.gradient), weight_bits(&*without.gradient));
        let found = |xs, targets| replay(&both, &Zero::ZERO, xs, (loss.0, &Masked(targets), loss.1));
        let [with, without] = [found(&xs, &masked[..]), found(&xs[..4], &masked[..4])];
        assert_ne!(weight_bits(&*with.gradient), weight_bits(&*without.gradient));
    }
}

#[test]
fn a_layer_takes_what_its_cells_take() {
    type Cell = Gru<12, 32>;
    type Layer = Both<Cell>;
    assert_eq!((size_of::<Layer>(), Layer::COUNT), (2 * size_of::<Cell>(), 2 * Cell::COUNT));
    let ends = 2 * size_of::<<Cell as Part>::State>();
    assert_eq!(size_of::<<Layer as Part>::State>(), ends + size_of::<<Layer as Part>::Output>());
    type Tape<L, const T: usize> = <L as Sequential>::Tape<T, 1>;
    assert_eq!(size_of::<Tape<Layer, 29>>(), 2 * size_of::<Tape<Cell, 29>>());
    // What the upper layer reads is stored once.
    type Above = Both<Gru<64, 16>>;
    let both = size_of::<Tape<Layer, 29>>() + size_of::<Tape<Above, 29>>();
    assert_eq!(size_of::<Tape<Stacked<Layer, Above>, 29>>(), both + 4 * 64 * 29);
    // A window stores the outputs that have a target.
    type Net = Network<Layer, Dense<64, 9>>;
    assert_eq!(size_of::<Window<Net, 29, 1>>(), size_of::<Tape<Layer, 29>>() + 4 * (1 + 9 + 64) + 4);
    assert_eq!(size_of::<Reader<Net, 29>>(), 4 * 64 * 29);
}

/// Only the right context determines the labels: the label of a step is the class of the next step.
#[test]
fn it_learns_what_only_the_right_context_tells() {
    type Net = Network<Stacked<Embedding<3, 4>, Both<Gru<4, 6>>>, Dense<12, 3>>;
    let mut noise = Noise(30);
    let mut network = drawn::<Net>(31, 1.0);
    let mut workspace = Box::new(Workspace::<Net, elman::Adam, 9, 9>::ZERO);
    let mut drawn_text = || -> (Vec<Token<3>>, Vec<Class<3>>) {
        let text: Vec<Token<3>> = noise.classes(9);
        let labels = text.iter().skip(1).copied().chain([Token::default()]).collect();
        (text, labels)
    };
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(elman::Adam::new(0.02))).unwrap();
    for _ in 0..600 {
        let (text, labels) = drawn_text();
        trainer.update(&text, Each(&labels)).unwrap();
    }
    let mut reader = Reader::<Net, 9>::ZERO;
    let (mut right, mut all) = (0, 0);
    for _ in 0..50 {
        let (text, labels) = drawn_text();
        let mut answers = [Class::default(); 9];
        reader.on(&network).label(&text, &mut answers).unwrap();
        right += answers.iter().zip(&labels).filter(|(a, b)| a == b).count();
        all += 9;
    }
    assert!(right * 100 >= all * 99, "{right} of {all}");
}

#[test]
fn for_a_cell_the_end_is_the_last_step() {
    type Net = Network<Stacked<Gru<3, 4>, Lstm<4, 3>>, Dense<3, 4>>;
    let (network, (_, xs, classes)) = (drawn::<Net>(1, 1.5), problem(7));
    let last = replay(&network, &Zero::ZERO, &xs, (&CrossEntropy, &Last(classes[0]), 1.0));
    let end = replay(&network, &Zero::ZERO, &xs, (&CrossEntropy, &Final(classes[0]), 1.0));
    assert_eq!(weight_bits(&*end.gradient), weight_bits(&*last.gradient));
    assert_eq!((end.loss.to_bits(), end.last), (last.loss.to_bits(), *last.outputs.last().unwrap()));
    let trained = |checkpointed: bool| {
        let mut network = network.clone();
        let config = Config::new(Sgd { rate: 1.0 });
        if checkpointed {
            let mut workspace = Box::new(Workspace::<_, _, 3, 1, 3>::ZERO);
            Trainer::new(&mut network, &mut workspace, config).unwrap().update(&xs, Final(classes[0])).unwrap();
        } else {
            let mut workspace = Box::new(Workspace::<_, _, 7>::ZERO);
            Trainer::new(&mut network, &mut workspace, config).unwrap().update(&xs, Last(classes[0])).unwrap();
        }
        weight_bits(&network)
    };
    assert_eq!(trained(true), trained(false));
}
