//! Initialisation from a seed: weights are drawn in place, in the order of the parameters, so that a seed always gives
//! the same network.
//!
//! Each function takes the [`Math`] that it computes with as a type parameter:
//!
//! ```
//! use elman::{Dense, Elman, Libm, Network, Xoshiro128, Zero, init};
//! let mut net = Network::<Elman<4, 8>, Dense<8, 3>>::ZERO;
//! init::uniform_fan::<Libm<f32>, _>(&mut net, &mut Xoshiro128::from_seed(1));
//! ```

use crate::cell::{Embedding, Lstm};
use crate::linalg;
use crate::math::{Math, Scalar, Zero};
use crate::parameters::{Parameters, Path, Role, Tensor};
use crate::present::present;
use crate::rng::Random;

/// Largest number of times that a row is redrawn because it depends linearly on the rows before, which hardly ever
/// happens with a sound generator.
const REDRAWS: usize = 8;

/// Draws every parameter uniformly in ±1/√n, where n is the tensor's [`fan`](Tensor::fan): the number of units of a
/// cell, or of inputs of a dense layer. PyTorch initialises its recurrent and linear layers in this way.
pub fn uniform_fan<M: Math, P: Parameters<Scalar = M::Scalar>>(net: &mut P, rng: &mut impl Random) {
    net.walk([], Path::ROOT, &mut |tensor, data, []| {
        fill(data, M::Scalar::ONE / M::sqrt(whole(tensor.fan)), rng);
    });
}

/// Draws weights uniformly in ±√(6 / (inputs + units)), where each gate counts as a matrix of its own; sets biases to
/// zero.
///
/// Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
pub fn glorot<M: Math, P: Parameters<Scalar = M::Scalar>>(net: &mut P, rng: &mut impl Random) {
    net.walk([], Path::ROOT, &mut |tensor, data, []| glorot_tensor::<M>(&tensor, data, rng));
}

/// Makes the recurrent weights of each gate orthogonal, so that W_hh preserves the length of a state, and draws all
/// other weights as [`glorot`] does.
///
/// Draws normal values and applies Gram–Schmidt twice in place: about 2·G·H³ multiply-adds in all. Saxe, McClelland and
/// Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", ICLR 2014. With a
/// broken generator that repeats itself, some rows are zero.
pub fn orthogonal<M: Math, P: Parameters<Scalar = M::Scalar>>(net: &mut P, rng: &mut impl Random) {
    net.walk([], Path::ROOT, &mut |tensor, data, []| match tensor.role {
        Role::Recurrent => orthogonal_tensor::<M>(&tensor, data, rng),
        Role::Input | Role::Bias => glorot_tensor::<M>(&tensor, data, rng),
    });
}

/// Sets the biases of an LSTM's forget gate to `value`, usually 1, so that the cell keeps its state at the start of
/// training. If there are two bias vectors, the second is set to 0 there, so that `value` is the sum.
///
/// Gers, Schmidhuber and Cummins, "Learning to forget", Neural Computation 12 (2000); Jozefowicz, Zaremba and
/// Sutskever, "An empirical exploration of recurrent network architectures", ICML 2015, found that 1 closes the gap to
/// the GRU.
///
/// ```
/// use elman::{Dense, Libm, Lstm, Network, Xoshiro128, Zero, init};
/// let mut net = Network::<Lstm<4, 8>, Dense<8, 3>>::ZERO;
/// init::uniform_fan::<Libm<f32>, _>(&mut net, &mut Xoshiro128::from_seed(1));
/// init::forget_bias(&mut net.cell, 1.0);
/// ```
pub fn forget_bias<const I: usize, const H: usize, M: Math, const B: usize>(
    lstm: &mut Lstm<I, H, M, B>,
    value: M::Scalar,
) {
    const { assert!(B > 0, "an LSTM without a bias vector has no forget bias") }
    let mut value = value;
    for [_, forget, _, _] in &mut lstm.affine.b {
        forget.fill(value);
        value = M::Scalar::ZERO;
    }
}

/// Draws every element of an embedding's table from a normal distribution with mean 0 and variance 1, as PyTorch does.
///
/// The functions above treat the table as the weights of one-hot inputs, so they draw smaller values.
///
/// ```
/// use elman::{Dense, Embedding, Gru, Libm, Network, Stacked, Xoshiro128, Zero, init};
/// let mut net = Network::<Stacked<Embedding<26, 4>, Gru<4, 8>>, Dense<8, 26>>::ZERO;
/// let mut rng = Xoshiro128::from_seed(1);
/// init::uniform_fan::<Libm<f32>, _>(&mut net, &mut rng);
/// init::embedding(&mut net.cell.lower, &mut rng);
/// ```
pub fn embedding<const V: usize, const E: usize, M: Math>(embedding: &mut Embedding<V, E, M>, rng: &mut impl Random) {
    for x in embedding.table.as_flattened_mut() {
        *x = rng.normal::<M>();
    }
}

fn whole<T: Scalar>(n: usize) -> T {
    T::from_f64(n as f64)
}

fn fill<T: Scalar>(data: &mut [T], limit: T, rng: &mut impl Random) {
    for x in data {
        *x = rng.uniform(-limit, limit);
    }
}

fn glorot_tensor<M: Math>(tensor: &Tensor<'_>, data: &mut [M::Scalar], rng: &mut impl Random) {
    let [inputs, _, units] = tensor.shape;
    match tensor.role {
        Role::Bias => data.fill(M::Scalar::ZERO),
        Role::Input | Role::Recurrent => fill(data, M::sqrt(whole::<M::Scalar>(6) / whole(inputs + units)), rng),
    }
}

/// Makes the rows of each gate orthogonal. Row j of gate g starts at element (j·G + g)·H, after all earlier rows.
fn orthogonal_tensor<M: Math>(tensor: &Tensor<'_>, data: &mut [M::Scalar], rng: &mut impl Random) {
    let [inputs, gates, units] = tensor.shape;
    for (row, gate) in (0..inputs * gates).zip((0..gates).cycle()) {
        if let Some((earlier, later)) = present(data.split_at_mut_checked(row * units))
            && let Some(row) = present(later.get_mut(..units))
        {
            let earlier = earlier.chunks_exact(units.max(1)).skip(gate).step_by(gates.max(1));
            orthogonal_row::<M>(row, earlier, rng);
        }
    }
}

/// Draws a row of length 1 that is orthogonal to the `earlier` rows, which have length 1 too.
fn orthogonal_row<'a, M: Math>(
    row: &mut [M::Scalar],
    earlier: impl Iterator<Item = &'a [M::Scalar]> + Clone,
    rng: &mut impl Random,
) {
    for _ in 0..=REDRAWS {
        for x in row.iter_mut() {
            *x = rng.normal::<M>();
        }
        // The first pass leaves rounding errors relative to what it removed; the second pass removes those.
        for earlier in earlier.clone().chain(earlier.clone()) {
            let along = linalg::dot(row, earlier);
            linalg::axpy(row, -along, earlier);
        }
        let square = linalg::dot(row, row);
        // The length of the remainder is 1 or more on average; at a thousandth of that, it may be mostly rounding
        // error.
        if square > M::Scalar::from_f64(1e-6) {
            let scale = M::Scalar::ONE / M::sqrt(square);
            row.iter_mut().for_each(|x| *x *= scale);
            return;
        }
    }
    row.fill(M::Scalar::ZERO);
}
