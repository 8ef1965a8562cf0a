//! Parity labelling: after each bit, is the number of ones so far odd?
//!
//! Minsky and Papert, "Perceptrons" (1969), made parity the standard example of an output that depends on every
//! input; one bit of memory is enough. At each step, the input is one of 2 tokens and the label is one of 2
//! classes. The networks are trained on fresh sequences of 1 to 24 bits. For each cell and seed, the program
//! prints the share of correct labels on 1000 other sequences of 24 bits and on 100 of 400 bits. Without memory,
//! half the labels are correct.

use elman::{Adam, Class, Clip, Dense, Elman, Gru, Layer, Libm, Lstm, Network, Random, Step, Token, Workspace};
use elman::{Xoshiro128, Zero, init};
use elman_trainer::fit::{Drawn, Fit, Schedule, fit};
use elman_trainer::trials::{Failure, Share, verdict};
use elman_trainer::{Progress, ToEach, Trials};
use std::process::ExitCode;
use tasks::Parity;
use zerocopy::FromZeros;

const UNITS: usize = 16;
const BITS: usize = 24;
const LONG: usize = 400;
const SEQUENCES: usize = 24_000;

fn how<'a>() -> Fit<'a, Adam, BITS, BITS> {
    let (clip, schedule) = (Clip::Norm(1.0), Schedule::Linear);
    Fit { epochs: 1, batch: 8, clip, schedule, ..Fit::new(Adam::new(0.01)) }
}

fn main() -> Result<ExitCode, Failure> {
    println!("Is the number of ones so far odd? Trained on {SEQUENCES} sequences of 1 to {BITS} bits.");
    let updates = how().updates(SEQUENCES);
    let trials = Trials::new([("24 bits, %", 2), ("400 bits, %", 2)]);
    let elman = trials.run("Elman", updates, |seed, progress| learn::<Elman<2, UNITS>>(seed, |_| {}, progress))?;
    let gru = trials.run("GRU", updates, |seed, progress| learn::<Gru<2, UNITS>>(seed, |_| {}, progress))?;
    let open = |lstm: &mut _| init::forget_bias(lstm, 1.0);
    let lstm = trials.run("LSTM", updates, |seed, progress| learn::<Lstm<2, UNITS>>(seed, open, progress))?;
    trials.baseline("a guess", [50.0; 2]);
    Ok(verdict([("Elman", elman), ("GRU", gru), ("LSTM", lstm)].map(|(cell, figures)| {
        let kept = figures.iter().all(|[short, _]| *short >= 99.0);
        (format!("{cell}: at least 99 % of the 24-bit labels correct, with every seed"), kept)
    })))
}

/// Trains a network from initial weights adjusted by `open`; returns the percentages of correct labels, for 24
/// and for 400 bits.
fn learn<C>(seed: u64, open: fn(&mut C), progress: &Progress) -> Result<[f64; 2], Failure>
where
    C: Layer<Token<2>, Scalar = f32, Output = [f32; UNITS]> + Step<Token<2>> + Zero,
    Workspace<Network<C, Dense<UNITS, 2>>, Adam, BITS, BITS>: FromZeros,
{
    let (mut rng, mut network) = (Xoshiro128::from_seed(seed), Network::<C, Dense<UNITS, 2>>::ZERO);
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut rng);
    open(&mut network.cell);
    let draw = |rng: &mut Xoshiro128| {
        let Parity { bits, labels } = Parity::<BITS>::draw(rng);
        let length = 1 + rng.below(BITS as u32) as usize;
        ToEach { inputs: bits[..length].to_vec(), targets: labels[..length].to_vec() }
    };
    let how = Fit { seed, progress: Some(progress), ..how() };
    fit(&mut network, &Drawn { count: SEQUENCES, draw }, &[], &how)?;
    Ok([right::<C, BITS>(&network, 1000, &mut rng)?, right::<C, LONG>(&network, 100, &mut rng)?])
}

/// Returns the share of correct labels in `count` fresh sequences of `T` bits, in percent.
fn right<C, const T: usize>(
    network: &Network<C, Dense<UNITS, 2>>,
    count: usize,
    rng: &mut Xoshiro128,
) -> Result<f64, Failure>
where
    C: Layer<Token<2>, Scalar = f32, Output = [f32; UNITS]> + Step<Token<2>>,
{
    let mut right = Share::default();
    for _ in 0..count {
        let Parity { bits, labels } = Parity::<T>::draw(rng);
        let mut answers = [Class::default(); T];
        network.label(&bits, &mut answers)?;
        answers.iter().zip(&labels).for_each(|(answer, label)| right.add(answer == label));
    }
    Ok(right.percent())
}
