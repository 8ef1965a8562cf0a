//! Weights out of an image.

use crate::status::{OK, Refused};
use elman::{Parameters, Path, parameters};

/// Copies weights that are all finite; the others would be learned with for ever.
pub fn copy<N: Parameters<Scalar = f32>>(from: &N, to: &mut N) -> Result<i32, Refused> {
    let mut finite = true;
    from.view(Path::ROOT, &mut |_, values| finite &= values.iter().all(|value| value.is_finite()));
    if !finite {
        return Err(Refused::Weights);
    }
    parameters::copy(from, to);
    Ok(OK)
}
