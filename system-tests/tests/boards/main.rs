//! Programs of the boards, which give the same bits and the same output when run on the host.

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
