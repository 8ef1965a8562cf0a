use crate::input::Input;
use crate::linalg;
use crate::math::{Scalar, Zero};
use crate::parameters::{Parameters, Path, Role, Tensor};
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// The affine map of a cell with `G` gates of `H` units: W_ih x + W_hh h + b, for all gates in one pass.
///
/// `w_ih[i]` and `w_hh[j]` are rows of all gates of one input, so a one-hot input is one row. `B` is the number of bias
/// vectors: 0, 1, or 2 where they are to be updated separately as PyTorch's `b_ih` and `b_hh`.
/// Costs G·H·(I + H) multiply-adds a step.
#[derive(Clone, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Affine<T, const I: usize, const H: usize, const G: usize, const B: usize> {
    /// From the input: `[I][G][H]`.
    pub w_ih: [[[T; H]; G]; I],
    /// From the state a step before: `[H][G][H]`.
    pub w_hh: [[[T; H]; G]; H],
    /// Biases: `[B][G][H]`.
    pub b: [[[T; H]; G]; B],
}

impl<T: Scalar, const I: usize, const H: usize, const G: usize, const B: usize> Zero for Affine<T, I, H, G, B> {
    const ZERO: Self = {
        assert!(I > 0 && H > 0, "a cell has at least one input and one unit");
        assert!(B <= 2, "a cell has 0, 1 or 2 bias vectors");
        Self { w_ih: [[[T::ZERO; H]; G]; I], w_hh: [[[T::ZERO; H]; G]; H], b: [[[T::ZERO; H]; G]; B] }
    };
}

/// The gradients of one step as the weights meet them: of what the input feeds and of what the state feeds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deltas<'a, T, X, const H: usize> {
    pub x: &'a X,
    pub h: &'a [T; H],
    pub input: &'a [T],
    pub recurrent: &'a [T],
}

impl<T: Scalar, const I: usize, const H: usize, const G: usize, const B: usize> Affine<T, I, H, G, B> {
    /// Slices of work for [`accumulate`](Self::accumulate): rows of both matrices, and the biases.
    pub(super) const fn units(input_units: usize) -> usize {
        input_units + H + B
    }

    /// The sum of the biases.
    pub(super) fn bias(&self) -> [[T; H]; G] {
        let mut y = [[T::ZERO; H]; G];
        for b in &self.b {
            linalg::add(y.as_flattened_mut(), b.as_flattened());
        }
        y
    }

    /// `y += W_ih x`.
    pub(super) fn add_input<X: Input<T, I>>(&self, y: &mut [[T; H]; G], x: &X) {
        x.gather(self.w_ih.as_flattened().as_flattened(), y.as_flattened_mut());
    }

    /// `y += W_hh h`.
    pub(super) fn add_recurrent(&self, y: &mut [[T; H]; G], h: &[T; H]) {
        linalg::add_rows(y.as_flattened_mut(), self.w_hh.as_flattened().as_flattened(), h);
    }

    /// `gradient += W_ihᵀ δ`.
    pub(super) fn add_input_gradient<X: Input<T, I>>(&self, gradient: &mut X::Gradient, delta: &[T]) {
        X::add_gradient(gradient, self.w_ih.as_flattened().as_flattened(), delta);
    }

    /// `gradient += W_hhᵀ δ`.
    pub(super) fn add_recurrent_gradient(&self, gradient: &mut [T; H], delta: &[T]) {
        linalg::add_products(gradient, self.w_hh.as_flattened().as_flattened(), delta);
    }

    /// Adds `scale · Σ_t δ_t (x_t, h_{t-1}, 1)ᵀ` to the rows of one `unit`: inputs first, then units, then biases.
    pub(super) fn accumulate<'a, X: Input<T, I> + 'a>(
        &mut self,
        unit: usize,
        scale: T,
        steps: impl Iterator<Item = Deltas<'a, T, X, H>> + Clone,
    ) {
        let width = G * H;
        if unit < X::UNITS {
            let rows = self.w_ih.as_flattened_mut().as_flattened_mut();
            return X::accumulate(rows, width, unit, scale, steps.map(|s| (s.x, s.input)));
        }
        let unit = unit - X::UNITS;
        if let Some(row) = self.w_hh.get_mut(unit) {
            let h = |h: &[T; H]| h.get(unit).copied().unwrap_or(T::ZERO);
            return linalg::add_scaled(row.as_flattened_mut(), steps.map(|s| (scale * h(s.h), s.recurrent)));
        }
        // One bias vector, or the first of two, belongs to the input; the second to the state.
        match self.b.get_mut(unit - H) {
            Some(b) if unit == H => linalg::add_scaled(b.as_flattened_mut(), steps.map(|s| (scale, s.input))),
            Some(b) => linalg::add_scaled(b.as_flattened_mut(), steps.map(|s| (scale, s.recurrent))),
            None => {}
        }
    }
}

impl<T: Scalar, const I: usize, const H: usize, const G: usize, const B: usize> Parameters for Affine<T, I, H, G, B> {
    type Scalar = T;
    type Gradient = Self;
    const COUNT: usize = G * H * (I + H + B);
    fn walk<const N: usize>(
        &mut self,
        mut others: [&mut Self; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [T], [&mut [T]; N]),
    ) {
        let [w_ih, w_hh, b] = Self::tensors(&path);
        f(
            w_ih,
            self.w_ih.as_flattened_mut().as_flattened_mut(),
            others.each_mut().map(|o| o.w_ih.as_flattened_mut().as_flattened_mut()),
        );
        f(
            w_hh,
            self.w_hh.as_flattened_mut().as_flattened_mut(),
            others.each_mut().map(|o| o.w_hh.as_flattened_mut().as_flattened_mut()),
        );
        f(
            b,
            self.b.as_flattened_mut().as_flattened_mut(),
            others.each_mut().map(|o| o.b.as_flattened_mut().as_flattened_mut()),
        );
    }
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[T])) {
        let [w_ih, w_hh, b] = Self::tensors(&path);
        f(w_ih, self.w_ih.as_flattened().as_flattened());
        f(w_hh, self.w_hh.as_flattened().as_flattened());
        f(b, self.b.as_flattened().as_flattened());
    }
}

impl<T, const I: usize, const H: usize, const G: usize, const B: usize> Affine<T, I, H, G, B> {
    fn tensors<'a>(path: &'a Path<'a>) -> [Tensor<'a>; 3] {
        [
            Tensor { path: path.at("w_ih"), role: Role::Input, shape: [I, G, H], fan: H },
            Tensor { path: path.at("w_hh"), role: Role::Recurrent, shape: [H, G, H], fan: H },
            Tensor { path: path.at("b"), role: Role::Bias, shape: [B, G, H], fan: H },
        ]
    }
}
