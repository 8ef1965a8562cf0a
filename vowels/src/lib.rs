//! Recognition of nine speakers by the vowels /ae/: network, data and training of the demo.
//!
//! The same code runs on the host and on the device, so that the two can be compared bit for bit. Nothing is
//! allocated: utterances are read one at a time from their storage, a file on the host and flash on the device.

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

/// Number of channels: LPC cepstrum coefficients per step.
pub const CHANNELS: usize = 12;
/// Number of speakers.
pub const SPEAKERS: usize = 9;
/// Number of steps of the longest utterance.
pub const STEPS: usize = 29;
/// Number of hidden units.
pub const HIDDEN: usize = 32;

/// One step of an utterance.
pub type Step = [f32; CHANNELS];
/// Network with the cell `C`.
pub type NetOf<C> = Network<C, Dense<HIDDEN, SPEAKERS>>;
/// Memory for training the network: gradient, moments, tape.
pub type WorkOf<C> = Workspace<NetOf<C>, Adam, STEPS>;
/// Network of the demo.
pub type Net = NetOf<Elman<CHANNELS, HIDDEN>>;
/// Memory for training the network.
pub type Work = WorkOf<Elman<CHANNELS, HIDDEN>>;
/// Trainer of the network.
pub type NetTrainer<'a> = Trainer<'a, Work>;

const _: () = assert!(NetTrainer::BYTES <= 36 * 1024, "training the demo's network takes at most 36 KiB");
