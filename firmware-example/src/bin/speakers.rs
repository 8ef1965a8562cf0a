//! Puts the model in flash into integers, then hears the whole test set: the same outputs as on the host, bit for bit. Prints the
//! instructions of a step of a GRU with as many inputs and units.

#![no_std]
#![no_main]

use core::fmt;
use core::hint::black_box;
use cortex_m_rt::entry;
use defmt::Display2Format;
use elman::int8::Gru;
use elman::{Step, Zero};
use firmware_example::shrunk::{self, Buffer, Small, Utterances};
use firmware_example::{board, exit_failure, exit_success, instructions, memory, speakers, stack_used};
use vowels::{CHANNELS, HIDDEN, STEPS};

/// Every 27th utterance of the training set.
static SHOWN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/shown.bin"));
/// The test set.
static HEARD: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/heard.bin"));

#[entry]
fn main() -> ! {
    static mut BUFFER: Buffer = [[0.0; CHANNELS]; STEPS];
    static mut SMALL: Small = <Small as Zero>::ZERO;
    let (Some(shown), Some(heard)) = (Utterances::new(SHOWN), Utterances::new(HEARD)) else { exit_failure() };
    let model = speakers::model().unwrap_or_else(|error| fail(&error));
    let network = (model.network, model.normalizer);
    shrunk::shrink(SMALL, network, shown, BUFFER).unwrap_or_else(|error| fail(&error));
    defmt::info!(
        "{=str}: {=usize} bytes of f32 in flash are {=usize} in integers",
        board::NAME,
        size_of_val(model.network),
        size_of::<Small>()
    );
    let answers = shrunk::answer((SMALL, model.normalizer), heard, BUFFER).unwrap_or_else(|error| fail(&error));
    defmt::info!("{=usize} of {=usize} utterances recognised", answers.right, answers.all);
    defmt::info!("outputs: CRC-64 {}", Display2Format(&answers.outputs));
    defmt::info!("stack {=usize} of {=usize} bytes", stack_used(), memory::stack_size());
    measure();
    exit_success()
}

fn measure() {
    const MULTIPLY_ADDS: u64 = 3 * (HIDDEN * (CHANNELS + HIDDEN)) as u64;
    static CELL: Gru<CHANNELS, HIDDEN> = <Gru<CHANNELS, HIDDEN> as Zero>::ZERO;
    let mut state = [0; HIDDEN];
    let step = instructions(|| black_box(&CELL).step(&mut state, black_box(&[1_i16; CHANNELS])));
    let each = step * 10 / MULTIPLY_ADDS;
    defmt::info!(
        "a step of a GRU takes {=u64} instructions, {=u64}.{=u64} per multiply-add",
        step,
        each / 10,
        each % 10
    );
}

fn fail(error: &dyn fmt::Display) -> ! {
    defmt::error!("{}", Display2Format(error));
    exit_failure()
}
