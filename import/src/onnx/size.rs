//! Estimate of the memory that decoding a model will take: a message of 2 bytes can become a value of 200 bytes.

use super::proto;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

/// Kind of message in a model.
#[derive(Clone, Copy)]
enum Message {
    Model,
    OperatorSet,
    Graph,
    Node,
    Attribute,
    Tensor,
    Entry,
    ValueInfo,
    Type,
    TensorType,
    Shape,
    Dimension,
}

/// Kind of field.
enum Field {
    Message(Message),
    /// Packed integers; each may be a single byte.
    Integers,
    /// Packed numbers of a fixed length.
    Floats,
    /// Text, bytes and skipped fields.
    Bytes,
}

/// Factor for a growing vector: it has room for up to twice its elements, and is copied as it grows.
const GROWTH: u64 = 3;
/// Bytes of a single number.
const NUMBER: u64 = 8;
/// Bytes of a single string, without its characters.
const TEXT: u64 = 48;

/// Returns an upper bound on the bytes that decoding a model takes.
///
/// # Errors
/// If a field extends beyond the end of its message, where the decoder would read on.
pub fn decoded(model: &[u8]) -> Result<u64, String> {
    bytes_of(Message::Model, model)
}

fn bytes_of(message: Message, mut bytes: &[u8]) -> Result<u64, String> {
    let mut total = 0_u64;
    while !bytes.is_empty() {
        let (tag, wire) = decode_key(&mut bytes).map_err(|error| error.to_string())?;
        if wire != WireType::LengthDelimited {
            skip_field(wire, tag, &mut bytes, DecodeContext::default()).map_err(|error| error.to_string())?;
            total = total.saturating_add(GROWTH * NUMBER);
            continue;
        }
        let part = part(&mut bytes)?;
        let length = part.len() as u64;
        total = total.saturating_add(match message.field(tag) {
            Field::Message(inner) => (GROWTH * inner.size() as u64).saturating_add(bytes_of(inner, part)?),
            Field::Integers => GROWTH * NUMBER * length,
            Field::Floats => GROWTH * length,
            Field::Bytes => GROWTH * TEXT + length,
        });
    }
    Ok(total)
}

/// Returns the bytes of a field, which follow its length, and advances `bytes` past them.
fn part<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], String> {
    let length = decode_varint(bytes).map_err(|error| error.to_string())?;
    let (part, rest) =
        usize::try_from(length).ok().and_then(|length| bytes.split_at_checked(length)).ok_or_else(|| {
            format!("a field takes {length} bytes, but only {} are left; was it copied in full?", bytes.len())
        })?;
    *bytes = rest;
    Ok(part)
}

impl Message {
    const fn field(self, tag: u32) -> Field {
        match (self, tag) {
            (Self::Model, 7) => Field::Message(Self::Graph),
            (Self::Model, 8) => Field::Message(Self::OperatorSet),
            (Self::Graph, 1) => Field::Message(Self::Node),
            (Self::Graph, 5) | (Self::Attribute, 5) => Field::Message(Self::Tensor),
            (Self::Graph, 11 | 12) => Field::Message(Self::ValueInfo),
            (Self::Node, 5) => Field::Message(Self::Attribute),
            (Self::Tensor, 13) => Field::Message(Self::Entry),
            (Self::ValueInfo, 2) => Field::Message(Self::Type),
            (Self::Type, 1) => Field::Message(Self::TensorType),
            (Self::TensorType, 2) => Field::Message(Self::Shape),
            (Self::Shape, 1) => Field::Message(Self::Dimension),
            (Self::Tensor, 1 | 5 | 7) | (Self::Attribute, 8) => Field::Integers,
            (Self::Tensor, 4 | 10) | (Self::Attribute, 7) => Field::Floats,
            _ => Field::Bytes,
        }
    }

    const fn size(self) -> usize {
        match self {
            Self::Model => size_of::<proto::Model>(),
            Self::OperatorSet => size_of::<proto::OperatorSet>(),
            Self::Graph => size_of::<proto::Graph>(),
            Self::Node => size_of::<proto::Node>(),
            Self::Attribute => size_of::<proto::Attribute>(),
            Self::Tensor => size_of::<proto::Tensor>(),
            Self::Entry => size_of::<proto::Entry>(),
            Self::ValueInfo => size_of::<proto::ValueInfo>(),
            Self::Type => size_of::<proto::Type>(),
            Self::TensorType => size_of::<proto::TensorType>(),
            Self::Shape => size_of::<proto::Shape>(),
            Self::Dimension => size_of::<proto::Dimension>(),
        }
    }
}
