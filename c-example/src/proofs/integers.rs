use super::{Sequence, answered};
use crate::status::{OK, Refused};
use elman::cell::Relu;
use elman::int8::{self, Calibration};
use elman::{Dense, Elman, Gru, Libm, Lstm, Network, Part, Stacked};

type Integers = Network<Stacked<Lstm<2, 5>, Stacked<Gru<5, 4>, Elman<4, 3, Libm<f32>, 1, Relu>>>, Dense<3, 2>>;
type IntegerCell = Stacked<int8::Lstm<2, 5>, Stacked<int8::Gru<5, 4>, int8::Elman<4, 3, int8::PerGate, Relu>>>;
type InIntegers = Network<IntegerCell, int8::Dense<3, 2>>;

/// Quantizes a network to integers.
#[unsafe(no_mangle)]
pub extern "C" fn proof_quantize(net: &Integers, xs: &Sequence, small: &mut InIntegers) -> i32 {
    answered(|| {
        let mut calibration = Calibration::new(net);
        calibration.observe(xs)?;
        *small = calibration.quantize::<int8::PerGate>().map_err(|_| Refused::TooLong)?;
        Ok(OK)
    })
}

/// Computes two steps of a network in integers: one with integer inputs, one with real inputs.
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
