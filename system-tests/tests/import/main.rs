//! Import of PyTorch's state dicts: every golden file, and error messages that state what is wrong with a file.

mod damaged;
mod export;
mod state_dict;

use elman::cell::{Recurrent, Relu};
use elman::dense::LearnedReadout;
use elman::error::SelfTestError;
use elman::image::{Architecture, Image, ProbeInput};
use elman::layer::Sequential;
use elman::{
    Bidirectional, Dense, Elman, Embedding, Gru, Layer, Libm, Lstm, Network, Parameters, Reader, Stacked, Step, Token,
    Zero,
};
use elman_import::torch;
use elman_model::{Input, Model, Nonlinearity};
use host_tests::{Golden, Tolerance, assert_close};
use zerocopy::IntoBytes;

type Rnn<const I: usize, const H: usize> = Elman<I, H, Libm, 2>;
type ReluRnn<const I: usize, const H: usize> = Elman<I, H, Libm, 2, Relu>;
type Lstm2<const I: usize, const H: usize> = Lstm<I, H, Libm, 2>;

/// Function that opens an image as one network type and runs its probe.
type Opens = fn(&[u8]) -> Result<(), SelfTestError>;

fn steps<C, X, const H: usize, const K: usize>(bytes: &[u8]) -> Result<(), SelfTestError>
where
    C: Layer<X> + Step<X> + Recurrent<Scalar = f32, Output = [f32; H]>,
    X: ProbeInput<f32>,
    Network<C, Dense<H, K>>: Parameters<Scalar = f32> + Architecture<Real = f32>,
{
    open::<Network<C, Dense<H, K>>>(bytes).selftest::<X>()
}

fn layers<C, X, const H: usize, const K: usize>(bytes: &[u8]) -> Result<(), SelfTestError>
where
    C: Layer<X> + Sequential<Scalar = f32>,
    Dense<H, K>: LearnedReadout<C::Output, Scalar = f32, Output = [f32; K]>,
    X: ProbeInput<f32>,
    Network<C, Dense<H, K>>: Parameters<Scalar = f32> + Architecture<Real = f32>,
{
    open::<Network<C, Dense<H, K>>>(bytes).selftest_with::<X, 8>(&mut { Reader::ZERO })
}

/// All golden files of networks, each with the type that its image must have.
const CASES: [(&str, Opens); 25] = [
    ("gru_i1h1t3_h0_lab", steps::<Gru<1, 1>, [f32; 1], 1, 2>),
    ("gru_i3h5t7_h0_lab", steps::<Gru<3, 5>, [f32; 3], 5, 4>),
    ("gru_i3h5t8_nobias_h0_lab", steps::<Gru<3, 5, Libm, 0>, [f32; 3], 5, 4>),
    ("gru_i5h17t20_cls", steps::<Gru<5, 17>, [f32; 5], 17, 7>),
    ("gru_i5h3t6_bi_h0_lab", layers::<Bidirectional<Gru<5, 3>>, [f32; 5], 6, 4>),
    ("gru_i5h7t12_embedding_lab", steps::<Stacked<Embedding<11, 5>, Gru<5, 7>>, Token<11>, 7, 11>),
    ("gru_i5h7t13_l2_h0_lab", steps::<Stacked<Gru<5, 7>, Gru<7, 7>>, [f32; 5], 7, 4>),
    ("gru_i7h33t11_h0_lab", steps::<Gru<7, 33>, [f32; 7], 33, 5>),
    ("lstm_i17h7t25_onehot_lab", steps::<Lstm2<17, 7>, [f32; 17], 7, 17>),
    ("lstm_i1h1t2_h0_lab", steps::<Lstm2<1, 1>, [f32; 1], 1, 2>),
    (
        "lstm_i3h5t6_l2_bi_cls_hn",
        layers::<Stacked<Bidirectional<Lstm2<3, 5>>, Bidirectional<Lstm2<10, 5>>>, [f32; 3], 10, 4>,
    ),
    ("lstm_i3h5t7_h0_lab", steps::<Lstm2<3, 5>, [f32; 3], 5, 4>),
    ("lstm_i3h5t9_bi_h0_lab", layers::<Bidirectional<Lstm2<3, 5>>, [f32; 3], 10, 4>),
    ("lstm_i3h7t10_l2_h0_lab", steps::<Stacked<Lstm2<3, 7>, Lstm2<7, 7>>, [f32; 3], 7, 4>),
    ("lstm_i5h17t20_h0_cls", steps::<Lstm2<5, 17>, [f32; 5], 17, 7>),
    ("lstm_i7h17t11_lab_wide", steps::<Lstm2<7, 17>, [f32; 7], 17, 5>),
    ("rnn_relu_i3h7t12_lab", steps::<ReluRnn<3, 7>, [f32; 3], 7, 4>),
    ("rnn_relu_i5h5t6_l2_cls", steps::<Stacked<ReluRnn<5, 5>, ReluRnn<5, 5>>, [f32; 5], 5, 3>),
    ("rnn_relu_i7h3t5_h0_cls", steps::<ReluRnn<7, 3>, [f32; 7], 3, 4>),
    ("rnn_tanh_i1h1t1_lab", steps::<Rnn<1, 1>, [f32; 1], 1, 2>),
    ("rnn_tanh_i3h5t7_h0_lab", steps::<Rnn<3, 5>, [f32; 3], 5, 4>),
    ("rnn_tanh_i3h5t8_bi_lab", layers::<Bidirectional<Rnn<3, 5>>, [f32; 3], 10, 4>),
    ("rnn_tanh_i3h5t9_l2_h0_lab", steps::<Stacked<Rnn<3, 5>, Rnn<5, 5>>, [f32; 3], 5, 4>),
    ("rnn_tanh_i5h17t40_cls", steps::<Rnn<5, 17>, [f32; 5], 17, 7>),
    ("rnn_tanh_i7h7t15_onehot_h0_lab", steps::<Rnn<7, 7>, [f32; 7], 7, 7>),
];

