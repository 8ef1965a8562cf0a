//! Sections of an image according to `docs/image-format.md`, read without the library.

use elman::image::{Section, Tag};

/// Size of the header in bytes.
pub const HEADER: usize = 32;

/// Section as stored in an image.
pub struct Raw<'a> {
    pub tag: Tag,
    pub data: &'a [u8],
}

impl<T> Section<T> for Raw<'_> {
    fn tag(&self) -> Tag {
        self.tag
    }
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(self.data);
    }
}

/// Returns the integer in the 4 bytes at `offset`.
pub fn word(bytes: &[u8], offset: usize) -> Option<usize> {
    let four = bytes.get(offset..)?.first_chunk()?;
    Some(u32::from_le_bytes(*four) as usize)
}

/// Returns the sections after the weights, up to the first that extends beyond the image.
pub fn sections(image: &[u8]) -> Vec<Raw<'_>> {
    let weights = word(image, 16).unwrap_or_default().next_multiple_of(8);
    let mut rest = image.get(HEADER + weights..).unwrap_or_default();
    let mut found = Vec::new();
    while let Some(raw) = next(&mut rest) {
        found.push(raw);
    }
    found
}

fn next<'a>(rest: &mut &'a [u8]) -> Option<Raw<'a>> {
    let (&tag, length) = (rest.first_chunk()?, word(rest, 4)?);
    let data = rest.get(8..)?.get(..length)?;
    *rest = rest.get(8 + length.next_multiple_of(8)..)?;
    Some(Raw { tag, data })
}

/// Returns the data that a section's writer writes.
pub fn written<T>(section: &dyn Section<T>) -> Vec<u8> {
    let mut data = Vec::new();
    section.write(&mut |bytes| data.extend_from_slice(bytes));
    data
}
