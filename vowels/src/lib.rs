//! Which of nine speakers says the vowels /ae/? The demo's network, its data and its training.
//!
//! The same code runs on the host and on the device, so that the two can be compared bit for bit. Nothing is allocated:
//! utterances are read one at a time from where they lie, a file on the host and flash on the device.

#![no_std]

mod checksum;
mod demo;
mod set;
mod training;

pub use checksum::Checksum;
pub use demo::{DemoError, demo};
pub use set::{Part, Set, SetError, Utterance};
pub use training::{Listener, Plan, Refused, Training, evaluate};

use elman::{Adam, Dense, Elman, Network, Normalizer, Parameters, Path, Trainer, Workspace, Zero};
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// LPC cepstrum coefficients in a step.
pub const CHANNELS: usize = 12;
/// Speakers.
pub const SPEAKERS: usize = 9;
/// Steps of the longest utterance.
pub const STEPS: usize = 29;
/// Hidden units.
pub const HIDDEN: usize = 32;

/// A network with the cell `C`.
pub type NetOf<C> = Network<C, Dense<HIDDEN, SPEAKERS>>;
/// The memory to train it: gradient, moments, tape.
pub type WorkOf<C> = Workspace<NetOf<C>, Adam, STEPS>;
/// The demo's network.
pub type Net = NetOf<Elman<CHANNELS, HIDDEN>>;
/// The memory to train it.
pub type Work = WorkOf<Elman<CHANNELS, HIDDEN>>;
/// Its trainer.
pub type NetTrainer<'a> = Trainer<'a, Net, Adam, STEPS>;

const _: () = assert!(NetTrainer::BYTES <= 36 * 1024, "training the demo's network takes at most 36 KiB");

/// A network and the statistics of the sensor it was trained on.
#[derive(Clone, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Model {
    /// Brings each channel to mean 0 and variance 1.
    pub normalizer: Normalizer<CHANNELS>,
    /// The network, which reads normalised channels.
    pub network: Net,
}

impl Model {
    /// All zeros, for a `static` that costs no flash.
    pub const ZERO: Self =
        Self { normalizer: Normalizer { mean: [0.0; CHANNELS], scale: [0.0; CHANNELS] }, network: Net::ZERO };

    /// Passes its bytes, in the order they are read back in by `zerocopy`: little-endian, as every board here is.
    pub fn write(&self, mut sink: impl FnMut(&[u8])) {
        let mut all = |values: &[f32]| values.iter().for_each(|value| sink(&value.to_le_bytes()));
        all(&self.normalizer.mean);
        all(&self.normalizer.scale);
        self.network.view(Path::ROOT, &mut |_, values| all(values));
    }
}
