//! The entries of the classifier with an LSTM: see `rnn.h`.

use crate::classifier::{self, Between, Example, Net, State, UNITS, Work};
use crate::header::{CLASSES, INPUTS, constant, reserved};
use crate::slice;
use crate::status::answer;
use core::ffi::c_void;
use elman::Lstm;
use elman::image::Image;

type Cell = Lstm<INPUTS, UNITS>;

const _: () = {
    reserved::<Net<Cell>>("LSTM_BYTES");
    reserved::<State<Cell>>("LSTM_STATE_BYTES");
    reserved::<Work<Cell>>("LSTM_TRAINING_BYTES");
    assert!(Image::<Net<Cell>>::BYTES == constant("LSTM_IMAGE_BYTES") as usize, "the header states another size");
};

/// `lstm_init`
#[unsafe(no_mangle)]
pub extern "C" fn lstm_init(network: &mut Net<Cell>, seed: u64) {
    classifier::init(network, seed);
}

/// `lstm_save`
///
/// # Safety
/// `bytes` is null or the start of `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lstm_save(network: &Net<Cell>, bytes: *mut u8, length: usize) -> i32 {
    // SAFETY: the caller's promise.
    answer(classifier::save(network, unsafe { slice::write(bytes, length) }))
}

/// `lstm_load`
///
/// # Safety
/// `bytes` is null or the start of `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lstm_load(network: &mut Net<Cell>, bytes: *const u8, length: usize) -> i32 {
    // SAFETY: the caller's promise.
    answer(classifier::load(network, unsafe { slice::read(bytes, length) }))
}

/// `lstm_step`
#[unsafe(no_mangle)]
pub extern "C" fn lstm_step(
    network: &Net<Cell>,
    state: &mut State<Cell>,
    x: &[f32; INPUTS],
    scores: &mut [f32; CLASSES],
) {
    *scores = network.step(state, x);
}

/// `lstm_classify`
///
/// # Safety
/// `xs` is null or the start of `steps` inputs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lstm_classify(network: &Net<Cell>, xs: *const [f32; INPUTS], steps: usize) -> i32 {
    // SAFETY: the caller's promise.
    answer(classifier::classify(network, unsafe { slice::read(xs, steps) }))
}

/// `lstm_update`
///
/// # Safety
/// The example's `xs` is null or the start of `steps` inputs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lstm_update(
    network: &mut Net<Cell>,
    work: &mut Work<Cell>,
    example: &Example,
    rate: f32,
    loss: &mut f32,
) -> i32 {
    // SAFETY: the caller's promise.
    answer(unsafe { classifier::update((network, work), example, (rate, loss)) })
}

/// `lstm_update_in_slices`
///
/// # Safety
/// As `lstm_update`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lstm_update_in_slices(
    network: &mut Net<Cell>,
    work: &mut Work<Cell>,
    example: &Example,
    rate: f32,
    loss: &mut f32,
    between: Between,
    context: *mut c_void,
) -> i32 {
    // SAFETY: the caller's promise.
    answer(unsafe { classifier::update_in_slices((network, work), example, (rate, loss), (between, context)) })
}
