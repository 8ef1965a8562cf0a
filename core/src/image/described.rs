use super::header::Header;
use super::section::{Sections, Tag};
use super::{ARCHITECTURE, CRC, padding};
use crate::error::{ImageError, SectionError};

/// An image by its own description, for tools that do not know the type of its network.
#[derive(Clone, Copy, Debug)]
pub struct Described<'a> {
    /// Number type and architecture in words.
    pub description: &'a str,
    /// The bytes of the weights.
    pub weights: &'a [u8],
    sections: Sections<'a>,
}

impl<'a> Described<'a> {
    /// Opens the image that `bytes` begin with, at any address.
    ///
    /// # Errors
    /// [`ImageError`] that says what is wrong; [`ImageError::Sections`] also if the description is not that of the header.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ImageError> {
        let (header, body) = Header::open(bytes)?;
        let payload = header.payload.get() as usize;
        let wrong = ImageError::PayloadLength { found: payload, expected: body.len() };
        let (weights, rest) = body.split_at_checked(payload).ok_or(wrong)?;
        let sections = Sections::open(rest.get(padding(payload)..).ok_or(ImageError::Sections)?)?;
        let description = sections.find(ARCHITECTURE).map_err(|_| ImageError::Sections)?;
        if CRC.checksum(description) != header.architecture.get() {
            return Err(ImageError::Sections);
        }
        let description = str::from_utf8(description).map_err(|_| ImageError::Sections)?;
        Ok(Self { description, weights, sections })
    }

    /// The data of the first section with this tag.
    ///
    /// # Errors
    /// [`SectionError::Absent`] if there is none.
    pub fn section(&self, tag: Tag) -> Result<&'a [u8], SectionError> {
        self.sections.find(tag)
    }
}
