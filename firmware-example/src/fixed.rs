//! Networks in fixed point that learn where they run: the same bits on the host and on every board.

use core::hint::black_box;
use elman::math::{Fixed, Scalar};
use elman::parameters::{Path, Role};
use elman::{Class, Clip, Config, Dense, Each, Elman, Gru, Layer, Lstm, Math, Network, Parameters, Step};
use elman::{Random, Sgd, TrainError, Trainer, Workspace, Xoshiro128, Zero, init};
use vowels::Checksum;

/// Number type of the networks.
pub type Q = Fixed<20>;

/// Inputs of a step, units, classes, and steps of a sequence.
const INPUTS: usize = 6;
const UNITS: usize = 5;
const CLASSES: usize = 3;
const STEPS: usize = 8;
/// Updates of each network.
const UPDATES: usize = 40;

/// Cell of the lesson.
pub trait Cell<T: Scalar>:
    Layer<[T; INPUTS], Scalar = T, Output = [T; UNITS]> + Step<[T; INPUTS]> + Parameters<Gradient = Self> + Zero
{
}
impl<T: Scalar, C> Cell<T> for C where
    C: Layer<[T; INPUTS], Scalar = T, Output = [T; UNITS]> + Step<[T; INPUTS]> + Parameters<Gradient = C> + Zero
{
}

type Net<C, T> = Network<C, Dense<UNITS, CLASSES, T>>;
type Work<C, T> = Workspace<Net<C, T>, Sgd<T>, STEPS, STEPS>;
type Sequence<T> = ([[T; INPUTS]; STEPS], [Class<CLASSES>; STEPS]);

/// Networks of three kinds of cell with the memory to train them.
pub struct Three<M: Math> {
    elman: Pupil<Elman<INPUTS, UNITS, M>, M::Scalar>,
    gru: Pupil<Gru<INPUTS, UNITS, M>, M::Scalar>,
    lstm: Pupil<Lstm<INPUTS, UNITS, M>, M::Scalar>,
}

impl<M: Math> Zero for Three<M> {
    const ZERO: Self =
        Self { elman: (Zero::ZERO, Zero::ZERO), gru: (Zero::ZERO, Zero::ZERO), lstm: (Zero::ZERO, Zero::ZERO) };
}

/// Network, and the memory to train it.
type Pupil<C, T> = (Net<C, T>, Work<C, T>);

/// Loss of the first and of the last update, and the checksums of weights and outputs after it.
pub struct Learned {
    /// Loss of the first update, in units of the last place.
    pub first: i32,
    /// Loss of the last update.
    pub last: i32,
    /// Checksum of the weights.
    pub weights: Checksum,
    /// Checksum of the outputs of each step of a sequence.
    pub outputs: Checksum,
}

impl Three<Q> {
    /// Trains each network and passes what came of it, with the name of its cell.
    ///
    /// # Errors
    /// The error of the trainer.
    pub fn learn(&mut self, each: &mut dyn FnMut(&str, Learned)) -> Result<(), TrainError> {
        each("Elman", learn(&mut self.elman)?);
        each("GRU", learn(&mut self.gru)?);
        each("LSTM", learn(&mut self.lstm)?);
        Ok(())
    }
}

/// The class of a step: the sum of its first two inputs and of the two before is low, middle or high.
fn sequence<T: Scalar>(rng: &mut impl Random) -> Sequence<T> {
    let inputs = core::array::from_fn(|_| core::array::from_fn(|_| rng.uniform(-T::ONE, T::ONE)));
    let (mut before, edge) = (T::ZERO, T::from_f32(0.5));
    let classes = inputs.map(|[a, b, ..]: [T; INPUTS]| {
        let sum = a + b + before;
        before = a + b;
        Class::new(usize::from(sum > -edge) + usize::from(sum > edge)).unwrap_or_default()
    });
    (inputs, classes)
}

