//! A watch that adapts to its wearer: the host gives the same bits as the board, and the windows used for the
//! test share no step with the training windows.

use elman::image::{Aligned, Image};
use elman::{Adam, Class, Clip, Config, Frozen, Last, Network, Normalizer, Reads, Trainer, Workspace, Zero};
use elman_trainer::data::{self, Options};
use std::array;
use std::path::Path;
use vowels::Checksum;

#[allow(dead_code, reason = "the firmware uses the rest")]
#[path = "../../../firmware-example/src/wearer.rs"]
mod wearer;

use wearer::{
    CHANNELS, EXERCISES, Exercise, FIRST_JUDGED, HOP, Learn, Net, NetOf, ON_BOARD, RECORDINGS, ReaderWork, Recording,
    SHOWN, STEPS, Score, Step, Way, Wearer, Work,
};

/// Lines that the board must log.
const LOG: &str = include_str!("../../../firmware-example/src/bin/personalise.out");
/// Model in the board's flash.
static MODEL: &Aligned<[u8]> = &Aligned(*include_bytes!("../../../firmware-example/models/wearer.elman"));
/// Number of steps of each recording that the board's flash holds.
const IN_FLASH: usize = 600;

type Sequence = data::Sequence<Step, Exercise>;

/// Returns the recordings of the person who wears the board.
fn recorded() -> Vec<Sequence> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/smartwatch-physio/recordings.rnnd");
    let set = data::read(Path::new(path), &Options::default()).unwrap();
    assert_eq!((set.channels.len(), set.classes.len(), set.series.len()), (CHANNELS, EXERCISES, 10 * RECORDINGS));
    set.part(&set.without_group(ON_BOARD - 1).held).sequences().unwrap()
}

/// Returns the wearer with the part of these recordings that is in the board's flash: the first steps of each.
fn watch(recorded: &[Sequence], normalizer: Normalizer<CHANNELS>) -> Wearer<'_> {
    let recording =
        |index: usize| Recording { exercise: recorded[index].label, steps: &recorded[index].steps[..IN_FLASH] };
    Wearer { recordings: array::from_fn(recording), normalizer }
}

/// Returns steps that can be told apart: the first channel counts them.
fn counted(length: usize) -> Vec<Step> {
    (0..length).map(|step| [step as f32, 0.0, 0.0, 0.0, 0.0, 0.0]).collect()
}

fn wearer_of(steps: &[Step]) -> Wearer<'_> {
    let recordings = array::from_fn(|index| Recording { exercise: Class::new(index / 2).unwrap(), steps });
    Wearer { recordings, normalizer: Normalizer::IDENTITY }
}

#[test]
fn the_host_does_what_the_board_does() {
    let image = Image::<Net>::open(&MODEL.0).unwrap();
    let (model, normalizer) = (image.network(), *image.normalizer::<CHANNELS>().unwrap());
    let recorded = recorded();
    let watch = watch(&recorded, normalizer);

    let mut reader = Network { cell: Frozen(&model.cell), readout: model.readout.clone() };
    watch.adapt_read_out(&mut reader, &mut { ReaderWork::ZERO }, Way::READ_OUT).unwrap();
    let (mut whole, mut work) = (Box::new(model.clone()), Box::new(Work::ZERO));
    watch.adapt(&mut whole, &mut work, Way::WHOLE).unwrap();

    let log = format!(
        "INFO {{board}}: {} windows to adapt to
INFO before adaptation: {}
INFO read-out adapted: {}
INFO     {} updates of {} bytes
INFO all weights adapted: {}
INFO weights adapted: CRC-64 {}
",
        watch.shown().count(),
        right(model, &watch),
        right(&reader, &watch),
        Way::WHOLE.updates,
        Learn::BYTES,
        right(&whole, &watch),
        Checksum::of(&*whole),
    );
    assert_eq!(log, LOG);
}

