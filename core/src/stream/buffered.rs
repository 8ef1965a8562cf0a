use super::check;
use crate::error::StreamError;
use crate::math::{Scalar, Zero, finite};
use crate::present::present;

/// Stream in windows of stored samples: after every `HOP` samples it returns the last `W` samples, oldest first.
///
/// It suits code that reads a window as a slice: a bidirectional network, normalisation by the mean of the window, or a
/// task such as [`Network::classify`](crate::Network::classify), which then runs `W` steps at once.
///
/// Each sample is copied, and the `W` − `HOP` samples that remain are moved once per hop. The stream takes the
/// bytes of `W` samples, plus 4.
///
/// ```
/// use elman::stream::Buffered;
/// use elman::{Dense, Elman, Network, Zero};
/// let network = Network::<Elman<1, 8>, Dense<8, 2>>::ZERO;
/// let mut stream = Buffered::<[f32; 1], 3, 2>::ZERO; // windows of 3 samples, one every 2
/// let mut windows = 0;
/// for sample in [[0.5], [0.7], [0.6], [0.2], [0.1]] {
///     if let Some(window) = stream.push(sample)? {
///         assert_eq!(network.classify(window)?.index(), 0);
///         windows += 1;
///     }
/// }
/// assert_eq!(windows, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A window without samples, a hop without samples, or a hop longer than the window does not compile:
///
/// ```compile_fail,E0080
/// let stream = elman::stream::Buffered::<[f32; 1], 0, 1>::ZERO;
/// ```
///
/// ```compile_fail,E0080
/// let stream = elman::stream::Buffered::<[f32; 1], 3, 0>::ZERO;
/// ```
///
/// ```compile_fail,E0080
/// let stream = elman::stream::Buffered::<[f32; 1], 3, 4>::ZERO;
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Buffered<X, const W: usize, const HOP: usize> {
    samples: [X; W],
    filled: u32,
}

impl<X: Zero, const W: usize, const HOP: usize> Zero for Buffered<X, W, HOP> {
    const ZERO: Self = {
        assert!(W <= u32::MAX as usize, "a window has at most 2^32 - 1 samples");
        assert!(HOP > 0 && HOP <= W, "a hop has at least one sample and is no longer than the window");
        Self { samples: [X::ZERO; W], filled: 0 }
    };
}

impl<X: Copy + Zero, const W: usize, const HOP: usize> Buffered<X, W, HOP> {
    /// Stream before the first sample.
    pub const ZERO: Self = <Self as Zero>::ZERO;

    /// Takes a sample, and returns the window that ends with it, if there is one.
    ///
    /// # Errors
    /// [`StreamError::NonFiniteInput`] if the sample is not finite; the stream is then unchanged.
    pub fn push<T: Scalar>(&mut self, x: X) -> Result<Option<&[X; W]>, StreamError>
    where
        X: AsRef<[T]>,
    {
        check(finite(x.as_ref()), StreamError::NonFiniteInput)?;
        if self.filled as usize >= W {
            self.samples.copy_within(HOP.., 0);
            self.filled -= HOP as u32;
        }
        if let Some(place) = present(self.samples.get_mut(self.filled as usize)) {
            *place = x;
            self.filled += 1;
        }
        Ok((self.filled as usize >= W).then_some(&self.samples))
    }

    /// Returns to the state before the first sample, for instance after a gap in the data.
    pub fn reset(&mut self) {
        *self = Self::ZERO;
    }
}
