//! placeholder

pub mod rnnd;
