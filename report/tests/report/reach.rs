//! Reach of a target's gradient in layers that read both ways, compared with the core and finite differences.

use crate::{motions, network};
use elman::cell::{Cell, LstmState};
use elman::dense::{LearnedReadout, Readout};
use elman::layer::{Add, Concat, Ends, Multiply};
use elman::loss::Loss;
use elman::target::Targets;
use elman::{
    Adam, Bidirectional, Class, Config, CrossEntropy, Dense, Gru, Job, Layer, Libm, Lstm, Masked, Network, Stacked,
    Trainer, Workspace, Xoshiro128, Zero, init,
};
use elman_report::{Observe, Trace};
use elman_trainer::{Sample, ToEach, ToOne};
use std::array::from_fn;

/// Number of steps, chosen so that the middle step has a different index when counted from the end.
const STEPS: usize = 6;
/// Step with the middle label.
const MIDDLE: usize = 3;

type Inputs = Vec<[f32; 3]>;
type Mixed<J> = Bidirectional<Gru<3, 4>, Lstm<3, 4>, J>;
type State<Y> = Ends<[f32; 4], LstmState<f32, 4>, Y>;

fn labelled() -> ToEach<[f32; 3], Class<2>> {
    let ToOne { mut inputs, .. } = motions::<2>().remove(1);
    inputs.truncate(STEPS);
    ToEach { targets: (0..STEPS).map(|t| Class::new(t % 2).unwrap()).collect(), inputs }
}

fn norm(x: &[f32]) -> f64 {
    x.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt()
}

/// Returns each visited step with the gradient of the state before the visit, computed by the core's trainer.
fn by_the_core<C, R>(
    mut network: Network<C, R>,
    inputs: &Inputs,
    targets: impl Targets<Class<2>>,
) -> Vec<(usize, C::State)>
where
    C: Layer<[f32; 3], Scalar = f32>,
    R: LearnedReadout<C::Output, Scalar = f32, Output = [f32; 2]>,
    CrossEntropy: Loss<C::Math, [f32; 2], Target = Class<2>>,
{
    let mut work = Workspace::<Network<C, R>, Adam, STEPS, STEPS>::ZERO;
    let mut trainer = Trainer::new(&mut network, &mut work, Config::new(Adam::new(0.1))).unwrap();
    let mut job = Job::new(inputs, targets);
    trainer.begin(&mut job).unwrap();
    let mut gradients = Vec::new();
    while trainer.poll(&mut job).unwrap().is_none() {
        gradients.extend(trainer.gradient_of_state().map(|(visit, gradient)| (visit, *gradient)));
    }
    gradients
}

/// Compares the norms of both directions with the core's, except at the steps of the target's output.
fn compare<Y>(trace: &Trace, gradients: &[(usize, State<Y>)], [forward, backward]: [usize; 2]) {
    let [f, h, c] = &trace.gradient[..] else { panic!("{} parts", trace.gradient.len()) };
    assert_eq!([f, h, c].map(|reach| reach.name.as_str()), ["h forward", "h backward", "c backward"]);
    assert_eq!([f, h, c].map(|reach| reach.from), [forward, backward, backward]);
    let mut compared = 0;
    for (visit, gradient) in gradients {
        // The state before a visit is the state after the previous visit.
        match visit.checked_sub(STEPS + 1) {
            Some(read) if STEPS - 1 - read != backward => {
                let step = STEPS - 1 - read;
                let core = [norm(&gradient.backward.h), norm(&gradient.backward.c)];
                assert_eq!([h.norms[step], c.norms[step]], core, "backward {step}");
                compared += 1;
            }
            None if (1..STEPS).contains(visit) && visit - 1 != forward => {
                assert_eq!(f.norms[visit - 1], norm(&gradient.forward), "forward {}", visit - 1);
                compared += 1;
            }
            _ => {}
        }
    }
    let known = |from: usize, first: usize| (first..first + STEPS - 1).filter(|step| *step != from).count();
    assert_eq!(compared, known(forward, 0) + known(backward, 1));
    // States after the target's step do not influence its loss.
    assert!(f.norms.iter().enumerate().all(|(step, norm)| (*norm > 0.0) == (step <= forward)), "{:?}", f.norms);
    assert!(h.norms.iter().enumerate().all(|(step, norm)| (*norm > 0.0) == (step >= backward)), "{:?}", h.norms);
}

