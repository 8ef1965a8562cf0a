//! Learns the embedded Reber grammar from scratch, in the 16 KB of a micro:bit.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use defmt::Display2Format;
use elman::{Xoshiro128, Zero};
use firmware_example::reber::{self, Learn, Net, QUESTIONS, STRINGS, Work};
use firmware_example::{board, budget, exit_failure, exit_success, instructions};
use vowels::Checksum;

const SEED: u64 = 0;

#[entry]
fn main() -> ! {
    static mut NETWORK: Net = <Net as Zero>::ZERO;
    static mut WORK: Work = Work::ZERO;
    let mut rng = Xoshiro128::from_seed(SEED);
    defmt::info!("{=str}: trains on {=usize} strings, seed {=u64}", board::NAME, STRINGS, SEED);
    let mut learned = Ok(());
    let count = instructions(|| learned = reber::learn(NETWORK, WORK, &mut rng));
    defmt::info!("weights learned: CRC-64 {}", Display2Format(&Checksum::of(NETWORK)));
    let score = match learned.and_then(|()| reber::examine(NETWORK, &mut rng)) {
        Ok(score) => score,
        Err(error) => {
            defmt::error!("{}", Display2Format(&error));
            exit_failure();
        }
    };
    defmt::info!("long-range symbol: {=usize} of {=usize} correct", score.long_range.right, score.long_range.all);
    defmt::info!("in strings of at least 20 steps: {=usize} of {=usize}", score.longest.right, score.longest.all);
    defmt::info!("symbols allowed by the grammar: {=usize} of {=usize}", score.allowed.right, score.allowed.all);
    defmt::info!("training takes {=u64} instructions per string", count / STRINGS as u64);
    budget::keep(Learn::MEMORY);
    if score.passes() && score.long_range.all == QUESTIONS { exit_success() } else { exit_failure() }
}
