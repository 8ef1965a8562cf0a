//! Tasks that a trained network performs on a sequence.
//!
//! | for the whole sequence | for each step | |
//! |---|---|---|
//! | [`classify`](Network::classify) | [`label`](Network::label) | the most probable class |
//! | [`probabilities`](Network::probabilities) | | the probability of each class or next token |
//! | [`predict`](Network::predict) | [`predict_each`](Network::predict_each) | the outputs themselves: values, logits |
//! | [`evaluate`](Network::evaluate) | | the loss, computed without learning |
//! | [`log_probability`](Network::log_probability), [`perplexity`](Network::perplexity) | | the score of a text |
//! | | [`generate`](Network::generate), [`forecast`](Network::forecast) | the continuation, fed back |
//! | | [`translate`](Network::translate) | another sequence, of any length |
//!
//! Each task starts from the zero state, except [`evaluate_from`](Network::evaluate_from). It costs one step of the
//! network per step of the sequence, and its memory does not grow with the length. Bad input is refused before anything
//! is written. For endless input, see [`stream`](crate::stream).

mod classify;
mod evaluate;
mod forecast;
mod generate;
mod label;
mod predict;
mod reader;
mod score;
mod teacher_forcing;
mod translate;

pub use generate::Generator;
pub use reader::Reader;
pub use teacher_forcing::TeacherForced;

use crate::dense::Readout;
use crate::error::SequenceError;
use crate::math::Zero;
use crate::network::Network;
use crate::part::{Part, Step, Sweep};

/// Checks that the input `x` at `step` is finite.
fn check_input<C: Sweep<X>, X>(step: usize, x: &X) -> Result<(), SequenceError> {
    if C::accepts(x) { Ok(()) } else { Err(SequenceError::NonFiniteInput { step }) }
}

/// Checks that a sequence is not empty and that all its inputs are finite.
fn check_inputs<C: Sweep<X>, X>(xs: &[X]) -> Result<(), SequenceError> {
    if xs.is_empty() {
        return Err(SequenceError::Empty);
    }
    xs.iter().enumerate().try_for_each(|(step, x)| check_input::<C, X>(step, x))
}

/// Reads a whole sequence, starting from the zero state, and returns the state after the last step.
fn read<C: Step<X>, X>(cell: &C, xs: &[X]) -> Result<C::State, SequenceError> {
    if xs.is_empty() {
        return Err(SequenceError::Empty);
    }
    let mut state = C::State::ZERO;
    xs.iter().enumerate().try_for_each(|step| read_step(cell, &mut state, step))?;
    Ok(state)
}

/// Advances `state` by one step, if the input is finite.
fn read_step<C: Step<X>, X>(cell: &C, state: &mut C::State, (step, x): (usize, &X)) -> Result<(), SequenceError> {
    check_input::<C, X>(step, x)?;
    cell.step(state, x);
    Ok(())
}

/// Returns the network's outputs, if they are finite, for `output`, the output of the layers at `step`.
fn answer<C: Part, R: Readout<C::Output>>(
    network: &Network<C, R>,
    output: &C::Output,
    step: usize,
) -> Result<R::Output, SequenceError> {
    let mut outputs = R::Output::ZERO;
    network.readout.forward(output, &mut outputs);
    if R::is_finite(&outputs) { Ok(outputs) } else { Err(SequenceError::NonFiniteOutput { step }) }
}
