//! Forecasts compared with steps by hand, and two series that an Elman network forecasts better than persistence.

use elman::cell::Relu;
use elman::metrics::MeanSquaredError;
use elman::{
    Adam, Clip, Config, Dense, Each, Elman, Libm, Math, Network, Reduction, SequenceError, SquaredError, Trainer,
    Workspace, Xoshiro128, Zero, init,
};
use host_tests::plain::drawn;
use host_tests::precision::bits;
use host_tests::{Noise, Precision};

type Net<T, const I: usize, const H: usize> = Network<Elman<I, H, Libm<T>>, Dense<H, I, T>>;

fn is_stepping<T: Precision, const I: usize, const H: usize>()
where
    Libm<T>: Math<Scalar = T>,
{
    let network: Net<T, I, H> = drawn(1, 3.0);
    for length in [1, 2, 11] {
        let history = Noise(2).vectors::<T, I>(length);
        let (mut state, mut next, mut want) = ([T::ZERO; H], [T::ZERO; I], Vec::new());
        history.iter().for_each(|x| next = network.step(&mut state, x));
        for _ in 0..7 {
            want.push(next);
            next = network.step(&mut state, &next);
        }
        for ahead in [0, 1, 7] {
            let mut future = vec![[T::ZERO; I]; ahead];
            assert_eq!(network.forecast(&history, &mut future), Ok(()));
            assert_eq!(bits(future.as_flattened()), bits(want[..ahead].as_flattened()));
        }
        let mut next = vec![[T::ZERO; I]; length];
        network.predict_each(&history, &mut next).unwrap();
        assert_eq!(bits(&next[length - 1]), bits(&want[0]), "the first forecast is the last one-step-ahead one");
    }
}

#[test]
fn a_forecast_is_stepping() {
    is_stepping::<f32, 1, 1>();
    is_stepping::<f32, 3, 5>();
    is_stepping::<f64, 1, 1>();
    is_stepping::<f64, 3, 5>();
}

fn refusal(network: &Net<f32, 2, 3>, history: &[[f32; 2]]) -> Option<SequenceError> {
    let mut future = [[7.0; 2]; 3];
    let error = network.forecast(history, &mut future).err();
    assert_eq!(future, [[7.0; 2]; 3], "the future is as before");
    error
}

#[test]
fn what_cannot_be_continued_is_refused() {
    let mut network = drawn(1, 1.0);
    assert_eq!(refusal(&network, &[]), Some(SequenceError::Empty));
    for (step, bad) in [(0, f32::NAN), (3, f32::NAN), (2, f32::INFINITY), (1, f32::NEG_INFINITY)] {
        let mut history = [[0.5, -0.5]; 4];
        history[step][1] = bad;
        assert_eq!(refusal(&network, &history), Some(SequenceError::NonFiniteInput { step }));
    }
    network.readout.b[1] = f32::NAN;
    assert_eq!(refusal(&network, &[[0.5, -0.5]; 4]), Some(SequenceError::NonFiniteOutput { step: 3 }));
}

#[test]
fn a_forecast_that_overflows_says_where() {
    let mut network = Network::<Elman<1, 1, Libm<f32>, 1, Relu>, Dense<1, 1>>::ZERO;
    network.cell.affine.w_ih = [[[1e10]]];
    network.readout.w = [[1.0]];
    let mut future = [[7.0]; 5];
    let error = SequenceError::NonFiniteOutput { step: 4 };
    assert_eq!(network.forecast(&[[0.0], [1.0]], &mut future), Err(error));
    assert!(future[..3].iter().all(|[x]| (1e10..=1.1e30).contains(x)), "{future:?}");
    assert_eq!(future[3..], [[7.0]; 2]);
}

/// Numbers of steps in a window, of training windows, and of held-out steps after them.
const WINDOW: usize = 25;
const WINDOWS: usize = 32;
const HELD: usize = 200;

type Series = Network<Elman<1, 16>, Dense<16, 1>>;

