use super::{Concat, Ends, Join};
use crate::error::SequenceError;
use crate::math::{Math, Zero};
use crate::parameters::{Parameters, Path, Tensor};
use crate::part::{Number, Part, Step, Sweep, places};
use core::marker::PhantomData;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

mod layer;

/// Bidirectional layer: two cells that read a sequence in opposite directions, with their outputs joined at each step:
/// f_t = F(x_t, f_{t−1}), b_t = B(x_t, b_{t+1}), y_t = `J`(f_t, b_t).
///
/// Schuster and Paliwal, "Bidirectional recurrent neural networks", 1997. `J` is [`Concat`] (the default, as in
/// PyTorch), [`Add`](super::Add) or [`Multiply`](super::Multiply). A target at step t is compared with the
/// read-out of y_t, and a [`Final`](crate::target::Final) target with that of `J`(f_T, b_1), the last outputs of
/// both directions.
///
/// This is a [layer](super), not a cell: it has no `step`, cannot stream, does not carry its state and cannot be
/// checkpointed. Parameters, multiply-adds and records are the sums over both cells. Layers can be stacked in any
/// order, including cells on top of this layer.
///
/// ```
/// use elman::{Bidirectional, Class, Dense, Embedding, Gru, Network, Reader, Stacked, Token, Zero};
/// type Tagger = Network<Stacked<Embedding<50, 8>, Bidirectional<Gru<8, 16>>>, Dense<32, 5>>;
/// static NETWORK: Tagger = Tagger::ZERO; // trained elsewhere
/// let mut reader = Reader::<Tagger, 20>::ZERO; // sentences of up to 20 words
/// let mut labels = [Class::default(); 3];
/// reader.on(&NETWORK).label(&[Token::new(7)?, Token::new(42)?, Token::new(0)?], &mut labels)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A stack can be the lower or the upper part of another stack, but each layer must fit the one below it:
///
/// ```
/// use elman::{Bidirectional, Embedding, Gru, Layer, Stacked, Token};
/// type Left = Stacked<Stacked<Embedding<50, 8>, Bidirectional<Gru<8, 16>>>, Gru<32, 16>>;
/// type Right = Stacked<Embedding<50, 8>, Stacked<Bidirectional<Gru<8, 16>>, Gru<32, 16>>>;
/// fn reads<X, C: Layer<X>>() {}
/// reads::<Token<50>, Left>();
/// reads::<Token<50>, Right>();
/// ```
///
/// ```compile_fail,E0277
/// use elman::{Bidirectional, Embedding, Gru, Layer, Stacked, Token};
/// type Tagger = Stacked<Embedding<50, 8>, Bidirectional<Gru<9, 16>>>;
/// fn reads<X, C: Layer<X>>() {}
/// reads::<Token<50>, Tagger>();
/// ```
///
/// The network has no step:
///
/// ```compile_fail,E0277
/// use elman::{Bidirectional, Dense, Elman, Network, Zero};
/// static NETWORK: Network<Bidirectional<Elman<1, 4>>, Dense<8, 2>> = Network::ZERO;
/// NETWORK.step(&mut Zero::ZERO, &[1.0]);
/// ```
///
/// The tape cannot be checkpointed:
///
/// ```compile_fail,E0080
/// use elman::{Bidirectional, Dense, Elman, Network, Sgd, Workspace};
/// static LONG: Workspace<Network<Bidirectional<Elman<1, 4>>, Dense<8, 2>>, Sgd, 8, 8, 4> = Workspace::ZERO;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Bidirectional<F, B = F, J = Concat> {
    /// Cell that reads from the first step to the last.
    pub forward: F,
    /// Cell that reads from the last step to the first.
    pub backward: B,
    join: PhantomData<J>,
}

impl<F, B, J> Bidirectional<F, B, J> {
    /// Creates a layer from a cell for each direction.
    pub const fn new(forward: F, backward: B) -> Self {
        Self { forward, backward, join: PhantomData }
    }
}

impl<F: Zero, B: Zero, J: Zero> Zero for Bidirectional<F, B, J> {
    const ZERO: Self = Self::new(F::ZERO, B::ZERO);
    const INPUTS: usize = F::INPUTS;
    const OUTPUTS: usize = J::OUTPUTS * F::OUTPUTS;
}

impl<F: Parameters, B: Parameters<Scalar = F::Scalar>, J: Zero> Parameters for Bidirectional<F, B, J> {
    type Scalar = F::Scalar;
    type Gradient = Bidirectional<F::Gradient, B::Gradient, J>;
    const COUNT: usize = F::COUNT + B::COUNT;
    fn walk<const N: usize>(
        &mut self,
        mut others: [&mut Self::Gradient; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [F::Scalar], [&mut [F::Scalar]; N]),
    ) {
        self.forward.walk(others.each_mut().map(|o| &mut o.forward), path.at("forward"), f);
        self.backward.walk(others.each_mut().map(|o| &mut o.backward), path.at("backward"), f);
    }
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[F::Scalar])) {
        self.forward.view(path.at("forward"), f);
        self.backward.view(path.at("backward"), f);
    }
}

impl<F: Part, B, J> Part for Bidirectional<F, B, J>
where
    B: Part<Math: Math<Scalar = Number<F>>, Output = F::Output>,
    J: Join<F::Output>,
{
    type Math = F::Math;
    type State = Ends<F::State, B::State, J::Output>;
    type Output = J::Output;
    type Room<const T: usize> = [J::Output; T];
    fn output(state: &Self::State) -> &J::Output {
        &state.joined
    }
    fn is_finite(state: &Self::State) -> bool {
        F::is_finite(&state.forward) && B::is_finite(&state.backward)
    }
}

impl<F: Step<X>, B, J, X> Sweep<X> for Bidirectional<F, B, J>
where
    B: Step<X, Math: Math<Scalar = Number<F>>, Output = F::Output>,
    J: Join<F::Output>,
{
    fn accepts(x: &X) -> bool {
        F::accepts(x)
    }
    fn sweep<'r, const T: usize>(
        &self,
        state: &mut Self::State,
        xs: &[X],
        room: &'r mut [J::Output; T],
    ) -> Result<&'r [J::Output], SequenceError> {
        let room = places(room, xs.len())?;
        for (x, output) in xs.iter().zip(room.iter_mut()) {
            self.forward.step(&mut state.forward, x);
            *output = J::begin(F::output(&state.forward));
        }
        for (x, output) in xs.iter().zip(room.iter_mut()).rev() {
            self.backward.step(&mut state.backward, x);
            J::complete(output, B::output(&state.backward));
        }
        join::<F, B, J>(state);
        Ok(room)
    }
}

/// Joins the outputs of the forward and the backward final state.
pub(crate) fn join<F: Part, B: Part<Output = F::Output>, J: Join<F::Output>>(
    state: &mut Ends<F::State, B::State, J::Output>,
) {
    state.joined = J::begin(F::output(&state.forward));
    J::complete(&mut state.joined, B::output(&state.backward));
}
