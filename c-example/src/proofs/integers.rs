use super::{Sequence, answered};
use crate::status::OK;
use elman::cell::Relu;
use elman::image::{Image, Probe};
use elman::int8::{self, Calibration};
use elman::{Dense, Elman, Gru, Libm, Lstm, Network, Part, Stacked};

type Integers = Network<Stacked<Lstm<2, 5>, Stacked<Gru<5, 4>, Elman<4, 3, Libm<f32>, 1, Relu>>>, Dense<3, 2>>;
type IntegerCell = Stacked<int8::Lstm<2, 5>, Stacked<int8::Gru<5, 4>, int8::Elman<4, 3, int8::PerGate, Relu>>>;
type InIntegers = Network<IntegerCell, int8::Dense<3, 2>>;

/// Puts a network into integers.
#[unsafe(no_mangle)]
pub extern "C" fn proof_quantize(net: &Integers, xs: &Sequence, small: &mut InIntegers) -> i32 {
    answered(|| {
        let mut calibration = Calibration::new(net);
        calibration.observe(xs)?;
        *small = calibration.quantize::<int8::PerGate>()?;
        Ok(OK)
    })
}

/// A step of a network in integers, with whole inputs and with real ones.
#[unsafe(no_mangle)]
pub extern "C" fn proof_integers(
    small: &InIntegers,
    state: &mut <IntegerCell as Part>::State,
    whole: &[i16; 2],
    real: &[f32; 2],
    outputs: &mut [f32; 2],
) {
    small.step(state, whole);
    *outputs = small.step(state, real);
}

/// Writes the image of a network in integers with a probe.
#[unsafe(no_mangle)]
pub extern "C" fn proof_integers_written(small: &InIntegers, xs: &Sequence, bytes: &mut [u8; 2048]) -> i32 {
    answered(|| {
        let probe = Probe { input: xs, expected: small.predict(xs)?, tolerance: 0.0 };
        Ok(Image::write(small, &[&probe], bytes)? as i32)
    })
}

/// Opens an image of a network in integers, and tests it with real and with whole numbers.
#[unsafe(no_mangle)]
pub extern "C" fn proof_integers_opened(bytes: &[u8; 2048]) -> i32 {
    answered(|| {
        let image = Image::<InIntegers>::open(bytes)?;
        image.selftest::<[f32; 2]>()?;
        image.selftest::<[i16; 2]>()?;
        Ok(OK)
    })
}
