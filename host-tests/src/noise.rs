//! Repeatable values without a pattern, independent of the generator under test.

use crate::walk;
use elman::math::Scalar;
use elman::parameters::Tensor;
use elman::{Class, Parameters};

/// SplitMix64 (Steele, Lea, Flood, 2014).
#[derive(Clone, Debug)]
pub struct Noise(pub u64);

impl Noise {
    /// Returns the next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Returns a value uniform in \[−1, 1).
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    /// Returns a vector of values uniform in \[−1, 1).
    pub fn vector<T: Scalar, const N: usize>(&mut self) -> [T; N] {
        std::array::from_fn(|_| T::from_f64(self.uniform()))
    }

    /// Returns a sequence of `length` vectors of values uniform in \[−1, 1).
    pub fn vectors<T: Scalar, const N: usize>(&mut self, length: usize) -> Vec<[T; N]> {
        (0..length).map(|_| self.vector()).collect()
    }

    /// Returns a random class or token.
    pub fn class<const K: usize>(&mut self) -> Class<K> {
        Class::new((self.bits() % K as u64) as usize).unwrap()
    }

    /// Returns a sequence of `length` random classes.
    pub fn classes<const K: usize>(&mut self, length: usize) -> Vec<Class<K>> {
        (0..length).map(|_| self.class()).collect()
    }

    /// Fills every parameter with values uniform in ±`reach`/√fan.
    pub fn fill<P: Parameters>(&mut self, parameters: &mut P, reach: f64) {
        walk::change(parameters, &mut |tensor, numbers| self.fill_tensor(tensor, numbers, reach));
    }

    /// Fills one tensor with values uniform in ±`reach`/√fan.
    pub fn fill_tensor<T: Scalar>(&mut self, tensor: &Tensor<'_>, numbers: &mut [T], reach: f64) {
        let reach = reach / (tensor.fan as f64).sqrt();
        numbers.iter_mut().for_each(|x| *x = T::from_f64(reach * self.uniform()));
    }
}
