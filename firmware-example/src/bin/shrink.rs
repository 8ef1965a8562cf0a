//! Learns in `f32`, puts what it learned into integers, checks these on its own samples, and answers from them.

#![no_std]
#![no_main]

use core::fmt;
use cortex_m_rt::entry;
use defmt::Display2Format;
use elman::Zero;
use firmware_example::shrunk::{self, Buffer, REQUIRED, Small, Utterances};
use firmware_example::{board, exit_failure, exit_success, speakers};
use vowels::{CHANNELS, Checksum, Net, STEPS, Set, Work};

static TRAIN: &[u8] = include_bytes!("../../../data/japanese-vowels/train.rnnd");
static OWN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/own.bin"));
static HEARD: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/heard.bin"));

#[entry]
fn main() -> ! {
    static mut NET: Net = <Net as Zero>::ZERO;
    static mut WORK: Work = Work::ZERO;
    static mut BUFFER: Buffer = [[0.0; CHANNELS]; STEPS];
    static mut SMALL: Small = <Small as Zero>::ZERO;
    let (Some(own), Some(heard)) = (Utterances::new(OWN), Utterances::new(HEARD)) else { exit_failure() };
    let train = Set::new(TRAIN).unwrap_or_else(|error| fail(&error));
    let normalizer = speakers::model().unwrap_or_else(|error| fail(&error)).normalizer;
    shrunk::learn((NET, WORK), train, *normalizer).unwrap_or_else(|error| fail(&error));
    defmt::info!("{=str} has learned: CRC-64 {}", board::NAME, Display2Format(&Checksum::of(NET)));

    shrunk::shrink(SMALL, (NET, normalizer), own, BUFFER).unwrap_or_else(|error| fail(&error));
    let (same, all) = shrunk::agreement((NET, SMALL, normalizer), own, BUFFER).unwrap_or_else(|error| fail(&error));
    defmt::info!("integers agree on {=usize} of {=usize} of its samples", same, all);
    if same * 100 < all * REQUIRED {
        defmt::error!("the network of f32 stays: {=usize} % must agree", REQUIRED);
        exit_failure();
    }
    let answers = shrunk::answer((SMALL, normalizer), heard, BUFFER).unwrap_or_else(|error| fail(&error));
    defmt::info!("{=usize} of {=usize} utterances recognised by integers", answers.right, answers.all);
    defmt::info!("outputs: CRC-64 {}", Display2Format(&answers.outputs));
    exit_success()
}

fn fail(error: &dyn fmt::Display) -> ! {
    defmt::error!("{}", Display2Format(error));
    exit_failure()
}
