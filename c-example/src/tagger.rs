//! Entries of the tagger, whose GRUs read a sequence in both directions: see `rnn.h`.

use crate::header::{CLASSES, INPUTS, STEPS, reserved};
use crate::slice;
use crate::status::{OK, Refused, answer};
use elman::{Adam, Bidirectional, Class, Clip, Config, Dense, Each, Gru, Libm, Network, Reader, Trainer, Workspace};
use elman::{Xoshiro128, init};

type Net = Network<Bidirectional<Gru<INPUTS, 4>>, Dense<8, CLASSES>>;
type Room = Reader<Net, STEPS>;
type Work = Workspace<Net, Adam, STEPS, STEPS>;
type Labels = [Class<CLASSES>; STEPS];

const _: () = {
    reserved::<Net>("TAGGER_BYTES");
    reserved::<Room>("TAGGER_ROOM_BYTES");
    reserved::<Work>("TAGGER_TRAINING_BYTES");
};

/// Draws the initial weights: see `rnn.h`.
#[unsafe(no_mangle)]
pub extern "C" fn tagger_init(network: &mut Net, seed: u64) {
    init::uniform_fan::<Libm<f32>, _>(network, &mut Xoshiro128::from_seed(seed));
}

/// Labels each step of a sequence: see `rnn.h`.
///
/// # Safety
/// `xs` must be null or point to `steps` inputs; `labels` must be null or point to as many labels.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tagger_label(
    network: &Net,
    room: &mut Room,
    xs: *const [f32; INPUTS],
    labels: *mut u32,
    steps: usize,
) -> i32 {
    // SAFETY: the caller's promise.
    let (xs, labels) = unsafe { (slice::read(xs, steps), slice::write(labels, steps)) };
    answer(label(network, room, xs, labels))
}

fn label(network: &Net, room: &mut Room, xs: &[[f32; INPUTS]], labels: &mut [u32]) -> Result<i32, Refused> {
    let mut classes = Labels::default();
    room.on(network).label(xs, &mut classes)?;
    labels.iter_mut().zip(classes).for_each(|(label, class)| *label = class.index() as u32);
    Ok(OK)
}

/// Performs one update from a labelled sequence: see `rnn.h`.
///
/// # Safety
/// `xs` must be null or point to `steps` inputs; `labels` must be null or point to as many labels.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tagger_update(
    network: &mut Net,
    work: &mut Work,
    xs: *const [f32; INPUTS],
    labels: *const u32,
    steps: usize,
    rate: f32,
) -> i32 {
    // SAFETY: the caller's promise.
    let (xs, labels) = unsafe { (slice::read(xs, steps), slice::read(labels, steps)) };
    answer(update((network, work), xs, labels, rate))
}

fn update(
    (network, work): (&mut Net, &mut Work),
    xs: &[[f32; INPUTS]],
    labels: &[u32],
    rate: f32,
) -> Result<i32, Refused> {
    let mut classes = Labels::default();
    let classes = classes.get_mut(..labels.len()).ok_or(Refused::TooLong)?;
    for (class, &label) in classes.iter_mut().zip(labels) {
        *class = Class::new(label as usize)?;
    }
    let config = Config { clip: Clip::Norm(1.0), ..Config::new(Adam::new(rate)) };
    Trainer::new(network, work, config)?.update(xs, Each(classes))?;
    Ok(OK)
}
