//! Invalid input returns the error that names it and changes nothing: the next valid update gives the same bits
//! as if the input had not been given.

use elman::error::OutOfRange;
use elman::loss::WeightedCrossEntropy;
use elman::optim::Optimizer;
use elman::trainer::Report;
use elman::{
    Class, Clip, Config, Dense, Each, Elman, Job, Last, Masked, Network, Reduction, SequenceError, Sgd, SquaredError,
    Token, TrainError, Trainer, Workspace, Zero,
};
use host_tests::Noise;
use host_tests::optimizers::{Holds, every_optimizer};
use host_tests::precision::{bits, weight_bits};

mod config;
mod numbers;
mod text;

/// Largest number of steps; up to three of them may have a target.
const STEPS: usize = 6;
const TARGETS: usize = 3;

type Net = Network<Elman<3, 5>, Dense<5, 4>>;
type Work<O> = Workspace<Net, O, STEPS, TARGETS>;
type Training<'a, O> = Trainer<'a, Work<O>>;

/// Sequence that an update must refuse, with its error.
#[derive(Clone, Debug)]
struct Bad {
    xs: Vec<[f32; 3]>,
    targets: Vec<Option<Class<4>>>,
    error: TrainError,
}

/// Returns a valid sequence of `steps` steps, the last with a target.
fn good(steps: usize) -> (Vec<[f32; 3]>, Vec<Option<Class<4>>>) {
    let mut noise = Noise(51);
    let mut targets = vec![None; steps];
    targets[steps - 1] = Some(noise.class());
    (noise.vectors(steps), targets)
}

fn with_input(step: usize, value: f32) -> Bad {
    let (mut xs, targets) = good(STEPS);
    xs[step][step % 3] = value;
    Bad { xs, targets, error: SequenceError::NonFiniteInput { step }.into() }
}

/// Returns every kind of invalid sequence.
fn bad_sequences() -> Vec<Bad> {
    let class = Some(Class::new(1).unwrap());
    let ((six, one), (seven, last)) = (good(STEPS), good(STEPS + 1));
    let mut all = vec![
        Bad { xs: vec![], targets: vec![], error: SequenceError::Empty.into() },
        Bad { xs: seven, targets: last.clone(), error: SequenceError::TooLong { length: 7, capacity: 6 }.into() },
        Bad { xs: six.clone(), targets: last, error: TrainError::TargetCount { targets: 7, steps: 6 } },
        Bad { xs: six.clone(), targets: vec![], error: TrainError::TargetCount { targets: 0, steps: 6 } },
        Bad { xs: six[..5].to_vec(), targets: one, error: TrainError::TargetCount { targets: 6, steps: 5 } },
        Bad {
            xs: six,
            targets: vec![class, class, None, class, None, class],
            error: TrainError::TooManyTargets { targets: 4, capacity: 3 },
        },
    ];
    for step in [0, 3, 5] {
        all.extend([f32::NAN, f32::INFINITY, f32::NEG_INFINITY].map(|value| with_input(step, value)));
    }
    all
}

/// Network being trained, with its workspace, state and configuration.
struct Student<O: Optimizer<Scalar = f32>> {
    network: Net,
    workspace: Work<O>,
    state: [f32; 5],
    config: Config<O>,
}

/// Bits of the loss, the gradient norm, the state and the weights after an update.
type Seen = (u32, Option<u32>, Vec<u64>, Vec<u64>);

impl<O: Optimizer<Scalar = f32>> Student<O> {
    /// Creates a student and performs one update, so that no moment is zero. The weights of the first input are zero,
    /// so that this input saturates no unit.
    fn new(optimizer: O) -> Self {
        let mut noise = Noise(52);
        let mut network = Net::ZERO;
        noise.fill(&mut network, 1.5);
        network.cell.affine.w_ih[0] = [[0.0; 5]];
        let (workspace, state, config) = (Zero::ZERO, noise.vector(), Config::new(optimizer));
        let mut student = Self { network, workspace, state, config };
        let (mut xs, targets) = good(4);
        xs.iter_mut().for_each(|x| x[0] = 0.0);
        student.train(|trainer, state| trainer.update_from(state, &xs, Masked(&targets))).unwrap();
        student
    }

