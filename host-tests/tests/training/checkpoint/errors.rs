//! Errors with a checkpointed tape, and the state after an error or after an update dropped midway.

use elman::trainer::Abandoned;
use elman::{
    Adam, Clip, Config, Dense, Elman, Job, Masked, Network, Reduction, SequenceError, SquaredError, TrainError,
    Trainer, Workspace,
};
use host_tests::Noise;
use host_tests::plain::drawn;
use host_tests::precision::{bits, weight_bits};

/// Number of steps in a segment. The tape has three segments, each with room for one target.
const T: usize = 2;
const P: usize = 3;
const STEPS: usize = T * P;

type Net = Network<Elman<3, 5>, Dense<5, 4>>;
type Work = Workspace<Net, Adam, T, 1, P>;
type Training<'a> = Trainer<'a, Work, SquaredError>;
type Aims = Vec<Option<[f32; 4]>>;

/// Network being trained, with its workspace and state.
struct Student {
    network: Net,
    workspace: Box<Work>,
    state: [f32; 5],
}

/// Bits of the state and of the weights.
type Seen = [Vec<u64>; 2];

impl Student {
    /// Creates a student and performs one update, so that no moment is zero. The weights of the first input are zero,
    /// so that the size of this input shows only in the gradient.
    fn new() -> Self {
        let mut network = drawn::<Net>(81, 1.5);
        network.cell.affine.w_ih[0] = [[0.0; 5]];
        let mut student = Self { network, workspace: Box::new(Workspace::ZERO), state: Noise(82).vector() };
        let (mut xs, aims) = good(4);
        xs.iter_mut().for_each(|x| x[0] = 0.0);
        student.train(|trainer, state| trainer.update_from(state, &xs, Masked(&aims))).unwrap();
        student
    }

