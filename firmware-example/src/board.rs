//! Board for which the program is built, from `boards.rs`.

include!(concat!(env!("OUT_DIR"), "/board.rs"));
