use crate::architecture::Text;

/// Type with an all-zero constant. A workspace is made of such types, so that a `static` one goes into `.bss`.
pub trait Zero {
    /// Value with all its numbers zero.
    const ZERO: Self;
    /// Number of values that a layer reads, 0 if unknown. A layer that reads a different number of values than the
    /// layer below it outputs has no [`ZERO`](Self::ZERO) together with it.
    const INPUTS: usize = 0;
    /// Number of values that a layer outputs, 0 if unknown.
    const OUTPUTS: usize = 0;
}

/// Fails to compile unless `holds`; the compiler then prints `sentence`, at the caller.
#[track_caller]
pub(crate) const fn require(holds: bool, sentence: &str) {
    assert!(holds, "{}", sentence);
}

/// Fails to compile for a layer that reads a different number of values than the layer below it outputs.
#[track_caller]
pub(crate) const fn fit(given: usize, read: usize) {
    if given == read || given == 0 || read == 0 {
        return;
    }
    let text = Text::new("the layer below has ").number(given).then(b" outputs and the layer above reads ");
    let text = text.number(read).then(b": make them equal (a concatenating `Bidirectional` has two outputs per unit)");
    if let Ok(sentence) = core::str::from_utf8(text.as_bytes()) {
        require(false, sentence);
    }
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

impl Zero for i8 {
    const ZERO: Self = 0;
}

impl Zero for i16 {
    const ZERO: Self = 0;
}

impl Zero for i32 {
    const ZERO: Self = 0;
}

impl Zero for f32 {
    const ZERO: f32 = 0.0;
}

impl Zero for f64 {
    const ZERO: f64 = 0.0;
}
