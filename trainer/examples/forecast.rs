//! Forecasting a chaotic series: the next sample, and the fourteenth by feeding forecasts back.
//!
//! The series is the one of Mackey and Glass (1977), with a sample every 6 units of time; 84 units ahead is the
//! usual horizon. Each step is one number, and the next one is predicted. The networks are trained on windows of
//! 60 samples from the first 1000. For the next 1000, the program prints the root-mean-squared and mean absolute
//! error of forecasts made after reading 50 samples, for each cell and seed, in units of the series' standard
//! deviation. The networks are compared with persistence, which repeats the last sample, and with a linear
//! autoregression over 16 samples, which is fitted to the first 1000 by least squares and also reads its own
//! forecasts.

use elman::normalize::Statistics;
use elman::{Adam, Clip, Dense, Elman, Gru, Layer, Libm, Lstm, Network, Normalizer, Random, SquaredError, Step};
use elman::{Workspace, Xoshiro128, Zero, init};
use elman_trainer::fit::{Drawn, Fit, Schedule, fit};
use elman_trainer::trials::{Failure, verdict};
use elman_trainer::{Progress, ToSome, Trials};
use std::process::ExitCode;
use tasks::MackeyGlass;
use zerocopy::FromZeros;

const UNITS: usize = 16;
const STEPS: usize = 60;
/// Number of samples in a window before the first forecast that is scored.
const WARM_UP: usize = 10;
/// Number of samples read before each forecast in the test.
const HISTORY: usize = 50;
const HORIZON: usize = 14;
/// Number of samples that the autoregression reads.
const ORDER: usize = 16;
const LEARNED: usize = 1000;
const WINDOWS: usize = 6000;

/// Sample of a single channel.
type Sample = [f32; 1];
type Future = [Sample; HORIZON];

fn how<'a>() -> Fit<'a, Adam, STEPS, STEPS, SquaredError> {
    let (clip, schedule) = (Clip::Norm(1.0), Schedule::Linear);
    Fit { epochs: 1, batch: 4, clip, schedule, ..Fit::with_loss(Adam::new(0.01), SquaredError) }
}

fn main() -> Result<ExitCode, Failure> {
    let series = normalised(MackeyGlass::draw(&mut Xoshiro128::from_seed(0)).take(2 * LEARNED))?;
    let data = series.split_at(LEARNED);
    println!("What comes next? Trained on {LEARNED} samples, tested on the {LEARNED} after them.");
    let updates = how().updates(WINDOWS);
    let trials = Trials::new([("1: RMSE", 4), ("MAE", 4), ("14: RMSE", 4), ("MAE", 4)]);
    let train = |seed, progress: &_| learn::<Elman<1, UNITS>>(data, seed, |_| {}, progress);
    let elman = trials.run("Elman", updates, train)?;
    let train = |seed, progress: &_| learn::<Gru<1, UNITS>>(data, seed, |_| {}, progress);
    let gru = trials.run("GRU", updates, train)?;
    let open = |lstm: &mut _| init::forget_bias(lstm, 1.0);
    let train = |seed, progress: &_| learn::<Lstm<1, UNITS>>(data, seed, open, progress);
    let lstm = trials.run("LSTM", updates, train)?;
    let persistence = errors(data.1, |history| Ok([history[HISTORY - 1]; HORIZON]))?;
    trials.baseline("persistence", persistence);
    let weights = autoregression(data.0);
    let linear = errors(data.1, |history| Ok(feed_back(&weights, history)))?;
    trials.baseline("autoregression", linear);
    Ok(verdict([("Elman", elman), ("GRU", gru), ("LSTM", lstm)].map(|(cell, figures)| {
        let mut pairs = figures.iter().flat_map(|errors| errors.iter().zip(persistence.iter().zip(&linear)));
        let kept = pairs.all(|(error, (last, linear))| error < last && error < linear);
        (format!("{cell}: every error below persistence and autoregression, with every seed"), kept)
    })))
}

