//! Cost of a stream: the steps that each sample takes, and the bytes.

use elman::stream::{Buffered, Carried, Staggered};
use elman::{Dense, Elman, Libm, Math, Network};
use host_tests::Noise;
use host_tests::plain::drawn;
use std::cell::Cell as Counter;

/// `Math` that counts its tanh calls: one step of an [`Elman`] cell calls tanh once for each unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Counted;

thread_local! {
    static TANHS: Counter<usize> = const { Counter::new(0) };
}

impl Math for Counted {
    type Scalar = f32;
    fn exp(x: f32) -> f32 {
        Libm::<f32>::exp(x)
    }
    fn ln(x: f32) -> f32 {
        Libm::<f32>::ln(x)
    }
    fn tanh(x: f32) -> f32 {
        TANHS.set(TANHS.get() + 1);
        Libm::<f32>::tanh(x)
    }
    fn sigmoid(x: f32) -> f32 {
        Libm::<f32>::sigmoid(x)
    }
    fn sqrt(x: f32) -> f32 {
        Libm::<f32>::sqrt(x)
    }
}

const UNITS: usize = 3;

/// Returns the largest and the smallest number of steps that one of 40 samples takes.
fn steps(mut push: impl FnMut(&Network<Elman<2, UNITS, Counted>, Dense<UNITS, 2>>, [f32; 2])) -> (usize, usize) {
    let network = drawn(16, 1.0);
    let each = Noise(17).vectors(40).into_iter().map(|x| {
        TANHS.set(0);
        push(&network, x);
        assert_eq!(TANHS.get() % UNITS, 0);
        TANHS.get() / UNITS
    });
    each.fold((usize::MIN, usize::MAX), |(most, fewest), steps| (most.max(steps), fewest.min(steps)))
}

#[test]
fn work_is_the_same_for_every_sample() {
    let mut one = Staggered::<_, 1, 5>::ZERO;
    assert_eq!(steps(|network, x| assert!(one.push(network, &x).is_ok())), (1, 1));
    let mut four = Staggered::<_, 4, 3>::ZERO;
    assert_eq!(steps(|network, x| assert!(four.push(network, &x).is_ok())), (4, 4));
    let mut carried = Carried::<_, 5>::ZERO;
    assert_eq!(steps(|network, x| assert!(carried.push(network, &x).is_ok())), (1, 1));
    let mut buffered = Buffered::<_, 12, 3>::ZERO;
    assert_eq!(steps(|_, x| assert!(buffered.push(x).is_ok())), (0, 0));
    let mut read = Buffered::<_, 12, 3>::ZERO;
    let read = |network: &Network<_, _>, x| {
        let window = read.push(x).unwrap();
        assert!(window.is_none_or(|window| network.predict(window).is_ok()));
    };
    assert_eq!(steps(read), (12, 0), "what reads a buffered window takes all its steps at once");
}

#[test]
fn bytes_are_those_promised() {
    const STATE: usize = 4 * 5;
    assert_eq!(size_of::<Carried<[f32; 5], 7>>(), STATE + 4);
    assert_eq!(size_of::<Staggered<[f32; 5], 1, 1>>(), STATE + 8);
    assert_eq!(size_of::<Staggered<[f32; 5], 3, 100>>(), 3 * STATE + 8);
    assert_eq!(size_of::<Staggered<elman::cell::LstmState<f32, 5>, 3, 100>>(), 3 * 2 * STATE + 8);
    assert_eq!(size_of::<Buffered<[f32; 2], 9, 2>>(), 9 * 8 + 4);
    assert_eq!(size_of::<Buffered<[f32; 1], 1, 1>>(), 4 + 4);
}
