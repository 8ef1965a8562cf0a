//! Samples, weights and settings that are refused.

use elman::cell::Relu;
use elman::error::{ConfigError, StreamError};
use elman::stream::{Buffered, Carried, ExponentialAverage, MovingAverage, Staggered, Threshold};
use elman::{Dense, Elman, Libm, Network, SequenceError, Token, Zero};
use host_tests::plain::drawn;
use host_tests::{Noise, Precision};

const NOT_FINITE: [f32; 3] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY];
const GLITCH: Result<(), StreamError> = Err(StreamError::NonFiniteInput);

type Net = Network<Elman<2, 3>, Dense<3, 4>>;

/// Returns samples, and a copy with a glitch before some of the samples.
fn with_glitches() -> (Vec<[f32; 2]>, Vec<[f32; 2]>) {
    let xs: Vec<[f32; 2]> = Noise(1).vectors(30);
    let bad = |t: usize, x: [f32; 2]| {
        let mut glitch = x;
        glitch[t % 2] = NOT_FINITE[t % 3];
        // Two in a row before every fourth sample.
        let count = [2, 1, 0, 1][t % 4];
        std::iter::repeat_n(glitch, count).chain([x])
    };
    let glitches = xs.iter().enumerate().flat_map(|(t, &x)| bad(t, x)).collect();
    (xs, glitches)
}

/// Checks that a stream with glitches answers like one without, and that each glitch leaves its state unchanged.
fn glitches_leave<S: Copy + PartialEq + std::fmt::Debug, Y: PartialEq + std::fmt::Debug>(
    start: S,
    push: impl Fn(&mut S, &[f32; 2]) -> Result<Option<Y>, StreamError>,
) {
    let (clean, glitches) = with_glitches();
    let (mut stream, mut other) = (start, start);
    let mut expected = clean.iter().map(|x| push(&mut other, x));
    for x in &glitches {
        let before = stream;
        let found = push(&mut stream, x);
        if x.iter().all(|x| x.is_finite()) {
            assert_eq!(Some(found), expected.next());
        } else {
            assert_eq!((found.map(drop), stream), (GLITCH, before));
        }
    }
    assert_eq!(expected.next(), None);
}

#[test]
fn a_glitch_leaves_the_stream_as_it_was() {
    let network: Net = drawn(2, 3.0);
    glitches_leave(Staggered::<_, 3, 2>::ZERO, |stream, x| stream.push(&network, x));
    glitches_leave(Staggered::<_, 1, 1>::ZERO, |stream, x| stream.push(&network, x));
    glitches_leave(Carried::<_, 1>::ZERO, |stream, x| stream.push(&network, x));
    glitches_leave(Carried::<_, 3>::ZERO, |stream, x| stream.push(&network, x));
    glitches_leave(Buffered::<_, 5, 3>::ZERO, |stream, &x| Ok(stream.push(x)?.copied()));
    glitches_leave(Buffered::<_, 1, 1>::ZERO, |stream, &x| Ok(stream.push(x)?.copied()));
}

#[test]
fn a_glitch_is_reported_in_f64_too() {
    let network = Network::<Elman<1, 1, Libm<f64>>, Dense<1, 1, f64>>::ZERO;
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!({ Carried::<_, 1>::ZERO }.push(&network, &[bad]).map(drop), GLITCH);
        assert_eq!({ Staggered::<_, 1, 1>::ZERO }.push(&network, &[bad]).map(drop), GLITCH);
        assert_eq!({ Buffered::<_, 1, 1>::ZERO }.push([bad]).map(drop), GLITCH);
    }
    // In f64, a value above the largest f32 is an ordinary number.
    assert_eq!({ Carried::<_, 1>::ZERO }.push(&network, &[1e300]), Ok(Some([0.0])));
}

/// Returns weights with which a large finite sample leads to ∞ − ∞, which is NaN.
fn overflowing() -> Net {
    let mut network: Net = drawn(3, 1.0);
    network.cell.affine.w_ih = [[[10.0, 0.1, 0.1]], [[-10.0, 0.1, 0.1]]];
    network
}

/// Returns samples, two of which are too large for the weights of `overflowing`.
fn with_large_samples() -> Vec<[f32; 2]> {
    let mut xs: Vec<[f32; 2]> = Noise(4).vectors(30);
    (xs[10], xs[11]) = ([3e38, 3e38], [-3e38, -3e38]);
    xs
}

#[test]
fn a_window_with_a_sample_too_large_has_no_answer_and_those_after_it_have() {
    fn check<const N: usize, const HOP: usize>(lost: usize) {
        let (network, xs) = (overflowing(), with_large_samples());
        let mut stream = Staggered::<_, N, HOP>::ZERO;
        let mut errors = 0;
        for end in 1..=xs.len() {
            let found = stream.push(&network, &xs[end - 1]);
            let due = end >= N * HOP && end % HOP == 0;
            let window = due.then(|| network.predict(&xs[end - N * HOP..end])).transpose();
            assert_eq!(found.ok(), window.ok(), "sample {end}");
            if let Err(error) = found {
                let step = N * HOP - 1;
                assert_eq!(error, StreamError::NonFiniteOutput);
                assert_eq!(window, Err(SequenceError::NonFiniteOutput { step }));
                errors += 1;
            }
        }
        assert_eq!(errors, lost);
    }
    check::<1, 1>(2);
    check::<4, 1>(5);
    check::<3, 2>(3);
    check::<1, 5>(1);
}

