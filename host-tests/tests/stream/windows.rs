//! Answers of a stream: the samples on which they are based, when they are due, and their bits.

use elman::cell::Cell;
use elman::dense::LearnedReadout;
use elman::stream::{Buffered, Carried, Staggered};
use elman::{
    Dense, Elman, Embedding, Frozen, Gru, Layer, Libm, Lstm, Math, Network, ResetBeforeGru, Stacked, Token, Zero,
};
use host_tests::plain::{drawn, outputs};
use host_tests::precision::bits;
use host_tests::{Noise, Precision};

/// Returns the bits of the outputs for the last `window` samples, if an answer is due.
fn due<C, R, X>(network: &Network<C, R>, read: &[X], window: usize, hop: usize) -> Option<Vec<u64>>
where
    C: Cell<X, Scalar: Precision> + Layer<X>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar, Output: AsRef<[C::Scalar]>>,
{
    let start = read.len().checked_sub(window)?;
    (start % hop == 0).then(|| bits(network.predict(&read[start..]).unwrap().as_ref()))
}

fn staggered<C, R, X, const N: usize, const HOP: usize>(network: &Network<C, R>, xs: &[X])
where
    C: Cell<X, Scalar: Precision> + Layer<X>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar, Output: AsRef<[C::Scalar]>>,
{
    let mut stream = Staggered::<C::State, N, HOP>::ZERO;
    let mut answers = 0;
    for (t, x) in xs.iter().enumerate() {
        let found = stream.push(network, x).unwrap().map(|outputs| bits(outputs.as_ref()));
        assert_eq!(found, due(network, &xs[..=t], N * HOP, HOP), "{N} windows of hop {HOP}, sample {t}");
        answers += usize::from(found.is_some());
    }
    assert_eq!(answers, xs.len() / HOP + 1 - N);
}

fn carried<C, R, X, const HOP: usize>(network: &Network<C, R>, xs: &[X])
where
    C: Cell<X, Scalar: Precision> + Layer<X>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar, Output: AsRef<[C::Scalar]>>,
{
    let mut stream = Carried::<C::State, HOP>::ZERO;
    for (t, (x, outputs)) in xs.iter().zip(outputs(network, xs)).enumerate() {
        let found = stream.push(network, x).unwrap().map(|outputs| bits(outputs.as_ref()));
        let expected = ((t + 1) % HOP == 0).then(|| bits(outputs.as_ref()));
        assert_eq!(found, expected, "hop {HOP}, sample {t}");
    }
}

fn buffered<C, X, const K: usize, const W: usize, const HOP: usize>(
    network: &Network<C, Dense<K, K, C::Scalar>>,
    xs: &[X],
) where
    C: Cell<X, Scalar: Precision> + Layer<X>,
    Dense<K, K, C::Scalar>: LearnedReadout<C::Output, Scalar = C::Scalar, Output = [C::Scalar; K]>,
    X: Copy + Zero + AsRef<[C::Scalar]> + PartialEq + std::fmt::Debug,
{
    let mut stream = Buffered::<X, W, HOP>::ZERO;
    for (t, &x) in xs.iter().enumerate() {
        let window = stream.push(x).unwrap();
        let found = window.map(|window| {
            assert_eq!(window[..], xs[t + 1 - W..=t], "window {W}, hop {HOP}, sample {t}");
            bits(&network.predict(window).unwrap())
        });
        assert_eq!(found, due(network, &xs[..=t], W, HOP), "window {W}, hop {HOP}, sample {t}");
    }
}

/// Checks hops that divide windows of 1, 7 and 12 samples, and hops longer than the window.
fn every_stagger<C, R, X>(network: &Network<C, R>, xs: &[X])
where
    C: Cell<X, Scalar: Precision> + Layer<X>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar, Output: AsRef<[C::Scalar]>>,
{
    staggered::<C, R, X, 1, 1>(network, xs);
    staggered::<C, R, X, 7, 1>(network, xs);
    staggered::<C, R, X, 1, 7>(network, xs);
    staggered::<C, R, X, 12, 1>(network, xs);
    staggered::<C, R, X, 6, 2>(network, xs);
    staggered::<C, R, X, 4, 3>(network, xs);
    staggered::<C, R, X, 3, 4>(network, xs);
    staggered::<C, R, X, 2, 6>(network, xs);
    staggered::<C, R, X, 1, 12>(network, xs);
    staggered::<C, R, X, 3, 11>(network, xs);
    carried::<C, R, X, 1>(network, xs);
    carried::<C, R, X, 2>(network, xs);
    carried::<C, R, X, 7>(network, xs);
    carried::<C, R, X, 41>(network, xs);
}

