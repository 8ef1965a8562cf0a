//! Small training run, the same on the host and on every board, in whole updates and in slices, with every kind
//! of cell.

use elman::cell::LowRank;
use elman::error::TrainError;
use elman::{
    Adam, Class, Clip, Config, Dense, Elman, Job, Layer, Libm, Masked, Network, Trainer, Workspace, Xoshiro128,
};
use elman::{FastGrnn, Mgu};
use elman::{Gru, Lstm, Random, ResetBeforeGru, Zero, init};
use vowels::Checksum;

/// Number of steps of the longest sequence.
pub const STEPS: usize = 12;
/// Number of updates in a run of the [`Net`].
pub const UPDATES: usize = 20;
/// Number of updates of each network in [`Four`] and [`Three`].
pub const UPDATES_OF_EACH: usize = 50;
/// Network with the cell `C` of `H` units.
pub type NetOf<C, const H: usize> = Network<C, Dense<H, 3>>;
/// Memory to train the network.
pub type WorkOf<C, const H: usize> = Workspace<NetOf<C, H>, Adam, STEPS, STEPS>;
/// Trainer of the network.
pub type LearnOf<'a, C, const H: usize> = Trainer<'a, WorkOf<C, H>>;
/// Network that is also trained in slices.
pub type Net = NetOf<Elman<2, 9>, 9>;
/// Memory to train the network.
pub type Work = WorkOf<Elman<2, 9>, 9>;
/// Trainer of the network.
pub type Learn<'a> = LearnOf<'a, Elman<2, 9>, 9>;

/// Job that owns its sequence: it has no lifetimes, so it can be in a static.
pub type Lesson = Job<Work, heapless::Vec<[f32; 2], STEPS>, Masked<heapless::Vec<Option<Class<3>>, STEPS>>>;

/// Sequence with labels at some of its steps: the sum of the last two inputs is low, middle or high.
pub struct Sequence {
    inputs: [[f32; 2]; STEPS],
    labels: [Option<Class<3>>; STEPS],
    length: usize,
}

impl Sequence {
    /// Draws the next sequence from `rng`.
    pub fn draw(rng: &mut impl Random) -> Self {
        let inputs = core::array::from_fn(|_| [rng.uniform(-1.0, 1.0), rng.uniform(-1.0, 1.0)]);
        let mut before = 0.0;
        let labels = inputs.map(|[a, b]: [f32; 2]| {
            let sum = a + b + before;
            before = a + b;
            let class = if sum < -0.7 {
                0
            } else if sum < 0.7 {
                1
            } else {
                2
            };
            Class::new(class).ok().filter(|_| rng.below(4) > 0)
        });
        let mut sequence = Self { inputs, labels, length: 3 + rng.below(STEPS as u32 - 2) as usize };
        sequence.labels[sequence.length - 1] = Class::new(1).ok();
        sequence
    }

    fn inputs(&self) -> &[[f32; 2]] {
        &self.inputs[..self.length]
    }

    fn targets(&self) -> Masked<&[Option<Class<3>>]> {
        Masked(&self.labels[..self.length])
    }

    /// Returns a job that owns the sequence.
    pub fn job(&self) -> Lesson {
        let inputs = self.inputs.into_iter().take(self.length).collect();
        Job::new(inputs, Masked(self.labels.into_iter().take(self.length).collect()))
    }
}

/// Draws initial weights. Returns the trainer, and the generator that draws the sequences.
///
/// # Errors
/// Never fails, because the configuration is valid.
pub fn start<'a, C: Layer<[f32; 2], Scalar = f32, Output = [f32; H]>, const H: usize>(
    network: &'a mut NetOf<C, H>,
    work: &'a mut WorkOf<C, H>,
) -> Result<(LearnOf<'a, C, H>, Xoshiro128), TrainError> {
    let mut rng = Xoshiro128::from_seed(7);
    init::uniform_fan::<Libm<f32>, _>(network, &mut rng);
    *work = WorkOf::<C, H>::ZERO;
    let config = Config { clip: Clip::Norm(1.0), ..Config::new(Adam::new(0.02)) };
    let trainer = Trainer::new(network, work, config).map_err(|_| TrainError::NothingAccumulated)?;
    Ok((trainer, rng))
}

