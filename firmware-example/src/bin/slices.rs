//! Trains in slices of bounded work, which leave time for a watchdog or a radio. The results have the same bits
//! as with whole updates.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use defmt::Display2Format;
use elman::Zero;
use firmware_example::lesson::{self, Learn, Net, UPDATES, Work};
use firmware_example::{board, exit_failure, exit_success, instructions};
use vowels::Checksum;

#[entry]
fn main() -> ! {
    static mut WHOLE: Net = <Net as Zero>::ZERO;
    static mut SLICED: Net = <Net as Zero>::ZERO;
    static mut WORK: Work = Work::ZERO;
    let mut ways = Ok(());
    let total = instructions(|| ways = lesson::run(WHOLE, WORK, UPDATES, lesson::whole));
    let (mut slices, mut longest) = (0, 0);
    let ways = ways.and_then(|()| {
        lesson::run(SLICED, WORK, UPDATES, |trainer, sequences| {
            lesson::sliced(trainer, sequences, |slice| {
                slices += 1;
                longest = instructions(slice).max(longest);
            })
        })
    });
    if let Err(error) = ways {
        defmt::error!("{}", Display2Format(&error));
        exit_failure();
    }
    defmt::info!("{=str}: {=usize} updates of {=usize} bytes", board::NAME, UPDATES, Learn::BYTES);
    defmt::info!("weights of whole updates: CRC-64 {}", Display2Format(&Checksum::of(WHOLE)));
    defmt::info!("weights of {=u32} slices: CRC-64 {}", slices, Display2Format(&Checksum::of(SLICED)));
    defmt::info!("an update takes {=u64} instructions, its longest slice {=u64}", total / UPDATES as u64, longest);
    if WHOLE == SLICED { exit_success() } else { exit_failure() }
}
