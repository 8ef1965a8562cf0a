//! The probe stored in an image: an input sequence, and the outputs that the network must give.

use super::evaluate::Precision;
use super::{Input, Model};
use elman::error::{SectionError, SelfTestError};
use elman::image::{PROBE, Section, Tag};

/// Number of steps in the probe that is written with a network.
const STEPS: usize = 8;
/// Allowed difference between an output in f32 and the same output in f64, as a fraction of the largest output or
/// of 1, whichever is larger.
const TOLERANCE: f64 = 2e-5;

/// Result of a probe, evaluated in f64.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probed {
    /// Number of steps.
    pub steps: usize,
    /// Difference from the expected outputs that the probe allows; 0 requires the same bits.
    pub tolerance: f64,
    /// Largest difference found.
    pub worst: f64,
    /// Difference allowed in f64: the tolerance, but at least 2·10⁻⁵ of the largest output, to allow for rounding in
    /// `f32`.
    pub allowed: f64,
}

impl Probed {
    /// Returns `true` if no difference exceeds [`allowed`](Self::allowed).
    #[must_use]
    pub fn passes(&self) -> bool {
        self.worst <= self.allowed
    }
}

impl Model {
    /// Runs the probe encoded in `data`, in the format of `docs/image-format.md`.
    ///
    /// # Errors
    /// [`SelfTestError`] if `data` is not a probe for this network, or if one of its values, or an output in `f32`,
    /// is NaN or infinite.
    pub fn probe(&self, data: &[u8]) -> Result<Probed, SelfTestError> {
        let asked = Asked::of(self, data).ok_or(SectionError::Malformed { tag: PROBE });
        let asked = asked.and_then(Asked::checked).map_err(SelfTestError::Section)?;
        let input = asked.steps.input();
        let (found, device) = (self.run(input, &[]).last, self.run_in(Precision::F32, input, &[]).last);
        if let Some(output) = overflow(&device).or(overflow(&found)) {
            return Err(SelfTestError::NonFiniteOutput { output });
        }
        let difference = |(found, expected): (&f64, &f64)| (found - expected).abs();
        let worst = found.iter().zip(&asked.expected).map(difference).fold(0.0, f64::max);
        let (tolerance, allowed) = (asked.tolerance, asked.tolerance.max(rounding(&asked.expected)));
        Ok(Probed { steps: asked.steps.count(), tolerance, worst, allowed })
    }

    /// Returns the index of the first output that is NaN or infinite in `f32` at any step of the network's own
    /// probe.
    #[must_use]
    pub fn own_overflow(&self) -> Option<usize> {
        let steps = Steps::own(self);
        let runs = [Precision::F32, Precision::F64].map(|precision| self.run_in(precision, steps.input(), &[]));
        runs.iter().find_map(|run| run.each.iter().chain([&run.last]).find_map(|outputs| overflow(outputs)))
    }
}

/// Returns the index of the first output that is NaN or infinite in `f32`.
fn overflow(outputs: &[f64]) -> Option<usize> {
    outputs.iter().position(|&output| !(output as f32).is_finite())
}

/// The inputs of a probe.
enum Steps {
    Symbols(Vec<usize>),
    Vectors(Vec<Vec<f64>>),
}

impl Steps {
    /// Returns the inputs of the probe that is written with a network.
    fn own(model: &Model) -> Self {
        if let Some(table) = &model.embedding {
            return Self::Symbols((0..STEPS).map(|t| t * 7919 % table.rows()).collect());
        }
        // Multiples of 1/8 are exact in every number type.
        let value = |t: usize, i: usize| ((t * 37 + i * 23 + t * i) % 17) as f64 / 8.0 - 1.0;
        Self::Vectors((0..STEPS).map(|t| (0..model.inputs()).map(|i| value(t, i)).collect()).collect())
    }

