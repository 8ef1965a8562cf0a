//! Images assembled and damaged byte by byte.

use elman::error::ImageError;
use elman::image::{Architecture, Image, Section, Tag};
use elman::{Dense, Elman, Network, Zero};
use zerocopy::IntoBytes;

/// Size of an image's header in bytes.
pub const HEADER: usize = 32;

/// Buffer whose bytes can start at an address that is a multiple of 16.
pub struct Flash {
    blocks: Vec<u128>,
    length: usize,
}

impl Flash {
    /// Copies the bytes to an aligned address.
    pub fn new(bytes: &[u8]) -> Self {
        Self::at(0, bytes)
    }

    /// Copies the bytes to an address `offset` bytes after an aligned one.
    pub fn at(offset: usize, bytes: &[u8]) -> Self {
        let length = offset + bytes.len();
        let mut blocks = vec![0_u128; length.div_ceil(16)];
        blocks.as_mut_bytes()[offset..length].copy_from_slice(bytes);
        Self { blocks, length }
    }

    /// Returns all bytes from the aligned address on, including the `offset` bytes before the copy.
    pub fn bytes(&self) -> &[u8] {
        &self.blocks.as_bytes()[..self.length]
    }
}

/// Returns the image of a network.
pub fn written<N: Architecture>(network: &N, sections: &[&dyn Section<N::Real>]) -> Vec<u8> {
    let mut bytes = vec![0xaa; Image::<N>::length(sections)];
    assert_eq!(Image::write(network, sections, &mut bytes), Ok(bytes.len()));
    bytes
}

/// Opens the bytes as an image and returns the error, or `None` if there is none.
pub fn refused<N: Architecture>(bytes: &[u8]) -> Option<ImageError> {
    Image::<N>::open(Flash::new(bytes).bytes()).err()
}

/// Returns the CRC-32, computed bit by bit, as in RFC 1952.
pub fn crc(bytes: &[u8]) -> u32 {
    let bit = |crc: u32| (crc >> 1) ^ (0xedb8_8320 * (crc & 1));
    !bytes.iter().fold(!0, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), |crc, _| bit(crc)))
}

/// Applies `edit` to an image and updates its checksum.
pub fn forged(image: &[u8], edit: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut image = image.to_vec();
    edit(&mut image);
    let sum = crc(&[&image[..28], &image[HEADER..]].concat());
    image[28..HEADER].copy_from_slice(&sum.to_le_bytes());
    image
}

/// Section with any tag and bytes, without checks.
pub struct Raw<'a>(pub Tag, pub &'a [u8]);

impl<T> Section<T> for Raw<'_> {
    fn tag(&self) -> Tag {
        self.0
    }
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(self.1);
    }
}

/// Returns the image of a network of zeros with one section of any tag and bytes, without checks.
pub fn image_with(tag: Tag, data: &[u8]) -> Vec<u8> {
    let mut image = Vec::new();
    Image::stream(&Small::ZERO, &[&Raw(tag, data)], &mut |piece| image.extend_from_slice(piece)).unwrap();
    image
}

/// Writes `value` at offset `at` as a little-endian word.
pub fn put(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

/// Network stored in most of the images in the tests.
pub type Small = Network<Elman<3, 5>, Dense<5, 2>>;
