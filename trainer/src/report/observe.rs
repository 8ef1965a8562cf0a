//! What a layer shows of itself while it reads a sequence, of whatever length: what is kept is on the heap.

use super::parts::{Direction, Gates, Part, Parts};
use elman::cell::{Before, Cell};
use elman::layer::{Directions, Join, Place};
use elman::{Bidirectional, Layer, Pair, Recurrent, Sequential, Stacked, Zero};

/// A layer that can be watched: each cell that has [`Parts`] and [`Gates`], and what is bidirectional of such cells.
pub trait Observe<X>: Layer<X> {
    /// Layers that have a state of their own.
    const LAYERS: usize;
    /// What the steps of a sequence leave behind for the way back.
    type Records;
    /// What it puts out, starting from the zero state.
    fn read(&self, xs: &[&X]) -> Outputs<Self::Output>;
    /// As [`read`](Self::read), and what there is to be seen.
    fn watch(&self, xs: &[&X]) -> Watched<Self::Output, Self::Records>;
    /// The way back: the parts of the gradient of the state after each step. `source` adds the gradient of the output at a
    /// place.
    fn sweep(&self, records: &mut Self::Records, source: impl Fn(Place, &mut Self::Output)) -> Vec<Vec<Part>>;
    /// Adds the gradient with respect to the input of a step, once the sweep is done.
    fn pass_down(&self, records: &Self::Records, step: usize, gradient: &mut Self::InputGradient);
}

/// What a layer put out.
#[derive(Clone, Debug, PartialEq)]
pub struct Outputs<Y> {
    /// At each step.
    pub steps: Vec<Y>,
    /// At the [end](Place::End) of each direction.
    pub end: Y,
}

impl<Y> Outputs<Y> {
    /// The output at a place; `None` beyond the last step.
    pub fn at(&self, place: Place) -> Option<&Y> {
        match place {
            Place::Step(step) => self.steps.get(step),
            Place::End => Some(&self.end),
        }
    }
}

/// What a layer did with a sequence.
#[derive(Clone, Debug)]
pub struct Watched<Y, R> {
    /// What it put out.
    pub outputs: Outputs<Y>,
    /// The parts of the state after each step.
    pub states: Vec<Vec<Part>>,
    /// The gates at each step.
    pub gates: Vec<Vec<Part>>,
    /// For the way back.
    pub records: R,
}

/// Step by step.
impl<C: Parts + Gates<X>, X> Observe<X> for C {
    const LAYERS: usize = <C as Parts>::LAYERS;
    type Records = Vec<C::Record>;
    fn read(&self, xs: &[&X]) -> Outputs<<C as Recurrent>::Output> {
        let mut state = <C as Recurrent>::State::ZERO;
        let step = |x: &&X| {
            self.step(&mut state, x);
            *C::output(&state)
        };
        Outputs { steps: xs.iter().map(step).collect(), end: *C::output(&state) }
    }
    fn watch(&self, xs: &[&X]) -> Watched<<C as Recurrent>::Output, Vec<C::Record>> {
        let mut state = <C as Recurrent>::State::ZERO;
        let (mut states, mut gates, mut records) = (Vec::new(), Vec::new(), Vec::new());
        for x in xs {
            gates.push(self.gates(&state, x));
            let mut record = C::Record::ZERO;
            self.step_recorded(&mut state, x, &mut record);
            states.push(C::parts(&state));
            records.push(record);
        }
        let steps = records.iter().map(|record| *C::recorded(record)).collect();
        Watched { outputs: Outputs { steps, end: *C::output(&state) }, states, gates, records }
    }
    fn sweep(
        &self,
        records: &mut Vec<C::Record>,
        source: impl Fn(Place, &mut <C as Recurrent>::Output),
    ) -> Vec<Vec<Part>> {
        let (start, mut gradient) = (<C as Recurrent>::State::ZERO, <C as Recurrent>::State::ZERO);
        source(Place::End, C::output_mut(&mut gradient));
        let mut parts = Vec::new();
        for step in (0..records.len()).rev() {
            source(Place::Step(step), C::output_mut(&mut gradient));
            parts.push(C::parts(&gradient));
            let (earlier, rest) = records.split_at_mut(step);
            self.step_back(&mut rest[0], Before { record: earlier.last(), start: &start }, &mut gradient);
        }
        parts.reverse();
        parts
    }
    fn pass_down(&self, records: &Vec<C::Record>, step: usize, gradient: &mut <C as Cell<X>>::InputGradient) {
        Cell::add_input_gradient(self, &records[step], gradient);
    }
}

