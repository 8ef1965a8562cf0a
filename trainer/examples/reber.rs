//! The embedded Reber grammar: the second symbol of a string must be said again before the last.
//!
//! Reber (1967); Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9 (1997), experiment 1. A
//! token of 7 a step, the next one to be told, over 8 to 46 steps. Learned from fresh strings; prints, for each cell
//! and seed and 2000 other strings, how often the repeated symbol is right, in all of them and in those of 20 steps or
//! more, the share of all symbols told that the grammar allows, and how many strings were too long for the tape, in
//! training and test.

use elman::{Adam, Cell, Class, CrossEntropy, Dense, Each, Elman, Gru, Libm, Lstm, Network};
use elman::{Trainer, Workspace, Xoshiro128, Zero, init};
use elman_trainer::trials::{Failure, Share, verdict};
use elman_trainer::{Plan, Progress, Trials};
use std::process::ExitCode;
use tasks::reber::{Reber, Symbol};

const UNITS: usize = 16;
const STEPS: usize = Reber::STEPS;
const PLAN: Plan = Plan { updates: 4000, batch: 4, rate: 0.01, clip: 1.0 };
const TESTS: usize = 2000;

fn main() -> Result<ExitCode, Failure> {
    let strings = PLAN.updates * PLAN.batch;
    println!(
        "Which symbol comes next? Learned from {strings} strings, asked for {TESTS} others; tape of {STEPS} steps."
    );
    let trials = Trials::new([("repeated, %", 1), ("of 20 steps, %", 1), ("allowed, %", 1), ("too long", 0)]);
    trials.run("Elman", PLAN.updates, |seed, progress| learn::<Elman<7, UNITS>>(seed, |_| {}, progress))?;
    let gru = trials.run("GRU", PLAN.updates, |seed, progress| learn::<Gru<7, UNITS>>(seed, |_| {}, progress))?;
    let open = |lstm: &mut _| init::forget_bias(lstm, 1.0);
    let lstm = trials.run("LSTM", PLAN.updates, |seed, progress| learn::<Lstm<7, UNITS>>(seed, open, progress))?;
    // A string has 11 steps on average, and one of them asks for the second symbol.
    trials.baseline("forgets the second", [50.0, 50.0, 100.0 - 50.0 / 11.0, f64::NAN]);
    Ok(verdict([("GRU", gru), ("LSTM", lstm)].map(|(cell, figures)| {
        let kept = figures.iter().all(|[repeated, ..]| *repeated >= 99.0);
        (format!("{cell}: at least 99 % of the repeated symbols, with every seed"), kept)
    })))
}

/// Trains a network from first weights that `open` has touched up; returns its figures.
fn learn<C>(seed: u64, open: fn(&mut C), progress: &Progress) -> Result<[f64; 4], Failure>
where
    C: Cell<Symbol, Scalar = f32, Output = [f32; UNITS]> + Zero,
{
    let (mut rng, mut too_long) = (Xoshiro128::from_seed(seed), 0);
    let (mut network, mut work) = (Network::<C, Dense<UNITS, 7>>::ZERO, Workspace::<_, Adam, STEPS, STEPS>::ZERO);
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut rng);
    open(&mut network.cell);
    for config in PLAN.configs(CrossEntropy) {
        let mut trainer = Trainer::new(&mut network, &mut work, config)?;
        let mut loss = 0.0;
        for _ in 0..PLAN.batch {
            let string = draw(&mut rng, &mut too_long);
            let mut state = C::State::ZERO;
            loss += trainer.accumulate(&mut state, string.inputs(), Each(string.targets()))?;
        }
        trainer.apply()?;
        progress.update(f64::from(loss) / PLAN.batch as f64);
    }
    let mut shares = [Share::default(); 3];
    for _ in 0..TESTS {
        ask(&network, &draw(&mut rng, &mut too_long), &mut shares)?;
    }
    let [repeated, long, allowed] = shares.map(|share| share.percent());
    Ok([repeated, long, allowed, f64::from(too_long)])
}

/// Asks for every symbol of a string.
fn ask<C>(
    network: &Network<C, Dense<UNITS, 7>>,
    string: &Reber,
    [repeated, long, allowed]: &mut [Share; 3],
) -> Result<(), Failure>
where
    C: Cell<Symbol, Scalar = f32, Output = [f32; UNITS]>,
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

/// A string that fits the tape.
fn draw(rng: &mut Xoshiro128, too_long: &mut u32) -> Reber {
    loop {
        match Reber::draw(rng) {
            Some(string) => return string,
            None => *too_long += 1,
        }
    }
}
