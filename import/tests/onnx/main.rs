//! Import of ONNX models: onnxruntime, the evaluation in f64 and the typed network give the same outputs. `make.py`
//! writes the models and onnxruntime's outputs for them.

mod beside;
mod damaged;
mod refused;
mod tails;

use elman::cell::Relu;
use elman::dense::LearnedReadout;
use elman::image::{Architecture, Image, ProbeInput};
use elman::layer::Sequential;
use elman::{
    Bidirectional, Dense, Elman, Embedding, Gru, Layer, Libm, Lstm, Network, Parameters, Reader, ResetBeforeGru,
    Stacked, Token,
};
use elman_import::onnx;
use elman_import::{Answers, Import};
use elman_model::{Input, Model};
use safetensors::SafeTensors;
use std::path::{Path, PathBuf};
use zerocopy::IntoBytes;

/// Length of the longest sequence.
const T: usize = 16;

/// Function that opens an image as a network type and returns its outputs, at every step or at the end.
type Runs = fn(&[u8], &Case) -> Vec<f32>;

/// Input of a step, converted from a row of the file.
trait FromRow: Sized {
    fn from_row(row: &[f64]) -> Self;
}

impl<const I: usize> FromRow for [f32; I] {
    fn from_row(row: &[f64]) -> Self {
        std::array::from_fn(|i| row[i] as f32)
    }
}

impl<const V: usize> FromRow for Token<V> {
    fn from_row(row: &[f64]) -> Self {
        Self::new(row[0] as usize).unwrap()
    }
}

fn runs<C, X, const F: usize, const K: usize>(image: &[u8], case: &Case) -> Vec<f32>
where
    C: Layer<X> + Sequential<Scalar = f32>,
    Dense<F, K>: LearnedReadout<C::Output, Scalar = f32, Output = [f32; K]>,
    X: ProbeInput<f32> + FromRow,
    Network<C, Dense<F, K>>: Parameters<Scalar = f32> + Architecture<Real = f32>,
{
    let mut blocks = vec![0_u128; image.len().div_ceil(16)];
    blocks.as_mut_bytes()[..image.len()].copy_from_slice(image);
    let image = Image::<Network<C, Dense<F, K>>>::open(blocks.as_bytes()).unwrap();
    let mut reader = Reader::<Network<C, Dense<F, K>>, T>::ZERO;
    assert_eq!(image.selftest_with::<X, T>(&mut reader), Ok(()));
    let xs: Vec<X> = case.x.iter().map(|row| X::from_row(row)).collect();
    if case.answers == Some(Answers::End) {
        return reader.on(image.network()).predict(&xs).unwrap().to_vec();
    }
    let mut predictions = [[0.0; K]; T];
    reader.on(image.network()).predict_each(&xs, &mut predictions[..xs.len()]).unwrap();
    let first = if case.answers == Some(Answers::LastStep) { xs.len() - 1 } else { 0 };
    predictions[first..xs.len()].as_flattened().to_vec()
}

type Rnn<const I: usize, const H: usize> = Elman<I, H, Libm, 2>;
type ReluRnn<const I: usize, const H: usize> = Elman<I, H, Libm, 2, Relu>;
type Lstm2<const I: usize, const H: usize> = Lstm<I, H, Libm, 2>;
type Both<const I: usize, const H: usize> = Bidirectional<Lstm2<I, H>>;

/// Every model, with a function that runs it as the expected type.
const CASES: [(&str, Runs); 12] = [
    ("gru_before_i1h1", runs::<ResetBeforeGru<1, 1>, [f32; 1], 1, 2>),
    ("gru_before_lstm_lengths", runs::<Stacked<ResetBeforeGru<3, 6>, Lstm2<6, 4>>, [f32; 3], 4, 4>),
    ("gru_before_nobias", runs::<ResetBeforeGru<3, 5, Libm, elman::cell::Tanh, 0>, [f32; 3], 5, 4>),
    ("gru_embedding_script", runs::<Stacked<Embedding<11, 5>, Gru<5, 7, Libm, 0>>, Token<11>, 7, 11>),
    ("gru_last_export", runs::<Gru<3, 7>, [f32; 3], 7, 4>),
    ("gru_plain_script", runs::<Gru<3, 5>, [f32; 3], 5, 4>),
    ("lstm_bi_export", runs::<Both<3, 5>, [f32; 3], 10, 4>),
    ("lstm_bi_last_script", runs::<Both<3, 5>, [f32; 3], 10, 4>),
    ("lstm_l2_bi_script", runs::<Stacked<Both<3, 5>, Both<10, 5>>, [f32; 3], 10, 4>),
    ("lstm_l2_export", runs::<Stacked<Lstm2<3, 5>, Lstm2<5, 5>>, [f32; 3], 5, 2>),
    ("rnn_bi_l2", runs::<Stacked<Bidirectional<Rnn<3, 5>>, Bidirectional<Rnn<10, 3>>>, [f32; 3], 6, 4>),
    ("rnn_relu_l2_script", runs::<Stacked<ReluRnn<3, 5>, ReluRnn<5, 5>>, [f32; 3], 5, 4>),
];

