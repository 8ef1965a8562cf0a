use super::cell::back;
use super::directions::{backward, forward, mirrored};
use super::{Concat, Directions, Ends, Join, Layer, Place, Sequential};
use crate::cell::{Cell, Learns, Recurrent};
use crate::error::SequenceError;
use crate::inputs::Inputs;
use crate::math::{Math, Zero};
use crate::parameters::{Parameters, Path, Tensor};
use crate::part::{Number, Part, Step, Sweep, places};
use crate::present::{present, within};
use crate::tape::Tape;
use core::marker::PhantomData;
use core::ops::Range;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// Two cells that read a sequence in opposite directions, with the outputs joined at each step: f_t = F(x_t,
/// f_{t−1}), b_t = B(x_t, b_{t+1}), y_t = `J`(f_t, b_t).
///
/// Schuster and Paliwal, "Bidirectional recurrent neural networks", 1997. `J` is [`Concat`] (PyTorch's, the default),
/// [`Add`](super::Add) or [`Multiply`](super::Multiply). A target for each step reads y_t; a [`Final`](crate::target::Final) target
/// reads the state that each direction ends with, `J`(f_T, b_1).
///
/// This is a [layer](super), not a cell: it has no `step`, cannot stream, does not carry its state and is not
/// checkpointed. Parameters, multiply-adds and records are the sums over both cells. Layers stack in any order,
/// even cells on top.
///
/// ```
/// use elman::{Bidirectional, Class, Dense, Embedding, Gru, Network, Reader, Stacked, Token, Zero};
/// type Tagger = Network<Stacked<Embedding<50, 8>, Bidirectional<Gru<8, 16>>>, Dense<32, 5>>;
/// static NETWORK: Tagger = Tagger::ZERO; // trained elsewhere
/// let mut reader = Reader::<Tagger, 20>::ZERO; // sentences of up to 20 words
/// let mut labels = [Class::default(); 3];
/// reader.on(&NETWORK).label(&[Token::new(7)?, Token::new(42)?, Token::new(0)?], &mut labels)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Stacks nest either way, and a layer must fit the layer below it:
///
/// ```
/// use elman::{Bidirectional, Embedding, Gru, Layer, Stacked, Token};
/// type Left = Stacked<Stacked<Embedding<50, 8>, Bidirectional<Gru<8, 16>>>, Gru<32, 16>>;
/// type Right = Stacked<Embedding<50, 8>, Stacked<Bidirectional<Gru<8, 16>>, Gru<32, 16>>>;
/// fn reads<X, C: Layer<X>>() {}
/// reads::<Token<50>, Left>();
/// reads::<Token<50>, Right>();
/// ```
///
/// ```compile_fail,E0277
/// use elman::{Bidirectional, Embedding, Gru, Layer, Stacked, Token};
/// type Tagger = Stacked<Embedding<50, 8>, Bidirectional<Gru<9, 16>>>;
/// fn reads<X, C: Layer<X>>() {}
/// reads::<Token<50>, Tagger>();
/// ```
///
/// The network has no step:
///
/// ```compile_fail,E0277
/// use elman::{Bidirectional, Dense, Elman, Network, Zero};
/// static NETWORK: Network<Bidirectional<Elman<1, 4>>, Dense<8, 2>> = Network::ZERO;
/// NETWORK.step(&mut Zero::ZERO, &[1.0]);
/// ```
///
/// Its tape cannot be checkpointed:
///
/// ```compile_fail,E0080
/// use elman::{Bidirectional, Dense, Elman, Network, Sgd, Workspace};
/// static LONG: Workspace<Network<Bidirectional<Elman<1, 4>>, Dense<8, 2>>, Sgd, 8, 8, 4> = Workspace::ZERO;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Bidirectional<F, B = F, J = Concat> {
    /// The cell that reads from the first step to the last.
    pub forward: F,
    /// The cell that reads from the last step to the first.
    pub backward: B,
    join: PhantomData<J>,
}

impl<F, B, J> Bidirectional<F, B, J> {
    /// Creates a layer from the cells of both directions.
    pub const fn new(forward: F, backward: B) -> Self {
        Self { forward, backward, join: PhantomData }
    }
}

impl<F: Zero, B: Zero, J: Zero> Zero for Bidirectional<F, B, J> {
    const ZERO: Self = Self::new(F::ZERO, B::ZERO);
    const INPUTS: usize = F::INPUTS;
    const OUTPUTS: usize = J::OUTPUTS * F::OUTPUTS;
}

