use crate::present::part;
use crate::tiles::{self, BLOCK};
use core::arch::naked_asm;

/// Does the same as [`tiles::add_products`], with the same result, because a sum of integers does not depend on the
/// order.
pub(crate) fn add_products(sums: &mut [i32], units: usize, w: &[i8], x: &[i16]) {
    let gates = sums.chunks_mut(units.max(1)).zip(w.chunks((units * x.len()).max(1)));
    gates.for_each(|(sums, w)| add_gate(sums, w, x));
}

/// Adds the products of one gate to `sums`.
fn add_gate(sums: &mut [i32], w: &[i8], x: &[i16]) {
    let inputs = x.len();
    if inputs == 0 || w.len() < inputs.saturating_mul(sums.len()) {
        return tiles::add_products(sums, sums.len(), w, x);
    }
    let (blocks, rest) = sums.as_chunks_mut::<BLOCK>();
    if !blocks.is_empty() {
        // SAFETY: `w` was checked to hold `inputs` weights for each row of the blocks, and `x` holds `inputs` numbers.
        // There is at least one block and one input.
        unsafe { add_blocks(blocks.as_mut_ptr(), w.as_ptr(), x.as_ptr(), inputs, blocks.len()) };
    }
    tiles::add_rows(rest, part(w, blocks.len() * BLOCK * inputs..), x);
}

/// Computes sum += Σ_i w_i x_i for the four rows of each of the `blocks` at `sums`. An iteration takes two tiles of
/// four inputs; if the number of tiles is odd, the first takes one. The inputs after the last tile follow one by one.
///
/// r4-r7 hold the sums, r8 and lr the inputs 0, 2 and 1, 3 of a tile, r9-r12 the weights of the tile, r3 half of the
/// weights of a row, and r0 the end of the tiles. Neither `w` nor `x` need be aligned to a word.
///
/// # Safety
/// There must be at least one block and one input. `sums` must hold `blocks` blocks, `x` must hold `inputs`
/// numbers, and `w` must hold `inputs` weights for each row of the blocks.
#[unsafe(naked)]
unsafe extern "C" fn add_blocks(sums: *mut [i32; BLOCK], w: *const i8, x: *const i16, inputs: usize, blocks: usize) {
    /// Emits the products of one row of a tile.
    #[rustfmt::skip]
    macro_rules! row {
        ($sum:literal $weights:literal) => {
            concat!(
                "sxtb16 r3, r", $weights, "\n",
                "sxtb16 r", $weights, ", r", $weights, ", ror #8\n",
                "smlad r", $sum, ", r3, r8, r", $sum, "\n",
                "smlad r", $sum, ", r", $weights, ", lr, r", $sum, "\n",
            )
        };
    }
    /// Emits the products of a tile.
    macro_rules! tile {
        () => {
            concat!(
                "ldr r8, [r2], #4\n",
                "ldr r3, [r2], #4\n",
                "ldr r9, [r1], #4\n",
                "ldr r10, [r1], #4\n",
                "ldr r11, [r1], #4\n",
                "ldr r12, [r1], #4\n",
                "pkhtb lr, r3, r8, asr #16\n",
                "pkhbt r8, r8, r3, lsl #16\n",
                row!("4" "9"),
                row!("5" "10"),
                row!("6" "11"),
                row!("7" "12"),
            )
        };
    }
    naked_asm!(
        "push {{r4-r11, lr}}",
        "ldr r4, [sp, #36]", // blocks
        "push {{r0, r2, r3, r4}}",
        "2:", // a block
        "ldr r0, [sp]",
        "ldm r0, {{r4-r7}}",
        "ldr r2, [sp, #4]",
        "ldr r3, [sp, #8]",
        "bic r0, r3, #3",
        "add r0, r2, r0, lsl #1",
        "cmp r2, r0",
        "beq 5f",
        "tst r3, #4",
        "bne 4f",
        "3:", // the first of two tiles
        tile!(),
        "4:", // the second
        tile!(),
        "cmp r2, r0",
        "bne 3b",
        "5:", // the inputs left
        "ldr r0, [sp, #8]",
        "ands r0, r0, #3",
        "beq 7f",
        "6:",
        "ldrsh r8, [r2], #2",
        "ldr r9, [r1], #4",
        "sxtb16 r3, r9",
        "sxtb16 r9, r9, ror #8",
        "smlabb r4, r3, r8, r4",
        "smlatb r6, r3, r8, r6",
        "smlabb r5, r9, r8, r5",
        "smlatb r7, r9, r8, r7",
        "subs r0, r0, #1",
        "bne 6b",
        "7:",
        "ldr r0, [sp]",
        "stmia r0!, {{r4-r7}}",
        "str r0, [sp]",
        "ldr r0, [sp, #12]",
        "subs r0, r0, #1",
        "str r0, [sp, #12]",
        "bne 2b",
        "add sp, sp, #16",
        "pop {{r4-r11, pc}}",
    )
}
