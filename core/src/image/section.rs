use super::header::{Header, size};
use super::sink::{self, padding};
use crate::error::{ImageError, SectionError};
use crate::image::{ARCHITECTURE, NORMALIZER, PROBE, VOCABULARY};
use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Tag of a section: four ASCII letters. Tags in capitals belong to the format.
pub type Tag = [u8; 4];

/// Data stored with the weights of a network with number type `T`.
///
/// A type of your own can be a section if its tag has a lower-case letter;
/// [`Image::section`](super::Image::section) returns its bytes, at an address divisible by 8. An image has at
/// most one section of each tag.
pub trait Section<T> {
    /// Tag of the section.
    fn tag(&self) -> Tag;
    /// Passes the bytes to `sink`; each call must pass the same bytes.
    fn write(&self, sink: &mut dyn FnMut(&[u8]));
    /// Checks that the values are usable; otherwise the image is not written.
    ///
    /// # Errors
    /// [`SectionError`] that names the first unusable value.
    fn check(&self) -> Result<(), SectionError> {
        Ok(())
    }
}

/// Number of bytes that a section with `data` bytes adds to an image.
#[must_use]
pub const fn section_bytes(data: usize) -> usize {
    size_of::<Head>() + data + padding(data)
}

/// Head of each section, at a multiple of 8 bytes.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Head {
    tag: Tag,
    /// Number of bytes of data, without padding.
    length: U32,
}

/// Passes a section with its head and padding to `sink`.
pub(super) fn write<T>(section: &dyn Section<T>, sink: &mut dyn FnMut(&[u8])) {
    let length = sink::count(|sink| section.write(sink));
    sink(Head { tag: section.tag(), length: size(length) }.as_bytes());
    section.write(sink);
    sink::pad(length, sink);
}

/// Returns the sections in the order of an image, whatever their order in `sections`.
pub(super) fn in_order<'s, T>(sections: &'s [&'s dyn Section<T>]) -> impl Iterator<Item = &'s dyn Section<T>> {
    let mut last = rank(ARCHITECTURE);
    core::iter::from_fn(move || {
        let behind = sections.iter().filter(|section| rank(section.tag()) > last);
        let next = behind.min_by_key(|section| rank(section.tag()))?;
        last = rank(next.tag());
        Some(*next)
    })
}

/// Checks that an image can hold these sections.
pub(super) fn check<T>(sections: &[&dyn Section<T>]) -> Result<(), ImageError> {
    for (index, section) in sections.iter().enumerate() {
        let tag = section.tag();
        letters(tag)?;
        if tag == ARCHITECTURE || sections.iter().take(index).any(|before| before.tag() == tag) {
            return Err(ImageError::Order { tag });
        }
        section.check().map_err(ImageError::Section)?;
    }
    Ok(())
}

/// Rank of a section in an image: the format's own first, then the others by their tags.
#[inline(never)]
fn rank(tag: Tag) -> (u8, Tag) {
    let place = match tag {
        ARCHITECTURE => 0,
        NORMALIZER => 1,
        VOCABULARY => 2,
        PROBE => 3,
        _ => 4,
    };
    (place, tag)
}

fn letters(tag: Tag) -> Result<(), ImageError> {
    if tag.iter().all(u8::is_ascii_alphabetic) { Ok(()) } else { Err(ImageError::Tag { tag }) }
}

/// Checks that bytes of padding, which begin at offset `at`, are zero.
fn zeros(bytes: &[u8], at: usize) -> Result<(), ImageError> {
    match bytes.iter().position(|&byte| byte != 0) {
        Some(place) => Err(ImageError::Padding { at: at + place }),
        None => Ok(()),
    }
}

/// Well-formed sections of an image: in order, each once, the architecture first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sections<'a>(&'a [u8]);

impl<'a> Sections<'a> {
    /// Opens the sections in the bytes after a payload of `payload` bytes.
    ///
    /// # Errors
    /// [`ImageError`] if there are bytes between or after the sections, or the sections are out of order.
    pub fn open(bytes: &'a [u8], payload: usize) -> Result<Self, ImageError> {
        let (filling, bytes) = bytes.split_at_checked(padding(payload)).ok_or(ImageError::Sections)?;
        zeros(filling, Header::BYTES + payload)?;
        let end = Header::BYTES + payload + filling.len() + bytes.len();
        let (mut rest, mut last) = (bytes, None);
        while !rest.is_empty() {
            let entry = Entry::first(rest).ok_or(ImageError::Sections)?;
            entry.follows(last)?;
            zeros(entry.filling, end - entry.rest.len() - entry.filling.len())?;
            (rest, last) = (entry.rest, Some(entry.tag));
        }
        Ok(Self(bytes))
    }

    /// Returns the architecture as text.
    pub fn description(self) -> Result<&'a [u8], ImageError> {
        self.find(ARCHITECTURE).map_err(|_| ImageError::Description)
    }

    /// Checks the data of each section with `check`.
    pub fn check(self, check: fn(Tag, &[u8]) -> Result<(), SectionError>) -> Result<(), ImageError> {
        self.iter().try_for_each(|entry| check(entry.tag, entry.data)).map_err(ImageError::Section)
    }

    /// Returns the data of the section with this tag.
    pub fn find(self, tag: Tag) -> Result<&'a [u8], SectionError> {
        self.iter().find(|entry| entry.tag == tag).map(|entry| entry.data).ok_or(SectionError::Absent { tag })
    }

    /// The tags and the data of all sections.
    pub fn all(self) -> impl Iterator<Item = (Tag, &'a [u8])> {
        self.iter().map(|entry| (entry.tag, entry.data))
    }

    fn iter(self) -> impl Iterator<Item = Entry<'a>> {
        core::iter::successors(Entry::first(self.0), |entry| Entry::first(entry.rest))
    }
}

/// A section and the bytes after it.
struct Entry<'a> {
    tag: Tag,
    data: &'a [u8],
    /// Padding up to the next multiple of 8.
    filling: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Entry<'a> {
    fn first(bytes: &'a [u8]) -> Option<Self> {
        let (head, rest) = Head::ref_from_prefix(bytes).ok()?;
        let length = head.length.get() as usize;
        let (data, rest) = rest.split_at_checked(length)?;
        let (filling, rest) = rest.split_at_checked(padding(length))?;
        Some(Self { tag: head.tag, data, filling, rest })
    }

    /// Checks that this section may follow one with the tag `last`, or come first if `last` is `None`.
    fn follows(&self, last: Option<Tag>) -> Result<(), ImageError> {
        let tag = self.tag;
        letters(tag)?;
        match last {
            None if tag != ARCHITECTURE => Err(ImageError::Description),
            Some(last) if rank(tag) <= rank(last) => Err(ImageError::Order { tag }),
            _ => Ok(()),
        }
    }
}
