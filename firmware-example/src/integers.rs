//! Networks converted to integers on the device that runs them, with the same bits on the host and on every
//! board.

use elman::cell::{FullRank, LowRank, Relu};
use elman::dense::Readout;
use elman::error::QuantizeError;
use elman::int8::{self, Calibration, PerGate, PerUnit, Quantize, Scaling};
use elman::layer::Add;
use elman::part::{Part, Sweep};
use elman::{Bidirectional, Dense, Elman, Embedding, FastGrnn, Gru, Libm, Lstm, Mgu, Network, Parameters};
use elman::{Projection, Random, Reader, ResetBeforeGru, Stacked, Token, Xoshiro128, Zero, init, parameters};
use vowels::Checksum;
use zerocopy::{Immutable, IntoBytes};

/// Number of inputs per step, and of symbols.
const INPUTS: usize = 6;
/// Number of steps in the sequence.
const STEPS: usize = 12;

type Input = [f32; INPUTS];
type Net<C, const H: usize> = Network<C, Dense<H, 3>>;
type Small<C, S, X, const H: usize> = Network<<C as Quantize<X>>::Int8<S>, int8::Dense<H, 3, S>>;

/// Size of a cell in integers, and checksums of its weights and of its network's outputs.
pub struct Integers {
    /// Bytes of the cell.
    pub bytes: usize,
    /// Checksum of the cell's bytes.
    pub weights: Checksum,
    /// Checksum of the outputs at all steps.
    pub outputs: Checksum,
}

/// Draws a network with each kind of cell, converts it to integers, and passes the cell's name and the results to
/// `each`.
///
/// # Errors
/// Never fails, because the weights are small.
pub fn all(each: &mut dyn FnMut(&str, Integers)) -> Result<(), QuantizeError> {
    each("Elman", run::<Elman<6, 7>, PerUnit, _, 7>(numbers)?);
    each("Elman, ReLU", run::<Elman<6, 7, Libm, 1, Relu>, PerGate, _, 7>(numbers)?);
    each("GRU", run::<Gru<6, 5>, PerGate, _, 5>(numbers)?);
    each("GRU, reset before", run::<ResetBeforeGru<6, 5>, PerUnit, _, 5>(numbers)?);
    each("LSTM", run::<Lstm<6, 4>, PerUnit, _, 4>(numbers)?);
    each("GRU over Elman", run::<Stacked<Elman<6, 2>, Gru<2, 3>>, PerGate, _, 3>(numbers)?);
    each("MGU", run::<Mgu<6, 5>, PerGate, _, 5>(numbers)?);
    each("FastGRNN", run::<FastGrnn<6, 5>, PerUnit, _, 5>(numbers)?);
    each("FastGRNN over projection", run::<Projected, PerGate, _, 7>(numbers)?);
    each("both ways over embedding", run::<Symbols, PerUnit, _, 3>(symbol)?);
    Ok(())
}

/// A FastGRNN with a matrix of each form over a projection.
type Projected = Stacked<Projection<6, 3>, FastGrnn<3, 7, Libm, FullRank, LowRank<3>>>;
/// Directions that are added.
type Symbols = Stacked<Embedding<6, 3>, Bidirectional<Gru<3, 3>, Gru<3, 3>, Add>>;

fn numbers(rng: &mut Xoshiro128) -> Input {
    core::array::from_fn(|_| rng.uniform(-1.5, 1.5))
}

fn symbol(rng: &mut Xoshiro128) -> Token<INPUTS> {
    Token::new(rng.uniform(0.0_f32, 6.0) as usize).unwrap_or_default()
}

/// This is a separate function, so that the networks of two cells are never on the stack at the same time.
#[inline(never)]
fn run<C, S, X, const H: usize>(draw: fn(&mut Xoshiro128) -> X) -> Result<Integers, QuantizeError>
where
    C: Quantize<X, Int8<S>: Sweep<X> + IntoBytes + Immutable> + Parameters<Scalar = f32> + Zero,
    S: Scaling,
    Dense<H, 3>: Readout<C::Output>,
    int8::Dense<H, 3, S>: Readout<<C::Int8<S> as Part>::Output, Output = [f32; 3]>,
{
    let mut rng = Xoshiro128::from_seed(5);
    let network = drawn::<C, H>(&mut rng);
    let sequence: [X; STEPS] = core::array::from_fn(|_| draw(&mut rng));
    let small = quantized::<C, S, X, H>(&network, &sequence)?;
    Ok(Integers {
        bytes: size_of_val(&small.cell),
        weights: bytes(&small.cell),
        outputs: outputs::<C, S, X, H>(&small, &sequence),
    })
}

#[inline(never)]
fn quantized<C, S, X, const H: usize>(network: &Net<C, H>, xs: &[X]) -> Result<Small<C, S, X, H>, QuantizeError>
where
    C: Quantize<X>,
    S: Scaling,
    Dense<H, 3>: Readout<C::Output>,
{
    let (mut calibration, mut reader) = (Calibration::new(network), Reader::<Net<C, H>, STEPS>::ZERO);
    calibration.observe_in(&mut reader, xs).map_err(|_| QuantizeError::NothingObserved)?;
    calibration.quantize::<S>()
}

#[inline(never)]
fn drawn<C: Parameters<Scalar = f32> + Zero, const H: usize>(rng: &mut Xoshiro128) -> Net<C, H> {
    let mut network = Net::<C, H>::ZERO;
    init::uniform_fan::<Libm<f32>, _>(&mut network, rng);
    parameters::walk_range(&mut network.cell, [], 0..C::COUNT, |weights, []| {
        weights.iter_mut().for_each(|w| *w *= 1.5)
    });
    network
}

#[inline(never)]
fn bytes(part: &(impl IntoBytes + Immutable)) -> Checksum {
    let mut sum = Checksum::new();
    part.as_bytes().iter().for_each(|&byte| sum.add(&[f32::from(byte)]));
    sum
}

#[inline(never)]
fn outputs<C, S: Scaling, X, const H: usize>(small: &Small<C, S, X, H>, sequence: &[X; STEPS]) -> Checksum
where
    C: Quantize<X, Int8<S>: Sweep<X>>,
    int8::Dense<H, 3, S>: Readout<<C::Int8<S> as Part>::Output, Output = [f32; 3]>,
{
    let (mut sum, mut state) = (Checksum::new(), <C::Int8<S> as Part>::State::ZERO);
    let mut room = <C::Int8<S> as Part>::Room::<STEPS>::ZERO;
    let read = small.cell.sweep::<STEPS>(&mut state, sequence, &mut room).unwrap_or_default();
    for output in read {
        let mut outputs = [0.0; 3];
        small.readout.forward(output, &mut outputs);
        sum.add(&outputs);
    }
    sum
}
