//! The entries of the classifier with a GRU: see `rnn.h`.

use crate::classifier::{self, Between, Example, Net, State, UNITS, Work};
use crate::header::{CLASSES, INPUTS, constant, reserved};
use crate::slice;
use crate::status::answer;
use core::ffi::c_void;
use elman::Gru;
use elman::image::Image;

type Cell = Gru<INPUTS, UNITS>;

const _: () = {
    reserved::<Net<Cell>>("GRU_BYTES");
    reserved::<State<Cell>>("GRU_STATE_BYTES");
    reserved::<Work<Cell>>("GRU_TRAINING_BYTES");
    assert!(Image::<Net<Cell>>::BYTES == constant("GRU_IMAGE_BYTES") as usize, "the header states another size");
};

/// `gru_init`
#[unsafe(no_mangle)]
pub extern "C" fn gru_init(network: &mut Net<Cell>, seed: u64) {
    classifier::init(network, seed);
}

/// `gru_save`
///
/// # Safety
/// `bytes` is null or the start of `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gru_save(network: &Net<Cell>, bytes: *mut u8, length: usize) -> i32 {
    // SAFETY: the caller's promise.
    answer(classifier::save(network, unsafe { slice::write(bytes, length) }))
}

/// `gru_load`
///
/// # Safety
/// `bytes` is null or the start of `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gru_load(network: &mut Net<Cell>, bytes: *const u8, length: usize) -> i32 {
    // SAFETY: the caller's promise.
    answer(classifier::load(network, unsafe { slice::read(bytes, length) }))
}

/// `gru_step`
#[unsafe(no_mangle)]
pub extern "C" fn gru_step(
    network: &Net<Cell>,
    state: &mut State<Cell>,
    x: &[f32; INPUTS],
    scores: &mut [f32; CLASSES],
) {
    *scores = network.step(state, x);
}

/// `gru_classify`
///
/// # Safety
/// `xs` is null or the start of `steps` inputs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gru_classify(network: &Net<Cell>, xs: *const [f32; INPUTS], steps: usize) -> i32 {
    // SAFETY: the caller's promise.
    answer(classifier::classify(network, unsafe { slice::read(xs, steps) }))
}

/// `gru_update`
///
/// # Safety
/// The example's `xs` is null or the start of `steps` inputs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gru_update(
    network: &mut Net<Cell>,
    work: &mut Work<Cell>,
    example: &Example,
    rate: f32,
    loss: &mut f32,
) -> i32 {
    // SAFETY: the caller's promise.
    answer(unsafe { classifier::update((network, work), example, (rate, loss)) })
}

/// `gru_update_in_slices`
///
/// # Safety
/// As `gru_update`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gru_update_in_slices(
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
