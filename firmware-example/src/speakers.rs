//! What the programs about speakers share: the demo's model in flash, and some of the test utterances.

use crate::Aligned;
use elman::parameters::walk_range;
use elman::{Parameters, Path};
use vowels::{Model, Set};
use zerocopy::FromBytes;

static MODEL: &Aligned<[u8]> = &Aligned(*include_bytes!(env!("VOWELS_MODEL")));
static UTTERANCES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/utterances.rnnd"));

/// The model trained on the host, where it lies; `None` if the bytes are not of its length.
pub fn model() -> Option<&'static Model> {
    Model::ref_from_bytes(&MODEL.0).ok()
}

/// Every fifth utterance of the test set: all of them do not fit the smaller boards.
pub fn utterances() -> Option<Set<'static>> {
    Set::new(UTTERANCES).ok()
}

/// Copies weights tensor by tensor: a clone would cross the stack as a whole.
pub fn copy<P: Parameters<Scalar = f32>>(from: &P, to: &mut P) {
    let mut start = 0;
    from.view(Path::ROOT, &mut |_, values| {
        walk_range(to, [], start..start + values.len(), |places, []| {
            places.iter_mut().zip(values).for_each(|(place, value)| *place = *value);
        });
        start += values.len();
    });
}
