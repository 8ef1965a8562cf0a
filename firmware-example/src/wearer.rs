//! Exercises of the wearer of a watch: a model of other people's movements adapts to those of a new wearer.

use core::array;
use elman::{Adam, Class, Clip, Config, Dense, Fast, Frozen, Gru, Last, Network, Normalizer, Part, Random};
use elman::{Reads, Step as _, Trainer, Workspace, Xoshiro128, Zero};
use vowels::Refused;
use zerocopy::FromBytes;

/// Acceleration along three axes, rotation about them.
pub const CHANNELS: usize = 6;
/// Exercises of the shoulder.
pub const EXERCISES: usize = 7;
/// Hidden units.
pub const UNITS: usize = 32;
/// Steps of a window: two seconds.
pub const STEPS: usize = 100;
/// Steps from the start of a window to that of the next.
pub const HOP: usize = 50;
/// Recordings of each wearer, two of each exercise.
pub const RECORDINGS: usize = 2 * EXERCISES;
/// The subject whose watch the board is.
pub const ON_BOARD: usize = 2;
/// Windows at the start of each recording to adapt to: five seconds.
pub const SHOWN: usize = 4;
/// Distance from a window to the next that has no step in common with it.
const APART: usize = STEPS.div_ceil(HOP);
/// The first window that has no step in common with those shown.
pub const FIRST_JUDGED: usize = SHOWN - 1 + APART;
/// Steps of a segment of the tape, and how many there are.
const SEGMENT: usize = 10;
const SEGMENTS: usize = STEPS / SEGMENT;

/// Values of the sensors at one time.
pub type Step = [f32; CHANNELS];
/// An exercise.
pub type Exercise = Class<EXERCISES>;
/// A window and the exercise in it.
pub type Window<'a> = (&'a [Step], Exercise);
/// The recurrent layer.
pub type Gates = Gru<CHANNELS, UNITS, Fast>;
/// A model with the recurrent layer `C`.
pub type NetOf<C> = Network<C, Dense<UNITS, EXERCISES>>;
/// The model.
pub type Net = NetOf<Gates>;
/// The model with its recurrent layer in flash.
pub type Reader<'w> = NetOf<Frozen<'w, Gates>>;
/// Memory for adapting all weights. The tape is checkpointed: a tape of all steps would take eight times as much.
pub type Work = Workspace<Net, Adam, SEGMENT, 1, SEGMENTS>;
/// Memory for adapting the readout alone, which needs only the last step.
pub type ReaderWork<'w> = Workspace<Reader<'w>, Adam, 1>;
/// The trainer of all weights.
pub type Learn<'a> = Trainer<'a, Work>;
/// The trainer of the read-out.
pub type ReaderLearn<'a, 'w> = Trainer<'a, ReaderWork<'w>>;

/// Plan by which a model adapts: updates from one window each, the rate falling linearly towards 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// Number of them.
    pub updates: usize,
    /// The learning rate of the first.
    pub rate: f32,
}

impl Way {
    /// Plan for the read-out on the board: `personalise` chose it for this wearer by the nine others.
    pub const READ_OUT: Self = Self { updates: 448, rate: 0.02 };
    /// Plan for all weights, chosen in the same way.
    pub const WHOLE: Self = Self { updates: 448, rate: 0.002 };

    fn config(self, update: usize) -> Config<Adam> {
        let rate = self.rate * (1.0 - update as f32 / self.updates as f32);
        Config { clip: Clip::Norm(1.0), ..Config::new(Adam::new(rate)) }
    }
}

/// One exercise, done for a while.
#[derive(Clone, Copy, Debug, Default)]
pub struct Recording<'a> {
    /// The exercise.
    pub exercise: Exercise,
    /// Values of the sensors.
    pub steps: &'a [Step],
}

impl<'a> Recording<'a> {
    /// All windows, in their order.
    pub fn windows(self) -> impl Iterator<Item = Window<'a>> {
        self.steps.windows(STEPS).step_by(HOP).map(move |steps| (steps, self.exercise))
    }
}

/// Reads one wearer's recordings from a `.rnnd` file; `None` unless it begins with so many, at an address aligned for `f32`.
pub fn recordings(file: &[u8]) -> Option<[Recording<'_>; RECORDINGS]> {
    let mut rest = file.get(20..)?;
    let mut recordings = [Recording::default(); RECORDINGS];
    for recording in &mut recordings {
        let ([label, _, length], data) = <[u32; 3]>::ref_from_prefix(rest).ok()?;
        let (steps, after) = <[Step]>::ref_from_prefix_with_elems(data, *length as usize).ok()?;
        *recording = Recording { exercise: Class::new(*label as usize).ok()?, steps };
        rest = after;
    }
    Some(recordings)
}

