use crate::int8::portable;
use crate::present::part;
use core::arch::naked_asm;

/// Rows of a block.
const BLOCK: usize = 4;

/// [`portable::add_products`]. A sum of whole numbers has the same bits in any order.
pub(crate) fn add_products(sums: &mut [i32], w: &[i8], x: &[i16]) {
    let inputs = x.len();
    if inputs == 0 || w.len() < inputs.saturating_mul(sums.len()) {
        return portable::add_products(sums, w, x);
    }
    let (blocks, rest) = sums.as_chunks_mut::<BLOCK>();
    if !blocks.is_empty() {
        // SAFETY: `w` was checked to hold `inputs` weights for each row of the blocks, one row behind the other, and `x` holds
        // as many numbers. There is at least one block and one input.
        unsafe { add_products_of_4(blocks.as_mut_ptr(), w.as_ptr(), x.as_ptr(), inputs, blocks.len()) };
    }
    portable::add_products(rest, part(w, blocks.len() * BLOCK * inputs..), x);
}

/// For each of the `blocks` at `sums`, of four rows: sum += Σ_i w_i x_i, four inputs in a round, then those left one by one.
///
/// r4-r7 the sums, r8 and lr the inputs 0, 2 and 1, 3 of a round, r9-r11 weights, r1 the first row, r3 a row's length, r12 that
/// of three rows, r0 the end of the rounds. Words of `w` need not be aligned; those of `x` are halfwords' addresses, which
/// `ldr` reads too.
///
/// # Safety
/// At least one block and one input. `sums` holds `blocks` blocks, `x` `inputs` numbers, and `w` as many for each row of the
/// blocks, one row behind the other.
#[unsafe(naked)]
unsafe extern "C" fn add_products_of_4(
    sums: *mut [i32; BLOCK],
    w: *const i8,
    x: *const i16,
    inputs: usize,
    blocks: usize,
) {
    macro_rules! two_rows {
        ($first:literal $at_first:literal, $second:literal $at_second:literal) => {
            concat!(
                "ldr r10, [r1",
                $at_first,
                "]\n",
                "ldr r11, [r1",
                $at_second,
                "]\n",
                "sxtb16 r9, r10\n",
                "sxtb16 r10, r10, ror #8\n",
                "smlad r",
                $first,
                ", r9, r8, r",
                $first,
                "\n",
                "smlad r",
                $first,
                ", r10, lr, r",
                $first,
                "\n",
                "sxtb16 r9, r11\n",
                "sxtb16 r11, r11, ror #8\n",
                "smlad r",
                $second,
                ", r9, r8, r",
                $second,
                "\n",
                "smlad r",
                $second,
                ", r11, lr, r",
                $second,
                "\n",
            )
        };
    }
    naked_asm!(
        "push {{r4-r11, lr}}",
        "ldr r4, [sp, #36]", // blocks
        "push {{r0, r2, r4}}",
        "add r12, r3, r3, lsl #1",
        "2:", // a block
        "ldr r0, [sp]",
        "ldm r0, {{r4-r7}}",
        "ldr r2, [sp, #4]",
        "bic r0, r3, #3",
        "add r0, r2, r0, lsl #1",
        "cmp r2, r0",
        "beq 4f",
        "3:", // four inputs
        "ldr r8, [r2], #4",
        "ldr r9, [r2], #4",
        "pkhtb lr, r9, r8, asr #16",
        "pkhbt r8, r8, r9, lsl #16",
        two_rows!("4" "", "5" ", r3"),
        two_rows!("6" ", r3, lsl #1", "7" ", r12"),
        "adds r1, r1, #4",
        "cmp r2, r0",
        "bne 3b",
        "4:", // the inputs left
        "ands r0, r3, #3",
        "beq 6f",
        "5:",
        "ldrsh r8, [r2], #2",
        "ldrsb r9, [r1, r3]",
        "ldrsb r10, [r1, r3, lsl #1]",
        "ldrsb r11, [r1, r12]",
        "ldrsb lr, [r1], #1",
        "smlabb r5, r9, r8, r5",
        "smlabb r6, r10, r8, r6",
        "smlabb r7, r11, r8, r7",
        "smlabb r4, lr, r8, r4",
        "subs r0, r0, #1",
        "bne 5b",
        "6:",
        "ldr r0, [sp]",
        "stmia r0!, {{r4-r7}}",
        "str r0, [sp]",
        "add r1, r1, r12", // over the three other rows
        "ldr r0, [sp, #8]",
        "subs r0, r0, #1",
        "str r0, [sp, #8]",
        "bne 2b",
        "add sp, sp, #12",
        "pop {{r4-r11, pc}}",
    )
}
