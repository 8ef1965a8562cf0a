use super::Sequence;
use elman::error::{StatisticsError, WriteError};
use elman::image::{Architecture, Image, Section};
use elman::normalize::Statistics;
use elman::{Libm, Normalizer};

/// Returns the normaliser that gives the steps of these sequences mean 0 and variance 1. Compute it from the
/// training part alone: statistics of other data would leak information into training.
///
/// # Errors
/// [`StatisticsError`] if there are no steps, or a mean or variance is not finite.
pub fn normalizer<const C: usize, Y>(sequences: &[Sequence<[f32; C], Y>]) -> Result<Normalizer<C>, StatisticsError> {
    let mut statistics = Statistics::ZERO;
    sequences.iter().flat_map(|sequence| &sequence.steps).for_each(|step| statistics.add(step));
    Normalizer::from_statistics::<Libm<f32>>(&statistics)
}

/// Returns the flash image of a network with additional sections, such as its normaliser, which the device then
/// applies with the same bits as the host.
///
/// ```
/// use elman::image::{Aligned, Image};
/// use elman::{Dense, Elman, Network, Normalizer, Zero};
/// type Net = Network<Elman<2, 3>, Dense<3, 2>>;
///
/// let normalizer = Normalizer { mean: [0.5, 20.0], scale: [2.0, 0.125] };
/// let bytes = elman_trainer::data::image(&Net::ZERO, &[&normalizer])?;
/// let mut flash = Aligned([0; 512]);
/// flash.0[..bytes.len()].copy_from_slice(&bytes);
/// let image = Image::<Net>::open(&flash.0)?;
/// assert_eq!(image.normalizer::<2>()?.apply(&[1.0, 28.0]), [1.0, 1.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`WriteError`] if a weight, or a value in a section, is NaN or infinite.
pub fn image<N: Architecture>(network: &N, sections: &[&dyn Section<N::Real>]) -> Result<Vec<u8>, WriteError> {
    let mut image = vec![0; Image::<N>::length(sections)];
    Image::write(network, sections, &mut image)?;
    Ok(image)
}
