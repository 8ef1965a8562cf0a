use super::{Hop, answer, check};
use crate::dense::Readout;
use crate::error::StreamError;
use crate::math::Zero;
use crate::network::Network;
use crate::part::Step;

/// A stream with its state carried on: an answer every `HOP` samples about everything since the start.
///
/// `S` is the cell's state. A sample costs one step, a comparison for each number of the state, and at a hop the read-out;
/// the bytes are those of a state, and 4. The answers have the bits of [`Network::step`].
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
    /// A stream before its first sample.
    pub const ZERO: Self = <Self as Zero>::ZERO;

    /// Reads a sample; the outputs if a hop ends with it.
    ///
    /// # Errors
    /// [`StreamError`] for a sample that is not finite, and for one after which the state or the outputs are not. The
    /// stream is as before the sample, so that it goes on with the next.
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

    /// Begins again, as after a gap in the data.
    pub fn reset(&mut self) {
        *self = Self::ZERO;
    }
}
