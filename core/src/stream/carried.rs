use super::{Hop, answer, check};
use crate::dense::Readout;
use crate::error::StreamError;
use crate::math::Zero;
use crate::network::Network;
use crate::part::Step;

/// Stream whose state is never reset: after every `HOP` samples, it returns an answer about everything since the start.
///
/// `S` is the state of the cell. A sample costs one step and a comparison for each value of the state; the last sample
/// of a hop also costs the read-out. The stream takes the bytes of one state, plus 4. The answers have the same bits as
/// those of [`Network::step`].
///
/// ```
/// use elman::stream::Carried;
/// use elman::{Dense, Elman, Network, Zero};
/// let network = Network::<Elman<1, 8>, Dense<8, 2>>::ZERO;
/// let mut stream = Carried::<[f32; 8], 2>::ZERO;
/// assert_eq!(stream.push(&network, &[0.5])?, None);
/// assert_eq!(stream.push(&network, &[0.7])?, Some([0.0, 0.0]));
/// # Ok::<(), elman::error::StreamError>(())
/// ```
///
/// A hop of no samples does not compile:
///
/// ```compile_fail,E0080
/// let stream = elman::stream::Carried::<[f32; 8], 0>::ZERO;
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Carried<S, const HOP: usize> {
    state: S,
    hop: Hop<HOP>,
}

impl<S: Zero, const HOP: usize> Zero for Carried<S, HOP> {
    const ZERO: Self = Self { state: S::ZERO, hop: Hop::START };
}

impl<S: Copy + Zero, const HOP: usize> Carried<S, HOP> {
    /// Stream before the first sample.
    pub const ZERO: Self = <Self as Zero>::ZERO;

    /// Reads a sample, and returns the outputs if a hop ends with it.
    ///
    /// # Errors
    /// [`StreamError`] if the sample, or the state or outputs after it, are not finite. The stream is then unchanged
    /// and can continue with the next sample.
    pub fn push<C, R, X>(&mut self, network: &Network<C, R>, x: &X) -> Result<Option<R::Output>, StreamError>
    where
        C: Step<X, State = S>,
        R: Readout<C::Output>,
    {
        check(C::accepts(x), StreamError::NonFiniteInput)?;
        let mut next = *self;
        network.cell.step(&mut next.state, x);
        check(C::is_finite(&next.state), StreamError::NonFiniteOutput)?;
        let outputs = next.hop.ends().then(|| answer(network, &next.state)).transpose()?;
        *self = next;
        Ok(outputs)
    }

    /// Returns to the state before the first sample, for instance after a gap in the data.
    pub fn reset(&mut self) {
        *self = Self::ZERO;
    }
}
