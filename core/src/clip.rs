//! Gradient clipping.

use crate::error::ConfigError;
use crate::linalg::Lanes;
use crate::math::{Math, Scalar, Zero};
use zerocopy::FromZeros;

/// Gradient clipping, against exploding gradients.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Clip<T = f32> {
    /// No limit.
    #[default]
    None,
    /// Clamps each element to \[−limit, limit\].
    Value(T),
    /// Multiplies the whole gradient by min(1, limit / (‖g‖₂ + 10⁻⁶)), as PyTorch does.
    Norm(T),
}

impl<T: Scalar> Clip<T> {
    /// Checks that the limit is valid.
    ///
    /// # Errors
    /// [`ConfigError::Clip`] unless the limit is finite and above 0.
    pub fn check(&self) -> Result<(), ConfigError> {
        match *self {
            Self::Value(limit) | Self::Norm(limit) if !(limit.is_finite() && limit > T::ZERO) => Err(ConfigError::Clip),
            _ => Ok(()),
        }
    }

    /// Returns the scaling of a gradient whose norm is `norm` once it is multiplied by `mean`, which makes it a mean.
    pub(crate) fn scaling(&self, norm: T, mean: T) -> Scaling<T> {
        match *self {
            Self::None => Scaling { factor: mean, limit: None },
            Self::Value(limit) => Scaling { factor: mean, limit: Some(limit) },
            Self::Norm(limit) => {
                let ratio = limit / (norm + T::from_f64(1e-6));
                Scaling { factor: if ratio < T::ONE { mean * ratio } else { mean }, limit: None }
            }
        }
    }
}

/// Factor and limit that are applied to each element of a gradient when the weights are updated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaling<T> {
    factor: T,
    limit: Option<T>,
}

impl<T: Scalar> Scaling<T> {
    /// Returns an element of the gradient, scaled and clipped, and sets the element to zero for the next gradient.
    pub fn take(&self, g: &mut T) -> T {
        let scaled = core::mem::replace(g, T::ZERO) * self.factor;
        match self.limit {
            Some(limit) if scaled > limit => limit,
            Some(limit) if scaled < -limit => -limit,
            _ => scaled,
        }
    }
}

/// Running sum of squares for the norm ‖g‖₂, in which element i of the flat gradient goes to lane i mod 8.
#[derive(Clone, Copy, Debug, FromZeros)]
pub struct Norm<T> {
    lanes: Lanes<T>,
    /// Number of elements so far; 32 bits, so that a workspace has the same size on host and device.
    count: u32,
}

impl<T: Scalar> Norm<T> {
    /// Norm of no elements.
    pub const ZERO: Self = <Self as Zero>::ZERO;

    /// Adds the squares of the next elements.
    pub fn add(&mut self, g: &[T]) {
        if T::SHRINK == T::ONE {
            return self.add_squares(g);
        }
        for part in g.chunks(8) {
            let mut shrunk = [T::ZERO; 8];
            shrunk.iter_mut().zip(part).for_each(|(y, &x)| *y = x * T::SHRINK);
            self.add_squares(shrunk.get(..part.len()).unwrap_or(&[]));
        }
    }

    fn add_squares(&mut self, g: &[T]) {
        self.lanes.add_products_from(self.count as usize, g, g);
        self.count = self.count.wrapping_add(g.len() as u32);
    }

    /// Returns the norm, which is not finite if the sum of squares is not.
    pub fn total<M: Math<Scalar = T>>(&self) -> T {
        let squares = self.lanes.total();
        if squares.is_finite() { enlarged(M::sqrt(squares)) } else { squares }
    }
}

/// Returns the size of a gradient, given that of a [shrunken](Scalar::SHRINK) one.
pub(crate) fn enlarged<T: Scalar>(size: T) -> T {
    if T::SHRINK == T::ONE { size } else { size / T::SHRINK }
}

impl<T: Scalar> Zero for Norm<T> {
    const ZERO: Self = Self { lanes: Lanes::ZERO, count: 0 };
}