fn follows_the_core<C, R, Y>()
where
    C: Observe<[f32; 3], Scalar = f32, State = State<Y>, Math = Libm<f32>> + Zero + Clone,
    R: LearnedReadout<C::Output, Scalar = f32, Output = [f32; 2]> + Zero + Clone,
{
    let (net, sample) = (network::<Network<C, R>>(), labelled());
    let middle: Vec<_> = (0..STEPS).map(|t| (t == MIDDLE).then_some(sample.targets[t])).collect();
    let gradients = by_the_core(net.clone(), &sample.inputs, Masked(&middle));
    compare(&Trace::of(&net, &sample), &gradients, [MIDDLE, MIDDLE]);
    // The gradient of a target for the whole sequence starts at the end of each direction.
    let whole = ToOne { inputs: sample.inputs, target: Class::new(1).unwrap() };
    let gradients = by_the_core(net.clone(), &whole.inputs, whole.targets());
    compare(&Trace::of(&net, &whole), &gradients, [STEPS - 1, 0]);
}

#[test]
fn the_gradient_is_that_of_the_core() {
    follows_the_core::<Mixed<Concat>, Dense<8, 2>, _>();
    follows_the_core::<Mixed<Add>, Dense<4, 2>, _>();
    follows_the_core::<Mixed<Multiply>, Dense<4, 2>, _>();
}

type M = Libm<f64>;
type Lower = Bidirectional<Gru<3, 4, M>, Lstm<3, 4, M>>;
type Upper = Bidirectional<Lstm<8, 4, M>, Gru<8, 4, M>>;
type Deep = Network<Stacked<Lower, Upper>, Dense<8, 2, f64>>;
/// Index of layer and direction, step, unit, and the amount added to the unit's h.
type Nudge = (usize, usize, usize, f64);

/// Returns the outputs of a direction, with h changed by `nudge` if there is one.
fn run<C: Cell<X, Output = [f64; 4]> + Layer<X>, X>(
    cell: &C,
    xs: &mut dyn Iterator<Item = (usize, &X)>,
    nudge: Option<Nudge>,
) -> [[f64; 4]; STEPS] {
    let (mut state, mut outputs) = (C::State::ZERO, [[0.0; 4]; STEPS]);
    for (t, x) in xs {
        cell.step(&mut state, x);
        if let Some((_, step, unit, by)) = nudge
            && step == t
        {
            C::output_mut(&mut state)[unit] += by;
        }
        outputs[t] = *C::output(&state);
    }
    outputs
}

/// Returns the loss of the middle target, with one unit of one state changed by `nudge`.
fn loss(net: &Deep, sample: &ToEach<[f64; 3], Class<2>>, nudge: Nudge) -> f64 {
    let at = |place: usize| Some(nudge).filter(|nudge| nudge.0 == place);
    let xs = &sample.inputs;
    let f = run(&net.cell.lower.forward, &mut xs.iter().enumerate(), at(0));
    let b = run(&net.cell.lower.backward, &mut xs.iter().enumerate().rev(), at(1));
    let read: [[[f64; 4]; 2]; STEPS] = from_fn(|t| [f[t], b[t]]);
    let f = run(&net.cell.upper.forward, &mut read.iter().enumerate(), at(2));
    let b = run(&net.cell.upper.backward, &mut read.iter().enumerate().rev(), at(3));
    let mut logits = [0.0; 2];
    net.readout.forward(&[f[MIDDLE], b[MIDDLE]], &mut logits);
    Loss::<M, _>::evaluate(&CrossEntropy, &mut logits, &sample.targets[MIDDLE], 1.0)
}

#[test]
fn the_gradient_is_that_of_finite_differences() {
    let mut net = Deep::ZERO;
    init::orthogonal::<M, _>(&mut net, &mut Xoshiro128::from_seed(5));
    let ToEach { inputs, targets } = labelled();
    let sample = ToEach { inputs: inputs.iter().map(|x| x.map(f64::from)).collect(), targets };
    let trace = Trace::of(&net, &sample);
    let names = ["h of layer 1 forward", "h of layer 1 backward", "h of layer 2 forward", "h of layer 2 backward"];
    for (place, name) in names.iter().enumerate() {
        let reach = trace.gradient.iter().find(|reach| reach.name == *name).unwrap();
        for step in 0..STEPS {
            let by = 1e-5;
            let slope = |unit| {
                (loss(&net, &sample, (place, step, unit, by)) - loss(&net, &sample, (place, step, unit, -by)))
                    / (2.0 * by)
            };
            let expected = (0..4).map(|unit| slope(unit).powi(2)).sum::<f64>().sqrt();
            let seen = reach.norms[step];
            assert!((seen - expected).abs() <= 1e-8 * expected.max(1e-2), "{name}, step {step}: {seen} {expected}");
        }
    }
}
