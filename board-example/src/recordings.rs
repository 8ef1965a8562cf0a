//! BasicMotions data in place of sensors: 40 recordings of ten seconds each, in flash (`data/README.md`).
//!
//! The watch is worn the other way round from training, so two axes point the opposite way.

use crate::motion::{CHANNELS, Motion, Sample};

/// Number of bytes before the first recording.
const HEADER: usize = 20;
/// Number of bytes before a recording's first sample: they hold its motion, wearer and number of samples.
const RECORD: usize = 12;
const SAMPLES: usize = 100;
const SAMPLE: usize = 4 * CHANNELS;
/// Number of recordings of each motion; the recordings of a motion are consecutive.
const OF_A_MOTION: usize = 10;

/// Sign of each channel, which depends on the way the watch is worn.
const WORN: Sample = [-1.0, -1.0, 1.0, -1.0, -1.0, 1.0];

/// Sample with the wearer's label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Sensor values.
    pub sample: Sample,
    /// Motion of the wearer.
    pub motion: Motion,
    /// Set if the sample is the first of its recording.
    pub begins: bool,
}

/// Returns the samples of all recordings in a set, taking one recording of each motion in turn.
pub fn moments(set: &[u8]) -> impl Iterator<Item = Moment> {
    let recordings = set.get(HEADER..).unwrap_or_default();
    let count = recordings.len() / (RECORD + SAMPLES * SAMPLE);
    let turns = (0..OF_A_MOTION).flat_map(move |nth| (nth..count).step_by(OF_A_MOTION));
    turns.flat_map(move |index| recording(recordings, index).into_iter().flatten())
}

fn recording(recordings: &[u8], index: usize) -> Option<impl Iterator<Item = Moment>> {
    let recording = recordings.chunks_exact(RECORD + SAMPLES * SAMPLE).nth(index)?;
    let (head, samples) = recording.split_at_checked(RECORD)?;
    let motion = Motion::new(u32::from_le_bytes(*head.first_chunk()?) as usize).ok()?;
    let samples = samples.as_chunks::<SAMPLE>().0.iter().enumerate();
    Some(samples.map(move |(at, bytes)| Moment { sample: sample(bytes), motion, begins: at == 0 }))
}

fn sample(bytes: &[u8; SAMPLE]) -> Sample {
    let mut values = bytes.as_chunks::<4>().0.iter().zip(WORN);
    core::array::from_fn(|_| values.next().map_or(0.0, |(bytes, sign)| sign * f32::from_le_bytes(*bytes)))
}
