//! Networks in fixed point learn by back-propagation through time, without a floating-point unit: the same bits as on the host.
//! Then the instructions of a step and of an update, in fixed point and in `f32`.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use defmt::Display2Format;
use elman::{Libm, TrainError};
use firmware_example::bench::Arena;
use firmware_example::fixed::{Learned, Q, Three};
use firmware_example::{board, exit_failure, exit_success, instructions, memory, stack_used};

/// Room for the networks in either number type, which have the same size.
type Memory = Arena<{ size_of::<Three<Q>>() }>;

#[entry]
fn main() -> ! {
    static mut MEMORY: Memory = Memory::ZERO;
    defmt::info!("{=str}: networks in fixed point learn", board::NAME);
    if let Err(error) = learn(MEMORY).and_then(|()| measure(MEMORY)) {
        defmt::error!("{}", Display2Format(&error));
        exit_failure();
    }
    defmt::info!("stack {=usize} of {=usize} bytes", stack_used(), memory::stack_size());
    exit_success()
}

fn learn(memory: &mut Memory) -> Result<(), TrainError> {
    let Some(three) = memory.zero::<Three<Q>>() else { return Ok(()) };
    three.learn(&mut |cell, Learned { first, last, weights, outputs }| {
        let (weights, outputs) = (Display2Format(&weights), Display2Format(&outputs));
        defmt::info!("{=str}: loss {=i32} to {=i32}, CRC-64 {}, of outputs {}", cell, first, last, weights, outputs);
    })
}

fn measure(memory: &mut Memory) -> Result<(), TrainError> {
    measure_in::<Q>(memory, "fixed")?;
    measure_in::<Libm<f32>>(memory, "f32")
}

fn measure_in<M: elman::Math>(memory: &mut Memory, name: &str) -> Result<(), TrainError> {
    let Some(three) = memory.zero::<Three<M>>() else { return Ok(()) };
    three.measure(|work| instructions(work), &mut |cell, costs| {
        let each = costs.step * 10 / costs.multiply_adds;
        defmt::info!(
            "{=str} {=str}: step {=u64}, {=u64}.{=u64} per multiply-add; update {=u64} instructions",
            cell,
            name,
            costs.step,
            each / 10,
            each % 10,
            costs.update
        );
    })
}
