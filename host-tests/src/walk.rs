//! Walks over parameters that take a `dyn` closure, so that each network's walks are compiled once.

use crate::Precision;
use elman::Parameters;
use elman::parameters::{Path, Tensor};
use zerocopy::{FromBytes, IntoBytes};

/// Calls `f` with each tensor, to read it.
pub fn read<P: Parameters>(parameters: &P, f: &mut dyn FnMut(&Tensor<'_>, &[P::Scalar])) {
    parameters.view(Path::ROOT, &mut |tensor, numbers| f(&tensor, numbers));
}

/// Calls `f` with each tensor, to change it.
pub fn change<P: Parameters>(parameters: &mut P, f: &mut dyn FnMut(&Tensor<'_>, &mut [P::Scalar])) {
    parameters.walk([], Path::ROOT, &mut |tensor, numbers, []| f(&tensor, numbers));
}

/// Returns a copy of the parameters with each tensor changed by `f`. The copy is made from bytes, as when an image is
/// opened: a walk that changes tensors in place takes up a tenth of a proof's code.
pub fn changed<P: Parameters<Scalar: Precision> + FromBytes>(
    parameters: &P,
    f: &mut dyn FnMut(&Tensor<'_>, &mut [P::Scalar]),
) -> P {
    let mut bytes = Vec::new();
    read(parameters, &mut |tensor, numbers| {
        let mut numbers = numbers.to_vec();
        f(tensor, &mut numbers);
        bytes.extend_from_slice(numbers.as_bytes());
    });
    P::read_from_bytes(&bytes).expect("parameters are their tensors one after another")
}
