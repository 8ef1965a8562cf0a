//! Raw sensor counts, with offsets and gains far from the range of a tanh, can be learned only through a
//! normaliser.

use elman::metrics::{Confusion, MeanSquaredError};
use elman::normalize::Statistics;
use elman::optim::Optimizer;
use elman::{
    Adam, Class, Clip, Config, Dense, Each, Elman, Last, Libm, Network, Normalizer, Random, Sgd, SquaredError, Trainer,
    Workspace, Xoshiro128, Zero, init,
};
use host_tests::precision::weight_bits;

const CHANNELS: usize = 3;
const STEPS: usize = 24;
type Net = Network<Elman<CHANNELS, 8>, Dense<8, 2>>;
type Recording = (Vec<[i16; CHANNELS]>, Class<2>);

/// Returns recordings of an accelerometer that reads gravity on one axis at rest and, shaken slowly or quickly, a
/// little more or less. The third channel is a temperature without information, in hundredths of a degree.
fn recordings(seed: u64, count: usize) -> Vec<Recording> {
    let mut rng = Xoshiro128::from_seed(seed);
    let recording = |index: usize| {
        let class = index % 2;
        let length = 12 + rng.below(STEPS as u32 - 11) as usize;
        let (phase, pace) = (6.3 * rng.unit_f32(), [0.3, 0.9][class] + 0.2 * rng.unit_f32());
        let temperature = 2_000 + rng.below(1_000) as i16;
        let mut noise = || rng.normal::<Libm<f32>>();
        let steps = (0..length).map(|t| {
            let swing = (phase + pace * t as f32).sin();
            let axes = [16_384.0 + 400.0 * swing + 40.0 * noise(), -120.0 - 50.0 * swing + 10.0 * noise()];
            [axes[0] as i16, axes[1] as i16, temperature]
        });
        (steps.collect(), Class::new(class).unwrap())
    };
    (0..count).map(recording).collect()
}

fn statistics(recordings: &[Recording]) -> Statistics<CHANNELS> {
    let mut statistics = Statistics::ZERO;
    recordings.iter().flat_map(|(steps, _)| steps).for_each(|step| statistics.add(step));
    statistics
}

fn read(normalizer: &Normalizer<CHANNELS>, steps: &[[i16; CHANNELS]]) -> Vec<[f32; CHANNELS]> {
    steps.iter().map(|step| normalizer.apply(step)).collect()
}

fn start<const K: usize>() -> Network<Elman<CHANNELS, 8>, Dense<8, K>> {
    let mut network = Network::ZERO;
    init::uniform_fan::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(1));
    network
}

/// Trains on recordings read through a normaliser.
fn learn<O: Optimizer<Scalar = f32>>(normalizer: &Normalizer<CHANNELS>, recordings: &[Recording], optimizer: O) -> Net {
    let mut network = start();
    let mut workspace = Workspace::<Net, O, STEPS>::ZERO;
    let config = Config { clip: Clip::Norm(1.0), ..Config::new(optimizer) };
    let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
    for _ in 0..30 {
        for (steps, class) in recordings {
            trainer.update(&read(normalizer, steps), Last(*class)).unwrap();
        }
    }
    network
}

fn judge(network: &Net, normalizer: &Normalizer<CHANNELS>, recordings: &[Recording]) -> f32 {
    let mut confusion = Confusion::new();
    for (steps, truth) in recordings {
        confusion.add(*truth, network.classify(&read(normalizer, steps)).unwrap());
    }
    confusion.accuracy().unwrap()
}

#[test]
fn raw_counts_need_the_normaliser() {
    let (train, test) = (recordings(2, 100), recordings(3, 200));
    let normalizer = Normalizer::from_statistics::<Libm<f32>>(&statistics(&train)).unwrap();
    let with = judge(&learn(&normalizer, &train, Adam::new(0.01)), &normalizer, &test);
    let raw = Normalizer::IDENTITY;
    let without = judge(&learn(&raw, &train, Adam::new(0.01)), &raw, &test);
    println!("{with} of the unseen recordings correct with the normaliser, {without} without");
    assert!(with >= 0.97);
    assert!(without <= 0.75);
}

/// Another gain and offset of a channel, as another sensor has, lead to the same trained weights.
#[test]
fn gain_and_offset_of_a_channel_do_not_matter() {
    let train = recordings(2, 20);
    let doubled: Vec<Recording> =
        train.iter().map(|(steps, class)| (steps.iter().map(|&[x, y, z]| [x, 2 * y, z]).collect(), *class)).collect();
    let learned = [&train, &doubled].map(|recordings| {
        let normalizer = Normalizer::from_statistics::<Libm<f32>>(&statistics(recordings)).unwrap();
        weight_bits(&learn(&normalizer, recordings, Sgd { rate: 0.05 }))
    });
    assert_eq!(learned[0], learned[1], "a factor of 2 is exact");
}

/// A forecast of the network is converted to the sensor's own unit.
#[test]
fn a_forecast_is_read_in_the_sensors_unit() {
    type Series = Network<Elman<CHANNELS, 8>, Dense<8, CHANNELS>>;
    let wave = |t: usize| (0.4 * t as f32).sin();
    let series: Vec<[i16; CHANNELS]> =
        (0..600).map(|t| [(16_384.0 + 400.0 * wave(t)) as i16, (-120.0 - 50.0 * wave(t + 2)) as i16, 2_500]).collect();
    let (past, held) = series.split_at(500);
    let mut statistics = Statistics::ZERO;
    past.iter().for_each(|sample| statistics.add(sample));
    let normalizer = Normalizer::from_statistics::<Libm<f32>>(&statistics).unwrap();
    let xs = read(&normalizer, past);
    let mut network: Series = start();
    let mut workspace = Workspace::<Series, Adam, STEPS, STEPS>::ZERO;
    let optimizer = Adam::new(0.005);
    let config = Config {
        optimizer,
        loss: SquaredError,
        clip: Clip::Norm(1.0),
        steps: elman::Reduction::Mean,
        sequences: elman::Reduction::Sum,
    };
    let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
    for _ in 0..60 {
        let mut state = [0.0; 8];
        for at in (0..20).map(|window| window * STEPS) {
            trainer.update_from(&mut state, &xs[at..at + STEPS], Each(&xs[at + 1..at + 1 + STEPS])).unwrap();
        }
    }
    let mut future = [[0.0; CHANNELS]; 10];
    network.forecast(&xs, &mut future).unwrap();
    let (mut learned, mut persistence) = (MeanSquaredError::ZERO, MeanSquaredError::ZERO);
    for (truth, forecast) in held.iter().zip(&future) {
        let truth = truth.map(f32::from);
        learned.add(&truth, &normalizer.restore(forecast));
        persistence.add(&truth, &past[past.len() - 1].map(f32::from));
    }
    let [learned, persistence] = [learned, persistence].map(|error| error.root::<Libm<f32>>().unwrap());
    println!("ten steps ahead: off by {learned:.1} counts, persistence by {persistence:.1}");
    assert!(learned < persistence / 5.0);
    assert!((normalizer.restore(&future[9])[2] - 2_500.0).abs() < 1.0, "a channel that never changed stays");
}
