//! Tensors with known values, and operations that rearrange them. Integers, which are sizes and indices, are also
//! held as f64.

use super::proto;
use crate::{ImportError, finite, shown};
use half::{bf16, f16};

/// Values and their shape, in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
}

impl Tensor {
    /// Reads a tensor stored in the model.
    pub fn read(name: &str, stored: &proto::Tensor) -> Result<Self, ImportError> {
        if stored.is_external() {
            return Err(ImportError::Unsupported(format!(
                "{}, a constant of a node, is stored in a separate file; save the model with its constants inside",
                shown::name(name)
            )));
        }
        Self::read_raw(name, stored, &stored.raw_data)
    }

    /// Reads a tensor from bytes. Memory is allocated only for bytes that exist.
    pub fn read_raw(name: &str, stored: &proto::Tensor, raw: &[u8]) -> Result<Self, ImportError> {
        let values = numbers(name, stored, raw)?;
        let shape: Option<Vec<usize>> = stored.dims.iter().map(|&n| usize::try_from(n).ok()).collect();
        let shape = shape.filter(|shape| count(shape) == Some(values.len())).ok_or_else(|| ImportError::File {
            format: "ONNX",
            reason: format!(
                "{} of shape {} has {} values",
                shown::name(name),
                shown::numbers(&stored.dims),
                values.len()
            ),
        })?;
        finite(name, &shape, &values)?;
        Ok(Self { shape, values })
    }

    /// Returns the values as sizes or indices.
    pub fn integers(&self) -> Vec<i64> {
        self.values.iter().map(|&value| value as i64).collect()
    }

    pub fn is_zero(&self) -> bool {
        self.values.iter().all(|&value| value == 0.0)
    }

    /// Returns the same values in another shape; `None` if the number of values differs.
    pub fn reshaped(&self, shape: Vec<usize>) -> Option<Self> {
        (count(&shape)? == self.values.len()).then(|| Self { shape, values: self.values.clone() })
    }

    /// Returns the elements at the indices `places` along the dimension `axis`.
    pub fn taken(&self, axis: usize, places: &[usize]) -> Self {
        let length = self.shape[axis];
        let inner: usize = self.shape[axis + 1..].iter().product();
        let mut values = Vec::new();
        for outer in self.values.chunks((inner * length).max(1)) {
            places.iter().for_each(|&place| values.extend_from_slice(&outer[place * inner..(place + 1) * inner]));
        }
        let mut shape = self.shape.clone();
        shape[axis] = places.len();
        Self { shape, values }
    }

    /// Permutes the dimensions: dimension `permutation[n]` becomes the n-th.
    pub fn transposed(&self, permutation: &[usize]) -> Self {
        let strides: Vec<usize> = (0..self.shape.len()).map(|axis| self.shape[axis + 1..].iter().product()).collect();
        let shape: Vec<usize> = permutation.iter().map(|&axis| self.shape[axis]).collect();
        let from = |mut at: usize| {
            let mut place = 0;
            for (&axis, &length) in permutation.iter().zip(&shape).rev() {
                place += at % length * strides[axis];
                at /= length;
            }
            self.values[place]
        };
        let values = (0..self.values.len()).map(from).collect();
        Self { shape, values }
    }

    /// Joins tensors along `axis`; `None` if their other dimensions differ.
    pub fn joined(parts: &[&Self], axis: usize) -> Option<Self> {
        let first = parts.first()?;
        let (outer, rest) = (first.shape.get(..axis)?, first.shape.get(axis + 1..)?);
        let fits = |part: &&&Self| part.shape.get(..axis) == Some(outer) && part.shape.get(axis + 1..) == Some(rest);
        if !parts.iter().all(|part| fits(&part)) {
            return None;
        }
        let mut shape = first.shape.clone();
        shape[axis] = parts.iter().map(|part| part.shape[axis]).sum();
        let mut values = Vec::with_capacity(count(&shape)?);
        let rows = if shape.contains(&0) { 0 } else { outer.iter().product() };
        for row in 0..rows {
            for part in parts {
                let length = part.shape[axis..].iter().product::<usize>();
                values.extend_from_slice(&part.values[row * length..(row + 1) * length]);
            }
        }
        Some(Self { shape, values })
    }
}

/// Largest number of dimensions.
pub const RANK: usize = 8;
/// Largest product of the non-zero lengths of a tensor without values.
const EMPTY: usize = 1 << 16;

/// Returns the number of values of a tensor of this shape; `None` if the shape is too large.
fn count(shape: &[usize]) -> Option<usize> {
    let others = shape.iter().try_fold(1_usize, |count, &n| count.checked_mul(n.max(1)))?;
    if shape.len() > RANK || (shape.contains(&0) && others > EMPTY) {
        return None;
    }
    Some(if shape.contains(&0) { 0 } else { others })
}

/// Returns the values from `raw`, or from the field for their type if `raw` is empty.
fn numbers(name: &str, stored: &proto::Tensor, raw: &[u8]) -> Result<Vec<f64>, ImportError> {
    let int32_data = &stored.int32_data;
    let halves = || int32_data.iter().map(|&bits| bits as u16);
    let whole = |size: usize| raw.len().is_multiple_of(size);
    let values: Vec<f64> = match stored.data_type {
        1 if raw.is_empty() => stored.float_data.iter().map(|&x| x.into()).collect(),
        1 if whole(4) => raw.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b).into()).collect(),
        6 if raw.is_empty() => int32_data.iter().map(|&x| x.into()).collect(),
        6 if whole(4) => raw.as_chunks().0.iter().map(|&b| i32::from_le_bytes(b).into()).collect(),
        7 if raw.is_empty() => stored.int64_data.iter().map(|&x| x as f64).collect(),
        7 if whole(8) => raw.as_chunks().0.iter().map(|&b| i64::from_le_bytes(b) as f64).collect(),
        10 if raw.is_empty() => halves().map(|bits| f16::from_bits(bits).to_f64()).collect(),
        10 if whole(2) => raw.as_chunks().0.iter().map(|&b| f16::from_le_bytes(b).to_f64()).collect(),
        11 if raw.is_empty() => stored.double_data.clone(),
        11 if whole(8) => raw.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b)).collect(),
        16 if raw.is_empty() => halves().map(|bits| bf16::from_bits(bits).to_f64()).collect(),
        16 if whole(2) => raw.as_chunks().0.iter().map(|&b| bf16::from_le_bytes(b).to_f64()).collect(),
        1 | 6 | 7 | 10 | 11 | 16 => {
            let reason = format!("{} ends in the middle of a value; was it copied in full?", shown::name(name));
            return Err(ImportError::File { format: "ONNX", reason });
        }
        other => {
            let found = NUMBER_TYPES.get(other as usize).map_or_else(|| other.to_string(), ToString::to_string);
            return Err(ImportError::NumberType { name: name.to_string(), found });
        }
    };
    Ok(values)
}

/// Names of the constants in `TensorProto.DataType`, in order of their values.
const NUMBER_TYPES: [&str; 17] = [
    "UNDEFINED",
    "FLOAT",
    "UINT8",
    "INT8",
    "UINT16",
    "INT16",
    "INT32",
    "INT64",
    "STRING",
    "BOOL",
    "FLOAT16",
    "DOUBLE",
    "UINT32",
    "UINT64",
    "COMPLEX64",
    "COMPLEX128",
    "BFLOAT16",
];
