//! Products of 64 bits, and their rounding.

/// a · b, exact.
#[inline(always)]
pub(super) const fn product(a: i32, b: i32) -> i64 {
    if cfg!(long_multiply) { whole(a, b) } else { by_halves(a, b) }
}

#[inline(always)]
const fn whole(a: i32, b: i32) -> i64 {
    a as i64 * b as i64
}

/// The same from halves of 16 bits: a Cortex-M0 calls a function for a product of 64 bits.
#[inline(always)]
const fn by_halves(a: i32, b: i32) -> i64 {
    let (high_a, low_a) = (a >> 16, a as u32 & 0xffff);
    let (high_b, low_b) = (b >> 16, b as u32 & 0xffff);
    let low = low_a * low_b;
    let inner = high_a * low_b as i32 + (low >> 16) as i32;
    let middle = low_a as i32 * high_b + (inner & 0xffff);
    let high = high_a * high_b + (inner >> 16) + (middle >> 16);
    (high as i64) << 32 | ((middle as u32) << 16 | low & 0xffff) as i64
}

/// x / 2ˢ with s = `shift` above 0, rounded to the nearest; halves up.
#[inline(always)]
pub(super) const fn rounded(x: i64, shift: u32) -> i64 {
    (x + (1 << (shift - 1))) >> shift
}

/// a · b / 2ˢ, rounded to the nearest; halves up. The result must be of 32 bits.
#[inline(always)]
pub(super) const fn scaled(a: i32, b: i32, shift: u32) -> i32 {
    rounded(product(a, b), shift) as i32
}

// Both have the same bits: for every sign and size, beside powers of two, and for numbers between.
const _: () = {
    let (mut n, mut a) = (0, 0_u32);
    while n < 2000 {
        a = a.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let beside = (1_i32 << (n % 32)).wrapping_add(n % 3 - 1);
        let mut rest: &[u32] = &[a.rotate_left(16), 1 << (n / 32 % 32), u32::MAX, 0, 1, 1 << 31, (1 << 31) - 1];
        while let [b, more @ ..] = rest {
            let b = *b as i32;
            assert!(by_halves(a as i32, b) == whole(a as i32, b) && by_halves(beside, b) == whole(beside, b));
            assert!(by_halves(b, a as i32) == whole(b, a as i32) && by_halves(b, beside) == whole(b, beside));
            rest = more;
        }
        n += 1;
    }
};
