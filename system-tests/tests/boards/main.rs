//! Programs of the boards, run on the host: the same bits, the same output.

mod activity;
mod fixed;
mod from_c;
mod integers;
mod microbit;
#[path = "../../../board-example/src/motion.rs"]
mod motion;
mod personalise;
#[path = "../../../board-example/src/recordings.rs"]
mod recordings;
mod slices;
mod speakers;
mod watch;
mod writer;
