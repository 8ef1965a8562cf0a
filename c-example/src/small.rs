//! Entries of the classifier in integers: see `rnn.h`.

use crate::classifier::{Net, UNITS};
use crate::header::{CLASSES, INPUTS, constant};
use crate::slice;
use crate::status::{OK, Refused, answer};
use elman::int8::{self, Calibration, PerGate};
use elman::{Gru, Image, Network, Part};

type Cell = int8::Gru<INPUTS, UNITS>;
type Small = Network<Cell, int8::Dense<UNITS, CLASSES>>;
type State = <Cell as Part>::State;

const _: () = {
    assert!(size_of::<Small>() == constant("SMALL_BYTES") as usize, "the header states a different size");
    assert!(size_of::<State>() == constant("SMALL_STATE_BYTES") as usize, "the header states a different size");
    assert!(Image::<Small>::BYTES == constant("SMALL_IMAGE_BYTES") as usize, "the header states a different size");
    assert!(align_of::<Small>() == 1 && align_of::<State>() == 2, "C aligns them as bytes and as half words");
};

/// A sequence to calibrate on.
#[repr(C)]
pub struct Sequence {
    xs: *const [f32; INPUTS],
    steps: usize,
}

/// `small_save`
///
/// # Safety
/// `sequences` is null or points to `count` sequences, the `xs` of each of which is null or points to `steps` inputs;
/// `bytes` is null or points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn small_save(
    network: &Net<Gru<INPUTS, UNITS>>,
    sequences: *const Sequence,
    count: usize,
    bytes: *mut u8,
    length: usize,
) -> i32 {
    // SAFETY: the caller's promise.
    let (sequences, bytes) = unsafe { (slice::read(sequences, count), slice::write(bytes, length)) };
    // SAFETY: the caller's promise.
    let sequences = sequences.iter().map(|s| unsafe { slice::read(s.xs, s.steps) });
    answer(save(network, sequences, bytes))
}

fn save<'a>(
    network: &Net<Gru<INPUTS, UNITS>>,
    sequences: impl Iterator<Item = &'a [[f32; INPUTS]]>,
    bytes: &mut [u8],
) -> Result<i32, Refused> {
    let mut calibration = Calibration::new(network);
    for xs in sequences {
        calibration.observe(xs)?;
    }
    Ok(Image::write(&calibration.quantize::<PerGate>()?, &[], bytes)? as i32)
}

/// `small_open`
///
/// # Safety
/// `bytes` is null or points to `length` bytes, which nothing writes to while the network is in use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn small_open(bytes: *const u8, length: usize, network: &mut *const Small) -> i32 {
    // SAFETY: the caller's promise.
    answer(open(unsafe { slice::read(bytes, length) }, network))
}

fn open(bytes: &[u8], network: &mut *const Small) -> Result<i32, Refused> {
    *network = Image::<Small>::open(bytes)?.network();
    Ok(OK)
}

/// `small_step`
#[unsafe(no_mangle)]
pub extern "C" fn small_step(network: &Small, state: &mut State, x: &[f32; INPUTS], scores: &mut [f32; CLASSES]) {
    *scores = network.step(state, x);
}

/// `small_step_whole`
#[unsafe(no_mangle)]
pub extern "C" fn small_step_whole(network: &Small, state: &mut State, x: &[i16; INPUTS], scores: &mut [f32; CLASSES]) {
    *scores = network.step(state, x);
}

/// `small_classify`
///
/// # Safety
/// `xs` is null or points to `steps` inputs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn small_classify(network: &Small, xs: *const [f32; INPUTS], steps: usize) -> i32 {
    // SAFETY: the caller's promise.
    answer(classify(network, unsafe { slice::read(xs, steps) }))
}

fn classify(network: &Small, xs: &[[f32; INPUTS]]) -> Result<i32, Refused> {
    Ok(network.classify(xs)?.index() as i32)
}
