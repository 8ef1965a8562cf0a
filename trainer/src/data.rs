//! Data sets of labelled sequences, read from tables, text, NumPy arrays and `.rnnd` files into a single form.
//!
//! [`read`] reads a file according to its extension, or a folder of tables, into a [`DataSet`]. In every format,
//! values stay unscaled, and labels keep their names and are numbered in the order of the names. The next steps
//! are always the same: a [`Split`] by seed, class or subject; a [normaliser](normalizer) or
//! [vocabulary](DataSet::vocabulary) from the training part alone; sequences whose width the compiler knows.
//! `docs/data.md` has examples and the errors of each format.
//!
//! ```
//! use elman::Class;
//! use elman_trainer::data::{self, Options, csv};
//!
//! let table = "sequence,label,x,y\n1,walk,0.5,1\n1,walk,0.7,2\n2,run,3.5,4\n";
//! let data = csv::read(table.as_bytes(), &Options::default())?;
//! assert_eq!(data.classes, ["run", "walk"]);
//! let sequences = data.sequences::<2, Class<2>>()?;
//! assert_eq!(sequences[0].steps, [[0.5, 1.0], [0.7, 2.0]]);
//! assert_eq!(sequences[0].label.index(), 1);
//! let normalizer = data::normalizer(&sequences)?;
//! assert_eq!(sequences[0].normalized(&normalizer).steps.len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod csv;
pub mod npy;
pub mod npz;
pub mod rnnd;
pub mod scaler;
pub mod text;
pub mod words;

mod describe;
mod draft;
mod error;
mod file;
mod memory;
mod names;
mod normalize;
mod notes;
mod number;
mod numbering;
mod options;
mod paths;
mod precision;
mod problem;
mod sequence;
mod series;
mod set;
mod split;
mod stream;
mod twins;

pub use describe::{Channel, Summary};
pub use error::{DataError, Place};
pub use file::{read, read_noted, write};
pub use names::Names;
pub use normalize::{image, normalizer};
pub use notes::Notes;
pub use options::{Axes, Options};
pub use problem::{Hint, Problem};
pub use sequence::{Sequence, Target};
pub use series::{Label, Series, SeriesList};
pub use set::DataSet;
pub use split::Split;

/// Largest number of channels or classes of a network.
const MOST: usize = 1 << 16;
