//! Networks in integers: weights of 8 bits, inputs and states of 16, sums of 32.
//!
//! A quarter of the flash of `f32`, and a step without a floating-point unit. The cells are those of [`cell`](crate::cell), under
//! the same names and with the same equations; they run, in a [`Network`](crate::Network), a [`Stacked`](crate::Stacked), a
//! [`Bidirectional`](crate::Bidirectional) layer, a [`Frozen`](crate::Frozen) reference, every task and every stream, and do not
//! learn. A [`Calibration`] makes one of a trained network of `f32`.
//!
//! ## Numbers
//!
//! | what | type | one unit is |
//! |---|---|---|
//! | weight | `i8`, −127 to 127 | its [`Scale`], one per gate or per unit of a gate: see [`Scaling`] |
//! | input | `i16` | 1 / `resolution` of the cell, so that the largest input in the calibration is 32,767 |
//! | bias | `i16` | 2⁻¹¹ |
//! | sum of products | `i32` | exact, in any order |
//! | argument of a gate | `i32` | 2⁻¹³ |
//! | gate, h of a GRU, LSTM or MGU, or of an Elman cell of a bounded function | `i16` | 2⁻¹⁵: |h| ≤ 1, so nothing is calibrated |
//! | h of a FastGRNN or a ReLU cell, output of a projection | `i16` | that of the calibration: the largest is 32,767 |
//! | number between two matrices of low rank | `i16` | that of the calibration |
//! | output of an embedding | `i16` | the largest of the table is 32,767 |
//! | output of both directions | `i16` | that of the directions; twice that of a sum, 2¹⁵ times the square of it of a product |
//! | c of an LSTM | `i32` | 2⁻²⁰, up to ±1,024 |
//! | output of the read-out | `i32`, given as `f32` | a power of two, [`Dense::exponent`] |
//!
//! Each product of a sum and a scale is rounded once, to the nearest; [`tanh`] and [`sigmoid`] are tables. All of
//! this is integer arithmetic, so the bits are the same on every target. Floating point occurs in only two
//! places: an input given as `f32` rather than `[i16; I]` is multiplied and rounded to `i16`, and an output is
//! multiplied by a power of two, which is exact. Logits, probabilities, samplers and thresholds therefore see
//! real numbers.
//!
//! ```
//! use elman::int8::{Calibration, PerUnit};
//! use elman::{Dense, Gru, Libm, Network, Xoshiro128, Zero, init};
//! type Net = Network<Gru<3, 8>, Dense<8, 2>>;
//! let mut net = Net::ZERO;
//! init::uniform_fan::<Libm<f32>, _>(&mut net, &mut Xoshiro128::from_seed(1));
//! let sequence = [[0.5, -1.0, 0.25], [1.0, 0.0, -0.5]];
//! let mut calibration = Calibration::new(&net);
//! calibration.observe(&sequence)?;
//! let small = calibration.quantize::<PerUnit>()?;
//! let (exact, near) = (net.predict(&sequence)?, small.predict(&sequence)?);
//! assert!((exact[0] - near[0]).abs() < 0.01);
//! assert_eq!(size_of_val(&small.cell) * 100 / size_of_val(&net.cell), 34);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod activation;
mod affine;
mod dense;
mod elman;
mod embedding;
mod fastgrnn;
mod fixed;
mod grid;
mod gru;
mod input;
mod lstm;
mod matrix;
mod mgu;
mod projection;
mod quantize;
mod scale;
mod stored;
mod weights;

pub(crate) use activation::exact as exact_tanh;
pub use activation::{sigmoid, tanh};
pub use affine::Affine;
pub use dense::Dense;
pub(crate) use dense::{EXPONENTS, MOST_SHIFTED};
pub use elman::Elman;
pub use embedding::Embedding;
pub use fastgrnn::FastGrnn;
pub(crate) use grid::round_gate;
pub use gru::Gru;
pub use input::Input;
pub use lstm::{Lstm, LstmState};
pub use matrix::{Factors, Matrix};
pub use mgu::Mgu;
pub use projection::Projection;
pub use quantize::{Calibration, Given, Quantize, Range};
pub use scale::{PerGate, PerUnit, Scale, Scaling};
pub(crate) use weights::place_of;
pub use weights::{Scales, Weights, add_products};

pub(crate) use fixed::{mean, multiplied, quarter};
