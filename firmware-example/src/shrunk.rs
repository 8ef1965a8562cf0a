//! A network that recognises speakers: quantized to integers on the device that trained it, and run there.

use core::fmt;
use elman::error::QuantizeError;
use elman::int8::{self, Calibration, PerUnit};
use elman::{Class, Network, Normalizer, SequenceError};
use vowels::{CHANNELS, Checksum, HIDDEN, Net, Plan, Refused, SPEAKERS, STEPS, Step, Training, Work};
use zerocopy::FromBytes;
use zerocopy::little_endian::{F32, I16};

/// The network in integers.
pub type Small = Network<int8::Elman<CHANNELS, HIDDEN, PerUnit>, int8::Dense<HIDDEN, SPEAKERS, PerUnit>>;

/// Buffer for the steps of an utterance.
pub type Buffer = [Step; STEPS];

/// Utterances with samples of 16 bits, as `rounded.rs` writes them.
#[derive(Clone, Copy)]
pub struct Utterances<'a> {
    unit: f32,
    bytes: &'a [u8],
}

/// Utterance with samples of 16 bits.
#[derive(Clone, Copy)]
pub struct Utterance<'a> {
    /// Speaker of the utterance.
    pub speaker: Class<SPEAKERS>,
    unit: f32,
    steps: &'a [[I16; CHANNELS]],
}

impl<'a> Utterances<'a> {
    /// Reads the unit of the samples; `None` if there is none.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        let (unit, bytes) = F32::read_from_prefix(bytes).ok()?;
        Some(Self { unit: unit.get(), bytes })
    }

    /// Returns the utterances in order, up to the first that is damaged.
    pub fn iter(self) -> impl Iterator<Item = Utterance<'a>> {
        let Self { unit, mut bytes } = self;
        core::iter::from_fn(move || {
            let ([speaker, steps], rest) = bytes.split_first_chunk()?;
            let speaker = Class::new((*speaker).into()).ok()?;
            let (steps, rest) = <[[I16; CHANNELS]]>::ref_from_prefix_with_elems(rest, (*steps).into()).ok()?;
            bytes = rest;
            Some(Utterance { speaker, unit, steps })
        })
    }
}

impl Utterance<'_> {
    /// Reads the normalised steps into `buffer`.
    pub fn read<'b>(&self, normalizer: &Normalizer<CHANNELS>, buffer: &'b mut Buffer) -> &'b [Step] {
        for (place, step) in buffer.iter_mut().zip(self.steps) {
            *place = normalizer.apply(&step.map(|sample| f32::from(sample.get()) * self.unit));
        }
        buffer.get(..self.steps.len()).unwrap_or(buffer)
    }
}

/// Reason why no network in integers came about.
#[derive(Clone, Copy, Debug)]
pub enum Failure {
    /// Training was refused.
    Training(Refused),
    /// An utterance was refused.
    Sequence(SequenceError),
    /// The network cannot be put into integers.
    Quantize(QuantizeError),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Training(error) => error.fmt(f),
            Self::Sequence(error) => error.fmt(f),
            Self::Quantize(error) => error.fmt(f),
        }
    }
}

/// Puts `network` into integers in `small`, calibrated on `utterances`.
///
/// # Errors
/// [`Failure`] if an utterance or a weight is refused.
pub fn shrink(
    small: &mut Small,
    (network, normalizer): (&Net, &Normalizer<CHANNELS>),
    utterances: Utterances<'_>,
    buffer: &mut Buffer,
) -> Result<(), Failure> {
    let mut calibration = Calibration::new(network);
    for utterance in utterances.iter() {
        calibration.observe(utterance.read(normalizer, buffer)).map_err(Failure::Sequence)?;
    }
    calibration.quantize_into(small).map_err(Failure::Quantize)
}

/// Answers of a network in integers.
pub struct Answers {
    /// Number of utterances whose speaker was recognised.
    pub right: usize,
    /// Number of utterances.
    pub all: usize,
    /// Checksum of the outputs for each utterance.
    pub outputs: Checksum,
}

/// Runs `small` over all utterances.
///
/// # Errors
/// [`Failure::Sequence`] if an utterance is refused.
pub fn answer(
    (small, normalizer): (&Small, &Normalizer<CHANNELS>),
    utterances: Utterances<'_>,
    buffer: &mut Buffer,
) -> Result<Answers, Failure> {
    let mut answers = Answers { right: 0, all: 0, outputs: Checksum::new() };
    for utterance in utterances.iter() {
        let outputs = small.predict(utterance.read(normalizer, buffer)).map_err(Failure::Sequence)?;
        answers.outputs.add(&outputs);
        answers.right += usize::from(Class::largest(&outputs) == Some(utterance.speaker));
        answers.all += 1;
    }
    Ok(answers)
}

/// Counts the utterances for which both networks give the same answer. Returns that number and the number of
/// utterances.
///
/// # Errors
/// [`Failure::Sequence`] if an utterance is refused.
pub fn agreement(
    (network, small, normalizer): (&Net, &Small, &Normalizer<CHANNELS>),
    utterances: Utterances<'_>,
    buffer: &mut Buffer,
) -> Result<(usize, usize), Failure> {
    let (mut same, mut all) = (0, 0);
    for utterance in utterances.iter() {
        let steps = utterance.read(normalizer, buffer);
        let exact = network.classify(steps).map_err(Failure::Sequence)?;
        same += usize::from(small.classify(steps).map_err(Failure::Sequence)? == exact);
        all += 1;
    }
    Ok((same, all))
}

/// Trains a network of `f32` by the plan for devices.
///
/// # Errors
/// [`Failure::Training`].
pub fn learn(
    (network, work): (&mut Net, &mut Work),
    set: vowels::Set<'_>,
    normalizer: Normalizer<CHANNELS>,
) -> Result<(), Failure> {
    let mut training = Training::start(Plan::DEVICE, set, normalizer, network);
    while let Some(loss) = training.next(network, work) {
        loss.map_err(Failure::Training)?;
    }
    Ok(())
}

/// Smallest share of its own samples, in percent, on which the network in integers must agree with the network it came
/// from before it takes its place.
pub const REQUIRED: usize = 98;
