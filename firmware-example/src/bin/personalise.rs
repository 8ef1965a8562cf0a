//! Adapts a model in flash to the watch's wearer: first only the read-out, with the cell left in flash, then the
//! whole model, copied to RAM.

#![no_std]
#![no_main]

use core::fmt;
use cortex_m_rt::entry;
use defmt::Display2Format;
use elman::image::{Aligned, Image};
use elman::trainer::TrainingBytes;
use elman::{Frozen, Network, Reads, Zero, parameters};
use firmware_example::wearer::{self, Learn, Net, NetOf, ReaderLearn, ReaderWork, Score, Way, Wearer, Work};
use firmware_example::{board, exit_failure, exit_success, instructions, memory, ram_used, stack_used};
use vowels::{Checksum, Refused};

/// Model trained on the host with the recordings of the nine other wearers.
static MODEL: &Aligned<[u8]> = &Aligned(*include_bytes!("../../models/wearer.elman"));
/// First twelve seconds of each recording of the tenth wearer.
static RECORDINGS: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/wearer.rnnd")));

#[entry]
fn main() -> ! {
    static mut WHOLE: Net = <Net as Zero>::ZERO;
    static mut WORK: Work = Work::ZERO;
    static mut READER_WORK: ReaderWork<'static> = ReaderWork::ZERO;
    let image = Image::<Net>::open(&MODEL.0).unwrap_or_else(|error| fail(&error));
    let normalizer = *image.normalizer().unwrap_or_else(|error| fail(&error));
    let recordings = wearer::recordings(&RECORDINGS.0).unwrap_or_else(|| fail(&"not a wearer's recordings"));
    let (model, watch) = (image.network(), Wearer { recordings, normalizer });
    defmt::info!("{=str}: {=usize} windows to adapt to", board::NAME, watch.shown().count());
    say("before adaptation", (model, &watch));

    let mut reader = Network { cell: Frozen(&model.cell), readout: model.readout.clone() };
    measured(Way::READ_OUT, ReaderLearn::MEMORY, || watch.adapt_read_out(&mut reader, READER_WORK, Way::READ_OUT));
    say("read-out adapted", (&reader, &watch));

    parameters::copy(model, WHOLE);
    measured(Way::WHOLE, Learn::MEMORY, || watch.adapt(WHOLE, WORK, Way::WHOLE));
    say("all weights adapted", (WHOLE, &watch));
    defmt::info!("weights adapted: CRC-64 {}", Display2Format(&Checksum::of(WHOLE)));
    defmt::info!("statics {=usize} bytes, stack {=usize} of {=usize}", ram_used(), stack_used(), memory::stack_size());
    exit_success()
}

/// Adapts a model, and logs the cost.
fn measured(way: Way, bytes: TrainingBytes, adapt: impl FnOnce() -> Result<(), Refused>) {
    let mut adapted = Ok(());
    let count = instructions(|| adapted = adapt());
    adapted.unwrap_or_else(|error| fail(&error));
    defmt::info!("    {=usize} updates of {=usize} bytes", way.updates, bytes.total());
    let TrainingBytes { weights, gradient, optimizer, tape, job } = bytes;
    defmt::info!("    weights {=usize}, gradient {=usize}", weights, gradient);
    defmt::info!("    optimizer {=usize}, tape {=usize}, job {=usize}", optimizer, tape, job);
    defmt::info!("    {=u64} instructions per update", count / way.updates as u64);
}

/// Logs the number of test windows that `network` classifies correctly.
fn say<C: Reads<wearer::Step, Output = [f32; wearer::UNITS]>>(when: &str, (network, watch): (&NetOf<C>, &Wearer<'_>)) {
    let score = Score::of((network, &watch.normalizer), watch.judged());
    let Score { right, all } = score.unwrap_or_else(|error| fail(&error));
    defmt::info!("{=str}: {=usize} of {=usize} windows correct", when, right, all);
}

fn fail(error: &dyn fmt::Display) -> ! {
    defmt::error!("{}", Display2Format(error));
    exit_failure()
}
