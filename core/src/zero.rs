/// A value with an all-zero constant: what a workspace is made of, so that a `static` one lands in `.bss`.
pub trait Zero {
    /// The value with every number in it zero.
    const ZERO: Self;
}

impl<Z: Zero, const N: usize> Zero for [Z; N] {
    const ZERO: Self = [Z::ZERO; N];
}

impl<A: Zero, B: Zero> Zero for (A, B) {
    const ZERO: Self = (A::ZERO, B::ZERO);
}

impl Zero for () {
    const ZERO: Self = ();
}

impl Zero for u32 {
    const ZERO: Self = 0;
}

impl Zero for f32 {
    const ZERO: f32 = 0.0;
}

impl Zero for f64 {
    const ZERO: f64 = 0.0;
}
