//! Stack of two layers.

use crate::error::SequenceError;
use crate::math::{Math, Zero};
use crate::parameters::{Learns, Parameters, Path, Tensor};
use crate::part::{Number, Part, Reads, Step, Sweep, read_steps};
use crate::zero::fit;
use zerocopy::{FromBytes, FromZeros, Immutable, IntoBytes, KnownLayout, Unaligned};

mod cell;
mod layer;

pub use layer::StackTape;

/// Stack of two layers: at each step the upper layer reads the output of the lower layer, a_t = A(x_t, a_{t-1}),
/// b_t = B(a_t, b_{t-1}).
///
/// The output is b_t. If `B` does not read the output of `A`, a step does not compile. Stacks can be nested to
/// any depth, to the left or to the right: `Stacked<Stacked<A, B>, C>` and `Stacked<A, Stacked<B, C>>` compute
/// the same bits, and an image of one can be opened as the other. Either layer may be
/// [`Bidirectional`](crate::Bidirectional) or [`Frozen`](crate::Frozen).
///
/// State and record are each a [`Pair`], with one value per layer. The numbers of parameters, multiply-adds and
/// bytes are sums over both layers; the tape takes 4 bytes more for each level of nesting. In the backward pass,
/// ∂L/∂a_t costs one more product with the input weights of the upper cell at each step.
///
/// ```
/// use elman::cell::Recurrent;
/// use elman::part::Part;
/// use elman::{Dense, Embedding, Gru, Network, Stacked, Token, Zero};
/// type Layers = Stacked<Gru<16, 32>, Gru<32, 32>>;
/// type Cell = Stacked<Embedding<65, 16>, Layers>;
/// type Net = Network<Cell, Dense<32, 65>>;
/// let (net, mut state) = (Net::ZERO, <Cell as Part>::State::ZERO);
/// let logits = net.step(&mut state, &Token::<65>::default());
/// assert_eq!(logits, [0.0; 65]);
/// assert_eq!(size_of::<<Cell as Part>::State>(), 4 * (16 + 32 + 32));
/// assert_eq!(size_of::<<Cell as Recurrent>::Record>(), 4 * (2 * 16 + 5 * 32 + 5 * 32));
/// ```
///
/// Layers whose sizes do not match do not compile:
///
/// ```compile_fail,E0277
/// use elman::{Dense, Elman, Network, Stacked, Zero};
/// static NETWORK: Network<Stacked<Elman<1, 4>, Elman<5, 3>>, Dense<3, 2>> = Network::ZERO;
/// NETWORK.step(&mut Zero::ZERO, &[1.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Stacked<A, B> {
    /// Layer that reads the input.
    pub lower: A,
    /// Layer that reads the output of the lower layer.
    pub upper: B,
}

/// Value for each of the two layers of a [`Stacked`].
#[derive(Clone, Copy, Debug, Default, PartialEq, FromZeros)]
pub struct Pair<A, B> {
    /// Value for the lower layer.
    pub lower: A,
    /// Value for the upper layer.
    pub upper: B,
}

impl<A: Zero, B: Zero> Zero for Pair<A, B> {
    const ZERO: Self = Self { lower: A::ZERO, upper: B::ZERO };
}

impl<A: Zero, B: Zero> Zero for Stacked<A, B> {
    const ZERO: Self = {
        fit(A::OUTPUTS, B::INPUTS);
        Self { lower: A::ZERO, upper: B::ZERO }
    };
    const INPUTS: usize = A::INPUTS;
    const OUTPUTS: usize = B::OUTPUTS;
}

impl<A: Parameters, B: Parameters<Scalar = A::Scalar>> Parameters for Stacked<A, B> {
    type Scalar = A::Scalar;
    type Gradient = Stacked<A::Gradient, B::Gradient>;
    const COUNT: usize = A::COUNT + B::COUNT;
    fn walk<const N: usize>(
        &mut self,
        mut others: [&mut Self::Gradient; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [A::Scalar], [&mut [A::Scalar]; N]),
    ) {
        self.lower.walk(others.each_mut().map(|o| &mut o.lower), path.at("lower"), f);
        self.upper.walk(others.each_mut().map(|o| &mut o.upper), path.at("upper"), f);
    }
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[A::Scalar])) {
        self.lower.view(path.at("lower"), f);
        self.upper.view(path.at("upper"), f);
    }
}

impl<A: Part, B: Part + Sweep<A::Output, Math: Math<Scalar = Number<A>>>> Part for Stacked<A, B> {
    type Math = B::Math;
    type State = Pair<A::State, B::State>;
    type Output = B::Output;
    type Room<const T: usize> = Pair<A::Room<T>, B::Room<T>>;
    fn output(state: &Self::State) -> &B::Output {
        B::output(&state.upper)
    }
    fn is_finite(state: &Self::State) -> bool {
        A::is_finite(&state.lower) && B::is_finite(&state.upper)
    }
}

impl<A: Sweep<X>, B: Sweep<A::Output, Math: Math<Scalar = Number<A>>>, X> Sweep<X> for Stacked<A, B> {
    fn accepts(x: &X) -> bool {
        A::accepts(x)
    }
    fn sweep<'r, const T: usize>(
        &self,
        state: &mut Self::State,
        xs: &[X],
        room: &'r mut Self::Room<T>,
    ) -> Result<&'r [B::Output], SequenceError> {
        let read = self.lower.sweep::<T>(&mut state.lower, xs, &mut room.lower)?;
        self.upper.sweep::<T>(&mut state.upper, read, &mut room.upper)
    }
}

impl<A: Step<X>, B: Step<A::Output, Math: Math<Scalar = Number<A>>>, X> Step<X> for Stacked<A, B> {
    fn step(&self, state: &mut Self::State, x: &X) {
        self.lower.step(&mut state.lower, x);
        self.upper.step(&mut state.upper, A::output(&state.lower));
    }
}

impl<A: Learns<X> + Part, B, X> Learns<X> for Stacked<A, B>
where
    B: Learns<A::Output, InputGradient = A::Output, Scalar = A::Scalar>,
{
    type InputGradient = A::InputGradient;
    const UNITS: usize = A::UNITS + B::UNITS;
}

impl<A: Step<X>, B: Step<A::Output, Math: Math<Scalar = Number<A>>>, X> Reads<X> for Stacked<A, B> {
    fn read(
        &self,
        state: &mut Self::State,
        xs: &[X],
        each: impl FnMut(usize, &Self::Output) -> Result<(), SequenceError>,
    ) -> Result<(), SequenceError> {
        read_steps(self, state, xs, each)
    }
}
