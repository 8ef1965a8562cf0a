//! Reading an image back into a network in integers.

use super::{LONGEST, Layer, Model, Product, Readout, Scaling};
use crate::open::Node;
use crate::{Kind, Nonlinearity, Reset, Unlike};
use elman::error::{ImageError, MisplacedInteger};
use elman::image::{Content, Described};
use elman::int8::Scale;

impl Model {
    /// Reads the network in an image.
    ///
    /// # Errors
    /// [`Unlike`] if the image is damaged, a number is outside of its range, or the architecture or number type is another.
    pub fn from_image(bytes: &[u8]) -> Result<Self, Unlike> {
        let image = Described::open(bytes).map_err(Unlike::Image)?;
        let unlike = || Unlike::Architecture(image.description.to_string());
        let root = image.description.strip_prefix("int8 ").and_then(Node::parse).ok_or_else(unlike)?;
        let mut rest = Rest { bytes: image.weights, at: HEADER, fault: None };
        let model = rest.model(&root);
        let whole = |model: &Self| rest.bytes.is_empty() && model.fits() && model.description() == image.description;
        let model = model.filter(whole).ok_or_else(unlike)?;
        rest.fault.map_or(Ok(model), |fault| Err(Unlike::Image(ImageError::Integer(fault))))
    }

    /// Returns `true` if each part has as many inputs as the part below has outputs.
    fn fits(&self) -> bool {
        let above = self.layers.iter().skip(1).map(Layer::inputs).chain([self.readout.w.inputs]);
        self.layers.iter().map(Layer::units).eq(above)
    }
}

/// Bytes before the weights of an image.
const HEADER: usize = 32;

/// Weights not yet taken.
struct Rest<'a> {
    bytes: &'a [u8],
    /// Their place in the image.
    at: usize,
    /// The first number outside of its range.
    fault: Option<MisplacedInteger>,
}

impl<'a> Rest<'a> {
    /// Takes the numbers of a tensor.
    fn tensor(&mut self, tensor: &'static str, count: usize, content: Content) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count.checked_mul(content.size())?)?;
        if let (Err(at), None) = (content.check(taken), self.fault) {
            self.fault = Some(MisplacedInteger { tensor, at: self.at + at * content.size(), content });
        }
        (self.bytes, self.at) = (rest, self.at + taken.len());
        Some(taken)
    }

    fn weights(&mut self, tensor: &'static str, [inputs, gates, units]: [usize; 3]) -> Option<Product> {
        let fits = (1..=LONGEST).contains(&inputs) && units > 0;
        let count = inputs.checked_mul(gates)?.checked_mul(units).filter(|_| fits)?;
        let weights = self.tensor(tensor, count, Content::Weights)?.iter().map(|&byte| byte as i8).collect();
        Some(Product { inputs, units, weights, scales: Vec::new() })
    }

    fn scales(&mut self, tensor: &'static str, gates: usize, each: usize) -> Option<Vec<Vec<Scale>>> {
        let bytes = self.tensor(tensor, gates.checked_mul(each)?, Content::Scales)?;
        let scales: Vec<Scale> = words(bytes).map(Scale::from_bits).collect();
        Some(scales.chunks(each).map(<[Scale]>::to_vec).collect())
    }

    fn biases(&mut self, vectors: usize, units: usize, content: Content) -> Option<Vec<Vec<i16>>> {
        let bytes = self.tensor("b", vectors.checked_mul(units)?, content)?;
        let biases: Vec<i16> = words(bytes).map(u16::cast_signed).collect();
        Some(biases.chunks(units).map(<[i16]>::to_vec).collect())
    }

    fn model(&mut self, root: &Node<'_>) -> Option<Model> {
        let [cell, dense] = root.parts.as_slice() else { return None };
        let scaling = scaling(dense).filter(|_| dense.kind == "dense")?;
        let layers = cell.layers()?.into_iter().map(|node| self.layer(node)).collect::<Option<Vec<_>>>()?;
        let [inputs, outputs] = [dense.size(0)?, dense.size(1)?];
        let mut w = self.weights("w", [inputs, 1, outputs])?;
        w.scales = self.scales("scale", 1, scaling.each(outputs))?;
        let biases = self.biases(1, outputs, Content::Biases)?.concat();
        let shift = words(self.tensor("bias_shift", 1, Content::Shift)?).next()?;
        let exponent = words(self.tensor("exponent", 1, Content::Exponent)?).next()?.cast_signed();
        Some(Model { layers, readout: Readout { scaling, w, biases, shift, exponent } })
    }

    fn layer(&mut self, node: &Node<'_>) -> Option<Layer> {
        let (kind, scaling, [inputs, units]) = (kind(node)?, scaling(node)?, [node.size(0)?, node.size(1)?]);
        let (gates, each) = (kind.gates(), scaling.each(units));
        let mut w_ih = self.weights("w_ih", [inputs, gates, units])?;
        let mut w_hh = self.weights("w_hh", [units, gates, units])?;
        w_ih.scales = self.scales("scale_ih", gates, each)?;
        w_hh.scales = self.scales("scale_hh", gates, each)?;
        let mut biases = self.biases(gates, units, Content::Biases)?;
        match kind {
            Kind::Gru(Reset::After) => biases.extend(self.biases(1, units, Content::Biases)?),
            Kind::Gru(Reset::Before) => biases.extend(self.biases(1, units, Content::Unread)?),
            _ => {}
        }
        let resolution = self.tensor("resolution", 1, Content::Resolution)?.first_chunk()?;
        Some(Layer { kind, scaling, w_ih, w_hh, biases, resolution: f32::from_le_bytes(*resolution) })
    }
}

/// Numbers of 16 bits.
fn words(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes.as_chunks().0.iter().map(|&two| u16::from_le_bytes(two))
}

fn kind(cell: &Node<'_>) -> Option<Kind> {
    match (cell.kind, cell.parts.get(2)?.kind) {
        ("elman", "tanh") => Some(Kind::Rnn(Nonlinearity::Tanh)),
        ("elman", "relu") => Some(Kind::Rnn(Nonlinearity::Relu)),
        ("gru", "rzn") => match cell.parts.get(3)?.kind {
            "reset_after" => Some(Kind::Gru(Reset::After)),
            "reset_before" => Some(Kind::Gru(Reset::Before)),
            _ => None,
        },
        ("lstm", "ifgo") => Some(Kind::Lstm),
        _ => None,
    }
}

fn scaling(part: &Node<'_>) -> Option<Scaling> {
    match part.parts.last()?.kind {
        "gate" => Some(Scaling::PerGate),
        "unit" => Some(Scaling::PerUnit),
        _ => None,
    }
}
