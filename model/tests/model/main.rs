//! Model with a run-time shape, compared with types whose shape the compiler knows.

mod cells;
mod integers;
mod merge;
mod training_bytes;
