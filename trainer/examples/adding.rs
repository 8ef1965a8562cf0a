//! The adding problem: the sum of two numbers marked in a sequence of 50.
//!
//! Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9 (1997), experiment 4, as Le, Jaitly and
//! Hinton (2015) put it. A number and a mark a step, one number to be told after the last. Learned from fresh
//! sequences; prints the mean squared error on 2000 others, each cell with each seed, and the share of them told within
//! 0.1.

use elman::{Adam, Cell, Dense, Elman, Gru, Last, Libm, Lstm, Network, SquaredError};
use elman::{Trainer, Workspace, Xoshiro128, Zero, init};
use elman_trainer::trials::{Failure, Share, verdict};
use elman_trainer::{Plan, Progress, Trials};
use std::process::ExitCode;
use tasks::Adding;

const UNITS: usize = 16;
const STEPS: usize = 50;
const PLAN: Plan = Plan { updates: 2500, batch: 8, rate: 0.01, clip: 1.0 };
const TESTS: usize = 2000;

fn main() -> Result<ExitCode, Failure> {
    let sequences = PLAN.updates * PLAN.batch;
    println!("The sum of two of {STEPS} numbers. Learned from {sequences} sequences, asked for {TESTS} others.");
    let trials = Trials::new([("squared error", 5), ("within 0.1, %", 1)]);
    trials.run("Elman", PLAN.updates, |seed, progress| learn::<Elman<2, UNITS>>(seed, |_| {}, progress))?;
    let gru = trials.run("GRU", PLAN.updates, |seed, progress| learn::<Gru<2, UNITS>>(seed, |_| {}, progress))?;
    let open = |lstm: &mut _| init::forget_bias(lstm, 1.0);
    let lstm = trials.run("LSTM", PLAN.updates, |seed, progress| learn::<Lstm<2, UNITS>>(seed, open, progress))?;
    trials.baseline("always 1", [1.0 / 6.0, 19.0]);
    Ok(verdict([("GRU", gru), ("LSTM", lstm)].map(|(cell, figures)| {
        let kept = figures.iter().all(|[error, _]| *error < 0.01);
        (format!("{cell}: a mean squared error below 0.01, with every seed"), kept)
    })))
}

/// Trains a network from first weights that `open` has touched up; returns its figures.
fn learn<C>(seed: u64, open: fn(&mut C), progress: &Progress) -> Result<[f64; 2], Failure>
where
    C: Cell<[f32; 2], Scalar = f32, Output = [f32; UNITS]> + Zero,
{
    let mut rng = Xoshiro128::from_seed(seed);
    let (mut network, mut work) = (Network::<C, Dense<UNITS, 1>>::ZERO, Workspace::<_, Adam, STEPS>::ZERO);
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut rng);
    open(&mut network.cell);
    for config in PLAN.configs(SquaredError) {
        let mut trainer = Trainer::new(&mut network, &mut work, config)?;
        let mut loss = 0.0;
        for _ in 0..PLAN.batch {
            let Adding { steps, sum } = Adding::<STEPS>::draw(&mut rng);
            let mut state = C::State::ZERO;
            loss += trainer.accumulate(&mut state, &steps, Last(sum))?;
        }
        trainer.apply()?;
        progress.update(f64::from(loss) / PLAN.batch as f64);
    }
    let (mut squares, mut near) = (0.0, Share::default());
    for _ in 0..TESTS {
        let Adding { steps, sum } = Adding::<STEPS>::draw(&mut rng);
        let error = f64::from(network.predict(&steps)?[0] - sum[0]);
        squares += error * error;
        near.add(error.abs() < 0.1);
    }
    Ok([squares / TESTS as f64, near.percent()])
}
