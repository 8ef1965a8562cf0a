use super::header::Header;
use super::section::{self, Section, Sections, Tag};
use super::sink::{count, pad};
use super::{ARCHITECTURE, Architecture, Image, check};
use crate::error::{ImageError, NoRoom, WriteError};
use crate::parameters::Path;
use zerocopy::IntoBytes;

impl<N: Architecture> Image<'_, N> {
    /// Writes the image of a network with `sections` to the start of `buffer`; returns its length. The order of the sections
    /// makes no difference.
    ///
    /// ```
    /// use elman::image::{Aligned, Image};
    /// use elman::{Dense, Elman, Network, Zero};
    /// type Net = Network<Elman<3, 5>, Dense<5, 2>>;
    /// let mut buffer = Aligned([0; Image::<Net>::BYTES]);
    /// Image::write(&Net::ZERO, &[], &mut buffer.0)?;
    /// assert_eq!(Image::<Net>::open(&buffer.0)?.network(), &Net::ZERO);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`WriteError`] if `buffer` is too short, or the image would not open or would fail a self-test: a weight, a
    /// normaliser or a probe that is not finite, an integer outside of its range, a tag used twice. `buffer` is unchanged, except that its start is
    /// zero if the format refuses a section under one of its tags that did not [refuse](Section::check) itself.
    pub fn write(network: &N, sections: &[&dyn Section<N::Real>], buffer: &mut [u8]) -> Result<usize, WriteError> {
        let (room, needed) = (buffer.len(), Self::length(sections));
        let place = buffer.get_mut(..needed).ok_or(WriteError::Room(NoRoom { room, needed }))?;
        let mut rest = &mut *place;
        Self::stream(network, sections, &mut |bytes| {
            if let Some(place) = rest.split_off_mut(..bytes.len()) {
                place.copy_from_slice(bytes);
            }
        })?;
        Self::check_sections(place).inspect_err(|_| place.fill(0)).map_err(WriteError::Image)?;
        Ok(needed)
    }

    fn check_sections(image: &[u8]) -> Result<(), ImageError> {
        let payload = size_of::<N>();
        let sections = image.get(Header::BYTES + payload..).ok_or(ImageError::Sections)?;
        Sections::open(sections, payload)?.check(check::section::<N::Real>)
    }

    /// Passes the bytes of the image to `sink`, piece by piece, as a flash driver takes them. All data is passed over
    /// twice, since the checksum comes first.
    ///
    /// # Errors
    /// Same as for [`write`](Self::write), before the first piece; the data of your own section under one of the
    /// format's tags is not checked.
    pub fn stream(
        network: &N,
        sections: &[&dyn Section<N::Real>],
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), WriteError> {
        check::network(network)?;
        let weights = |sink: &mut dyn FnMut(&[u8])| network.stored(Path::ROOT, &mut |tensor| sink(tensor.bytes));
        let description = const { &Self::DESCRIPTION }.as_bytes();
        stream(Self::FINGERPRINT, description, &weights, sections, sink)
    }

    /// Returns the length of the image with `sections`.
    #[must_use]
    pub fn length(sections: &[&dyn Section<N::Real>]) -> usize {
        let added = count(|sink| sections.iter().for_each(|section| section::write(*section, sink)));
        Self::BYTES + added
    }
}

/// Passes the bytes of an image of a network that is known by its description alone, as in tools on a host:
/// number type and architecture as text, and the weights in order. The weights are not checked;
/// [`Described`](super::Described) opens the image if they are finite.
///
/// # Errors
/// Same as for [`Image::stream`].
pub fn stream_described<T>(
    description: &str,
    weights: &impl Fn(&mut dyn FnMut(&[u8])),
    sections: &[&dyn Section<T>],
    sink: &mut dyn FnMut(&[u8]),
) -> Result<(), WriteError> {
    let description = description.as_bytes();
    stream(super::CRC.checksum(description), description, weights, sections, sink)
}

fn stream<T>(
    fingerprint: u32,
    description: &[u8],
    weights: &impl Fn(&mut dyn FnMut(&[u8])),
    sections: &[&dyn Section<T>],
    sink: &mut dyn FnMut(&[u8]),
) -> Result<(), WriteError> {
    section::check(sections).map_err(WriteError::Image)?;
    let payload = count(weights);
    let body = |sink: &mut dyn FnMut(&[u8])| {
        weights(sink);
        pad(payload, sink);
        section::write::<T>(&Description(description), sink);
        section::in_order(sections).for_each(|section| section::write(section, sink));
    };
    let length = count(body);
    let bytes = Header::BYTES.saturating_add(length);
    if u32::try_from(bytes).is_err() {
        return Err(WriteError::TooLong { bytes });
    }
    sink(Header::new(fingerprint, payload, length).sealed(body).as_bytes());
    body(sink);
    Ok(())
}

/// Section that holds the description of the network.
struct Description<'a>(&'a [u8]);

impl<T> Section<T> for Description<'_> {
    fn tag(&self) -> Tag {
        ARCHITECTURE
    }
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(self.0);
    }
}
