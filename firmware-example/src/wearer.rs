//! Exercises of a person who wears a watch: a model trained on other people's movements adapts to a new wearer.

use core::array;
use elman::{Adam, Class, Clip, Config, Dense, Fast, Frozen, Gru, Last, Network, Normalizer, Part, Random};
use elman::{Reads, Step as _, Trainer, Workspace, Xoshiro128, Zero};
use vowels::Refused;
use zerocopy::FromBytes;

/// Number of channels: acceleration along three axes, and rotation about them.
pub const CHANNELS: usize = 6;
/// Number of exercises of the shoulder.
pub const EXERCISES: usize = 7;
/// Number of hidden units.
pub const UNITS: usize = 32;
/// Number of steps in a window, which lasts two seconds.
pub const STEPS: usize = 100;
/// Number of steps between the starts of consecutive windows.
pub const HOP: usize = 50;
/// Number of recordings of each wearer, two of each exercise.
pub const RECORDINGS: usize = 2 * EXERCISES;
/// Number of the subject who wears the board's watch.
pub const ON_BOARD: usize = 2;
/// Number of windows at the start of each recording used to adapt; together they last five seconds.
pub const SHOWN: usize = 4;
/// Distance, in windows, from a window to the next one that shares no step with it.
const APART: usize = STEPS.div_ceil(HOP);
/// Index of the first window that shares no step with the windows used to adapt.
pub const FIRST_JUDGED: usize = SHOWN - 1 + APART;
/// Number of steps in a segment of the tape.
const SEGMENT: usize = 10;
const SEGMENTS: usize = STEPS / SEGMENT;

/// Sensor values of one step.
pub type Step = [f32; CHANNELS];
/// Class of an exercise.
pub type Exercise = Class<EXERCISES>;
/// Window and its exercise.
pub type Window<'a> = (&'a [Step], Exercise);
/// Recurrent layer of the model.
pub type Gates = Gru<CHANNELS, UNITS, Fast>;
/// Model with the recurrent layer `C`.
pub type NetOf<C> = Network<C, Dense<UNITS, EXERCISES>>;
/// Network of the model.
pub type Net = NetOf<Gates>;
/// Model with its recurrent layer in flash.
pub type Reader<'w> = NetOf<Frozen<'w, Gates>>;
/// Memory for adapting all weights. The tape is checkpointed: a tape of all steps would take eight times as much.
pub type Work = Workspace<Net, Adam, SEGMENT, 1, SEGMENTS>;
/// Memory for adapting the read-out alone, which needs only the last step.
pub type ReaderWork<'w> = Workspace<Reader<'w>, Adam, 1>;
/// Trainer of all weights.
pub type Learn<'a> = Trainer<'a, Work>;
/// Trainer of the read-out.
pub type ReaderLearn<'a, 'w> = Trainer<'a, ReaderWork<'w>>;

/// Plan for adapting a model: updates from one window each, with a learning rate that falls linearly towards 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// Number of updates.
    pub updates: usize,
    /// Learning rate of the first update.
    pub rate: f32,
}

impl Way {
    /// Plan for the read-out on the board; the example `personalise` chose it for this wearer with the recordings of
    /// the nine others.
    pub const READ_OUT: Self = Self { updates: 448, rate: 0.02 };
    /// Plan for all weights, chosen by the same example.
    pub const WHOLE: Self = Self { updates: 448, rate: 0.002 };

    fn config(self, update: usize) -> Config<Adam> {
        let rate = self.rate * (1.0 - update as f32 / self.updates as f32);
        Config { clip: Clip::Norm(1.0), ..Config::new(Adam::new(rate)) }
    }
}

/// Recording of one exercise.
#[derive(Clone, Copy, Debug, Default)]
pub struct Recording<'a> {
    /// Exercise of the recording.
    pub exercise: Exercise,
    /// Sensor values.
    pub steps: &'a [Step],
}

impl<'a> Recording<'a> {
    /// Returns all windows, in order.
    pub fn windows(self) -> impl Iterator<Item = Window<'a>> {
        self.steps.windows(STEPS).step_by(HOP).map(move |steps| (steps, self.exercise))
    }
}

/// Reads one wearer's recordings from a `.rnnd` file; returns `None` unless the file begins with [`RECORDINGS`]
/// recordings, aligned for `f32`.
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

/// Wearer of the watch.
#[derive(Clone, Copy, Debug)]
pub struct Wearer<'a> {
    /// Recordings of the wearer.
    pub recordings: [Recording<'a>; RECORDINGS],
    /// Normaliser of the model, which is not recomputed for a new wearer.
    pub normalizer: Normalizer<CHANNELS>,
}

impl<'a> Wearer<'a> {
    /// Returns the windows used to adapt.
    pub fn shown(&self) -> impl Iterator<Item = Window<'a>> {
        self.recordings.into_iter().flat_map(|recording| recording.windows().take(SHOWN))
    }

    /// Returns the windows used to test.
    pub fn judged(&self) -> impl Iterator<Item = Window<'a>> {
        self.recordings.into_iter().flat_map(|recording| recording.windows().skip(FIRST_JUDGED))
    }

    /// Adapts all weights.
    ///
    /// # Errors
    /// Returns the trainer's error.
    // Not inlined, like the other functions that hold a window: their windows then take turns on the stack.
    #[inline(never)]
    pub fn adapt(&self, network: &mut Net, work: &mut Work, way: Way) -> Result<(), Refused> {
        let mut trainer = Trainer::new(network, work, way.config(0)).map_err(Refused::Config)?;
        self.present(way, |config, steps, exercise| {
            trainer.reconfigure(config).map_err(Refused::Config)?;
            trainer.update(steps, Last(exercise)).map_err(Refused::Update)?;
            Ok(())
        })
    }

    /// Adapts the read-out: the recurrent layer reads all steps but the last, and the read-out is trained on the last
    /// step.
    ///
    /// # Errors
    /// Returns the trainer's error.
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

    /// Passes the normalised training windows to `learn`, one per update; each round has another order.
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

/// Number of windows classified correctly, and number of all windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// Number of windows classified correctly.
    pub right: usize,
    /// Number of all windows.
    pub all: usize,
}

impl Score {
    /// Counts the windows that `network` classifies correctly.
    ///
    /// # Errors
    /// Returns the network's error.
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

/// Returns a window normalised for the network.
pub fn normalized(steps: &[Step], normalizer: &Normalizer<CHANNELS>) -> [Step; STEPS] {
    let mut window = [[0.0; CHANNELS]; STEPS];
    for (step, raw) in window.iter_mut().zip(steps) {
        *step = normalizer.apply(raw);
    }
    window
}
