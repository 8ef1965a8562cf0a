//! Networks of integers: 8-bit weights, a 16-bit state, 32-bit sums. They work in every task and stream, without the
//! traits for learning: no `Parameters`, and no number type of the core.

use elman::dense::Readout;
use elman::error::SequenceError;
use elman::part::{Leaf, Step, Sweep, step_through};
use elman::stream::Staggered;
use elman::{Bidirectional, Class, Frozen, Libm, Network, Part, Reader, Stacked, Token};
use host_tests::Noise;

const STEPS: usize = 9;

/// Cell with h′ = ⌊(W x + U h) / 2⁷⌋, saturated to 16 bits.
#[derive(Clone)]
struct Whole<const I: usize, const H: usize> {
    w: [[i8; H]; I],
    u: [[i8; H]; H],
}

/// Read-out with 32-bit logits.
#[derive(Clone)]
struct Sums<const H: usize, const K: usize>([[i8; K]; H]);

/// Read-out with logits as floats, for tasks that need probabilities.
#[derive(Clone)]
struct Scaled<const H: usize, const K: usize>(Sums<H, K>);

impl<const I: usize, const H: usize> Whole<I, H> {
    fn drawn(noise: &mut Noise) -> Self {
        Self { w: [(); I].map(|()| row(noise)), u: [(); H].map(|()| row(noise)) }
    }
}

impl<const H: usize, const K: usize> Sums<H, K> {
    fn drawn(noise: &mut Noise) -> Self {
        Self([(); H].map(|()| row(noise)))
    }
}

fn row<const N: usize>(noise: &mut Noise) -> [i8; N] {
    [(); N].map(|()| noise.bits() as i8)
}

/// Computes `y += Σ_i x_i · row_i`, exact in any order.
fn add<X: Copy + Into<i32>, const N: usize>(y: &mut [i32; N], rows: &[[i8; N]], x: &[X]) {
    for (row, &x) in rows.iter().zip(x) {
        y.iter_mut().zip(row).for_each(|(y, &w)| *y += i32::from(w) * x.into());
    }
}

impl<const I: usize, const H: usize> Leaf for Whole<I, H> {}

impl<const I: usize, const H: usize> Part for Whole<I, H> {
    type Math = Libm;
    type State = [i16; H];
    type Output = [i16; H];
    type Room<const T: usize> = [[i16; H]; T];
    fn output(state: &[i16; H]) -> &[i16; H] {
        state
    }
    fn is_finite(_: &[i16; H]) -> bool {
        true
    }
}

impl<const I: usize, const H: usize, X: Copy + Into<i32>> Sweep<[X; I]> for Whole<I, H> {
    fn accepts(_: &[X; I]) -> bool {
        true
    }
    fn sweep<'r, const T: usize>(
        &self,
        state: &mut [i16; H],
        xs: &[[X; I]],
        room: &'r mut [[i16; H]; T],
    ) -> Result<&'r [[i16; H]], SequenceError> {
        step_through(self, state, xs, room)
    }
}

impl<const I: usize, const H: usize, X: Copy + Into<i32>> Step<[X; I]> for Whole<I, H> {
    fn step(&self, state: &mut [i16; H], x: &[X; I]) {
        let mut sums = [0; H];
        add(&mut sums, &self.w, x);
        add(&mut sums, &self.u, state);
        *state = sums.map(|sum| (sum >> 7).clamp(i16::MIN.into(), i16::MAX.into()) as i16);
    }
}

/// A token selects a row of `w`.
impl<const I: usize, const H: usize> Sweep<Token<I>> for Whole<I, H> {
    fn accepts(_: &Token<I>) -> bool {
        true
    }
    fn sweep<'r, const T: usize>(
        &self,
        state: &mut [i16; H],
        xs: &[Token<I>],
        room: &'r mut [[i16; H]; T],
    ) -> Result<&'r [[i16; H]], SequenceError> {
        step_through(self, state, xs, room)
    }
}

impl<const I: usize, const H: usize> Step<Token<I>> for Whole<I, H> {
    fn step(&self, state: &mut [i16; H], x: &Token<I>) {
        let mut one_hot = [0_i16; I];
        one_hot[x.index()] = 127;
        self.step(state, &one_hot);
    }
}

impl<const H: usize, const K: usize> Readout<[i16; H]> for Sums<H, K> {
    type Output = [i32; K];
    fn forward(&self, y: &[i16; H], outputs: &mut [i32; K]) {
        *outputs = [0; K];
        add(outputs, &self.0, y);
    }
    fn is_finite(_: &[i32; K]) -> bool {
        true
    }
}

/// Reads the outputs of both directions, one after the other.
impl<const H: usize, const I: usize, const K: usize> Readout<[[i16; H]; 2]> for Sums<I, K> {
    type Output = [i32; K];
    fn forward(&self, y: &[[i16; H]; 2], outputs: &mut [i32; K]) {
        *outputs = [0; K];
        add(outputs, &self.0, y.as_flattened());
    }
    fn is_finite(_: &[i32; K]) -> bool {
        true
    }
}

impl<const H: usize, const K: usize> Readout<[i16; H]> for Scaled<H, K> {
    type Output = [f32; K];
    fn forward(&self, y: &[i16; H], outputs: &mut [f32; K]) {
        let mut sums = [0; K];
        self.0.forward(y, &mut sums);
        *outputs = sums.map(|sum| sum as f32 / 65_536.0);
    }
    fn is_finite(_: &[f32; K]) -> bool {
        true
    }
}