const SAMPLES: usize = 41;

fn agrees<C, R, X>(seed: u64, draw: impl Fn(&mut Noise) -> X)
where
    C: Cell<X, Scalar: Precision> + Layer<X> + Zero,
    R: LearnedReadout<C::Output, Scalar = C::Scalar, Output: AsRef<[C::Scalar]>> + Zero,
{
    let mut noise = Noise(seed);
    let xs: Vec<X> = (0..SAMPLES).map(|_| draw(&mut noise)).collect();
    every_stagger::<C, R, X>(&drawn(seed + 1, 3.0), &xs);
}

fn every_cell<T: Precision>()
where
    Libm<T>: Math<Scalar = T>,
{
    agrees::<Elman<2, 5, Libm<T>>, Dense<5, 3, T>, [T; 2]>(1, Noise::vector);
    agrees::<Elman<1, 1, Libm<T>>, Dense<1, 1, T>, [T; 1]>(2, Noise::vector);
    agrees::<Elman<6, 3, Libm<T>>, Dense<3, 6, T>, Token<6>>(3, Noise::class);
    agrees::<Gru<3, 7, Libm<T>>, Dense<7, 4, T>, [T; 3]>(4, Noise::vector);
    agrees::<ResetBeforeGru<2, 3, Libm<T>>, Dense<3, 2, T>, [T; 2]>(5, Noise::vector);
    agrees::<Lstm<2, 5, Libm<T>>, Dense<5, 3, T>, [T; 2]>(6, Noise::vector);
    agrees::<Stacked<Gru<2, 3, Libm<T>>, Lstm<3, 5, Libm<T>>>, Dense<5, 2, T>, [T; 2]>(7, Noise::vector);
    agrees::<Stacked<Embedding<5, 2, Libm<T>>, Elman<2, 3, Libm<T>>>, Dense<3, 5, T>, Token<5>>(8, Noise::class);
}

#[test]
fn f32_answers_have_the_bits_of_their_window() {
    every_cell::<f32>();
}

#[test]
fn f64_answers_have_the_bits_of_their_window() {
    every_cell::<f64>();
}

#[test]
fn a_buffered_window_is_the_last_samples_at_every_hop() {
    let mut noise = Noise(9);
    let network: Network<Gru<2, 3>, Dense<3, 3>> = drawn(10, 3.0);
    let xs: Vec<[f32; 2]> = noise.vectors(SAMPLES);
    buffered::<_, _, 3, 1, 1>(&network, &xs);
    buffered::<_, _, 3, 2, 1>(&network, &xs);
    buffered::<_, _, 3, 2, 2>(&network, &xs);
    buffered::<_, _, 3, 7, 1>(&network, &xs);
    buffered::<_, _, 3, 7, 2>(&network, &xs);
    buffered::<_, _, 3, 7, 3>(&network, &xs);
    buffered::<_, _, 3, 7, 4>(&network, &xs);
    buffered::<_, _, 3, 7, 5>(&network, &xs);
    buffered::<_, _, 3, 7, 6>(&network, &xs);
    buffered::<_, _, 3, 7, 7>(&network, &xs);
    buffered::<_, _, 3, 41, 41>(&network, &xs);
    let network: Network<Elman<1, 1, Libm<f64>>, Dense<1, 1, f64>> = drawn(11, 3.0);
    let xs: Vec<[f64; 1]> = noise.vectors(SAMPLES);
    buffered::<_, _, 1, 1, 1>(&network, &xs);
    buffered::<_, _, 1, 5, 3>(&network, &xs);
}

