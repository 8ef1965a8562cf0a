//! Entries for everything that has no entry for C, so that the linker proves it free of panics, too: more cells,
//! optimizers, losses and targets, frozen weights, bidirectional layers, a decoder, and the parts around a
//! network.
//!
//! Each entry makes one call with values that the compiler cannot foresee. The header does not declare them.

use crate::status::{OK, Refused, answer};
use elman::cell::{LowRank, Relu};
use elman::error::StatisticsError;
use elman::layer::Add;
use elman::loss::{SmoothedCrossEntropy, WeightedCrossEntropy};
use elman::normalize::Statistics;
use elman::optim::{Adagrad, AdamW, InPlaceSgd, Momentum, Optimizer};
use elman::stream::{Carried, ExponentialAverage};
use elman::target::Final;
use elman::task::TeacherForced;
use elman::{
    Adam, Bidirectional, Class, Config, CrossEntropy, Dense, Each, Elman, EncoderDecoder, FastGrnn, Frozen, Gru, Last,
    Libm, Lstm, Masked, Mgu, Network, Normalizer, Reader, ResetBeforeGru, Sampler, Sgd, SquaredError, Stacked, Token,
    Trainer, Vocabulary, Workspace, Xoshiro128,
};

mod integers;
mod rounded;

const STEPS: usize = 8;
type Sequence = [[f32; 2]; STEPS];
type Net = Network<Elman<2, 5>, Dense<5, 3>>;
type Work<O> = Workspace<Net, O, STEPS>;

fn answered(work: impl FnOnce() -> Result<i32, Refused>) -> i32 {
    answer(work())
}

fn learn<O: Optimizer<Scalar = f32>>(
    (network, work): (&mut Net, &mut Work<O>),
    (xs, steps): (&Sequence, usize),
    optimizer: O,
) -> Result<i32, Refused> {
    let xs = xs.get(..steps).ok_or(Refused::TooLong)?;
    Trainer::new(network, work, Config::new(optimizer))?.update(xs, Last(Class::default()))?;
    Ok(OK)
}

/// Trains by gradient descent.
#[unsafe(no_mangle)]
pub extern "C" fn proof_sgd(net: &mut Net, work: &mut Work<Sgd>, xs: &Sequence, steps: usize, rate: f32) -> i32 {
    answer(learn((net, work), (xs, steps), Sgd { rate }))
}

/// Trains by gradient descent without a copy of the gradient.
#[unsafe(no_mangle)]
pub extern "C" fn proof_in_place(
    net: &mut Net,
    work: &mut Work<InPlaceSgd>,
    xs: &Sequence,
    steps: usize,
    rate: f32,
) -> i32 {
    answer(learn((net, work), (xs, steps), InPlaceSgd { rate }))
}

/// Trains with momentum.
#[unsafe(no_mangle)]
pub extern "C" fn proof_momentum(
    net: &mut Net,
    work: &mut Work<Momentum>,
    xs: &Sequence,
    steps: usize,
    rate: f32,
) -> i32 {
    answer(learn((net, work), (xs, steps), Momentum { rate, momentum: rate }))
}

/// Trains with Adagrad.
#[unsafe(no_mangle)]
pub extern "C" fn proof_adagrad(
    net: &mut Net,
    work: &mut Work<Adagrad>,
    xs: &Sequence,
    steps: usize,
    rate: f32,
) -> i32 {
    answer(learn((net, work), (xs, steps), Adagrad::new(rate)))
}

/// Trains with AdamW: Adam with decoupled weight decay.
#[unsafe(no_mangle)]
pub extern "C" fn proof_adamw(net: &mut Net, work: &mut Work<AdamW>, xs: &Sequence, steps: usize, rate: f32) -> i32 {
    answer(learn((net, work), (xs, steps), AdamW::new(rate)))
}

type Numbers = Network<Stacked<ResetBeforeGru<2, 5>, Elman<5, 4, Libm<f32>, 1, Relu>>, Dense<4, 2>>;

