use super::reach;
use crate::linalg::portable;
use crate::present::part;
use core::arch::naked_asm;

/// Number of outputs in a block, and in a small block.
const BLOCK: usize = 16;
const SMALL: usize = 4;

/// Emits sum += value · factor for each triple of single-precision registers, rounded twice. The values may be
/// overwritten.
#[cfg(chained_multiply_add)]
macro_rules! multiply_add {
    ($($registers:tt)*) => { chained!($($registers)*) };
}
#[cfg(not(chained_multiply_add))]
macro_rules! multiply_add {
    ($($sum:literal $value:literal $factor:literal),*) => {
        concat!(
            $("vmul.f32 s", $value, ", s", $value, ", s", $factor, "\n",)*
            $("vadd.f32 s", $sum, ", s", $sum, ", s", $value, "\n",)*
        )
    };
}

/// Implements [`linalg::add_rows_strided`](crate::linalg::add_rows_strided).
pub(crate) fn add_rows(y: &mut [f32], rows: &[f32], stride: usize, x: &[f32]) {
    if x.is_empty() || rows.len() < reach(x.len(), stride, y.len()) {
        return portable::add_rows(y, rows, stride, x);
    }
    let (blocks, rest) = y.as_chunks_mut::<BLOCK>();
    let (small, rest) = rest.as_chunks_mut::<SMALL>();
    let (first, rows) = (rows, part(rows, blocks.len() * BLOCK..));
    // Wrapping, because with one input the stride is not used and may be any number.
    let step = stride.wrapping_mul(size_of::<f32>());
    if !blocks.is_empty() {
        // SAFETY: for each input i and each output of the blocks, element i · stride + output was checked to be in
        // `first`. There is at least one input and one block.
        unsafe { add_rows_of_16(blocks.as_mut_ptr(), first.as_ptr(), step, x.as_ptr(), x.len(), blocks.len()) };
    }
    if !small.is_empty() {
        // SAFETY: as above, for the outputs after those of the blocks.
        unsafe { add_rows_of_4(small.as_mut_ptr(), rows.as_ptr(), step, x.as_ptr(), x.len(), small.len()) };
    }
    portable::add_rows(rest, part(rows, small.len() * SMALL..), stride, x);
}

/// Computes block += Σ_i x_i · row_i for each of the `blocks` at `y`, with i below `inputs`. An iteration takes two
/// inputs; if `inputs` is odd, the first takes one.
///
/// s0-s15 hold the sums, s16 and s17 the inputs, s18-s25 weights.
///
/// # Safety
/// There must be at least one block and one input. `y` must hold `blocks` blocks, `x` must hold `inputs` values,
/// and each row must be as long as `y`; rows must be `stride` bytes apart.
#[unsafe(naked)]
unsafe extern "C" fn add_rows_of_16(
    y: *mut [f32; BLOCK],
    rows: *const f32,
    stride: usize,
    x: *const f32,
    inputs: usize,
    blocks: usize,
) {
    naked_asm!(
        ".fpu fpv4-sp-d16",
        "push {{r4-r8, lr}}",
        "vpush {{s16-s25}}",
        "ldr r7, [sp, #64]", // inputs
        "ldr r8, [sp, #68]", // blocks
        "sub r2, r2, #64",   // from the end of a block to the next row's
        "2:",                // a block
        "vldm r0, {{s0-s15}}",
        "mov r4, r3",
        "mov r5, r1",
        "lsrs r6, r7, #1",
        "bcc 3f",
        "adds r6, r6, #1",
        "vldmia r4!, {{s17}}",
        "b 4f",
        "3:", // the first of two inputs
        "vldmia r4!, {{s16-s17}}",
        "vldmia r5!, {{s18-s25}}",
        multiply_add!("0" "18" "16", "1" "19" "16", "2" "20" "16", "3" "21" "16"),
        multiply_add!("4" "22" "16", "5" "23" "16", "6" "24" "16", "7" "25" "16"),
        "vldmia r5!, {{s18-s25}}",
        multiply_add!("8" "18" "16", "9" "19" "16", "10" "20" "16", "11" "21" "16"),
        multiply_add!("12" "22" "16", "13" "23" "16", "14" "24" "16", "15" "25" "16"),
        "add r5, r5, r2",
        "4:", // the second
        "vldmia r5!, {{s18-s25}}",
        multiply_add!("0" "18" "17", "1" "19" "17", "2" "20" "17", "3" "21" "17"),
        multiply_add!("4" "22" "17", "5" "23" "17", "6" "24" "17", "7" "25" "17"),
        "vldmia r5!, {{s18-s25}}",
        multiply_add!("8" "18" "17", "9" "19" "17", "10" "20" "17", "11" "21" "17"),
        multiply_add!("12" "22" "17", "13" "23" "17", "14" "24" "17", "15" "25" "17"),
        "add r5, r5, r2",
        "subs r6, r6, #1",
        "bne 3b",
        "vstmia r0!, {{s0-s15}}",
        "adds r1, r1, #64",
        "subs r8, r8, #1",
        "bne 2b",
        "vpop {{s16-s25}}",
        "pop {{r4-r8, pc}}",
    )
}

/// Does the same as [`add_rows_of_16`] in blocks of four, with one input per iteration.
///
/// s0-s3 hold the sums, s4-s7 weights, s8 the input.
///
/// # Safety
/// Same as for [`add_rows_of_16`].
#[unsafe(naked)]
unsafe extern "C" fn add_rows_of_4(
    y: *mut [f32; SMALL],
    rows: *const f32,
    stride: usize,
    x: *const f32,
    inputs: usize,
    blocks: usize,
) {
    naked_asm!(
        ".fpu fpv4-sp-d16",
        "push {{r4-r8, lr}}",
        "ldr r7, [sp, #24]", // inputs
        "ldr r8, [sp, #28]", // blocks
        "2:",                // a block
        "vldm r0, {{s0-s3}}",
        "mov r4, r3",
        "mov r5, r1",
        "mov r6, r7",
        "3:", // an input
        "vldmia r4!, {{s8}}",
        "vldm r5, {{s4-s7}}",
        multiply_add!("0" "4" "8", "1" "5" "8", "2" "6" "8", "3" "7" "8"),
        "add r5, r5, r2",
        "subs r6, r6, #1",
        "bne 3b",
        "vstmia r0!, {{s0-s3}}",
        "adds r1, r1, #16",
        "subs r8, r8, #1",
        "bne 2b",
        "pop {{r4-r8, pc}}",
    )
}
