//! The demo's network: what it learns, and that the model kept for the firmware is what training makes.

use elman::{Elman, Gru, Lstm, Normalizer, Zero, init};
use vowels::{CHANNELS, HIDDEN, Listener, Model, NetOf, Part, Plan, Set, Training, WorkOf};
use zerocopy::FromBytes;

const TRAIN: &[u8] = include_bytes!("../../data/japanese-vowels/train.rnnd");
const TEST: &[u8] = include_bytes!("../../data/japanese-vowels/test.rnnd");

fn train(plan: Plan) -> Model {
    let (normalizer, network) = train_cell(plan, |_| {});
    Model { normalizer, network }
}

/// Trains a network by `plan`, from the first weights that `open` has touched up.
fn train_cell<C: Listener + Zero>(plan: Plan, open: fn(&mut C)) -> (Normalizer<CHANNELS>, NetOf<C>) {
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

/// Mean accuracy of five seeds on the test set.
fn five_seeds<C: Listener + Zero>(plan: Plan, open: fn(&mut C)) -> f32 {
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

fn bytes(model: &Model) -> Vec<u8> {
    let mut image = Vec::new();
    model.write(|bytes| image.extend_from_slice(bytes));
    image
}

#[test]
fn five_seeds_recognise_the_speakers() {
    let mean = five_seeds::<Elman<CHANNELS, HIDDEN>>(Plan::HOST, |_| {});
    assert!(mean >= 0.95, "mean {mean}");
}

/// PyTorch's GRU of the same size: 96.9 %.
#[test]
fn five_seeds_of_a_gru_recognise_the_speakers() {
    let mean = five_seeds::<Gru<CHANNELS, HIDDEN>>(Plan::GRU, |_| {});
    assert!(mean >= 0.96, "mean {mean}");
}

/// PyTorch's LSTM of the same size: 96.0 %.
#[test]
fn five_seeds_of_an_lstm_recognise_the_speakers() {
    let mean = five_seeds::<Lstm<CHANNELS, HIDDEN>>(Plan::LSTM, |lstm| init::forget_bias(lstm, 1.0));
    assert!(mean >= 0.955, "mean {mean}");
}

/// A rebuild on another machine gives the same bits, so the firmware's model can be made again by anyone.
#[test]
fn kept_model_is_what_training_makes() {
    let kept: &[u8] = include_bytes!("../../firmware-example/models/vowels.bin");
    assert!(bytes(&train(Plan::HOST)) == kept, "`cargo xtask demo` makes another model than firmware-example/models");
}

#[test]
fn a_model_is_read_where_it_lies() {
    let model = train(Plan { epochs: 1, ..Plan::DEVICE });
    let mut words = vec![0_u32; size_of::<Model>() / 4];
    zerocopy::IntoBytes::as_mut_bytes(words.as_mut_slice()).copy_from_slice(&bytes(&model));
    let image = zerocopy::IntoBytes::as_bytes(words.as_slice());
    assert_eq!(Model::ref_from_bytes(image).unwrap(), &model);
    assert!(Model::ref_from_bytes(&image[..image.len() - 4]).is_err());
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
