//! The image of a network in integers, and the module that opens it.

use super::{Layer, Model, Product, carried_types};
use crate::write::module;
use elman::error::{ImageError, WriteError};
use elman::image::{Described, NORMALIZER, PROBE, Section, Tag, VOCABULARY, stream_described};

/// A section as it stands in another image.
pub struct Raw<'a>(Tag, &'a [u8]);

impl Section<f32> for Raw<'_> {
    fn tag(&self) -> Tag {
        self.0
    }
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(self.1);
    }
}

impl Model {
    /// Returns the flash image, with a probe of its own and the other sections of `from`, the image of the network that it was
    /// made of.
    ///
    /// # Errors
    /// [`WriteError`] if a section cannot be used.
    pub fn image(&self, from: Option<&Described<'_>>) -> Result<Vec<u8>, WriteError> {
        let probe = self.own_probe();
        let others = from.into_iter().flat_map(|image| image.sections().skip(1)).filter(|(tag, _)| *tag != PROBE);
        let raws: Vec<Raw<'_>> = others.chain([(PROBE, &*probe)]).map(|(tag, data)| Raw(tag, data)).collect();
        let sections: Vec<&dyn Section<f32>> = raws.iter().map(|raw| raw as &dyn Section<f32>).collect();
        let (weights, mut image) = (self.weights(), Vec::new());
        let all = |sink: &mut dyn FnMut(&[u8])| sink(&weights);
        stream_described(&self.description(), &all, &sections, &mut |bytes| image.extend_from_slice(bytes))?;
        // What is written is what opens.
        Described::open(&image).map_err(WriteError::Image)?;
        Ok(image)
    }

    /// Returns a Rust module with the types of the network and of what travels with it, and the image, which must be next to it
    /// as `file`. With a different image it does not compile.
    ///
    /// # Errors
    /// [`ImageError`] if the bytes are not an image.
    pub fn module(&self, file: &str, image: &[u8]) -> Result<String, ImageError> {
        let opened = Described::open(image)?;
        let normalizer = opened.section(NORMALIZER).ok().map(|data| data.len() / 8);
        let vocabulary = opened.section(VOCABULARY).ok().map(|data| {
            let words = data.first_chunk().map_or(0, |&count| u32::from_le_bytes(count) as usize);
            [words + 4, data.len() - 4 - 2 * words]
        });
        let carried = carried_types(normalizer, vocabulary);
        Ok(module("elman quantize", [&self.description(), &self.rust_type(), &carried], file, image))
    }

    /// All bytes of the weights, in the order of an image.
    fn weights(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for Layer { w_ih, w_hh, biases, resolution, .. } in &self.layers {
            [w_ih, w_hh].into_iter().for_each(|product| put_weights(product, &mut bytes));
            [w_ih, w_hh].into_iter().for_each(|product| put_scales(product, &mut bytes));
            put_biases(&biases.concat(), &mut bytes);
            bytes.extend_from_slice(&resolution.to_le_bytes());
        }
        put_weights(&self.readout.w, &mut bytes);
        put_scales(&self.readout.w, &mut bytes);
        put_biases(&self.readout.biases, &mut bytes);
        bytes.extend_from_slice(&self.readout.shift.to_le_bytes());
        bytes.extend_from_slice(&self.readout.exponent.to_le_bytes());
        bytes
    }
}

fn put_weights(product: &Product, bytes: &mut Vec<u8>) {
    bytes.extend(product.weights.iter().map(|weight| weight.cast_unsigned()));
}

fn put_scales(product: &Product, bytes: &mut Vec<u8>) {
    product.scales.iter().flatten().for_each(|scale| bytes.extend_from_slice(&scale.bits().to_le_bytes()));
}

fn put_biases(biases: &[i16], bytes: &mut Vec<u8>) {
    biases.iter().for_each(|bias| bytes.extend_from_slice(&bias.to_le_bytes()));
}
