//! Live streams: windows over endless input, smoothed decisions, an "unknown" answer, and events reported once.
//!
//! A stream takes one sample at a time, and returns outputs after every hop, a fixed number of samples:
//!
//! | | state | answer about | work per sample | bytes |
//! |---|---|---|---|---|
//! | [`Carried`] | carried | everything since the start | one step | a state and 4 |
//! | [`Staggered`] | reset for each window | the last N·HOP samples | N steps | N states and 8 |
//! | [`Buffered`] | reset for each window | the last W samples | none, then W steps at once | W samples and 4 |
//!
//! A network trained on whole sequences expects the state to be reset. [`Staggered`] resets it for each window
//! without storing samples or working in bursts: N windows are open at any time, and each stores only its state.
//! [`Buffered`] returns the samples themselves, for any code that reads a slice; its window can have any length,
//! and it takes less memory if a state is larger than the samples of a hop. [`Carried`] suits a network that was
//! trained over windows with the state carried from one to the next.
//!
//! The later stages are optional: [`softmax`](crate::loss::softmax), then a [`MovingAverage`] or [`ExponentialAverage`]
//! of the probabilities, then a [`Threshold`] below which the answer is unknown, then a [`Refractory`] period, so that
//! a long event is reported once. All of these are plain values: a copy is a snapshot, and one network serves any
//! number of streams.
//!
//! A threshold rejects doubtful answers, not unfamiliar input: a softmax can be certain even about input that training
//! never covered. Give the network a class for everything else, train it with as much such data as you have, and filter
//! this class out like the idle class.
//!
//! ```
//! use elman::loss::softmax;
//! use elman::stream::{MovingAverage, Refractory, Staggered, Threshold};
//! use elman::{Class, Dense, Gru, Libm, Network, Zero};
//!
//! static NETWORK: Network<Gru<3, 16>, Dense<16, 4>> = Network::ZERO; // trained elsewhere
//! let idle = Class::new(0)?;
//!
//! let mut windows = Staggered::<[f32; 16], 4, 25>::ZERO; // 100 samples, an answer every 25
//! let mut average = MovingAverage::<4, 3>::ZERO; // 4 classes, 3 answers
//! let threshold = Threshold::new(0.8)?;
//! let mut refractory = Refractory::new(4);
//! for acceleration in [[0.1, -0.2, 9.8]; 1000] {
//!     let Some(mut answer) = windows.push(&NETWORK, &acceleration)? else { continue };
//!     softmax::<Libm<f32>>(&mut answer);
//!     let gesture = threshold.decide(&average.push(&answer)?).filter(|gesture| gesture.class != idle);
//!     if let Some(gesture) = refractory.event(gesture) {
//!         println!("gesture {}, {} %", gesture.class.index(), 100.0 * gesture.probability);
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod buffered;
mod carried;
mod refractory;
mod smoothing;
mod staggered;
mod threshold;

pub use buffered::Buffered;
pub use carried::Carried;
pub use refractory::Refractory;
pub use smoothing::{ExponentialAverage, MovingAverage};
pub use staggered::Staggered;
pub use threshold::{Decision, Threshold};

use crate::dense::Readout;
use crate::error::StreamError;
use crate::network::Network;
use crate::part::Part;

/// Returns `error` unless `is_finite`.
fn check(is_finite: bool, error: StreamError) -> Result<(), StreamError> {
    if is_finite { Ok(()) } else { Err(error) }
}

/// Returns the outputs for a state, if they are finite.
fn answer<C, R>(network: &Network<C, R>, state: &C::State) -> Result<R::Output, StreamError>
where
    C: Part,
    R: Readout<C::Output>,
{
    let outputs = network.outputs(state);
    check(R::is_finite(&outputs), StreamError::NonFiniteOutput)?;
    Ok(outputs)
}

/// Removes and returns the first item, moves the others forward by one, and puts `newest` at the end.
fn shift<T>(queue: &mut [T], newest: T) -> T {
    queue.iter_mut().rev().fold(newest, |newer, place| core::mem::replace(place, newer))
}

/// Counter of the samples within a hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
struct Hop<const HOP: usize> {
    /// Number of samples since the end of the last hop.
    samples: u32,
}

impl<const HOP: usize> Hop<HOP> {
    const START: Self = {
        assert!(HOP > 0 && HOP <= u32::MAX as usize, "a hop has at least one sample and at most 2^32 - 1");
        Self { samples: 0 }
    };

    /// Counts a sample, and returns `true` if a hop ends with it.
    fn ends(&mut self) -> bool {
        self.samples += 1;
        let ends = self.samples as usize >= HOP;
        if ends {
            *self = Self::START;
        }
        ends
    }
}