#[test]
fn a_class_is_that_of_its_window() {
    let mut network: Network<Lstm<2, 5>, Dense<5, 4>> = drawn(12, 9.0);
    network.readout.b = [0.0; 4];
    let xs: Vec<[f32; 2]> = Noise(13).vectors(200);
    let mut windows = Staggered::<_, 3, 4>::ZERO;
    let mut seen = [0; 4];
    for (t, x) in xs.iter().enumerate() {
        if let Some(outputs) = windows.push(&network, x).unwrap() {
            let class = elman::Class::largest(&outputs).unwrap();
            assert_eq!(network.classify(&xs[t - 11..=t]), Ok(class));
            seen[class.index()] += 1;
        }
    }
    assert!(seen.iter().filter(|&&count| count > 5).count() > 1, "more than one class: {seen:?}");
}

type Net = Network<Gru<2, 5>, Dense<5, 3>>;

/// Stream of samples that are read by a network.
trait Stream: Copy + PartialEq + std::fmt::Debug {
    const START: Self;
    fn push(&mut self, network: &Net, x: &[f32; 2]) -> Option<[f32; 3]>;
    fn reset(&mut self);
}

impl<const N: usize, const HOP: usize> Stream for Staggered<[f32; 5], N, HOP> {
    const START: Self = Self::ZERO;
    fn push(&mut self, network: &Net, x: &[f32; 2]) -> Option<[f32; 3]> {
        self.push(network, x).unwrap()
    }
    fn reset(&mut self) {
        self.reset();
    }
}

impl<const HOP: usize> Stream for Carried<[f32; 5], HOP> {
    const START: Self = Self::ZERO;
    fn push(&mut self, network: &Net, x: &[f32; 2]) -> Option<[f32; 3]> {
        self.push(network, x).unwrap()
    }
    fn reset(&mut self) {
        self.reset();
    }
}

impl<const W: usize, const HOP: usize> Stream for Buffered<[f32; 2], W, HOP> {
    const START: Self = Self::ZERO;
    fn push(&mut self, network: &Net, x: &[f32; 2]) -> Option<[f32; 3]> {
        self.push(*x).unwrap().map(|window| network.predict(window).unwrap())
    }
    fn reset(&mut self) {
        self.reset();
    }
}

fn is_a_plain_value<S: Stream>() {
    let (network, xs): (Net, Vec<_>) = (drawn(14, 3.0), Noise(15).vectors(30));
    let run = |mut stream: S, xs: &[_]| -> Vec<_> { xs.iter().map(|x| stream.push(&network, x)).collect() };
    let whole = run(S::START, &xs);
    for at in 0..xs.len() {
        let mut stream = S::START;
        for x in &xs[..at] {
            stream.push(&network, x);
        }
        let snapshot = stream;
        assert_eq!(run(stream, &xs[at..]), whole[at..], "a copy at {at} goes on as the stream does");
        // Two streams over one network, in turns.
        let mut other = S::START;
        for (t, x) in xs.iter().enumerate().skip(at) {
            assert_eq!(stream.push(&network, x), whole[t]);
            assert_eq!(other.push(&network, &xs[t - at]), whole[t - at]);
        }
        stream = snapshot;
        stream.reset();
        assert_eq!(stream, S::START, "as new");
        assert_eq!(run(stream, &xs), whole, "nothing of what was before the gap is left");
    }
}

#[test]
fn streams_are_plain_values() {
    is_a_plain_value::<Staggered<[f32; 5], 3, 4>>();
    is_a_plain_value::<Staggered<[f32; 5], 1, 1>>();
    is_a_plain_value::<Carried<[f32; 5], 3>>();
    is_a_plain_value::<Buffered<[f32; 2], 5, 3>>();
}

#[test]
fn weights_in_flash_serve_a_stream() {
    static NETWORK: Net = Net::ZERO;
    let frozen = Network { cell: Frozen(&NETWORK.cell), readout: Frozen(&NETWORK.readout) };
    assert_eq!({ Staggered::<_, 1, 1>::ZERO }.push(&frozen, &[1.0, 2.0]), Ok(Some([0.0; 3])));
}
