//! Windows without a target carry the state and change nothing else; within a batch, targets of weight 0 do not
//! count.

use elman::loss::{Loss, WeightedCrossEntropy};
use elman::optim::Optimizer;
use elman::target::{Tail, Targets};
use elman::trainer::Report;
use elman::{
    Bidirectional, Class, Clip, Config, CrossEntropy, Dense, Elman, Last, Masked, Network, Reader, Reduction, Sgd,
    TrainError, Trainer, Workspace, Zero,
};
use host_tests::Noise;
use host_tests::in_slices;
use host_tests::optimizers::{Holds, every_optimizer};
use host_tests::plain::drawn;
use host_tests::precision::{bits, weight_bits};

const STEPS: usize = 6;

type Net = Network<Elman<3, 5>, Dense<5, 4>>;
type Weighted = WeightedCrossEntropy<4>;
type Work<O> = Workspace<Net, O, STEPS, STEPS>;
type Sequence = (Vec<[f32; 3]>, Vec<Option<Class<4>>>);

/// Loss that ignores class 1.
const LOSS: Weighted = Weighted { weights: [1.0, 0.0, 3.0, 0.5] };

/// Network in training.
struct Student<O: Optimizer<Scalar = f32>> {
    network: Net,
    work: Box<Work<O>>,
    state: [f32; 5],
    config: Config<O, Weighted>,
}

impl<O: Optimizer<Scalar = f32>> Student<O> {
    fn new(optimizer: O, [steps, sequences]: [Reduction; 2]) -> Self {
        let config = Config { optimizer, loss: LOSS, clip: Clip::None, steps, sequences };
        Self { network: drawn(5, 1.0), work: Box::new(Zero::ZERO), state: Noise(6).vector(), config }
    }

    fn train<T>(&mut self, f: impl FnOnce(&mut Trainer<'_, Work<O>, Weighted>, &mut [f32; 5]) -> T) -> T {
        f(&mut Trainer::new(&mut self.network, &mut self.work, self.config).unwrap(), &mut self.state)
    }

    fn seen(&self) -> [Vec<u64>; 2] {
        [bits(&self.state), weight_bits(&self.network)]
    }

    /// Returns the state and the weights after one more update, which makes them depend on gradient and moments too.
    fn learned(&mut self) -> [Vec<u64>; 2] {
        let (xs, targets) = sequence(4, 2);
        self.state = [0.25; 5];
        self.train(|trainer, state| trainer.update_from(state, &xs, Masked(&targets))).unwrap();
        self.seen()
    }
}

/// Draws `steps` inputs, each with the same class as target.
fn sequence(steps: usize, class: usize) -> Sequence {
    (Noise(8).vectors(steps), vec![Some(Class::new(class).unwrap()); steps])
}

fn reductions() -> impl Iterator<Item = [Reduction; 2]> {
    let all = [Reduction::Sum, Reduction::Mean];
    all.into_iter().flat_map(move |steps| all.map(|sequences| [steps, sequences]))
}

/// Performs an update, whole or in slices.
fn updated<O: Optimizer<Scalar = f32>>(
    student: &mut Student<O>,
    xs: &[[f32; 3]],
    targets: impl Targets<Class<4>>,
    sliced: bool,
) -> Result<Report<f32>, TrainError> {
    student.train(|trainer, state| {
        if !sliced {
            return trainer.update_from(state, xs, targets);
        }
        in_slices(trainer, state, xs, targets)
    })
}

/// Returns the state after the steps.
fn reached(network: &Net, mut state: [f32; 5], xs: &[[f32; 3]]) -> Vec<u64> {
    xs.iter().for_each(|x| elman::Step::step(&network.cell, &mut state, x));
    bits(&state)
}

struct CarriesTheState;

impl Holds<f32> for CarriesTheState {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        for (reductions, sliced) in reductions().flat_map(|r| [(r, false), (r, true)]) {
            for accumulated in [false, true] {
                let what = format!("{name}, {reductions:?}, sliced {sliced}, accumulated {accumulated}");
                let [mut student, mut untouched] = [(); 2].map(|()| Student::new(optimizer, reductions));
                for student in [&mut student, &mut untouched] {
                    student.learned();
                    let (xs, targets) = sequence(3, 0);
                    if accumulated {
                        student.train(|t, state| t.accumulate(state, &xs, Masked(&targets))).unwrap();
                    }
                }
                for steps in [1, 5] {
                    let (xs, _) = sequence(steps, 0);
                    let wanted = [reached(&student.network, student.state, &xs), weight_bits(&student.network)];
                    let report = if steps == 1 {
                        updated(&mut student, &xs, Masked(&[None]), sliced)
                    } else {
                        updated(&mut student, &xs, Tail(&[]), sliced)
                    };
                    assert_eq!(report, Ok(Report { loss: 0.0, gradient_norm: None }), "{what}");
                    assert_eq!(student.seen(), wanted, "{what}");
                }
                let applied = student.train(|trainer, _| trainer.apply());
                assert_eq!(applied, untouched.train(|trainer, _| trainer.apply()), "{what}");
                assert_eq!(applied.is_ok(), accumulated, "{what}");
                assert_eq!(student.learned(), untouched.learned(), "{what}");
            }
        }
    }
}

