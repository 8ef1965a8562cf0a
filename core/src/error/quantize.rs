use super::NonFiniteWeight;
use crate::parameters::TensorName;
use core::error::Error;
use core::fmt;

/// A network cannot be quantized. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum QuantizeError {
    /// The calibration has seen no steps.
    NothingObserved,
    /// A weight is NaN or infinite.
    NonFiniteWeight(NonFiniteWeight),
    /// The largest weight times the largest input is too large for a 32-bit sum: normalise the inputs.
    LargeWeight {
        /// Name of the tensor.
        tensor: TensorName,
        /// Index of the gate.
        gate: usize,
        /// Factor that would turn the integer sum into the gate's argument; at most 0.25 can be represented.
        factor: f32,
    },
    /// The absolute value of a bias is above 16 or, in a cell whose state is not bounded, above 32,767 units of the
    /// state.
    LargeBias {
        /// Name of the tensor.
        tensor: TensorName,
        /// Index of the unit.
        unit: usize,
    },
    /// The outputs of a layer became NaN or infinite in the calibration.
    NonFiniteOutput {
        /// Name of the layer.
        layer: TensorName,
    },
    /// The two directions of a [`Bidirectional`](crate::Bidirectional) layer have outputs that differ in what one unit is.
    UnequalUnits {
        /// Name of the layer.
        layer: TensorName,
    },
}

impl fmt::Display for QuantizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingObserved => {
                f.write_str("the calibration has seen no sequence; show it some of the training set")
            }
            Self::NonFiniteWeight(error) => error.fmt(f),
            Self::LargeWeight { tensor, gate, .. } => write!(
                f,
                "the weights of gate {gate} of {tensor} are too large for 8 bits beside what they multiply; normalise the inputs, or train with weight decay"
            ),
            Self::LargeBias { tensor, unit } => {
                write!(
                    f,
                    "the bias of unit {unit} of {tensor} does not fit in 16 bits; train with weight decay, or leave the network in `f32`"
                )
            }
            Self::NonFiniteOutput { layer } => {
                write!(
                    f,
                    "outputs of {layer} became NaN or infinite in the calibration; train again, with clipped gradients"
                )
            }
            Self::UnequalUnits { layer } => {
                write!(
                    f,
                    "the two directions of {layer} have outputs of different units; use the same kind of cell in both"
                )
            }
        }
    }
}

impl Error for QuantizeError {}
