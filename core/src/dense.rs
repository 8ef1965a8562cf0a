//! Linear read-out on top of the layers.

use crate::input::Input;
use crate::linalg;
use crate::math::{Scalar, Zero, finite, larger};
use crate::parameters::{Learns, Parameters, Path, Role, Tensor};
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// Read-out, which computes the outputs of the network from the top layer's output of type `Y`.
#[diagnostic::on_unimplemented(
    message = "the read-out `{Self}` does not read `{Y}`",
    label = "the sizes or number types differ: the first size of the read-out is the number of units below it",
    note = "a concatenating `Bidirectional` layer has two outputs per unit; a read-out of `f64` is `Dense<H, K, f64>`"
)]
pub trait Readout<Y> {
    /// Outputs of the network: logits or predicted values.
    type Output: Copy + Zero;
    /// Writes the outputs for `y` to `outputs`.
    fn forward(&self, y: &Y, outputs: &mut Self::Output);
    /// Returns `true` if no output is NaN or infinite.
    fn is_finite(outputs: &Self::Output) -> bool;
}

/// Read-out that learns.
pub trait LearnedReadout<Y>: Readout<Y> + Learns<Y, InputGradient = Y> {
    /// Adds the gradient with respect to `y`, given the gradient `delta` of the outputs for `y`.
    fn back(&self, y: &Y, delta: &Self::Output, gradient: &mut Y);
    /// Returns an upper bound on each element that the outputs for `y` add to the weight gradient, given the gradient
    /// `delta` of these outputs.
    fn bound(y: &Y, delta: &Self::Output) -> Self::Scalar;
    /// Adds `scale · Σ δ yᵀ` to part `unit` of `target`, in the order of `steps` (t falling).
    fn accumulate<'a>(
        target: &mut Self::Gradient,
        unit: usize,
        scale: Self::Scalar,
        steps: impl Iterator<Item = (&'a Y, &'a Self::Output)> + Clone,
    ) where
        Self: 'a,
        Y: 'a;
    /// Adds to the weights themselves what [`accumulate`](Self::accumulate) adds to a gradient.
    fn descend<'a>(
        &mut self,
        unit: usize,
        scale: Self::Scalar,
        steps: impl Iterator<Item = (&'a Y, &'a Self::Output)> + Clone,
    ) where
        Self: 'a,
        Y: 'a;
}

/// Linear layer W y + b, from `H` inputs to `K` outputs: K·(H + 1) parameters, K·H multiply-adds.
///
/// ```
/// use elman::{Dense, Zero};
/// const READOUT: Dense<8, 1> = Dense::ZERO;
/// ```
///
/// A layer without outputs does not compile:
///
/// ```compile_fail,E0080
/// use elman::{Dense, Zero};
/// const READOUT: Dense<8, 0> = Dense::ZERO;
/// ```
#[derive(Clone, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Dense<const H: usize, const K: usize, T = f32> {
    /// Weights, `[H][K]`: for each input, a row with one weight for each output.
    pub w: [[T; K]; H],
    /// Bias.
    pub b: [T; K],
}

impl<const H: usize, const K: usize, T: Scalar> Zero for Dense<H, K, T> {
    const ZERO: Self = {
        assert!(H > 0 && K > 0, "a dense layer has at least one input and one output");
        Self { w: [[T::ZERO; K]; H], b: [T::ZERO; K] }
    };
    const INPUTS: usize = H;
    const OUTPUTS: usize = K;
}

#[diagnostic::do_not_recommend]
impl<Y: Input<T, H>, const H: usize, const K: usize, T: Scalar> Readout<Y> for Dense<H, K, T> {
    type Output = [T; K];
    fn forward(&self, y: &Y, outputs: &mut [T; K]) {
        *outputs = self.b;
        y.gather(self.w.as_flattened(), outputs);
    }
    fn is_finite(outputs: &[T; K]) -> bool {
        finite(outputs)
    }
}

#[diagnostic::do_not_recommend]
impl<Y: Input<T, H, Gradient = Y> + Zero, const H: usize, const K: usize, T: Scalar> Learns<Y> for Dense<H, K, T> {
    type InputGradient = Y;
    const UNITS: usize = Y::UNITS + 1;
}

#[diagnostic::do_not_recommend]
impl<Y: Input<T, H, Gradient = Y> + Zero, const H: usize, const K: usize, T: Scalar> LearnedReadout<Y>
    for Dense<H, K, T>
{
    fn back(&self, _: &Y, delta: &[T; K], gradient: &mut Y) {
        self.add_input_gradient(delta, gradient);
    }
    /// Returns max |δ| · max(1, |y|).
    fn bound(y: &Y, delta: &[T; K]) -> T {
        T::largest(delta) * larger(T::ONE, y.magnitude())
    }
    fn accumulate<'a>(
        target: &mut Self,
        unit: usize,
        scale: T,
        steps: impl Iterator<Item = (&'a Y, &'a [T; K])> + Clone,
    ) where
        Y: 'a,
    {
        if unit < Y::UNITS {
            let steps = steps.map(|(y, delta)| (y, delta.as_slice()));
            Y::accumulate(target.w.as_flattened_mut(), K, unit, scale, steps);
        } else {
            linalg::add_scaled(&mut target.b, steps.map(|(_, delta)| (scale, delta.as_slice())));
        }
    }
    fn descend<'a>(&mut self, unit: usize, scale: T, steps: impl Iterator<Item = (&'a Y, &'a [T; K])> + Clone)
    where
        Y: 'a,
    {
        Self::accumulate(self, unit, scale, steps);
    }
}

impl<const H: usize, const K: usize, T: Scalar> Parameters for Dense<H, K, T> {
    type Scalar = T;
    type Gradient = Self;
    const COUNT: usize = K * (H + 1);
    fn walk<const N: usize>(
        &mut self,
        mut others: [&mut Self; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [T], [&mut [T]; N]),
    ) {
        let [w, b] = Self::tensors(&path);
        f(w, self.w.as_flattened_mut(), others.each_mut().map(|o| o.w.as_flattened_mut()));
        f(b, &mut self.b, others.each_mut().map(|o| o.b.as_mut_slice()));
    }
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[T])) {
        let [w, b] = Self::tensors(&path);
        f(w, self.w.as_flattened());
        f(b, &self.b);
    }
}

impl<const H: usize, const K: usize, T: Scalar> Dense<H, K, T> {
    /// Computes `gradient += Wᵀ δ`.
    pub(crate) fn add_input_gradient<Y: Input<T, H, Gradient = Y>>(&self, delta: &[T; K], gradient: &mut Y) {
        Y::add_gradient(gradient, self.w.as_flattened(), delta);
    }

    fn tensors<'a>(path: &'a Path<'a>) -> [Tensor<'a>; 2] {
        [
            Tensor { path: path.at("w"), role: Role::Input, shape: [H, 1, K], fan: H },
            Tensor { path: path.at("b"), role: Role::Bias, shape: [1, 1, K], fan: H },
        ]
    }
}
