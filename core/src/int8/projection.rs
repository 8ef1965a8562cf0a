use super::fixed::{argument, quarter};
use super::input::Input;
use super::matrix::Matrix;
use super::scale::{PerGate, Scaling};
use crate::error::SequenceError;
use crate::math::{Libm, Zero};
use crate::part::{Leaf, Part, Step, Sweep, step_through};
use zerocopy::little_endian::{F32, I16};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// The linear layer y_t = W x_t + b below a cell, [`Projection`](crate::Projection), in integers.
///
/// `I` inputs, vectors of `E` elements, scales by `S`. E·I bytes of weights, 2·E of biases, 2 or 2·E of scales and 4 beside; E·I
/// multiply-adds a step. The state is the current vector, E numbers of 2 bytes. Their unit is that of the calibration, and larger
/// ones are taken for the largest; each is rounded to the nearest.
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Projection<const I: usize, const E: usize, S: Scaling = PerGate> {
    /// Weights; four units of their product are one of an element.
    pub linear: Matrix<I, E, S>,
    /// Biases, in units of an element.
    pub b: [I16; E],
    /// Units of the input that are 1.0.
    pub resolution: F32,
}

impl<const I: usize, const E: usize, S: Scaling> Zero for Projection<I, E, S> {
    const ZERO: Self = {
        assert!(I > 0 && E > 0, "a projection has at least one input and one output");
        Self { linear: Zero::ZERO, b: [I16::ZERO; E], resolution: F32::ZERO }
    };
    const INPUTS: usize = I;
    const OUTPUTS: usize = E;
}

impl<const I: usize, const E: usize, S: Scaling> Leaf for Projection<I, E, S> {}

impl<const I: usize, const E: usize, S: Scaling> Part for Projection<I, E, S> {
    type Math = Libm;
    type State = [i16; E];
    type Output = [i16; E];
    type Room<const T: usize> = [[i16; E]; T];
    fn output(state: &Self::State) -> &Self::Output {
        state
    }
    fn is_finite(_: &Self::State) -> bool {
        true
    }
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const E: usize, S: Scaling, X: Input<I>> Sweep<X> for Projection<I, E, S> {
    fn accepts(x: &X) -> bool {
        x.is_finite()
    }
    fn sweep<'r, const T: usize>(
        &self,
        state: &mut Self::State,
        xs: &[X],
        room: &'r mut Self::Room<T>,
    ) -> Result<&'r [Self::Output], SequenceError> {
        step_through(self, state, xs, room)
    }
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const E: usize, S: Scaling, X: Input<I>> Step<X> for Projection<I, E, S> {
    fn step(&self, state: &mut Self::State, x: &X) {
        let products = self.linear.product(self.resolution.get(), x);
        for ((y, product), &b) in state.iter_mut().zip(products).zip(&self.b) {
            *y = quarter(product + argument(b));
        }
    }
}
