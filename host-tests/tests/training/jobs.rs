//! Jobs: when they are refused, what a trainer returns during a job, and the gradients of the inputs.

use elman::error::ConfigError;
use elman::optim::{InPlaceSgd, Optimizer};
use elman::trainer::{Abandoned, Report};
use elman::{
    Class, Clip, Config, Dense, Gru, Job, Last, Libm, Masked, Network, Reduction, Sgd, TrainError, Trainer, Workspace,
    Zero,
};
use host_tests::Noise;
use host_tests::precision::weight_bits;

const STEPS: usize = 5;

type Net = Network<Gru<3, 4, Libm<f64>>, Dense<4, 2, f64>>;
type WorkOf<O> = Workspace<Net, O, STEPS, STEPS>;
type Work = WorkOf<Sgd<f64>>;
/// Job that owns its sequence.
type Lesson = Job<Work, [[f64; 3]; STEPS], Last<Class<2>>>;

const CONFIG: Config<Sgd<f64>> = Config::new(Sgd { rate: 0.1 });

fn network() -> Net {
    let mut network = Net::ZERO;
    Noise(71).fill(&mut network, 1.0);
    network
}

fn lesson() -> Lesson {
    let mut noise = Noise(72);
    Job::new(std::array::from_fn(|_| noise.vector()), Last(noise.class()))
}

/// Polls a job until it is done.
fn finish(trainer: &mut Trainer<'_, Work>, job: &mut Lesson) -> Report<f64> {
    std::iter::repeat_with(|| trainer.poll(job).unwrap()).find_map(|report| report).unwrap()
}

#[test]
fn an_owned_job_may_lie_in_a_static() {
    fn holds<T: Send + 'static>() {}
    holds::<Lesson>();
    holds::<Trainer<'static, Work>>();
    let (inputs, _, state) = lesson().into_parts();
    assert_eq!((&inputs, state), (lesson().inputs(), [0.0; 4]));
}

#[test]
fn a_job_that_is_not_under_way_is_refused() {
    let (mut one, mut two) = (network(), network());
    let (mut here, mut there) = (Work::ZERO, Work::ZERO);
    let mut trainer = Trainer::new(&mut one, &mut here, CONFIG).unwrap();
    let mut other = Trainer::new(&mut two, &mut there, CONFIG).unwrap();
    let (mut job, mut late) = (lesson(), lesson());
    assert_eq!(trainer.poll(&mut job), Err(TrainError::StaleJob), "never begun");
    trainer.begin(&mut job).unwrap();
    other.begin(&mut late).unwrap();
    assert_eq!(trainer.poll(&mut late), Err(TrainError::StaleJob), "begun in another workspace, as its first too");
    assert_eq!(trainer.begin(&mut late), Err(TrainError::UnderWay));
    assert_eq!(trainer.begin(&mut job), Err(TrainError::UnderWay), "begun twice");
    assert_eq!(trainer.update(&[[0.5; 3]], Last(Class::default())).err(), Some(TrainError::UnderWay));
    assert_eq!(trainer.apply(), Err(TrainError::UnderWay));
    finish(&mut trainer, &mut job);
    assert_eq!(trainer.poll(&mut job), Err(TrainError::StaleJob), "done");
    assert_eq!(trainer.resume(&mut job), Err(TrainError::StaleJob), "nothing to resume");
    assert_eq!(trainer.abandon(), Ok(Abandoned::Nothing));
}

#[test]
fn only_as_many_steps_resume_a_lost_job() {
    let (mut network, mut work) = (network(), Work::ZERO);
    let mut trainer = Trainer::new(&mut network, &mut work, CONFIG).unwrap();
    trainer.begin(&mut lesson()).unwrap();
    let mut shorter = Job::new([[0.5; 3]; 2], Last(Class::default()));
    assert_eq!(trainer.resume(&mut shorter), Err(TrainError::OtherSequence { steps: 2, expected: STEPS }));
    let mut again = lesson();
    trainer.resume(&mut again).unwrap();
    finish(&mut trainer, &mut again);
}

/// A new trainer for each slice continues the job, and refuses another configuration until the job is done.
#[test]
fn a_job_outlives_its_trainer() {
    let (mut whole, mut work) = (network(), Work::ZERO);
    let mut job = lesson();
    Trainer::new(&mut whole, &mut work, CONFIG).unwrap().update(lesson().inputs(), Last(job.targets().0)).unwrap();
    let (mut sliced, mut work) = (network(), Work::ZERO);
    Trainer::new(&mut sliced, &mut work, CONFIG).unwrap().begin(&mut job).unwrap();
    loop {
        let mut trainer = Trainer::new(&mut sliced, &mut work, CONFIG).unwrap();
        assert_eq!(trainer.reconfigure(CONFIG), Err(ConfigError::UnderWay));
        if trainer.poll(&mut job).unwrap().is_some() {
            assert_eq!(trainer.reconfigure(CONFIG), Ok(()));
            break;
        }
    }
    assert_eq!(weight_bits(&sliced), weight_bits(&whole));
}