/// Returns the outputs at each step, computed with plain sums in 64 bits.
fn by_hand<const I: usize, const H: usize, const K: usize>(
    network: &Network<Whole<I, H>, Sums<H, K>>,
    xs: &[[i8; I]],
) -> Vec<[i64; K]> {
    let mut h = [0_i64; H];
    let step = |x: &[i8; I]| {
        let sum = |unit: usize| -> i64 {
            let input: i64 = (0..I).map(|i| i64::from(network.cell.w[i][unit]) * i64::from(x[i])).sum();
            input + (0..H).map(|j| i64::from(network.cell.u[j][unit]) * h[j]).sum::<i64>()
        };
        h = core::array::from_fn(|unit| sum(unit).div_euclid(128).clamp(-32_768, 32_767));
        core::array::from_fn(|k| (0..H).map(|j| i64::from(network.readout.0[j][k]) * h[j]).sum())
    };
    xs.iter().map(step).collect()
}

fn network<const I: usize, const H: usize, const K: usize>(seed: u64) -> Network<Whole<I, H>, Sums<H, K>> {
    let mut noise = Noise(seed);
    Network { cell: Whole::drawn(&mut noise), readout: Sums::drawn(&mut noise) }
}

fn samples<const I: usize>(seed: u64) -> [[i8; I]; STEPS] {
    let mut noise = Noise(seed);
    [(); STEPS].map(|()| row(&mut noise))
}

fn largest<const K: usize>(outputs: &[i64; K]) -> usize {
    (0..K).rev().max_by_key(|&k| outputs[k]).unwrap()
}

/// Checks that labels, classes and outputs equal those from plain sums, even for a network in flash.
fn answers<const I: usize, const H: usize, const K: usize>() {
    let (network, xs) = (network::<I, H, K>(3), samples::<I>(4));
    let expected = by_hand(&network, &xs);
    let mut outputs = [[0; K]; STEPS];
    network.predict_each(&xs, &mut outputs).unwrap();
    let wide: Vec<_> = outputs.iter().map(|outputs| outputs.map(i64::from)).collect();
    assert_eq!(wide, expected);
    let mut labels = [Class::default(); STEPS];
    network.label(&xs, &mut labels).unwrap();
    assert!(labels.iter().zip(&expected).all(|(label, outputs)| label.index() == largest(outputs)));
    let frozen = Network { cell: Frozen(&network.cell), readout: Frozen(&network.readout) };
    assert_eq!(frozen.classify(&xs), Ok(labels[STEPS - 1]));
    assert_eq!(network.classify::<[i8; I], _, K>(&[]), Err(SequenceError::Empty));
}

#[test]
fn whole_numbers_have_tasks() {
    answers::<3, 5, 4>();
    answers::<1, 1, 1>();
    answers::<17, 19, 3>();
}

#[test]
fn whole_numbers_stream() {
    let (network, xs) = (network::<3, 5, 4>(5), samples::<3>(6));
    let mut windows = Staggered::<[i16; 5], 2, 2>::ZERO;
    let found: Vec<_> = xs.iter().filter_map(|x| windows.push(&network, x).unwrap()).collect();
    let expected = [0, 2, 4].map(|start| network.predict(&xs[start..start + 4]).unwrap());
    assert_eq!(found, expected);
}

/// A bidirectional layer of integers reads the 16-bit outputs of another layer.
#[test]
fn whole_numbers_stack() {
    let (mut noise, xs) = (Noise(7), samples::<3>(8));
    let lower = Whole::<3, 5>::drawn(&mut noise);
    let upper = Bidirectional::<Whole<5, 4>>::new(Whole::drawn(&mut noise), Whole::drawn(&mut noise));
    let network = Network { cell: Stacked { lower, upper }, readout: Sums::<8, 2>::drawn(&mut noise) };
    let mut reader = Reader::<_, STEPS>::ZERO;
    let found = reader.on(&network).predict(&xs).unwrap();
    let Network { cell: Stacked { lower, upper }, readout } = &network;
    let (mut state, mut read) = ([0; 5], Vec::new());
    for x in &xs {
        lower.step(&mut state, x);
        read.push(state);
    }
    let (mut forward, mut backward) = ([0; 4], [0; 4]);
    read.iter().for_each(|x| upper.forward.step(&mut forward, x));
    read.iter().rev().for_each(|x| upper.backward.step(&mut backward, x));
    let mut expected = [0; 2];
    readout.forward(&[forward, backward], &mut expected);
    assert_eq!(found, expected);
}

/// Tasks that need probabilities accept a read-out with outputs in floats.
#[test]
fn whole_numbers_have_probabilities() {
    let mut noise = Noise(9);
    let network = Network { cell: Whole::<6, 8>::drawn(&mut noise), readout: Scaled(Sums::<8, 6>::drawn(&mut noise)) };
    let tokens: [Token<6>; STEPS] = [(); STEPS].map(|()| noise.class());
    let (mut state, mut expected) = ([0; 8], 0.0);
    for [token, next] in tokens.array_windows() {
        let logits = network.step(&mut state, token).map(f64::from);
        expected += logits[next.index()] - logits.iter().map(|x| x.exp()).sum::<f64>().ln();
    }
    let found = f64::from(network.log_probability(&tokens).unwrap());
    assert!((found - expected).abs() < 1e-5 * expected.abs(), "{found} is not {expected}");
}
