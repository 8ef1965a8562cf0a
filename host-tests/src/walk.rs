//! Walks over parameters with one type of closure, so that each network's are compiled once, whatever is done on them.

use crate::Precision;
use elman::Parameters;
use elman::parameters::{Path, Tensor};
use zerocopy::{FromBytes, IntoBytes};

/// Calls `f` on each tensor, to read.
pub fn read<P: Parameters>(parameters: &P, f: &mut dyn FnMut(&Tensor<'_>, &[P::Scalar])) {
    parameters.view(Path::ROOT, &mut |tensor, numbers| f(&tensor, numbers));
}

/// Calls `f` on each tensor, to change it.
pub fn change<P: Parameters>(parameters: &mut P, f: &mut dyn FnMut(&Tensor<'_>, &mut [P::Scalar])) {
    parameters.walk([], Path::ROOT, &mut |tensor, numbers, []| f(&tensor, numbers));
}

/// A copy of the parameters with each tensor changed by `f`, made from their bytes as an image is opened: a walk that changes
/// them in place takes a tenth of all code of a proof.
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
