//! Three gestures in a long stream with rests in between: each is reported once, and unknown movements are not
//! reported.

use elman::loss::softmax;
use elman::stream::{MovingAverage, Refractory, Staggered, Threshold};
use elman::{
    Adam, Class, Clip, Config, Dense, Gru, Last, Libm, Network, Random, Trainer, Workspace, Xoshiro128, Zero, init,
};
use std::f32::consts::{FRAC_PI_2, TAU};
use std::ops::Range;

const WINDOW: usize = HOP * OPEN;
const HOP: usize = 6;
const OPEN: usize = 4;
/// Refractory period in hops, longer than a window and shorter than the shortest rest.
const PERIOD: u32 = 6;
const CLASSES: usize = 5;
type Net = Network<Gru<2, 16>, Dense<16, CLASSES>>;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Movement {
    Rest,
    Sideways,
    UpAndDown,
    Circle,
    /// Random movement, used to learn what is not a gesture.
    Random,
    // Never shown to the network.
    Diagonal,
    ReversedCircle,
    Eight,
}
use Movement::{Circle, Diagonal, Eight, Random as Anything, Rest, ReversedCircle, Sideways, UpAndDown};

const GESTURES: [Movement; 3] = [Sideways, UpAndDown, Circle];
const REST: usize = 0;
const OTHER: usize = 4;

impl Movement {
    fn class(self) -> usize {
        match self {
            Rest => REST,
            Sideways => 1,
            UpAndDown => 2,
            Circle => 3,
            Anything | Diagonal | ReversedCircle | Eight => OTHER,
        }
    }

    fn is_gesture(self) -> bool {
        GESTURES.contains(&self)
    }

    /// Draws the oscillations of both axes.
    fn draw(self, rng: &mut Xoshiro128) -> [Wave; 2] {
        let x = Wave { reach: rng.uniform(0.8, 1.2), pace: rng.uniform(0.35, 0.45), phase: rng.uniform(0.0, TAU) };
        let still = Wave { reach: 0.0, ..x };
        let later = |angle| Wave { phase: x.phase + angle, ..x };
        match self {
            Rest => [still, still],
            Sideways => [x, still],
            UpAndDown => [still, x],
            Circle => [x, later(FRAC_PI_2)],
            Anything => [(); 2].map(|()| Wave {
                reach: rng.uniform(0.0, 1.5),
                pace: rng.uniform(0.1, 1.5),
                phase: rng.uniform(0.0, TAU),
            }),
            Diagonal => [x, x],
            ReversedCircle => [x, later(-FRAC_PI_2)],
            Eight => [x, Wave { pace: 2.0 * x.pace, phase: 2.0 * x.phase, ..x }],
        }
    }
}

/// Oscillation of one axis.
#[derive(Clone, Copy, Debug)]
struct Wave {
    reach: f32,
    pace: f32,
    phase: f32,
}

impl Wave {
    fn at(&self, t: usize) -> f32 {
        self.reach * (self.phase + self.pace * t as f32).sin()
    }
}

/// Samples of a sensor, and the ranges that belong to movements.
#[derive(Default)]
struct Recording {
    samples: Vec<[f32; 2]>,
    movements: Vec<(Movement, Range<usize>)>,
}

impl Recording {
    /// Draws `count` movements, taken from `movements` in turn, each after a rest.
    fn new(seed: u64, movements: &[Movement], count: usize) -> Self {
        let (mut recording, mut rng) = (Self::default(), Xoshiro128::from_seed(seed));
        for &movement in movements.iter().cycle().take(count) {
            let rest = 60 + rng.below(60) as usize;
            recording.add(Rest, rest, &mut rng);
            let length = 48 + rng.below(24) as usize;
            recording.add(movement, length, &mut rng);
        }
        recording
    }

    fn add(&mut self, movement: Movement, length: usize, rng: &mut Xoshiro128) {
        let (start, waves) = (self.samples.len(), movement.draw(rng));
        for t in 0..length {
            self.samples.push(waves.map(|wave| wave.at(t) + 0.1 * rng.normal::<Libm<f32>>()));
        }
        if movement != Rest {
            self.movements.push((movement, start..self.samples.len()));
        }
    }

    /// Returns the class of the movement that fills three quarters of a window or more, [`REST`] if movements fill at
    /// most a quarter of it, and `None` otherwise.
    fn class(&self, start: usize) -> Option<usize> {
        let shared = |range: &Range<usize>| (start + WINDOW).min(range.end).saturating_sub(start.max(range.start));
        let shares = self.movements.iter().map(|(movement, range)| (shared(range), movement.class()));
        match shares.max()? {
            (shared, class) if 4 * shared >= 3 * WINDOW => Some(class),
            (shared, _) if 4 * shared <= WINDOW => Some(REST),
            _ => None,
        }
    }
}

