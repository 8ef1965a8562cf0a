//! Byte counts computed from sizes alone equal the constants of the network types.

use elman::cell::LowRank;
use elman::dense::LearnedReadout;
use elman::image::{Architecture, Image};
use elman::layer::Sequential;
use elman::optim::{Adagrad, AdamW, InPlaceSgd, Momentum, Optimizer, RmsProp};
use elman::trainer::TrainingBytes;
use elman::{
    Adam, Bidirectional, Dense, Elman, Embedding, FastGrnn, Gru, Layer, Libm, Lstm, Mgu, Network, ResetBeforeGru, Sgd,
    Stacked, Token, Trainer, Workspace, Zero,
};
use elman_model::{Model, Rule};

type Net<C, const F: usize, const K: usize> = Network<C, Dense<F, K>>;

/// Returns a model with the same shape as the network type.
fn model<N: Architecture + Zero>() -> Model {
    let mut image = vec![0; Image::<N>::BYTES];
    Image::write(&N::ZERO, &[], &mut image).unwrap();
    Model::from_image(&image).unwrap()
}

#[track_caller]
fn check<C, O, const F: usize, const K: usize, const T: usize, const P: usize>(model: &Model, rule: Rule)
where
    C: Sequential<Scalar = f32>,
    Dense<F, K>: LearnedReadout<C::Output, Scalar = f32, Output = [f32; K]>,
    O: Optimizer<Scalar = f32> + 'static,
{
    let memory: TrainingBytes = Trainer::<Workspace<Net<C, F, K>, O, T, 1, P>>::MEMORY;
    assert_eq!(model.training(rule, T, P), Some(memory), "{rule:?}, {P} of {T}: {}", model.description());
}

/// Checks the memory for a full tape with each optimizer.
#[track_caller]
fn full<C, X, const F: usize, const K: usize>() -> Model
where
    C: Layer<X> + Sequential<Scalar = f32> + Zero,
    Dense<F, K>: LearnedReadout<C::Output, Scalar = f32, Output = [f32; K]>,
    Net<C, F, K>: Architecture,
{
    let model = model::<Net<C, F, K>>();
    assert_eq!(model.state_bytes(), size_of::<C::State>(), "{}", model.description());
    check::<C, InPlaceSgd, F, K, 64, 1>(&model, Rule::InPlaceSgd);
    check::<C, Sgd, F, K, 64, 1>(&model, Rule::Sgd);
    check::<C, Momentum, F, K, 64, 1>(&model, Rule::Momentum);
    check::<C, Adagrad, F, K, 7, 1>(&model, Rule::Momentum);
    check::<C, RmsProp, F, K, 7, 1>(&model, Rule::Momentum);
    check::<C, Adam, F, K, 64, 1>(&model, Rule::Adam);
    check::<C, AdamW, F, K, 1, 1>(&model, Rule::Adam);
    assert_eq!(model.training(Rule::InPlaceSgd, 8, 8), None);
    model
}

/// Checks the memory for a network that can be checkpointed, with each kind of optimizer that allows this.
#[track_caller]
fn cell<C, X, const F: usize, const K: usize>()
where
    C: Layer<X> + Sequential<Scalar = f32> + Zero,
    Dense<F, K>: LearnedReadout<C::Output, Scalar = f32, Output = [f32; K]>,
    Net<C, F, K>: Architecture,
{
    let model = full::<C, X, F, K>();
    check::<C, Sgd, F, K, 8, 8>(&model, Rule::Sgd);
    check::<C, Momentum, F, K, 8, 8>(&model, Rule::Momentum);
    check::<C, Adam, F, K, 8, 8>(&model, Rule::Adam);
    check::<C, Adam, F, K, 5, 13>(&model, Rule::Adam);
}