    /// Decodes the inputs of `steps` steps; returns `None` if the bytes do not fit this network.
    fn of(model: &Model, steps: usize, bytes: &[u8]) -> Option<Self> {
        if Some(bytes.len()) == steps.checked_mul(2) {
            let symbols: Vec<usize> = bytes.as_chunks().0.iter().map(|&b| u16::from_le_bytes(b).into()).collect();
            return symbols.iter().all(|&symbol| symbol < model.symbols()).then_some(Self::Symbols(symbols));
        }
        let whole = model.embedding.is_none() && Some(bytes.len()) == steps.checked_mul(4 * model.inputs());
        let numbers: Vec<f64> = bytes.as_chunks().0.iter().map(number).collect();
        whole.then(|| Self::Vectors(numbers.chunks(model.inputs()).map(<[f64]>::to_vec).collect()))
    }

    fn input(&self) -> Input<'_> {
        match self {
            Self::Symbols(symbols) => Input::Symbols(symbols),
            Self::Vectors(vectors) => Input::Vectors(vectors),
        }
    }

    fn count(&self) -> usize {
        match self {
            Self::Symbols(symbols) => symbols.len(),
            Self::Vectors(vectors) => vectors.len(),
        }
    }

    /// Returns the index of the first step with a value that is NaN or infinite.
    fn not_finite(&self) -> Option<usize> {
        match self {
            Self::Symbols(_) => None,
            Self::Vectors(vectors) => vectors.iter().position(|x| !x.iter().all(|x| x.is_finite())),
        }
    }

    fn write(&self, data: &mut Vec<u8>) {
        match self {
            Self::Symbols(symbols) => symbols.iter().for_each(|&s| data.extend_from_slice(&(s as u16).to_le_bytes())),
            Self::Vectors(vectors) => vectors.iter().flatten().for_each(|&x| push(data, x)),
        }
    }
}

/// Probe stored in an image.
struct Asked {
    tolerance: f64,
    expected: Vec<f64>,
    steps: Steps,
}

impl Asked {
    /// Decodes a probe; returns `None` if the data does not fit this network.
    fn of(model: &Model, data: &[u8]) -> Option<Self> {
        let (&[steps, outputs], rest) = data.as_chunks::<4>().0.split_first_chunk::<2>()?;
        let [steps, outputs] = [steps, outputs].map(|bytes| u32::from_le_bytes(bytes) as usize);
        if steps == 0 || outputs != model.head.rows() {
            return None;
        }
        let (tolerance, rest) = rest.split_first()?;
        let expected = rest.get(..outputs)?.iter().map(number).collect();
        let steps = Steps::of(model, steps, data.get(4 * (3 + outputs)..)?)?;
        Some(Self { tolerance: number(tolerance), expected, steps })
    }

    /// Checks that the values of the probe can be used.
    fn checked(self) -> Result<Self, SectionError> {
        if !(self.tolerance.is_finite() && self.tolerance >= 0.0) {
            return Err(SectionError::Tolerance);
        }
        if let Some(output) = self.expected.iter().position(|output| !output.is_finite()) {
            return Err(SectionError::Expected { output });
        }
        self.steps.not_finite().map_or(Ok(self), |step| Err(SectionError::Input { step }))
    }
}

/// Returns the difference from `outputs` that rounding in `f32` may cause.
fn rounding(outputs: &[f64]) -> f64 {
    TOLERANCE * outputs.iter().fold(1.0, |most: f64, y| most.max(y.abs()))
}

fn number(bytes: &[u8; 4]) -> f64 {
    f32::from_le_bytes(*bytes).into()
}

fn push(data: &mut Vec<u8>, number: f64) {
    data.extend_from_slice(&(number as f32).to_le_bytes());
}

/// The network's own probe, as a section to write.
pub(super) struct Written(Vec<u8>);

impl Written {
    /// Computes and encodes the probe.
    ///
    /// # Errors
    /// [`SectionError::Expected`] if an output is NaN or infinite in `f32`.
    pub(super) fn of(model: &Model) -> Result<Self, SectionError> {
        if let Some(output) = model.own_overflow() {
            return Err(SectionError::Expected { output });
        }
        let steps = Steps::own(model);
        let expected = model.run(steps.input(), &[]).last;
        let mut data = [STEPS as u32, expected.len() as u32].map(u32::to_le_bytes).concat();
        push(&mut data, rounding(&expected));
        expected.iter().for_each(|&output| push(&mut data, output));
        steps.write(&mut data);
        Ok(Self(data))
    }
}

impl Section<f32> for Written {
    fn tag(&self) -> Tag {
        PROBE
    }
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(&self.0);
    }
}