#[test]
fn a_window_without_a_target_carries_the_state() {
    every_optimizer(&CarriesTheState);
}

struct IgnoresTheClass;

impl Holds<f32> for IgnoresTheClass {
    /// Puts a sequence of the ignored class first, in the middle and last in a batch, whole and in slices.
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        let (ignored, counted) = (sequence(6, 1), [sequence(2, 0), sequence(5, 2)]);
        for (reductions, at) in reductions().flat_map(|r| (0..3).map(move |at| (r, at))) {
            let what = format!("{name}, {reductions:?}, {at}");
            let [mut student, mut sliced, mut without] = [(); 3].map(|()| Student::new(optimizer, reductions));
            for (i, (xs, targets)) in counted.iter().enumerate() {
                without.state = [0.0; 5];
                without.train(|t, state| t.accumulate(state, xs, Masked(targets))).unwrap();
                for other in [&mut student, &mut sliced] {
                    if i == at {
                        other.state = [0.0; 5];
                        let loss = other.train(|t, state| t.accumulate(state, &ignored.0, Masked(&ignored.1)));
                        assert_eq!(loss, Ok(0.0), "{what}");
                        assert_eq!(bits(&other.state), reached(&other.network, [0.0; 5], &ignored.0), "{what}");
                    }
                    other.state = [0.0; 5];
                    other.train(|t, state| t.accumulate(state, xs, Masked(targets))).unwrap();
                }
            }
            if at == 2 {
                student.train(|t, state| t.accumulate(state, &ignored.0, Masked(&ignored.1))).unwrap();
            }
            let norm = without.train(|trainer, _| trainer.apply());
            assert_eq!(student.train(|trainer, _| trainer.apply()), norm, "{what}");
            // The last sequence comes with the update. It is of the ignored class, but the rest of the batch is not.
            let report = updated(&mut sliced, &ignored.0, Masked(&ignored.1), true).unwrap();
            assert_eq!((report.loss, Ok(report.gradient_norm)), (0.0, norm), "{what}");
            assert_eq!(weight_bits(&student.network), weight_bits(&without.network), "{what}");
            assert_eq!(weight_bits(&sliced.network), weight_bits(&without.network), "{what}");
        }
    }
}

#[test]
fn a_class_of_weight_zero_is_ignored_in_a_batch() {
    every_optimizer(&IgnoresTheClass);
}

struct RefusesABatchThatWeighsNothing;

