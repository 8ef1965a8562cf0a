use crate::input::Input;
use crate::linalg;
use crate::math::{Scalar, Zero};
use crate::parameters::{Parameters, Path, Role, Tensor};
use crate::present::{part, present};
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// Affine map W_ih x + W_hh h + b of a cell with `G` gates of `H` units, computed for all gates in one pass.
///
/// `w_ih[i]` and `w_hh[j]` each hold the weights from one input to all gates, so a one-hot input selects one row. `B`
/// is the number of bias vectors: 0, 1, or 2 that are updated separately, like PyTorch's `b_ih` and `b_hh`. Costs
/// G·H·(I + H) multiply-adds per step.
#[derive(Clone, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Affine<T, const I: usize, const H: usize, const G: usize, const B: usize> {
    /// Weights of the input: `[I][G][H]`.
    pub w_ih: [[[T; H]; G]; I],
    /// Weights of the previous state: `[H][G][H]`.
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

/// Product of W_hh with a vector, given as the gradients δ of some gates and the vector that these gates read.
#[derive(Clone, Copy, Debug)]
pub struct Product<'a, T> {
    /// Gradients of the gates' arguments.
    pub delta: &'a [T],
    /// Vector that the gates read: h, or h times a gate.
    pub source: &'a [T],
}

impl<T> Product<'_, T> {
    /// Empty product, without gates.
    pub const NONE: Self = Self { delta: &[], source: &[] };
}

impl<T: Scalar> Product<'_, T> {
    /// Returns element `unit` of the vector, or zero for [`NONE`](Self::NONE), which has neither a vector nor gates.
    #[inline(always)]
    fn read(&self, unit: usize) -> T {
        debug_assert!(unit < self.source.len() || self.delta.is_empty(), "gates read a vector that is too short");
        self.source.get(unit).copied().unwrap_or(T::ZERO)
    }
}

/// Input of one step, and the gradients of the gates that it reaches.
#[derive(Debug)]
pub struct Fed<'a, T, X> {
    /// Input of the step.
    pub x: &'a X,
    /// Gradients of the arguments of all gates.
    pub delta: &'a [T],
    /// Products with W_hh, one for each vector that the gates read, in the order of the gates.
    pub products: [Product<'a, T>; 2],
}

/// Computes `row += Σ_t (a_t · first_t, b_t · second_t)`, for the gates of both products.
fn add_products<'a, T: Scalar>(row: &mut [T], steps: impl Iterator<Item = [(T, &'a [T]); 2]> + Clone) {
    // If there are no steps, there is nothing to add.
    let width = steps.clone().next().map_or(0, |[(_, delta), _]| delta.len());
    let (first, second) = row.split_at_mut(width.min(row.len()));
    linalg::add_scaled(first, steps.clone().map(|[product, _]| product));
    linalg::add_scaled(second, steps.map(|[_, product]| product));
}

impl<T: Scalar, const I: usize, const H: usize, const G: usize, const B: usize> Affine<T, I, H, G, B> {
    /// Computes `y += W_ih x` for all gates in one pass.
    pub fn add_input<X: Input<T, I>>(&self, y: &mut [T], x: &X) {
        x.gather(self.w_ih.as_flattened().as_flattened(), y);
    }

    /// Computes `gradient += W_ihᵀ δ`.
    pub fn add_input_gradient<X: Input<T, I>>(&self, gradient: &mut X::Gradient, delta: &[T]) {
        X::add_gradient(gradient, self.w_ih.as_flattened().as_flattened(), delta);
    }

    /// Adds `scale · Σ_t δ_t (x_t, source_t, 1)ᵀ` to part `unit` of the weights, in the order of `steps`. The parts are
    /// the rows of W_ih, then the rows of W_hh, then the bias vectors.
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
        // The first bias vector belongs to the input, the second to the state.
        match present(self.b.get_mut(unit - H)) {
            Some(b) if unit == H => linalg::add_scaled(b.as_flattened_mut(), steps.map(|s| (scale, s.delta))),
            Some(b) => {
                let steps = steps.map(|s| s.products.map(|product| (scale, product.delta)));
                add_products(b.as_flattened_mut(), steps);
            }
            None => {}
        }
    }

    /// Returns the sum of the bias vectors.
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
