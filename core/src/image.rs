//! A network as bytes: in flash, in a file, on its way to a device.
//!
//! ```text
//! header, 32 bytes │ weights, as they lie in memory │ architecture │ normalisation │ vocabulary │ probe │ ...
//! ```
//!
//! An [`Image`] is opened where it lies: no copy, no allocation. What opens is what was written: a checksum covers every
//! byte, and the header names the [`Architecture`], so that the weights of another network are refused even if they are as
//! many. One network with what travels along has one image, byte for byte, on host and device alike; bytes that
//! [`write`](Image::write) would not write do not open, and weights or scales that are not finite are neither written nor opened. What a network needs besides its weights travels in the same image:
//! a [`Normalizer`](crate::Normalizer), the words of a [`Vocabulary`](crate::Vocabulary), and a [`Probe`], an input with
//! the outputs it must give, by which a device [checks](Image::selftest) weights and arithmetic at boot.
//! `docs/image-format.md` describes every byte.
//!
//! ```
//! use elman::image::{Aligned, Image, Probe};
//! use elman::{Dense, Elman, Network, Normalizer, Zero};
//! type Net = Network<Elman<3, 5>, Dense<5, 2>>;
//!
//! // On the host.
//! let (net, normalizer) = (Net::ZERO, Normalizer { mean: [20.0, 50.0, 1013.0], scale: [0.5; 3] });
//! let input = [[0.5, 0.0, -1.0]];
//! let probe = Probe { input: &input, expected: net.predict(&input)?, tolerance: 0.0 };
//! let mut file = Aligned([0; 1024]);
//! let length = Image::write(&net, &[&normalizer, &probe], &mut file.0)?;
//!
//! // On the device: static MODEL: &Aligned<[u8]> = &Aligned(*include_bytes!("model.elman"));
//! let image = Image::<Net>::open(&file.0[..length])?;
//! image.selftest::<[f32; 3]>()?;
//! let scaled = image.normalizer::<3>()?.apply(&[22.0, 50.0, 1011.0]);
//! assert_eq!(image.network().predict(&[scaled])?, [0.0; 2]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::error::{ImageError, NonFiniteWeight};
use crate::math::Scalar;
use crate::parameters::{Parameters, check_finite};
use core::fmt;
use crc::{CRC_32_ISO_HDLC, Crc, NoTable};

mod carried;
mod check;
mod described;
mod header;
mod kinds;
mod probe;
mod section;
mod sink;
mod words;
mod write;

pub use self::described::Described;
use self::header::Header;
pub use self::probe::{Probe, ProbeInput};
use self::section::Sections;
pub use self::section::{Section, Tag, section_bytes};
use self::sink::padding;
pub use self::write::stream_described;
pub use crate::architecture::{Architecture, Text};

/// The CRC of zlib, without a table: 60 instructions a byte or so, and no flash.
const CRC: Crc<u32, NoTable> = Crc::<u32, NoTable>::new(&CRC_32_ISO_HDLC);

/// The address of an image is a multiple of this.
pub const ALIGNMENT: usize = align_of::<Aligned<()>>();

/// The tag of the section every image has: number type and architecture in words.
pub const ARCHITECTURE: Tag = *b"ARCH";
/// The tag of a [`Normalizer`](crate::Normalizer).
pub const NORMALIZER: Tag = *b"NORM";
/// The tag of a [`Vocabulary`](crate::Vocabulary).
pub const VOCABULARY: Tag = *b"VOCB";
/// The tag of a [`Probe`].
pub const PROBE: Tag = *b"PROB";

/// Bytes at an address an image can be opened at.
///
/// ```
/// use elman::image::Aligned;
/// static MODEL: &Aligned<[u8]> = &Aligned(*b"include_bytes!(...)");
/// assert_eq!(MODEL.0.as_ptr().addr() % elman::image::ALIGNMENT, 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(16))]
pub struct Aligned<B: ?Sized>(pub B);

/// An image that was checked, of a network of type `N`.
///
/// A network of which a part lies elsewhere has no image:
///
/// ```compile_fail,E0277
/// use elman::{Dense, Elman, Frozen, Network, image::Image};
/// const BYTES: usize = Image::<Network<Frozen<'static, Elman<3, 5>>, Dense<5, 2>>>::BYTES;
/// ```
pub struct Image<'a, N> {
    network: &'a N,
    /// The bytes that the network is.
    weights: &'a [u8],
    sections: Sections<'a>,
}

