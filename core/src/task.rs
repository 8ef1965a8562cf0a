//! What a trained network is asked to do with a sequence.
//!
//! Each task checks what it is given, starts from the zero state, and returns an error that changes nothing. For a stream
//! without an end, [`Network::step`](crate::Network::step) is the call.

mod classify;
mod forecast;
mod generate;
mod label;
mod score;

pub use generate::Generator;

use crate::cell::Cell;
use crate::error::SequenceError;
use crate::math::Scalar;

/// Whether step `step` can be read.
fn check_input<C: Cell<X>, X>(step: usize, x: &X) -> Result<(), SequenceError> {
    if C::input_magnitude(x).is_finite() { Ok(()) } else { Err(SequenceError::NonFiniteInput { step }) }
}

/// The state after reading a whole sequence from the zero state.
fn read<C: Cell<X>, X>(cell: &C, xs: &[X]) -> Result<C::State, SequenceError> {
    use crate::math::Zero;
    if xs.is_empty() {
        return Err(SequenceError::Empty);
    }
    let mut state = C::State::ZERO;
    for (step, x) in xs.iter().enumerate() {
        check_input::<C, X>(step, x)?;
        cell.step(&mut state, x);
    }
    Ok(state)
}