/// Trains on the squared error at each step, with ReLU units above a GRU that resets before the product.
#[unsafe(no_mangle)]
pub extern "C" fn proof_squared(
    net: &mut Numbers,
    work: &mut Workspace<Numbers, Sgd, STEPS, STEPS>,
    xs: &Sequence,
    rate: f32,
) -> i32 {
    let config = Config::new(Sgd { rate }).with_loss(SquaredError);
    answered(|| {
        Trainer::new(net, work, config)?.update(xs, Each(xs))?;
        Ok(OK)
    })
}

/// Forecasts a series.
#[unsafe(no_mangle)]
pub extern "C" fn proof_forecast(net: &Numbers, xs: &Sequence, steps: usize, future: &mut Sequence) -> i32 {
    answered(|| {
        net.forecast(xs.get(..steps).ok_or(Refused::TooLong)?, future)?;
        Ok(OK)
    })
}

/// Trains on weighted classes at some of the steps.
#[unsafe(no_mangle)]
pub extern "C" fn proof_masked(
    net: &mut Net,
    work: &mut Workspace<Net, Adam, STEPS, STEPS>,
    xs: &Sequence,
    weights: &[f32; 3],
    rate: f32,
) -> i32 {
    let config = Config::new(Adam::new(rate)).with_loss(WeightedCrossEntropy { weights: *weights });
    let targets = xs.map(|[x, _]| (x > 0.0).then_some(Class::default()));
    answered(|| {
        Trainer::new(net, work, config)?.update(xs, Masked(&targets))?;
        Ok(OK)
    })
}

/// Trains on weighted classes with smoothed labels.
#[unsafe(no_mangle)]
pub extern "C" fn proof_smoothed(
    net: &mut Net,
    work: &mut Work<Adam>,
    xs: &Sequence,
    loss: &SmoothedCrossEntropy<3>,
    rate: f32,
) -> i32 {
    let config = Config::new(Adam::new(rate)).with_loss(*loss);
    answered(|| {
        Trainer::new(net, work, config)?.update(xs, Last(Class::default()))?;
        Ok(OK)
    })
}

type OverFlash<'w> = Network<Frozen<'w, Lstm<2, 5>>, Dense<5, 3>>;

/// Trains a read-out over a frozen cell.
#[unsafe(no_mangle)]
pub extern "C" fn proof_frozen<'w>(
    net: &mut OverFlash<'w>,
    work: &mut Workspace<OverFlash<'w>, Adam, STEPS>,
    xs: &Sequence,
    rate: f32,
) -> i32 {
    let config = Config::new(Adam::new(rate));
    answered(|| {
        Trainer::new(net, work, config)?.update(xs, Last(Class::default()))?;
        Ok(OK)
    })
}

type BothWays = Network<Stacked<Bidirectional<Gru<2, 4>>, Bidirectional<Lstm<8, 3>, Elman<8, 3>, Add>>, Dense<3, 3>>;

/// Trains stacked bidirectional layers.
#[unsafe(no_mangle)]
pub extern "C" fn proof_both_ways(
    net: &mut BothWays,
    work: &mut Workspace<BothWays, Adam, STEPS>,
    reader: &mut Reader<BothWays, STEPS>,
    xs: &Sequence,
    steps: usize,
    rate: f32,
) -> i32 {
    answered(|| {
        let xs = xs.get(..steps).ok_or(Refused::TooLong)?;
        let class = reader.on(net).classify(xs)?;
        Trainer::new(net, work, Config::new(Adam::new(rate)))?.update(xs, Final(class))?;
        Ok(OK)
    })
}

type Small =
    Network<Stacked<Mgu<2, 5>, Stacked<FastGrnn<5, 4>, FastGrnn<4, 3, Libm, LowRank<1>, LowRank<2>>>>, Dense<3, 3>>;

