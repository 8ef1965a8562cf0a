//! Counts the instructions for a step of each cell and for training on a sequence; `cargo xtask bench` writes the
//! counts to `docs/benchmarks.md`.

#![no_std]
#![no_main]

use core::hint::black_box;
use core::ops::Range;
use cortex_m_rt::entry;
use elman::clip::Scaling;
use elman::error::ConfigError;
use elman::int8;
use elman::optim::{Accumulated, Kept, Optimizer, RmsProp};
use elman::{Clip, Config, CrossEntropy, Dense, Each, Elman, Fast, Gru, Layer, Libm, Lstm, Math, Network, Step};
use elman::{Parameters, Part, Token, Trainer, Workspace, Zero};
use firmware_example::bench::{Arena, Case, Draw, Name, Run, nothing};
use firmware_example::{board, exit_success, memory, stack_used};
use zerocopy::{FromBytes, IntoBytes};

/// Size of the largest subject in bytes, an LSTM of the largest shape.
const MOST: usize = 324 * 1024;
/// Number of bytes available on this board, with a small reserve. Subjects that do not fit are omitted.
const HERE: usize = board::STATICS - 1024;
type Memory = Arena<{ if HERE < MOST { HERE } else { MOST } }>;

#[entry]
fn main() -> ! {
    static mut MEMORY: Memory = Memory::ZERO;
    Run::each(|run| {
        steps::<Fast>(run, MEMORY, "Fast");
        steps::<Libm<f32>>(run, MEMORY, "Libm");
        integers(run, MEMORY);
        learning::<Fast>(run, MEMORY, "Fast");
        learning::<Libm<f32>>(run, MEMORY, "Libm");
    });
    defmt::info!("stack {=usize} of {=usize} bytes", stack_used(), memory::stack_size());
    exit_success()
}

/// Measures steps of cells of the sizes that were measured for the peers.
fn steps<M: Math<Scalar = f32>>(run: Run, memory: &mut Memory, math: &'static str) {
    shape::<6, 32, M>(run, memory, math, "step 6x32");
    shape::<16, 64, M>(run, memory, math, "step 16x64");
    shape::<28, 128, M>(run, memory, math, "step 28x128");
}

fn shape<const I: usize, const H: usize, M: Math<Scalar = f32>>(
    run: Run,
    memory: &mut Memory,
    math: &'static str,
    work: &'static str,
) {
    measure_step::<Elman<I, H, M>, I>(run, memory, Name { cell: "Elman", math, work }, H);
    measure_step::<Gru<I, H, M>, I>(run, memory, Name { cell: "GRU", math, work }, H);
    measure_step::<Lstm<I, H, M>, I>(run, memory, Name { cell: "LSTM", math, work }, H);
}

/// Measures steps of cells in integers that also read integers.
fn integers(run: Run, memory: &mut Memory) {
    sums::<6, 32>(run, memory, "step 6x32");
    sums::<12, 32>(run, memory, "step 12x32");
    sums::<16, 64>(run, memory, "step 16x64");
    sums::<28, 128>(run, memory, "step 28x128");
}

fn sums<const I: usize, const H: usize>(run: Run, memory: &mut Memory, work: &'static str) {
    measure_integers::<int8::Elman<I, H>, I>(run, memory, Name { cell: "Elman", math: "int8", work });
    measure_integers::<int8::Gru<I, H>, I>(run, memory, Name { cell: "GRU", math: "int8", work });
    measure_integers::<int8::Lstm<I, H>, I>(run, memory, Name { cell: "LSTM", math: "int8", work });
}

fn measure_integers<C, const I: usize>(run: Run, memory: &mut Memory, name: Name)
where
    C: Step<[i16; I]> + Zero + IntoBytes + FromBytes,
{
    let Some(cell) = memory.zero::<C>() else { return };
    let mut draw = Draw::default();
    cell.as_mut_bytes().iter_mut().for_each(|byte| *byte = draw.bits() as u8);
    let input = core::array::from_fn(|_| draw.bits() as i16);
    let mut stream = Sums { cell, state: C::State::ZERO, input };
    step_integers(&mut stream);
    Case { name, before: nothing, work: step_integers, rounds: 1, calls: 40 }.run(run, &mut stream);
}

/// Cell in integers that reads a stream.
struct Sums<'a, C: Part, const I: usize> {
    cell: &'a C,
    state: C::State,
    input: [i16; I],
}

#[inline(never)]
fn step_integers<C: Step<[i16; I]>, const I: usize>(Sums { cell, state, input }: &mut Sums<'_, C, I>) {
    cell.step(state, input);
}

/// Cell that reads a stream.
struct Stream<'a, C: Part, const I: usize> {
    cell: &'a C,
    state: C::State,
    input: [f32; I],
}

fn measure_step<C, const I: usize>(run: Run, memory: &mut Memory, name: Name, units: usize)
where
    C: Step<[f32; I]> + Parameters<Scalar = f32> + Zero,
{
    let Some(cell) = memory.zero::<C>() else { return };
    let mut draw = Draw::default();
    draw.fill(cell, units);
    let input = core::array::from_fn(|_| draw.number(1.0));
    let mut stream = Stream { cell, state: C::State::ZERO, input };
    step(&mut stream);
    Case { name, before: nothing, work: step, rounds: 1, calls: 40 }.run(run, &mut stream);
}

#[inline(never)]
fn step<C: Step<[f32; I]>, const I: usize>(Stream { cell, state, input }: &mut Stream<'_, C, I>) {
    cell.step(state, input);
}

/// Number of symbols in the vocabulary, and of units.
const WIDTH: usize = 32;
const STEPS: usize = 16;
/// Number of rounds; the instructions in a tick are negligible compared with those for a sequence.
const ROUNDS: u32 = 4;

