//! Tools for `bench`: memory, the same random weights and inputs as for the peers, and a count of instructions
//! per call.

use crate::instructions;
use core::arch::asm;
use core::hint::black_box;
use core::mem::MaybeUninit;
use elman::parameters::Path;
use elman::{Libm, Math, Parameters, Zero};

/// Memory that the measured subjects use one after another.
#[repr(align(16))]
pub struct Arena<const BYTES: usize>([MaybeUninit<u8>; BYTES]);

impl<const BYTES: usize> Arena<BYTES> {
    /// Memory of all zeros, for a `static` that takes no flash.
    pub const ZERO: Self = Self([MaybeUninit::zeroed(); BYTES]);

    /// Writes the zero of `S` to the start of the memory and returns it; `None` if it does not fit.
    pub fn zero<S: Zero>(&mut self) -> Option<&mut S> {
        const { assert!(align_of::<S>() <= align_of::<Self>()) }
        if size_of::<S>() > BYTES {
            return None;
        }
        let start = self.0.as_mut_ptr().cast::<S>();
        // SAFETY: an `S` fits here and is written before it is seen. The arena is borrowed for as long as the `S` is.
        unsafe {
            start.write(S::ZERO);
            Some(&mut *start)
        }
    }
}

/// Random generator that also drew the peers' weights and inputs.
pub struct Draw(u32);

impl Default for Draw {
    fn default() -> Self {
        Self(12_345)
    }
}

impl Draw {
    /// Returns the next 24 bits.
    pub fn bits(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.0 >> 8
    }

    /// Returns a value drawn uniformly from ±`scale`.
    pub fn number(&mut self, scale: f32) -> f32 {
        ((self.bits() & 0xffff) as f32 / 32_768.0 - 1.0) * scale
    }

    /// Draws every weight and bias of `units` units uniformly from ±1.7/√units.
    pub fn fill(&mut self, parameters: &mut impl Parameters<Scalar = f32>, units: usize) {
        let scale = 1.7 / Libm::<f32>::sqrt(units as f32);
        parameters.walk([], Path::ROOT, &mut |_, w, []| w.iter_mut().for_each(|w| *w = self.number(scale)));
    }
}

/// Name of a measurement in the log.
#[derive(Clone, Copy)]
pub struct Name {
    /// Name of the cell.
    pub cell: &'static str,
    /// Name of the cell's math functions.
    pub math: &'static str,
    /// Work that is measured.
    pub work: &'static str,
}

/// Function that does the work on a subject.
pub type Work<S> = fn(&mut S);

/// Work to be counted, with the number of rounds and calls.
pub struct Case<S> {
    /// Name in the log.
    pub name: Name,
    /// Preparation before each round, which is not counted.
    pub before: Work<S>,
    /// Work to be counted. It is called through its address, so it is not inlined; the address identifies it in a
    /// trace.
    pub work: Work<S>,
    /// Number of rounds.
    pub rounds: u32,
    /// Number of calls in a round. If this equals the number of instructions in a tick, the mean is exact to the
    /// instruction.
    pub calls: u32,
}

/// Kind of run; every case is run in both ways.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// Calls the work once. This run comes first and without interrupts, for tools that read a full instruction
    /// trace.
    Trace,
    /// Calls the work once, and then counts its instructions.
    Count,
}

impl Run {
    /// Calls `all` with each kind of run in turn; a call between the two ends the trace.
    pub fn each(mut all: impl FnMut(Self)) {
        all(Self::Trace);
        black_box(end as Work<()>)(&mut ());
        log(Name { cell: "trace", math: "ends", work: "here" }, end, 0);
        all(Self::Count);
    }
}

impl<S> Case<S> {
    /// Logs the address of the work and its instructions per call, minus those of calling an empty function.
    pub fn run(&self, run: Run, subject: &mut S) {
        repeat(subject, self.work, 1);
        if run == Run::Trace {
            return;
        }
        let mut total = |work| (0..self.rounds).map(|_| self.count(subject, work)).sum::<u64>();
        let [with, without] = [self.work, nothing].map(&mut total);
        log(self.name, self.work, with.saturating_sub(without) / u64::from(self.rounds * self.calls));
    }

    fn count(&self, subject: &mut S, work: Work<S>) -> u64 {
        (self.before)(subject);
        instructions(|| repeat(subject, work, self.calls))
    }
}

fn log<S>(Name { cell, math, work }: Name, function: Work<S>, instructions: u64) {
    let address = function as usize as u32;
    defmt::info!("{=str} {=str} {=str} at {=u32:#010x}: {=u64} instructions", cell, math, work, address, instructions);
}

/// Calls `work` `calls` times; the instructions around the calls do not depend on `work`.
#[inline(never)]
fn repeat<S>(subject: &mut S, work: Work<S>, calls: u32) {
    for _ in 0..calls {
        work(black_box(subject));
    }
}

/// Does nothing; the call is not optimised away.
#[inline(never)]
pub fn nothing<S>(_: &mut S) {
    // SAFETY: no instruction at all.
    unsafe { asm!("", options(nostack, preserves_flags)) }
}

/// Ends the trace.
#[inline(never)]
fn end((): &mut ()) {
    nothing(&mut ());
}
