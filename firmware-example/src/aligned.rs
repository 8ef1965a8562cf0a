/// Bytes at an address that a model can be read at.
#[repr(align(16))]
pub struct Aligned<B: ?Sized>(pub B);
