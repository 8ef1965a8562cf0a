//! The watch of `board-example` on the host: its decisions before and after it has learned its wearer's motions.

use crate::motion::{HOP, Learn, Net, Refused, Sample, Unfit, Verdict, WINDOW, Watch, Work};
use crate::recordings::{Moment, moments};
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use elman::error::{ImageError, StreamError};
use elman::image::Aligned;
use elman::stream::Buffered;
use elman::{Class, Image, Normalizer, Zero};

static MODEL: &Aligned<[u8]> = &Aligned(*include_bytes!("../../../board-example/models/motions.elman"));
const TEST: &[u8] = include_bytes!("../../../data/basic-motions/test.rnnd");
/// Text of the page about the board.
const PAGE: &str = include_str!("../../../docs/your-board.md");
/// Number of windows in each half of the recordings.
const HALF: usize = 120;

/// Returns the output of a future that never waits.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the future waits"),
    }
}

/// Returns the verdicts on all windows of the recordings, and the number of pauses.
fn worn() -> (Vec<Verdict>, usize) {
    let (mut network, mut work, mut pauses) = (Net::ZERO, Work::ZERO, 0);
    let mut watch = Watch::open(&MODEL.0, &mut network, &mut work).unwrap();
    let mut read = |moment| ready(watch.read(&moment, async || pauses += 1)).unwrap();
    let verdicts = moments(TEST).filter_map(&mut read).collect();
    (verdicts, pauses)
}

/// Returns the number of windows in the second half that the network in flash classifies correctly.
fn without_learning() -> usize {
    let image = Image::<Net>::open(&MODEL.0).unwrap();
    let normalizer: &Normalizer<6> = image.normalizer().unwrap();
    let (mut stream, mut right) = (Buffered::<Sample, WINDOW, HOP>::ZERO, Vec::new());
    for Moment { sample, motion, begins } in moments(TEST) {
        if begins {
            stream.reset();
        }
        if let Some(window) = stream.push(normalizer.apply(&sample)).unwrap() {
            right.push(image.network().classify(window) == Ok(motion));
        }
    }
    count(right[HALF..].iter().copied())
}

fn count(right: impl Iterator<Item = bool>) -> usize {
    right.filter(|right| *right).count()
}

#[test]
fn a_watch_worn_the_other_way_round_learns_as_its_page_says() {
    let (verdicts, _) = worn();
    assert_eq!(verdicts.len(), 2 * HALF);
    let [first, last] = [&verdicts[..HALF], &verdicts[HALF..]].map(|half| count(half.iter().map(|v| v.right)));
    let updates = verdicts.iter().filter(|verdict| verdict.slices.is_some()).count();
    let line = format!(
        "{first} of the first {HALF} windows and {last} of the last {HALF} are classified correctly after {updates} updates; without learning, {} of the last {HALF}.",
        without_learning()
    );
    assert!(PAGE.replace('\n', " ").contains(&line), "{line}");
    let line = format!("`Learn::BYTES` is {} bytes", Learn::BYTES);
    assert!(PAGE.replace('\n', " ").contains(&line), "{line}");
}

#[test]
fn every_slice_but_the_last_is_followed_by_a_pause() {
    let (verdicts, pauses) = worn();
    let slices = verdicts.iter().filter_map(|verdict| verdict.slices);
    assert_eq!(slices.clone().map(|slices| slices - 1).sum::<usize>(), pauses);
    assert!(slices.clone().all(|slices| slices > 2 * WINDOW), "each step of both passes is a slice");
}

#[test]
fn a_sample_that_is_not_finite_changes_nothing() {
    let read = |glitch: Option<f32>| {
        let (mut network, mut work) = (Net::ZERO, Work::ZERO);
        let mut watch = Watch::open(&MODEL.0, &mut network, &mut work).unwrap();
        let mut last = None;
        for moment in moments(TEST).take(2 * WINDOW) {
            if let Some(glitch) = glitch {
                let glitch = Moment { sample: [glitch; 6], motion: Class::default(), begins: false };
                assert_eq!(ready(watch.read(&glitch, async || {})), Err(Refused::Sample(StreamError::NonFiniteInput)));
            }
            last = ready(watch.read(&moment, async || {})).unwrap().or(last);
        }
        (last, network)
    };
    assert!(read(Some(f32::NAN)) == read(None) && read(Some(f32::INFINITY)) == read(None));
}

#[test]
fn a_damaged_image_does_not_start() {
    let open = |bytes: &[u8]| {
        let (mut network, mut work) = (Net::ZERO, Work::ZERO);
        Watch::open(bytes, &mut network, &mut work).map(|_| ())
    };
    assert_eq!(open(&MODEL.0), Ok(()));
    let mut damaged = Aligned([0; include_bytes!("../../../board-example/models/motions.elman").len()]);
    damaged.0.copy_from_slice(&MODEL.0);
    damaged.0[5000] ^= 1;
    assert_eq!(open(&damaged.0), Err(Unfit::Image(ImageError::Checksum)));
    assert!(matches!(open(&[]), Err(Unfit::Image(_))));
}

#[test]
fn recordings_take_turns_and_are_whole() {
    let begins: Vec<_> = moments(TEST).filter(|moment| moment.begins).map(|moment| moment.motion.index()).collect();
    assert_eq!(begins, [0, 1, 2, 3].repeat(10));
    assert_eq!(moments(TEST).count(), 4000);
    assert_eq!(moments(&TEST[..TEST.len() - 1]).count(), 3900);
    assert_eq!(moments(&[]).count(), 0);
}
