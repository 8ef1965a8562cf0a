//! Adapts a character model from flash to another language by BPTT, in the 16 KB of a micro:bit.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use defmt::Display2Format;
use elman::image::Aligned;
use firmware_example::letters::{Learn, Net, Perplexity, Pupil};
use firmware_example::{board, budget, exit_failure, exit_success};
use vowels::Checksum;
use zerocopy::FromBytes;

/// Model in flash, trained on English on the host.
static MODEL: &Aligned<[u8]> = &Aligned(*include_bytes!("../../models/letters.bin"));

#[entry]
fn main() -> ! {
    static mut PUPIL: Pupil<'static> = Pupil::ZERO;
    let Ok(model) = Net::ref_from_bytes(&MODEL.0) else {
        defmt::error!("the image is not a model of this shape");
        exit_failure();
    };
    defmt::info!("{=str}: perplexity on held-out texts", board::NAME);
    let (mut german, mut falls) = (Perplexity(f32::INFINITY), true);
    let read = PUPIL.read_german(model, |when, knowledge| {
        let (new, old) = (Display2Format(&knowledge.german), Display2Format(&knowledge.english));
        defmt::info!("{=str}: German {}, English {}", when, new, old);
        falls &= knowledge.german < german;
        german = knowledge.german;
    });
    if let Err(error) = read {
        defmt::error!("{}", Display2Format(&error));
        exit_failure();
    }
    defmt::info!("weights adapted: CRC-64 {}", Display2Format(&Checksum::of(&PUPIL.network)));
    budget::keep(Learn::MEMORY);
    if falls { exit_success() } else { exit_failure() }
}
