//! Live streams: answers belong to the right samples, decisions are smoothed as defined, invalid input is refused,
//! and a stream is read from end to end.

mod cost;
mod decisions;
mod errors;
mod gestures;
mod halves;
mod refractory;
mod windows;
