//! The model of run-time shape beside the types whose shape the compiler knows.

mod cells;
mod merge;
mod training_bytes;