impl<'a, N: Parameters + Architecture> Image<'a, N> {
    /// Number type and architecture, e.g. `f32 network(elman(12,32,1,tanh),dense(32,9))`.
    pub const DESCRIPTION: Text =
        Text::new("").then(N::Scalar::ARCHITECTURE.as_bytes()).then(b" ").then(N::ARCHITECTURE.as_bytes());
    /// The CRC-32 of the description.
    pub const FINGERPRINT: u32 = CRC.checksum(Self::DESCRIPTION.as_bytes());
    /// Bytes of an image without further sections; each adds [`section_bytes`] of its data.
    pub const BYTES: usize = {
        assert!(
            N::COUNT * size_of::<N::Scalar>() == size_of::<N>(),
            "an image holds every byte of the network, so all of it must be weights"
        );
        assert!(cfg!(target_endian = "little"), "weights are read where they lie, and they lie little-endian");
        let weights = size_of::<N>() + padding(size_of::<N>());
        Header::BYTES + weights + section_bytes(Self::DESCRIPTION.as_bytes().len())
    };

    /// Opens the image that `bytes` begin with. What follows it is not looked at: a place in flash may be larger.
    ///
    /// Costs one pass over the image for its checksum, a short one for its form, and for each two words of a vocabulary a
    /// comparison. The network is used where it lies.
    ///
    /// # Errors
    /// [`ImageError`] that says what is wrong.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ImageError> {
        const { assert!(Self::BYTES > 0) }
        let text = const { Self::DESCRIPTION.as_bytes().len() };
        let expected = Expected { architecture: Self::FINGERPRINT, payload: size_of::<N>(), text };
        let (weights, sections) = parts::<N::Scalar>(bytes, expected)?;
        let network = N::ref_from_bytes(weights).map_err(|_| ImageError::Misaligned)?;
        Ok(Self { network, weights, sections })
    }
}

/// Properties that the image of a network must have.
struct Expected {
    architecture: u32,
    /// Bytes of the weights.
    payload: usize,
    /// Bytes of the architecture in words. The words themselves would take 512 bytes of flash.
    text: usize,
}

/// Weights and sections of the image that `bytes` begin with, checked. There is one such function for a number type, so that
/// a second network takes no second copy of it.
#[inline(never)]
fn parts<T: Scalar>(bytes: &[u8], network: Expected) -> Result<(&[u8], Sections<'_>), ImageError> {
    let (header, body) = Header::open(bytes)?;
    let (found, expected) = (header.architecture.get(), network.architecture);
    if found != expected {
        return Err(ImageError::OtherArchitecture { found, expected });
    }
    let (found, expected) = (header.payload.get() as usize, network.payload);
    let parts = body.split_at_checked(found).filter(|_| found == expected);
    let (weights, rest) = parts.ok_or(ImageError::PayloadLength { found, expected })?;
    if !bytes.as_ptr().addr().is_multiple_of(ALIGNMENT) {
        return Err(ImageError::Misaligned);
    }
    let sections = Sections::open(rest, found)?;
    let text = sections.description()?;
    if text.len() != network.text || header::checksum([text, &[]]) != network.architecture {
        return Err(ImageError::Description);
    }
    sections.check(check::section::<T>)?;
    check::finite::<T>(weights).map_err(|index| ImageError::Weight { index })?;
    Ok((weights, sections))
}

impl<N: Parameters> Image<'_, N> {
    /// Checks that all weights are finite, and names the one that is not. They were finite when the image was opened; memory can
    /// fail later. Each [self-test](Self::selftest) checks the same, but gives an index, which takes less flash.
    /// [`parameters::check_finite`](crate::parameters::check_finite) does it for any network.
    ///
    /// # Errors
    /// [`NonFiniteWeight`] with the tensor and the place of the first that is NaN or infinite.
    pub fn check_finite(&self) -> Result<(), NonFiniteWeight> {
        check_finite(self.network)
    }
}

impl<'a, N> Image<'a, N> {
    /// The network, where it lies.
    #[must_use]
    pub const fn network(&self) -> &'a N {
        self.network
    }
}

impl<N> Clone for Image<'_, N> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<N> Copy for Image<'_, N> {}

impl<N: fmt::Debug> fmt::Debug for Image<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image").field("network", self.network).finish_non_exhaustive()
    }
}