impl<F: Parameters, B: Parameters<Scalar = F::Scalar>, J: Zero> Parameters for Bidirectional<F, B, J> {
    type Scalar = F::Scalar;
    type Gradient = Bidirectional<F::Gradient, B::Gradient, J>;
    const COUNT: usize = F::COUNT + B::COUNT;
    fn walk<const N: usize>(
        &mut self,
        mut others: [&mut Self::Gradient; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [F::Scalar], [&mut [F::Scalar]; N]),
    ) {
        self.forward.walk(others.each_mut().map(|o| &mut o.forward), path.at("forward"), f);
        self.backward.walk(others.each_mut().map(|o| &mut o.backward), path.at("backward"), f);
    }
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[F::Scalar])) {
        self.forward.view(path.at("forward"), f);
        self.backward.view(path.at("backward"), f);
    }
}

impl<F: Part, B, J> Part for Bidirectional<F, B, J>
where
    B: Part<Math: Math<Scalar = Number<F>>, Output = F::Output>,
    J: Join<F::Output>,
{
    type Math = F::Math;
    type State = Ends<F::State, B::State, J::Output>;
    type Output = J::Output;
    type Room<const T: usize> = [J::Output; T];
    fn output(state: &Self::State) -> &J::Output {
        &state.joined
    }
    fn is_finite(state: &Self::State) -> bool {
        F::is_finite(&state.forward) && B::is_finite(&state.backward)
    }
}

impl<F: Step<X>, B, J, X> Sweep<X> for Bidirectional<F, B, J>
where
    B: Step<X, Math: Math<Scalar = Number<F>>, Output = F::Output>,
    J: Join<F::Output>,
{
    fn accepts(x: &X) -> bool {
        F::accepts(x)
    }
    fn sweep<'r, const T: usize>(
        &self,
        state: &mut Self::State,
        xs: &[X],
        room: &'r mut [J::Output; T],
    ) -> Result<&'r [J::Output], SequenceError> {
        let room = places(room, xs.len())?;
        for (x, output) in xs.iter().zip(room.iter_mut()) {
            self.forward.step(&mut state.forward, x);
            *output = J::begin(F::output(&state.forward));
        }
        for (x, output) in xs.iter().zip(room.iter_mut()).rev() {
            self.backward.step(&mut state.backward, x);
            J::complete(output, B::output(&state.backward));
        }
        join::<F, B, J>(state);
        Ok(room)
    }
}

/// Joins the outputs of the final states.
fn join<F: Part, B: Part<Output = F::Output>, J: Join<F::Output>>(state: &mut Ends<F::State, B::State, J::Output>) {
    state.joined = J::begin(F::output(&state.forward));
    J::complete(&mut state.joined, B::output(&state.backward));
}

impl<F, B, J> Sequential for Bidirectional<F, B, J>
where
    F: Recurrent,
    B: Recurrent<Scalar = F::Scalar, Output = F::Output>,
    J: Join<F::Output>,
{
    type Kept = J::Output;
    type Tape<const T: usize, const P: usize> = Directions<Tape<F, T>, Tape<B, T>>;
    const PASSES: usize = 2;

    fn restart<const T: usize, const P: usize>(tape: &mut Directions<Tape<F, T>, Tape<B, T>>, state: &Self::State) {
        tape.forward.restart(&state.forward);
        tape.backward.restart(&state.backward);
    }
    fn held<const T: usize, const P: usize>(tape: &Directions<Tape<F, T>, Tape<B, T>>) -> Range<usize> {
        0..tape.forward.len() + tape.backward.len()
    }
    fn truncate<const T: usize, const P: usize>(_: &mut Directions<Tape<F, T>, Tape<B, T>>, _: usize) {}
    fn keep<const T: usize, const P: usize>(
        tape: &Directions<Tape<F, T>, Tape<B, T>>,
        place: Place,
    ) -> Option<J::Output> {
        let mut output = J::begin(forward(tape, place)?);
        J::complete(&mut output, backward(tape, place)?);
        Some(output)
    }
    fn kept<'a, const T: usize, const P: usize>(
        _: &'a Directions<Tape<F, T>, Tape<B, T>>,
        _: Place,
        kept: &'a J::Output,
    ) -> Option<&'a J::Output> {
        Some(kept)
    }
    fn outputs<'a, const T: usize, const P: usize>(
        _: &'a Directions<Tape<F, T>, Tape<B, T>>,
        kept: &'a [J::Output],
        range: Range<usize>,
    ) -> impl DoubleEndedIterator<Item = &'a J::Output> + Clone
    where
        Self: 'a,
    {
        within(kept, range).iter()
    }
}

