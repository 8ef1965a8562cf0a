//! A parameter struct seen as an ordered list of named flat tensors.
//!
//! Weights, gradient and every moment of an optimizer are values of the *same* struct, so optimizer, clipping, count,
//! import, image and finite differences are each one closure over [`Parameters::walk`].

use crate::error::NonFiniteWeight;
use crate::math::{Scalar, Zero};
use core::fmt;
use core::marker::PhantomData;
use core::ops::Range;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// Where a tensor stands in a network: its own name and the names of what holds it, e.g. `cell.w_hh`.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    up: Option<&'a Path<'a>>,
    name: &'static str,
}

impl Path<'_> {
    /// The network itself, which has no name.
    pub const ROOT: Path<'static> = Path { up: None, name: "" };

    /// The path of a part.
    #[must_use]
    pub const fn at<'b>(&'b self, name: &'static str) -> Path<'b> {
        Path { up: Some(self), name }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(up) = self.up.filter(|up| !up.name.is_empty()) {
            write!(f, "{up}.")?;
        }
        f.write_str(self.name)
    }
}

/// The names that a [`TensorName`] keeps.
const NAMES: usize = 5;

/// The path of a tensor as a plain value, for errors: its own name and those of up to four parts around it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TensorName {
    /// The outermost first, empty ones before it.
    names: [&'static str; NAMES],
    /// There are more parts around it.
    deeper: bool,
}

impl From<&Path<'_>> for TensorName {
    fn from(path: &Path<'_>) -> Self {
        let (mut names, mut rest) = ([""; NAMES], Some(path));
        for name in names.iter_mut().rev() {
            *name = rest.map_or("", |path| path.name);
            rest = rest.and_then(|path| path.up);
        }
        Self { names, deeper: rest.is_some_and(|path| !path.name.is_empty()) }
    }
}

impl fmt::Display for TensorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = if self.deeper { "...." } else { "" };
        for name in self.names.iter().filter(|name| !name.is_empty()) {
            write!(f, "{between}{name}")?;
            between = ".";
        }
        Ok(())
    }
}

impl fmt::Debug for TensorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a tensor does in its layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Role {
    /// Weights from the layer's input.
    Input,
    /// Weights from the layer's own state a step before.
    Recurrent,
    /// Added whatever the input.
    Bias,
}

/// A tensor's name, shape and role. Its numbers stand with the input index outermost, gates next, unit innermost.
#[derive(Clone, Copy, Debug)]
pub struct Tensor<'a> {
    /// Where it stands.
    pub path: Path<'a>,
    /// What it does.
    pub role: Role,
    /// Inputs, gates, units: `[inputs][gates][units]`. For a bias, "inputs" counts the bias vectors.
    pub shape: [usize; 3],
    /// The n of the customary start uniform in ±1/√n: the units of a cell, the inputs of a dense layer.
    pub fan: usize,
}

/// Weights: an ordered list of named tensors.
pub trait Parameters {
    /// The number type.
    type Scalar: Scalar;
    /// A gradient, a moment: for most layers the layer's own type; for frozen ones nothing at all.
    type Gradient: Parameters<Scalar = Self::Scalar, Gradient = Self::Gradient> + Zero;
    /// How many numbers are learned.
    const COUNT: usize;
    /// Calls `f` on each tensor of `self` together with the same tensor of each of the `others`.
    fn walk<const N: usize>(
        &mut self,
        others: [&mut Self::Gradient; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [Self::Scalar], [&mut [Self::Scalar]; N]),
    );
    /// Calls `f` on each tensor, in the same order, to read.
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[Self::Scalar]));
}

/// Calls `f` on the part of each tensor that falls into `range` of the flat list of all parameters, so that a long walk
/// can be cut into slices of bounded work.
pub fn walk_range<P: Parameters, const N: usize>(
    weights: &mut P,
    others: [&mut P::Gradient; N],
    range: Range<usize>,
    mut f: impl FnMut(&mut [P::Scalar], [&mut [P::Scalar]; N]),
) {
    let mut start = 0;
    weights.walk(others, Path::ROOT, &mut |_, weights, others| {
        let from = range.start.saturating_sub(start).min(weights.len());
        let to = range.end.saturating_sub(start).min(weights.len());
        start += weights.len();
        if let Some(weights) = weights.get_mut(from..to) {
            f(weights, others.map(|other| other.get_mut(from..to).unwrap_or(&mut [])));
        }
    });
}

/// Copies weights tensor by tensor, as from flash to where they learn: a clone may cross the stack as a whole.
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

/// Checks that all weights are finite; one pass over them.
///
/// # Errors
/// [`NonFiniteWeight`] for the first that is NaN or infinite.
pub fn check_finite<P: Parameters>(parameters: &P) -> Result<(), NonFiniteWeight> {
    let mut found = Ok(());
    parameters.view(Path::ROOT, &mut |tensor, values| {
        if found.is_ok()
            && let Some(at) = values.iter().position(|value| !value.is_finite())
        {
            found = Err(NonFiniteWeight { tensor: TensorName::from(&tensor.path), index: place(at, tensor.shape) });
        }
    });
    found
}

/// The place of element `at` in a tensor of this shape.
fn place(at: usize, [_, gates, units]: [usize; 3]) -> [usize; 3] {
    let part = |n: usize, of: usize| (n.checked_div(of).unwrap_or(0), n.checked_rem(of).unwrap_or(0));
    let (rest, unit) = part(at, units);
    let (input, gate) = part(rest, gates);
    [input, gate, unit]
}

/// No parameters: the gradient of what is not learned.
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
