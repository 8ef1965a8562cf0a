use super::{Libm, Math};

/// Own approximations in f32 (placeholder until measured ones land).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fast;

impl Math for Fast {
    type Scalar = f32;
    fn exp(x: f32) -> f32 {
        Libm::<f32>::exp(x)
    }
    fn ln(x: f32) -> f32 {
        Libm::<f32>::ln(x)
    }
    fn tanh(x: f32) -> f32 {
        Libm::<f32>::tanh(x)
    }
    fn sigmoid(x: f32) -> f32 {
        Libm::<f32>::sigmoid(x)
    }
    fn sqrt(x: f32) -> f32 {
        Libm::<f32>::sqrt(x)
    }
}
