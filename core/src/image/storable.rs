use super::{Architecture, Text};
use crate::parameters::Parameters;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// A number type whose bytes are a number's.
pub trait Number: crate::Scalar + Architecture + FromBytes + IntoBytes + KnownLayout + Immutable {}
impl<T: crate::Scalar + Architecture + FromBytes + IntoBytes + KnownLayout + Immutable> Number for T {}

/// Network that an image can hold: weights and nothing else, one after the other. A frozen layer, which has none, is not.
pub trait Storable: Parameters<Scalar: Number> + Architecture + FromBytes + KnownLayout + Immutable {
    /// Number type and architecture, e.g. `f32 network(elman(12,32,1,tanh),dense(32,9))`.
    const DESCRIPTION: Text =
        Text::new("").then(Self::Scalar::ARCHITECTURE.as_bytes()).then(b" ").then(Self::ARCHITECTURE.as_bytes());
    /// The CRC-32 of the description.
    const FINGERPRINT: u32 = super::CRC.checksum(Self::DESCRIPTION.as_bytes());
}
impl<N: Parameters<Scalar: Number> + Architecture + FromBytes + KnownLayout + Immutable> Storable for N {}
