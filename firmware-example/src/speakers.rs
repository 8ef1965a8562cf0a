//! What the programs about speakers share: the demo's model in flash, and some of the test utterances.

use elman::image::Aligned;
use elman::parameters::walk_range;
use elman::{Parameters, Path};
use vowels::{Model, ModelError, Set};

/// The image of the model trained on the host.
pub static MODEL: &Aligned<[u8]> = &Aligned(*include_bytes!(env!("VOWELS_MODEL")));
static UTTERANCES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/utterances.rnnd"));

/// The model trained on the host, where it lies.
///
/// # Errors
/// What is wrong with its image.
pub fn model() -> Result<Model<'static>, ModelError> {
    Model::open(&MODEL.0)
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
