//! Dropout, which keeps a network from memorising its samples.

use elman::cell::{Before, Cell, Learns, Recurrent, Taken};
use elman::math::Scalar;
use elman::parameters::{Nothing, Path, Tensor};
use elman::part::{Leaf, Sweep, step_through};
use elman::{Libm, Math, Parameters, Part, Random, SequenceError, Step, Zero};
use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use zerocopy::FromZeros;

/// Layer that, during training, passes on only some of its inputs: y_i = m_i x_i / (1 − p), where the mask m_i is
/// 0 with probability p and 1 otherwise, drawn again for each value at each step. So E\[y\] = x, and the layers
/// above cannot rely on single units. When off, which is the initial setting, y = x bit for bit.
///
/// The layer has `N` values and no parameters. It is placed on top of a cell, never in its recurrence: on
/// `Gru<65, 128>` as `Stacked<Gru<65, 128>, Dropout<128>>`. After training, the weights are moved into a network
/// without dropout, for the device.
///
/// The mask is a function of a salt, the index i and the bits of x_i, so it needs no state: a checkpointed tape
/// that recomputes a step, and a run that is continued, find the same mask, while sequences read in parallel have
/// different masks. The same x_i has the same m_i until [`redraw`](Self::redraw), which should be called before
/// each update.
///
/// Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15 (2014); between layers
/// only: Zaremba, Sutskever and Vinyals, "Recurrent neural network regularization" (2014).
///
/// ```
/// use elman::{Dense, Elman, Network, Stacked, Xoshiro128, Zero};
/// use elman_trainer::Dropout;
/// let mut network = Network::<Stacked<Elman<2, 8>, Dropout<8>>, Dense<8, 3>>::ZERO;
/// let mut rng = Xoshiro128::from_seed(1);
/// network.cell.upper.redraw(0.5, &mut rng)?;
/// // ... an update ...
/// network.cell.upper.off();
/// let learned = Network { cell: network.cell.lower, readout: network.readout };
/// # let _: Network<Elman<2, 8>, Dense<8, 3>> = learned;
/// # Ok::<(), elman_trainer::dropout::RateError>(())
/// ```
#[derive(Clone, Debug, PartialEq, FromZeros)]
pub struct Dropout<const N: usize, M: Math = Libm<f32>> {
    rate: f32,
    salt: u32,
    math: PhantomData<M>,
}

/// Error returned for a dropout rate that is not at least 0 and below 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateError(f32);

impl fmt::Display for RateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the dropout rate must be at least 0 and below 1, not {}", self.0)
    }
}

impl Error for RateError {}

impl<const N: usize, M: Math> Dropout<N, M> {
    /// Sets the dropout rate and draws new masks, independent of the previous ones.
    ///
    /// # Errors
    /// If `rate` is not at least 0 and below 1; in that case, nothing changes.
    pub fn redraw(&mut self, rate: f32, rng: &mut impl Random) -> Result<(), RateError> {
        if !(0.0..1.0).contains(&rate) {
            return Err(RateError(rate));
        }
        (self.rate, self.salt) = (rate, rng.next_u32());
        Ok(())
    }

    /// Turns dropout off, as for validation and inference.
    pub const fn off(&mut self) {
        self.rate = 0.0;
    }

    /// Returns m_i / (1 − p) for each input.
    fn factors(&self, x: &[M::Scalar; N]) -> [M::Scalar; N]
    where
        M::Scalar: Into<f64>,
    {
        let kept = M::Scalar::from_f32(1.0 / (1.0 - self.rate));
        let below = (f64::from(self.rate) * 2f64.powi(32)) as u32;
        let mut factors = [kept; N];
        for ((factor, &x), place) in factors.iter_mut().zip(x).zip(0..) {
            let bits: u64 = Into::<f64>::into(x).to_bits();
            let place = mixed(self.salt ^ mixed(place));
            if mixed(place ^ mixed(bits as u32) ^ (bits >> 32) as u32) < below {
                *factor = M::Scalar::ZERO;
            }
        }
        factors
    }
}

/// Permutes the 32-bit numbers so that each bit of the argument flips about half the bits of the result: Wellons'
/// "lowbias32" (2018).
const fn mixed(mut x: u32) -> u32 {
    x = (x ^ (x >> 16)).wrapping_mul(0x7feb_352d);
    x = (x ^ (x >> 15)).wrapping_mul(0x846c_a68b);
    x ^ (x >> 16)
}

impl<const N: usize, M: Math> Zero for Dropout<N, M> {
    const ZERO: Self = Self { rate: 0.0, salt: 0, math: PhantomData };
    const INPUTS: usize = N;
    const OUTPUTS: usize = N;
}

