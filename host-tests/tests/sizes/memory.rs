//! Bytes of training as constants, each equal to the sum of its parts.

use elman::bptt::Window;
use elman::cell::{Cell, Recurrent};
use elman::optim::{Adagrad, AdamW, InPlaceSgd, Momentum, Optimizer, RmsProp};
use elman::trainer::TrainingBytes;
use elman::{Adam, Dense, Elman, Layer, Libm, Network, Parameters, Sgd, Token, Trainer, Workspace};

type Net<const I: usize, const H: usize, const K: usize, const B: usize = 1> =
    Network<Elman<I, H, Libm<f32>, B>, Dense<H, K>>;
type Bytes<N, O, const T: usize, const S: usize> = Trainer<'static, Workspace<N, O, T, S>>;

// A budget is checked when the program is compiled.
const _: () = assert!(Bytes::<Net<3, 32, 4>, Sgd, 50, 1>::BYTES <= 32 * 1024, "training must fit 32 KB");

/// Size of a count in bytes, equal on host and device, so that the figures found here apply to the device.
const COUNT: usize = 4;

/// Returns the size of a tape, counted by hand: the initial state, h and δ of each step, and a step index and K
/// values for each target.
fn tape(h: usize, k: usize, t: usize, s: usize) -> usize {
    4 * h * (1 + 2 * t) + COUNT + s * (COUNT + 4 * k) + COUNT
}

fn check<const I: usize, const H: usize, const K: usize, const B: usize, O, const T: usize, const S: usize>(
    moments: Option<usize>,
) where
    O: Optimizer<Scalar = f32> + 'static,
{
    let memory = Bytes::<Net<I, H, K, B>, O, T, S>::MEMORY;
    let weights = 4 * (H * (I + H + B) + K * (H + 1));
    assert_eq!(memory.weights, weights);
    assert_eq!(memory.weights, size_of::<Net<I, H, K, B>>());
    assert_eq!(memory.weights, 4 * <Net<I, H, K, B> as Parameters>::COUNT);
    assert_eq!(memory.tape, tape(H, K, T, S));
    assert_eq!(memory.tape, size_of::<Window<Net<I, H, K, B>, T, S>>());
    assert_eq!(memory.gradient, if moments.is_some() { weights } else { 0 });
    // Number of accumulated sequences, their weight and, where moments are kept, the number of updates.
    let counts = if moments.is_some() { 4 } else { 3 };
    assert_eq!(memory.optimizer, moments.unwrap_or(0) * weights + counts * COUNT);
    // Two states, place and ticket of the job, loss with its shares, norm with its lanes.
    assert_eq!(memory.job, 2 * 4 * H + 8 + 12 + 4 * COUNT + 2 * 4 + 2 * 4 + 4 + 9 * 4 + 4);
    let TrainingBytes { weights, gradient, optimizer, tape, job } = memory;
    assert_eq!(Bytes::<Net<I, H, K, B>, O, T, S>::BYTES, weights + gradient + optimizer + tape + job);
    assert_eq!(memory.total(), weights + size_of::<Workspace<Net<I, H, K, B>, O, T, S>>());
}

#[test]
fn every_optimizer_takes_what_it_remembers() {
    check::<3, 5, 4, 1, InPlaceSgd, 7, 1>(None);
    check::<3, 5, 4, 1, Sgd, 7, 1>(Some(0));
    check::<3, 5, 4, 1, Momentum, 7, 1>(Some(1));
    check::<3, 5, 4, 1, Adagrad, 7, 1>(Some(1));
    check::<3, 5, 4, 1, RmsProp, 7, 1>(Some(1));
    check::<3, 5, 4, 1, Adam, 7, 1>(Some(2));
    check::<3, 5, 4, 1, AdamW, 7, 1>(Some(2));
}

#[test]
fn every_size_takes_what_its_shape_says() {
    check::<1, 1, 1, 0, Sgd, 1, 1>(Some(0));
    check::<7, 17, 3, 2, Sgd, 40, 40>(Some(0));
    check::<65, 100, 65, 1, Adagrad, 25, 25>(Some(1));
    check::<2, 33, 5, 1, InPlaceSgd, 128, 2>(None);
}

#[test]
fn a_state_is_its_units() {
    fn bytes<C: Recurrent>() -> (usize, usize) {
        (size_of::<C::State>(), size_of::<C::Record>())
    }
    assert_eq!(bytes::<Elman<3, 5>>(), (20, 40));
    assert_eq!(bytes::<Elman<1, 1>>(), (4, 8));
    assert_eq!(bytes::<Elman<3, 5, Libm<f64>>>(), (40, 80));
}

#[test]
fn a_token_is_two_bytes() {
    fn reads<X>() -> usize
    where
        Elman<10_000, 4>: Cell<X> + Layer<X>,
    {
        size_of::<X>()
    }
    assert_eq!(reads::<Token<10_000>>(), 2);
}

#[test]
fn the_budget_is_a_constant() {
    const BYTES: usize = Bytes::<Net<3, 5, 4>, InPlaceSgd, 7, 1>::BYTES;
    static BUFFER: [u8; BYTES] = [0; BYTES];
    assert_eq!(BUFFER.len(), BYTES);
    const { assert!(BYTES < Bytes::<Net<3, 5, 4>, Sgd, 7, 1>::BYTES) }
}
