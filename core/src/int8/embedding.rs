use super::affine::scale;
use super::fixed::{saturate, scaled};
use super::scale::{PerGate, Scaling};
use super::weights::Scales;
use crate::error::SequenceError;
use crate::input::Token;
use crate::math::{Libm, Zero};
use crate::part::{Leaf, Part, Step, Sweep, step_through};
use crate::present::present;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// A vector for each token, [`Embedding`](crate::Embedding), in integers: y_t = row x_t of the table.
///
/// `V` symbols, vectors of `E` elements, scales by `S`. V·E bytes of weights and 2 or 2·E of scales; E multiplications a step.
/// The state is the current vector, E numbers of 2 bytes, of which the largest in the table is 32,767: nothing is calibrated. An
/// element is within half a step of its scale, 1/254 of the largest element that has the same.
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Embedding<const V: usize, const E: usize, S: Scaling = PerGate> {
    /// One vector for each symbol, `[V][E]`.
    pub table: [[i8; E]; V],
    /// Scales: of all elements, or of each.
    pub scale: Scales<E, 1, S>,
}

impl<const V: usize, const E: usize, S: Scaling> Zero for Embedding<V, E, S> {
    const ZERO: Self = {
        assert!(V > 0 && E > 0, "an embedding has at least one symbol and one element per vector");
        Self { table: [[0; E]; V], scale: Zero::ZERO }
    };
    const INPUTS: usize = V;
    const OUTPUTS: usize = E;
}

/// Bits by which a weight is shifted before it is scaled, so that a [`Scale`](super::Scale) makes 32,767 of it.
const ELEMENT: u32 = 16;

impl<const V: usize, const E: usize, S: Scaling> Embedding<V, E, S> {
    /// One unit of a shifted weight.
    pub(super) const ELEMENT_UNIT: f32 = 1.0 / (1 << ELEMENT) as f32;
}

impl<const V: usize, const E: usize, S: Scaling> Leaf for Embedding<V, E, S> {}

impl<const V: usize, const E: usize, S: Scaling> Part for Embedding<V, E, S> {
    type Math = Libm;
    type State = [i16; E];
    type Output = [i16; E];
    type Room<const T: usize> = [[i16; E]; T];
    fn output(state: &Self::State) -> &Self::Output {
        state
    }
    fn is_finite(_: &Self::State) -> bool {
        true
    }
}

#[diagnostic::do_not_recommend]
impl<const V: usize, const E: usize, S: Scaling> Sweep<Token<V>> for Embedding<V, E, S> {
    fn accepts(_: &Token<V>) -> bool {
        true
    }
    fn sweep<'r, const T: usize>(
        &self,
        state: &mut Self::State,
        xs: &[Token<V>],
        room: &'r mut Self::Room<T>,
    ) -> Result<&'r [Self::Output], SequenceError> {
        step_through(self, state, xs, room)
    }
}

#[diagnostic::do_not_recommend]
impl<const V: usize, const E: usize, S: Scaling> Step<Token<V>> for Embedding<V, E, S> {
    fn step(&self, state: &mut Self::State, x: &Token<V>) {
        let Some(vector) = present(self.table.get(x.index())) else { return };
        for (element, (y, &w)) in state.iter_mut().zip(vector).enumerate() {
            let scale = scale::<E, S>(&self.scale, 0, element);
            *y = saturate(scaled(i32::from(w) << ELEMENT, scale));
        }
    }
}
