//! An update gives the same bits whole, in slices and interrupted; it trains every tensor; a network learns a
//! task.

use elman::int8::PerUnit;
use elman::optim::{Adagrad, AdamW, InPlaceSgd, Momentum, Optimizer, RmsProp, Rounded};
use elman::trainer::{Abandoned, Report};
use elman::{
    Adam, Clip, Config, Dense, Each, Elman, Job, Last, Network, Parameters, Sgd, Token, TrainError, Trainer, Workspace,
    Zero,
};
use host_tests::Noise;
use host_tests::optimizers::{Holds, every_optimizer};
use host_tests::precision::{bits, tensors, weight_bits};

const STEPS: usize = 6;

/// Asserts the property for every optimizer, with rounded weights too.
fn every_rule(property: &impl Holds<f32>) {
    every_optimizer(property);
    property.assert("Rounded Sgd", Rounded::<_>::new(Sgd { rate: 0.1 }));
    property.assert("Rounded Adam", Rounded::<_, PerUnit>::new(Adam::new(0.1)));
}

type Net<const I: usize, const H: usize, const K: usize> = Network<Elman<I, H>, Dense<H, K>>;

/// Way to run an update.
#[derive(Clone, Copy, Debug)]
enum Way {
    Whole,
    Slices,
    /// In slices, abandoned after this many.
    Abandoned(usize),
    /// In slices, with the job dropped after this many.
    Lost(usize),
}

/// Network being trained, with everything that an update changes.
struct Student<O: Optimizer<Scalar = f32>, const I: usize, const H: usize, const K: usize> {
    network: Net<I, H, K>,
    workspace: Workspace<Net<I, H, K>, O, STEPS, STEPS>,
    state: [f32; H],
    config: Config<O>,
    noise: Noise,
}

/// Bits of a report, of the state and of the weights.
type Seen = (Option<(u32, Option<u32>)>, Vec<u64>, Vec<u64>);

impl<O: Optimizer<Scalar = f32>, const I: usize, const H: usize, const K: usize> Student<O, I, H, K> {
    fn new(optimizer: O) -> Self {
        let clip = if O::KEEPS_GRADIENT { Clip::Norm(0.8) } else { Clip::None };
        let mut noise = Noise(21);
        let mut network = Zero::ZERO;
        noise.fill(&mut network, 1.5);
        Self {
            network,
            workspace: Zero::ZERO,
            state: noise.vector(),
            config: Config { clip, ..Config::new(optimizer) },
            noise,
        }
    }

    /// Performs one update with the next sequence.
    fn update(&mut self, way: Way) -> Seen {
        let (xs, classes) = (self.noise.vectors::<f32, I>(STEPS), self.noise.classes::<K>(STEPS));
        let mut trainer = Trainer::new(&mut self.network, &mut self.workspace, self.config).unwrap();
        let mut job = Job::new(&xs, Each(&classes)).from_state(self.state);
        let slices = match way {
            Way::Whole => {
                let report = trainer.update_from(&mut self.state, &xs, Each(&classes)).unwrap();
                return self.seen(Some(report));
            }
            Way::Slices => Self::SLICES,
            Way::Abandoned(slices) | Way::Lost(slices) => slices,
        };
        trainer.begin(&mut job).unwrap();
        let mut report = (0..slices).find_map(|_| trainer.poll(&mut job).unwrap());
        if let Way::Abandoned(_) = way {
            match trainer.abandon() {
                Ok(Abandoned::Nothing) => assert!(report.is_some()),
                Ok(_) => assert_eq!(trainer.poll(&mut job), Err(TrainError::StaleJob)),
                Err(unfinished) => {
                    assert_eq!(trainer.network().err(), Some(unfinished));
                    let TrainError::Unfinished { slices } = unfinished else { panic!("{unfinished}") };
                    report = (0..slices).find_map(|_| trainer.poll(&mut job).unwrap());
                    assert!(report.is_some(), "{slices} slices are enough");
                }
            }
        }
        if !matches!(way, Way::Lost(_)) {
            self.state = *job.state();
        }
        self.seen(report)
    }

    fn seen(&self, report: Option<Report<f32>>) -> Seen {
        let report = report.map(|report| (report.loss.to_bits(), report.gradient_norm.map(f32::to_bits)));
        (report, bits(&self.state), weight_bits(&self.network))
    }

