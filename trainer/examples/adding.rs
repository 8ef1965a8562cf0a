//! The adding problem: the sum of two numbers marked in a sequence of 50.
//!
//! Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9 (1997), experiment 4, in the form
//! of Le, Jaitly and Hinton (2015). Each step has a number and a mark, and the sum of the two marked numbers is
//! predicted after the last step. The networks are trained on fresh sequences. For each cell and seed, the
//! program prints the mean squared error on 2000 other sequences, and the share of answers within 0.1 of the sum.

use elman::{
    Adam, Clip, Dense, Elman, Gru, Layer, Libm, Lstm, Network, SquaredError, Step, Workspace, Xoshiro128, Zero, init,
};
use elman_trainer::fit::{Drawn, Fit, Schedule, fit};
use elman_trainer::trials::{Failure, Share, verdict};
use elman_trainer::{Progress, ToOne, Trials};
use std::process::ExitCode;
use tasks::Adding;
use zerocopy::FromZeros;

const UNITS: usize = 16;
const STEPS: usize = 50;
const SEQUENCES: usize = 20_000;
const TESTS: usize = 2000;

fn how<'a>() -> Fit<'a, Adam, STEPS, 1, SquaredError> {
    let (clip, schedule) = (Clip::Norm(1.0), Schedule::Linear);
    Fit { epochs: 1, batch: 8, clip, schedule, ..Fit::with_loss(Adam::new(0.01), SquaredError) }
}

fn main() -> Result<ExitCode, Failure> {
    let updates = how().updates(SEQUENCES);
    println!("The sum of two of {STEPS} numbers. Trained on {SEQUENCES} sequences, tested on {TESTS} others.");
    let trials = Trials::new([("squared error", 5), ("within 0.1, %", 1)]);
    trials.run("Elman", updates, |seed, progress| learn::<Elman<2, UNITS>>(seed, |_| {}, progress))?;
    let gru = trials.run("GRU", updates, |seed, progress| learn::<Gru<2, UNITS>>(seed, |_| {}, progress))?;
    let open = |lstm: &mut _| init::forget_bias(lstm, 1.0);
    let lstm = trials.run("LSTM", updates, |seed, progress| learn::<Lstm<2, UNITS>>(seed, open, progress))?;
    trials.baseline("always 1", [1.0 / 6.0, 19.0]);
    Ok(verdict([("GRU", gru), ("LSTM", lstm)].map(|(cell, figures)| {
        let kept = figures.iter().all(|[error, _]| *error < 0.01);
        (format!("{cell}: mean squared error below 0.01 with every seed"), kept)
    })))
}

/// Trains a network from initial weights adjusted by `open`; returns the mean squared error and the percentage of
/// answers within 0.1 of the sum.
fn learn<C>(seed: u64, open: fn(&mut C), progress: &Progress) -> Result<[f64; 2], Failure>
where
    C: Layer<[f32; 2], Scalar = f32, Output = [f32; UNITS]> + Step<[f32; 2]> + Zero,
    Workspace<Network<C, Dense<UNITS, 1>>, Adam, STEPS>: FromZeros,
{
    let (mut rng, mut network) = (Xoshiro128::from_seed(seed), Network::<C, Dense<UNITS, 1>>::ZERO);
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut rng);
    open(&mut network.cell);
    let draw = |rng: &mut Xoshiro128| {
        let Adding { steps, sum } = Adding::<STEPS>::draw(rng);
        ToOne { inputs: steps.to_vec(), target: sum }
    };
    let how = Fit { seed, progress: Some(progress), ..how() };
    fit(&mut network, &Drawn { count: SEQUENCES, draw }, &[], &how)?;
    let (mut squares, mut near) = (0.0, Share::default());
    for _ in 0..TESTS {
        let Adding { steps, sum } = Adding::<STEPS>::draw(&mut rng);
        let error = f64::from(network.predict(&steps)?[0] - sum[0]);
        squares += error * error;
        near.add(error.abs() < 0.1);
    }
    Ok([squares / TESTS as f64, near.percent()])
}
