//! Steps in f32 with the bits of the core: the loops of `elman::linalg` and the functions of `Libm`.

use super::{Direction, Kind, Layer, Matrix, Nonlinearity, Reset};
use elman::linalg::{add, add_rows, add_rows_strided};
use elman::{Libm, Math};

/// A layer that reads in one direction, ready to run.
pub(super) struct Single {
    kind: Kind,
    units: usize,
    /// `[input][gate][unit]`.
    w_ih: Vec<f32>,
    w_hh: Vec<f32>,
    /// Vectors of biases of all gates.
    biases: Vec<Vec<f32>>,
}

/// State of a layer.
#[derive(Clone)]
pub(super) struct State {
    pub h: Vec<f32>,
    c: Vec<f32>,
}

impl Single {
    /// The layer; `None` for kinds and forms that are not run here.
    pub fn of(layer: &Layer) -> Option<Self> {
        let [direction] = layer.directions.as_slice() else { return None };
        let runs = matches!(layer.kind, Kind::Rnn(_) | Kind::Gru(_) | Kind::Lstm);
        let Direction { w_ih, w_hh, biases, .. } = direction;
        let flat = |weights: &super::Weights| weights.stored().map(|w| w as f32).collect();
        let biases = biases.iter().map(|b| b.iter().map(|&b| b as f32).collect()).collect();
        runs.then(|| Self { kind: layer.kind, units: layer.units(), w_ih: flat(w_ih), w_hh: flat(w_hh), biases })
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn start(&self) -> State {
        State { h: vec![0.0; self.units], c: vec![0.0; self.units] }
    }

    /// `[input][gate][unit]` from the input and from the state.
    pub fn weights(&self) -> [&[f32]; 2] {
        [&self.w_ih, &self.w_hh]
    }

    pub fn biases(&self) -> &[Vec<f32>] {
        &self.biases
    }

    /// Makes a step; returns the gates.
    pub fn step(&self, state: &mut State, x: &[f32]) -> Vec<Vec<f32>> {
        let (units, width) = (self.units, self.kind.gates() * self.units);
        let mut gates = vec![0.0; width];
        self.biases.iter().for_each(|b| add(&mut gates, b));
        if let Kind::Gru(form) = self.kind {
            return self.gru(form, state, x);
        }
        add_rows(&mut gates, &self.w_ih, x);
        add_rows(&mut gates, &self.w_hh, &state.h);
        let State { h, c } = state;
        match self.kind {
            Kind::Rnn(Nonlinearity::Relu) => *h = gates.iter().map(|&a| if a < 0.0 { 0.0 } else { a }).collect(),
            Kind::Lstm => {
                let (sigmoids, o) = gates.split_at_mut(3 * units);
                let (sigmoids, g) = sigmoids.split_at_mut(2 * units);
                Libm::<f32>::sigmoid_all(sigmoids);
                Libm::<f32>::tanh_all(g);
                Libm::<f32>::sigmoid_all(o);
                for u in 0..units {
                    c[u] = gates[units + u] * c[u] + gates[u] * gates[2 * units + u];
                    h[u] = Libm::<f32>::tanh(c[u]) * gates[3 * units + u];
                }
                return gates.chunks(units).map(<[f32]>::to_vec).collect();
            }
            _ => {
                Libm::<f32>::tanh_all(&mut gates);
                h.clone_from(&gates);
            }
        }
        vec![h.clone()]
    }

    fn gru(&self, form: Reset, State { h, .. }: &mut State, x: &[f32]) -> Vec<Vec<f32>> {
        let (units, width) = (self.units, 3 * self.units);
        let (mut gates, mut q) = (vec![0.0; width], vec![0.0; units]);
        match (form, self.biases.as_slice()) {
            (Reset::After, [first, second]) => {
                add(&mut gates, first);
                add(&mut gates[..2 * units], &second[..2 * units]);
                add(&mut q, &second[2 * units..]);
            }
            (_, biases) => biases.iter().for_each(|b| add(&mut gates, b)),
        }
        add_rows(&mut gates, &self.w_ih, x);
        let (rz, n) = gates.split_at_mut(2 * units);
        add_rows_strided(rz, &self.w_hh, width, h);
        Libm::<f32>::sigmoid_all(rz);
        let recurrent = &self.w_hh[2 * units..];
        if form == Reset::After {
            add_rows_strided(&mut q, recurrent, width, h);
            n.iter_mut().zip(&*rz).zip(&q).for_each(|((n, r), q)| *n += r * q);
        } else {
            q = rz.iter().zip(&*h).map(|(r, h)| r * h).collect();
            add_rows_strided(n, recurrent, width, &q);
        }
        Libm::<f32>::tanh_all(n);
        for (u, h) in h.iter_mut().enumerate() {
            *h = (1.0 - rz[units + u]) * n[u] + rz[units + u] * *h;
        }
        gates.chunks(units).map(<[f32]>::to_vec).collect()
    }
}

/// The read-out in f32, with the bits of the core.
pub(super) fn read_out(head: &Matrix, bias: &[f64], y: &[f32]) -> Vec<f32> {
    let mut outputs: Vec<f32> = bias.iter().map(|&b| b as f32).collect();
    let rows: Vec<f32> = head.transposed().map(|w| w as f32).collect();
    add_rows(&mut outputs, &rows, y);
    outputs
}
