//! Uses of a data set: its summary, training on it, and its normaliser in an image for a device.

use elman::image::{Aligned, Image};
use elman::normalize::Statistics;
use elman::{Adam, Class, Dense, Gru, Libm, Network, Xoshiro128, Zero, init};
use elman::{Normalizer, error::StatisticsError};
use elman_trainer::data::{self, DataSet, Label, Options, Sequence, Series, SeriesList, csv, rnnd};
use elman_trainer::{Fit, fit};

type Net = Network<Gru<6, 8>, Dense<8, 4>>;
type Motion = Sequence<[f32; 6], Class<4>>;

fn motions() -> DataSet {
    rnnd::read(include_bytes!("../../../data/basic-motions/train.rnnd"), &Options::default()).unwrap()
}

fn sequences(data: &DataSet, part: &[usize]) -> Vec<Motion> {
    data.part(part).sequences().unwrap()
}

fn bits(sequence: &Motion) -> Vec<u32> {
    sequence.steps.iter().flatten().map(|value| value.to_bits()).collect()
}

#[test]
fn the_image_s_normaliser_gives_the_bits_of_the_host_s() {
    let data = motions();
    let split = data.holdout(0.25, 1);
    let (train, held) = (sequences(&data, &split.train), sequences(&data, &split.held));
    let normalizer = data::normalizer(&train).unwrap();
    let mut net = Net::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut net, &mut Xoshiro128::from_seed(1));

    let bytes = data::image(&net, &[&normalizer]).unwrap();
    let mut flash = Box::new(Aligned([0; 8192]));
    flash.0[..bytes.len()].copy_from_slice(&bytes);
    let image = Image::<Net>::open(&flash.0).unwrap();
    let carried = image.normalizer::<6>().unwrap();
    for sequence in train.iter().chain(&held) {
        let host = sequence.normalized(&normalizer);
        let device: Vec<_> = sequence.steps.iter().map(|step| carried.apply(step)).collect();
        assert_eq!(bits(&host), bits(&Sequence { steps: device, ..sequence.clone() }));
        assert_ne!(bits(&host), bits(sequence), "and it does something");
    }
    assert_eq!(image.network(), &net);
}

#[test]
fn statistics_are_those_of_the_training_part_alone() {
    let data = motions();
    let split = data.holdout(0.25, 1);
    let train = sequences(&data, &split.train);
    let mut statistics = Statistics::<6>::ZERO;
    for step in train.iter().flat_map(|sequence| &sequence.steps) {
        statistics.add(step);
    }
    let normalizer = data::normalizer(&train).unwrap();
    assert_eq!(normalizer, Normalizer::from_statistics::<Libm<f32>>(&statistics).unwrap());
    assert_ne!(normalizer, data::normalizer(&data.sequences::<6, Class<4>>().unwrap()).unwrap());
    let normalized: Vec<_> = train.iter().map(|sequence| sequence.normalized(&normalizer)).collect();
    let again = data::normalizer(&normalized).unwrap();
    assert!(again.mean.iter().all(|mean| mean.abs() < 1e-5), "{again:?}");
    assert!(again.scale.iter().all(|scale| (scale - 1.0).abs() < 1e-5), "{again:?}");
}

#[test]
fn no_steps_and_values_that_are_not_finite_have_no_statistics() {
    assert_eq!(data::normalizer::<6, ()>(&[]), Err(StatisticsError::Empty));
    let sequence = Sequence { steps: vec![[1.0], [f32::NAN]], label: (), group: 0 };
    assert_eq!(data::normalizer(&[sequence]), Err(StatisticsError::NonFinite { channel: 0 }));
}

#[test]
fn a_network_learns_from_sequences_as_they_are() {
    let data = motions();
    let split = data.holdout(0.25, 1);
    let (train, held) = (sequences(&data, &split.train), sequences(&data, &split.held));
    let normalizer = data::normalizer(&train).unwrap();
    let [train, held] =
        [train, held].map(|part| part.iter().map(|one| one.normalized(&normalizer)).collect::<Vec<_>>());
    let mut net = Net::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut net, &mut Xoshiro128::from_seed(1));
    let how = Fit::<_, 100> { epochs: 4, batch: 4, ..Fit::new(Adam::new(0.02)) };
    let fitted = fit(&mut net, &train, &held, &how).unwrap();
    assert!(fitted.history.best().unwrap().valid_accuracy > Some(0.5), "{:?}", fitted.history.best());
}

#[test]
fn a_summary_counts() {
    let text = "sequence,label,group,x,y\na,1,p,1,5\na,1,p,3,5\nb,0,q,2,5\nc,1,p,2,5\n";
    let options = Options { classes: Some(["0", "1", "2"].map(String::from).to_vec()), ..Options::default() };
    let summary = csv::read(text.as_bytes(), &options).unwrap().summary();
    assert_eq!((summary.lengths, summary.steps), ((1, 2), 4));
    let counts =
        |counts: &[(&str, usize)]| counts.iter().map(|&(name, count)| (name.to_string(), count)).collect::<Vec<_>>();
    assert_eq!(summary.classes, counts(&[("0", 1), ("1", 2), ("2", 0)]));
    assert_eq!(summary.groups, counts(&[("p", 2), ("q", 1)]));
    let x = &summary.channels[0];
    assert_eq!((x.min, x.max, x.mean, x.deviation, x.non_finite), (1.0, 3.0, 2.0, 0.5_f64.sqrt(), 0));
    let odd = ["channel y is constant", "class 2 does not occur", "sequences identical to an earlier one: 1"];
    assert_eq!(summary.odd, odd);
    let expected = "\
sequences  3, 4 steps in all
lengths    1 to 2 steps
labels     one label
classes    3: 0 (1), 1 (2), 2 (0)
groups     2: p (2), q (1)
channels   2
           name                  min          max         mean    deviation
           x                 1.00000      3.00000      2.00000      0.70711
           y                 5.00000      5.00000      5.00000      0.00000
odd        channel y is constant
odd        class 2 does not occur
odd        sequences identical to an earlier one: 1
";
    assert_eq!(summary.to_string(), expected);
}

#[test]
fn a_summary_tells_values_that_are_not_finite_and_sequences_without_steps() {
    let series = |steps| Series { label: Label::None, group: 0, steps };
    let names = |name: &str| vec![name.to_string()];
    let series = [series(&[f32::NAN, 1.0, f32::INFINITY, 2.0][..]), series(&[]), series(&[])];
    let series = SeriesList::of(1, series).unwrap();
    let data = DataSet { channels: names("x"), classes: Vec::new(), groups: names("0").iter().collect(), series };
    let summary = data.summary();
    let x = &summary.channels[0];
    assert_eq!((x.min, x.max, x.mean, x.non_finite), (1.0, 2.0, 1.5, 2));
    let odd = ["channel x has values that are NaN or infinite: 2", "sequences without steps: 2"];
    assert_eq!(summary.odd, odd, "empty ones are not counted as the same");
    let nothing = DataSet { series: SeriesList::new(1), ..data }.summary();
    assert_eq!((nothing.lengths, nothing.steps, nothing.channels[0].mean.is_nan()), ((0, 0), 0, true));
}

#[test]
fn the_motions_have_nothing_odd() {
    let summary = motions().summary();
    assert!(summary.odd.is_empty(), "{:?}", summary.odd);
    assert_eq!((summary.lengths, summary.classes.len()), ((100, 100), 4));
}