/// Draws initial weights, then calls `update` for each of the `updates` updates, with two new sequences each
/// time.
///
/// # Errors
/// Returns the trainer's error.
pub fn run<C: Layer<[f32; 2], Scalar = f32, Output = [f32; H]>, const H: usize>(
    network: &mut NetOf<C, H>,
    work: &mut WorkOf<C, H>,
    updates: usize,
    mut update: impl FnMut(&mut LearnOf<'_, C, H>, [Sequence; 2]) -> Result<(), TrainError>,
) -> Result<(), TrainError> {
    let (mut trainer, mut rng) = start(network, work)?;
    for _ in 0..updates {
        let sequences = [Sequence::draw(&mut rng), Sequence::draw(&mut rng)];
        update(&mut trainer, sequences)?;
    }
    Ok(())
}

/// Performs an update from two sequences, with one call for each.
///
/// # Errors
/// Returns the trainer's error.
pub fn whole<C: Layer<[f32; 2], Scalar = f32, Output = [f32; H]>, const H: usize>(
    trainer: &mut LearnOf<'_, C, H>,
    [first, last]: [Sequence; 2],
) -> Result<(), TrainError> {
    let mut state = C::State::ZERO;
    trainer.accumulate(&mut state, first.inputs(), first.targets())?;
    trainer.update(last.inputs(), last.targets()).map(|_| ())
}

/// Performs the same update as [`whole`], but in slices, each run by `slice`.
///
/// # Errors
/// Returns the trainer's error.
pub fn sliced(
    trainer: &mut Learn<'_>,
    [first, last]: [Sequence; 2],
    mut slice: impl FnMut(&mut dyn FnMut()),
) -> Result<(), TrainError> {
    let (mut job, mut done) = (Job::new(first.inputs(), first.targets()), Ok(None));
    trainer.begin_accumulate(&mut job)?;
    while done?.is_none() {
        slice(&mut || done = trainer.poll(&mut job));
    }
    (job, done) = (Job::new(last.inputs(), last.targets()), Ok(None));
    trainer.begin(&mut job)?;
    while done?.is_none() {
        slice(&mut || done = trainer.poll(&mut job));
    }
    Ok(())
}

/// Networks with the Elman cell, each kind of GRU, and the LSTM, with the memory to train them; all four fit into
/// the RAM of the smallest board.
pub struct Four {
    elman: Pupil<Elman<2, 3>, 3>,
    gru: Pupil<Gru<2, 5>, 5>,
    reset_before: Pupil<ResetBeforeGru<2, 3>, 3>,
    lstm: Pupil<Lstm<2, 5>, 5>,
}

type Pupil<C, const H: usize> = (NetOf<C, H>, WorkOf<C, H>);

fn learn<C: Layer<[f32; 2], Scalar = f32, Output = [f32; H]>, const H: usize>(
    (network, work): &mut Pupil<C, H>,
) -> Result<Checksum, TrainError> {
    run(network, work, UPDATES_OF_EACH, whole)?;
    Ok(Checksum::of(network))
}

impl Four {
    /// Networks and memory of all zeros, for a `static` that takes no flash.
    pub const ZERO: Self = Self {
        elman: (Zero::ZERO, Zero::ZERO),
        gru: (Zero::ZERO, Zero::ZERO),
        reset_before: (Zero::ZERO, Zero::ZERO),
        lstm: (Zero::ZERO, Zero::ZERO),
    };

    /// Trains each network for [`UPDATES_OF_EACH`] updates and passes its name and the checksum of its weights to
    /// `learned`.
    ///
    /// # Errors
    /// Returns the trainer's error.
    pub fn learn(&mut self, mut learned: impl FnMut(&str, Checksum)) -> Result<(), TrainError> {
        learned("Elman", learn(&mut self.elman)?);
        learned("GRU", learn(&mut self.gru)?);
        learned("GRU, reset before", learn(&mut self.reset_before)?);
        learned("LSTM", learn(&mut self.lstm)?);
        Ok(())
    }
}

/// Networks with the minimal gated unit, and with full and low-rank FastGRNN, with the memory to train them; all
/// three fit into the RAM of the smallest board.
pub struct Three {
    mgu: Pupil<Mgu<2, 5>, 5>,
    fast: Pupil<FastGrnn<2, 5>, 5>,
    low_rank: Pupil<FastGrnn<2, 5, Libm<f32>, LowRank<1>, LowRank<2>>, 5>,
}

impl Three {
    /// Networks and memory of all zeros, for a `static` that takes no flash.
    pub const ZERO: Self =
        Self { mgu: (Zero::ZERO, Zero::ZERO), fast: (Zero::ZERO, Zero::ZERO), low_rank: (Zero::ZERO, Zero::ZERO) };

    /// Trains each network for [`UPDATES_OF_EACH`] updates and passes its name and the checksum of its weights to
    /// `learned`.
    ///
    /// # Errors
    /// Returns the trainer's error.
    pub fn learn(&mut self, mut learned: impl FnMut(&str, Checksum)) -> Result<(), TrainError> {
        learned("MGU", learn(&mut self.mgu)?);
        learned("FastGRNN", learn(&mut self.fast)?);
        learned("FastGRNN, low rank", learn(&mut self.low_rank)?);
        Ok(())
    }
}