/// Record of a step for the backward pass.
#[derive(Clone, Copy, Debug, FromZeros)]
pub struct Masked<T, const N: usize> {
    output: [T; N],
    factors: [T; N],
    /// Gradient of the output, set in the backward pass.
    delta: [T; N],
}

impl<T: Scalar, const N: usize> Zero for Masked<T, N> {
    const ZERO: Self = Self { output: [T::ZERO; N], factors: [T::ZERO; N], delta: [T::ZERO; N] };
}

impl<const N: usize, M: Math> Leaf for Dropout<N, M> {}

impl<const N: usize, M: Math> Part for Dropout<N, M> {
    type Math = M;
    type State = [M::Scalar; N];
    type Output = [M::Scalar; N];
    type Room<const T: usize> = [[M::Scalar; N]; T];
    fn output(state: &Self::State) -> &Self::Output {
        state
    }
    fn is_finite(state: &Self::State) -> bool {
        M::Scalar::largest(state).is_finite()
    }
}

impl<const N: usize, M: Math<Scalar: Into<f64>>> Sweep<[M::Scalar; N]> for Dropout<N, M> {
    fn accepts(x: &[M::Scalar; N]) -> bool {
        M::Scalar::largest(x).is_finite()
    }
    fn sweep<'r, const T: usize>(
        &self,
        state: &mut Self::State,
        xs: &[[M::Scalar; N]],
        room: &'r mut Self::Room<T>,
    ) -> Result<&'r [Self::Output], SequenceError> {
        step_through(self, state, xs, room)
    }
}

impl<const N: usize, M: Math<Scalar: Into<f64>>> Step<[M::Scalar; N]> for Dropout<N, M> {
    fn step(&self, state: &mut Self::State, x: &[M::Scalar; N]) {
        let mut record = Zero::ZERO;
        self.step_recorded(state, x, &mut record);
    }
}

impl<const N: usize, M: Math> Recurrent for Dropout<N, M> {
    type Record = Masked<M::Scalar, N>;
    fn output_mut(state: &mut Self::State) -> &mut Self::Output {
        state
    }
    fn recorded(record: &Self::Record) -> &Self::Output {
        &record.output
    }
    /// Stores the gradient of the output; no gradient reaches the previous step.
    fn step_back(&self, record: &mut Self::Record, _: Before<'_, Self>, gradient: &mut Self::State) {
        record.delta = std::mem::replace(gradient, Zero::ZERO);
    }
}

impl<const N: usize, M: Math> Learns<[M::Scalar; N]> for Dropout<N, M> {
    type InputGradient = [M::Scalar; N];
    const UNITS: usize = 0;
}

impl<const N: usize, M: Math<Scalar: Into<f64>>> Cell<[M::Scalar; N]> for Dropout<N, M> {
    fn step_recorded(&self, state: &mut Self::State, x: &[M::Scalar; N], record: &mut Self::Record) {
        record.factors = self.factors(x);
        for ((y, &x), &factor) in state.iter_mut().zip(x).zip(&record.factors) {
            *y = factor * x;
        }
        record.output = *state;
    }
    fn add_input_gradient(&self, record: &Self::Record, gradient: &mut Self::InputGradient) {
        for ((sum, &factor), &delta) in gradient.iter_mut().zip(&record.factors).zip(&record.delta) {
            *sum += factor * delta;
        }
    }
    fn bound(_: Taken<'_, Self, [M::Scalar; N]>) -> M::Scalar {
        M::Scalar::ZERO
    }
    fn accumulate<'a>(
        _: &mut Self::Gradient,
        _: usize,
        _: M::Scalar,
        _: impl Iterator<Item = Taken<'a, Self, [M::Scalar; N]>> + Clone,
    ) where
        Self: 'a,
    {
    }
    fn descend<'a>(&mut self, _: usize, _: M::Scalar, _: impl Iterator<Item = Taken<'a, Self, [M::Scalar; N]>> + Clone)
    where
        Self: 'a,
    {
    }
}

impl<const N: usize, M: Math> Parameters for Dropout<N, M> {
    type Scalar = M::Scalar;
    type Gradient = Nothing<M::Scalar>;
    const COUNT: usize = 0;
    fn walk<const K: usize>(
        &mut self,
        _: [&mut Self::Gradient; K],
        _: Path<'_>,
        _: &mut impl FnMut(Tensor<'_>, &mut [M::Scalar], [&mut [M::Scalar]; K]),
    ) {
    }
    fn view(&self, _: Path<'_>, _: &mut impl FnMut(Tensor<'_>, &[M::Scalar])) {}
}
