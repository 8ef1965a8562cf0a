//! Entries of the detector, which reports each event in a stream once: see `rnn.h`.

use crate::classifier::{Net, State, UNITS};
use crate::header::{CLASSES, INPUTS, constant, reserved};
use crate::status::{Refused, answer};
use core::mem::MaybeUninit;
use elman::loss::softmax;
use elman::stream::{MovingAverage, Refractory, Staggered, Threshold};
use elman::{Gru, Libm};

type Cell = Gru<INPUTS, UNITS>;

/// Status if a sample completes no event.
const NOTHING: i32 = constant("RNN_NOTHING");

/// Detector that classifies the last 16 samples after every 4 samples, averages 3 answers, and reports a class
/// again only after 4 answers without it.
pub struct Detector {
    stream: Staggered<State<Cell>, 4, 4>,
    average: MovingAverage<CLASSES, 3>,
    refractory: Refractory<CLASSES>,
}

const _: () = reserved::<Detector>("DETECTOR_BYTES");

/// Initialises a detector at the start of a stream: see `rnn.h`.
#[unsafe(no_mangle)]
pub extern "C" fn detector_init(detector: &mut MaybeUninit<Detector>) {
    detector.write(Detector { stream: Staggered::ZERO, average: MovingAverage::ZERO, refractory: Refractory::new(4) });
}

/// Reads a sample and returns the class of an event, or a status: see `rnn.h`.
#[unsafe(no_mangle)]
pub extern "C" fn detector_push(detector: &mut Detector, network: &Net<Cell>, x: &[f32; INPUTS], least: f32) -> i32 {
    answer(detector.push(network, x, least))
}

impl Detector {
    fn push(&mut self, network: &Net<Cell>, x: &[f32; INPUTS], least: f32) -> Result<i32, Refused> {
        let threshold = Threshold::new(least)?;
        let Some(mut scores) = self.stream.push(network, x)? else { return Ok(NOTHING) };
        softmax::<Libm<f32>>(&mut scores);
        let event = self.refractory.event(threshold.decide(&self.average.push(&scores)?));
        Ok(event.map_or(NOTHING, |event| event.class.index() as i32))
    }
}
