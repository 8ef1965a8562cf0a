//! Updates: the same bits whole and in slices, jobs, agreement with PyTorch for each optimizer and for smoothed
//! labels, checkpointed tapes, refused input.

mod carried;
mod checkpoint;
mod errors;
mod jobs;
mod optim;
mod reductions;
mod rounded;
mod smoothing;
mod updates;
