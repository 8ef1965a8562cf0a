//! Checkpointed tapes: the same bits as with a full tape, in less memory; errors; and the size of a tape.

use elman::target::Targets;
use elman::{
    Adam, Class, Clip, Config, Dense, Each, Elman, Gru, Job, Last, Lstm, Masked, Network, Parameters, Stacked, Token,
    TrainError, Trainer, Workspace, Zero,
};
use host_tests::Noise;
use host_tests::cells::Trained;
use host_tests::plain::drawn;
use host_tests::precision::weight_bits;
use std::fmt::Debug;

mod errors;
mod health;
mod sizes;

/// Number of steps of the longest sequence.
const LONGEST: usize = 12;
const H: usize = 5;
const K: usize = 4;

type Net<C> = Network<C, Dense<H, K>>;

/// Targets of any kind, in one type.
#[derive(Clone, Debug)]
enum Aims {
    Last(Class<K>),
    Each(Vec<Class<K>>),
    Masked(Vec<Option<Class<K>>>),
}

impl Targets<Class<K>> for &Aims {
    fn at(&self, step: usize, steps: usize) -> Option<&Class<K>> {
        match self {
            Aims::Last(class) => (step + 1 == steps).then_some(class),
            Aims::Each(classes) => classes.get(step),
            Aims::Masked(classes) => classes.get(step)?.as_ref(),
        }
    }
    fn check(&self, steps: usize) -> Result<(), TrainError> {
        match self {
            Aims::Last(class) => Last(*class).check(steps),
            Aims::Each(classes) => Each(classes).check(steps),
            Aims::Masked(classes) => Masked(classes).check(steps),
        }
    }
}

/// Returns every kind of target for `steps` steps, including masked ones that end in an earlier segment than the
/// sequence.
fn aims(noise: &mut Noise, steps: usize) -> Vec<Aims> {
    let mut masked = |keep: &dyn Fn(usize) -> bool| {
        let classes = noise.classes(steps).into_iter().enumerate();
        Aims::Masked(classes.map(|(t, class)| keep(t).then_some(class)).collect())
    };
    let some =
        [masked(&|t| t % 3 == 0), masked(&|t| t == 0), masked(&|t| t == steps / 2), masked(&|t| t + 1 < steps.max(2))];
    [Aims::Last(noise.class()), Aims::Each(noise.classes(steps))].into_iter().chain(some).collect()
}

/// Loss, norm, state and weights after each update; the state is text, since different floats have different
/// `Debug` outputs.
type Seen = Vec<(u32, Option<u32>, String, Vec<u64>)>;

/// Performs four updates, each from the state that the previous one left. `slices`, if given, is the expected number
/// of slices.
fn learn<
    C: Trained<X, Scalar = f32, Output = [f32; H], State: Debug>,
    X,
    const T: usize,
    const S: usize,
    const P: usize,
>(
    network: &Net<C>,
    (xs, aims): (&[X], &Aims),
    slices: Option<usize>,
) -> Seen {
    let (mut network, mut state) = (network.clone(), C::State::ZERO);
    let mut workspace = Box::new(Workspace::<Net<C>, Adam, T, S, P>::ZERO);
    let config = Config { clip: Clip::Norm(0.5), ..Config::new(Adam::new(0.05)) };
    let update = |_| {
        let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
        let report = match slices {
            None => trainer.update_from(&mut state, xs, aims).unwrap(),
            Some(slices) => {
                let mut job = Job::new(xs, aims).from_state(state);
                trainer.begin(&mut job).unwrap();
                (1..slices).for_each(|slice| assert_eq!(trainer.poll(&mut job), Ok(None), "slice {slice} of {slices}"));
                let report = trainer.poll(&mut job).unwrap().expect("as many slices as documented");
                state = *job.state();
                report
            }
        };
        let norm = report.gradient_norm.map(f32::to_bits);
        (report.loss.to_bits(), norm, format!("{state:?}"), weight_bits(&network))
    };
    (0..4).map(update).collect()
}

/// Returns the number of slices of an update: one for each step forward, each repeated step of the segments
/// except the last, each target, each step back and each row of a segment's gradient; two for each 64 parameters.
fn slices<C: Trained<X, Scalar = f32, Output = [f32; H], State: Debug>, X, const T: usize>(
    steps: usize,
    aims: &Aims,
) -> usize {
    let end = (0..steps).rev().find(|&t| aims.at(t, steps).is_some()).unwrap() + 1;
    let held = (steps - 1) / T * T;
    let again = end.min(held);
    let units = C::UNITS + H + 1;
    let targets = (0..steps).filter(|&t| aims.at(t, steps).is_some()).count();
    steps + again + targets + end + units * end.div_ceil(T) + 2 * Net::<C>::COUNT.div_ceil(64)
}

fn agrees<C: Trained<X, Scalar = f32, Output = [f32; H], State: Debug>, X, const T: usize, const P: usize>(
    network: &Net<C>,
    case: (&[X], &Aims),
    want: &Seen,
) {
    let what = format!("{}, {} steps, {P} segments of {T}, {:?}", std::any::type_name::<C>(), case.0.len(), case.1);
    assert_eq!(&learn::<C, X, T, T, P>(network, case, None), want, "{what}");
    let slices = slices::<C, X, T>(case.0.len(), case.1);
    assert_eq!(&learn::<C, X, T, T, P>(network, case, Some(slices)), want, "{what}, in slices");
}

/// Checks that a window gives the same bits with every tape as with a full tape of its length.
fn same_bits<C: Trained<X, Scalar = f32, Output = [f32; H], State: Debug>, X>(
    draw: impl Fn(&mut Noise, usize) -> Vec<X>,
) {
    let (network, mut noise) = (drawn::<Net<C>>(61, 1.5), Noise(62));
    for steps in [1, 2, 3, 4, 5, 8, 11, LONGEST] {
        let xs = draw(&mut noise, steps);
        for aims in aims(&mut noise, steps) {
            let case = (&xs[..], &aims);
            let full = learn::<C, X, LONGEST, LONGEST, 1>(&network, case, None);
            agrees::<C, X, LONGEST, 1>(&network, case, &full);
            agrees::<C, X, { LONGEST + 5 }, 1>(&network, case, &full);
            agrees::<C, X, 1, LONGEST>(&network, case, &full);
            agrees::<C, X, 2, 6>(&network, case, &full);
            agrees::<C, X, 5, 3>(&network, case, &full);
            agrees::<C, X, LONGEST, 2>(&network, case, &full);
        }
    }
}

fn dense(noise: &mut Noise, steps: usize) -> Vec<[f32; 3]> {
    noise.vectors(steps)
}

fn tokens(noise: &mut Noise, steps: usize) -> Vec<Token<3>> {
    noise.classes(steps)
}

#[test]
fn elman_has_the_same_bits() {
    same_bits::<Elman<3, H>, _>(dense);
    same_bits::<Elman<3, H>, _>(tokens);
}

#[test]
fn gru_has_the_same_bits() {
    same_bits::<Gru<3, H>, _>(dense);
}

#[test]
fn lstm_has_the_same_bits() {
    same_bits::<Lstm<3, H>, _>(dense);
}

#[test]
fn stacked_has_the_same_bits() {
    same_bits::<Stacked<Gru<3, 4>, Lstm<4, H>>, _>(dense);
    same_bits::<Stacked<Elman<3, 4>, Gru<4, H>>, _>(tokens);
}
