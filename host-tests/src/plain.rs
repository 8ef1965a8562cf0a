//! Expected answers of the tasks, computed in a straightforward way in f64 from the network's own steps.

use crate::{Noise, Precision, walk};
use elman::cell::Cell;
use elman::dense::LearnedReadout;
use elman::{Class, Network, Parameters, Part, Zero};
use zerocopy::FromBytes;

/// Returns a network with every parameter drawn uniformly from ±`reach`/√fan.
pub fn drawn<N: Parameters + Zero>(seed: u64, reach: f64) -> N {
    let mut network = N::ZERO;
    Noise(seed).fill(&mut network, reach);
    network
}

/// Same as [`drawn`], but for parameters that can be made from bytes.
pub fn drawn_in_bytes<N: Parameters<Scalar: Precision> + Zero + FromBytes>(seed: u64, reach: f64) -> N {
    let mut noise = Noise(seed);
    walk::changed(&N::ZERO, &mut |tensor, numbers| noise.fill_tensor(tensor, numbers, reach))
}

/// Returns the outputs after each step, starting from the zero state.
pub fn outputs<C, R, X>(network: &Network<C, R>, xs: &[X]) -> Vec<R::Output>
where
    C: Cell<X>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
{
    let mut state = <C as Part>::State::ZERO;
    xs.iter().map(|x| network.step(&mut state, x)).collect()
}

/// Returns e^x_k / Σ e^x_j, without the scaling that large logits would need.
pub fn softmax<T: Precision>(logits: &[T]) -> Vec<f64> {
    let sum: f64 = logits.iter().map(|x| x.to_f64().exp()).sum();
    logits.iter().map(|x| x.to_f64().exp() / sum).collect()
}

/// Returns the class of the largest value, or the first of several equal ones.
pub fn argmax<T: Precision, const K: usize>(values: &[T; K]) -> Class<K> {
    let largest = values.iter().map(|x| x.to_f64()).fold(f64::NEG_INFINITY, f64::max);
    Class::new(values.iter().position(|x| x.to_f64() == largest).unwrap()).unwrap()
}