impl Holds<f32> for RefusesABatchThatWeighsNothing {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        for reductions in reductions() {
            let what = format!("{name}, {reductions:?}");
            let [mut student, mut untouched] = [(); 2].map(|()| Student::new(optimizer, reductions));
            assert_eq!(student.learned(), untouched.learned());
            let before = student.seen();
            let (xs, targets) = sequence(3, 1);
            for sliced in [false, true] {
                assert_eq!(updated(&mut student, &xs, Masked(&targets), sliced), Err(TrainError::NoTarget), "{what}");
            }
            assert_eq!(student.seen(), before, "{what}");
            for targets in [&targets[..], &[None; 3]] {
                let loss = student.train(|trainer, state| trainer.accumulate(state, &xs, Masked(targets)));
                assert_eq!(loss, Ok(0.0), "{what}");
                assert_eq!(student.train(|trainer, _| trainer.apply()), Err(TrainError::NoTarget), "{what}");
                assert_eq!(weight_bits(&student.network), before[1], "{what}");
            }
            assert_eq!(student.learned(), untouched.learned(), "{what}");
        }
    }
}

#[test]
fn a_batch_that_weighs_nothing_is_refused() {
    every_optimizer(&RefusesABatchThatWeighsNothing);
}

/// A step whose target has weight 0 gives the same report and the same bits as a step without a target.
#[test]
fn steps_that_weigh_nothing_are_steps_without_a_target() {
    let (xs, targets) = (Noise(9).vectors::<f32, 3>(6), [1, 0, 1, 1, 2, 1].map(|c| Some(Class::new(c).unwrap())));
    let masked = targets.map(|target| target.filter(|class| class.index() != 1));
    for reductions in reductions() {
        let [mut given, mut without] = [(); 2].map(|()| Student::new(Sgd { rate: 0.1 }, reductions));
        let reports =
            [updated(&mut given, &xs, Masked(&targets), false), updated(&mut without, &xs, Masked(&masked), true)];
        assert_eq!(reports[0], reports[1]);
        assert_eq!(given.seen(), without.seen());
    }
    // Two slots are enough for the two targets that count.
    let (mut network, mut work): (Net, _) = (drawn(5, 1.0), Workspace::<Net, Sgd, 6, 2>::ZERO);
    let config = Student::new(Sgd { rate: 0.1 }, [Reduction::Mean; 2]).config;
    Trainer::new(&mut network, &mut work, config).unwrap().update(&xs, Masked(&targets)).unwrap();
}

#[test]
fn a_state_that_is_not_finite_is_not_carried() {
    let mut student = Student::new(Sgd { rate: 0.1 }, [Reduction::Sum; 2]);
    student.network.cell.affine.b[0][0][2] = f32::NAN;
    let before = student.seen();
    let (xs, _) = sequence(3, 0);
    let found = updated(&mut student, &xs, Masked(&[None; 3]), false).map(drop);
    assert_eq!(found, Err(elman::SequenceError::NonFiniteOutput { step: 2 }.into()));
    assert_eq!(student.seen(), before);
}

#[test]
fn evaluation_does_as_training() {
    type Both = Network<Bidirectional<Elman<3, 5>>, Dense<10, 4>>;
    let (network, both) = (drawn::<Net>(5, 1.0), drawn::<Both>(6, 1.0));
    let (xs, targets) = sequence(3, 1);
    let mut state = [0.5; 5];
    assert_eq!(network.evaluate_from(&mut state, &CrossEntropy, &xs, Masked(&[None; 3])), Ok(0.0));
    assert_eq!(bits(&state), reached(&network, [0.5; 5], &xs));
    let mut reader = Reader::<Both, 3>::ZERO;
    assert_eq!(reader.on(&both).evaluate(&CrossEntropy, &xs, Tail(&[])), Ok(0.0));
    assert_eq!(network.evaluate(&LOSS, &xs, Masked(&targets)), Err(TrainError::NoTarget));
    assert_eq!(reader.on(&both).evaluate(&LOSS, &xs, Masked(&targets)), Err(TrainError::NoTarget));
    let some = [targets[0], None, Some(Class::new(2).unwrap())];
    let weight: f32 = Loss::<elman::Libm<f32>, [f32; 4]>::weight(&LOSS, &some[2].unwrap());
    let last = network.evaluate(&CrossEntropy, &xs, Last(some[2].unwrap())).unwrap();
    assert_eq!(network.evaluate(&LOSS, &xs, Masked(&some)), Ok(weight * last));
}