/// Scales the series so that the training samples have mean 0 and variance 1.
fn normalised(series: impl Iterator<Item = f32>) -> Result<Vec<Sample>, Failure> {
    let series: Vec<_> = series.map(|x| [x]).collect();
    let mut statistics = Statistics::ZERO;
    series[..LEARNED].iter().for_each(|sample| statistics.add(sample));
    let normalizer = Normalizer::from_statistics::<Libm<f32>>(&statistics)?;
    Ok(series.iter().map(|sample| normalizer.apply(sample)).collect())
}

/// Trains a network from initial weights adjusted by `open` and returns its errors on the test samples.
fn learn<C>(
    (train, test): (&[Sample], &[Sample]),
    seed: u64,
    open: fn(&mut C),
    progress: &Progress,
) -> Result<[f64; 4], Failure>
where
    C: Layer<Sample, Scalar = f32, Output = [f32; UNITS]> + Step<Sample> + Zero,
    Workspace<Network<C, Dense<UNITS, 1>>, Adam, STEPS, STEPS>: FromZeros,
{
    let mut network = Network::<C, Dense<UNITS, 1>>::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(seed));
    open(&mut network.cell);
    let draw = |rng: &mut Xoshiro128| {
        let start = rng.below((train.len() - STEPS) as u32) as usize;
        let next = train[start + 1..=start + STEPS].iter().enumerate();
        let targets = next.map(|(step, next)| (step >= WARM_UP).then_some(*next)).collect();
        ToSome { inputs: train[start..start + STEPS].to_vec(), targets }
    };
    let how = Fit { seed, progress: Some(progress), ..how() };
    fit(&mut network, &Drawn { count: WINDOWS, draw }, &[], &how)?;
    errors(test, |history| {
        let mut future = [[0.0]; HORIZON];
        network.forecast(history, &mut future)?;
        Ok(future)
    })
}

/// Returns the root-mean-squared and the mean absolute error one step ahead, then both errors at the horizon,
/// averaged over every stretch of `test`.
fn errors(test: &[Sample], forecast: impl Fn(&[Sample]) -> Result<Future, Failure>) -> Result<[f64; 4], Failure> {
    let stretches = test.windows(HISTORY + HORIZON);
    let count = stretches.len() as f64;
    let mut sums = [[0.0; 2]; 2];
    for stretch in stretches {
        let (history, future) = stretch.split_at(HISTORY);
        let forecast = forecast(history)?;
        for ([squares, sizes], ahead) in sums.iter_mut().zip([0, HORIZON - 1]) {
            let error = f64::from(forecast[ahead][0] - future[ahead][0]);
            *squares += error * error;
            *sizes += error.abs();
        }
    }
    let [[next, next_size], [last, last_size]] = sums.map(|sums| sums.map(|sum| sum / count));
    Ok([next.sqrt(), next_size, last.sqrt(), last_size])
}

/// Returns the weights of x̂_{t+1} = Σ_i w_i x_{t−i} with the least Σ (x̂ − x)², from the normal equations by
/// elimination. Their matrix is symmetric and positive definite, so no rows need to be exchanged.
fn autoregression(train: &[Sample]) -> [f64; ORDER] {
    let mut rows = [[0.0; ORDER + 1]; ORDER];
    for stretch in train.windows(ORDER + 1) {
        let mut x: [f64; ORDER + 1] = std::array::from_fn(|step| stretch[step][0].into());
        x[..ORDER].reverse();
        for (row, x_i) in rows.iter_mut().zip(x) {
            row.iter_mut().zip(x).for_each(|(sum, x_j)| *sum += x_i * x_j);
        }
    }
    for i in 0..ORDER {
        let scale = rows[i][i];
        let pivot = rows[i].map(|value| value / scale);
        for (j, row) in rows.iter_mut().enumerate() {
            let factor = row[i];
            *row = if j == i { pivot } else { std::array::from_fn(|k| row[k] - factor * pivot[k]) };
        }
    }
    rows.map(|row| row[ORDER])
}

/// Returns the forecasts of the autoregression after `history`, where it reads each forecast as if it were a
/// sample.
fn feed_back(weights: &[f64; ORDER], history: &[Sample]) -> Future {
    let mut past: Vec<f64> = history.iter().map(|&[x]| x.into()).collect();
    std::array::from_fn(|_| {
        let next = weights.iter().zip(past.iter().rev()).map(|(weight, x)| weight * x).sum();
        past.push(next);
        [next as f32]
    })
}
