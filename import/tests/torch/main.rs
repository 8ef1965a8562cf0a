//! State dicts of PyTorch: what is read, what is refused, and what the image of one carries.

mod carried;
mod names;
