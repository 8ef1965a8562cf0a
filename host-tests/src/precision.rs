//! Number types of the reference values.

use crate::walk;
use elman::Parameters;
use elman::math::{Fixed, Scalar};
use elman::parameters::Tensor;
use zerocopy::{Immutable, IntoBytes};

/// Number type, with its name in the reference files.
pub trait Precision: Scalar + IntoBytes + Immutable {
    /// Prefix of the names of this type's tensors in a golden file.
    const PREFIX: &'static str;
    /// One unit of the last place, the same for all numbers; `None` for a float.
    const UNIT: Option<f64> = None;
    /// Returns the exact value in f64.
    fn to_f64(self) -> f64;
    /// Returns the bits, which distinguish -0 from 0.
    fn bits(self) -> u64;
}

impl Precision for f32 {
    const PREFIX: &'static str = "f32/";
    fn to_f64(self) -> f64 {
        self.into()
    }
    fn bits(self) -> u64 {
        self.to_bits().into()
    }
}

impl Precision for f64 {
    const PREFIX: &'static str = "f64/";
    fn to_f64(self) -> f64 {
        self
    }
    fn bits(self) -> u64 {
        self.to_bits()
    }
}

/// Fixed point, compared with the values in f64.
impl<const F: u32> Precision for Fixed<F> {
    const PREFIX: &'static str = "f64/";
    const UNIT: Option<f64> = Some(1.0 / (1_u64 << F) as f64);
    fn to_f64(self) -> f64 {
        f64::from(self.units()) / (1_u64 << F) as f64
    }
    fn bits(self) -> u64 {
        self.units().cast_unsigned().into()
    }
}

/// Returns the bits of a slice of values.
pub fn bits<T: Precision>(numbers: &[T]) -> Vec<u64> {
    numbers.iter().map(|x| x.bits()).collect()
}

/// Returns the bits of every parameter, in the order of the walk.
pub fn weight_bits<P: Parameters<Scalar: Precision>>(parameters: &P) -> Vec<u64> {
    let mut all = Vec::new();
    walk::read(parameters, &mut |_, numbers| add_bits(&mut all, numbers));
    all
}

fn add_bits<T: Precision>(all: &mut Vec<u64>, numbers: &[T]) {
    all.extend(numbers.iter().map(|x| x.bits()));
}

/// List of tensors, each with its name and elements.
pub type Tensors = Vec<(String, Vec<f64>)>;

/// Returns every tensor with its path, in the order of the walk.
pub fn tensors<P: Parameters<Scalar: Precision>>(parameters: &P) -> Tensors {
    let mut all = Vec::new();
    walk::read(parameters, &mut |tensor, numbers| add_tensor(&mut all, tensor, numbers));
    all
}

fn add_tensor<T: Precision>(all: &mut Tensors, tensor: &Tensor<'_>, numbers: &[T]) {
    all.push((tensor.path.to_string(), numbers.iter().map(|x| x.to_f64()).collect()));
}
