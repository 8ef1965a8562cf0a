//! Report pages, compared with the behaviour of the network.

mod by_hand;
mod cells;
mod edges;
mod encoder_decoder;
mod layers;
mod page;
mod pictures;
mod reach;

use elman::{Class, Libm, Parameters, Xoshiro128, Zero, init};
use elman_report::{Reach, Series, Surprise};
use elman_trainer::{Epoch, History, ToOne};

fn epoch(epoch: usize, train_loss: f64) -> Epoch {
    Epoch {
        epoch,
        updates: 10 * epoch,
        rate: 0.1,
        train_loss,
        train_accuracy: None,
        valid_loss: None,
        valid_accuracy: None,
        gradient_norm: None,
        seconds: 0.5,
    }
}

fn history(losses: &[f64]) -> History {
    let mut history = History::default();
    losses.iter().enumerate().for_each(|(n, loss)| {
        history.push(epoch(n + 1, *loss));
    });
    history
}

fn series<T: Clone>(name: &str, steps: &[T]) -> Series<T> {
    Series { name: name.to_string(), steps: steps.to_vec() }
}

fn reach(name: &str, norms: &[f64]) -> Reach {
    Reach { name: name.to_string(), from: norms.len().saturating_sub(1), norms: norms.to_vec() }
}

fn surprise<'a>(symbols: &'a [&'a str], nats: &'a [f64]) -> Surprise<'a, &'a str> {
    let mean = nats.iter().sum::<f64>() / nats.len() as f64;
    Surprise { symbols, nats, by_position: nats, mean, vocabulary: 9 }
}

fn network<N: Parameters<Scalar = f32> + Zero>() -> N {
    let mut network = N::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(3));
    network
}

fn motions<const K: usize>() -> Vec<ToOne<[f32; 3], Class<K>>> {
    let step = |n: usize, t: usize| [(n + t) as f32 * 0.1, -0.2, (t % 3) as f32];
    (0..5).map(|n| ToOne { inputs: (0..7).map(|t| step(n, t)).collect(), target: Class::new(n % K).unwrap() }).collect()
}
