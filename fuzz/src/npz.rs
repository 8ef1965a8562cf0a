//! Check of NumPy archives.

use crate::sections::word;
use crate::set;
use crc::{CRC_32_ISO_HDLC, Crc};
use elman_trainer::data::npz;
use std::ops::Range;

/// Checks that a data set is the same after being written and read again. The bytes are checked unchanged, and
/// with the checksums that a program would write, which random bytes never have.
pub fn check(bytes: &[u8]) {
    let mut sealed = bytes.to_vec();
    seal(&mut sealed);
    for options in set::options() {
        for bytes in [bytes, &sealed] {
            set::check(bytes, &options, npz::read, (npz::write, npz::read));
        }
    }
}

/// Corrects length and checksum in the directory entry of each file that is stored without compression.
fn seal(archive: &mut [u8]) {
    const CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);
    for at in (0..archive.len()).filter(|&at| archive[at..].starts_with(b"PK\x01\x02")).collect::<Vec<_>>() {
        if let Some(file) = stored(archive, at) {
            let length = file.len() as u32;
            let checksum = CRC.checksum(&archive[file]);
            archive[at + 16..at + 20].copy_from_slice(&checksum.to_le_bytes());
            archive[at + 24..at + 28].copy_from_slice(&length.to_le_bytes());
        }
    }
}

/// Returns the range of a directory entry's file, if the file is present and not compressed.
fn stored(archive: &[u8], entry: usize) -> Option<Range<usize>> {
    let half = |at: usize| archive.get(at..)?.first_chunk().map(|&two| usize::from(u16::from_le_bytes(two)));
    let (method, length, local) = (half(entry + 10)?, word(archive, entry + 20)?, word(archive, entry + 42)?);
    let start = local.checked_add(30)? + half(local + 26)? + half(local + 28)?;
    let whole = method == 0 && archive.get(start..)?.len() >= length;
    whole.then(|| start..start + length)
}
