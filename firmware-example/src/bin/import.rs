//! Runs networks trained in PyTorch and written by `elman import`: each runs its self-test, then reads a sequence
//! and logs its outputs.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use defmt::Display2Format;
use elman::error::ImageError;
use elman::image::Architecture;
use elman::{Dense, Image, Layer, Network, Parameters, Step, Zero};
use firmware_example::{board, exit_failure, exit_success};

mod rnn {
    include!(concat!(env!("IMPORTED"), "/rnn.rs"));
}
mod gru {
    include!(concat!(env!("IMPORTED"), "/gru.rs"));
}
mod lstm {
    include!(concat!(env!("IMPORTED"), "/lstm.rs"));
}

#[entry]
fn main() -> ! {
    defmt::info!("{=str} reads", board::NAME);
    run("rnn", rnn::open(), include_bytes!(concat!(env!("IMPORTED"), "/rnn.x")));
    run("gru", gru::open(), include_bytes!(concat!(env!("IMPORTED"), "/gru.x")));
    run("lstm", lstm::open(), include_bytes!(concat!(env!("IMPORTED"), "/lstm.x")));
    exit_success()
}

/// Opened image of a network that reads `I` values per step.
type Opened<C, const H: usize, const K: usize> = Result<Image<'static, Network<C, Dense<H, K>>>, ImageError>;

/// Logs the units and outputs after each step of `sequence`, whose bytes are `f32` values.
fn run<C, const I: usize, const H: usize, const K: usize>(name: &str, image: Opened<C, H, K>, sequence: &[u8])
where
    C: Layer<[f32; I], Scalar = f32, Output = [f32; H]> + Step<[f32; I]>,
    Network<C, Dense<H, K>>: Parameters<Scalar = f32> + Architecture<Real = f32>,
{
    let image = image.unwrap_or_else(|error| fail(name, &error));
    image.selftest::<[f32; I]>().unwrap_or_else(|error| fail(name, &error));
    let mut state = C::State::ZERO;
    let mut numbers = sequence.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes));
    while let Some(first) = numbers.next() {
        let mut x = [first; I];
        x[1..].fill_with(|| numbers.next().unwrap_or(f32::NAN));
        let outputs = image.network().step(&mut state, &x);
        defmt::info!("{=str} units {=[?]}", name, C::output(&state)[..]);
        defmt::info!("{=str} outputs {=[?]}", name, outputs[..]);
    }
}

fn fail(name: &str, error: &dyn core::fmt::Display) -> ! {
    defmt::error!("{=str}: {}", name, Display2Format(error));
    exit_failure()
}
