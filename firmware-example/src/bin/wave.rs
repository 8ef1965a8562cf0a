//! Smallest firmware that learns: an LSTM of 8 units predicts a sine, trained by BPTT through 16 steps.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use defmt::Display2Format;
use elman::error::TrainError;
use elman::{Config, Dense, Each, Libm, Lstm, Network, Reduction, Sgd, SquaredError, Trainer, Workspace, Xoshiro128};
use elman::{Zero, init};
use firmware_example::{board, exit_failure, exit_success, flash_used, ram_used, stack_used};
use vowels::Checksum;

/// Number of steps in a period, and in the window.
const STEPS: usize = 16;
const UPDATES: usize = 8;
/// Limits on the whole firmware, in bytes: flash for code, constants and initial values, and RAM for statics and the
/// deepest stack.
const FLASH: usize = 30 * 1024;
const RAM: usize = 8 * 1024;

type Net = Network<Lstm<1, 8>, Dense<8, 1>>;
type Work = Workspace<Net, Sgd, STEPS, STEPS>;
type Learn<'a> = Trainer<'a, Work, SquaredError>;

#[entry]
fn main() -> ! {
    static mut NET: Net = <Net as Zero>::ZERO;
    static mut WORK: Work = Work::ZERO;
    defmt::info!("{=str}: {=usize} updates of {=usize} bytes", board::NAME, UPDATES, Learn::BYTES);
    if let Err(error) = learn(NET, WORK) {
        defmt::error!("{}", error);
        exit_failure();
    }
    defmt::info!("weights: CRC-64 {}", Display2Format(&Checksum::of(NET)));
    let (flash, statics, stack) = (flash_used(), ram_used(), stack_used());
    defmt::info!("flash {=usize} bytes; RAM {=usize}: statics {=usize}", flash, statics + stack, statics);
    defmt::info!("stack {=usize} bytes", stack);
    if flash <= FLASH && statics + stack <= RAM { exit_success() } else { exit_failure() }
}

/// Trains the network to predict the next sample of a sine from the current one.
fn learn(network: &mut Net, work: &mut Work) -> Result<(), TrainError> {
    init::uniform_fan::<Libm<f32>, _>(network, &mut Xoshiro128::from_seed(1));
    let (inputs, targets) = sine();
    let config = Config { steps: Reduction::Mean, ..Config::new(Sgd { rate: 0.2 }).with_loss(SquaredError) };
    // The configuration above is valid, so this error cannot occur.
    let Ok(mut trainer) = Learn::new(network, work, config) else { return Err(TrainError::NothingAccumulated) };
    for update in 1..=UPDATES {
        let loss = trainer.update(&inputs, Each(&targets))?.loss;
        defmt::info!("update {=usize}: loss {=f32}", update, loss);
    }
    Ok(())
}

/// Returns the samples and their successors: x_{t+1} = 2 cos(2π / 16) x_t − x_{t−1}.
fn sine() -> ([[f32; 1]; STEPS], [[f32; 1]; STEPS]) {
    let (mut before, mut x) = (-0.382_683_43, 0.0);
    let mut next = || {
        (before, x) = (x, 1.847_759_1 * x - before);
        [x]
    };
    let inputs = core::array::from_fn(|_| next());
    let mut targets = [[0.0]; STEPS];
    targets[..STEPS - 1].copy_from_slice(&inputs[1..]);
    targets[STEPS - 1] = next();
    (inputs, targets)
}
