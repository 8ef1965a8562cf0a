//! The demo's network: its accuracy, and training that reproduces the model in the firmware.

use elman::error::{ImageError, SelfTestError};
use elman::image::{Aligned, PROBE, Section, Tag};
use elman::{Elman, Gru, Image, Lstm, Normalizer, Zero, init};
use elman::{Layer, Reads};
use vowels::{CHANNELS, HIDDEN, Model, ModelError, Net, NetOf, Part, Plan, Set, Training, WorkOf};

const TRAIN: &[u8] = include_bytes!("../../../data/japanese-vowels/train.rnnd");
const TEST: &[u8] = include_bytes!("../../../data/japanese-vowels/test.rnnd");

/// Trains a network according to `plan`, from initial weights adjusted by `open`.
fn train_cell<C: Layer<vowels::Step, Scalar = f32, Output = [f32; HIDDEN]> + Reads<vowels::Step> + Zero>(
    plan: Plan,
    open: fn(&mut C),
) -> (Normalizer<CHANNELS>, NetOf<C>) {
    let set = Set::new(TRAIN).unwrap();
    let normalizer = set.normalizer().unwrap();
    let (mut network, mut work) = (NetOf::<C>::ZERO, WorkOf::<C>::ZERO);
    let mut training = Training::start(plan, set, normalizer, &mut network);
    open(&mut network.cell);
    while let Some(loss) = training.next(&mut network, &mut work) {
        loss.unwrap();
    }
    (normalizer, network)
}

/// Returns the mean accuracy of five seeds on the test set.
fn five_seeds<C: Layer<vowels::Step, Scalar = f32, Output = [f32; HIDDEN]> + Reads<vowels::Step> + Zero>(
    plan: Plan,
    open: fn(&mut C),
) -> f32 {
    let test = Set::new(TEST).unwrap();
    let accuracies = [0, 1, 2, 3, 4].map(|seed| {
        let (normalizer, network) = train_cell(Plan { seed, ..plan }, open);
        let confusion = vowels::evaluate((&network, &normalizer), test, |_| {}).unwrap();
        assert_eq!(confusion.total(), 370);
        confusion.accuracy().unwrap()
    });
    let mean = accuracies.iter().sum::<f32>() / 5.0;
    println!("test accuracy of seeds 0 to 4: {accuracies:.4?}, mean {mean:.4}");
    mean
}

/// Model in the firmware.
static KEPT: &Aligned<[u8]> = &Aligned(*include_bytes!("../../../firmware-example/models/vowels.elman"));

#[test]
fn five_seeds_recognise_the_speakers() {
    let mean = five_seeds::<Elman<CHANNELS, HIDDEN>>(Plan::HOST, |_| {});
    assert!(mean >= 0.95, "mean {mean}");
}

/// PyTorch's GRU of the same size reaches 96.9 %.
#[test]
fn five_seeds_of_a_gru_recognise_the_speakers() {
    let mean = five_seeds::<Gru<CHANNELS, HIDDEN>>(Plan::GRU, |_| {});
    assert!(mean >= 0.96, "mean {mean}");
}

/// PyTorch's LSTM of the same size reaches 96.0 %.
#[test]
fn five_seeds_of_an_lstm_recognise_the_speakers() {
    let mean = five_seeds::<Lstm<CHANNELS, HIDDEN>>(Plan::LSTM, |lstm| init::forget_bias(lstm, 1.0));
    assert!(mean >= 0.955, "mean {mean}");
}

/// Training gives the same bits on any machine, so anyone can reproduce the firmware's model.
#[test]
fn kept_model_is_what_training_makes() {
    let (normalizer, network) = train_cell(Plan::HOST, |_| {});
    let model = Model { network: &network, normalizer: &normalizer };
    let first = Set::new(TRAIN).unwrap().get(0).unwrap();
    let mut image = Vec::new();
    model.stream(&first, &mut |bytes| image.extend_from_slice(bytes)).unwrap();
    assert!(image == KEPT.0, "the model of `cargo xtask demo` differs from firmware-example/models");
}

#[test]
fn a_model_opens_where_it_lies() {
    let Model { network, normalizer } = Model::open(&KEPT.0).unwrap();
    let flash = KEPT.0.as_ptr_range();
    assert!(flash.contains(&(&raw const *network).cast()) && flash.contains(&(&raw const *normalizer).cast()));
    assert_eq!(*normalizer, Set::new(TRAIN).unwrap().normalizer().unwrap());
    let short = KEPT.0.len() - 4;
    let error = ImageError::TooShort { length: short, needed: KEPT.0.len() };
    assert_eq!(Model::open(&KEPT.0[..short]).unwrap_err(), ModelError::Image(error));
}

/// Data of a probe as stored in an image.
struct Probe<'a>(&'a [u8]);

impl Section<f32> for Probe<'_> {
    fn tag(&self) -> Tag {
        PROBE
    }
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(self.0);
    }
}

/// A network that is changed before it is written has a valid checksum: only the probe can detect the change.
#[test]
fn a_model_that_computes_something_else_is_refused() {
    let image = Image::<Net>::open(&KEPT.0).unwrap();
    let mut network = image.network().clone();
    network.readout.b[3] += 1e-6;
    let mut copy = Aligned([0; 1 << 14]);
    let (normalizer, probe) = (image.normalizer::<CHANNELS>().unwrap(), Probe(image.section(PROBE).unwrap()));
    Image::write(&network, &[normalizer, &probe], &mut copy.0).unwrap();
    let error = SelfTestError::Output { output: 3 };
    assert_eq!(Model::open(&copy.0).unwrap_err(), ModelError::SelfTest(error));
}

#[test]
fn parts_of_a_set_share_nothing_and_leave_nothing_out() {
    let set = Set::new(TRAIN).unwrap();
    assert_eq!(set.count(), 270);
    for fold in 0..5 {
        let (fit, held) = (set.part(Part::Fit(fold)), set.part(Part::Held(fold)));
        assert_eq!((fit.count(), held.count()), (216, 54));
        let speakers: Vec<_> = (0..9).map(|k| held.iter().filter(|u| u.speaker.index() == k).count()).collect();
        assert_eq!(speakers, [6; 9]);
    }
}

#[test]
fn damaged_sets_are_refused() {
    assert!(Set::new(&[]).is_err());
    assert!(Set::new(&TRAIN[..TRAIN.len() - 1]).is_err());
    assert!(Set::new(&[TRAIN, &[0]].concat()).is_err());
    for at in [0, 12, 16, 20] {
        let mut damaged = TRAIN.to_vec();
        damaged[at] ^= 0x7f;
        assert!(Set::new(&damaged).is_err(), "byte {at}");
    }
}
