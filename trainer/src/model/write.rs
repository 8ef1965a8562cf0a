//! The image of a network, and the module that opens it.

use super::{Input, Model};
use elman::image::{PROBE, Section, Tag, stream_described};

/// Steps of the probe.
const STEPS: usize = 8;
/// How far an f32 output may lie from that in f64, as a fraction of the largest output, at least of 1.
const TOLERANCE: f64 = 2e-5;

impl Model {
    /// The flash image, with weights in f32, and a probe whose outputs were computed in f64.
    #[must_use]
    pub fn image(&self) -> Vec<u8> {
        let weights = |sink: &mut dyn FnMut(&[u8])| {
            self.weights().for_each(|weight| sink(&(weight as f32).to_le_bytes()));
        };
        let mut image = Vec::new();
        let sections: [&dyn Section<f32>; 1] = [&Probe(self.probe())];
        stream_described(&self.description(), &weights, &sections, &mut |bytes| image.extend_from_slice(bytes));
        image
    }

    /// A Rust module with the type of the network and the image, which lies beside it as `file`. It can be a `mod` of its own,
    /// or be included by one: `mod model { include!(concat!(env!("OUT_DIR"), "/model.rs")); }`
    #[must_use]
    pub fn module(&self, file: &str) -> String {
        format!(
            "// Written by `elman import`: {description}.\n\n\
            /// The network.\n\
            pub type Net = {net};\n\n\
            /// Its image, at an address where it can be opened.\n\
            pub static IMAGE: &elman::image::Aligned<[u8]> = &elman::image::Aligned(*include_bytes!({file:?}));\n\n\
            /// The network with what travels along, where it lies.\n\
            ///\n\
            /// # Errors\n\
            /// If the image is damaged.\n\
            pub fn open() -> Result<elman::Image<'static, Net>, elman::error::ImageError> {{\n    \
                elman::Image::open(&IMAGE.0)\n\
            }}\n",
            description = self.description(),
            net = self.rust_type(),
        )
    }

    /// The data of the probe, as `docs/image-format.md` has it.
    fn probe(&self) -> Vec<u8> {
        let symbols: Vec<usize> = match &self.embedding {
            Some(table) => (0..STEPS).map(|t| t * 7919 % table.rows()).collect(),
            None => Vec::new(),
        };
        // Multiples of 1/8 are exact in every number type.
        let value = |t: usize, i: usize| ((t * 37 + i * 23 + t * i) % 17) as f64 / 8.0 - 1.0;
        let vectors: Vec<Vec<f64>> = (0..STEPS).map(|t| (0..self.inputs()).map(|i| value(t, i)).collect()).collect();
        let embedded = self.embedding.is_some();
        let input = if embedded { Input::Symbols(&symbols) } else { Input::Vectors(&vectors) };
        let expected = self.run(input, &[]).last;
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
        data
    }
}

struct Probe(Vec<u8>);

impl Section<f32> for Probe {
    fn tag(&self) -> Tag {
        PROBE
    }
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(&self.0);
    }
}
