//! Observation of a layer while it reads a sequence of any length; all records are on the heap.

use super::parts::{self, Direction, Part, Watchable};
use elman::cell::{Before, Cell, Recurrent};
use elman::layer::{Directions, Join, Place};
use elman::stacked::Pair;
use elman::{Bidirectional, Frozen, Layer, Stacked, Zero};

/// Layer that can be observed: a [`Watchable`] cell, or a stack or bidirectional layer of such cells.
pub trait Observe<X>: Layer<X> {
    /// Number of layers that have a state of their own.
    const LAYERS: usize;
    /// Records of the steps for the backward pass.
    type Records;
    /// Returns the outputs, starting from the zero state.
    fn read(&self, xs: &[&X]) -> Outputs<Self::Output>;
    /// Same as [`read`](Self::read), but also returns states, gates and records.
    fn watch(&self, xs: &[&X]) -> Watched<Self::Output, Self::Records>;
    /// Runs the backward pass and returns the parts of the state's gradient after each step. `source` adds the gradient
    /// with respect to the output at a [`Place`].
    fn go_back(&self, records: &mut Self::Records, source: impl Fn(Place, &mut Self::Output)) -> Vec<Vec<Part>>;
    /// Adds the gradient with respect to a step's input to `gradient`; the backward pass must have run before.
    fn pass_down(&self, records: &Self::Records, step: usize, gradient: &mut Self::InputGradient);
}

/// Outputs of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Outputs<Y> {
    /// Output at each step.
    pub steps: Vec<Y>,
    /// Output at the [end](Place::End) of each direction.
    pub end: Y,
}

impl<Y> Outputs<Y> {
    /// Returns the output at `place`; `None` beyond the last step.
    pub fn at(&self, place: Place) -> Option<&Y> {
        match place {
            Place::Step(step) => self.steps.get(step),
            Place::End => Some(&self.end),
        }
    }
}

/// Outputs, states and gates of a layer over a sequence.
#[derive(Clone, Debug)]
pub struct Watched<Y, R> {
    /// Outputs of the layer.
    pub outputs: Outputs<Y>,
    /// Parts of the state after each step.
    pub states: Vec<Vec<Part>>,
    /// Gates at each step.
    pub gates: Vec<Vec<Part>>,
    /// Records for the backward pass.
    pub records: R,
}

/// Observes a cell step by step.
impl<C: Watchable + Cell<X> + Layer<X> + Recurrent<Scalar: Into<f64>>, X> Observe<X> for C {
    const LAYERS: usize = <C as Recurrent>::LAYERS;
    type Records = Vec<C::Record>;
    fn read(&self, xs: &[&X]) -> Outputs<C::Output> {
        let mut state = C::State::ZERO;
        let step = |x: &&X| {
            self.step(&mut state, x);
            *C::output(&state)
        };
        Outputs { steps: xs.iter().map(step).collect(), end: *C::output(&state) }
    }
    fn watch(&self, xs: &[&X]) -> Watched<C::Output, Vec<C::Record>> {
        let mut state = C::State::ZERO;
        let (mut states, mut gates, mut records) = (Vec::new(), Vec::new(), Vec::new());
        for x in xs {
            let mut record = C::Record::ZERO;
            self.step_recorded(&mut state, x, &mut record);
            gates.push(parts::gates::<C>(&record));
            states.push(parts::state::<C>(&state));
            records.push(record);
        }
        let steps = records.iter().map(|record| *C::recorded(record)).collect();
        Watched { outputs: Outputs { steps, end: *C::output(&state) }, states, gates, records }
    }
    fn go_back(&self, records: &mut Vec<C::Record>, source: impl Fn(Place, &mut C::Output)) -> Vec<Vec<Part>> {
        let (start, mut gradient) = (C::State::ZERO, C::State::ZERO);
        source(Place::End, C::output_mut(&mut gradient));
        let mut seen = Vec::new();
        for step in (0..records.len()).rev() {
            source(Place::Step(step), C::output_mut(&mut gradient));
            seen.push(parts::state::<C>(&gradient));
            let (earlier, rest) = records.split_at_mut(step);
            self.step_back(&mut rest[0], Before { record: earlier.last(), start: &start }, &mut gradient);
        }
        seen.reverse();
        seen
    }
    fn pass_down(&self, records: &Vec<C::Record>, step: usize, gradient: &mut C::InputGradient) {
        Cell::add_input_gradient(self, &records[step], gradient);
    }
}

/// Observes the layer to which `Frozen` refers.
impl<C: Observe<X>, X> Observe<X> for Frozen<'_, C> {
    const LAYERS: usize = C::LAYERS;
    type Records = C::Records;
    fn read(&self, xs: &[&X]) -> Outputs<C::Output> {
        self.0.read(xs)
    }
    fn watch(&self, xs: &[&X]) -> Watched<C::Output, C::Records> {
        self.0.watch(xs)
    }
    fn go_back(&self, records: &mut C::Records, source: impl Fn(Place, &mut C::Output)) -> Vec<Vec<Part>> {
        self.0.go_back(records, source)
    }
    fn pass_down(&self, records: &C::Records, step: usize, gradient: &mut C::InputGradient) {
        self.0.pass_down(records, step, gradient);
    }
}

/// Records and outputs of one direction.
type Seen<R, Y> = (R, Outputs<Y>);

