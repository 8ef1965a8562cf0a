//! Measures the cycles of one step of each cell, of one step of the watch's network in flash, and of one update;
//! `docs/benchmarks.md` estimates them.
//!
//! Each is measured with and without the instruction cache between the nRF52840's flash and core.

#![no_std]
#![no_main]

use board_example::MODEL;
use board_example::cycles::Cycles;
use board_example::memory::{stack_size, stack_used};
use board_example::motion::{CHANNELS, Learn, Motion, Net, Sample, WINDOW, Work};
use core::hint::black_box;
use cortex_m_rt::entry;
use elman::error::TrainError;
use elman::trainer::Report;
use elman::{
    Adam, Clip, Config, Elman, Fast, Gru, Image, Job, Last, Layer, Libm, Lstm, Math, Parameters, Part, Random, Step,
    Xoshiro128, Zero, init,
};
use embassy_nrf::pac;
use semihosting::process::exit;

/// Clock of an nRF52840, in cycles per microsecond.
const MEGAHERTZ: u32 = 64;
/// Number of measurements of each piece of work; the smallest and the largest are logged.
const ROUNDS: usize = 16;

/// One cell of each kind, in the smallest shape that `docs/benchmarks.md` lists.
struct Cells<M: Math> {
    elman: Elman<CHANNELS, 32, M>,
    gru: Gru<CHANNELS, 32, M>,
    lstm: Lstm<CHANNELS, 32, M>,
}

impl<M: Math<Scalar = f32>> Zero for Cells<M> {
    const ZERO: Self = Self { elman: Zero::ZERO, gru: Zero::ZERO, lstm: Zero::ZERO };
}

#[entry]
fn main() -> ! {
    static mut FAST: Cells<Fast> = Cells::ZERO;
    static mut LIBM: Cells<Libm<f32>> = Cells::ZERO;
    static mut LEARNER: Net = Net::ZERO;
    static mut WORK: Work = Work::ZERO;
    let cycles = cortex_m::Peripherals::take().and_then(|core| Cycles::start(core.DCB, core.DWT));
    let (Some(cycles), Ok(image)) = (cycles, Image::<Net>::open(&MODEL.0)) else {
        defmt::error!("the cycle counter or the image is missing");
        exit(1)
    };
    for cached in [false, true] {
        pac::NVMC.icachecnf().write(|cache| cache.set_cacheen(cached));
        defmt::info!("instruction cache {=bool}", cached);
        cells(&cycles, FAST, "Fast");
        cells(&cycles, LIBM, "Libm");
        step(&cycles, ["GRU", "Libm", "from flash"], &image.network().cell);
        elman::parameters::copy(image.network(), LEARNER);
        if let Err(error) = update(&cycles, LEARNER, WORK) {
            defmt::error!("{}", error);
            exit(1)
        }
    }
    defmt::info!("stack {=usize} of {=usize} bytes", stack_used(), stack_size());
    exit(0)
}

fn cells<M: Math<Scalar = f32>>(cycles: &Cycles, Cells { elman, gru, lstm }: &mut Cells<M>, math: &'static str) {
    step(cycles, ["Elman", math, "step 6x32"], drawn(elman));
    step(cycles, ["GRU", math, "step 6x32"], drawn(gru));
    step(cycles, ["LSTM", math, "step 6x32"], drawn(lstm));
}

/// Draws random weights for a cell.
fn drawn<C: Parameters<Scalar = f32>>(cell: &mut C) -> &C {
    init::uniform_fan::<Libm<f32>, _>(cell, &mut Xoshiro128::from_seed(1));
    cell
}

fn step<C: Layer<Sample, Scalar = f32> + Step<Sample>>(cycles: &Cycles, name: [&str; 3], cell: &C) {
    let mut state = <C as Part>::State::ZERO;
    let input = numbers();
    let round = |_| cycles.of(|| cell.step(black_box(&mut state), black_box(&input)));
    say(name, &core::array::from_fn::<_, ROUNDS, _>(round));
}

/// Measures an update of all weights from one window: the whole update, and its longest slice.
fn update(cycles: &Cycles, network: &mut Net, work: &mut Work) -> Result<(), TrainError> {
    let config = Config { clip: Clip::Norm(1.0), ..Config::new(Adam::new(0.01)) };
    let Ok(mut trainer) = Learn::new(network, work, config) else { return Err(TrainError::NothingAccumulated) };
    let window: [Sample; WINDOW] = core::array::from_fn(|_| numbers());
    let target = Last(Motion::default());
    let mut outcome: Result<Option<Report<f32>>, _> = Ok(None);
    let round = |_| cycles.of(|| outcome = trainer.update(&window, target).map(Some));
    say(["GRU", "Libm", "update of 50 steps"], &core::array::from_fn::<_, ROUNDS, _>(round));
    outcome?;
    let (mut job, mut outcome) = (Job::new(window, target), Ok(None));
    trainer.begin(&mut job)?;
    let mut longest = 0;
    while outcome?.is_none() {
        longest = cycles.of(|| outcome = trainer.poll(&mut job)).max(longest);
    }
    say(["GRU", "Libm", "longest slice of it"], &[longest]);
    Ok(())
}

/// Draws a sample such as a sensor might give.
fn numbers() -> Sample {
    let mut rng = Xoshiro128::from_seed(2);
    core::array::from_fn(|_| rng.normal::<Libm<f32>>())
}

fn say([cell, math, work]: [&str; 3], cycles: &[u32]) {
    let (least, most) = cycles.iter().fold((u32::MAX, 0), |(least, most), &n| (least.min(n), most.max(n)));
    let microseconds = least / MEGAHERTZ;
    defmt::info!(
        "{=str} {=str} {=str}: {=u32} to {=u32} cycles, {=u32} us",
        cell,
        math,
        work,
        least,
        most,
        microseconds
    );
}