fn trainer<C: Cell<T>, T: Scalar>((network, work): &mut Pupil<C, T>) -> Result<Trainer<'_, Work<C, T>>, TrainError> {
    let config = Config { clip: Clip::Norm(T::ONE), ..Config::new(Sgd { rate: T::from_f32(0.25) }) };
    Trainer::new(network, work, config).map_err(|_| TrainError::NothingAccumulated)
}

#[inline(never)]
fn learn<C: Cell<Q>>(pupil: &mut Pupil<C, Q>) -> Result<Learned, TrainError> {
    let mut rng = Xoshiro128::from_seed(3);
    init::uniform_fan::<Q, _>(&mut pupil.0, &mut rng);
    let (mut trainer, mut losses) = (trainer(pupil)?, [Q::ZERO; UPDATES]);
    for loss in &mut losses {
        let (xs, classes) = sequence(&mut rng);
        *loss = trainer.update(&xs, Each(&classes))?.loss;
    }
    let [first, .., last] = losses;
    Ok(Learned {
        first: first.units(),
        last: last.units(),
        weights: weights(&pupil.0),
        outputs: outputs(&pupil.0, &sequence(&mut rng).0),
    })
}

/// Units as numbers that a checksum takes: two halves, each exact.
fn add(sum: &mut Checksum, numbers: &[Q]) {
    for x in numbers {
        sum.add(&[(x.units() >> 16) as f32, (x.units() & 0xffff) as f32]);
    }
}

fn weights(network: &impl Parameters<Scalar = Q>) -> Checksum {
    let mut sum = Checksum::new();
    network.view(Path::ROOT, &mut |_, numbers| add(&mut sum, numbers));
    sum
}

fn outputs<C: Cell<Q>>(network: &Net<C, Q>, xs: &[[Q; INPUTS]]) -> Checksum {
    let (mut sum, mut state) = (Checksum::new(), C::State::ZERO);
    xs.iter().for_each(|x| add(&mut sum, &network.step(&mut state, x)));
    sum
}

/// Instructions of a step and of an update over a sequence, as `count` counts them.
pub struct Costs {
    /// Instructions of a step of the network.
    pub step: u64,
    /// Multiply-adds of a step.
    pub multiply_adds: u64,
    /// Instructions of an update over eight steps, each with a target.
    pub update: u64,
}

impl<M: Math> Three<M> {
    /// Measures each network and passes its costs, with the name of its cell.
    ///
    /// # Errors
    /// The error of the trainer.
    pub fn measure(
        &mut self,
        count: fn(&mut dyn FnMut()) -> u64,
        each: &mut dyn FnMut(&str, Costs),
    ) -> Result<(), TrainError> {
        each("Elman", measure(&mut self.elman, count)?);
        each("GRU", measure(&mut self.gru, count)?);
        each("LSTM", measure(&mut self.lstm, count)?);
        Ok(())
    }
}

#[inline(never)]
fn measure<C: Cell<T>, T: Scalar>(
    pupil: &mut Pupil<C, T>,
    count: fn(&mut dyn FnMut()) -> u64,
) -> Result<Costs, TrainError> {
    let mut rng = Xoshiro128::from_seed(4);
    init::uniform_fan::<C::Math, _>(&mut pupil.0, &mut rng);
    let (xs, classes) = sequence(&mut rng);
    let mut state = C::State::ZERO;
    let step = count(&mut || {
        xs.iter().for_each(|x| {
            black_box(pupil.0.step(&mut state, x));
        })
    });
    let (mut trainer, mut done) = (trainer(pupil)?, Ok(None));
    let update = count(&mut || done = trainer.update(&xs, Each(&classes)).map(Some));
    done?;
    let mut multiply_adds = 0;
    pupil.0.view(Path::ROOT, &mut |tensor, numbers| {
        multiply_adds += if tensor.role == Role::Bias { 0 } else { numbers.len() as u64 };
    });
    Ok(Costs { step: step / STEPS as u64, multiply_adds, update })
}