    fn train<R>(&mut self, f: impl FnOnce(&mut Training<'_>, &mut [f32; 5]) -> R) -> R {
        let config = Config::new(Adam::new(0.05)).with_loss(SquaredError);
        f(&mut Trainer::new(&mut self.network, &mut self.workspace, config).unwrap(), &mut self.state)
    }

    fn seen(&self) -> Seen {
        [bits(&self.state), weight_bits(&self.network)]
    }

    /// Performs the next update, whose results also depend on the accumulated gradient and the moments.
    fn next(&mut self) -> (u32, Option<u32>, Seen) {
        let (xs, aims) = good(5);
        let report = self.train(|trainer, state| trainer.update_from(state, &xs, Masked(&aims))).unwrap();
        (report.loss.to_bits(), report.gradient_norm.map(f32::to_bits), self.seen())
    }

    /// Runs `slices` slices of an update and drops the job. Returns `true` if they complete the update.
    fn slices(&mut self, xs: &[[f32; 3]], aims: &Aims, slices: usize) -> bool {
        self.train(|trainer, state| {
            let mut job = Job::new(xs, Masked(aims)).from_state(*state);
            trainer.begin(&mut job).unwrap();
            let done = (0..slices).any(|_| trainer.poll(&mut job).unwrap().is_some());
            *state = *job.state();
            done
        })
    }

    /// Runs the rest of an update whose job was dropped, in `slices` slices.
    fn resume(&mut self, xs: &[[f32; 3]], aims: &Aims, slices: usize) {
        self.train(|trainer, state| {
            let mut job = Job::new(xs, Masked(aims)).from_state(*state);
            assert_eq!(trainer.begin(&mut job), Err(TrainError::UnderWay));
            assert_eq!(trainer.poll(&mut job), Err(TrainError::StaleJob));
            trainer.resume(&mut job).unwrap();
            (1..slices).for_each(|_| assert_eq!(trainer.poll(&mut job), Ok(None)));
            assert!(trainer.poll(&mut job).unwrap().is_some());
            *state = *job.state();
        });
    }

    /// Returns a student that has accumulated a gradient and then performed a whole update.
    fn complete(xs: &[[f32; 3]], aims: &Aims) -> Self {
        let mut student = Self::accumulating();
        student.train(|trainer, state| trainer.update_from(state, xs, Masked(aims))).unwrap();
        student
    }

    /// Returns a student that has accumulated the gradient of a valid sequence.
    fn accumulating() -> Self {
        let mut student = Self::new();
        let (xs, aims) = good(STEPS);
        student.train(|trainer, state| trainer.accumulate(&mut state.clone(), &xs, Masked(&aims))).unwrap();
        student
    }
}

/// Returns a valid sequence, with a target at the last step of each segment.
fn good(steps: usize) -> (Vec<[f32; 3]>, Aims) {
    let mut noise = Noise(83);
    let aims = (0..steps).map(|t| (t % T == T - 1 || t + 1 == steps).then(|| noise.vector())).collect();
    (noise.vectors(steps), aims)
}

/// Sequence that fails, with its error.
struct Bad {
    xs: Vec<[f32; 3]>,
    aims: Aims,
    error: TrainError,
    /// True if the error is found only after part of the sequence's gradient has been added.
    late: bool,
}

fn bad() -> Vec<Bad> {
    let ((xs, aims), (longer, more)) = (good(STEPS), good(STEPS + 1));
    let aim = Some([0.25; 4]);
    let refused = |xs: &[[f32; 3]], aims: &[_], error| Bad { xs: xs.to_vec(), aims: aims.to_vec(), error, late: false };
    let mut all = vec![
        refused(&[], &[], SequenceError::Empty.into()),
        refused(&longer, &more, SequenceError::TooLong { length: 7, capacity: 6 }.into()),
        refused(&xs, &more, TrainError::TargetCount { targets: 7, steps: 6 }),
        refused(&xs, &[None, aim, aim, aim, None, aim], TrainError::TooManyTargets { targets: 2, capacity: 1 }),
        refused(&xs, &[aim, aim, None, None, None, aim], TrainError::TooManyTargets { targets: 2, capacity: 1 }),
        refused(&xs, &[None, aim, None, aim, aim, aim], TrainError::TooManyTargets { targets: 2, capacity: 1 }),
    ];
    for step in 0..STEPS {
        let mut xs = xs.clone();
        xs[step][1] = f32::NAN;
        all.push(refused(&xs, &aims, SequenceError::NonFiniteInput { step }.into()));
    }
    for step in [1, 3, 5] {
        let mut aims = aims.clone();
        aims[step] = Some([f32::INFINITY; 4]);
        all.push(refused(&xs, &aims, TrainError::NonFiniteTarget { step }));
        aims[step] = Some([f32::MAX; 4]);
        all.push(Bad { late: step < STEPS - T, ..refused(&xs, &aims, TrainError::NonFiniteLoss) });
    }
    for step in 0..STEPS {
        let (mut xs, mut aims) = (xs.clone(), aims.clone());
        xs[step][0] = 3e38;
        aims[step / T * T + 1] = Some([1e6, -1e6, 2e6, 3e6]);
        all.push(Bad { late: step < STEPS - T, ..refused(&xs, &aims, TrainError::NonFiniteGradient) });
    }
    all
}

/// Accumulates a sequence, whole or in slices.
fn ways(trainer: &mut Training<'_>, state: &mut [f32; 5], bad: &Bad, sliced: bool) -> Result<(), TrainError> {
    if !sliced {
        return trainer.accumulate(state, &bad.xs, Masked(&bad.aims)).map(drop);
    }
    let mut job = Job::new(&bad.xs, Masked(&bad.aims)).from_state(*state);
    trainer.begin_accumulate(&mut job)?;
    loop {
        match trainer.poll(&mut job) {
            Ok(None) => {}
            Ok(Some(_)) => return Ok(()),
            Err(error) => {
                let after = (trainer.poll(&mut job), trainer.gradient_of_state());
                assert_eq!(after, (Err(TrainError::StaleJob), None), "the job is over");
                return Err(error);
            }
        }
    }
}

#[test]
fn every_error_leaves_what_it_says() {
    for (bad, sliced) in bad().into_iter().flat_map(|bad| [false, true].map(|sliced| (copy(&bad), sliced))) {
        let what = format!("{:?}, late: {}, sliced: {sliced}", bad.error, bad.late);
        let mut student = Student::accumulating();
        let before = student.seen();
        let found = student.train(|trainer, state| ways(trainer, state, &bad, sliced));
        assert_eq!(found, Err(bad.error), "{what}");
        assert_eq!(student.seen(), before, "{what}: state or weights changed");
        // A late error drops the accumulated gradient and nothing else; an early error, not even that.
        let mut wanted = if bad.late { Student::new() } else { Student::accumulating() };
        let nothing = Err(TrainError::NothingAccumulated);
        assert_eq!(student.train(|trainer, _| trainer.apply()), wanted.train(|trainer, _| trainer.apply()), "{what}");
        assert_eq!(bad.late, wanted.train(|trainer, _| trainer.apply()) == nothing && wanted.seen() == before);
        assert_eq!(student.next(), wanted.next(), "{what}");
        assert_eq!(student.next(), wanted.next(), "{what}");
    }
}

fn copy(bad: &Bad) -> Bad {
    Bad { xs: bad.xs.clone(), aims: bad.aims.clone(), ..*bad }
}

#[test]
fn a_target_in_each_segment_fits_one_slot() {
    let (xs, aims) = good(STEPS);
    let mut student = Student::new();
    let mut full = student.network.clone();
    student.workspace.reset();
    student.state = [0.0; 5];
    let report = student.train(|trainer, state| trainer.update_from(state, &xs, Masked(&aims))).unwrap();
    let mut workspace = Workspace::<Net, Adam, STEPS, STEPS>::ZERO;
    let (clip, steps, sequences) = (Clip::None, Reduction::Sum, Reduction::Sum);
    let config = Config { optimizer: Adam::new(0.05), loss: SquaredError, clip, steps, sequences };
    let wanted = Trainer::new(&mut full, &mut workspace, config).unwrap().update(&xs, Masked(&aims)).unwrap();
    assert_eq!(report, wanted);
    assert_eq!(weight_bits(&student.network), weight_bits(&full));
}

#[test]
fn an_abandoned_job_leaves_what_it_says() {
    // Where the last target is not in the last segment, its segment is repeated before anything is added.
    for (steps, end) in [(STEPS, STEPS), (5, 5), (STEPS, 4), (2, 2)] {
        let (xs, mut aims) = good(steps);
        aims[end..].fill(None);
        let held = (steps - 1) / T * T;
        let again = if end <= held { end - (end - 1) / T * T } else { 0 };
        let first = (end - 1) / T * T;
        let before_the_gradient = steps + again + aims[first..end].iter().flatten().count() + (end - first);
        for dropped in 0..200 {
            let what = format!("{steps} steps, target at {end}, abandoned after {dropped}");
            let mut student = Student::accumulating();
            let (done, before) = (student.slices(&xs, &aims, dropped), student.seen());
            let abandoned = student.train(|trainer, _| trainer.abandon());
            let mut wanted = match abandoned {
                Ok(Abandoned::Sequence) => Student::accumulating(),
                Ok(Abandoned::Gradient) => Student::new(),
                Ok(Abandoned::Nothing) | Err(_) => Student::complete(&xs, &aims),
            };
            assert_eq!(abandoned == Ok(Abandoned::Sequence), dropped <= before_the_gradient, "{what}");
            assert_eq!(abandoned == Ok(Abandoned::Nothing), done, "{what}");
            if let Err(TrainError::Unfinished { slices }) = abandoned {
                assert_eq!(
                    student.train(|trainer, _| trainer.network().map(drop)),
                    Err(TrainError::Unfinished { slices })
                );
                student.resume(&xs, &aims, slices);
            } else {
                assert_eq!(student.seen(), before, "{what}");
            }
            assert_eq!(student.seen(), wanted.seen(), "{what}");
            assert_eq!(student.next(), wanted.next(), "{what}");
            if done {
                break;
            }
            assert!(dropped < 199, "the update ends");
        }
    }
}
