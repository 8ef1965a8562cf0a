//! The demo: classifies speakers with a network from flash, then trains one from scratch in RAM.

#![no_std]
#![no_main]

use core::fmt;
use core::hint::black_box;
use cortex_m_rt::entry;
use defmt::Display2Format;
use elman::Zero;
use firmware_example::{
    board, exit_failure, exit_success, flash_used, instructions, memory, ram_used, speakers, stack_used,
};
use vowels::{CHANNELS, Model, Net, NetTrainer, STEPS, Set, Work};

static TRAIN: &[u8] = include_bytes!("../../../data/japanese-vowels/train.rnnd");
static TEST: &[u8] = include_bytes!("../../../data/japanese-vowels/test.rnnd");

#[entry]
fn main() -> ! {
    static mut LEARNER: Net = <Net as Zero>::ZERO;
    static mut WORK: Work = Work::ZERO;
    let model = speakers::model().unwrap_or_else(|error| fail(&error));
    let train = Set::new(TRAIN).unwrap_or_else(|error| fail(&error));
    let test = Set::new(TEST).unwrap_or_else(|error| fail(&error));
    let say = |line: fmt::Arguments<'_>| defmt::println!("{}", Display2Format(&line));
    if let Err(error) = vowels::demo((model, LEARNER, WORK), (train, test), say) {
        fail(&error);
    }
    measure(model, test);
    exit_success()
}

fn measure(model: Model<'_>, test: Set<'_>) {
    let mut buffer = [[0.0; CHANNELS]; STEPS];
    let Some(utterance) = test.get(0) else { return };
    let steps = utterance.read(model.normalizer, &mut buffer);
    let count = instructions(|| {
        black_box(model.network.classify(black_box(steps)).is_ok());
    });
    defmt::info!("board {=str}, {=str}", board::NAME, board::CORE);
    defmt::info!("instructions per step {=u64}", count / steps.len() as u64);
    let bytes = NetTrainer::MEMORY;
    defmt::info!("bytes of training: weights {=usize}, gradient {=usize}", bytes.weights, bytes.gradient);
    defmt::info!(
        "bytes of training: optimizer {=usize}, tape {=usize}, job {=usize}",
        bytes.optimizer,
        bytes.tape,
        bytes.job
    );
    defmt::info!("network in flash {=usize} bytes", size_of::<Net>());
    defmt::info!("flash {=usize} bytes, statics in RAM {=usize} bytes", flash_used(), ram_used());
    defmt::info!("stack high-water mark {=usize} of {=usize} bytes", stack_used(), memory::stack_size());
}

fn fail(error: &dyn fmt::Display) -> ! {
    defmt::error!("{}", Display2Format(error));
    exit_failure()
}
