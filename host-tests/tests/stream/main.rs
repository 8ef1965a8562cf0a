//! Live streams: every answer belongs to its samples, decisions are smoothed as defined, invalid input is
//! refused, and a stream is read from end to end.

mod decisions;
mod errors;
mod gestures;
mod halves;
mod refractory;
mod windows;