/// Trains a minimal gated unit below a full-rank and a low-rank FastGRNN.
#[unsafe(no_mangle)]
pub extern "C" fn proof_small_cells(
    net: &mut Small,
    work: &mut Workspace<Small, Adam, STEPS>,
    xs: &Sequence,
    steps: usize,
    rate: f32,
) -> i32 {
    answered(|| {
        let xs = xs.get(..steps).ok_or(Refused::TooLong)?;
        let class = net.classify(xs)?;
        Trainer::new(net, work, Config::new(Adam::new(rate)))?.update(xs, Last(class))?;
        Ok(OK)
    })
}

type Words = Vocabulary<8, 32>;
type Pairs = Network<EncoderDecoder<Gru<2, 5>, Gru<8, 5>>, Dense<5, 8>>;

/// Trains an encoder and a decoder to translate a sequence, with teacher forcing.
#[unsafe(no_mangle)]
pub extern "C" fn proof_pair(
    net: &mut Pairs,
    work: &mut Workspace<Pairs, Adam, 16, 8>,
    xs: &Sequence,
    steps: usize,
    tokens: &[u32; 4],
) -> i32 {
    answered(|| {
        let mut target = [Token::default(); 4];
        for (token, &index) in target.iter_mut().zip(tokens) {
            *token = Token::new(index as usize)?;
        }
        let source = xs.get(..steps).ok_or(Refused::TooLong)?;
        let pair = TeacherForced::<_, 8, 16, 8>::new(source, &target, Words::MARKS)?;
        Trainer::new(net, work, Config::new(Adam::new(0.01)))?.update(pair.inputs(), pair.targets())?;
        Ok(OK)
    })
}

/// Translates, drawing from the `k` most probable tokens.
#[unsafe(no_mangle)]
pub extern "C" fn proof_translate(net: &Pairs, xs: &Sequence, steps: usize, k: usize, tokens: &mut [u32; 8]) -> i32 {
    answered(|| {
        let (sampler, mut rng) = (Sampler::top_k(k, 0.8)?, Xoshiro128::from_seed(1));
        let source = xs.get(..steps).ok_or(Refused::TooLong)?;
        for (place, token) in tokens.iter_mut().zip(net.translate(source, Words::MARKS, sampler, &mut rng, 8)?) {
            *place = token?.index() as u32;
        }
        Ok(OK)
    })
}

/// Reads a stream with carried state and smoothed answers.
#[unsafe(no_mangle)]
pub extern "C" fn proof_carried(net: &Net, stream: &mut Carried<[f32; 5], 4>, x: &[f32; 2], factor: f32) -> i32 {
    answered(|| {
        let mut average = ExponentialAverage::<3>::new(factor)?;
        let Some(scores) = stream.push(net, x)? else { return Ok(OK) };
        Ok(average.push(&scores)?.map(|score| score as i32).into_iter().max().unwrap_or(OK))
    })
}

/// Scales samples.
#[unsafe(no_mangle)]
pub extern "C" fn proof_scaled(statistics: &mut Statistics<2>, xs: &mut Sequence) -> i32 {
    xs.iter().for_each(|x| statistics.add(x));
    let normalizer = Normalizer::from_statistics::<Libm<f32>>(statistics);
    let scaled = normalizer.map(|normalizer| xs.iter_mut().for_each(|x| *x = normalizer.apply(x)));
    answer(scaled.map(|()| OK).map_err(|error| match error {
        StatisticsError::Empty => Refused::Empty,
        StatisticsError::NonFinite { .. } => Refused::Input,
    }))
}

/// Computes the loss of a network.
#[unsafe(no_mangle)]
pub extern "C" fn proof_loss(net: &Net, xs: &Sequence, steps: usize, loss: &mut f32) -> i32 {
    answered(|| {
        *loss = net.evaluate(&CrossEntropy, xs.get(..steps).ok_or(Refused::TooLong)?, Last(Class::default()))?;
        Ok(OK)
    })
}
