//! The probe that an image carries: an input, and the outputs that the network must give.

use super::{Input, Model};
use elman::image::{PROBE, Section, Tag};

/// Steps of the probe.
const STEPS: usize = 8;
/// How far an f32 output may lie from that in f64, as a fraction of the largest output, at least of 1.
const TOLERANCE: f64 = 2e-5;

/// What the evaluation in f64 makes of a probe.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probed {
    /// Steps it reads.
    pub steps: usize,
    /// How far an output may be from what is expected; 0 asks for the same bits.
    pub tolerance: f64,
    /// How far the worst is.
    pub worst: f64,
}

impl Probed {
    /// Whether the outputs are what is expected. The same bits can be asked of `f32` alone: here 2·10⁻⁵ must do.
    #[must_use]
    pub fn passes(&self) -> bool {
        let tolerance = if self.tolerance > 0.0 { self.tolerance } else { TOLERANCE };
        self.worst <= tolerance
    }
}

impl Model {
    /// Runs the probe with this data, as `docs/image-format.md` has it; `None` if it is no probe of this network.
    #[must_use]
    pub fn probe(&self, data: &[u8]) -> Option<Probed> {
        let (&[steps, outputs], rest) = data.as_chunks::<4>().0.split_first_chunk::<2>()?;
        let [steps, outputs] = [steps, outputs].map(|bytes| u32::from_le_bytes(bytes) as usize);
        if steps == 0 || outputs != self.head.rows() {
            return None;
        }
        let number = |bytes: &[u8; 4]| f64::from(f32::from_le_bytes(*bytes));
        let tolerance = number(rest.first()?);
        let expected: Vec<f64> = rest.get(1..=outputs)?.iter().map(number).collect();
        let input = data.get(4 * (3 + outputs)..)?;
        let found = if Some(input.len()) == steps.checked_mul(2) {
            let symbols: Vec<usize> = input.as_chunks().0.iter().map(|&b| u16::from_le_bytes(b).into()).collect();
            symbols.iter().all(|&symbol| symbol < self.symbols()).then(|| self.run(Input::Symbols(&symbols), &[]))
        } else if self.embedding.is_none() && Some(input.len()) == steps.checked_mul(4 * self.inputs()) {
            let numbers: Vec<f64> = input.as_chunks().0.iter().map(number).collect();
            let vectors: Vec<Vec<f64>> = numbers.chunks(self.inputs()).map(<[f64]>::to_vec).collect();
            Some(self.run(Input::Vectors(&vectors), &[]))
        } else {
            None
        };
        // A difference that is not a number is the worst there is.
        let difference = |(found, expected): (&f64, &f64)| (found - expected).abs();
        let worse = |a: f64, b: f64| if b > a || b.is_nan() { b } else { a };
        let worst = found?.last.iter().zip(&expected).map(difference).fold(0.0, worse);
        Some(Probed { steps, tolerance, worst })
    }
}

/// A probe of one's own network, as a section to write.
pub(super) struct Written(Vec<u8>);

impl Written {
    pub(super) fn of(model: &Model) -> Self {
        let symbols: Vec<usize> = match &model.embedding {
            Some(table) => (0..STEPS).map(|t| t * 7919 % table.rows()).collect(),
            None => Vec::new(),
        };
        // Multiples of 1/8 are exact in every number type.
        let value = |t: usize, i: usize| ((t * 37 + i * 23 + t * i) % 17) as f64 / 8.0 - 1.0;
        let vectors: Vec<Vec<f64>> = (0..STEPS).map(|t| (0..model.inputs()).map(|i| value(t, i)).collect()).collect();
        let embedded = model.embedding.is_some();
        let input = if embedded { Input::Symbols(&symbols) } else { Input::Vectors(&vectors) };
        let expected = model.run(input, &[]).last;
        let tolerance = TOLERANCE * expected.iter().fold(1.0, |most: f64, y| most.max(y.abs()));
        let mut data = [STEPS as u32, expected.len() as u32].map(u32::to_le_bytes).concat();
        let mut push = |value: f64| data.extend_from_slice(&(value as f32).to_le_bytes());
        push(tolerance);
        expected.iter().copied().for_each(&mut push);
        if embedded {
            symbols.iter().for_each(|&symbol| data.extend_from_slice(&(symbol as u16).to_le_bytes()));
        } else {
            vectors.into_iter().flatten().for_each(&mut push);
        }
        Self(data)
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
