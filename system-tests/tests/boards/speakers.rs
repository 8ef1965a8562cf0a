//! Speakers recognised in integers: the bits of the boards, and the answers of the network of `f32`.

use elman::Zero;
use elman::image::Aligned;
use elman_trainer::zeroed;
use vowels::{CHANNELS, Checksum, Model, Net, STEPS, Set, Work};

#[path = "../../../firmware-example/rounded.rs"]
mod rounded;
#[path = "../../../firmware-example/src/shrunk.rs"]
mod shrunk;

use shrunk::{REQUIRED, Small, Utterances};

static MODEL: &Aligned<[u8]> = &Aligned(*include_bytes!("../../../firmware-example/models/vowels.elman"));
const TRAIN: &[u8] = include_bytes!("../../../data/japanese-vowels/train.rnnd");
const TEST: &[u8] = include_bytes!("../../../data/japanese-vowels/test.rnnd");

#[test]
fn the_whole_test_set_gives_the_bits_of_the_boards() {
    let model = Model::open(&MODEL.0).unwrap();
    let (shown, heard) = (rounded::rounded(TRAIN, |index| index % 27 == 0), rounded::rounded(TEST, |_| true));
    let (shown, heard) = (Utterances::new(&shown).unwrap(), Utterances::new(&heard).unwrap());
    assert_eq!((shown.iter().count(), heard.iter().count()), (10, 370));
    let (mut small, mut buffer) = (Small::ZERO, [[0.0; CHANNELS]; STEPS]);
    shrunk::shrink(&mut small, (model.network, model.normalizer), shown, &mut buffer).unwrap();
    let answers = shrunk::answer((&small, model.normalizer), heard, &mut buffer).unwrap();
    let log = format!(
        "INFO {{board}}: {} bytes of f32 in flash are {} in integers
INFO {} of {} utterances recognised
INFO outputs: CRC-64 {}
",
        size_of_val(model.network),
        size_of_val(&small),
        answers.right,
        answers.all,
        answers.outputs
    );
    assert_eq!(log, include_str!("../../../firmware-example/src/bin/speakers.out"));
    let (same, all) = shrunk::agreement((model.network, &small, model.normalizer), heard, &mut buffer).unwrap();
    assert!(same * 100 >= all * 99, "{same} of {all}");
}

#[test]
fn a_network_that_learned_gives_the_bits_of_the_boards() {
    let normalizer = *Model::open(&MODEL.0).unwrap().normalizer;
    let (own, heard) = (rounded::rounded(TRAIN, |_| true), rounded::rounded(TEST, |_| true));
    let (own, heard) = (Utterances::new(&own).unwrap(), Utterances::new(&heard).unwrap());
    let (mut network, mut work) = (Net::ZERO, zeroed::<Work>());
    shrunk::learn((&mut network, &mut work), Set::new(TRAIN).unwrap(), normalizer).unwrap();
    let (mut small, mut buffer) = (Small::ZERO, [[0.0; CHANNELS]; STEPS]);
    shrunk::shrink(&mut small, (&network, &normalizer), own, &mut buffer).unwrap();
    let (same, all) = shrunk::agreement((&network, &small, &normalizer), own, &mut buffer).unwrap();
    assert!(same * 100 >= all * REQUIRED, "{same} of {all}");
    let answers = shrunk::answer((&small, &normalizer), heard, &mut buffer).unwrap();
    let log = format!(
        "INFO {{board}} has learned: CRC-64 {}
INFO integers agree on {same} of {all} of its samples
INFO {} of {} utterances recognised by integers
INFO outputs: CRC-64 {}
",
        Checksum::of(&network),
        answers.right,
        answers.all,
        answers.outputs
    );
    assert_eq!(log, include_str!("../../../firmware-example/src/bin/shrink.out"));
}

/// A damaged file ends the list; nothing is read beyond it.
#[test]
fn damaged_utterances_are_not_read() {
    assert!(Utterances::new(&[0; 3]).is_none());
    let whole = rounded::rounded(TEST, |index| index < 2);
    let count = |bytes: &[u8]| Utterances::new(bytes).map_or(0, |utterances| utterances.iter().count());
    assert_eq!([count(&whole), count(&whole[..whole.len() - 1]), count(&whole[..4])], [2, 1, 0]);
    let mut unknown = whole.clone();
    unknown[4] = 9;
    assert_eq!(count(&unknown), 0);
}
