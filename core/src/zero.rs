use crate::architecture::Text;

/// Type with an all-zero constant. A workspace consists of such types, so that one in a `static` goes into `.bss`.
pub trait Zero {
    /// Value in which all numbers are zero.
    const ZERO: Self;
    /// Number of values that a layer reads, or 0 if unknown. If the sizes of two adjacent layers do not match, the
    /// [`ZERO`](Self::ZERO) of their network does not compile.
    const INPUTS: usize = 0;
    /// Number of values that a layer outputs, or 0 if unknown.
    const OUTPUTS: usize = 0;
}

/// Stops compilation unless `holds`; the compiler then shows `sentence` as the error at the caller.
#[track_caller]
pub(crate) const fn require(holds: bool, sentence: &str) {
    assert!(holds, "{}", sentence);
}

/// Stops compilation if a layer reads more or fewer values than the layer below outputs.
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
