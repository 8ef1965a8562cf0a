//! Inputs of a layer: dense vectors and tokens.

use crate::error::OutOfRange;
use crate::linalg;
use crate::math::{Scalar, Zero};
use crate::present::{number, present};
use crate::zero::fit;
use core::cmp::Ordering;

/// Input of width `I` to an affine map whose matrix has one row for each of the `I` values.
///
/// `rows` holds the weights as a flat slice: row *i* has one weight for each output.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an input of {I} values of type `{T}`",
    label = "expected `[{T}; {I}]` or `Token<{I}>`"
)]
pub trait Input<T: Scalar, const I: usize> {
    /// Gradient with respect to the input; `()` for a token, which has none.
    type Gradient: Zero;
    /// Number of parts into which [`accumulate`](Self::accumulate) divides its work.
    const UNITS: usize;
    /// Returns the largest absolute value (1 for a token), or NaN if a value is NaN.
    fn magnitude(&self) -> T;
    /// Computes `y += Σ_i x_i · row_i`, in the order of i.
    fn gather(&self, rows: &[T], y: &mut [T]);
    /// Computes `gradient_i += row_i · delta` for each i.
    fn add_gradient(gradient: &mut Self::Gradient, rows: &[T], delta: &[T]);
    /// Computes `row_i += Σ_t (scale · x_i[t]) · delta[t]`, in the order of `steps`, for the rows of part `unit`. Rows
    /// are `width` long.
    fn accumulate<'a>(
        rows: &mut [T],
        width: usize,
        unit: usize,
        scale: T,
        steps: impl Iterator<Item = (&'a Self, &'a [T])> + Clone,
    ) where
        Self: 'a;
}

impl<T: Scalar, const I: usize> Input<T, I> for [T; I] {
    type Gradient = [T; I];
    const UNITS: usize = I;
    fn magnitude(&self) -> T {
        T::largest(self)
    }
    fn gather(&self, rows: &[T], y: &mut [T]) {
        linalg::add_rows(y, rows, self);
    }
    fn add_gradient(gradient: &mut [T; I], rows: &[T], delta: &[T]) {
        linalg::add_products(gradient, rows, delta);
    }
    fn accumulate<'a>(
        rows: &mut [T],
        width: usize,
        unit: usize,
        scale: T,
        steps: impl Iterator<Item = (&'a Self, &'a [T])> + Clone,
    ) {
        if let Some(row) = present(row_mut(rows, width, unit)) {
            linalg::add_scaled(row, steps.map(|(x, delta)| (scale * number(x, unit), delta)));
        }
    }
}

impl<T: Scalar, const H: usize, const I: usize> Input<T, I> for [[T; H]; 2] {
    type Gradient = [[T; H]; 2];
    const UNITS: usize = I;
    fn magnitude(&self) -> T {
        T::largest(self.as_flattened())
    }
    fn gather(&self, rows: &[T], y: &mut [T]) {
        const { fit(2 * H, I) }
        linalg::add_rows(y, rows, self.as_flattened());
    }
    fn add_gradient(gradient: &mut Self, rows: &[T], delta: &[T]) {
        linalg::add_products(gradient.as_flattened_mut(), rows, delta);
    }
    fn accumulate<'a>(
        rows: &mut [T],
        width: usize,
        unit: usize,
        scale: T,
        steps: impl Iterator<Item = (&'a Self, &'a [T])> + Clone,
    ) {
        if let Some(row) = present(row_mut(rows, width, unit)) {
            linalg::add_scaled(row, steps.map(|(x, delta)| (scale * number(x.as_flattened(), unit), delta)));
        }
    }
}

/// One of `V` symbols: a character, a word or a class. The index is below `V` by construction, so a step need not check
/// it.
///
/// As an input it stands for a one-hot vector, but costs only the addition of one row of weights.
///
/// ```
/// use elman::error::OutOfRange;
/// use elman::Token;
/// assert_eq!(Token::<26>::new(25).map(Token::index), Ok(25));
/// assert_eq!(Token::<26>::new(26), Err(OutOfRange { index: 26, size: 26 }));
/// assert_eq!(Token::<26>::default().index(), 0);
/// ```
///
/// A token type with no symbols, or with too many for 16 bits, does not compile:
///
/// ```compile_fail,E0080
/// let token = elman::Token::<0>::new(0);
/// ```
///
/// ```compile_fail,E0080
/// let token = elman::Token::<0>::default();
/// ```
///
/// ```compile_fail,E0080
/// let token = elman::Token::<65_537>::new(0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Token<const V: usize>(u16);

/// One of `K` classes, a [`Token`] at the output of a network.
pub type Class<const K: usize> = Token<K>;

/// Returns the first symbol.
impl<const V: usize> Default for Token<V> {
    fn default() -> Self {
        const { assert!(V > 0 && V <= 1 << 16, "an alphabet has 1 to 65,536 symbols") }
        Self(0)
    }
}

impl<const V: usize> Token<V> {
    pub(crate) const FIRST: Self = Self(0);

    /// Returns the symbol with the given index.
    ///
    /// # Errors
    /// [`OutOfRange`] unless `index < V`.
    pub const fn new(index: usize) -> Result<Self, OutOfRange> {
        const { assert!(V > 0 && V <= 1 << 16, "an alphabet has 1 to 65,536 symbols") }
        if index < V { Ok(Self(index as u16)) } else { Err(OutOfRange { index, size: V }) }
    }

    /// Returns the index, which is below `V`.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Returns the symbol with the largest value (the first of equals), or `None` if a value is NaN.
    pub fn largest<T: PartialOrd>(values: &[T; V]) -> Option<Self> {
        let mut best = (0, values.first()?);
        for (index, value) in values.iter().enumerate() {
            match value.partial_cmp(best.1)? {
                Ordering::Greater => best = (index, value),
                Ordering::Equal | Ordering::Less => {}
            }
        }
        Self::new(best.0).ok()
    }

    /// Returns all symbols in the order of their indices.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..V).filter_map(|index| Self::new(index).ok())
    }
}

impl<T: Scalar, const V: usize> Input<T, V> for Token<V> {
    type Gradient = ();
    const UNITS: usize = 1;
    fn magnitude(&self) -> T {
        T::ONE
    }
    fn gather(&self, rows: &[T], y: &mut [T]) {
        if let Some(row) = present(row(rows, y.len(), self.index())) {
            linalg::axpy(y, T::ONE, row);
        }
    }
    fn add_gradient((): &mut (), _: &[T], _: &[T]) {}
    fn accumulate<'a>(
        rows: &mut [T],
        width: usize,
        _: usize,
        scale: T,
        steps: impl Iterator<Item = (&'a Self, &'a [T])> + Clone,
    ) {
        for (x, delta) in steps {
            if let Some(row) = present(row_mut(rows, width, x.index())) {
                linalg::axpy(row, scale, delta);
            }
        }
    }
}

/// Returns row `index` of a flat matrix, or `None` past the end.
fn row<T>(rows: &[T], width: usize, index: usize) -> Option<&[T]> {
    rows.get(index * width..(index + 1) * width)
}

/// Returns the same row as [`row`], mutably.
fn row_mut<T>(rows: &mut [T], width: usize, index: usize) -> Option<&mut [T]> {
    rows.get_mut(index * width..(index + 1) * width)
}