    /// Draws the next sequence without training on it.
    fn skip(&mut self) -> Seen {
        let _: (Vec<[f32; I]>, Vec<Token<K>>) = (self.noise.vectors(STEPS), self.noise.classes(STEPS));
        self.seen(None)
    }

    /// Number of slices of one update: each step forward, its loss, each step back, each row of the gradient and, if
    /// the gradient is kept, two for each 64 parameters; where weights are rounded, one for each of the five tensors.
    const SLICES: usize = Self::UP_TO_THE_GRADIENT
        + if O::KEEPS_GRADIENT { 2 * Net::<I, H, K>::COUNT.div_ceil(64) } else { 0 }
        + if O::SETTLES { 5 } else { 0 };
    /// Number of slices until the gradient is complete.
    const UP_TO_THE_GRADIENT: usize = Self::BEFORE_THE_GRADIENT + (I + H + 1) + (H + 1);
    /// Number of slices before the gradient.
    const BEFORE_THE_GRADIENT: usize = 3 * STEPS;
}

struct SlicesAreWhole<const I: usize, const H: usize, const K: usize>;

impl<const I: usize, const H: usize, const K: usize> Holds<f32> for SlicesAreWhole<I, H, K> {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        let [mut whole, mut sliced] = [(); 2].map(|()| Student::<O, I, H, K>::new(optimizer));
        for update in 0..4 {
            let (whole, sliced) = (whole.update(Way::Whole), sliced.update(Way::Slices));
            assert!(sliced.0.is_some(), "{name}: {} slices are enough", Student::<O, I, H, K>::SLICES);
            assert_eq!(whole, sliced, "{name}, update {update}");
        }
    }
}

#[test]
fn an_update_in_slices_has_the_bits_of_the_whole() {
    every_rule(&SlicesAreWhole::<1, 1, 2>);
    every_rule(&SlicesAreWhole::<3, 5, 4>);
    every_rule(&SlicesAreWhole::<7, 17, 9>);
    // Exactly 64 and 128 parameters.
    every_rule(&SlicesAreWhole::<1, 6, 2>);
    every_rule(&SlicesAreWhole::<3, 8, 4>);
}

struct OneSliceLessIsNotEnough;

impl Holds<f32> for OneSliceLessIsNotEnough {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        let mut student = Student::<O, 3, 5, 4>::new(optimizer);
        let (xs, classes) = (student.noise.vectors::<f32, 3>(STEPS), student.noise.classes::<4>(STEPS));
        let mut trainer = Trainer::new(&mut student.network, &mut student.workspace, student.config).unwrap();
        let mut job = Job::new(&xs, Each(&classes)).from_state(student.state);
        trainer.begin(&mut job).unwrap();
        for slice in 1..Student::<O, 3, 5, 4>::SLICES {
            assert_eq!(trainer.poll(&mut job), Ok(None), "{name}, slice {slice}");
        }
        assert!(trainer.poll(&mut job).unwrap().is_some(), "{name}");
        assert_eq!(trainer.poll(&mut job), Err(TrainError::StaleJob), "{name}: a job that is done is over");
    }
}

#[test]
fn the_work_is_cut_into_as_many_slices_as_documented() {
    every_rule(&OneSliceLessIsNotEnough);
}

struct AbandonedIsForgottenOrComplete;

impl Holds<f32> for AbandonedIsForgottenOrComplete {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        let slices = Student::<O, 3, 5, 4>::SLICES;
        for abandoned in 0..=slices {
            let [mut student, mut wanted] = [(); 2].map(|()| Student::<O, 3, 5, 4>::new(optimizer));
            student.update(Way::Whole);
            wanted.update(Way::Whole);
            let (_, state, weights) = student.update(Way::Abandoned(abandoned));
            // With a gradient kept, the weights change once it is whole and its norm is known.
            let forgotten = if O::KEEPS_GRADIENT {
                abandoned <= Student::<O, 3, 5, 4>::UP_TO_THE_GRADIENT + Net::<3, 5, 4>::COUNT.div_ceil(64)
            } else {
                abandoned <= Student::<O, 3, 5, 4>::BEFORE_THE_GRADIENT
            };
            let want = if forgotten { wanted.skip() } else { wanted.update(Way::Whole) };
            assert_eq!((state, weights), (want.1, want.2), "{name}, abandoned after {abandoned}");
            assert_eq!(student.update(Way::Whole), wanted.update(Way::Whole), "{name}, the update after {abandoned}");
        }
    }
}

#[test]
fn an_abandoned_update_is_forgotten_or_complete() {
    every_rule(&AbandonedIsForgottenOrComplete);
}

