//! Writes the initial inputs of each target with the repository's own writers: `cargo run --bin seeds`.

use elman::cell::{Relu, ResetBefore};
use elman::image::{Architecture, Image, Probe, Section};
use elman::int8::{Calibration, PerGate, PerUnit};
use elman::vocabulary::Vocabulary;
use elman::{
    Bidirectional, Dense, Elman, Embedding, Gru, Libm, Lstm, Network, Normalizer, Parameters, Stacked, Token,
    Xoshiro128, Zero, init,
};
use elman_fuzz::image::{Sensor, Text};
use elman_import::torch;
use elman_model::Model;
use elman_trainer::data::{DataSet, Label, Series, SeriesList, csv, npz, rnnd};
use std::error::Error;
use std::fs;
use std::path::Path;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    images()?;
    models()?;
    data_sets()?;
    words()?;
    graphs()
}

fn put(target: &str, name: &str, bytes: &[u8]) -> Done {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join(name), bytes)?)
}

fn drawn<N: Parameters<Scalar = f32> + Zero>() -> N {
    let mut network = N::ZERO;
    init::uniform_fan::<Libm, _>(&mut network, &mut Xoshiro128::from_seed(1));
    network
}

fn image<N: Architecture<Real = f32>>(network: &N, sections: &[&dyn Section<f32>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    Image::stream(network, sections, &mut |piece| bytes.extend_from_slice(piece)).expect("finite numbers");
    bytes
}

/// Writes images with every kind of section, and without sections.
fn images() -> Done {
    let normalizer = Normalizer { mean: [20.0, 50.0, 1013.0], scale: [0.5, 0.25, 2.0] };
    let (sensor, input) = (drawn::<Sensor>(), [[0.5, 0.0, -1.0], [1.0, 0.25, 0.0]]);
    let probe = Probe { input: &input, expected: sensor.predict(&input)?, tolerance: 0.0 };
    put("image", "sensor", &image(&sensor, &[&normalizer, &probe]))?;
    put("image", "alone", &image(&sensor, &[]))?;
    let mut vocabulary = Vocabulary::<8, 64>::new();
    vocabulary.insert_words("tea is bad é")?;
    let (text, input) = (drawn::<Text>(), [Token::new(4)?, Token::new(6)?]);
    let probe = Probe { input: &input, expected: text.predict(&input)?, tolerance: 1e-5 };
    put("image", "text", &image(&text, &[&vocabulary, &probe]))?;
    integers()
}

/// Writes images of networks in integers.
fn integers() -> Done {
    let net = drawn::<Network<Stacked<Lstm<2, 3>, Gru<3, 2>>, Dense<2, 2>>>();
    let mut calibration = Calibration::new(&net);
    calibration.observe(&[[0.5, -1.0], [2.0, 0.25]])?;
    let whole = calibration.quantize::<PerUnit>()?;
    let readout = calibration.quantize::<PerGate>()?.readout;
    let whole = elman_fuzz::image::Whole {
        cell: Stacked { lower: calibration.quantize::<PerGate>()?.cell.lower, upper: whole.cell.upper },
        readout,
    };
    let input = [[100, -200], [-32768, 32767_i16]];
    let probe = Probe { input: &input, expected: whole.predict(&input)?, tolerance: 0.0 };
    put("image", "whole", &image(&whole, &[&probe]))?;
    let net = drawn::<Network<Elman<3, 5, Libm, 1, Relu>, Dense<5, 2>>>();
    let mut calibration = Calibration::new(&net);
    let input = [[0.5, 0.0, -1.0], [1.0, 0.25, 0.0]];
    calibration.observe(&input)?;
    let rectified = calibration.quantize::<PerGate>()?;
    let probe = Probe { input: &input, expected: rectified.predict(&input)?, tolerance: 0.0 };
    let normalizer = Normalizer { mean: [20.0, 50.0, 1013.0], scale: [0.5, 0.25, 2.0] };
    put("image", "rectified", &image(&rectified, &[&normalizer, &probe]))
}

/// Writes models of each kind, as an image and as a state dict.
fn models() -> Done {
    type Both = Bidirectional<Lstm<2, 1>>;
    let images = [
        ("elman", image(&drawn::<Network<Elman<2, 2>, Dense<2, 1>>>(), &[])),
        ("relu", image(&drawn::<Network<Elman<1, 1, Libm, 2, Relu>, Dense<1, 1>>>(), &[])),
        ("gru", image(&drawn::<Network<Stacked<Embedding<3, 1>, Gru<1, 2>>, Dense<2, 3>>>(), &[])),
        ("before", image(&drawn::<Network<Gru<1, 2, Libm, 1, ResetBefore>, Dense<2, 2>>>(), &[])),
        ("lstm", image(&drawn::<Network<Stacked<Lstm<1, 2>, Lstm<2, 2>>, Dense<2, 1>>>(), &[])),
        ("both", image(&drawn::<Network<Both, Dense<2, 1>>>(), &[])),
    ];
    for (name, image) in &images {
        put("image", name, image)?;
        if let Ok(file) = torch::write(&Model::from_image(image)?) {
            put("safetensors", name, &file)?;
        }
    }
    Ok(())
}

fn data_sets() -> Done {
    let list = |label: fn(usize, usize) -> Label<'static>, group: fn(usize) -> usize| {
        let steps = [&[0.5, -1.0, 2.0, 1e-9][..], &[3.25, -0.0]].into_iter().enumerate();
        let series =
            |(n, steps): (usize, &'static [f32])| Series { label: label(n, steps.len() / 2), group: group(n), steps };
        SeriesList::of(2, steps.map(series))
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_string()).collect::<Vec<_>>();
    let mut data = DataSet {
        channels: names(&["x0", "x1"]),
        classes: names(&["0", "1"]),
        groups: ["1", "2"].into_iter().collect(),
        series: list(|n, _| Label::Whole(n), |n| n)?,
    };
    put("rnnd", "two", &rnnd::write(&data)?)?;
    put("csv", "two", &csv::write(&data)?)?;
    put("npz", "two", &npz::write(&data)?)?;
    put("npy", "two", array(&npz::write(&data)?))?;
    (data.classes, data.groups) = (names(&["run", "walk, slow"]), ["0"].into_iter().collect());
    data.series = list(|_, steps| Label::Each(if steps == 2 { &[0, 0] } else { &[0] }), |_| 0)?;
    put("csv", "each", &csv::write(&data)?)?;
    put("npz", "each", &npz::write(&data)?)?;
    data.classes.clear();
    data.series = list(|_, _| Label::None, |_| 0)?;
    put("csv", "unlabelled", &csv::write(&data)?)?;
    put("npz", "unlabelled", &npz::write(&data)?)
}

/// Returns the first array of an uncompressed archive: two sequences of two steps of two values.
fn array(archive: &[u8]) -> &[u8] {
    let start = archive.windows(6).position(|six| six == b"\x93NUMPY").expect("an archive holds an array");
    let header = u16::from_le_bytes([archive[start + 8], archive[start + 9]]);
    &archive[start..][..10 + usize::from(header) + 2 * 2 * 2 * 4]
}

fn words() -> Done {
    put("vocabulary", "file", b"<pad>\n<sos>\n<eos>\n<unk>\ntea\nis\n\\n\n \n\xc3\xa9\n")?;
    put("vocabulary", "text", "the tea is not bad <eos> é".as_bytes())?;
    let mut vocabulary = Vocabulary::<16, 64>::new();
    vocabulary.insert_words("the tea is not bad é")?;
    put("vocabulary", "section", &elman_fuzz::written::<f32>(&vocabulary))
}

/// Writes the smallest ONNX models that the tests import, since we have no ONNX writer.
fn graphs() -> Done {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../import/tests/onnx/models");
    for name in ["gru_before_i1h1", "gru_before_nobias", "rnn_bi_l2", "gru_before_lstm_lengths"] {
        put("onnx", name, &fs::read(models.join(format!("{name}.onnx")))?)?;
    }
    Ok(())
}
