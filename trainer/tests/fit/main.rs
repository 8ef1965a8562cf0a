//! Training on samples: epochs, schedules, stopping, checkpoints, and what a run tells.

mod checkpoint;
mod class_weights;
mod dropout;
mod epochs;
#[cfg(unix)]
mod interrupt;
mod networks;
mod problem;
mod progress;
mod resume;
mod schedule;
