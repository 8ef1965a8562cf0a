//! Checksum of numbers, which shows in one line that two runs gave the same bits.

use core::fmt;
use elman::Parameters;
use elman::parameters::Path;

static CRC: crc::Crc<u64, crc::NoTable> = crc::Crc::<u64, crc::NoTable>::new(&crc::CRC_64_XZ);

/// CRC-64 of the bits of `f32` values.
#[derive(Clone)]
pub struct Checksum(crc::Digest<'static, u64, crc::NoTable>);

impl Default for Checksum {
    fn default() -> Self {
        Self::new()
    }
}

impl Checksum {
    /// Creates the checksum of no values.
    #[must_use]
    pub fn new() -> Self {
        Self(CRC.digest())
    }

    /// Returns the checksum of a network's weights.
    pub fn of(network: &impl Parameters<Scalar = f32>) -> Self {
        let mut sum = Self::new();
        network.view(Path::ROOT, &mut |_, values| sum.add(values));
        sum
    }

    /// Adds the bits of `values`.
    pub fn add(&mut self, values: &[f32]) {
        values.iter().for_each(|value| self.0.update(&value.to_le_bytes()));
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0.clone().finalize())
    }
}
