//! Updates: the same bits whole and in slices, jobs, PyTorch's values for each optimizer and smoothed labels,
//! checkpointed tapes, refused input.

mod carried;
mod checkpoint;
mod errors;
mod jobs;
mod optim;
mod reductions;
mod rounded;
mod smoothing;
mod updates;
