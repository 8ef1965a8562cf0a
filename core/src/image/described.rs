use super::check;
use super::header::{Header, checksum};
use super::section::{Sections, Tag};
use crate::architecture::CAPACITY;
use crate::error::{ImageError, SectionError};
use crate::math::Scalar;

/// Image read by its own description, for tools that do not know the type of its network.
#[derive(Clone, Copy, Debug)]
pub struct Described<'a> {
    /// Number type and architecture as text.
    pub description: &'a str,
    /// Bytes of the weights.
    pub weights: &'a [u8],
    sections: Sections<'a>,
}

impl<'a> Described<'a> {
    /// Opens the image at the start of `bytes`, at any address.
    ///
    /// # Errors
    /// [`ImageError`] that says what is wrong, the same as for [`Image::open`](super::Image::open).
    pub fn open(bytes: &'a [u8]) -> Result<Self, ImageError> {
        let (header, body) = Header::open(bytes)?;
        let payload = header.payload.get() as usize;
        let wrong = ImageError::PayloadLength { found: payload, expected: body.len() };
        let (weights, rest) = body.split_at_checked(payload).ok_or(wrong)?;
        let sections = Sections::open(rest, payload)?;
        let description = described(sections.description()?, header.architecture.get())?;
        let image = Self { description, weights, sections };
        image.check()?;
        Ok(image)
    }

    fn check(&self) -> Result<(), ImageError> {
        match self.description.split_once(' ') {
            Some(("f32", _)) => self.check_numbers::<f32>(),
            Some(("f64", _)) => self.check_numbers::<f64>(),
            // Which of the bytes are of which tensor is known to who knows the network.
            Some(("int8", _)) => self.sections.check(check::section::<f32>),
            Some(_) => self.sections.check(check::text),
            None => Err(ImageError::Description),
        }
    }

    fn check_numbers<T: Scalar>(&self) -> Result<(), ImageError> {
        let (found, size) = (self.weights.len(), size_of::<T>());
        if !found.is_multiple_of(size) {
            return Err(ImageError::PayloadLength { found, expected: found - found % size });
        }
        self.sections.check(check::section::<T>)?;
        check::finite::<T>(self.weights).map_err(|index| ImageError::Weight { index })
    }

    /// The sections with their tags, in the order of the image; the first is the description.
    pub fn sections(&self) -> impl Iterator<Item = (Tag, &'a [u8])> {
        self.sections.all()
    }

    /// Returns the data of the first section with this tag.
    ///
    /// # Errors
    /// [`SectionError::Absent`] if the image has no such section.
    pub fn section(&self, tag: Tag) -> Result<&'a [u8], SectionError> {
        self.sections.find(tag)
    }
}

/// Returns the text, if it is one line of ASCII and has this checksum.
fn described(text: &[u8], fingerprint: u32) -> Result<&str, ImageError> {
    let line = text.len() <= CAPACITY && text.iter().all(|&byte| byte == b' ' || byte.is_ascii_graphic());
    let text = str::from_utf8(text).ok().filter(|text| line && checksum([text.as_bytes(), &[]]) == fingerprint);
    text.ok_or(ImageError::Description)
}
