use super::header::size;
use crate::error::{ImageError, SectionError};
use crate::image::padding;
use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// What tells the sections of an image apart: four ASCII letters. Those in capitals are the format's.
pub type Tag = [u8; 4];

/// Something that travels with the weights of a network of numbers `T`.
///
/// A type of your own can be one, under a tag with a small letter; [`Image::section`](super::Image::section) gives its
/// bytes back, at an address divisible by 8.
pub trait Section<T> {
    /// Its tag.
    fn tag(&self) -> Tag;
    /// Passes its bytes, the same ones at each call.
    fn write(&self, sink: &mut dyn FnMut(&[u8]));
}

/// Bytes that a section with `data` bytes adds to an image.
#[must_use]
pub const fn section_bytes(data: usize) -> usize {
    size_of::<Head>() + data + padding(data)
}

/// What each section begins with, at a multiple of 8 bytes.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Head {
    tag: Tag,
    /// Bytes of the data, without padding.
    length: U32,
}

/// Passes a section with what stands around its data.
pub(super) fn write<T>(section: &dyn Section<T>, sink: &mut dyn FnMut(&[u8])) {
    let length = super::write::count(|sink| section.write(sink));
    sink(Head { tag: section.tag(), length: size(length) }.as_bytes());
    section.write(sink);
    super::write::pad(length, sink);
}

/// The sections of an image, well-formed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sections<'a>(&'a [u8]);

impl<'a> Sections<'a> {
    /// # Errors
    /// [`ImageError::Sections`] if the last one does not end where the bytes do.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ImageError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = Entry::first(rest).ok_or(ImageError::Sections)?.rest;
        }
        Ok(Self(bytes))
    }

    /// The data of the first section with this tag.
    pub fn find(self, tag: Tag) -> Result<&'a [u8], SectionError> {
        let mut rest = self.0;
        while let Some(entry) = Entry::first(rest) {
            if entry.tag == tag {
                return Ok(entry.data);
            }
            rest = entry.rest;
        }
        Err(SectionError::Absent { tag })
    }
}

/// A section, and what follows it.
struct Entry<'a> {
    tag: Tag,
    data: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Entry<'a> {
    fn first(bytes: &'a [u8]) -> Option<Self> {
        let (head, rest) = Head::ref_from_prefix(bytes).ok()?;
        let length = head.length.get() as usize;
        let (data, rest) = rest.split_at_checked(length)?;
        let (_, rest) = rest.split_at_checked(padding(length))?;
        Some(Self { tag: head.tag, data, rest })
    }
}
