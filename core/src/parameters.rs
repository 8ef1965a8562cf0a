//! Parameters of a network, as an ordered list of named flat tensors.
//!
//! The weights, the gradient and each moment of an optimizer are values of the *same* type, so the optimizer, clipping,
//! counting, import, images and finite differences are each one closure passed to [`Parameters::walk`].

use crate::error::NonFiniteWeight;
use crate::math::{Scalar, Zero};
use crate::present::present;
use core::marker::PhantomData;
use core::ops::Range;
use zerocopy::{FromBytes, Immutable, KnownLayout};

pub use crate::path::{Path, TensorName};

/// Role of a tensor in its layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Role {
    /// Weights from the layer's input.
    Input,
    /// Weights from the layer's own previous state.
    Recurrent,
    /// Values added regardless of the input.
    Bias,
}

/// Name, shape and role of a tensor. In the order of the elements, the input index is outermost and the unit innermost.
#[derive(Clone, Copy, Debug)]
pub struct Tensor<'a> {
    /// Path in the network.
    pub path: Path<'a>,
    /// Role in its layer.
    pub role: Role,
    /// Number of inputs, gates and units: `[inputs][gates][units]`. For a bias, the first is the number of bias
    /// vectors.
    pub shape: [usize; 3],
    /// Number n for the usual initialisation, uniform in ±1/√n: the number of units of a cell, or of inputs of a
    /// dense layer.
    pub fan: usize,
}

/// Parameters, as an ordered list of named tensors.
pub trait Parameters {
    /// Number type.
    type Scalar: Scalar;
    /// Type of a gradient or a moment: the type of the layer itself for most layers, an empty type for frozen layers.
    type Gradient: Parameters<Scalar = Self::Scalar, Gradient = Self::Gradient> + Zero;
    /// Number of learned parameters.
    const COUNT: usize;
    /// Calls `f` for each tensor of `self`, together with the same tensor of each of `others`.
    fn walk<const N: usize>(
        &mut self,
        others: [&mut Self::Gradient; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [Self::Scalar], [&mut [Self::Scalar]; N]),
    );
    /// Calls `f` for each tensor, read-only, in the order of [`walk`](Self::walk).
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[Self::Scalar]));
}

/// Part that learns from inputs of type `X`: the gradient with respect to the input, and the number of parts in which
/// the weight gradient is computed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not learn from `{X}`",
    note = "each layer must read the output of the layer below, and all need the same number type"
)]
pub trait Learns<X>: Parameters {
    /// Gradient with respect to the input.
    type InputGradient: Zero;
    /// Number of parts in which the weight gradient is computed, each a slice of bounded work.
    const UNITS: usize;
}

/// Calls `f` for the part of each tensor that lies in `range`, an index range over all parameters, so that a long walk
/// can be divided into slices of bounded work.
pub fn walk_range<P: Parameters, const N: usize>(
    weights: &mut P,
    others: [&mut P::Gradient; N],
    range: Range<usize>,
    mut f: impl FnMut(&mut [P::Scalar], [&mut [P::Scalar]; N]),
) {
    walk_parts(weights, others, range, &mut f);
}

/// Function of a part of a tensor and the same part of `N` other tensors.
pub(crate) type Rule<'f, T, const N: usize> = dyn FnMut(&mut [T], [&mut [T]; N]) + 'f;

/// Implements [`walk_range`]. It is compiled once for all functions with the same number of other tensors, because a
/// walk takes more flash than most functions.
#[inline(never)]
fn walk_parts<P: Parameters, const N: usize>(
    weights: &mut P,
    others: [&mut P::Gradient; N],
    mut range: Range<usize>,
    f: &mut Rule<'_, P::Scalar, N>,
) {
    weights.walk(others, Path::ROOT, &mut |_, weights, others| visit(&mut range, weights, others, f));
}

/// Calls `f` for the part of a tensor that lies in `range`, which is relative to the first element of the tensor and is
/// then made relative to the first element of the next tensor.
#[inline(never)]
fn visit<T, const N: usize>(
    range: &mut Range<usize>,
    weights: &mut [T],
    others: [&mut [T]; N],
    f: &mut Rule<'_, T, N>,
) {
    let length = weights.len();
    let part = range.start.min(length)..range.end.min(length);
    *range = range.start - part.start..range.end - part.end;
    if let Some(weights) = present(weights.get_mut(part.clone())) {
        f(weights, others.map(|other| present(other.get_mut(part.clone())).unwrap_or(&mut [])));
    }
}

