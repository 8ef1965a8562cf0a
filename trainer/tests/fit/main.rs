//! Training on samples: epochs, schedules, averages, augmentation, stopping, checkpoints and progress.

mod augment;
mod average;
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
