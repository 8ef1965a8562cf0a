//! Network of a cell and a read-out.

use crate::dense::Readout;
use crate::math::Zero;
use crate::parameters::{Parameters, Path, Tensor};
use crate::part::{Part, Step};
use crate::zero::fit;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Network of a recurrent cell, or any other [layer](crate::layer), and a read-out of its output.
///
/// ```
/// use elman::{Dense, Elman, Fast, Libm, Network};
/// type Net = Network<Elman<12, 32>, Dense<32, 9>>; // f32 and libm
/// type Tiny = Network<Elman<12, 32, Fast>, Dense<32, 9>>; // f32 and our own fast functions
/// type Exact = Network<Elman<12, 32, Libm<f64>>, Dense<32, 9, f64>>;
/// ```
///
/// A network in an immutable `static` stays in flash, and can serve any number of streams, each with its own state.
///
/// ```
/// use elman::{Dense, Elman, Network, Zero};
/// static NETWORK: Network<Elman<1, 4>, Dense<4, 2>> = Network::ZERO;
/// ```
///
/// A cell without inputs does not compile:
///
/// ```compile_fail,E0080
/// use elman::{Dense, Elman, Network, Zero};
/// static NETWORK: Network<Elman<0, 4>, Dense<4, 2>> = Network::ZERO;
/// ```
///
/// Nor does a read-out that does not fit the cell:
///
/// ```compile_fail,E0277
/// use elman::{Dense, Elman, Network, Zero};
/// static NETWORK: Network<Elman<1, 4>, Dense<5, 2>> = Network::ZERO;
/// NETWORK.step(&mut [0.0; 4], &[1.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Network<C, R> {
    /// Cell or any other layer, such as a stack.
    pub cell: C,
    /// Read-out.
    pub readout: R,
}

impl<C: Zero, R: Zero> Zero for Network<C, R> {
    const ZERO: Self = {
        fit(C::OUTPUTS, R::INPUTS);
        Self { cell: C::ZERO, readout: R::ZERO }
    };
    const INPUTS: usize = C::INPUTS;
    const OUTPUTS: usize = R::OUTPUTS;
}

impl<C: Parameters, R: Parameters<Scalar = C::Scalar>> Parameters for Network<C, R> {
    type Scalar = C::Scalar;
    type Gradient = Network<C::Gradient, R::Gradient>;
    const COUNT: usize = C::COUNT + R::COUNT;
    fn walk<const N: usize>(
        &mut self,
        mut others: [&mut Self::Gradient; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [C::Scalar], [&mut [C::Scalar]; N]),
    ) {
        self.cell.walk(others.each_mut().map(|o| &mut o.cell), path.at("cell"), f);
        self.readout.walk(others.each_mut().map(|o| &mut o.readout), path.at("readout"), f);
    }
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[C::Scalar])) {
        self.cell.view(path.at("cell"), f);
        self.readout.view(path.at("readout"), f);
    }
}

/// Types of the parts of a network.
pub trait Model {
    /// Cell or any other layer, such as a stack.
    type Layer: Part;
    /// Outputs of the network.
    type Outputs: Copy + Zero;
}

impl<C: Part, R: Readout<C::Output>> Model for Network<C, R> {
    type Layer = C;
    type Outputs = R::Output;
}

impl<C, R> Network<C, R> {
    /// Runs one step: reads `x`, advances `state`, and returns the outputs. A step cannot fail: NaN passes through to
    /// the outputs.
    pub fn step<X>(&self, state: &mut C::State, x: &X) -> R::Output
    where
        C: Step<X>,
        R: Readout<C::Output>,
    {
        self.cell.step(state, x);
        self.outputs(state)
    }

    /// Returns the outputs for a state.
    pub fn outputs(&self, state: &C::State) -> R::Output
    where
        C: Part,
        R: Readout<C::Output>,
    {
        let mut outputs = R::Output::ZERO;
        self.readout.forward(C::output(state), &mut outputs);
        outputs
    }
}
