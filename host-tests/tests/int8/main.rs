//! Networks in integers.

mod activation;
mod arithmetic;
mod cells;
mod refused;
