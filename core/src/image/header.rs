use super::CRC;
use crate::error::ImageError;
use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute_ref};

/// First bytes of every image. The first byte is not ASCII and the last two are a line ending, so a transfer in
/// text mode is detected.
const MAGIC: [u8; 8] = *b"\x89elman\r\n";
/// Version of the format that is written and read.
const VERSION: u32 = 1;

/// First 32 bytes of an image, little-endian.
#[derive(Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(super) struct Header {
    magic: [u8; 8],
    version: U32,
    pub architecture: U32,
    /// Number of bytes of the payload, without padding.
    pub payload: U32,
    /// Number of bytes of the whole image.
    pub image: U32,
    reserved: U32,
    /// CRC-32 of everything else: the header before this field, then the bytes after the header.
    pub checksum: U32,
}

impl Header {
    pub const BYTES: usize = size_of::<Self>();

    /// Creates the header of an image with `body` bytes after it; [`sealed`](Self::sealed) sets its checksum.
    pub fn new(architecture: u32, payload: usize, body: usize) -> Self {
        Self {
            magic: MAGIC,
            version: VERSION.into(),
            architecture: architecture.into(),
            payload: size(payload),
            image: size(Self::BYTES + body),
            reserved: U32::ZERO,
            checksum: U32::ZERO,
        }
    }

    /// Sets the checksum; `body` must pass the bytes after the header to its argument.
    pub fn sealed(mut self, body: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Self {
        let mut digest = CRC.digest();
        digest.update(self.covered());
        body(&mut |bytes| digest.update(bytes));
        self.checksum = digest.finalize().into();
        self
    }

    /// Returns the header of the image at the start of `bytes`, and the rest of the image.
    ///
    /// # Errors
    /// [`ImageError`], except the errors that depend on the network.
    pub fn open(bytes: &[u8]) -> Result<(Self, &[u8]), ImageError> {
        let too_short = |needed| ImageError::TooShort { length: bytes.len(), needed };
        let (header, _) = Self::read_from_prefix(bytes).map_err(|_| too_short(Self::BYTES))?;
        if header.magic != MAGIC {
            return Err(ImageError::NotAnImage);
        }
        if header.version != VERSION {
            return Err(ImageError::Version { found: header.version.get() });
        }
        let image = header.image.get() as usize;
        let body = bytes.get(Self::BYTES..image.max(Self::BYTES)).ok_or(too_short(image))?;
        if header.checksum != checksum([header.covered(), body]) {
            return Err(ImageError::Checksum);
        }
        if header.reserved != 0 {
            return Err(ImageError::Reserved { found: header.reserved.get() });
        }
        Ok((header, body))
    }

    /// Returns the bytes of the header that the checksum covers, which are those before it.
    fn covered(&self) -> &[u8] {
        let [covered @ .., _, _, _, _]: &[u8; Self::BYTES] = transmute_ref!(self);
        covered
    }
}

/// Returns the checksum of two pieces. The unrolled loop over the bits is long, so a program has only this copy.
#[inline(never)]
pub(super) fn checksum(pieces: [&[u8]; 2]) -> u32 {
    let mut digest = CRC.digest();
    pieces.iter().for_each(|piece| digest.update(piece));
    digest.finalize()
}

/// Converts a size to the format's 32 bits. A size of 4 GiB or more does not fit, and such an image does not
/// open.
pub(super) fn size(bytes: usize) -> U32 {
    u32::try_from(bytes).unwrap_or(u32::MAX).into()
}
