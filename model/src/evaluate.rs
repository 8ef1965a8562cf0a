//! Forward pass in f64, in plain loops over the equations: slow, but independent of the code that it checks.

use super::{Direction, Kind, Layer, Model, Nonlinearity, Reset};

/// Precision of the sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precision {
    /// Sums in f64, not rounded to f32.
    F64,
    /// Sums rounded to f32 as on the device, so that the same sums overflow.
    F32,
}

impl Precision {
    pub(super) fn round(self, x: f64) -> f64 {
        match self {
            Self::F64 => x,
            Self::F32 => f64::from(x as f32),
        }
    }
}

/// An input sequence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input<'a> {
    /// A vector for each step.
    Vectors(&'a [Vec<f64>]),
    /// A symbol for each step, read as a row of the embedding or, without an embedding, as a one-hot vector.
    Symbols(&'a [usize]),
}

/// Outputs of a network for a sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Outputs {
    /// Output of the top layer at each step, with its directions concatenated.
    pub features: Vec<Vec<f64>>,
    /// Output of the read-out at each step.
    pub each: Vec<Vec<f64>>,
    /// Output of the read-out for the final states of the top layer's directions.
    pub last: Vec<f64>,
}

impl Model {
    /// Runs the network on a sequence of at least one step. `start` holds the initial state of each direction of each
    /// layer: h, or h followed by c for an LSTM; missing states are zero.
    ///
    /// # Panics
    /// If a symbol is not below the number of symbols, or the sequence is empty.
    #[must_use]
    pub fn run(&self, input: Input<'_>, start: &[Vec<f64>]) -> Outputs {
        self.run_in(Precision::F64, input, start)
    }

    pub(super) fn run_in(&self, precision: Precision, input: Input<'_>, start: &[Vec<f64>]) -> Outputs {
        let mut features = self.vectors(input);
        let mut starts = start.iter();
        let mut ends = Vec::new();
        for layer in &self.layers {
            let run = |(index, direction): (usize, &Direction)| {
                let mut state = vec![0.0; 2 * layer.units()];
                starts.next().into_iter().flatten().zip(&mut state).for_each(|(from, to)| *to = *from);
                layer.pass((direction, precision), &features, state, index == 1)
            };
            let passes: Vec<Vec<Vec<f64>>> = layer.directions.iter().enumerate().map(run).collect();
            let end = |(index, pass): (usize, &Vec<Vec<f64>>)| {
                if index == 1 { pass[0].clone() } else { pass[pass.len() - 1].clone() }
            };
            ends = passes.iter().enumerate().flat_map(end).collect();
            features = (0..features.len()).map(|t| passes.iter().flat_map(|pass| pass[t].clone()).collect()).collect();
        }
        let each = features.iter().map(|y| self.read_out(y, precision)).collect();
        Outputs { features, each, last: self.read_out(&ends, precision) }
    }

    fn vectors(&self, input: Input<'_>) -> Vec<Vec<f64>> {
        match (input, &self.embedding) {
            (Input::Vectors(vectors), _) => vectors.to_vec(),
            (Input::Symbols(symbols), Some(table)) => symbols.iter().map(|&s| table.row(s).to_vec()).collect(),
            (Input::Symbols(symbols), None) => {
                let one_hot = |&s: &usize| (0..self.inputs()).map(|i| f64::from(u8::from(i == s))).collect();
                symbols.iter().map(one_hot).collect()
            }
        }
    }

    fn read_out(&self, y: &[f64], precision: Precision) -> Vec<f64> {
        let mut outputs = self.head_bias.clone();
        self.head.add_product(&mut outputs, y, precision);
        outputs
    }
}

impl Layer {
    /// Returns h after each step, in the order of the sequence even if the sequence is read in reverse.
    fn pass(&self, d: (&Direction, Precision), xs: &[Vec<f64>], mut state: Vec<f64>, reverse: bool) -> Vec<Vec<f64>> {
        let units = self.units();
        let mut outputs = vec![Vec::new(); xs.len()];
        for n in 0..xs.len() {
            let t = if reverse { xs.len() - 1 - n } else { n };
            self.step(d, &xs[t], &mut state);
            outputs[t] = state[..units].to_vec();
        }
        outputs
    }

    fn step(&self, (d, precision): (&Direction, Precision), x: &[f64], state: &mut [f64]) {
        let units = self.units();
        let (h, c) = state.split_at_mut(units);
        if self.kind == Kind::FastGrnn {
            return fast_grnn_step(d, precision, x, h);
        }
        let part = |bias: usize| d.biases.get(bias).cloned().unwrap_or_else(|| vec![0.0; self.kind.gates() * units]);
        let (mut from_x, mut from_h) = (part(0), part(1));
        d.w_ih.add_product(&mut from_x, x, precision);
        d.w_hh.add_product(&mut from_h, h, precision);
        let sum = |gate: usize, unit: usize| precision.round(from_x[gate * units + unit] + from_h[gate * units + unit]);
        let mut from_reset = vec![0.0; self.kind.gates() * units];
        if matches!(self.kind, Kind::Gru(Reset::Before) | Kind::Mgu) {
            let reset: Vec<f64> = (0..units).map(|u| sigmoid(sum(0, u)) * h[u]).collect();
            d.w_hh.add_product(&mut from_reset, &reset, precision);
        }
        for u in 0..units {
            match self.kind {
                Kind::Rnn(Nonlinearity::Tanh) => h[u] = sum(0, u).tanh(),
                Kind::Rnn(Nonlinearity::Relu) => h[u] = rectified(sum(0, u)),
                Kind::Gru(form) => {
                    let (r, z) = (sigmoid(sum(0, u)), sigmoid(sum(1, u)));
                    let n = 2 * units + u;
                    let recurrent = if form == Reset::After { r * from_h[n] } else { from_reset[n] };
                    h[u] = (1.0 - z) * (from_x[n] + recurrent).tanh() + z * h[u];
                }
                Kind::Mgu => {
                    let (f, n) = (sigmoid(sum(0, u)), units + u);
                    h[u] = (1.0 - f) * h[u] + f * (from_x[n] + from_reset[n]).tanh();
                }
                Kind::FastGrnn => (),
                Kind::Lstm => {
                    c[u] = sigmoid(sum(1, u)) * c[u] + sigmoid(sum(0, u)) * sum(2, u).tanh();
                    h[u] = sigmoid(sum(3, u)) * c[u].tanh();
                }
            }
        }
    }
}

/// Computes a step of FastGRNN, whose gates share one product.
fn fast_grnn_step(d: &Direction, precision: Precision, x: &[f64], h: &mut [f64]) {
    let (units, [zeta, nu]) = (h.len(), [0, 1].map(|scalar| sigmoid(d.scalars[scalar])));
    let mut shared = vec![0.0; units];
    d.w_ih.add_product(&mut shared, x, precision);
    d.w_hh.add_product(&mut shared, h, precision);
    let sum = |gate: usize, unit: usize| precision.round(d.biases[0][gate * units + unit] + shared[unit]);
    for (u, h) in h.iter_mut().enumerate() {
        let (z, n) = (sigmoid(sum(0, u)), sum(1, u).tanh());
        *h = (zeta * (1.0 - z) + nu) * n + z * *h;
    }
}

/// Returns max(a, 0); NaN stays NaN.
fn rectified(a: f64) -> f64 {
    if a <= 0.0 { 0.0 } else { a }
}

fn sigmoid(a: f64) -> f64 {
    1.0 / (1.0 + (-a).exp())
}
