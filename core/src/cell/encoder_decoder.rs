use crate::error::SequenceError;
use crate::input::Token;
use crate::math::{Math, Zero};
use crate::parameters::{Parameters, Path, Tensor};
use crate::part::{Leaf, Number, Part, Step, Sweep, step_through};
use zerocopy::{FromBytes, FromZeros, Immutable, KnownLayout};

mod cell;

/// Encoder and decoder, two cells that share one state: the encoder reads a source sequence, then the decoder continues
/// from the encoder's last state and writes a target sequence of any length.
///
/// ```text
/// s_t = E(x_t, s_{t-1})    if the step reads a source element x_t
/// s_t = D(y_t, s_{t-1})    if it reads a target element y_t: <sos>, then the element written last
/// ```
///
/// The input is a slice of [`Side`]s, so tape, trainer, truncation and checkpoints work as for any cell. Usually only
/// the decoder's steps have targets ([`Tail`](crate::target::Tail)), and the encoder gets its gradient only through the
/// state. [`TeacherForced`](crate::task::TeacherForced) arranges a pair of sequences for training,
/// [`Network::translate`](crate::Network::translate) decodes. Sutskever, Vinyals and Le, "Sequence to sequence learning
/// with neural networks", NIPS 2014; Cho et al., "Learning phrase representations using RNN encoder–decoder",
/// EMNLP 2014.
///
/// The parameters are those of both cells; a step costs the multiply-adds of the cell that runs it. The record of a
/// step is the record of that cell and a flag for the side, 4 bytes more with `f32`.
///
/// ```
/// use elman::cell::Recurrent;
/// use elman::{Dense, Embedding, EncoderDecoder, Gru, Network, Stacked};
/// type Cell<const V: usize> = Stacked<Embedding<V, 8>, Gru<8, 32>>;
/// type Net = Network<EncoderDecoder<Cell<26>, Cell<12>>, Dense<32, 12>>; // 26 symbols in, 12 out
/// fn record<C: Recurrent>() -> usize { size_of::<C::Record>() }
/// assert_eq!(record::<EncoderDecoder<Cell<26>, Cell<12>>>(), record::<Cell<12>>() + 4);
/// ```
///
/// # Initial state from a vector
///
/// A source of one vector v sets the decoder's initial state, as in image captioning: with
/// `EncoderDecoder<Elman<I, H>, Elman<V, H>>` the decoder starts from h₀ = tanh(W v + b). GRUs start from the
/// gated form of this map, LSTMs from an h and a c. Below other layers, a [`Projection`](super::Projection) maps
/// the vector into the space of the embedded tokens, and the layers above read it once before `<sos>`; Vinyals et
/// al., "Show and tell: a neural image caption generator", CVPR 2015.
///
/// ```
/// use elman::{Dense, Embedding, EncoderDecoder, Gru, Network, Projection, Stacked};
/// type State = Network<EncoderDecoder<Gru<4, 32>, Gru<12, 32>>, Dense<32, 12>>;
/// type Input = Network<Stacked<EncoderDecoder<Projection<4, 8>, Embedding<12, 8>>, Gru<8, 32>>, Dense<32, 12>>;
/// ```
///
/// # Limitations
///
/// Both cells must be of the same kind and have the same number of units; only their inputs may differ. A bidirectional
/// encoder, attention to earlier states of the encoder, and a map between states of different sizes are not supported.
/// Sides that do not share a state do not compile:
///
/// ```compile_fail,E0271
/// use elman::{Dense, EncoderDecoder, Gru, Network, Side, Zero};
/// static NETWORK: Network<EncoderDecoder<Gru<3, 8>, Gru<5, 9>>, Dense<8, 5>> = Network::ZERO;
/// NETWORK.step(&mut Zero::ZERO, &Side::<_, [f32; 5]>::Source([0.0; 3]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct EncoderDecoder<E, D> {
    /// Cell that reads the source.
    pub encoder: E,
    /// Cell that reads the target so far and predicts what comes next.
    pub decoder: D,
}

/// Element of the input of an [`EncoderDecoder`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Side<X, Y> {
    /// Element of the source, for the encoder.
    Source(X),
    /// Element of the target, for the decoder.
    Target(Y),
}

/// Converts a token that was written into an input of the decoder.
impl<X, const V: usize> From<Token<V>> for Side<X, Token<V>> {
    fn from(token: Token<V>) -> Self {
        Self::Target(token)
    }
}

/// Record of a step of an [`EncoderDecoder`].
#[derive(Clone, Copy, Debug, FromZeros)]
pub struct Turn<R> {
    /// Record of the cell that ran the step.
    record: R,
    /// `true` for a step of the decoder.
    decoded: bool,
}

impl<R: Zero> Zero for Turn<R> {
    const ZERO: Self = Self { record: R::ZERO, decoded: false };
}

impl<E: Zero, D: Zero> Zero for EncoderDecoder<E, D> {
    const ZERO: Self = Self { encoder: E::ZERO, decoder: D::ZERO };
    const OUTPUTS: usize = E::OUTPUTS;
}

impl<E: Parameters, D: Parameters<Scalar = E::Scalar>> Parameters for EncoderDecoder<E, D> {
    type Scalar = E::Scalar;
    type Gradient = EncoderDecoder<E::Gradient, D::Gradient>;
    const COUNT: usize = E::COUNT + D::COUNT;
    fn walk<const N: usize>(
        &mut self,
        mut others: [&mut Self::Gradient; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [E::Scalar], [&mut [E::Scalar]; N]),
    ) {
        self.encoder.walk(others.each_mut().map(|o| &mut o.encoder), path.at("encoder"), f);
        self.decoder.walk(others.each_mut().map(|o| &mut o.decoder), path.at("decoder"), f);
    }
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[E::Scalar])) {
        self.encoder.view(path.at("encoder"), f);
        self.decoder.view(path.at("decoder"), f);
    }
}

impl<E, D> Leaf for EncoderDecoder<E, D> {}

impl<E: Part, D> Part for EncoderDecoder<E, D>
where
    D: Part<Math: Math<Scalar = Number<E>>, State = E::State, Output = E::Output>,
{
    type Math = E::Math;
    type State = E::State;
    type Output = E::Output;
    type Room<const T: usize> = [E::Output; T];
    fn output(state: &E::State) -> &E::Output {
        E::output(state)
    }
    fn is_finite(state: &E::State) -> bool {
        E::is_finite(state)
    }
}

impl<E: Step<X>, D, X, Y> Sweep<Side<X, Y>> for EncoderDecoder<E, D>
where
    D: Step<Y> + Part<Math: Math<Scalar = Number<E>>, State = E::State, Output = E::Output>,
{
    fn accepts(x: &Side<X, Y>) -> bool {
        match x {
            Side::Source(x) => E::accepts(x),
            Side::Target(y) => D::accepts(y),
        }
    }
    fn sweep<'r, const T: usize>(
        &self,
        state: &mut E::State,
        xs: &[Side<X, Y>],
        room: &'r mut [E::Output; T],
    ) -> Result<&'r [E::Output], SequenceError> {
        step_through(self, state, xs, room)
    }
}

impl<E: Step<X>, D, X, Y> Step<Side<X, Y>> for EncoderDecoder<E, D>
where
    D: Step<Y> + Part<Math: Math<Scalar = Number<E>>, State = E::State, Output = E::Output>,
{
    fn step(&self, state: &mut E::State, x: &Side<X, Y>) {
        match x {
            Side::Source(x) => self.encoder.step(state, x),
            Side::Target(y) => self.decoder.step(state, y),
        }
    }
}
