//! Puts the model in flash into integers, then hears the whole test set: the same outputs as on the host, bit for bit.

#![no_std]
#![no_main]

use core::fmt;
use cortex_m_rt::entry;
use defmt::Display2Format;
use elman::Zero;
use firmware_example::shrunk::{self, Buffer, Small, Utterances};
use firmware_example::{board, exit_failure, exit_success, memory, speakers, stack_used};
use vowels::{CHANNELS, STEPS};

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
    exit_success()
}

fn fail(error: &dyn fmt::Display) -> ! {
    defmt::error!("{}", Display2Format(error));
    exit_failure()
}