/// Trains on windows drawn from anywhere in a recording.
fn learn(seed: u64, recording: &Recording) -> Net {
    let (mut network, mut workspace) = (Net::ZERO, Workspace::<Net, Adam, WINDOW>::ZERO);
    let mut rng = Xoshiro128::from_seed(seed);
    init::uniform_fan::<Libm<f32>, _>(&mut network, &mut rng);
    let config = |rate| Config { clip: Clip::Norm(1.0), ..Config::new(Adam::new(rate)) };
    let mut trainer = Trainer::new(&mut network, &mut workspace, config(0.005)).unwrap();
    for window in 0..30_000 {
        if window == 20_000 {
            trainer.reconfigure(config(0.001)).unwrap();
        }
        let start = rng.below((recording.samples.len() - WINDOW) as u32) as usize;
        if let Some(class) = recording.class(start) {
            let samples = &recording.samples[start..start + WINDOW];
            trainer.update(samples, Last(Class::new(class).unwrap())).unwrap();
        }
    }
    network
}

/// Returns the sample and the class of each reported gesture.
fn reports<const N: usize>(network: &Net, samples: &[[f32; 2]], threshold: f32, period: u32) -> Vec<(usize, usize)> {
    let mut windows = Staggered::<_, OPEN, HOP>::ZERO;
    let mut average = MovingAverage::<CLASSES, N>::ZERO;
    let threshold = Threshold::new(threshold).unwrap();
    let mut refractory = Refractory::new(period);
    let mut reports = Vec::new();
    for (t, x) in samples.iter().enumerate() {
        let Some(mut answer) = windows.push(network, x).unwrap() else { continue };
        softmax::<Libm<f32>>(&mut answer);
        let decision = threshold.decide(&average.push(&answer).unwrap());
        let gesture = decision.filter(|decision| ![REST, OTHER].contains(&decision.class.index()));
        reports.extend(refractory.event(gesture).map(|gesture| (t, gesture.class.index())));
    }
    reports
}

/// Numbers of gestures in a recording, and of correct and wrong reports.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Score {
    gestures: usize,
    /// Number of gestures reported once, with the correct class.
    once: usize,
    /// Number of other reports.
    wrong: usize,
}

impl Score {
    fn new(recording: &Recording, reports: &[(usize, usize)]) -> Self {
        let gestures = recording.movements.iter().filter(|(movement, _)| movement.is_gesture());
        let of = |(movement, range): &(Movement, Range<usize>)| {
            let during = range.start..range.end + WINDOW;
            reports.iter().filter(|&(t, class)| during.contains(t) && *class == movement.class()).count()
        };
        let counts: Vec<usize> = gestures.map(of).collect();
        let once = counts.iter().filter(|&&count| count == 1).count();
        Self { gestures: counts.len(), once, wrong: reports.len() - once }
    }

    fn errors(&self) -> usize {
        self.gestures - self.once + self.wrong
    }
}

/// Returns the threshold with the fewest errors, or the lowest of several equal ones.
fn choose(network: &Net, validation: &Recording) -> f32 {
    let errors = |&threshold: &f32| {
        let reports = reports::<3>(network, &validation.samples, threshold, PERIOD);
        Score::new(validation, &reports).errors()
    };
    [0.5, 0.6, 0.7, 0.8, 0.9].into_iter().min_by_key(errors).unwrap()
}

#[test]
fn every_gesture_is_reported_once_and_nothing_else_is() {
    let train = Recording::new(1, &[Sideways, UpAndDown, Anything, Circle], 600);
    let validation = Recording::new(2, &[Sideways, UpAndDown, Circle, Anything], 120);
    let test = Recording::new(4, &[Sideways, Diagonal, UpAndDown, ReversedCircle, Circle, Eight], 180);
    for seed in 0..3 {
        let network = learn(seed, &train);
        let threshold = choose(&network, &validation);
        let score = Score::new(&test, &reports::<3>(&network, &test.samples, threshold, PERIOD));
        let bare = Score::new(&test, &reports::<1>(&network, &test.samples, 0.0, 0));
        println!("seed {seed}, threshold {threshold}: {score:?}; single answers: {bare:?}");
        assert_eq!(score, Score { gestures: 90, once: 90, wrong: 0 });
        assert!(bare.wrong > 90, "without what follows the window every gesture is reported again and again");
    }
}

/// A softmax is confident even about inputs unlike those it was trained on, and a threshold does not reveal this.
#[test]
fn a_network_that_saw_nothing_else_takes_anything_for_a_gesture() {
    let network = learn(0, &Recording::new(1, &GESTURES, 600));
    let threshold = 0.9;
    let of = |movements: &[Movement]| {
        let recording = Recording::new(3, movements, 90);
        Score::new(&recording, &reports::<3>(&network, &recording.samples, threshold, 3))
    };
    let (known, unknown) = (of(&GESTURES), of(&[Diagonal, ReversedCircle, Eight]));
    println!("gestures: {known:?}; unseen: {unknown:?}");
    assert_eq!(known.once, 90);
    assert!(unknown.wrong > 45);
}
