//! Data shared by the programs that recognise speakers: the demo's model in flash, and some of the test
//! utterances.

use elman::image::Aligned;
use vowels::{Model, ModelError, Set};

/// Image of the model trained on the host.
pub static MODEL: &Aligned<[u8]> = &Aligned(*include_bytes!(env!("VOWELS_MODEL")));
static UTTERANCES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/utterances.rnnd"));

/// Opens the model trained on the host, in place.
///
/// # Errors
/// Returns an error if the image is refused.
pub fn model() -> Result<Model<'static>, ModelError> {
    Model::open(&MODEL.0)
}

/// Returns every fifth utterance of the test set, since the whole set does not fit the smaller boards.
pub fn utterances() -> Option<Set<'static>> {
    Set::new(UTTERANCES).ok()
}
