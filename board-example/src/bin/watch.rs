//! Watch that learns its wearer's motions while it runs. Three tasks share the processor: one reads the sensors
//! on time, one recognises motions and learns, and one blinks a light and feeds the watchdog. Training
//! never delays the other two tasks.

#![no_std]
#![no_main]

use board_example::MODEL;
use board_example::memory::{ram_used, stack_size, stack_used};
use board_example::motion::{Net, Verdict, Watch, Work};
use board_example::recordings::{Moment, moments};
use defmt::Display2Format;
use elman::Zero;
use embassy_executor::Spawner;
use embassy_futures::yield_now;
use embassy_nrf::config::Config;
use embassy_nrf::gpio::{Level, Output, OutputDrive};
use embassy_nrf::wdt::{self, Watchdog, WatchdogHandle};
use embassy_sync::blocking_mutex::raw::ThreadModeRawMutex;
use embassy_sync::channel::Channel;
use embassy_time::{Duration, Ticker};
use static_cell::ConstStaticCell;

/// Recorded samples, in place of a driver for real sensors.
static RECORDINGS: &[u8] = include_bytes!("../../../data/basic-motions/test.rnnd");
/// Time between two sensor samples: ten per second, as in the recordings.
const SAMPLE: Duration = Duration::from_millis(100);
/// Time between two changes of the light; the watchdog resets the board after five times this interval.
const BLINK: Duration = Duration::from_millis(100);
const WATCHDOG_TICKS: u32 = 32_768 / 2;

/// Queue of samples that arrive during a slice or a decision.
static SAMPLES: Channel<ThreadModeRawMutex, Moment, 16> = Channel::new();
static NETWORK: ConstStaticCell<Net> = ConstStaticCell::new(Net::ZERO);
static WORK: ConstStaticCell<Work> = ConstStaticCell::new(Work::ZERO);

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let board = embassy_nrf::init(Config::default());
    let light = Output::new(board.P0_13, Level::High, OutputDrive::Standard);
    let mut limit = wdt::Config::default();
    limit.timeout_ticks = WATCHDOG_TICKS;
    limit.action_during_debug_halt = wdt::HaltConfig::Pause;
    let (Ok((_, [watchdog])), (Some(network), Some(work))) =
        (Watchdog::try_new(board.WDT, limit), (NETWORK.try_take(), WORK.try_take()))
    else {
        return defmt::error!("the watchdog is already running");
    };
    let (Ok(blink), Ok(sense)) = (blink(light, watchdog), sense()) else {
        return defmt::error!("a task is already running");
    };
    spawner.spawn(blink);
    spawner.spawn(sense);
    match Watch::open(&MODEL.0, network, work) {
        Ok(watch) => think(watch).await,
        Err(unfit) => defmt::error!("{}", Display2Format(&unfit)),
    }
}

/// Reads the sensors on time, independently of the network.
#[embassy_executor::task]
async fn sense() {
    let mut ticker = Ticker::every(SAMPLE);
    for moment in moments(RECORDINGS) {
        ticker.next().await;
        if SAMPLES.try_send(moment).is_err() {
            defmt::warn!("a sample was lost");
        }
    }
}

/// Shows that the processor has time for other tasks: if this task is held up for half a second, the board
/// resets.
#[embassy_executor::task]
async fn blink(mut light: Output<'static>, mut watchdog: WatchdogHandle) {
    let mut ticker = Ticker::every(BLINK);
    loop {
        ticker.next().await;
        light.toggle();
        watchdog.pet();
    }
}

/// Recognises the wearer's motions, and learns from mistakes.
async fn think(mut watch: Watch<'static>) {
    let (mut right, mut all) = (0_u32, 0_u32);
    loop {
        let moment = SAMPLES.receive().await;
        match watch.read(&moment, yield_now).await {
            Ok(Some(verdict)) => {
                right += u32::from(verdict.right);
                all += 1;
                say(&verdict, (right, all));
            }
            Ok(None) => {}
            Err(refused) => defmt::warn!("{}", Display2Format(&refused)),
        }
    }
}

fn say(verdict: &Verdict, (right, all): (u32, u32)) {
    let Verdict { told, probability, right: is_right, slices } = verdict;
    defmt::info!(
        "motion {=usize} ({=f32}): {=str}; {=u32} of {=u32} correct",
        told.index(),
        *probability,
        if *is_right { "right" } else { "wrong" },
        right,
        all
    );
    if let Some(slices) = slices {
        defmt::info!("    learned in {=usize} slices", *slices);
    }
    defmt::debug!("statics {=usize} bytes, stack {=usize} of {=usize}", ram_used(), stack_used(), stack_size());
}