fn right<C: Reads<wearer::Step, Output = [f32; wearer::UNITS]>>(network: &NetOf<C>, watch: &Wearer<'_>) -> String {
    let Score { right, all } = Score::of((network, &watch.normalizer), watch.judged()).unwrap();
    format!("{right} of {all} windows correct")
}

#[test]
fn adapting_the_read_out_in_one_step_is_adapting_it_over_the_window() {
    let image = Image::<Net>::open(&MODEL.0).unwrap();
    let (model, normalizer) = (image.network(), *image.normalizer::<CHANNELS>().unwrap());
    let recorded = recorded();
    let watch = watch(&recorded, normalizer);
    let way = Way { updates: 1, rate: 0.01 };
    let mut reader = Network { cell: Frozen(&model.cell), readout: model.readout.clone() };
    watch.adapt_read_out(&mut reader, &mut { ReaderWork::ZERO }, way).unwrap();

    // The first of the shown windows is drawn at random: training on exactly one of them, in full, gives the same bits.
    let config = Config { clip: Clip::Norm(1.0), ..Config::new(Adam::new(way.rate)) };
    let whole = watch.shown().map(|(steps, exercise)| {
        let mut reader = Network { cell: Frozen(&model.cell), readout: model.readout.clone() };
        let mut work = Box::new(Workspace::<_, Adam, STEPS>::ZERO);
        let mut trainer = Trainer::new(&mut reader, &mut work, config).unwrap();
        trainer.update(&wearer::normalized(steps, &normalizer), Last(exercise)).unwrap();
        reader.readout
    });
    assert_eq!(whole.filter(|readout| *readout == reader.readout).count(), 1);
}

#[test]
fn no_step_is_both_shown_and_judged() {
    for length in [0, 1, STEPS - 1, STEPS, STEPS + HOP, 349, 350, 351, 400, 999] {
        let steps = counted(length);
        let watch = wearer_of(&steps);
        let last = watch.shown().map(|(window, _)| window[STEPS - 1][0]).fold(-1.0, f32::max);
        let first = watch.judged().map(|(window, _)| window[0][0]).fold(f32::INFINITY, f32::min);
        assert!(last < first, "of {length} steps: shown up to {last}, judged from {first}");
        let windows = (length + HOP).saturating_sub(STEPS) / HOP;
        assert_eq!(watch.shown().count(), RECORDINGS * windows.min(SHOWN), "of {length} steps");
        assert_eq!(watch.judged().count(), RECORDINGS * windows.saturating_sub(FIRST_JUDGED), "of {length} steps");
    }
}

/// Adapting reads only the shown windows, so later steps may have any values.
#[test]
fn what_is_judged_is_not_learned_from() {
    let adapted = |after: f32| {
        let mut steps = counted(600);
        steps[STEPS + (SHOWN - 1) * HOP..].fill([after; CHANNELS]);
        let (mut network, mut work) = (Box::new(Net::ZERO), Box::new(Work::ZERO));
        wearer_of(&steps).adapt(&mut network, &mut work, Way { updates: 60, rate: 0.01 }).unwrap();
        network
    };
    assert_eq!(adapted(0.0), adapted(f32::NAN));
}

#[test]
fn bytes_that_are_no_recordings_are_refused() {
    let file = Aligned([0_u8; 20 + 12 * RECORDINGS]);
    assert!(wearer::recordings(&file.0).is_some_and(|all| all.iter().all(|one| one.steps.is_empty())));
    (0..file.0.len()).for_each(|length| assert!(wearer::recordings(&file.0[..length]).is_none(), "{length} bytes"));
    let mut other = file;
    other.0[20] = EXERCISES as u8;
    assert!(wearer::recordings(&other.0).is_none(), "an exercise that there is not");
    let mut longer = file;
    longer.0[28] = 1;
    assert!(wearer::recordings(&longer.0).is_none(), "a step that is not there");
    assert!(wearer::recordings(&file.0[1..]).is_none(), "at an odd address");
}