type Symbol = Token<WIDTH>;
type Units = [f32; WIDTH];
type Net<C> = Network<C, Dense<WIDTH, WIDTH>>;
type Work<C, O> = Workspace<Net<C>, O, STEPS, STEPS>;
type Learn<'a, C, O> = Trainer<'a, Work<C, O>>;

/// Network, the memory to train it, and its training sequence.
struct Lesson<'a, C: Layer<Symbol, Scalar = f32, Output = Units>, O: Optimizer<Scalar = f32>> {
    network: &'a mut Net<C>,
    work: &'a mut Work<C, O>,
    optimizer: O,
    symbols: [Token<WIDTH>; STEPS],
    next: [Token<WIDTH>; STEPS],
}

fn learning<M: Math<Scalar = f32>>(run: Run, memory: &mut Memory, math: &'static str) {
    measure_learning::<Elman<WIDTH, WIDTH, M>>(run, memory, "Elman", math);
    measure_learning::<Gru<WIDTH, WIDTH, M>>(run, memory, "GRU", math);
    measure_learning::<Lstm<WIDTH, WIDTH, M>>(run, memory, "LSTM", math);
}

fn measure_learning<C: Layer<Symbol, Scalar = f32, Output = Units> + Step<Symbol> + Zero>(
    run: Run,
    memory: &mut Memory,
    cell: &'static str,
    math: &'static str,
) {
    let name = |work| Name { cell, math, work };
    let Some(lesson) = &mut Lesson::<C, _>::new(memory, RmsProp::new(0.001)) else { return };
    Case { name: name("forward"), before: nothing, work: forward, rounds: ROUNDS, calls: 1 }.run(run, lesson);
    Case { name: name("forward+backward"), before: nothing, work: backward, rounds: ROUNDS, calls: 1 }.run(run, lesson);
    Case { name: name("clip+RMSprop"), before: backward, work: update, rounds: ROUNDS, calls: 1 }.run(run, lesson);
    let Some(lesson) = &mut Lesson::<C, _>::new(memory, Still) else { return };
    backward(lesson);
    Case { name: name("clip"), before: backward, work: update, rounds: ROUNDS, calls: 1 }.run(run, lesson);
    if run == Run::Count {
        defmt::info!("{=str} {=str} training: {=usize} bytes", cell, math, Learn::<C, RmsProp>::BYTES);
    }
}

impl<'a, C: Layer<Symbol, Scalar = f32, Output = Units>, O: Optimizer<Scalar = f32>> Lesson<'a, C, O> {
    fn new(memory: &'a mut Memory, optimizer: O) -> Option<Self>
    where
        C: Zero,
    {
        let ((network, work), mut draw) = (memory.zero::<(_, _)>()?, Draw::default());
        draw.fill(network, WIDTH);
        let mut symbol = || Token::new(draw.bits() as usize % WIDTH).unwrap_or_default();
        let (symbols, next) = (core::array::from_fn(|_| symbol()), core::array::from_fn(|_| symbol()));
        Some(Self { network, work, optimizer, symbols, next })
    }

    fn trainer(&mut self) -> Option<Learn<'_, C, O>> {
        let config = Config { clip: Clip::Norm(1.0), ..Config::new(self.optimizer) };
        Trainer::new(self.network, self.work, config).ok()
    }
}

#[inline(never)]
fn forward<C: Layer<Symbol, Scalar = f32, Output = Units> + Step<Symbol>, O: Optimizer<Scalar = f32>>(
    lesson: &mut Lesson<'_, C, O>,
) {
    black_box(lesson.network.evaluate(&CrossEntropy, &lesson.symbols, Each(&lesson.next)).is_ok());
}

#[inline(never)]
fn backward<C: Layer<Symbol, Scalar = f32, Output = Units>, O: Optimizer<Scalar = f32>>(lesson: &mut Lesson<'_, C, O>) {
    let (symbols, next) = (lesson.symbols, lesson.next);
    let Some(mut trainer) = lesson.trainer() else { return };
    black_box(trainer.accumulate(&mut C::State::ZERO.clone(), &symbols, Each(&next)).is_ok());
}

#[inline(never)]
fn update<C: Layer<Symbol, Scalar = f32, Output = Units>, O: Optimizer<Scalar = f32>>(lesson: &mut Lesson<'_, C, O>) {
    let Some(mut trainer) = lesson.trainer() else { return };
    black_box(trainer.apply().is_ok());
}

/// Optimizer that changes nothing: an update with it costs only the gradient's norm and the clipping factor.
#[derive(Clone, Copy)]
struct Still;

impl Optimizer for Still {
    type Scalar = f32;
    type Memory<G: Parameters<Scalar = f32, Gradient = G> + Zero> = Accumulated<G, 0>;
    fn kept<G: Parameters<Scalar = f32, Gradient = G> + Zero>(memory: &mut Accumulated<G, 0>) -> Option<Kept<'_, G>> {
        Some(memory.kept())
    }
    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }
    fn rate(&self) -> f32 {
        0.0
    }
    fn with_rate(self, _: f32) -> Self {
        self
    }
    fn reach(&self, _: f32) -> f32 {
        0.0
    }
    fn stays_finite<M: Math<Scalar = f32>, P: Parameters<Scalar = f32>>(
        &self,
        _: &mut P,
        _: &mut Accumulated<P::Gradient, 0>,
        _: &Scaling<f32>,
        _: Range<usize>,
    ) -> bool {
        true
    }
    fn apply<M: Math<Scalar = f32>, P: Parameters<Scalar = f32>>(
        &self,
        _: &mut P,
        _: &mut Accumulated<P::Gradient, 0>,
        _: &Scaling<f32>,
        _: Range<usize>,
    ) {
    }
}
