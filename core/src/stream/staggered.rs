use super::{Hop, answer, check, shift};
use crate::dense::Readout;
use crate::error::StreamError;
use crate::math::Zero;
use crate::network::Network;
use crate::part::Step;

/// Stream in overlapping windows, each of which starts from the zero state: after every `HOP` samples, it returns an
/// answer about the last `N`·`HOP` samples.
///
/// Every hop begins a window, which is `N` hops long, so `N` windows are open at any time, each with its own
/// state, and no samples are stored. The answers have the same bits as those of [`Network::predict`] over the
/// same samples; the first comes after `N`·`HOP` samples.
///
/// `S` is the state of the cell. Every sample costs `N` steps; the last sample of a hop also costs the read-out and
/// moving `N` states. The stream takes the bytes of `N` states, plus 8. With `N` = 1 the windows do not overlap.
///
/// ```
/// use elman::stream::Staggered;
/// use elman::{Dense, Elman, Network, Zero};
/// let network = Network::<Elman<1, 8>, Dense<8, 2>>::ZERO;
/// let mut stream = Staggered::<[f32; 8], 3, 1>::ZERO; // windows of 3 samples, an answer after each
/// assert_eq!(stream.push(&network, &[0.5])?, None);
/// assert_eq!(stream.push(&network, &[0.7])?, None);
/// assert_eq!(stream.push(&network, &[0.6])?, Some([0.0, 0.0]));
/// # Ok::<(), elman::error::StreamError>(())
/// ```
///
/// A stream without windows, or with a hop without samples, does not compile:
///
/// ```compile_fail,E0080
/// let stream = elman::stream::Staggered::<[f32; 8], 0, 1>::ZERO;
/// ```
///
/// ```compile_fail,E0080
/// let stream = elman::stream::Staggered::<[f32; 8], 1, 0>::ZERO;
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Staggered<S, const N: usize, const HOP: usize> {
    /// States of the open windows, oldest window first.
    states: [S; N],
    hop: Hop<HOP>,
    /// Number of hops that ended before the end of the first window.
    early: u32,
}

impl<S: Zero, const N: usize, const HOP: usize> Zero for Staggered<S, N, HOP> {
    const ZERO: Self = {
        assert!(N > 0 && N <= u32::MAX as usize, "at least one window and at most 2^32 - 1 are open at a time");
        Self { states: [S::ZERO; N], hop: Hop::START, early: 0 }
    };
}

impl<S: Copy + Zero, const N: usize, const HOP: usize> Staggered<S, N, HOP> {
    /// Stream before the first sample.
    pub const ZERO: Self = <Self as Zero>::ZERO;

    /// Reads a sample, and returns the outputs for the window that ends with it, if there is one.
    ///
    /// # Errors
    /// [`StreamError::NonFiniteInput`] if the sample is not finite; the stream is then unchanged.
    /// [`StreamError::NonFiniteOutput`] if the outputs are not finite. The sample has then been read, and the window
    /// that ends with it has no answer; later windows are not affected.
    pub fn push<C, R, X>(&mut self, network: &Network<C, R>, x: &X) -> Result<Option<R::Output>, StreamError>
    where
        C: Step<X, State = S>,
        R: Readout<C::Output>,
    {
        check(C::accepts(x), StreamError::NonFiniteInput)?;
        for state in &mut self.states {
            network.cell.step(state, x);
        }
        if !self.hop.ends() {
            return Ok(None);
        }
        let ended = shift(&mut self.states, S::ZERO);
        if (self.early as usize) < N - 1 {
            self.early += 1;
            return Ok(None);
        }
        answer(network, &ended).map(Some)
    }

    /// Returns to the state before the first sample, for instance after a gap in the data.
    pub fn reset(&mut self) {
        *self = Self::ZERO;
    }
}
