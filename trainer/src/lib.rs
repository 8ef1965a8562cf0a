//! Data sets and training for elman, from a data file to an image for the flash.
//!
//! ```
//! use elman::{Adam, Class, Dense, Gru, Libm, Network, Xoshiro128, init};
//! use elman_trainer::data::{self, Options, Sequence};
//! use elman_trainer::{Fit, fit, zeroed};
//!
//! let table = "sequence,label,x,y\n1,rest,0.1,0\n1,rest,0,0.1\n2,walk,0.9,-0.8\n2,walk,-0.7,0.9\n";
//! let data = data::csv::read(table.as_bytes(), &Options::default())?;
//! let samples: Vec<Sequence<[f32; 2], Class<2>>> = data.sequences()?;
//! let normalizer = data::normalizer(&samples)?;
//! let samples: Vec<_> = samples.iter().map(|sample| sample.normalized(&normalizer)).collect();
//!
//! let mut network = zeroed::<Network<Gru<2, 8>, Dense<8, 2>>>();
//! init::orthogonal::<Libm<f32>, _>(&mut *network, &mut Xoshiro128::from_seed(1));
//! // Sequences of up to 16 steps, here the same few for training and validation.
//! let how = Fit::<_, 16> { epochs: 20, ..Fit::new(Adam::new(0.05)) };
//! let fitted = fit(&mut *network, &samples, &samples, &how)?;
//! assert_eq!(fitted.history.best().and_then(|epoch| epoch.valid_accuracy), Some(1.0));
//! let image = data::image(&*network, &[&normalizer])?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | | |
//! |---|---|
//! | data | [`data`]: tables, text, NumPy arrays, splits, normalisation; [`sample`]: training samples; [`pairs`]: pairs of sequences |
//! | training | [`mod@fit`]: epochs, batches, schedules, early stopping, averaged weights, checkpoints; [`augment`], [`Progress`], [`interrupt`], [`seeds`], [`Trials`], [`dropout`] |
//! | text | [`language`]: n-grams and networks as models of a language |
//!
//! Related crates are `elman_import` for models trained elsewhere and `elman_report` for a page that shows how a
//! network works; the program `elman` uses them.

pub mod augment;
pub mod data;
pub mod dropout;
pub mod fit;
pub mod history;
pub mod interrupt;
pub mod language;
pub mod pairs;
pub mod sample;
pub mod seeds;
pub mod trials;

mod failure;
mod memory;
mod progress;

pub use dropout::Dropout;
pub use fit::{Fit, fit};
pub use history::{Epoch, History};
pub use memory::zeroed;
pub use progress::Progress;
pub use sample::{Sample, SampleMut, ToEach, ToNext, ToOne, ToSome};
pub use trials::Trials;
