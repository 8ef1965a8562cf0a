use super::{EncoderDecoder, Side, Turn};
use crate::cell::{Before, Cell, Learns, Recurrent, Taken};

impl<E: Recurrent, D> Recurrent for EncoderDecoder<E, D>
where
    D: Recurrent<Scalar = E::Scalar, State = E::State, Output = E::Output, Record = E::Record>,
{
    type Record = Turn<E::Record>;
    const LAYERS: usize = E::LAYERS;
    fn output_mut(state: &mut E::State) -> &mut E::Output {
        E::output_mut(state)
    }
    fn recorded(record: &Self::Record) -> &E::Output {
        E::recorded(&record.record)
    }
    fn step_back(
        &self,
        Turn { record, decoded }: &mut Self::Record,
        before: Before<'_, Self>,
        gradient: &mut E::State,
    ) {
        if *decoded {
            self.decoder.step_back(record, shared(before), gradient);
        } else {
            self.encoder.step_back(record, shared(before), gradient);
        }
    }
    fn look_at_state(state: &E::State, look: &mut impl FnMut(usize, &'static str, &[E::Scalar])) {
        E::look_at_state(state, look);
    }
    /// Calls `look` for the gates of the cell that ran the step.
    fn look_at_gates(turn: &Self::Record, look: &mut impl FnMut(usize, &'static str, &[E::Scalar])) {
        if turn.decoded {
            D::look_at_gates(&turn.record, look);
        } else {
            E::look_at_gates(&turn.record, look);
        }
    }
}

impl<E, D, X, Y> Learns<Side<X, Y>> for EncoderDecoder<E, D>
where
    E: Learns<X>,
    D: Learns<Y, Scalar = E::Scalar>,
{
    /// Gradients with respect to a source element and to a target element; a step reads one, and the other's is zero.
    type InputGradient = (E::InputGradient, D::InputGradient);
    const UNITS: usize = E::UNITS + D::UNITS;
}

impl<E: Cell<X>, D, X, Y> Cell<Side<X, Y>> for EncoderDecoder<E, D>
where
    D: Cell<Y, Scalar = E::Scalar, State = E::State, Output = E::Output, Record = E::Record>,
{
    fn step_recorded(&self, state: &mut E::State, x: &Side<X, Y>, Turn { record, decoded }: &mut Self::Record) {
        match x {
            Side::Source(x) => self.encoder.step_recorded(state, x, record),
            Side::Target(y) => self.decoder.step_recorded(state, y, record),
        }
        *decoded = matches!(x, Side::Target(_));
    }
    fn add_input_gradient(&self, record: &Self::Record, (source, target): &mut Self::InputGradient) {
        if record.decoded {
            self.decoder.add_input_gradient(&record.record, target);
        } else {
            self.encoder.add_input_gradient(&record.record, source);
        }
    }
    fn bound(step: Taken<'_, Self, Side<X, Y>>) -> E::Scalar {
        let (record, before) = (&step.record.record, step.before);
        match step.input {
            Side::Source(input) => E::bound(Taken { record, before: shared(before), input }),
            Side::Target(input) => D::bound(Taken { record, before: shared(before), input }),
        }
    }
    fn accumulate<'a>(
        target: &mut Self::Gradient,
        unit: usize,
        scale: E::Scalar,
        steps: impl Iterator<Item = Taken<'a, Self, Side<X, Y>>> + Clone,
    ) where
        Self: 'a,
        X: 'a,
        Y: 'a,
    {
        match unit.checked_sub(E::UNITS) {
            None => E::accumulate(&mut target.encoder, unit, scale, steps.filter_map(encoded)),
            Some(unit) => D::accumulate(&mut target.decoder, unit, scale, steps.filter_map(decoded)),
        }
    }
    fn descend<'a>(
        &mut self,
        unit: usize,
        scale: E::Scalar,
        steps: impl Iterator<Item = Taken<'a, Self, Side<X, Y>>> + Clone,
    ) where
        Self: 'a,
        X: 'a,
        Y: 'a,
    {
        match unit.checked_sub(E::UNITS) {
            None => self.encoder.descend(unit, scale, steps.filter_map(encoded)),
            Some(unit) => self.decoder.descend(unit, scale, steps.filter_map(decoded)),
        }
    }
}

/// Returns the state before a step as a state of either cell, since both cells have the same type of record.
fn shared<'a, E: Recurrent, D, S>(before: Before<'a, EncoderDecoder<E, D>>) -> Before<'a, S>
where
    D: Recurrent<Scalar = E::Scalar, State = E::State, Output = E::Output, Record = E::Record>,
    S: Recurrent<State = E::State, Record = E::Record>,
{
    Before { record: before.record.map(|turn| &turn.record), start: before.start }
}

/// Returns the step as a step of the encoder, or `None` if the decoder ran it.
fn encoded<'a, E, D, X, Y>(step: Taken<'a, EncoderDecoder<E, D>, Side<X, Y>>) -> Option<Taken<'a, E, X>>
where
    E: Recurrent,
    D: Recurrent<Scalar = E::Scalar, State = E::State, Output = E::Output, Record = E::Record>,
{
    match step.input {
        Side::Source(input) => Some(Taken { record: &step.record.record, before: shared(step.before), input }),
        Side::Target(_) => None,
    }
}

/// Returns the step as a step of the decoder, or `None` if the encoder ran it.
fn decoded<'a, E, D, X, Y>(step: Taken<'a, EncoderDecoder<E, D>, Side<X, Y>>) -> Option<Taken<'a, D, Y>>
where
    E: Recurrent,
    D: Recurrent<Scalar = E::Scalar, State = E::State, Output = E::Output, Record = E::Record>,
{
    match step.input {
        Side::Target(input) => Some(Taken { record: &step.record.record, before: shared(step.before), input }),
        Side::Source(_) => None,
    }
}
