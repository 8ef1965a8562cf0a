//! Networks put into integers where they run: the same bits on the host and on every board.

use elman::cell::Relu;
use elman::dense::Readout;
use elman::error::QuantizeError;
use elman::int8::{self, Calibration, PerGate, PerUnit, Quantize, Scaling};
use elman::part::Part;
use elman::{Dense, Elman, Gru, Libm, Lstm, Network, Parameters, ResetBeforeGru, Stacked, Step};
use elman::{Random, Xoshiro128, Zero, init, parameters};
use vowels::Checksum;
use zerocopy::{Immutable, IntoBytes};

/// Number of inputs per step.
const INPUTS: usize = 6;
/// Steps of the sequence.
const STEPS: usize = 12;

type Sequence = [[f32; INPUTS]; STEPS];
type Net<C, const H: usize> = Network<C, Dense<H, 3>>;
type Small<C, S, const H: usize> = Network<<C as Quantize<[f32; INPUTS]>>::Int8<S>, int8::Dense<H, 3, S>>;

/// Sizes of a network in integers, and what it computes.
pub struct Integers {
    /// Bytes of the cell.
    pub bytes: usize,
    /// Checksum of the cell's bytes.
    pub weights: Checksum,
    /// Checksum of the outputs of each step.
    pub outputs: Checksum,
}

/// Draws a network, puts it into integers, and passes what came of each kind of cell, with its name.
///
/// # Errors
/// None: the weights are small.
pub fn all(each: &mut dyn FnMut(&str, Integers)) -> Result<(), QuantizeError> {
    each("Elman", run::<Elman<6, 7>, PerUnit, 7>()?);
    each("Elman, ReLU", run::<Elman<6, 7, Libm, 1, Relu>, PerGate, 7>()?);
    each("GRU", run::<Gru<6, 5>, PerGate, 5>()?);
    each("GRU, reset before", run::<ResetBeforeGru<6, 5>, PerUnit, 5>()?);
    each("LSTM", run::<Lstm<6, 4>, PerUnit, 4>()?);
    each("GRU over Elman", run::<Stacked<Elman<6, 2>, Gru<2, 3>>, PerGate, 3>()?);
    Ok(())
}

/// Kept apart, so that the networks of two cells are not on the stack together.
#[inline(never)]
fn run<C, S, const H: usize>() -> Result<Integers, QuantizeError>
where
    C: Quantize<[f32; INPUTS], Int8<S>: Step<[f32; INPUTS]> + IntoBytes + Immutable> + Parameters<Scalar = f32> + Zero,
    S: Scaling,
    int8::Dense<H, 3, S>: Readout<<C::Int8<S> as Part>::Output, Output = [f32; 3]>,
{
    let mut rng = Xoshiro128::from_seed(5);
    let network = drawn::<C, H>(&mut rng);
    let sequence: Sequence = core::array::from_fn(|_| core::array::from_fn(|_| rng.uniform(-1.5, 1.5)));
    let mut calibration = Calibration::new(&network);
    calibration.observe(&sequence).map_err(|_| QuantizeError::NothingObserved)?;
    let small = calibration.quantize::<S>()?;
    Ok(Integers {
        bytes: size_of_val(&small.cell),
        weights: bytes(&small.cell),
        outputs: outputs::<C, S, H>(&small, &sequence),
    })
}

fn drawn<C: Parameters<Scalar = f32> + Zero, const H: usize>(rng: &mut Xoshiro128) -> Net<C, H> {
    let mut network = Net::<C, H>::ZERO;
    init::uniform_fan::<Libm<f32>, _>(&mut network, rng);
    parameters::walk_range(&mut network.cell, [], 0..C::COUNT, |weights, []| {
        weights.iter_mut().for_each(|w| *w *= 1.5)
    });
    network
}

fn bytes(part: &(impl IntoBytes + Immutable)) -> Checksum {
    let mut sum = Checksum::new();
    part.as_bytes().iter().for_each(|&byte| sum.add(&[f32::from(byte)]));
    sum
}

fn outputs<C, S: Scaling, const H: usize>(small: &Small<C, S, H>, sequence: &Sequence) -> Checksum
where
    C: Quantize<[f32; INPUTS], Int8<S>: Step<[f32; INPUTS]>>,
    int8::Dense<H, 3, S>: Readout<<C::Int8<S> as Part>::Output, Output = [f32; 3]>,
{
    let (mut sum, mut state) = (Checksum::new(), <C::Int8<S> as Part>::State::ZERO);
    sequence.iter().for_each(|x| sum.add(&small.step(&mut state, x)));
    sum
}