type Targets = [Option<Class<2>>; STEPS];

/// Returns the loss of an accumulated sequence, and for each step the gradient of its input, if it is available
/// afterwards.
fn accumulated<O>(optimizer: O, xs: &[[f64; 3]], targets: &Targets) -> (f64, Vec<Option<[f64; 3]>>)
where
    O: Optimizer<Scalar = f64>,
{
    let (mut network, mut work) = (network(), Box::new(WorkOf::<O>::ZERO));
    let mut trainer = Trainer::new(&mut network, &mut work, Config::new(optimizer)).unwrap();
    assert_eq!(trainer.input_gradient::<[f64; 3]>(0), None, "nothing was gone back through");
    let loss = trainer.accumulate(&mut [0.0; 4], xs, Masked(&targets[..xs.len()])).unwrap();
    (loss, (0..=STEPS).map(|step| trainer.input_gradient::<[f64; 3]>(step)).collect())
}

#[test]
fn the_gradients_of_the_inputs_are_central_differences() {
    const H: f64 = 1e-5;
    let mut noise = Noise(73);
    // The last steps have no target, so nothing depends on their inputs.
    let targets: Targets = std::array::from_fn(|step| [0, 3].contains(&step).then(|| noise.class()));
    for steps in [1, 4, STEPS] {
        let xs: Vec<[f64; 3]> = noise.vectors(steps);
        let (_, found) = accumulated(Sgd { rate: 0.1 }, &xs, &targets);
        assert!(found[steps..].iter().all(Option::is_none), "no such step");
        for (step, gradient) in found[..steps].iter().enumerate() {
            for (i, &found) in gradient.unwrap().iter().enumerate() {
                let loss = |nudge: f64| {
                    let mut xs = xs.clone();
                    xs[step][i] += nudge;
                    accumulated(Sgd { rate: 0.1 }, &xs, &targets).0
                };
                let wanted = (loss(H) - loss(-H)) / (2.0 * H);
                assert!(
                    (found - wanted).abs() < 1e-9,
                    "{steps} steps, input {i} of step {step}: {found}, not {wanted}"
                );
                assert!(step < 4 || found == 0.0);
            }
        }
    }
}

/// At the end, a checkpointed tape gives the input gradients of the first segment and the zeros after the last
/// target.
#[test]
fn a_checkpointed_tape_has_the_gradients_of_one_segment() {
    let xs: Vec<[f64; 3]> = Noise(75).vectors(STEPS);
    let targets: Targets = std::array::from_fn(|step| (step == 3).then(Class::default));
    let (_, full) = accumulated(Sgd { rate: 0.1 }, &xs, &targets);
    let (mut network, mut work) = (network(), Workspace::<Net, Sgd<f64>, 2, 2, 3>::ZERO);
    let mut trainer = Trainer::new(&mut network, &mut work, CONFIG).unwrap();
    trainer.accumulate(&mut [0.0; 4], &xs, Masked(&targets)).unwrap();
    let found: Vec<_> = (0..STEPS).map(|step| trainer.input_gradient::<[f64; 3]>(step)).collect();
    assert_eq!(found, [full[0], full[1], None, None, Some([0.0; 3])]);
}

#[test]
fn weights_that_changed_give_no_gradient_of_an_input() {
    let (xs, targets) = (Noise(74).vectors(STEPS), [Some(Class::default()); STEPS]);
    let (_, in_place) = accumulated(InPlaceSgd { rate: 0.1 }, &xs, &targets);
    assert!(in_place.iter().all(Option::is_none));
    let (mut network, mut work) = (network(), Work::ZERO);
    let config = Config { clip: Clip::Norm(1.0), steps: Reduction::Mean, ..CONFIG };
    let mut trainer = Trainer::new(&mut network, &mut work, config).unwrap();
    trainer.accumulate(&mut [0.0; 4], &xs, Masked(&targets)).unwrap();
    assert!(trainer.input_gradient::<[f64; 3]>(0).is_some());
    trainer.apply().unwrap();
    assert_eq!(trainer.input_gradient::<[f64; 3]>(0), None);
    trainer.update(&xs, Masked(&targets)).unwrap();
    assert_eq!(trainer.input_gradient::<[f64; 3]>(0), None);
}
