use elman::image::{NORMALIZER, Section, Tag};

/// Means and standard deviations of channels, whose number is known only at run time. In an image, they become a
/// [`Normalizer`](elman::Normalizer) with scale 1 / standard deviation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scaler {
    /// The names of the channels.
    pub channels: Vec<String>,
    /// Mean of each channel.
    pub mean: Vec<f64>,
    /// Standard deviation of each channel; it and its reciprocal must be positive and finite in `f32`.
    pub deviation: Vec<f64>,
}

/// Section in the format of a [`Normalizer`](elman::Normalizer): all means, then all scales.
impl Section<f32> for Scaler {
    fn tag(&self) -> Tag {
        NORMALIZER
    }
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        let scales = self.deviation.iter().map(|deviation| 1.0 / deviation);
        self.mean.iter().copied().chain(scales).for_each(|number| sink(&(number as f32).to_le_bytes()));
    }
}
