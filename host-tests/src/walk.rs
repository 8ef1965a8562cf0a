//! Walks over parameters with one type of closure, so that each network's are compiled once, whatever is done on them.

use elman::{Parameters, Path, Tensor};

/// Calls `f` on each tensor, to read.
pub fn read<P: Parameters>(parameters: &P, f: &mut dyn FnMut(&Tensor<'_>, &[P::Scalar])) {
    parameters.view(Path::ROOT, &mut |tensor, numbers| f(&tensor, numbers));
}

/// Calls `f` on each tensor, to change it.
pub fn change<P: Parameters>(parameters: &mut P, f: &mut dyn FnMut(&Tensor<'_>, &mut [P::Scalar])) {
    parameters.walk([], Path::ROOT, &mut |tensor, numbers, []| f(&tensor, numbers));
}
