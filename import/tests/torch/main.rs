//! State dicts of PyTorch, supported and refused, and additional data in an image.

mod carried;
mod names;