/// Checks a network that cannot be checkpointed.
#[track_caller]
fn both<C, X, const F: usize, const K: usize>()
where
    C: Layer<X> + Sequential<Scalar = f32> + Zero,
    Dense<F, K>: LearnedReadout<C::Output, Scalar = f32, Output = [f32; K]>,
    Net<C, F, K>: Architecture,
{
    let model = full::<C, X, F, K>();
    assert_eq!(model.training(Rule::Adam, 8, 8), None);
}

/// Types listed in `docs/memory.md`.
#[test]
fn cells_of_the_page() {
    cell::<Elman<6, 32>, [f32; 6], 32, 4>();
    cell::<Gru<6, 32>, [f32; 6], 32, 4>();
    cell::<Lstm<6, 32>, [f32; 6], 32, 4>();
    cell::<Elman<16, 64>, [f32; 16], 64, 8>();
    cell::<Gru<16, 64>, [f32; 16], 64, 8>();
    cell::<Lstm<16, 64>, [f32; 16], 64, 8>();
}

#[test]
fn other_cells() {
    cell::<Elman<1, 1, Libm, 0>, [f32; 1], 1, 1>();
    cell::<ResetBeforeGru<3, 5>, [f32; 3], 5, 2>();
    cell::<Gru<3, 5, Libm, 0>, [f32; 3], 5, 2>();
    cell::<Lstm<3, 5, Libm, 2>, [f32; 3], 5, 2>();
    cell::<Mgu<3, 5>, [f32; 3], 5, 2>();
    cell::<FastGrnn<3, 5>, [f32; 3], 5, 2>();
    cell::<FastGrnn<3, 5, Libm, LowRank<2>, LowRank<3>>, [f32; 3], 5, 2>();
}

#[test]
fn stacks() {
    cell::<Stacked<Gru<3, 5>, Lstm<5, 7>>, [f32; 3], 7, 2>();
    cell::<Stacked<Embedding<11, 3>, Gru<3, 5>>, Token<11>, 5, 11>();
    cell::<Stacked<Stacked<Embedding<11, 3>, Elman<3, 5>>, Lstm<5, 4>>, Token<11>, 4, 11>();
    cell::<Stacked<Embedding<11, 3>, Stacked<Elman<3, 5>, Lstm<5, 4>>>, Token<11>, 4, 11>();
}

#[test]
fn both_directions() {
    both::<Bidirectional<Gru<3, 5>>, [f32; 3], 10, 2>();
    both::<Stacked<Embedding<11, 3>, Bidirectional<Lstm<3, 5>>>, Token<11>, 10, 11>();
    both::<Stacked<Bidirectional<Elman<3, 5>>, Bidirectional<Gru<10, 4>>>, [f32; 3], 8, 2>();
    both::<Stacked<Stacked<Gru<3, 5>, Lstm<5, 7>>, Bidirectional<Gru<7, 4>>>, [f32; 3], 8, 2>();
    both::<Stacked<Bidirectional<FastGrnn<3, 5, Libm, LowRank<2>>>, Mgu<10, 4>>, [f32; 3], 4, 2>();
    both::<Stacked<Bidirectional<Gru<3, 5>>, Lstm<10, 4>>, [f32; 3], 4, 2>();
    both::<Stacked<Gru<3, 5>, Stacked<Bidirectional<Lstm<5, 4>>, Gru<8, 2>>>, [f32; 3], 2, 2>();
}

#[test]
fn the_best_segments_hold_the_steps_in_the_fewest_bytes() {
    let model = model::<Net<Lstm<6, 32>, 32, 4>>();
    for steps in [1, 2, 7, 64, 100] {
        let (segments, length) = model.best_segments(steps);
        assert!(segments * length >= steps && (segments - 1) * length < steps);
        let bytes = |segments, length| model.training(Rule::Sgd, length, segments).unwrap().total();
        let least = (1..=steps).map(|length| bytes(steps.div_ceil(length), length)).min();
        assert_eq!(Some(bytes(segments, length)), least);
    }
}
