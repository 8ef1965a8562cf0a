//! The board this is built for, from `boards.rs`.

include!(concat!(env!("OUT_DIR"), "/board.rs"));
