//! Network as bytes: in flash, in a file, or on its way to a device.
//!
//! ```text
//! header, 32 bytes │ weights, as in memory │ architecture │ normalisation │ vocabulary │ probe │ ...
//! ```
//!
//! An [`Image`] is opened in place: no copy, no allocation. An image that opens is as it was written: a checksum
//! covers every byte, and the header names the [`Architecture`], so that the weights of another network are
//! refused even if their number is the same. A network and the data stored with it have one image, byte for byte,
//! on host and device alike; bytes that [`write`](Image::write) would not write do not open; weights or scales
//! that are not finite, and integers outside of their ranges, are neither written nor opened. The data that a network needs besides its weights
//! is in the same image: a [`Normalizer`](crate::Normalizer), the words of a [`Vocabulary`](crate::Vocabulary),
//! and a [`Probe`], an input with the expected outputs, by which a device [checks](Image::selftest) weights and
//! arithmetic at boot. `docs/image-format.md` describes every byte.
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
mod content;
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
pub use crate::architecture::{Architecture, Content, Numbers, Stored, Text, parameter_bytes, stored_parameters};

/// CRC of zlib, computed without a table: it takes about 60 instructions per byte but no flash for a table.
const CRC: Crc<u32, NoTable> = Crc::<u32, NoTable>::new(&CRC_32_ISO_HDLC);

/// Alignment of an image: its address must be a multiple of this number.
pub const ALIGNMENT: usize = align_of::<Aligned<()>>();

/// Tag of the section that every image has: number type and architecture as text.
pub const ARCHITECTURE: Tag = *b"ARCH";
/// Tag of a [`Normalizer`](crate::Normalizer).
pub const NORMALIZER: Tag = *b"NORM";
/// Tag of a [`Vocabulary`](crate::Vocabulary).
pub const VOCABULARY: Tag = *b"VOCB";
/// Tag of a [`Probe`].
pub const PROBE: Tag = *b"PROB";

/// Bytes aligned to [`ALIGNMENT`], as opening an image requires.
///
/// ```
/// use elman::image::Aligned;
/// static MODEL: &Aligned<[u8]> = &Aligned(*b"include_bytes!(...)");
/// assert_eq!(MODEL.0.as_ptr().addr() % elman::image::ALIGNMENT, 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(16))]
pub struct Aligned<B: ?Sized>(pub B);

/// Checked image of a network of type `N`.
///
/// A network with a part stored elsewhere has no image:
///
/// ```compile_fail,E0277
/// use elman::{Dense, Elman, Frozen, Network, image::Image};
/// const BYTES: usize = Image::<Network<Frozen<'static, Elman<3, 5>>, Dense<5, 2>>>::BYTES;
/// ```
pub struct Image<'a, N> {
    network: &'a N,
    /// Bytes of the network.
    weights: &'a [u8],
    sections: Sections<'a>,
}

impl<'a, N: Architecture> Image<'a, N> {
    /// Number type and architecture, e.g. `f32 network(elman(12,32,1,tanh),dense(32,9))`.
    pub const DESCRIPTION: Text = Text::new(N::NUMBERS.word::<N::Real>()).then(b" ").then(N::ARCHITECTURE.as_bytes());
    /// CRC-32 of the description.
    pub const FINGERPRINT: u32 = CRC.checksum(Self::DESCRIPTION.as_bytes());
    /// Size in bytes of an image without further sections; each section adds [`section_bytes`] of its data.
    pub const BYTES: usize = {
        assert!(N::WEIGHTS == size_of::<N>(), "an image holds every byte of the network, so all of it must be weights");
        assert!(cfg!(target_endian = "little"), "weights are read in place, which needs a little-endian target");
        let weights = size_of::<N>() + padding(size_of::<N>());
        Header::BYTES + weights + section_bytes(Self::DESCRIPTION.as_bytes().len())
    };

    /// Opens the image at the start of `bytes`. Bytes after it are ignored: a region of flash may be larger.
    ///
    /// Costs one pass over the image for its checksum, a short one for its form, and one comparison for each pair of
    /// words in a vocabulary. The network is used in place.
    ///
    /// # Errors
    /// [`ImageError`] that says what is wrong.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ImageError> {
        const { assert!(Self::BYTES > 0) }
        let text = const { Self::DESCRIPTION.as_bytes().len() };
        let real = matches!(N::NUMBERS, Numbers::Real);
        let expected = Expected { architecture: Self::FINGERPRINT, payload: size_of::<N>(), text, real };
        let (weights, sections) = parts::<N::Real>(bytes, expected)?;
        let network = N::ref_from_bytes(weights).map_err(|_| ImageError::Misaligned)?;
        check::integers(network).map_err(ImageError::Integer)?;
        Ok(Self { network, weights, sections })
    }
}

/// Properties that the image of a network must have.
struct Expected {
    architecture: u32,
    /// Size of the weights in bytes.
    payload: usize,
    /// Size of the architecture's text in bytes. The text itself would take 512 bytes of flash.
    text: usize,
    /// Set if the weights are numbers of the type of its sections.
    real: bool,
}

/// Returns the checked weights and sections of the image at the start of `bytes`. There is one such function per
/// number type, so that a second network adds no second copy.
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
    if network.real {
        check::finite::<T>(weights).map_err(|index| ImageError::Weight { index })?;
    }
    Ok((weights, sections))
}

impl<N: Parameters> Image<'_, N> {
    /// Checks that all weights are finite, and names the first that is not. They were finite when the image was
    /// opened, but memory can fail later. Each [self-test](Self::selftest) makes the same check but returns an index,
    /// which takes less flash. [`parameters::check_finite`](crate::parameters::check_finite) checks any network.
    ///
    /// # Errors
    /// [`NonFiniteWeight`] with the tensor and the index of the first weight that is NaN or infinite.
    pub fn check_finite(&self) -> Result<(), NonFiniteWeight> {
        check_finite(self.network)
    }
}

impl<'a, N> Image<'a, N> {
    /// Returns the network, in place.
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
