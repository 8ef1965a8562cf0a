//! Recognition of nine speakers by the vowels /ae/: the demo's network, its data and its training.
//!
//! The same code runs on the host and on the device, so that the two can be compared bit for bit. Nothing is allocated:
//! utterances are read one at a time from where they lie, a file on the host and flash on the device.

#![no_std]

mod checksum;
mod demo;
mod model;
mod set;
mod training;

pub use checksum::Checksum;
pub use demo::{DemoError, demo};
pub use model::{Model, ModelError, Unwritten};
pub use set::{Part, Set, SetError, Utterance};
pub use training::{Plan, Refused, Training, evaluate};

use elman::{Adam, Dense, Elman, Network, Trainer, Workspace};

/// LPC cepstrum coefficients in a step.
pub const CHANNELS: usize = 12;
/// Speakers.
pub const SPEAKERS: usize = 9;
/// Steps of the longest utterance.
pub const STEPS: usize = 29;
/// Hidden units.
pub const HIDDEN: usize = 32;

/// One step of an utterance.
pub type Step = [f32; CHANNELS];
/// A network with the cell `C`.
pub type NetOf<C> = Network<C, Dense<HIDDEN, SPEAKERS>>;
/// The memory to train it: gradient, moments, tape.
pub type WorkOf<C> = Workspace<NetOf<C>, Adam, STEPS>;
/// The demo's network.
pub type Net = NetOf<Elman<CHANNELS, HIDDEN>>;
/// The memory to train it.
pub type Work = WorkOf<Elman<CHANNELS, HIDDEN>>;
/// Its trainer.
pub type NetTrainer<'a> = Trainer<'a, Work>;

const _: () = assert!(NetTrainer::BYTES <= 36 * 1024, "training the demo's network takes at most 36 KiB");