/// Observes each direction as a layer of its own; the backward direction reads the reversed sequence.
impl<F, B, J, X> Observe<X> for Bidirectional<F, B, J>
where
    Self: Layer<X, Output = J::Output, InputGradient = F::InputGradient>,
    F: Observe<X>,
    B: Observe<X, Output = F::Output, InputGradient = F::InputGradient>,
    J: Join<F::Output>,
{
    const LAYERS: usize = F::LAYERS;
    type Records = Directions<Seen<F::Records, F::Output>, Seen<B::Records, F::Output>>;
    fn read(&self, xs: &[&X]) -> Outputs<J::Output> {
        join::<J, _>(&self.forward.read(xs), &self.backward.read(&reversed(xs)))
    }
    fn watch(&self, xs: &[&X]) -> Watched<J::Output, Self::Records> {
        let (forward, backward) = (self.forward.watch(xs), self.backward.watch(&reversed(xs)));
        Watched {
            outputs: join::<J, _>(&forward.outputs, &backward.outputs),
            states: both_ways(forward.states, backward.states),
            gates: both_ways(forward.gates, backward.gates),
            records: Directions {
                forward: (forward.records, forward.outputs),
                backward: (backward.records, backward.outputs),
            },
        }
    }
    fn go_back(&self, records: &mut Self::Records, source: impl Fn(Place, &mut J::Output)) -> Vec<Vec<Part>> {
        let Directions { forward: (forward, read), backward: (backward, read_back) } = records;
        let steps = read.steps.len();
        let joined = |place| {
            let mut gradient = J::Output::ZERO;
            source(place, &mut gradient);
            gradient
        };
        let forwards = self.forward.go_back(forward, |place, gradient| {
            if let Some(other) = read_back.at(mirrored(place, steps)) {
                J::add_forward_gradient(&joined(place), other, gradient);
            }
        });
        let backwards = self.backward.go_back(backward, |place, gradient| {
            let place = mirrored(place, steps);
            if let Some(other) = read.at(place) {
                J::add_backward_gradient(&joined(place), other, gradient);
            }
        });
        both_ways(forwards, backwards)
    }
    fn pass_down(&self, records: &Self::Records, step: usize, gradient: &mut F::InputGradient) {
        let Directions { forward: (forward, read), backward: (backward, _) } = records;
        self.forward.pass_down(forward, step, gradient);
        self.backward.pass_down(backward, read.steps.len() - 1 - step, gradient);
    }
}

/// Observes a stack: the lower layer reads the whole sequence first.
impl<A: Observe<X>, B, X> Observe<X> for Stacked<A, B>
where
    Self: Layer<X, Output = B::Output, InputGradient = A::InputGradient>,
    B: Observe<A::Output, InputGradient = A::Output>,
{
    const LAYERS: usize = A::LAYERS + B::LAYERS;
    type Records = Pair<A::Records, B::Records>;
    fn read(&self, xs: &[&X]) -> Outputs<B::Output> {
        let lower = self.lower.read(xs);
        self.upper.read(&lower.steps.iter().collect::<Vec<_>>())
    }
    fn watch(&self, xs: &[&X]) -> Watched<B::Output, Self::Records> {
        let lower = self.lower.watch(xs);
        let upper = self.upper.watch(&lower.outputs.steps.iter().collect::<Vec<_>>());
        Watched {
            outputs: upper.outputs,
            states: on_top(lower.states, upper.states, A::LAYERS),
            gates: on_top(lower.gates, upper.gates, A::LAYERS),
            records: Pair { lower: lower.records, upper: upper.records },
        }
    }
    fn go_back(&self, records: &mut Self::Records, source: impl Fn(Place, &mut B::Output)) -> Vec<Vec<Part>> {
        let Pair { lower, upper } = records;
        let above = self.upper.go_back(upper, source);
        let below = self.lower.go_back(lower, |place, gradient| {
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

/// Returns the [`Place`] counted in reverse, as seen by a layer that reads from the last step to the first.
fn mirrored(place: Place, steps: usize) -> Place {
    match place {
        Place::Step(step) => Place::Step(steps - 1 - step),
        Place::End => Place::End,
    }
}

/// Joins the outputs of both directions.
fn join<J: Join<Y>, Y>(forward: &Outputs<Y>, backward: &Outputs<Y>) -> Outputs<J::Output> {
    let join = |(f, b): (&Y, &Y)| {
        let mut both = J::begin(f);
        J::complete(&mut both, b);
        both
    };
    let steps = forward.steps.iter().zip(backward.steps.iter().rev()).map(join).collect();
    Outputs { steps, end: join((&forward.end, &backward.end)) }
}

/// Combines the parts of both directions at each step.
fn both_ways(forward: Vec<Vec<Part>>, backward: Vec<Vec<Part>>) -> Vec<Vec<Part>> {
    let towards = |parts: Vec<Part>, direction| parts.into_iter().map(move |part| part.towards(direction));
    let steps = forward.into_iter().zip(backward.into_iter().rev());
    steps.map(|(f, b)| towards(f, Direction::Forward).chain(towards(b, Direction::Backward)).collect()).collect()
}

/// Appends the parts of an upper layer to those of `layers` lower layers, at each step.
fn on_top(lower: Vec<Vec<Part>>, upper: Vec<Vec<Part>>, layers: usize) -> Vec<Vec<Part>> {
    let above = |parts: Vec<Part>| parts.into_iter().map(|part| part.above(layers));
    lower.into_iter().zip(upper).map(|(lower, upper)| lower.into_iter().chain(above(upper)).collect()).collect()
}