struct EveryTensorMoves;

impl Holds<f32> for EveryTensorMoves {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        let mut student = Student::<O, 3, 5, 4>::new(optimizer);
        let before = tensors(&student.network);
        student.update(Way::Whole);
        for ((path, before), (_, after)) in before.iter().zip(tensors(&student.network)) {
            let still = before.iter().zip(&after).filter(|(before, after)| before == after).count();
            assert_eq!(still, 0, "{name}: {still} elements of {path} stand still");
        }
    }
}

#[test]
fn every_element_of_every_tensor_moves() {
    every_optimizer(&EveryTensorMoves);
}

struct AccumulatingIsUpdating;

impl Holds<f32> for AccumulatingIsUpdating {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        let [mut one, mut two] = [(); 2].map(|()| Student::<O, 3, 5, 4>::new(optimizer));
        for _ in 0..3 {
            let want = one.update(Way::Whole);
            let (xs, classes) = (two.noise.vectors::<f32, 3>(STEPS), two.noise.classes::<4>(STEPS));
            let mut trainer = Trainer::new(&mut two.network, &mut two.workspace, two.config).unwrap();
            let loss = trainer.accumulate(&mut two.state, &xs, Each(&classes)).unwrap();
            let gradient_norm = trainer.apply().unwrap();
            assert_eq!(two.seen(Some(Report { loss, gradient_norm })), want, "{name}");
        }
    }
}

#[test]
fn accumulate_and_apply_have_the_bits_of_an_update() {
    every_rule(&AccumulatingIsUpdating);
}

struct ResetStartsAnew;

impl Holds<f32> for ResetStartsAnew {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        let mut used = Student::<O, 3, 5, 4>::new(optimizer);
        used.update(Way::Whole);
        used.update(Way::Lost(Student::<O, 3, 5, 4>::SLICES - 1));
        used.workspace.reset();
        let fresh = Student::<O, 3, 5, 4>::new(optimizer);
        let mut used = Student { workspace: used.workspace, ..fresh };
        let mut fresh = Student::<O, 3, 5, 4>::new(optimizer);
        assert_eq!(used.update(Way::Whole), fresh.update(Way::Whole), "{name}");
        assert_eq!(used.update(Way::Whole), fresh.update(Way::Whole), "{name}");
    }
}

#[test]
fn a_workspace_that_is_reset_is_as_new() {
    every_rule(&ResetStartsAnew);
}

/// Task of recalling the first symbol after `GAP` others, which only a gradient through time can teach.
struct RemembersTheFirst;

const GAP: usize = 5;

impl Holds<f32> for RemembersTheFirst {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        type Memoriser = Network<Elman<4, 16>, Dense<16, 2>>;
        let mut noise = Noise(41);
        let mut network = Memoriser::ZERO;
        noise.fill(&mut network, 1.0);
        let mut workspace = Workspace::<_, O, { GAP + 1 }, 1>::ZERO;
        let example = |noise: &mut Noise| {
            let mut xs = noise.classes::<4>(GAP + 1);
            let first = noise.class::<2>();
            xs[0] = Token::new(first.index()).unwrap();
            (xs, first)
        };
        let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(optimizer)).unwrap();
        for _ in 0..3000 {
            let (xs, first) = example(&mut noise);
            trainer.update(&xs, Last(first)).unwrap();
        }
        let right = (0..200).filter(|_| {
            let (xs, first) = example(&mut noise);
            let mut state = Zero::ZERO;
            let outputs: Vec<[f32; 2]> = xs.iter().map(|x| network.step(&mut state, x)).collect();
            (outputs[GAP][1] > outputs[GAP][0]) == (first.index() == 1)
        });
        assert_eq!(right.count(), 200, "{name}");
    }
}

#[test]
fn the_first_symbol_is_remembered() {
    RemembersTheFirst.assert("InPlaceSgd", InPlaceSgd { rate: 0.1 });
    RemembersTheFirst.assert("Sgd", Sgd { rate: 0.1 });
    RemembersTheFirst.assert("Momentum", Momentum { rate: 0.01, momentum: 0.9 });
    RemembersTheFirst.assert("Adagrad", Adagrad::new(0.05));
    RemembersTheFirst.assert("RmsProp", RmsProp::new(0.002));
    RemembersTheFirst.assert("Adam", Adam::new(0.005));
    RemembersTheFirst.assert("AdamW", AdamW::new(0.005));
}
