use crate::input::Input;
use crate::linalg;
use crate::math::{Scalar, Zero};
use crate::parameters::{Parameters, Path, Role, Tensor};
use crate::present::{part, present};
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// The affine map of a cell with `G` gates of `H` units: W_ih x + W_hh h + b, for all gates in one pass.
///
/// `w_ih[i]` and `w_hh[j]` are the rows of one input for all gates, so a one-hot input selects one row. `B` is
/// the number of bias vectors: 0, 1, or 2 to update them separately, like PyTorch's `b_ih` and `b_hh`. Costs
/// G·H·(I + H) multiply-adds per step.
#[derive(Clone, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Affine<T, const I: usize, const H: usize, const G: usize, const B: usize> {
    /// Weights from the input: `[I][G][H]`.
    pub w_ih: [[[T; H]; G]; I],
    /// Weights from the previous state: `[H][G][H]`.
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

/// Gradients δ of some gates, and the vector that these gates read through W_hh.
#[derive(Clone, Copy, Debug)]
pub struct Product<'a, T> {
    /// Gradients of the gates' arguments.
    pub delta: &'a [T],
    /// Vector that the gates read: h itself, or a gated form of it.
    pub source: &'a [T],
}

impl<T> Product<'_, T> {
    /// Product without gates.
    pub const NONE: Self = Self { delta: &[], source: &[] };
}

impl<T: Scalar> Product<'_, T> {
    /// Returns element `unit` of the vector; zero for [`NONE`](Self::NONE), which has neither a vector nor gates.
    #[inline(always)]
    fn read(&self, unit: usize) -> T {
        debug_assert!(unit < self.source.len() || self.delta.is_empty(), "gates read a vector that is too short");
        self.source.get(unit).copied().unwrap_or(T::ZERO)
    }
}

/// Input of one step, and the gradients of its gates.
#[derive(Debug)]
pub struct Fed<'a, T, X> {
    /// Input of the step.
    pub x: &'a X,
    /// Gradients of all gates, which the input feeds.
    pub delta: &'a [T],
    /// Gates in order, grouped by the vector that they read.
    pub products: [Product<'a, T>; 2],
}

/// `row += Σ_t (a_t · first_t, b_t · second_t)`: the gates of both products.
fn add_products<'a, T: Scalar>(row: &mut [T], steps: impl Iterator<Item = [(T, &'a [T]); 2]> + Clone) {
    // Without a step there is nothing to add.
    let width = steps.clone().next().map_or(0, |[(_, delta), _]| delta.len());
    let (first, second) = row.split_at_mut(width.min(row.len()));
    linalg::add_scaled(first, steps.clone().map(|[product, _]| product));
    linalg::add_scaled(second, steps.map(|[_, product]| product));
}

impl<T: Scalar, const I: usize, const H: usize, const G: usize, const B: usize> Affine<T, I, H, G, B> {
    /// Computes `y += W_ih x`, all gates in one pass.
    pub fn add_input<X: Input<T, I>>(&self, y: &mut [T], x: &X) {
        x.gather(self.w_ih.as_flattened().as_flattened(), y);
    }

    /// `gradient += W_ihᵀ δ`.
    pub fn add_input_gradient<X: Input<T, I>>(&self, gradient: &mut X::Gradient, delta: &[T]) {
        X::add_gradient(gradient, self.w_ih.as_flattened().as_flattened(), delta);
    }

    /// Adds `scale · Σ_t δ_t (x_t, source_t, 1)ᵀ` to one `unit`, in the order of `steps`. The units are the rows of
    /// the inputs, then the rows of the cell's units, then the biases.
    pub fn accumulate<'a, X: Input<T, I> + 'a>(
        &mut self,
        unit: usize,
        scale: T,
        steps: impl Iterator<Item = Fed<'a, T, X>> + Clone,
    ) {
        if unit < X::UNITS {
            let rows = self.w_ih.as_flattened_mut().as_flattened_mut();
            return X::accumulate(rows, G * H, unit, scale, steps.map(|s| (s.x, s.delta)));
        }
        let unit = unit - X::UNITS;
        if let Some(row) = self.w_hh.get_mut(unit) {
            let steps = steps.map(|s| s.products.map(|product| (scale * product.read(unit), product.delta)));
            return add_products(row.as_flattened_mut(), steps);
        }
        // One bias vector, or the first of two, belongs to the input; the second to the state.
        match present(self.b.get_mut(unit - H)) {
            Some(b) if unit == H => linalg::add_scaled(b.as_flattened_mut(), steps.map(|s| (scale, s.delta))),
            Some(b) => {
                let steps = steps.map(|s| s.products.map(|product| (scale, product.delta)));
                add_products(b.as_flattened_mut(), steps);
            }
            None => {}
        }
    }

    /// Returns the sum of the biases.
    pub fn bias(&self) -> [[T; H]; G] {
        let mut y = [[T::ZERO; H]; G];
        for b in &self.b {
            linalg::add(y.as_flattened_mut(), b.as_flattened());
        }
        y
    }

    /// Computes `y += W_hh h` for as many gates as `y` holds, from `gate` on, in one pass.
    pub fn add_recurrent(&self, y: &mut [T], gate: usize, h: &[T; H]) {
        linalg::add_rows_strided(y, self.recurrent(gate), G * H, h);
    }

    /// Computes `gradient += W_hhᵀ δ` for as many gates as `delta` holds, from `gate` on.
    pub fn add_recurrent_gradient(&self, gradient: &mut [T; H], gate: usize, delta: &[T]) {
        linalg::add_products_strided(gradient, self.recurrent(gate), G * H, delta);
    }

    /// Returns W_hh as a flat slice, from the first row of `gate` on.
    fn recurrent(&self, gate: usize) -> &[T] {
        part(self.w_hh.as_flattened().as_flattened(), gate * H..)
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
