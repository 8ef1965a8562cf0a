//! The probe of an image in integers: the outputs must have the same bits.

use super::Model;
use crate::{Input, Probed};
use elman::error::{SectionError, SelfTestError};
use elman::image::PROBE;

/// Number of steps of the probe.
const STEPS: usize = 8;

/// The inputs of a probe.
enum Steps {
    Real(Vec<Vec<f64>>),
    Whole(Vec<Vec<i16>>),
    Symbols(Vec<usize>),
}

impl Steps {
    /// Decodes the inputs of `steps` steps; `None` if the bytes do not fit.
    fn of(model: &Model, steps: usize, bytes: &[u8]) -> Option<Self> {
        let (inputs, each) = (model.inputs(), bytes.len() / steps.max(1));
        let words = || bytes.as_chunks().0.iter().map(|&two| u16::from_le_bytes(two));
        if each * steps != bytes.len() {
            return None;
        }
        if each == 4 * inputs {
            let real: Vec<f64> = bytes.as_chunks().0.iter().map(|&four| f32::from_le_bytes(four).into()).collect();
            return Some(Self::Real(real.chunks(inputs).map(<[f64]>::to_vec).collect()));
        }
        if each == 2 * inputs {
            let whole: Vec<i16> = words().map(u16::cast_signed).collect();
            return Some(Self::Whole(whole.chunks(inputs).map(<[i16]>::to_vec).collect()));
        }
        let symbols: Vec<usize> = words().map(usize::from).collect();
        (each == 2 && symbols.iter().all(|&symbol| symbol < inputs)).then_some(Self::Symbols(symbols))
    }

    fn whole(&self, model: &Model) -> Vec<Vec<i16>> {
        match self {
            Self::Real(xs) => model.whole(Input::Vectors(xs)),
            Self::Whole(xs) => xs.clone(),
            Self::Symbols(symbols) => model.whole(Input::Symbols(symbols)),
        }
    }

    fn not_finite(&self) -> Option<usize> {
        match self {
            Self::Real(xs) => xs.iter().position(|x| !x.iter().all(|x| x.is_finite())),
            Self::Whole(_) | Self::Symbols(_) => None,
        }
    }
}

impl Model {
    /// Runs the probe with this data, in the format of `docs/image-format.md`, with the bits of a device.
    ///
    /// # Errors
    /// [`SelfTestError`] if it is not a probe of this network, or a value in it is NaN or infinite.
    pub fn probe(&self, data: &[u8]) -> Result<Probed, SelfTestError> {
        let malformed = SelfTestError::Section(SectionError::Malformed { tag: PROBE });
        let (tolerance, expected, steps) = self.asked(data).ok_or(malformed)?;
        if let Some(step) = steps.not_finite() {
            return Err(SelfTestError::Section(SectionError::Input { step }));
        }
        let (mut states, mut outputs, xs) = (self.start(), Vec::new(), steps.whole(self));
        xs.iter().for_each(|x| outputs = self.step(&mut states, x).0);
        let far = |(y, expected): (&f32, &f32)| f64::from((y - expected).abs());
        let worst = outputs.iter().zip(&expected).map(far).fold(0.0, f64::max);
        Ok(Probed { steps: xs.len(), tolerance, worst, allowed: tolerance })
    }

    fn asked(&self, data: &[u8]) -> Option<(f64, Vec<f32>, Steps)> {
        let (&[steps, outputs], _) = data.as_chunks::<4>().0.split_first_chunk::<2>()?;
        let [steps, outputs] = [steps, outputs].map(|bytes| u32::from_le_bytes(bytes) as usize);
        if steps == 0 || outputs != self.outputs() {
            return None;
        }
        let (numbers, inputs) = data.get(8..)?.split_at_checked(4 * (1 + outputs))?;
        let mut numbers = numbers.as_chunks().0.iter().map(|&four| f32::from_le_bytes(four));
        Some((numbers.next()?.into(), numbers.collect(), Steps::of(self, steps, inputs)?))
    }

    /// The data of the probe that is written with this network: real numbers over the range of its inputs.
    pub(super) fn own_probe(&self) -> Vec<u8> {
        // Multiples of a power of two, exact in `f32`.
        let reach = 2.0_f64.powf(f64::from(self.layers[0].reach()).log2().floor());
        let value = |t: usize, i: usize| (((t * 37 + i * 23 + t * i) % 17) as f64 / 8.0 - 1.0) * reach;
        let xs: Vec<Vec<f64>> = (0..STEPS).map(|t| (0..self.inputs()).map(|i| value(t, i)).collect()).collect();
        let expected = self.run(Input::Vectors(&xs)).pop().unwrap_or_default();
        let mut data = [STEPS as u32, expected.len() as u32, 0].map(u32::to_le_bytes).concat();
        let numbers = expected.iter().copied().chain(xs.iter().flatten().map(|&x| x as f32));
        numbers.for_each(|number| data.extend_from_slice(&number.to_le_bytes()));
        data
    }
}