    fn train<T>(&mut self, f: impl FnOnce(&mut Training<'_, O>, &mut [f32; 5]) -> T) -> T {
        f(&mut Trainer::new(&mut self.network, &mut self.workspace, self.config).unwrap(), &mut self.state)
    }

    /// Returns the bits of the state and of the weights, which can be read without another update.
    fn bits(&self) -> [Vec<u64>; 2] {
        [bits(&self.state), weight_bits(&self.network)]
    }

    /// Performs the next valid update, whose results also depend on the gradient and the moments.
    fn good_update(&mut self) -> Seen {
        let (xs, targets) = good(5);
        let report = self.train(|trainer, state| trainer.update_from(state, &xs, Masked(&targets))).unwrap();
        let Report { loss, gradient_norm } = report;
        (loss.to_bits(), gradient_norm.map(f32::to_bits), bits(&self.state), weight_bits(&self.network))
    }
}

/// Checks that `f` fails with `error` and leaves everything unchanged.
fn assert_refused<O: Optimizer<Scalar = f32>>(
    what: &str,
    optimizer: O,
    error: TrainError,
    f: impl FnOnce(&mut Training<'_, O>, &mut [f32; 5]) -> Result<(), TrainError>,
) {
    let [mut student, mut untouched] = [(); 2].map(|()| Student::new(optimizer));
    let before = student.bits();
    assert_eq!(student.train(f), Err(error), "{what}");
    assert_eq!(student.bits(), before, "{what}: state or weights changed");
    assert_eq!(student.good_update(), untouched.good_update(), "{what}: something else changed");
    assert_eq!(student.good_update(), untouched.good_update(), "{what}: something else changed");
}

struct RefusesBadSequences;

impl Holds<f32> for RefusesBadSequences {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        for Bad { xs, targets, error } in bad_sequences() {
            let what = format!("{name}, {error:?}");
            let targets = Masked(&targets[..]);
            assert_refused(&what, optimizer, error, |t, state| t.update_from(state, &xs, targets).map(drop));
            assert_refused(&what, optimizer, error, |t, _| t.update(&xs, targets).map(drop));
            assert_refused(&what, optimizer, error, |t, state| t.accumulate(state, &xs, targets).map(drop));
            assert_refused(&what, optimizer, error, |t, state| {
                let mut job = Job::new(&xs, targets).from_state(*state);
                t.begin(&mut job)?;
                let first = loop {
                    match t.poll(&mut job) {
                        Ok(None) => {}
                        Ok(Some(_)) => return Ok(()),
                        Err(error) => break error,
                    }
                };
                assert_eq!(t.poll(&mut job), Err(TrainError::StaleJob), "the job is over");
                Err(first)
            });
        }
    }
}

#[test]
fn bad_sequences_are_refused() {
    every_optimizer(&RefusesBadSequences);
}

struct RefusesToApplyNothing;

impl Holds<f32> for RefusesToApplyNothing {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        assert_refused(name, optimizer, TrainError::NothingAccumulated, |t, _| t.apply().map(drop));
        assert_refused(name, optimizer, TrainError::NothingAccumulated, |t, state| {
            assert!(t.accumulate(state, &[[f32::NAN; 3]], Masked(&[None])).is_err());
            t.apply().map(drop)
        });
    }
}

#[test]
fn applying_nothing_is_refused() {
    every_optimizer(&RefusesToApplyNothing);
}

struct KeepsWhatWasAccumulated;

impl Holds<f32> for KeepsWhatWasAccumulated {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        for Bad { xs, targets, error } in bad_sequences() {
            let [mut student, mut untouched] = [(); 2].map(|()| Student::new(optimizer));
            let (good_xs, good_targets) = good(3);
            for student in [&mut student, &mut untouched] {
                student.train(|t, state| t.accumulate(state, &good_xs, Masked(&good_targets))).unwrap();
            }
            let found = student.train(|t, state| t.accumulate(state, &xs, Masked(&targets)));
            assert_eq!(found, Err(error), "{name}");
            assert_eq!(student.train(|t, _| t.apply()), untouched.train(|t, _| t.apply()), "{name}, {error:?}");
            assert_eq!(student.bits(), untouched.bits(), "{name}, {error:?}");
        }
    }
}

#[test]
fn a_bad_sequence_of_a_batch_leaves_the_others() {
    every_optimizer(&KeepsWhatWasAccumulated);
}

#[test]
fn bad_targets_are_named() {
    let mut network = Net::ZERO;
    let mut workspace = Workspace::<Net, Sgd, STEPS, TARGETS>::ZERO;
    let config = Config::new(Sgd { rate: 0.1 }).with_loss(SquaredError);
    let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
    let xs = [[0.5; 3]; 3];
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for step in 0..3 {
            let mut targets = [[0.25; 4]; 3];
            targets[step][step] = value;
            assert_eq!(trainer.update(&xs, Each(&targets)), Err(TrainError::NonFiniteTarget { step }));
        }
        let error = TrainError::NonFiniteTarget { step: 2 };
        assert_eq!(trainer.update(&xs, Last([0.0, 0.0, value, 0.0])), Err(error));
    }
    assert_eq!(weight_bits(trainer.network().unwrap()), weight_bits(&Net::ZERO));
    let error = TrainError::TargetCount { targets: 2, steps: 3 };
    assert_eq!(trainer.update(&xs, Each(&[[0.0; 4]; 2])), Err(error));
    assert_eq!(trainer.update(&xs, Each(&[[f32::MAX; 4]; 3])), Err(TrainError::NonFiniteLoss));
    assert_eq!(weight_bits(trainer.network().unwrap()), weight_bits(&Net::ZERO));
}

#[test]
fn targets_that_weigh_nothing_are_no_targets() {
    let mut network = Net::ZERO;
    let mut workspace = Workspace::<Net, Sgd, STEPS, TARGETS>::ZERO;
    let loss = WeightedCrossEntropy { weights: [1.0, 0.0, 0.0, 2.0] };
    for steps in [Reduction::Sum, Reduction::Mean] {
        let config = Config { optimizer: Sgd { rate: 0.1 }, loss, clip: Clip::None, steps, sequences: steps };
        let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
        assert_eq!(trainer.update(&[[0.5; 3]], Last(Class::new(1).unwrap())), Err(TrainError::NoTarget));
        assert!(trainer.update(&[[0.5; 3]], Last(Class::new(3).unwrap())).is_ok());
    }
}

#[test]
fn tokens_and_classes_out_of_range_are_refused() {
    assert_eq!(Token::<4>::new(4), Err(OutOfRange { index: 4, size: 4 }));
    assert_eq!(Token::<4>::new(usize::MAX), Err(OutOfRange { index: usize::MAX, size: 4 }));
    assert_eq!(Class::<1>::new(1), Err(OutOfRange { index: 1, size: 1 }));
    assert_eq!(Token::<4>::new(3).map(Token::index), Ok(3));
    assert_eq!(Token::<65536>::new(65535).map(Token::index), Ok(65535));
    assert_eq!(Token::<65536>::new(65536), Err(OutOfRange { index: 65536, size: 65536 }));
}
