use core::arch::naked_asm;

/// Number of values processed together, so that no instruction has to wait for the result of the previous one.
const TOGETHER: usize = 4;

/// Emits the comparison of each `x` with its `limit`, and sets `x` to `limit` under the condition `if`.
macro_rules! limit {
    ($($x:literal $limit:literal $if:literal),*) => {
        concat!($(
            "vcmp.f32 ", $x, ", ", $limit, "\nvmrs apsr_nzcv, fpscr\nit ", $if, "\nvmov", $if, ".f32 ", $x, ", ", $limit, "\n"
        ),*)
    };
}

/// Emits the addition of `$c` to each x.
macro_rules! plus {
    ($c:literal: $($x:literal)*) => { concat!($("vadd.f32 ", $x, ", ", $x, ", ", $c, "\n"),*) };
}

/// Emits the multiplication of each of the four registers by its x², which is in s4 to s7.
macro_rules! times_square {
    ($a:literal $b:literal $c:literal $d:literal) => {
        concat!(
            "vmul.f32 ",
            $a,
            ", ",
            $a,
            ", s4\n",
            "vmul.f32 ",
            $b,
            ", ",
            $b,
            ", s5\n",
            "vmul.f32 ",
            $c,
            ", ",
            $c,
            ", s6\n",
            "vmul.f32 ",
            $d,
            ", ",
            $d,
            ", s7\n",
        )
    };
}

/// Constants in the order in which the kernel loads them.
pub(crate) type Constants = [f32; 11];

/// Replaces each x by `Fast::tanh(x)`, with the same bits.
pub(crate) fn tanh_all(x: &mut [f32], constants: &Constants) {
    replace(x, constants, false);
}

/// Replaces each x by `Fast::sigmoid(x)`, with the same bits.
pub(crate) fn sigmoid_all(x: &mut [f32], constants: &Constants) {
    replace(x, constants, true);
}

fn replace(x: &mut [f32], constants: &Constants, sigmoid: bool) {
    let (blocks, rest) = x.as_chunks_mut::<TOGETHER>();
    if !blocks.is_empty() {
        // SAFETY: there is at least one block.
        unsafe { replace_blocks(blocks.as_mut_ptr(), blocks.len(), constants, sigmoid) };
    }
    if !rest.is_empty() {
        let mut block = [0.0; TOGETHER];
        block.iter_mut().zip(&*rest).for_each(|(y, &x)| *y = x);
        // SAFETY: `block` is one block.
        unsafe { replace_blocks(&raw mut block, 1, constants, sigmoid) };
        rest.iter_mut().zip(block).for_each(|(x, y)| *x = y);
    }
}

/// Replaces each value of the `blocks` at `x` by tanh x = x P(x²) / Q(x²) or, if `sigmoid` is set, by
/// (1 + tanh(x/2)) / 2.
///
/// s0-s3 hold x, s4-s7 x², s8-s11 the numerator, s12-s15 the denominator, s16-s26 the constants: the coefficients of
/// the numerator from the highest power of x² down to the first, those of the denominator in the same order, the limit
/// of x², then 1, -1 and 1/2. A comparison with NaN is false, so NaN is not limited.
///
/// # Safety
/// There must be at least one block. `x` must hold `blocks` blocks.
#[unsafe(naked)]
unsafe extern "C" fn replace_blocks(x: *mut [f32; TOGETHER], blocks: usize, constants: &Constants, sigmoid: bool) {
    naked_asm!(
        ".fpu fpv4-sp-d16",
        "vpush {{s16-s27}}",
        "vldm r2, {{s16-s26}}",
        "2:",
        "vldm r0, {{s0-s3}}",
        "cbz r3, 3f",
        "vmul.f32 s0, s0, s26",
        "vmul.f32 s1, s1, s26",
        "vmul.f32 s2, s2, s26",
        "vmul.f32 s3, s3, s26",
        "3:",
        "vmul.f32 s4, s0, s0",
        "vmul.f32 s5, s1, s1",
        "vmul.f32 s6, s2, s2",
        "vmul.f32 s7, s3, s3",
        limit!("s4" "s23" "gt", "s5" "s23" "gt", "s6" "s23" "gt", "s7" "s23" "gt"),
        "vmul.f32 s8, s4, s16",
        "vmul.f32 s9, s5, s16",
        "vmul.f32 s10, s6, s16",
        "vmul.f32 s11, s7, s16",
        "vmul.f32 s12, s4, s20",
        "vmul.f32 s13, s5, s20",
        "vmul.f32 s14, s6, s20",
        "vmul.f32 s15, s7, s20",
        plus!("s17": "s8" "s9" "s10" "s11"),
        plus!("s21": "s12" "s13" "s14" "s15"),
        times_square!("s8" "s9" "s10" "s11"),
        times_square!("s12" "s13" "s14" "s15"),
        plus!("s18": "s8" "s9" "s10" "s11"),
        plus!("s22": "s12" "s13" "s14" "s15"),
        times_square!("s8" "s9" "s10" "s11"),
        times_square!("s12" "s13" "s14" "s15"),
        plus!("s19": "s8" "s9" "s10" "s11"),
        plus!("s24": "s12" "s13" "s14" "s15"),
        times_square!("s8" "s9" "s10" "s11"),
        plus!("s24": "s8" "s9" "s10" "s11"),
        "vmul.f32 s8, s0, s8",
        "vmul.f32 s9, s1, s9",
        "vmul.f32 s10, s2, s10",
        "vmul.f32 s11, s3, s11",
        "vdiv.f32 s8, s8, s12",
        "vdiv.f32 s9, s9, s13",
        "vdiv.f32 s10, s10, s14",
        "vdiv.f32 s11, s11, s15",
        limit!("s8" "s24" "gt", "s9" "s24" "gt", "s10" "s24" "gt", "s11" "s24" "gt"),
        limit!("s8" "s25" "mi", "s9" "s25" "mi", "s10" "s25" "mi", "s11" "s25" "mi"),
        "cbz r3, 4f",
        "vmul.f32 s8, s8, s26",
        "vmul.f32 s9, s9, s26",
        "vmul.f32 s10, s10, s26",
        "vmul.f32 s11, s11, s26",
        plus!("s26": "s8" "s9" "s10" "s11"),
        "4:",
        "vstmia r0!, {{s8-s11}}",
        "subs r1, r1, #1",
        "bne 2b",
        "vpop {{s16-s27}}",
        "bx lr",
    )
}
