//! The demo's network as an image, with the normaliser of its sensor and a probe.

use crate::{CHANNELS, Net, STEPS, Utterance};
use core::fmt;
use elman::error::{ImageError, SectionError, SelfTestError, WriteError};
use elman::image::Probe;
use elman::{Image, Normalizer, SequenceError};

/// Network and the normaliser of its sensor, both borrowed.
#[derive(Clone, Copy, Debug)]
pub struct Model<'a> {
    /// Network that reads normalised channels.
    pub network: &'a Net,
    /// Normaliser that brings each channel to mean 0 and variance 1.
    pub normalizer: &'a Normalizer<CHANNELS>,
}

impl<'a> Model<'a> {
    /// Opens an image and checks its probe.
    ///
    /// # Errors
    /// [`ModelError`] if the image cannot be opened, fails its probe or has no normaliser.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ModelError> {
        let image = Image::<Net>::open(bytes).map_err(ModelError::Image)?;
        image.selftest::<[f32; CHANNELS]>().map_err(ModelError::SelfTest)?;
        Ok(Self { network: image.network(), normalizer: image.normalizer().map_err(ModelError::Section)? })
    }

    /// Passes the bytes of the image to `sink`. Its probe requires the outputs computed here for `utterance`,
    /// bit for bit.
    ///
    /// # Errors
    /// [`Unwritten`] if the network cannot read `utterance`, or the image is refused.
    pub fn stream(&self, utterance: &Utterance<'_>, sink: &mut dyn FnMut(&[u8])) -> Result<(), Unwritten> {
        let mut buffer = [[0.0; CHANNELS]; STEPS];
        let input = &*utterance.read(self.normalizer, &mut buffer);
        let probe = Probe { input, expected: self.network.predict(input).map_err(Unwritten::Probe)?, tolerance: 0.0 };
        Image::stream(self.network, &[self.normalizer, &probe], sink).map_err(Unwritten::Image)
    }
}

/// Reason why an image of the model cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwritten {
    /// The network cannot read the input of the probe.
    Probe(SequenceError),
    /// The image was refused.
    Image(WriteError),
}

impl fmt::Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Probe(error) => error.fmt(f),
            Self::Image(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Unwritten {}

/// Reason why a model cannot be opened, or does not work on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelError {
    /// The bytes are not an image of the network.
    Image(ImageError),
    /// The network fails its self-test.
    SelfTest(SelfTestError),
    /// The image has no normaliser for the channels.
    Section(SectionError),
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image(error) => error.fmt(f),
            Self::SelfTest(error) => error.fmt(f),
            Self::Section(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ModelError {}
