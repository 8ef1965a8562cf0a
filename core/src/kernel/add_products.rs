use super::reach;
use crate::linalg::portable;
use core::arch::naked_asm;

/// Implements [`linalg::add_products_strided`](crate::linalg::add_products_strided).
pub(crate) fn add_products(y: &mut [f32], rows: &[f32], stride: usize, x: &[f32]) {
    if rows.len() < reach(y.len(), stride, x.len()) {
        return portable::add_products(y, rows, stride, x);
    }
    let (pairs, rest) = y.as_chunks_mut::<2>();
    let last = portable::from(rows, pairs.len() * 2 * stride);
    if !pairs.is_empty() {
        // SAFETY: for each row of the pairs, the x.len() elements from row · stride on were checked to be in `rows`.
        // There is at least one pair.
        unsafe { add_two_products(pairs.as_mut_ptr(), rows.as_ptr(), stride * 4, x.as_ptr(), x.len(), pairs.len()) };
    }
    portable::add_products(rest, last, stride, x);
}

/// Computes y_i += row_i · x for both elements of each of the `pairs` at `y`, with eight lanes for each row.
///
/// s0-s7 hold the lanes of the first row, s8-s15 those of the second, s16-s23 weights, s24-s31 x.
///
/// # Safety
/// There must be at least one pair. `y` must hold `pairs` pairs, and `x` and each row `length` values; rows must
/// be `stride` bytes apart.
#[unsafe(naked)]
unsafe extern "C" fn add_two_products(
    y: *mut [f32; 2],
    rows: *const f32,
    stride: usize,
    x: *const f32,
    length: usize,
    pairs: usize,
) {
    naked_asm!(
        ".fpu fpv4-sp-d16",
        "push {{r4-r10, lr}}",
        "vpush {{s16-s31}}",
        "ldr r8, [sp, #96]",   // length
        "ldr r10, [sp, #100]", // pairs
        "lsrs r9, r8, #3",     // whole eights
        "and r8, r8, #7",      // and the numbers left
        "mov r7, #0",
        "vmov d0, r7, r7",
        "vmov d1, r7, r7",
        "vmov d2, r7, r7",
        "vmov d3, r7, r7",
        "vmov d4, r7, r7",
        "vmov d5, r7, r7",
        "vmov d6, r7, r7",
        "vmov d7, r7, r7",
        "vpush {{s0-s15}}", // what each lane begins with
        "2:",               // a pair
        "mov r4, r3",
        "mov r5, r1",
        "add r6, r1, r2",
        "vldm sp, {{s0-s15}}",
        "movs r7, r9",
        "beq 4f",
        "3:", // eight numbers of both rows
        "vldmia r4!, {{s24-s31}}",
        "vldmia r5!, {{s16-s23}}",
        chained!("0" "16" "24", "1" "17" "25", "2" "18" "26", "3" "19" "27"),
        chained!("4" "20" "28", "5" "21" "29", "6" "22" "30", "7" "23" "31"),
        "vldmia r6!, {{s16-s23}}",
        chained!("8" "16" "24", "9" "17" "25", "10" "18" "26", "11" "19" "27"),
        chained!("12" "20" "28", "13" "21" "29", "14" "22" "30", "15" "23" "31"),
        "subs r7, r7, #1",
        "bne 3b",
        "4:", // the numbers left, the last first: each has a lane of its own
        "tbb [pc, r8]",
        "5:",
        ".byte (20f - 5b) / 2, (21f - 5b) / 2, (22f - 5b) / 2, (23f - 5b) / 2",
        ".byte (24f - 5b) / 2, (25f - 5b) / 2, (26f - 5b) / 2, (27f - 5b) / 2",
        "27:",
        "vldr s24, [r4, #24]",
        "vldr s16, [r5, #24]",
        "vldr s17, [r6, #24]",
        chained!("6" "16" "24", "14" "17" "24"),
        "26:",
        "vldr s24, [r4, #20]",
        "vldr s16, [r5, #20]",
        "vldr s17, [r6, #20]",
        chained!("5" "16" "24", "13" "17" "24"),
        "25:",
        "vldr s24, [r4, #16]",
        "vldr s16, [r5, #16]",
        "vldr s17, [r6, #16]",
        chained!("4" "16" "24", "12" "17" "24"),
        "24:",
        "vldr s24, [r4, #12]",
        "vldr s16, [r5, #12]",
        "vldr s17, [r6, #12]",
        chained!("3" "16" "24", "11" "17" "24"),
        "23:",
        "vldr s24, [r4, #8]",
        "vldr s16, [r5, #8]",
        "vldr s17, [r6, #8]",
        chained!("2" "16" "24", "10" "17" "24"),
        "22:",
        "vldr s24, [r4, #4]",
        "vldr s16, [r5, #4]",
        "vldr s17, [r6, #4]",
        chained!("1" "16" "24", "9" "17" "24"),
        "21:",
        "vldr s24, [r4]",
        "vldr s16, [r5]",
        "vldr s17, [r6]",
        chained!("0" "16" "24", "8" "17" "24"),
        "20:", // the lanes joined, as `Lanes::total`
        "vadd.f32 s0, s0, s4",
        "vadd.f32 s8, s8, s12",
        "vadd.f32 s2, s2, s6",
        "vadd.f32 s10, s10, s14",
        "vadd.f32 s1, s1, s5",
        "vadd.f32 s9, s9, s13",
        "vadd.f32 s3, s3, s7",
        "vadd.f32 s11, s11, s15",
        "vadd.f32 s0, s0, s2",
        "vadd.f32 s8, s8, s10",
        "vadd.f32 s1, s1, s3",
        "vadd.f32 s9, s9, s11",
        "vldm r0, {{s2-s3}}",
        "vadd.f32 s0, s0, s1",
        "vadd.f32 s8, s8, s9",
        "vadd.f32 s2, s2, s0",
        "vadd.f32 s3, s3, s8",
        "vstmia r0!, {{s2-s3}}",
        "add r1, r1, r2, lsl #1",
        "subs r10, r10, #1",
        "bne 2b",
        "add sp, sp, #64",
        "vpop {{s16-s31}}",
        "pop {{r4-r10, pc}}",
    )
}
