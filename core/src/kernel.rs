//! Inner loops for Cortex-M in assembly. Those for a floating-point unit perform the same operations in the same order
//! as [`linalg::portable`](crate::linalg::portable) and [`Fast`](crate::Fast), so they give the same bits; those for
//! 8-bit weights add integers, whose sum is the same as in [`tiles`](crate::tiles) in any order.
//!
//! Only a naked function can name the registers and load many of them with one instruction. Loads take most of the
//! time, and a load-multiple takes only one cycle more than the number of registers that it loads. Multiply-adds use
//! `vmla`, which rounds the product and then the sum, like two separate instructions; `vfma` rounds only once.
//! Cortex-M4 and M33 take one cycle less for the two instructions, so a forward step uses them there; the backward
//! pass, which runs on fewer devices, uses the shorter code.
//!
//! Each kernel is wrapped in a function that checks the lengths first, and that processes what is left after the last
//! whole block in safe Rust. This is the only module of the crate with unsafe code. `build.rs` lists the processors
//! that use it; the feature `portable` turns it off.

#[cfg(fpu)]
use core::arch::naked_asm;

/// Emits sum += value · factor for each triple of single-precision registers, in one instruction that rounds twice.
#[cfg(kernels)]
macro_rules! chained {
    ($($sum:literal $value:literal $factor:literal),*) => {
        concat!($("vmla.f32 s", $sum, ", s", $value, ", s", $factor, "\n"),*)
    };
}

#[cfg(kernels)]
mod add_products;
#[cfg(kernels)]
mod add_rows;
#[cfg(kernels)]
mod add_scaled;
#[cfg(kernels)]
mod tanh;

#[cfg(dsp)]
mod int8;

#[cfg(dsp)]
pub(crate) use self::int8::add_products as add_products_int8;
#[cfg(kernels)]
pub(crate) use self::{
    add_products::add_products,
    add_rows::add_rows,
    add_scaled::add_scaled,
    tanh::{sigmoid_all, tanh_all},
};

/// Returns √x, correctly rounded as by `libm`.
#[cfg(fpu)]
#[unsafe(naked)]
pub(crate) extern "C" fn sqrt(x: f32) -> f32 {
    naked_asm!(".fpu fpv4-sp-d16", "vsqrt.f32 s0, s0", "bx lr")
}

/// Returns the number of elements from the start of the first row to the end of the last, for `rows` rows of `width`
/// elements that start `stride` elements apart.
#[cfg(kernels)]
fn reach(rows: usize, stride: usize, width: usize) -> usize {
    rows.saturating_sub(1).saturating_mul(stride).saturating_add(width)
}