/// Someone who wears the watch.
#[derive(Clone, Copy, Debug)]
pub struct Wearer<'a> {
    /// Their recordings.
    pub recordings: [Recording<'a>; RECORDINGS],
    /// The model's normaliser: it is not computed again for a new wearer.
    pub normalizer: Normalizer<CHANNELS>,
}

impl<'a> Wearer<'a> {
    /// The windows to adapt to.
    pub fn shown(&self) -> impl Iterator<Item = Window<'a>> {
        self.recordings.into_iter().flat_map(|recording| recording.windows().take(SHOWN))
    }

    /// The windows to be judged by.
    pub fn judged(&self) -> impl Iterator<Item = Window<'a>> {
        self.recordings.into_iter().flat_map(|recording| recording.windows().skip(FIRST_JUDGED))
    }

    /// Adapts all weights.
    ///
    /// # Errors
    /// The error of the trainer.
    // Not inlined, nor are the others that hold a window: those take turns on the stack.
    #[inline(never)]
    pub fn adapt(&self, network: &mut Net, work: &mut Work, way: Way) -> Result<(), Refused> {
        let mut trainer = Trainer::new(network, work, way.config(0)).map_err(Refused::Config)?;
        self.present(way, |config, steps, exercise| {
            trainer.reconfigure(config).map_err(Refused::Config)?;
            trainer.update(steps, Last(exercise)).map_err(Refused::Update)?;
            Ok(())
        })
    }

    /// Adapts the read-out: the recurrent layer reads up to the last step, from which the read-out learns.
    ///
    /// # Errors
    /// The error of the trainer.
    #[inline(never)]
    pub fn adapt_read_out<'w>(
        &self,
        reader: &mut Reader<'w>,
        work: &mut ReaderWork<'w>,
        way: Way,
    ) -> Result<(), Refused> {
        let cell = reader.cell;
        let mut trainer = Trainer::new(reader, work, way.config(0)).map_err(Refused::Config)?;
        self.present(way, |config, steps, exercise| {
            trainer.reconfigure(config).map_err(Refused::Config)?;
            let (before, last) = steps.split_at(STEPS - 1);
            let mut state = <Gates as Part>::State::ZERO;
            before.iter().for_each(|step| cell.step(&mut state, step));
            trainer.update_from(&mut state, last, Last(exercise)).map_err(Refused::Update)?;
            Ok(())
        })
    }

    /// Passes the windows shown, normalised, in rounds, each in another order, once per update.
    fn present(
        &self,
        way: Way,
        mut learn: impl FnMut(Config<Adam>, &[Step; STEPS], Exercise) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        let mut rng = Xoshiro128::from_seed(1);
        let mut order: [usize; RECORDINGS * SHOWN] = array::from_fn(|index| index);
        for update in 0..way.updates {
            let place = update % order.len();
            if place == 0 {
                rng.shuffle(&mut order);
            }
            if let Some((steps, exercise)) = self.shown().nth(order[place]) {
                learn(way.config(update), &normalized(steps, &self.normalizer), exercise)?;
            }
        }
        Ok(())
    }
}

/// Number of windows recognised correctly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// Windows recognised correctly.
    pub right: usize,
    /// All of them.
    pub all: usize,
}

impl Score {
    /// Counts the windows that `network` recognises.
    ///
    /// # Errors
    /// The error of the network.
    #[inline(never)]
    pub fn of<'a, C: Reads<Step, Output = [f32; UNITS]>>(
        (network, normalizer): (&NetOf<C>, &Normalizer<CHANNELS>),
        windows: impl Iterator<Item = Window<'a>>,
    ) -> Result<Self, Refused> {
        let mut score = Self { right: 0, all: 0 };
        for (steps, exercise) in windows {
            let answer =
                network.classify(&normalized(steps, normalizer)).map_err(|error| Refused::Update(error.into()))?;
            score.right += usize::from(answer == exercise);
            score.all += 1;
        }
        Ok(score)
    }
}

/// Normalises a window for the network.
pub fn normalized(steps: &[Step], normalizer: &Normalizer<CHANNELS>) -> [Step; STEPS] {
    let mut window = [[0.0; CHANNELS]; STEPS];
    for (step, raw) in window.iter_mut().zip(steps) {
        *step = normalizer.apply(raw);
    }
    window
}
