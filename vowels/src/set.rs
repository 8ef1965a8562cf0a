//! Utterances, read on demand from the bytes of a `.rnnd` file.

use crate::{CHANNELS, SPEAKERS, STEPS};
use core::fmt;
use elman::normalize::Statistics;
use elman::{Class, Libm, Normalizer};

const HEADER: usize = 20;
const RECORD: usize = 12;
const STEP: usize = 4 * CHANNELS;

/// Error returned for bytes that are not a `.rnnd` file of the demo's shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetError;

impl fmt::Display for SetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a .rnnd file of {CHANNELS} channels, {SPEAKERS} classes and at most {STEPS} steps")
    }
}

impl core::error::Error for SetError {}

/// Utterance, borrowed from the bytes of its file.
#[derive(Clone, Copy, Debug)]
pub struct Utterance<'a> {
    /// Speaker of the utterance.
    pub speaker: Class<SPEAKERS>,
    steps: &'a [[u8; STEP]],
}

impl Utterance<'_> {
    /// Writes the normalised steps to `buffer` and returns them.
    pub fn read<'b>(
        &self,
        normalizer: &Normalizer<CHANNELS>,
        buffer: &'b mut [[f32; CHANNELS]; STEPS],
    ) -> &'b mut [[f32; CHANNELS]] {
        for (step, raw) in buffer.iter_mut().zip(self.samples()) {
            *step = normalizer.apply(&raw);
        }
        &mut buffer[..self.steps.len()]
    }

    /// Returns the steps as recorded by the sensor.
    pub fn samples(&self) -> impl Iterator<Item = [f32; CHANNELS]> {
        self.steps.iter().map(|step| {
            let mut values = step.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes));
            core::array::from_fn(|_| values.next().unwrap_or(0.0))
        })
    }
}

/// Part of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All utterances.
    All,
    /// All utterances except every fifth, counted from this index, to try a training plan.
    Fit(usize),
    /// Every fifth utterance, counted from this index, to test the plan.
    Held(usize),
}

impl Part {
    const fn has(self, index: usize) -> bool {
        match self {
            Self::All => true,
            Self::Fit(fold) => index % 5 != fold % 5,
            Self::Held(fold) => index % 5 == fold % 5,
        }
    }
}

/// Utterances of a part of a `.rnnd` file.
#[derive(Clone, Copy, Debug)]
pub struct Set<'a> {
    bytes: &'a [u8],
    part: Part,
}

impl<'a> Set<'a> {
    /// Creates a set from the bytes of a file, after checking all of them.
    ///
    /// # Errors
    /// [`SetError`] unless the file holds utterances of the demo's shape and nothing else.
    pub fn new(bytes: &'a [u8]) -> Result<Self, SetError> {
        let numbers = [word(bytes, 12).ok_or(SetError)?, word(bytes, 16).ok_or(SetError)?];
        if !bytes.starts_with(b"RNND1\0\0\0") || numbers != [CHANNELS, SPEAKERS] {
            return Err(SetError);
        }
        let mut rest = bytes.get(HEADER..).ok_or(SetError)?;
        for _ in 0..word(bytes, 8).ok_or(SetError)? {
            rest = utterance(rest).ok_or(SetError)?.1;
        }
        if rest.is_empty() { Ok(Self { bytes, part: Part::All }) } else { Err(SetError) }
    }

    /// Returns a part of the utterances in the file.
    #[must_use]
    pub const fn part(self, part: Part) -> Self {
        Self { bytes: self.bytes, part }
    }

    /// Returns the utterances in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = Utterance<'a>> {
        let mut rest = self.bytes.get(HEADER..).unwrap_or(&[]);
        let all = core::iter::from_fn(move || {
            let (one, after) = utterance(rest)?;
            rest = after;
            Some(one)
        });
        let part = self.part;
        all.enumerate().filter(move |(index, _)| part.has(*index)).map(|(_, utterance)| utterance)
    }

    /// Returns an utterance by its index; `None` if there are too few utterances.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Utterance<'a>> {
        self.iter().nth(index)
    }

    /// Returns the number of utterances.
    #[must_use]
    pub fn count(&self) -> usize {
        self.iter().count()
    }

    /// Returns the normaliser of the steps; `None` if the set is empty, or the statistics are not finite.
    #[must_use]
    pub fn normalizer(&self) -> Option<Normalizer<CHANNELS>> {
        let mut statistics = Statistics::<CHANNELS>::ZERO;
        for utterance in self.iter() {
            utterance.samples().for_each(|step| statistics.add(&step));
        }
        Normalizer::from_statistics::<Libm<f32>>(&statistics).ok()
    }
}

/// Returns the first utterance in `bytes`, and the bytes after it.
fn utterance(bytes: &[u8]) -> Option<(Utterance<'_>, &[u8])> {
    let speaker = Class::new(word(bytes, 0)?).ok()?;
    let steps = word(bytes, 8).filter(|steps| (1..=STEPS).contains(steps))?;
    let (steps, rest) = bytes.get(RECORD..)?.split_at_checked(steps * STEP)?;
    Some((Utterance { speaker, steps: steps.as_chunks().0 }, rest))
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let word = bytes.get(at..)?.first_chunk()?;
    usize::try_from(u32::from_le_bytes(*word)).ok()
}
