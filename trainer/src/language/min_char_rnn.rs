//! Karpathy's character model with its original settings, for number-by-number comparison.
//!
//! min-char-rnn (2015, <https://gist.github.com/karpathy/d4dee566867f8291f086>) is a hundred lines of numpy: an
//! Elman network of 100 units, truncated BPTT over 25 characters with the state carried over, the loss summed,
//! each element of the gradient clipped to ±5, and Adagrad.

use elman::clip::Scaling;
use elman::error::ConfigError;
use elman::math::Scalar;
use elman::optim::{Accumulated, Kept, Optimizer, stays_finite};
use elman::parameters::walk_range;
use elman::{Clip, Config, Dense, Elman, Math, Network, Parameters, Zero};
use safetensors::{Dtype, SafeTensorError, SafeTensors};
use std::ops::Range;

/// Number of hidden units.
pub const UNITS: usize = 100;
/// Number of characters in a window.
pub const STEPS: usize = 25;

/// Network for `V` characters, with arithmetic `M` and number type `T`.
pub type Net<const V: usize, M, T> = Network<Elman<V, UNITS, M>, Dense<UNITS, V, T>>;

/// Returns the training configuration.
#[must_use]
pub fn config<T: Root>() -> Config<Adagrad<T>> {
    let optimizer = Adagrad { rate: T::from_f64(0.1), epsilon: T::from_f64(1e-8) };
    Config { clip: Clip::Value(T::from_f32(5.0)), ..Config::new(optimizer) }
}

/// Smoothed loss as min-char-rnn prints it: smooth ← 0.999 smooth + 0.001 loss, starting from the loss of a
/// uniform guess among `symbols`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmoothLoss(f64);

impl SmoothLoss {
    /// Creates the value before the first window.
    #[must_use]
    pub fn new(symbols: usize) -> Self {
        Self((symbols as f64).ln() * STEPS as f64)
    }

    /// Updates the value after a window with this loss.
    pub fn add(&mut self, loss: f64) {
        self.0 = 0.999 * self.0 + 0.001 * loss;
    }

    /// Returns the current value.
    #[must_use]
    pub const fn value(self) -> f64 {
        self.0
    }
}

/// Adagrad with epsilon inside the root: s ← s + g²; w ← w − rate · g / √(s + epsilon).
///
/// PyTorch's Adagrad, which is [`elman::optim::Adagrad`], has epsilon outside the root.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adagrad<T> {
    /// Learning rate, above 0.
    pub rate: T,
    /// Positive term that keeps the root above 0.
    pub epsilon: T,
}

/// Number type with a square-root instruction, which lets the compiler vectorise the rule. The root is correctly
/// rounded, as is that of [`Math`], so both give the same bits.
pub trait Root: Scalar {
    /// Returns √self.
    #[must_use]
    fn root(self) -> Self;
}

impl Root for f32 {
    fn root(self) -> Self {
        self.sqrt()
    }
}

impl Root for f64 {
    fn root(self) -> Self {
        self.sqrt()
    }
}

impl<T: Root> Adagrad<T> {
    fn rule(&self, scaling: &Scaling<T>, w: &mut [T], [g, s]: [&mut [T]; 2]) {
        for ((w, g), s) in w.iter_mut().zip(g).zip(s) {
            let g = scaling.take(g);
            *s += g * g;
            *w -= self.rate * g / (*s + self.epsilon).root();
        }
    }
}

impl<T: Root> Optimizer for Adagrad<T> {
    type Scalar = T;
    type Memory<G: Parameters<Scalar = T, Gradient = G> + Zero> = Accumulated<G, 1>;
    fn kept<G: Parameters<Scalar = T, Gradient = G> + Zero>(memory: &mut Accumulated<G, 1>) -> Option<Kept<'_, G>> {
        Some(memory.kept())
    }
    fn check(&self) -> Result<(), ConfigError> {
        // The limits are the same.
        let Self { rate, epsilon } = *self;
        elman::optim::Adagrad { rate, epsilon }.check()
    }
    fn rate(&self) -> T {
        self.rate
    }
    fn with_rate(self, rate: T) -> Self {
        Self { rate, ..self }
    }
    fn reach(&self, gradient: T) -> T {
        let reach = self.rate * gradient;
        if self.epsilon < T::ONE { reach / self.epsilon.root() } else { reach }
    }
    fn stays_finite<M: Math<Scalar = T>, P: Parameters<Scalar = T>>(
        &self,
        weights: &mut P,
        memory: &mut Accumulated<P::Gradient, 1>,
        scaling: &Scaling<T>,
        range: Range<usize>,
    ) -> bool {
        let [s] = &mut memory.moments;
        stays_finite(weights, [&mut memory.gradient, s], range, |w, rest| self.rule(scaling, w, rest))
    }
    fn apply<M: Math<Scalar = T>, P: Parameters<Scalar = T>>(
        &self,
        weights: &mut P,
        memory: &mut Accumulated<P::Gradient, 1>,
        scaling: &Scaling<T>,
        range: Range<usize>,
    ) {
        let [s] = &mut memory.moments;
        walk_range(weights, [&mut memory.gradient, s], range, |w, rest| self.rule(scaling, w, rest));
    }
}

/// Loads the weights of a safetensors file with min-char-rnn's names and shapes: `Wxh` (units, characters), `Whh`
/// (units, units), `Why` (characters, units), in F32. The biases become zero.
///
/// # Errors
/// [`SafeTensorError`] if the bytes are not such a file, or a tensor is missing or has the wrong shape.
pub fn start<const V: usize, M: Math<Scalar = T>, T: Scalar>(
    network: &mut Net<V, M, T>,
    file: &[u8],
) -> Result<(), SafeTensorError> {
    let file = SafeTensors::deserialize(file)?;
    let affine = &mut network.cell.affine;
    transpose(&file, "Wxh", affine.w_ih.as_flattened_mut().as_flattened_mut(), [UNITS, V])?;
    transpose(&file, "Whh", affine.w_hh.as_flattened_mut().as_flattened_mut(), [UNITS, UNITS])?;
    transpose(&file, "Why", network.readout.w.as_flattened_mut(), [V, UNITS])?;
    affine.b.as_flattened_mut().as_flattened_mut().fill(T::ZERO);
    network.readout.b.fill(T::ZERO);
    Ok(())
}

/// Writes the tensor `name`, which must have the shape [outputs, inputs], into `rows` with a row for each input.
fn transpose<T: Scalar>(
    file: &SafeTensors<'_>,
    name: &str,
    rows: &mut [T],
    shape: [usize; 2],
) -> Result<(), SafeTensorError> {
    let tensor = file.tensor(name)?;
    if tensor.shape() != shape || tensor.dtype() != Dtype::F32 {
        return Err(SafeTensorError::TensorInvalidInfo);
    }
    let (values, _) = tensor.data().as_chunks::<4>();
    let [outputs, inputs] = shape;
    for (at, &value) in values.iter().enumerate() {
        rows[at % inputs * outputs + at / inputs] = T::from_f32(f32::from_le_bytes(value));
    }
    Ok(())
}