fn open<N: Architecture>(bytes: &[u8]) -> Image<'_, N> {
    Image::open(bytes).unwrap_or_else(|error| panic!("{}: {error}", std::any::type_name::<N>()))
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(host_tests::golden::directory().join(format!("{name}.safetensors"))).unwrap()
}

fn model(name: &str) -> Model {
    let nonlinearity = if name.contains("relu") { Nonlinearity::Relu } else { Nonlinearity::Tanh };
    torch::read(&file(name), nonlinearity).unwrap_or_else(|error| panic!("{name}: {error}")).model
}

/// Returns the initial states stored in the file, each of them h, or h followed by c.
fn start(case: &Golden, model: &Model) -> Vec<Vec<f64>> {
    let rows = |name: &str| {
        case.find(name)
            .map_or_else(Vec::new, |a| a.values.chunks(model.layers[0].units()).map(<[f64]>::to_vec).collect())
    };
    let mut states: Vec<Vec<f64>> = rows("input.h0");
    states.iter_mut().zip(rows("input.c0")).for_each(|(h, c)| h.extend(c));
    states
}

/// Allowed difference from PyTorch's results in f64: 1e-11.
const EXACT: Tolerance = Tolerance::Absolute(1e-11);

#[test]
fn every_golden_file_is_understood_and_reproduced() {
    for (name, _) in CASES {
        let (case, model) = (Golden::load(name), model(name));
        let symbols: Vec<usize>;
        let vectors: Vec<Vec<f64>>;
        let input = if let Some(index) = case.find("input.idx") {
            symbols = index.values.iter().map(|&s| s as usize).collect();
            Input::Symbols(&symbols)
        } else {
            let x = case.array("input.x");
            vectors = x.values.chunks(x.shape[1]).map(<[f64]>::to_vec).collect();
            Input::Vectors(&vectors)
        };
        let found = model.run(input, &start(&case, &model));
        assert_close(name, &found.features.concat(), &case.array("f64/output").values, EXACT);
        let logits = match case.text("readout") {
            "per_step" => found.each.concat(),
            "last_step" => found.each.last().unwrap().clone(),
            _ => found.last.clone(),
        };
        assert_close(name, &logits, &case.array("f64/logits").values, EXACT);
    }
}

#[test]
fn every_golden_file_opens_as_its_type_and_passes_its_probe() {
    for (name, opens) in CASES {
        let image = model(name).image().unwrap();
        let mut blocks = vec![0_u128; image.len().div_ceil(16)];
        blocks.as_mut_bytes()[..image.len()].copy_from_slice(&image);
        assert_eq!(opens(blocks.as_bytes()), Ok(()), "{name}");
    }
}

#[test]
fn every_golden_file_is_a_case() {
    host_tests::parity::assert_complete_of(|_| true, CASES.iter().map(|(name, _)| *name));
}

/// The weights of the typed network equal the file's, bit for bit.
#[test]
fn weights_are_the_files() {
    type Net = Network<Stacked<Embedding<11, 5>, Gru<5, 7>>, Dense<7, 11>>;
    let mut want = Net::ZERO;
    Golden::load("gru_i5h7t12_embedding_lab").weights("", &mut want);
    let image = model("gru_i5h7t12_embedding_lab").image().unwrap();
    let mut blocks = vec![0_u128; image.len().div_ceil(16)];
    blocks.as_mut_bytes()[..image.len()].copy_from_slice(&image);
    assert_eq!(open::<Net>(blocks.as_bytes()).network(), &want);
}

/// Modules stored with this test, each with the golden file from which it was generated.
const GENERATED: [(&str, &str); 3] =
    [("rnn", "rnn_relu_i5h5t6_l2_cls"), ("gru", "gru_i5h7t12_embedding_lab"), ("lstm", "lstm_i3h5t9_bi_h0_lab")];

/// Generated modules, which compile and open their images. `BLESS=1` writes them again.
#[rustfmt::skip]
mod generated {
    pub mod gru;
    pub mod lstm;
    pub mod rnn;
}

#[test]
fn modules_are_what_is_written_today_and_open() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/generated");
    for (name, golden) in GENERATED {
        let (model, image) = (model(golden), format!("{name}.elman"));
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(directory.join(&image), model.image().unwrap()).unwrap();
            std::fs::write(directory.join(format!("{name}.rs")), model.module(&image).unwrap()).unwrap();
        }
        assert_eq!(
            std::fs::read_to_string(directory.join(format!("{name}.rs"))).unwrap(),
            model.module(&image).unwrap()
        );
        assert!(std::fs::read(directory.join(&image)).unwrap() == model.image().unwrap(), "{image}");
    }
    assert_eq!(generated::rnn::open().unwrap().selftest::<[f32; 5]>(), Ok(()));
    assert_eq!(generated::gru::open().unwrap().selftest::<Token<11>>(), Ok(()));
    assert_eq!(generated::lstm::open().unwrap().selftest_with::<[f32; 3], 8>(&mut { Reader::ZERO }), Ok(()));
}