impl<F: Learns<X>, B, J: Zero, X> Learns<X> for Bidirectional<F, B, J>
where
    B: Learns<X, InputGradient = F::InputGradient, Scalar = F::Scalar>,
{
    type InputGradient = F::InputGradient;
    const UNITS: usize = F::UNITS + B::UNITS;
}

impl<F, B, J, X> Layer<X> for Bidirectional<F, B, J>
where
    F: Cell<X>,
    B: Cell<X, Scalar = F::Scalar, Output = F::Output, InputGradient = F::InputGradient>,
    J: Join<F::Output>,
{
    /// The forward direction comes first.
    fn forward<const T: usize, const P: usize>(
        &self,
        tape: &mut Directions<Tape<F, T>, Tape<B, T>>,
        state: &mut Self::State,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
    ) -> Result<(), SequenceError> {
        let Some(read) = visit.checked_sub(xs.len()) else {
            return present(xs.at(visit)).map_or(Ok(()), |x| tape.forward.push(&self.forward, &mut state.forward, x));
        };
        let Some(x) = present((xs.len() - 1).checked_sub(read).and_then(|step| xs.at(step))) else { return Ok(()) };
        tape.backward.push(&self.backward, &mut state.backward, x)?;
        if read + 1 == xs.len() {
            join::<F, B, J>(state);
        }
        Ok(())
    }
    fn repeat<const T: usize, const P: usize>(
        &self,
        _: &mut Directions<Tape<F, T>, Tape<B, T>>,
        _: usize,
        _: &(impl Inputs<X> + ?Sized),
    ) {
    }
    /// Each direction computes the gradient of the joined output and takes its part, so the joined output need not be
    /// stored.
    fn back<const T: usize, const P: usize>(
        &self,
        tape: &mut Directions<Tape<F, T>, Tape<B, T>>,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
        gradient: &mut Self::State,
        source: impl Fn(Place, &J::Output, &mut J::Output),
    ) -> F::Scalar {
        let read = visit.checked_sub(xs.len());
        let step = read.map_or(visit, |read| xs.len() - 1 - read);
        let Some(x) = present(xs.at(step)) else { return F::Scalar::ZERO };
        let last = read.unwrap_or(visit) + 1 == xs.len();
        for place in last.then_some(Place::End).into_iter().chain([Place::Step(step)]) {
            let (Some(f), Some(b)) = (present(forward(tape, place)), present(backward(tape, place))) else { continue };
            let (mut output, mut both) = (J::begin(f), J::Output::ZERO);
            J::complete(&mut output, b);
            source(place, &output, &mut both);
            match read {
                None => J::add_forward_gradient(&both, b, F::output_mut(&mut gradient.forward)),
                Some(_) => J::add_backward_gradient(&both, f, B::output_mut(&mut gradient.backward)),
            }
        }
        match read {
            None => back(&self.forward, &mut tape.forward, (visit, x), &mut gradient.forward),
            Some(read) => back(&self.backward, &mut tape.backward, (read, x), &mut gradient.backward),
        }
    }
    fn add_input_gradient<const T: usize, const P: usize>(
        &self,
        tape: &Directions<Tape<F, T>, Tape<B, T>>,
        step: usize,
        gradient: &mut F::InputGradient,
    ) {
        if let Some(record) = present(tape.forward.record(step)) {
            self.forward.add_input_gradient(record, gradient);
        }
        let read = mirrored(&tape.backward, step);
        if let Some(record) = present(read.and_then(|read| tape.backward.record(read))) {
            self.backward.add_input_gradient(record, gradient);
        }
    }
    fn accumulate<const T: usize, const P: usize>(
        target: &mut Self::Gradient,
        unit: usize,
        scale: F::Scalar,
        tape: &Directions<Tape<F, T>, Tape<B, T>>,
        xs: &(impl Inputs<X> + ?Sized),
    ) {
        match unit.checked_sub(F::UNITS) {
            None => F::accumulate(&mut target.forward, unit, scale, tape.forward.steps(xs.range(0..xs.len()).rev())),
            Some(unit) => B::accumulate(&mut target.backward, unit, scale, tape.backward.steps(xs.range(0..xs.len()))),
        }
    }
    fn descend<const T: usize, const P: usize>(
        &mut self,
        unit: usize,
        scale: F::Scalar,
        tape: &Directions<Tape<F, T>, Tape<B, T>>,
        xs: &(impl Inputs<X> + ?Sized),
    ) {
        match unit.checked_sub(F::UNITS) {
            None => self.forward.descend(unit, scale, tape.forward.steps(xs.range(0..xs.len()).rev())),
            Some(unit) => self.backward.descend(unit, scale, tape.backward.steps(xs.range(0..xs.len()))),
        }
    }
}
