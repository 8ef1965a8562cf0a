//! Entries of the classifiers: see `rnn.h`. Each is one call into [`classifier`](crate::classifier).
//!
//! C needs a symbol for each cell, which generic functions cannot export, so a macro defines the entries with
//! full names.

use crate::classifier::{self, Between, Example, Net, State, UNITS, Work};
use crate::header::{CLASSES, INPUTS, constant, reserved};
use crate::slice;
use crate::status::answer;
use core::ffi::c_void;
use elman::image::Image;
use elman::{Elman, Gru, Lstm};

/// Defines the entries of a classifier with one cell, and checks the sizes that the header gives for it.
macro_rules! entries {
    (
        $cell:ty,
        [$init:ident, $save:ident, $load:ident, $step:ident, $classify:ident, $update:ident, $in_slices:ident],
        [$network:literal, $state:literal, $training:literal, $image:literal]
    ) => {
        const _: () = {
            reserved::<Net<$cell>>($network);
            reserved::<State<$cell>>($state);
            reserved::<Work<$cell>>($training);
            assert!(Image::<Net<$cell>>::BYTES == constant($image) as usize, "the header states a different size");
        };

        /// Draws the initial weights.
        #[unsafe(no_mangle)]
        pub extern "C" fn $init(network: &mut Net<$cell>, seed: u64) {
            classifier::init(network, seed);
        }

        /// Writes an image of the weights and returns its length.
        ///
        /// # Safety
        /// `bytes` must be null or point to `length` bytes.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $save(network: &Net<$cell>, bytes: *mut u8, length: usize) -> i32 {
            // SAFETY: the caller's promise.
            answer(classifier::save(network, unsafe { slice::write(bytes, length) }))
        }

        /// Copies the weights from an image.
        ///
        /// # Safety
        /// `bytes` must be null or point to `length` bytes.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $load(network: &mut Net<$cell>, bytes: *const u8, length: usize) -> i32 {
            // SAFETY: the caller's promise.
            answer(classifier::load(network, unsafe { slice::read(bytes, length) }))
        }

        /// Computes one step of a stream.
        #[unsafe(no_mangle)]
        pub extern "C" fn $step(
            network: &Net<$cell>,
            state: &mut State<$cell>,
            x: &[f32; INPUTS],
            scores: &mut [f32; CLASSES],
        ) {
            *scores = network.step(state, x);
        }

        /// Returns the class of a sequence.
        ///
        /// # Safety
        /// `xs` must be null or point to `steps` inputs.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $classify(network: &Net<$cell>, xs: *const [f32; INPUTS], steps: usize) -> i32 {
            // SAFETY: the caller's promise.
            answer(classifier::classify(network, unsafe { slice::read(xs, steps) }))
        }

        /// Performs one update.
        ///
        /// # Safety
        /// The example's `xs` must be null or point to `steps` inputs.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $update(
            network: &mut Net<$cell>,
            work: &mut Work<$cell>,
            example: &Example,
            rate: f32,
            loss: &mut f32,
        ) -> i32 {
            // SAFETY: the caller's promise.
            answer(unsafe { classifier::update((network, work), example, (rate, loss)) })
        }

        /// Performs one update in slices.
        ///
        /// # Safety
        /// The example's `xs` must be null or point to `steps` inputs.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $in_slices(
            network: &mut Net<$cell>,
            work: &mut Work<$cell>,
            example: &Example,
            rate: f32,
            loss: &mut f32,
            between: Between,
            context: *mut c_void,
        ) -> i32 {
            // SAFETY: the caller's promise.
            answer(unsafe { classifier::update_in_slices((network, work), example, (rate, loss), (between, context)) })
        }
    };
}

entries!(
    Elman<INPUTS, UNITS>,
    [elman_init, elman_save, elman_load, elman_step, elman_classify, elman_update, elman_update_in_slices],
    ["ELMAN_BYTES", "ELMAN_STATE_BYTES", "ELMAN_TRAINING_BYTES", "ELMAN_IMAGE_BYTES"]
);

entries!(
    Gru<INPUTS, UNITS>,
    [gru_init, gru_save, gru_load, gru_step, gru_classify, gru_update, gru_update_in_slices],
    ["GRU_BYTES", "GRU_STATE_BYTES", "GRU_TRAINING_BYTES", "GRU_IMAGE_BYTES"]
);

entries!(
    Lstm<INPUTS, UNITS>,
    [lstm_init, lstm_save, lstm_load, lstm_step, lstm_classify, lstm_update, lstm_update_in_slices],
    ["LSTM_BYTES", "LSTM_STATE_BYTES", "LSTM_TRAINING_BYTES", "LSTM_IMAGE_BYTES"]
);
