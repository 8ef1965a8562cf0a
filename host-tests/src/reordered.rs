//! Reordering of the units in each layer of a network.

use crate::precision::tensors;
use crate::tolerance::REORDERED;
use crate::{Numbers, assert_close, numbers::copied, replay, walk};
use elman::dense::LearnedReadout;
use elman::loss::Loss;
use elman::parameters::{Role, Tensor};
use elman::{Class, CrossEntropy, Each, Layer, Network, Parameters, Zero};
use zerocopy::FromBytes;

/// Path of a layer, then the new orders of the inputs and of the units, for all layers at and below that path. An
/// empty order changes nothing.
pub type Order<'a> = (&'a str, &'a [usize], &'a [usize]);

/// Returns the network with its units and inputs reordered by `orders`: the new element i is the former element
/// `order[i]`.
pub fn reordered<N: Parameters<Scalar = f64> + FromBytes>(of: &N, orders: &[Order<'_>]) -> N {
    let mut met = vec![false; orders.len()];
    let network = walk::changed(of, &mut |tensor, numbers| met[reorder(tensor, numbers, orders)] = true);
    assert!(met.iter().all(|&met| met), "each layer is in the network");
    network
}

/// Reorders a tensor; returns the index of the entry of `orders` that applies to it.
fn reorder(tensor: &Tensor<'_>, numbers: &mut [f64], orders: &[Order<'_>]) -> usize {
    let path = tensor.path.to_string();
    let at = orders.iter().position(|(layer, ..)| path.strip_prefix(layer).is_some_and(|name| name.starts_with('.')));
    let at = at.unwrap_or_else(|| panic!("no order for {path}"));
    let (_, inputs, units) = orders[at];
    let former = numbers.to_vec();
    let [_, gates, width] = tensor.shape;
    let rows = match tensor.role {
        Role::Input => inputs,
        Role::Recurrent => units,
        _ => &[],
    };
    for (at, x) in numbers.iter_mut().enumerate() {
        let (row, gate, unit) = (at / (gates * width), at / width % gates, at % width);
        let of = |order: &[usize], i: usize| order.get(i).copied().unwrap_or(i);
        *x = former[(of(rows, row) * gates + gate) * width + of(units, unit)];
    }
    at
}

/// Panics unless reordering the units reorders the gradients in the same way and changes nothing else.
pub fn check<C, R, X, const K: usize>(network: &Network<C, R>, xs: &[X], classes: &[Class<K>], orders: &[Order<'_>])
where
    C: Layer<X, Scalar = f64, InputGradient: Numbers> + Parameters<Gradient = C> + FromBytes + Zero,
    C::State: PartialEq + std::fmt::Debug,
    R: LearnedReadout<C::Output, Scalar = f64, Output = [f64; K]> + Parameters<Gradient = R> + FromBytes + Zero,
    CrossEntropy: Loss<C::Math, [f64; K], Target = Class<K>>,
{
    let other = reordered(network, orders);
    assert_ne!(tensors(network), tensors(&other));
    let mut a = replay(network, &C::State::ZERO, xs, (&CrossEntropy, &Each(classes), 1.0));
    let mut b = replay(&other, &C::State::ZERO, xs, (&CrossEntropy, &Each(classes), 1.0));
    assert_close("outputs", b.outputs.as_flattened(), a.outputs.as_flattened(), REORDERED);
    let [a_inputs, b_inputs] =
        [&mut a.inputs, &mut b.inputs].map(|g| g.iter_mut().flat_map(copied).collect::<Vec<_>>());
    assert_close("gradient of the inputs", &b_inputs, &a_inputs, REORDERED);
    let gradient = reordered(&*a.gradient, orders);
    assert_ne!(tensors(&gradient), tensors(&*a.gradient));
    for ((path, b), (_, a)) in tensors(&*b.gradient).iter().zip(tensors(&gradient)) {
        assert_close(&format!("gradient of {path}"), b, &a, REORDERED);
    }
}
