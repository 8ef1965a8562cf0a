use crate::linalg::axpy;
use crate::present::part;
use core::arch::naked_asm;
use core::mem::MaybeUninit;

/// Number of weights in a block.
const BLOCK: usize = 16;
/// Number of steps per call of the assembly.
const STEPS: usize = 16;

/// Contribution of one step to a row of a gradient: factor · x.
#[repr(C)]
#[derive(Clone, Copy)]
struct Share {
    factor: f32,
    x: *const f32,
}

/// Implements [`linalg::add_scaled`](crate::linalg::add_scaled).
pub(crate) fn add_scaled<'a>(row: &mut [f32], steps: impl Iterator<Item = (f32, &'a [f32])> + Clone) {
    let width = row.len();
    let (blocks, rest) = row.as_chunks_mut::<BLOCK>();
    if !blocks.is_empty() {
        let mut steps = steps.clone().filter(|(_, x)| x.len() >= width);
        let mut shares = [MaybeUninit::uninit(); STEPS];
        loop {
            let mut used = 0;
            for (share, (factor, x)) in shares.iter_mut().zip(&mut steps) {
                share.write(Share { factor, x: x.as_ptr() });
                used += 1;
            }
            if used == 0 {
                break;
            }
            // SAFETY: the first `used` shares were written, and there is at least one; each x is borrowed, and at least
            // as long as the row.
            unsafe { add_shares(blocks.as_mut_ptr(), blocks.len(), shares.as_ptr().cast(), used) };
        }
    }
    if !rest.is_empty() {
        for (a, x) in steps {
            axpy(rest, a, part(x, width - rest.len()..));
        }
    }
}

/// Computes block += Σ factor · x for each of the `blocks` at `row`, in the order of the shares.
///
/// s0-s15 hold the sums, s16 the factor, s18-s25 x.
///
/// # Safety
/// There must be at least one block and one share. `row` must hold `blocks` blocks, each x at least as many
/// values, and `shares` must hold `count` shares.
#[unsafe(naked)]
unsafe extern "C" fn add_shares(row: *mut [f32; BLOCK], blocks: usize, shares: *const Share, count: usize) {
    naked_asm!(
        ".fpu fpv4-sp-d16",
        "push {{r4-r7, lr}}",
        "vpush {{s16-s25}}",
        "movs r7, #0", // bytes from the first block
        "2:",          // a block
        "vldm r0, {{s0-s15}}",
        "mov r4, r2",
        "mov r5, r3",
        "3:", // a share
        "vldmia r4!, {{s16}}",
        "ldr r6, [r4], #4",
        "add r6, r6, r7",
        "vldmia r6!, {{s18-s25}}",
        chained!("0" "18" "16", "1" "19" "16", "2" "20" "16", "3" "21" "16"),
        chained!("4" "22" "16", "5" "23" "16", "6" "24" "16", "7" "25" "16"),
        "vldmia r6!, {{s18-s25}}",
        chained!("8" "18" "16", "9" "19" "16", "10" "20" "16", "11" "21" "16"),
        chained!("12" "22" "16", "13" "23" "16", "14" "24" "16", "15" "25" "16"),
        "subs r5, r5, #1",
        "bne 3b",
        "vstmia r0!, {{s0-s15}}",
        "adds r7, r7, #64",
        "subs r1, r1, #1",
        "bne 2b",
        "vpop {{s16-s25}}",
        "pop {{r4-r7, pc}}",
    )
}