/// Copies weights tensor by tensor, for instance from flash to RAM. Unlike a clone, this never puts all of them on the
/// stack.
///
/// ```
/// use elman::{Dense, Elman, Network, Zero, parameters};
/// type Net = Network<Elman<2, 3>, Dense<3, 1>>;
/// let (mut from, mut to) = (Net::ZERO, Net::ZERO);
/// from.readout.b = [0.5];
/// parameters::copy(&from, &mut to);
/// assert_eq!(to, from);
/// ```
pub fn copy<P: Parameters>(from: &P, to: &mut P) {
    let mut start = 0;
    from.view(Path::ROOT, &mut |_, values| {
        walk_range(to, [], start..start + values.len(), |places, []| {
            places.iter_mut().zip(values).for_each(|(place, value)| *place = *value);
        });
        start += values.len();
    });
}

/// Copies weights into a network of another number type, each through `f32`, to the nearest number; the two must have the same
/// tensors. A weight out of the range is then not finite, as [`check_finite`] says.
///
/// ```
/// use elman::math::Fixed;
/// use elman::{Dense, Elman, Network, Zero, parameters};
/// type Q = Fixed<20>;
/// let mut from = Network::<Elman<2, 3>, Dense<3, 1>>::ZERO;
/// let mut to = Network::<Elman<2, 3, Q>, Dense<3, 1, Q>>::ZERO;
/// from.readout.b = [0.5];
/// parameters::convert(&from, &mut to);
/// assert_eq!(to.readout.b, [Q::of(0.5)]);
/// ```
pub fn convert<P: Parameters, Q: Parameters>(from: &P, to: &mut Q) {
    const { assert!(P::COUNT == Q::COUNT, "the networks must have the same tensors") }
    let mut start = 0;
    from.view(Path::ROOT, &mut |_, values| {
        walk_range(to, [], start..start + values.len(), |places, []| {
            places.iter_mut().zip(values).for_each(|(place, value)| *place = Q::Scalar::from_f32(value.to_f32()));
        });
        start += values.len();
    });
}

/// Checks that all weights are finite, in one pass over them.
///
/// # Errors
/// [`NonFiniteWeight`] for the first weight that is NaN or infinite.
pub fn check_finite<P: Parameters>(parameters: &P) -> Result<(), NonFiniteWeight> {
    check_finite_at(parameters, Path::ROOT)
}

/// Does what [`check_finite`] does for the weights of a part at `path`.
pub(crate) fn check_finite_at<P: Parameters>(parameters: &P, path: Path<'_>) -> Result<(), NonFiniteWeight> {
    let mut found = Ok(());
    parameters.view(path, &mut |tensor, values| {
        if found.is_ok() {
            found = check_tensor(&tensor, values);
        }
    });
    found
}

#[inline(never)]
fn check_tensor<T: Scalar>(tensor: &Tensor<'_>, values: &[T]) -> Result<(), NonFiniteWeight> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(at) => Err(NonFiniteWeight { tensor: TensorName::from(&tensor.path), index: place(at, tensor.shape) }),
        None => Ok(()),
    }
}

/// Returns the input, gate and unit of element `at` in a tensor of this shape.
pub(crate) fn place(at: usize, [_, gates, units]: [usize; 3]) -> [usize; 3] {
    // The shape of a tensor that has elements contains no 0.
    let part = |n: usize, of: usize| (n / of.max(1), n % of.max(1));
    let (rest, unit) = part(at, units);
    let (input, gate) = part(rest, gates);
    [input, gate, unit]
}

/// Empty set of parameters: the gradient of a part that does not learn.
#[derive(Clone, Copy, Debug, Default, PartialEq, FromBytes, KnownLayout, Immutable)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(C)]
pub struct Nothing<T>(PhantomData<T>);

impl<T> Zero for Nothing<T> {
    const ZERO: Self = Self(PhantomData);
}

impl<T: Scalar> Parameters for Nothing<T> {
    type Scalar = T;
    type Gradient = Self;
    const COUNT: usize = 0;
    fn walk<const N: usize>(
        &mut self,
        _: [&mut Self; N],
        _: Path<'_>,
        _: &mut impl FnMut(Tensor<'_>, &mut [T], [&mut [T]; N]),
    ) {
    }
    fn view(&self, _: Path<'_>, _: &mut impl FnMut(Tensor<'_>, &[T])) {}
}
