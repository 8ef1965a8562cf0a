//! Time of an iteration of min-char-rnn: `min_char_rnn TEXT TYPE ITERATIONS`, like `min_char_rnn.py` next to it.
//!
//! Prints the median in microseconds, then the smoothed loss. `cargo xtask speed` runs the two programs in turn.

use elman::{Libm, Math, Network, Token, Trainer, Workspace, Xoshiro128, init};
use elman_trainer::language::Streams;
use elman_trainer::language::min_char_rnn::{Adagrad, Net, Root, STEPS, SmoothLoss, config};
use elman_trainer::zeroed;
use std::error::Error;
use std::time::Instant;
use zerocopy::FromZeros;

const SYMBOLS: usize = 65;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [path, number, iterations] = &arguments[..] else {
        println!("usage: min_char_rnn TEXT float32|float64 ITERATIONS");
        return Ok(());
    };
    let bytes = std::fs::read(path)?;
    let text: Vec<_> = bytes.iter().filter_map(|&byte| Token::new(usize::from(byte) % SYMBOLS).ok()).collect();
    match number.as_str() {
        "float32" => time::<Libm<f32>, f32>(&text, iterations.parse()?),
        "float64" => time::<Libm<f64>, f64>(&text, iterations.parse()?),
        other => Err(format!("{other} is neither float32 nor float64").into()),
    }
}

fn time<M: Math<Scalar = T>, T>(text: &[Token<SYMBOLS>], iterations: usize) -> Result<(), Box<dyn Error>>
where
    T: Root + Into<f64>,
    Net<SYMBOLS, M, T>: FromZeros,
    Workspace<Net<SYMBOLS, M, T>, Adagrad<T>, STEPS, STEPS>: FromZeros,
{
    let mut network = zeroed::<Net<SYMBOLS, M, T>>();
    let mut work = zeroed();
    init::glorot::<M, Network<_, _>>(&mut network, &mut Xoshiro128::from_seed(42));
    let mut trainer = Trainer::new(&mut *network, &mut work, config())?;
    let (mut streams, mut smooth) = (Streams::new(text, 1), SmoothLoss::new(SYMBOLS));
    let mut times = Vec::with_capacity(iterations);
    for _ in 0..iterations {
        let start = Instant::now();
        let loss = streams.update(&mut trainer)?;
        times.push(start.elapsed());
        smooth.add(loss);
    }
    times.sort();
    let median = times.get(times.len() / 2).map_or(f64::NAN, |median| median.as_secs_f64());
    println!("{:.1} {:.2}", 1e6 * median, smooth.value());
    Ok(())
}