/// Each direction as the cell that it is, the backward one over the sequence turned round.
impl<F, B, J, X> Observe<X> for Bidirectional<F, B, J>
where
    Self: Layer<X, Output = J::Output, InputGradient = F::InputGradient>,
    F: Parts + Gates<X>,
    B: Parts + Gates<X, Output = F::Output, InputGradient = F::InputGradient>,
    J: Join<F::Output>,
{
    const LAYERS: usize = <F as Parts>::LAYERS;
    type Records = Directions<Vec<F::Record>, Vec<B::Record>>;
    fn read(&self, xs: &[&X]) -> Outputs<J::Output> {
        join::<J, _>(&self.forward.read(xs), &self.backward.read(&reversed(xs)))
    }
    fn watch(&self, xs: &[&X]) -> Watched<J::Output, Self::Records> {
        let (forward, backward) = (self.forward.watch(xs), self.backward.watch(&reversed(xs)));
        Watched {
            outputs: join::<J, _>(&forward.outputs, &backward.outputs),
            states: both_ways(forward.states, backward.states),
            gates: both_ways(forward.gates, backward.gates),
            records: Directions { forward: forward.records, backward: backward.records },
        }
    }
    fn sweep(&self, records: &mut Self::Records, source: impl Fn(Place, &mut J::Output)) -> Vec<Vec<Part>> {
        let Directions { forward, backward } = records;
        let steps = forward.len();
        let joined = |place| {
            let mut gradient = J::Output::ZERO;
            source(place, &mut gradient);
            gradient
        };
        let forwards = self.forward.sweep(forward, |place, gradient| {
            if let Some(other) = recorded::<B>(backward, mirrored(place, steps)) {
                J::add_forward_gradient(&joined(place), other, gradient);
            }
        });
        let backwards = self.backward.sweep(backward, |place, gradient| {
            let place = mirrored(place, steps);
            if let Some(other) = recorded::<F>(forward, place) {
                J::add_backward_gradient(&joined(place), other, gradient);
            }
        });
        both_ways(forwards, backwards)
    }
    fn pass_down(&self, records: &Self::Records, step: usize, gradient: &mut F::InputGradient) {
        let Directions { forward, backward } = records;
        self.forward.pass_down(forward, step, gradient);
        self.backward.pass_down(backward, backward.len() - 1 - step, gradient);
    }
}

/// The lower layer goes through the whole sequence first.
impl<A, F, B, J, X> Observe<X> for Stacked<A, Bidirectional<F, B, J>>
where
    Self: Layer<X, Output = <Bidirectional<F, B, J> as Sequential>::Output, InputGradient = A::InputGradient>,
    A: Observe<X>,
    Bidirectional<F, B, J>: Observe<A::Output, InputGradient = A::Output>,
{
    const LAYERS: usize = A::LAYERS + Bidirectional::<F, B, J>::LAYERS;
    type Records = Pair<A::Records, <Bidirectional<F, B, J> as Observe<A::Output>>::Records>;
    fn read(&self, xs: &[&X]) -> Outputs<Self::Output> {
        let lower = self.lower.read(xs);
        self.upper.read(&lower.steps.iter().collect::<Vec<_>>())
    }
    fn watch(&self, xs: &[&X]) -> Watched<Self::Output, Self::Records> {
        let lower = self.lower.watch(xs);
        let upper = self.upper.watch(&lower.outputs.steps.iter().collect::<Vec<_>>());
        Watched {
            outputs: upper.outputs,
            states: on_top(lower.states, upper.states, A::LAYERS),
            gates: on_top(lower.gates, upper.gates, A::LAYERS),
            records: Pair { lower: lower.records, upper: upper.records },
        }
    }
    fn sweep(&self, records: &mut Self::Records, source: impl Fn(Place, &mut Self::Output)) -> Vec<Vec<Part>> {
        let Pair { lower, upper } = records;
        let above = self.upper.sweep(upper, source);
        let below = self.lower.sweep(lower, |place, gradient| {
            if let Place::Step(step) = place {
                self.upper.pass_down(upper, step, gradient);
            }
        });
        on_top(below, above, A::LAYERS)
    }
    fn pass_down(&self, records: &Self::Records, step: usize, gradient: &mut A::InputGradient) {
        self.lower.pass_down(&records.lower, step, gradient);
    }
}

fn reversed<'a, X>(xs: &[&'a X]) -> Vec<&'a X> {
    xs.iter().rev().copied().collect()
}

/// Where a place stands for who reads from the last step to the first.
fn mirrored(place: Place, steps: usize) -> Place {
    match place {
        Place::Step(step) => Place::Step(steps - 1 - step),
        Place::End => Place::End,
    }
}

/// The output at a place; `None` without steps.
fn recorded<C: Recurrent>(records: &[C::Record], place: Place) -> Option<&C::Output> {
    match place {
        Place::Step(step) => records.get(step),
        Place::End => records.last(),
    }
    .map(C::recorded)
}

/// The outputs of both directions in one.
fn join<J: Join<Y>, Y>(forward: &Outputs<Y>, backward: &Outputs<Y>) -> Outputs<J::Output> {
    let join = |(f, b): (&Y, &Y)| {
        let mut both = J::begin(f);
        J::complete(&mut both, b);
        both
    };
    let steps = forward.steps.iter().zip(backward.steps.iter().rev()).map(join).collect();
    Outputs { steps, end: join((&forward.end, &backward.end)) }
}

/// The parts of both directions at each step.
fn both_ways(forward: Vec<Vec<Part>>, backward: Vec<Vec<Part>>) -> Vec<Vec<Part>> {
    let towards = |parts: Vec<Part>, direction| parts.into_iter().map(move |part| part.towards(direction));
    let steps = forward.into_iter().zip(backward.into_iter().rev());
    steps.map(|(f, b)| towards(f, Direction::Forward).chain(towards(b, Direction::Backward)).collect()).collect()
}

/// The parts of a layer above those of some layers, at each step.
fn on_top(lower: Vec<Vec<Part>>, upper: Vec<Vec<Part>>, layers: usize) -> Vec<Vec<Part>> {
    let above = |parts: Vec<Part>| parts.into_iter().map(|part| part.above(layers));
    lower.into_iter().zip(upper).map(|(lower, upper)| lower.into_iter().chain(above(upper)).collect()).collect()
}
