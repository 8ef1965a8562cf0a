//! Networks in integers.

mod activation;
mod arithmetic;
mod bidirectional;
mod cells;
mod exact;
mod fastgrnn;
mod networks;
mod refused;
mod vectors;
