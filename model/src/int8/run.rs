//! Steps in whole numbers, with the bits of the core.

use super::{Layer, Model, Product, Readout};
use crate::{Input, Kind, Nonlinearity, Reset};
use elman::int8::{Scale, add_products, sigmoid, tanh};

/// State of a layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// h of each unit: 2¹⁵ units are 1, except with ReLU.
    pub h: Vec<i16>,
    /// c of each unit of an LSTM: 2²⁰ units are 1.
    pub c: Vec<i32>,
}

impl Model {
    /// The zero state of each layer.
    #[must_use]
    pub fn start(&self) -> Vec<State> {
        self.layers.iter().map(|layer| State { h: vec![0; layer.units()], c: vec![0; layer.units()] }).collect()
    }

    /// Makes a step with whole numbers; returns the outputs and the gates of each layer, in the order of an image.
    ///
    /// # Panics
    /// If `x` has another number of inputs, or `states` are of another network.
    pub fn step(&self, states: &mut [State], x: &[i16]) -> (Vec<f32>, Vec<Vec<Vec<i16>>>) {
        let (mut x, mut gates) = (x.to_vec(), Vec::new());
        assert_eq!(x.len(), self.inputs(), "a number for each input");
        for (layer, state) in self.layers.iter().zip(states) {
            gates.push(layer.step(state, &x));
            x.clone_from(&state.h);
        }
        (self.readout.outputs(&x), gates)
    }

    /// Returns the outputs after each step of a sequence, from the zero state.
    ///
    /// # Panics
    /// If a step has another number of inputs, or a symbol is not below that number.
    #[must_use]
    pub fn run(&self, input: Input<'_>) -> Vec<Vec<f32>> {
        let mut states = self.start();
        self.whole(input).iter().map(|x| self.step(&mut states, x).0).collect()
    }

    /// The inputs in whole numbers.
    #[must_use]
    pub fn whole(&self, input: Input<'_>) -> Vec<Vec<i16>> {
        let resolution = self.layers[0].resolution;
        match input {
            Input::Vectors(xs) => {
                let whole = |&x: &f64| rounded(x as f32 * resolution);
                xs.iter().map(|x| x.iter().map(whole).collect()).collect()
            }
            Input::Symbols(symbols) => symbols.iter().map(|&symbol| self.one_hot(symbol)).collect(),
        }
    }

    fn one_hot(&self, symbol: usize) -> Vec<i16> {
        let mut x = vec![0; self.inputs()];
        x[symbol] = rounded(self.layers[0].resolution);
        x
    }
}

impl Product {
    /// The scaled sums of all gates.
    fn scaled(&self, x: &[i16]) -> Vec<Vec<i32>> {
        let mut sums = vec![0; self.units * self.scales.len()];
        add_products(&mut sums, self.units, &self.weights, x);
        let gate = |(sums, scales): (&[i32], &Vec<Scale>)| {
            let scales = scales.iter().cycle();
            sums.iter()
                .zip(scales)
                .map(|(&sum, scale)| near(i64::from(sum) * i64::from(scale.multiplier()), 32))
                .collect()
        };
        sums.chunks(self.units).zip(&self.scales).map(gate).collect()
    }
}

impl Layer {
    /// Makes a step; returns the gates.
    fn step(&self, state: &mut State, x: &[i16]) -> Vec<Vec<i16>> {
        let (of_x, of_h) = (self.w_ih.scaled(x), self.w_hh.scaled(&state.h));
        let bias = |vector: usize, unit: usize| i32::from(self.biases[vector][unit]) << 2;
        let argument = |gate: usize, unit: usize| of_x[gate][unit] + of_h[gate][unit] + bias(gate, unit);
        let gate = |gate: usize, f: fn(i32) -> i16| (0..self.units()).map(|u| f(argument(gate, u))).collect::<Vec<_>>();
        match self.kind {
            Kind::Rnn(Nonlinearity::Tanh) => state.h = gate(0, tanh),
            Kind::Rnn(Nonlinearity::Relu) => state.h = gate(0, |a| saturated((a.max(0) + 2) >> 2)),
            Kind::Gru(form) => {
                let (r, z) = (gate(0, sigmoid), gate(1, sigmoid));
                let of_reset = (form == Reset::Before).then(|| self.w_hh.scaled(&reset(&r, &state.h)));
                let candidate = |u: usize| {
                    tanh(
                        of_x[2][u]
                            + bias(2, u)
                            + match &of_reset {
                                Some(of_reset) => of_reset[2][u],
                                None => near(i64::from(of_h[2][u] + bias(3, u)) * i64::from(r[u]), 15),
                            },
                    )
                };
                let n: Vec<i16> = (0..self.units()).map(candidate).collect();
                for ((h, &z), &n) in state.h.iter_mut().zip(&z).zip(&n) {
                    *h = near((32_768 - i64::from(z)) * i64::from(n) + i64::from(z) * i64::from(*h), 15) as i16;
                }
                return vec![r, z, n];
            }
            Kind::Lstm => {
                let gates = [gate(0, sigmoid), gate(1, sigmoid), gate(2, tanh), gate(3, sigmoid)];
                let [i, f, g, o] = &gates;
                for (u, (c, h)) in state.c.iter_mut().zip(&mut state.h).enumerate() {
                    let kept = near(i64::from(*c) * i64::from(f[u]), 15);
                    *c = (kept + near(i64::from(i[u]) * i64::from(g[u]), 10)).clamp(-LARGEST, LARGEST);
                    *h = near(i64::from(o[u]) * i64::from(tanh(*c >> 7)), 15) as i16;
                }
                return gates.to_vec();
            }
            // No layer has these kinds: neither an image nor a calibration gives one.
            Kind::Mgu | Kind::FastGrnn => {}
        }
        vec![state.h.clone()]
    }
}

/// Largest c of an LSTM.
const LARGEST: i32 = (1 << 30) - 1;

impl Readout {
    /// The outputs for the output of the highest layer.
    fn outputs(&self, h: &[i16]) -> Vec<f32> {
        let unit = 2.0_f32.powi(-i32::from(self.exponent));
        let sums = self.w.scaled(h).concat();
        sums.iter().zip(&self.biases).map(|(sum, &b)| (sum + (i32::from(b) << self.shift)) as f32 * unit).collect()
    }
}

/// r ⊙ h.
fn reset(r: &[i16], h: &[i16]) -> Vec<i16> {
    r.iter().zip(h).map(|(&r, &h)| near(i64::from(r) * i64::from(h), 15) as i16).collect()
}

/// a / 2^bits, rounded to the nearest; halves up.
const fn near(a: i64, bits: u32) -> i32 {
    ((a + (1 << (bits - 1))) >> bits) as i32
}

fn saturated(a: i32) -> i16 {
    a.clamp(-i32::from(i16::MAX), i32::from(i16::MAX)) as i16
}

/// The nearest whole number within ±32,767; halves away from 0. NaN gives 0.
pub(super) fn rounded(x: f32) -> i16 {
    saturated((x + if x < 0.0 { -0.5 } else { 0.5 }) as i32)
}
