//! The embedded Reber grammar: the second symbol of a string must be repeated before the last.
//!
//! Reber (1967); Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9 (1997), experiment 1.
//! Each step is one of 7 tokens, and the next one is predicted, over 8 to 46 steps. The networks are trained on
//! fresh strings. For each cell and seed, the program prints results on 2000 other strings: how often the repeated
//! symbol is correct, in all strings and in strings of 20 steps or more; the share of predicted symbols that the
//! grammar allows; and the number of strings that were too long for the tape, in training and test.

use elman::{
    Adam, Class, Clip, Dense, Elman, Gru, Layer, Libm, Lstm, Network, Step, Workspace, Xoshiro128, Zero, init,
};
use elman_trainer::fit::{Drawn, Fit, Schedule, fit};
use elman_trainer::trials::{Failure, Share, verdict};
use elman_trainer::{Progress, ToEach, Trials};
use std::cell;
use std::process::ExitCode;
use tasks::reber::{Reber, Symbol};
use zerocopy::FromZeros;

const UNITS: usize = 16;
const STEPS: usize = Reber::STEPS;
const STRINGS: usize = 16_000;
const TESTS: usize = 2000;

fn how<'a>() -> Fit<'a, Adam, STEPS, STEPS> {
    let (clip, schedule) = (Clip::Norm(1.0), Schedule::Linear);
    Fit { epochs: 1, batch: 4, clip, schedule, ..Fit::new(Adam::new(0.01)) }
}

fn main() -> Result<ExitCode, Failure> {
    let updates = how().updates(STRINGS);
    println!("Which symbol comes next? Trained on {STRINGS} strings, tested on {TESTS} others; tape of {STEPS} steps.");
    let trials = Trials::new([("repeated, %", 1), ("of 20 steps, %", 1), ("allowed, %", 1), ("too long", 0)]);
    trials.run("Elman", updates, |seed, progress| learn::<Elman<7, UNITS>>(seed, |_| {}, progress))?;
    let gru = trials.run("GRU", updates, |seed, progress| learn::<Gru<7, UNITS>>(seed, |_| {}, progress))?;
    let open = |lstm: &mut _| init::forget_bias(lstm, 1.0);
    let lstm = trials.run("LSTM", updates, |seed, progress| learn::<Lstm<7, UNITS>>(seed, open, progress))?;
    // A string has 11 steps on average, one of which must repeat the second symbol.
    trials.baseline("forgets the second", [50.0, 50.0, 100.0 - 50.0 / 11.0, f64::NAN]);
    Ok(verdict([("GRU", gru), ("LSTM", lstm)].map(|(cell, figures)| {
        let kept = figures.iter().all(|[repeated, ..]| *repeated >= 99.0);
        (format!("{cell}: at least 99 % of the repeated symbols correct, with every seed"), kept)
    })))
}

/// Trains a network from initial weights adjusted by `open`; returns the percentages of correct repeated symbols,
/// in all and in long strings, and of allowed symbols, and the number of strings that were too long.
fn learn<C>(seed: u64, open: fn(&mut C), progress: &Progress) -> Result<[f64; 4], Failure>
where
    C: Layer<Symbol, Scalar = f32, Output = [f32; UNITS]> + Step<Symbol> + Zero,
    Workspace<Network<C, Dense<UNITS, 7>>, Adam, STEPS, STEPS>: FromZeros,
{
    let (mut rng, mut network) = (Xoshiro128::from_seed(seed), Network::<C, Dense<UNITS, 7>>::ZERO);
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut rng);
    open(&mut network.cell);
    let too_long = cell::Cell::new(0);
    let fresh = |rng: &mut Xoshiro128| {
        let string = draw(rng, &too_long);
        ToEach { inputs: string.inputs().to_vec(), targets: string.targets().to_vec() }
    };
    let how = Fit { seed, progress: Some(progress), ..how() };
    fit(&mut network, &Drawn { count: STRINGS, draw: fresh }, &[], &how)?;
    let mut shares = [Share::default(); 3];
    for _ in 0..TESTS {
        ask(&network, &draw(&mut rng, &too_long), &mut shares)?;
    }
    let [repeated, long, allowed] = shares.map(|share| share.percent());
    Ok([repeated, long, allowed, f64::from(too_long.get())])
}

/// Predicts every symbol of a string and adds the results to the shares.
fn ask<C>(
    network: &Network<C, Dense<UNITS, 7>>,
    string: &Reber,
    [repeated, long, allowed]: &mut [Share; 3],
) -> Result<(), Failure>
where
    C: Layer<Symbol, Scalar = f32, Output = [f32; UNITS]> + Step<Symbol>,
{
    let mut told = [Class::default(); STEPS];
    let steps = network.label(string.inputs(), &mut told)?;
    let right = told[string.recall()] == string.targets()[string.recall()];
    repeated.add(right);
    if steps >= 20 {
        long.add(right);
    }
    told[..steps].iter().enumerate().for_each(|(step, &symbol)| allowed.add(string.allows(step, symbol)));
    Ok(())
}

/// Draws strings until one fits the tape, and counts the ones that do not fit.
fn draw(rng: &mut Xoshiro128, too_long: &cell::Cell<u32>) -> Reber {
    loop {
        match Reber::draw(rng) {
            Some(string) => return string,
            None => too_long.set(too_long.get() + 1),
        }
    }
}