/// Trains a network to forecast the next value of a series by truncated BPTT, in `passes` passes.
fn learn(series: &[[f32; 1]], passes: usize) -> Series {
    let mut network = Series::ZERO;
    init::uniform_fan::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(5));
    let mut workspace = Workspace::<Series, Adam, WINDOW, WINDOW>::ZERO;
    for pass in 0..passes {
        let rate = if 2 * pass < passes { 0.005 } else { 0.001 };
        let config = Config {
            optimizer: Adam::new(rate),
            loss: SquaredError,
            clip: Clip::Norm(1.0),
            steps: Reduction::Mean,
            sequences: Reduction::Sum,
        };
        let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
        let mut state = [0.0; 16];
        for at in (0..WINDOWS).map(|window| window * WINDOW) {
            let (xs, next) = (&series[at..at + WINDOW], &series[at + 1..at + 1 + WINDOW]);
            trainer.update_from(&mut state, xs, Each(next)).unwrap();
        }
    }
    network
}

/// Returns the mean squared errors of the network and of persistence, one step ahead over the held-out steps.
fn one_step_ahead(network: &Series, series: &[[f32; 1]]) -> (f32, f32) {
    let mut predictions = vec![[0.0]; series.len() - 1];
    network.predict_each(&series[..series.len() - 1], &mut predictions).unwrap();
    let (mut learned, mut persistence) = (MeanSquaredError::ZERO, MeanSquaredError::ZERO);
    for at in series.len() - HELD..series.len() {
        learned.add(&series[at], &predictions[at - 1]);
        persistence.add(&series[at], &series[at - 1]);
    }
    (learned.mean().unwrap(), persistence.mean().unwrap())
}

#[test]
fn a_sine_is_foretold() {
    let sine = |t: usize| [0.8 * (std::f32::consts::TAU * t as f32 / 17.3).sin()];
    let series: Vec<_> = (0..=WINDOWS * WINDOW + HELD).map(sine).collect();
    let network = learn(&series, 60);
    let (learned, persistence) = one_step_ahead(&network, &series);
    println!("sine, one step ahead: mean squared error {learned:.2e}, persistence {persistence:.2e}");
    assert!(learned < persistence / 100.0);
    // Free-running, over more than a period.
    let now = series.len() - HELD;
    let mut future = [[0.0]; 20];
    network.forecast(&series[..now], &mut future).unwrap();
    let (mut free, mut persistence) = (MeanSquaredError::ZERO, MeanSquaredError::ZERO);
    for (truth, forecast) in series[now..].iter().zip(&future) {
        free.add(truth, forecast);
        persistence.add(truth, &series[now - 1]);
    }
    let (free, persistence) = (free.mean().unwrap(), persistence.mean().unwrap());
    println!("sine, 20 steps free: mean squared error {free:.2e}, persistence {persistence:.2e}");
    assert!(free < persistence / 10.0);
}

/// x_t = 1.6 x_{t−1} − 0.9 x_{t−2} + noise: no forecast has a smaller error than the variance of the noise, known here.
#[test]
fn an_autoregressive_series_is_foretold() {
    let (mut noise, mut before) = (Noise(6), [0.0, 0.0]);
    let mut innovations = MeanSquaredError::ZERO;
    let total = WINDOWS * WINDOW + HELD;
    let series: Vec<[f32; 1]> = (0..=total)
        .map(|t| {
            let innovation = 0.1 * noise.uniform() as f32;
            if t > total - HELD {
                innovations.add(&[innovation], &[0.0]);
            }
            before = [1.6 * before[0] - 0.9 * before[1] + innovation, before[0]];
            [before[0]]
        })
        .collect();
    let (learned, persistence) = one_step_ahead(&learn(&series, 60), &series);
    let best = innovations.mean().unwrap();
    println!("AR(2), one step ahead: {learned:.2e}, persistence {persistence:.2e}, the best possible {best:.2e}");
    assert!(learned < persistence / 5.0);
    assert!(learned < 1.25 * best);
}
