use super::{Hop, answer, check, shift};
use crate::dense::Readout;
use crate::error::StreamError;
use crate::math::Zero;
use crate::network::Network;
use crate::part::Step;

/// Stream in overlapping windows, with the state reset for each: every `HOP` samples, an answer about the last
/// `N`·`HOP`.
///
/// A window begins at every hop and is `N` hops long, so `N` windows are open at any time, each with its own
/// state: no sample is stored. The answers have the same bits as [`Network::predict`] over the same samples; the
/// first comes after `N`·`HOP` samples.
///
/// `S` is the cell's state. Every sample costs `N` steps; the last one of a hop also costs the read-out and
/// moving `N` states. The stream takes the bytes of `N` states, plus 8. With `N` = 1 the windows follow each
/// other without overlap.
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
    /// States of the open windows, oldest first.
    states: [S; N],
    hop: Hop<HOP>,
    /// Number of hops that ended before the first window did.
    early: u32,
}

impl<S: Zero, const N: usize, const HOP: usize> Zero for Staggered<S, N, HOP> {
    const ZERO: Self = {
        assert!(N > 0 && N <= u32::MAX as usize, "at least one window and at most 2^32 - 1 are open at a time");
        Self { states: [S::ZERO; N], hop: Hop::START, early: 0 }
    };
}

impl<S: Copy + Zero, const N: usize, const HOP: usize> Staggered<S, N, HOP> {
    /// A stream before its first sample.
    pub const ZERO: Self = <Self as Zero>::ZERO;

    /// Reads a sample; returns the outputs for the window that ends with it.
    ///
    /// # Errors
    /// [`StreamError::NonFiniteInput`]: the stream is unchanged. [`StreamError::NonFiniteOutput`]: the sample is
    /// read, and the window that ends with it has no answer; later windows are not affected.
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

    /// Starts over, for instance after a gap in the data.
    pub fn reset(&mut self) {
        *self = Self::ZERO;
    }
}
