//! Trains networks with the minimal gated unit and with full and low-rank FastGRNN. The weights are the same as
//! on the host, bit for bit.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use firmware_example::learned;
use firmware_example::lesson::Three;

#[entry]
fn main() -> ! {
    static mut THREE: Three = Three::ZERO;
    learned::log(|each| THREE.learn(each))
}