#[test]
fn a_carried_state_never_reads_a_sample_too_large() {
    let (network, xs) = (overflowing(), with_large_samples());
    let (mut stream, mut clean) = (Carried::<_, 4>::ZERO, Carried::<_, 4>::ZERO);
    for x in &xs {
        let before = stream;
        let found = stream.push(&network, x);
        if x.iter().all(|x| x.abs() < 1.0) {
            assert_eq!(found, clean.push(&network, x));
            assert!(found.is_ok());
        } else {
            assert_eq!((found, stream), (Err(StreamError::NonFiniteOutput), before));
        }
    }
    assert_eq!(stream, clean);
}

/// A rectified unit that grows a thousandfold at every step overflows in the end.
#[test]
fn a_state_that_grows_without_limit_is_reported_until_the_reset() {
    let mut network = Network::<Elman<1, 1, Libm<f32>, 1, Relu>, Dense<1, 1>>::ZERO;
    (network.cell.affine.w_ih, network.cell.affine.w_hh) = ([[[1e30]]], [[[1e3]]]);
    let mut stream = Carried::<_, 100>::ZERO;
    let pushed = [(); 5].map(|()| stream.push(&network, &[1.0]));
    let error = Err(StreamError::NonFiniteOutput);
    assert_eq!(pushed, [Ok(None), Ok(None), Ok(None), error, error], "long before the hop");
    stream.reset();
    assert_eq!(stream.push(&network, &[1.0]), Ok(None));
}

#[test]
fn weights_that_are_not_finite_are_reported_at_every_hop() {
    for bad in NOT_FINITE {
        let mut network: Net = drawn(5, 1.0);
        network.readout.b[2] = bad;
        let (mut staggered, mut carried) = (Staggered::<_, 2, 2>::ZERO, Carried::<_, 2>::ZERO);
        let error = Err(StreamError::NonFiniteOutput);
        let pushed = [(); 6].map(|()| staggered.push(&network, &[0.5, -0.5]));
        assert_eq!(pushed, [Ok(None), Ok(None), Ok(None), error, Ok(None), error]);
        assert_eq!(carried.push(&network, &[0.5, -0.5]), Ok(None));
        let before = carried;
        for _ in 0..3 {
            assert_eq!(carried.push(&network, &[0.5, -0.5]), error);
            assert_eq!(carried, before);
        }
        network.readout.b[2] = 0.0;
        assert!(
            matches!(carried.push(&network, &[0.5, -0.5]), Ok(Some(_))),
            "the hop ends with a sample that was read"
        );
    }
}

#[test]
fn a_token_is_no_glitch() {
    let network = Network::<Elman<3, 2>, Dense<2, 3>>::ZERO;
    assert_eq!({ Carried::<_, 1>::ZERO }.push(&network, &Token::<3>::default()), Ok(Some([0.0; 3])));
}

fn smoothing_refuses<T: Precision>(not_finite: [T; 3]) {
    let mut noise = Noise(6);
    let mut moving = MovingAverage::<3, 4, T>::ZERO;
    let mut exponential = ExponentialAverage::<3, T>::new(T::from_f32(0.3)).unwrap();
    let (mut clean_moving, mut clean_exponential) = (moving, exponential);
    for t in 0..20 {
        let p: [T; 3] = noise.vector();
        let mut bad = p;
        bad[t % 3] = not_finite[t / 3 % 3];
        assert_eq!(moving.push(&bad), Err(StreamError::NonFiniteOutput));
        assert_eq!(exponential.push(&bad), Err(StreamError::NonFiniteOutput));
        assert_eq!((moving, exponential), (clean_moving, clean_exponential), "as before");
        assert_eq!(moving.push(&p), clean_moving.push(&p));
        assert_eq!(exponential.push(&p), clean_exponential.push(&p));
    }
}

#[test]
fn smoothing_refuses_what_is_not_finite() {
    smoothing_refuses(NOT_FINITE);
    smoothing_refuses([f64::NAN, f64::INFINITY, f64::NEG_INFINITY]);
}

#[test]
fn settings_out_of_range_are_refused() {
    let above = 1.0 + f32::EPSILON;
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -0.1, above] {
        assert_eq!(ExponentialAverage::<1>::new(bad), Err(ConfigError::Smoothing));
        assert_eq!(Threshold::new(bad), Err(ConfigError::Threshold));
        assert_eq!(Threshold::new(0.5).unwrap().with_margin(bad), Err(ConfigError::Margin));
        assert_eq!(Threshold::new(f64::from(bad)), Err(ConfigError::Threshold));
    }
    for zero in [0.0, -0.0] {
        assert_eq!(ExponentialAverage::<1>::new(zero), Err(ConfigError::Smoothing));
        assert!(Threshold::new(zero).unwrap().with_margin(zero).is_ok());
    }
    assert!(ExponentialAverage::<1>::new(1.0_f32).is_ok());
    assert!(ExponentialAverage::<1>::new(f32::MIN_POSITIVE).is_ok());
    assert!(Threshold::new(1.0_f32).unwrap().with_margin(1.0).is_ok());
}

#[test]
fn errors_say_what_is_wrong() {
    assert_eq!(StreamError::NonFiniteInput.to_string(), "the sample is NaN or infinite");
    assert!(StreamError::NonFiniteOutput.to_string().contains("network's output"));
    assert!(ConfigError::Smoothing.to_string().contains("smoothing factor"));
    assert!(ConfigError::Threshold.to_string().contains("threshold"));
    assert!(ConfigError::Margin.to_string().contains("margin"));
}
