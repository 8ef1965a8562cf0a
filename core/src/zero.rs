use crate::architecture::Text;

/// A value with an all-zero constant: what a workspace is made of, so that a `static` one lands in `.bss`.
pub trait Zero {
    /// The value with every number in it zero.
    const ZERO: Self;
    /// Numbers that a layer reads, 0 where they are not known. A layer that reads another number of values than the one below
    /// it puts out has no [`ZERO`](Self::ZERO) together with it.
    const INPUTS: usize = 0;
    /// Numbers that a layer puts out, 0 where they are not known.
    const OUTPUTS: usize = 0;
}

/// Does not compile unless `holds`; the compiler then says `sentence`, at the place that calls.
#[track_caller]
pub(crate) const fn require(holds: bool, sentence: &str) {
    assert!(holds, "{}", sentence);
}

/// Does not compile for a layer that reads another number of values than the layer below it puts out.
#[track_caller]
pub(crate) const fn fit(given: usize, read: usize) {
    if given == read || given == 0 || read == 0 {
        return;
    }
    let text = Text::new("the layer below puts out ").number(given).then(b" numbers and the layer above reads ");
    let text = text.number(read).then(b": make them equal (a concatenating `Bidirectional` puts out twice its units)");
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

impl Zero for i32 {
    const ZERO: Self = 0;
}

impl Zero for i16 {
    const ZERO: Self = 0;
}

impl Zero for f32 {
    const ZERO: f32 = 0.0;
}

impl Zero for f64 {
    const ZERO: f64 = 0.0;
}
