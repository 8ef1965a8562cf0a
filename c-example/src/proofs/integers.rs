use super::{STEPS, Sequence, answered};
use crate::status::{OK, Refused};
use elman::cell::{FullRank, LowRank, Relu};
use elman::image::{Image, Probe};
use elman::int8::{self, Calibration};
use elman::layer::{Add, Multiply};
use elman::{Bidirectional, Class, Dense, Elman, Embedding, FastGrnn, Frozen, Gru, Libm, Lstm, Mgu, Network, Part};
use elman::{Projection, Reader, Stacked, Token};

type Integers = Network<Stacked<Lstm<2, 5>, Stacked<Gru<5, 4>, Elman<4, 3, Libm<f32>, 1, Relu>>>, Dense<3, 2>>;
type IntegerCell = Stacked<int8::Lstm<2, 5>, Stacked<int8::Gru<5, 4>, int8::Elman<4, 3, int8::PerGate, Relu>>>;
type InIntegers = Network<IntegerCell, int8::Dense<3, 2>>;

/// Quantizes a network to integers.
#[unsafe(no_mangle)]
pub extern "C" fn proof_quantize(net: &Integers, xs: &Sequence, small: &mut InIntegers) -> i32 {
    answered(|| {
        let mut calibration = Calibration::new(net);
        calibration.observe(xs)?;
        *small = calibration.quantize::<int8::PerGate>()?;
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

type Sums = Bidirectional<FastGrnn<3, 4, Libm, LowRank<2>, LowRank<1>>, FastGrnn<3, 4>, Add>;
type BothWays = Network<Stacked<Projection<2, 3>, Stacked<Sums, Bidirectional<Mgu<4, 3>, Gru<4, 3>>>>, Dense<6, 2>>;
type SmallSums = Bidirectional<
    int8::FastGrnn<3, 4, int8::PerUnit, LowRank<2>, LowRank<1>>,
    int8::FastGrnn<3, 4, int8::PerUnit, FullRank, FullRank>,
    Add,
>;
type SmallEnds = Bidirectional<int8::Mgu<4, 3, int8::PerUnit>, int8::Gru<4, 3, int8::PerUnit>>;
type SmallBothWays = Network<
    Stacked<int8::Projection<2, 3, int8::PerUnit>, Stacked<SmallSums, SmallEnds>>,
    int8::Dense<6, 2, int8::PerUnit>,
>;

/// Puts a network into integers that reads both ways.
#[unsafe(no_mangle)]
pub extern "C" fn proof_quantize_both_ways(
    net: &BothWays,
    reader: &mut Reader<BothWays, STEPS>,
    xs: &Sequence,
    steps: usize,
    small: &mut SmallBothWays,
) -> i32 {
    answered(|| {
        let mut calibration = Calibration::new(net);
        calibration.observe_in(reader, xs.get(..steps).ok_or(Refused::TooLong)?)?;
        *small = calibration.quantize::<int8::PerUnit>().map_err(|_| Refused::TooLong)?;
        Ok(OK)
    })
}

/// Labels the steps of a sequence by a network in integers that reads both ways.
#[unsafe(no_mangle)]
pub extern "C" fn proof_integers_both_ways(
    small: &SmallBothWays,
    reader: &mut Reader<SmallBothWays, STEPS>,
    xs: &Sequence,
    steps: usize,
    labels: &mut [Class<2>; STEPS],
) -> i32 {
    answered(|| {
        reader.on(small).label(xs.get(..steps).ok_or(Refused::TooLong)?, labels)?;
        Ok(OK)
    })
}

type Products = Network<Stacked<Embedding<9, 2>, Bidirectional<Gru<2, 3>, Lstm<2, 3>, Multiply>>, Dense<3, 9>>;
type SmallProducts = Network<
    Stacked<int8::Embedding<9, 2>, Bidirectional<int8::Gru<2, 3>, int8::Lstm<2, 3>, Multiply>>,
    int8::Dense<3, 9>,
>;

/// Puts a network into integers that reads symbols, and predicts with it from flash.
#[unsafe(no_mangle)]
pub extern "C" fn proof_integers_of_symbols(
    net: &Products,
    reader: &mut Reader<Products, STEPS>,
    xs: &[Token<9>; STEPS],
    small: &mut SmallProducts,
    outputs: &mut [f32; 9],
) -> i32 {
    answered(|| {
        let mut calibration = Calibration::new(net);
        calibration.observe_in(reader, xs)?;
        *small = calibration.quantize::<int8::PerGate>().map_err(|_| Refused::TooLong)?;
        let mut reader = Reader::<_, STEPS>::ZERO;
        let frozen = Network { cell: Frozen(&small.cell), readout: small.readout };
        *outputs = reader.on(&frozen).predict(xs)?;
        Ok(OK)
    })
}
