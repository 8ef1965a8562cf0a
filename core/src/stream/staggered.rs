use super::{Hop, answer, check, shift};
use crate::dense::Readout;
use crate::error::StreamError;
use crate::math::Zero;
use crate::network::Network;
use crate::part::Step;

/// A stream in overlapping windows, the state reset for each: an answer every `HOP` samples about the last `N`·`HOP`.
///
/// A window begins at every hop and is `N` hops long, so `N` are open at any time, each with a state of its own: no sample
/// is stored. The answers have the bits of [`Network::predict`] over the same samples, the first after `N`·`HOP` of them.
///
/// `S` is the cell's state. Every sample costs `N` steps, the last one of a hop also the read-out and moving `N` states;
/// the bytes are those of `N` states, and 8. With `N` = 1 the windows follow each other without overlap.
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
/// No windows do not compile, nor does a hop of no samples:
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
    /// States of the open windows, the oldest first.
    states: [S; N],
    hop: Hop<HOP>,
    /// Hops that ended before the first window did.
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

    /// Reads a sample; the outputs for the window that ends with it.
    ///
    /// # Errors
    /// [`StreamError::NonFiniteInput`]: the stream is as before the sample. [`StreamError::NonFiniteOutput`]: the sample
    /// is read, and the window that ends with it has no answer; those after it are not concerned.
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

    /// Begins again, as after a gap in the data.
    pub fn reset(&mut self) {
        *self = Self::ZERO;
    }
}