/// Inputs and outputs recorded with onnxruntime.
struct Case {
    x: Vec<Vec<f64>>,
    y: Vec<Vec<f64>>,
    answers: Option<Answers>,
}

impl Case {
    fn load(name: &str) -> Self {
        let bytes = std::fs::read(path(&format!("{name}.safetensors"))).unwrap();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let rows = |name: &str| -> Vec<Vec<f64>> {
            let view = file.tensor(name).unwrap();
            let columns = view.shape().get(1).copied().unwrap_or(1);
            let values: Vec<f64> = match view.dtype() {
                safetensors::Dtype::I64 => {
                    view.data().as_chunks().0.iter().map(|&b| i64::from_le_bytes(b) as f64).collect()
                }
                _ => view.data().as_chunks().0.iter().map(|&b| f32::from_le_bytes(b).into()).collect(),
            };
            values.chunks(columns).map(<[f64]>::to_vec).collect()
        };
        Self { x: rows("x"), y: rows("y"), answers: read(name).answers }
    }

    fn run(&self, model: &Model) -> Vec<Vec<f64>> {
        let symbols: Vec<usize> = self.x.iter().map(|row| row[0] as usize).collect();
        let embedded = model.embedding.is_some();
        let outputs = model.run(if embedded { Input::Symbols(&symbols) } else { Input::Vectors(&self.x) }, &[]);
        match self.answers.unwrap() {
            Answers::EachStep => outputs.each,
            Answers::End => vec![outputs.last],
            Answers::LastStep => outputs.each.last().cloned().into_iter().collect(),
        }
    }
}

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/onnx/models").join(file)
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(path(&format!("{name}.onnx"))).unwrap()
}

fn read(name: &str) -> Import {
    onnx::read(&file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Allowed difference: onnxruntime and the core both compute in f32, but in different orders, and the outputs,
/// which are below 4, are rounded about ten times.
const TOLERANCE: f64 = 2e-6;

fn assert_close(name: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{name}");
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= TOLERANCE, "{name}: output {at} is {found}, not {expected}");
    }
}

#[test]
fn every_model_is_understood_and_reproduced() {
    for (name, runs) in CASES {
        let (case, import) = (Case::load(name), read(name));
        assert_eq!(import.extra, Vec::<String>::new(), "{name}");
        assert_close(name, &case.run(&import.model).concat(), &case.y.concat());
        let typed: Vec<f64> = runs(&import.model.image().unwrap(), &case).into_iter().map(f64::from).collect();
        assert_close(name, &typed, &case.y.concat());
    }
}

/// Stored module of a model, which must compile. `BLESS=1` writes it again.
#[rustfmt::skip]
mod generated {
    pub mod before;
}

#[test]
fn a_module_is_what_is_written_today_and_opens() {
    let (model, directory) = (read("gru_before_lstm_lengths").model, path("../generated"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(directory.join("before.elman"), model.image().unwrap()).unwrap();
        std::fs::write(directory.join("before.rs"), model.module("before.elman").unwrap()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(directory.join("before.rs")).unwrap(), model.module("before.elman").unwrap());
    assert!(std::fs::read(directory.join("before.elman")).unwrap() == model.image().unwrap());
    assert_eq!(generated::before::open().unwrap().selftest::<[f32; 3]>(), Ok(()));
}

#[test]
fn every_model_is_a_case() {
    let stems = std::fs::read_dir(path("")).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = stems
        .filter(|path| path.extension().is_some_and(|extension| extension == "onnx"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_string())
        .collect();
    names.sort();
    assert_eq!(names, CASES.map(|(name, _)| name));
}
