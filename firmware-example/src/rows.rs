//! Rows of `docs/memory.md` for one cell, as statics of a program that is linked but never run: `cargo xtask
//! test` finds them by name and compares their linked size with the page. All start as zero.

use crate::Cell;
use core::hint::black_box;
use cortex_m::interrupt::Mutex;
use cortex_m_rt::entry;
use elman::bptt::Window;
use elman::optim::{InPlaceSgd, RmsProp};
use elman::{Adam, Dense, Network, Part, Sgd, Workspace, Zero};
use firmware_example::exit_success;

type Small = Network<Cell<6, 32>, Dense<32, 4>>;
type Large = Network<Cell<16, 64>, Dense<64, 8>>;
type State<const I: usize, const H: usize> = <Cell<I, H> as Part>::State;
/// Workspace with every step on the tape.
type Full<N, O> = Workspace<N, O, 64>;
/// Workspace with the tape of one segment, and the states before each of eight segments.
type Segments<N, O> = Workspace<N, O, 8, 1, 8>;

static SMALL: Mutex<Small> = Mutex::new(Zero::ZERO);
static SMALL_STATE: Mutex<State<6, 32>> = Mutex::new(Zero::ZERO);
static SMALL_FULL: Mutex<Window<Small, 64, 1>> = Mutex::new(Zero::ZERO);
static SMALL_FULL_IN_PLACE: Mutex<Full<Small, InPlaceSgd>> = Mutex::new(Zero::ZERO);
static SMALL_FULL_SGD: Mutex<Full<Small, Sgd>> = Mutex::new(Zero::ZERO);
static SMALL_FULL_RMSPROP: Mutex<Full<Small, RmsProp>> = Mutex::new(Zero::ZERO);
static SMALL_FULL_ADAM: Mutex<Full<Small, Adam>> = Mutex::new(Zero::ZERO);
static SMALL_SEGMENTS: Mutex<Window<Small, 8, 1, 8>> = Mutex::new(Zero::ZERO);
static SMALL_SEGMENTS_SGD: Mutex<Segments<Small, Sgd>> = Mutex::new(Zero::ZERO);
static SMALL_SEGMENTS_RMSPROP: Mutex<Segments<Small, RmsProp>> = Mutex::new(Zero::ZERO);
static SMALL_SEGMENTS_ADAM: Mutex<Segments<Small, Adam>> = Mutex::new(Zero::ZERO);

static LARGE: Mutex<Large> = Mutex::new(Zero::ZERO);
static LARGE_STATE: Mutex<State<16, 64>> = Mutex::new(Zero::ZERO);
static LARGE_FULL: Mutex<Window<Large, 64, 1>> = Mutex::new(Zero::ZERO);
static LARGE_FULL_IN_PLACE: Mutex<Full<Large, InPlaceSgd>> = Mutex::new(Zero::ZERO);
static LARGE_FULL_SGD: Mutex<Full<Large, Sgd>> = Mutex::new(Zero::ZERO);
static LARGE_FULL_RMSPROP: Mutex<Full<Large, RmsProp>> = Mutex::new(Zero::ZERO);
static LARGE_FULL_ADAM: Mutex<Full<Large, Adam>> = Mutex::new(Zero::ZERO);
static LARGE_SEGMENTS: Mutex<Window<Large, 8, 1, 8>> = Mutex::new(Zero::ZERO);
static LARGE_SEGMENTS_SGD: Mutex<Segments<Large, Sgd>> = Mutex::new(Zero::ZERO);
static LARGE_SEGMENTS_RMSPROP: Mutex<Segments<Large, RmsProp>> = Mutex::new(Zero::ZERO);
static LARGE_SEGMENTS_ADAM: Mutex<Segments<Large, Adam>> = Mutex::new(Zero::ZERO);

/// References to the rows, so that the linker keeps them.
static ROWS: [&dyn Sync; 22] = [
    &SMALL,
    &SMALL_STATE,
    &SMALL_FULL,
    &SMALL_FULL_IN_PLACE,
    &SMALL_FULL_SGD,
    &SMALL_FULL_RMSPROP,
    &SMALL_FULL_ADAM,
    &SMALL_SEGMENTS,
    &SMALL_SEGMENTS_SGD,
    &SMALL_SEGMENTS_RMSPROP,
    &SMALL_SEGMENTS_ADAM,
    &LARGE,
    &LARGE_STATE,
    &LARGE_FULL,
    &LARGE_FULL_IN_PLACE,
    &LARGE_FULL_SGD,
    &LARGE_FULL_RMSPROP,
    &LARGE_FULL_ADAM,
    &LARGE_SEGMENTS,
    &LARGE_SEGMENTS_SGD,
    &LARGE_SEGMENTS_RMSPROP,
    &LARGE_SEGMENTS_ADAM,
];

#[entry]
fn main() -> ! {
    black_box(&ROWS);
    exit_success()
}
