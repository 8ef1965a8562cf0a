//! Watch without the board: it recognises its wearer's motions and learns from them.

use crate::recordings::Moment;
use core::fmt;
use elman::error::{ConfigError, ImageError, SectionError, SelfTestError, SequenceError, StreamError, TrainError};
use elman::stream::Buffered;
use elman::{
    Adam, Class, Clip, Config, Dense, Gru, Image, Job, Last, Network, Normalizer, Trainer, Workspace, parameters,
};

/// Number of channels: acceleration along three axes, and rotation about them.
pub const CHANNELS: usize = 6;
/// Number of motions: standing, running, walking, badminton.
pub const MOTIONS: usize = 4;
/// Number of samples in a window, which lasts five seconds.
pub const WINDOW: usize = 50;
/// Number of samples between two decisions, which are one second apart.
pub const HOP: usize = 10;
const UNITS: usize = 32;
const RATE: f32 = 0.01;
/// Probability below which the network is also trained on a correct answer.
const SURE: f32 = 0.9;

/// Class of a motion.
pub type Motion = Class<MOTIONS>;
/// One sample from the sensors.
pub type Sample = [f32; CHANNELS];
/// Network of the watch.
pub type Net = Network<Gru<CHANNELS, UNITS>, Dense<UNITS, MOTIONS>>;
/// Memory for training the network.
pub type Work = Workspace<Net, Adam, WINDOW>;
/// Trainer of the network.
pub type Learn<'a> = Trainer<'a, Work>;

const _: () = assert!(Learn::BYTES <= 96 * 1024, "learning leaves more than half of 256 KB of RAM to the product");

/// Result for a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// Motion that the network recognised.
    pub told: Motion,
    /// Probability that the network gave the recognised motion.
    pub probability: f32,
    /// Set if the answer agrees with the wearer's label.
    pub right: bool,
    /// Number of slices of the update that followed a wrong or unsure answer; `None` without an update.
    pub slices: Option<usize>,
}

/// Network that reads a stream and learns from it.
pub struct Watch<'a> {
    normalizer: Normalizer<CHANNELS>,
    network: &'a mut Net,
    work: &'a mut Work,
    stream: Buffered<Sample, WINDOW, HOP>,
}

impl<'a> Watch<'a> {
    /// Creates the watch from an image, whose checksum, architecture and probe are checked first, in place. The
    /// weights are copied to `network`, where they are trained.
    ///
    /// # Errors
    /// Returns [`Unfit`] if the image or the arithmetic of this processor is wrong.
    pub fn open(image: &[u8], network: &'a mut Net, work: &'a mut Work) -> Result<Self, Unfit> {
        let image = Image::<Net>::open(image).map_err(Unfit::Image)?;
        image.selftest::<Sample>().map_err(Unfit::SelfTest)?;
        let normalizer = *image.normalizer().map_err(Unfit::Normalizer)?;
        parameters::copy(image.network(), network);
        Ok(Self { normalizer, network, work, stream: Buffered::ZERO })
    }

    /// Reads a sample. If it completes a window, recognises the motion and, if the answer was wrong or unsure, trains
    /// on the window in slices of bounded work, calling `pause` between slices.
    ///
    /// # Errors
    /// Returns [`Refused`] if the sample or the window is refused; the network is then unchanged.
    pub async fn read(&mut self, moment: &Moment, pause: impl AsyncFnMut()) -> Result<Option<Verdict>, Refused> {
        let Self { normalizer, network, work, stream } = self;
        if moment.begins {
            stream.reset();
        }
        let Some(window) = stream.push(normalizer.apply(&moment.sample)).map_err(Refused::Sample)? else {
            return Ok(None);
        };
        let (told, probability) = decide(network, window).map_err(Refused::Window)?;
        let right = told == moment.motion;
        let slices = match right && probability >= SURE {
            true => None,
            false => Some(learn((network, work), (window, moment.motion), pause).await?),
        };
        Ok(Some(Verdict { told, probability, right, slices }))
    }
}

/// Returns the most probable motion and its probability.
fn decide(network: &Net, window: &[Sample]) -> Result<(Motion, f32), SequenceError> {
    let probabilities = network.probabilities(window)?;
    let told = Motion::largest(&probabilities).ok_or(SequenceError::NonFiniteOutput { step: window.len() })?;
    Ok((told, probabilities.get(told.index()).copied().unwrap_or_default()))
}

/// Performs one update and returns its number of slices.
async fn learn(
    (network, work): (&mut Net, &mut Work),
    (window, motion): (&[Sample], Motion),
    mut pause: impl AsyncFnMut(),
) -> Result<usize, Refused> {
    let config = Config { clip: Clip::Norm(1.0), ..Config::new(Adam::new(RATE)) };
    let mut trainer = Learn::new(network, work, config).map_err(Refused::Config)?;
    let mut job = Job::new(window, Last(motion));
    trainer.begin(&mut job).map_err(Refused::Update)?;
    let mut slices = 1;
    while trainer.poll(&mut job).map_err(Refused::Update)?.is_none() {
        slices += 1;
        pause().await;
    }
    Ok(slices)
}

/// Reason why the watch does not start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unfit {
    /// The bytes in flash are not an image of this network.
    Image(ImageError),
    /// The network's outputs differ from the expected outputs in its image.
    SelfTest(SelfTestError),
    /// The image has no normaliser.
    Normalizer(SectionError),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image(error) => write!(f, "image: {error}"),
            Self::SelfTest(error) => write!(f, "self-test: {error}"),
            Self::Normalizer(error) => write!(f, "normalizer: {error}"),
        }
    }
}

/// Reason why a sample or a window was refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Refused {
    /// The sample was refused.
    Sample(StreamError),
    /// The window that ends with the sample was refused.
    Window(SequenceError),
    /// The training configuration was refused.
    Config(ConfigError),
    /// The update from the window was refused.
    Update(TrainError),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sample(error) => error.fmt(f),
            Self::Window(error) => error.fmt(f),
            Self::Config(error) => error.fmt(f),
            Self::Update(error) => error.fmt(f),
        }
    }
}
