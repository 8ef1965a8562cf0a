//! Live streams: every answer is that of the samples it is about, decisions are smoothed as defined, what cannot be used is
//! refused, and a stream is read from end to end.

mod decisions;
mod errors;
mod gestures;
mod halves;
mod refractory;
mod windows;
