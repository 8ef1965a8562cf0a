//! State dicts of PyTorch: supported ones, refused ones, and the additional data in an image.

mod carried;
mod names;
