//! Classifies samples as they arrive, with weights that stay in flash: one step per sample, and an answer at any time.

#![no_std]
#![no_main]

use core::hint::black_box;
use cortex_m_rt::entry;
use elman::{Class, Zero};
use firmware_example::{board, exit_failure, exit_success, instructions, memory, ram_used, speakers, stack_used};
use vowels::{CHANNELS, HIDDEN, Model, SPEAKERS, Utterance};

#[entry]
fn main() -> ! {
    let (Ok(model), Some(set)) = (speakers::model(), speakers::utterances()) else { exit_failure() };
    defmt::info!("{=str} listens", board::NAME);
    set.iter().step_by(8).for_each(|utterance| listen(model, &utterance));
    defmt::info!(
        "the image takes {=usize} bytes of flash, a stream {=usize} bytes of RAM",
        speakers::MODEL.0.len(),
        size_of::<State>()
    );
    let mut state = State::ZERO;
    let step = instructions(|| {
        black_box(model.network.step(&mut state, black_box(&[0.5; CHANNELS])));
    });
    defmt::info!("a step takes {=u64} instructions", step);
    defmt::info!("statics {=usize} bytes, stack {=usize} of {=usize}", ram_used(), stack_used(), memory::stack_size());
    exit_success()
}

/// State carried between two samples.
type State = [f32; HIDDEN];

/// Logs the recognised speaker, and the sample from which the answer no longer changed.
fn listen(model: Model<'_>, utterance: &Utterance<'_>) {
    let (mut state, mut heard, mut since, mut samples) = (State::ZERO, None, 0_usize, 0_usize);
    for sample in utterance.samples() {
        let scores = model.network.step(&mut state, &model.normalizer.apply(&sample));
        samples += 1;
        let now = Class::<SPEAKERS>::largest(&scores);
        if now != heard {
            (heard, since) = (now, samples);
        }
    }
    let heard = heard.map_or(usize::MAX, Class::index);
    let speaker = utterance.speaker.index();
    defmt::info!(
        "speaker {=usize}: recognised as {=usize} from sample {=usize} of {=usize}",
        speaker,
        heard,
        since,
        samples
    );
}
