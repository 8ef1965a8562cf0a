//! What an import is given to carry: a normaliser, a vocabulary. `make.py` wrote the archives.

mod refused;

use elman::error::SectionError;
use elman::image::{Described, NORMALIZER, Tag, VOCABULARY};
use elman::vocabulary::Encode;
use elman::{Dense, Elman, Network, Normalizer, Vocabulary, Zero};
use elman_trainer::data::{self, DataSet, Options, Scaler, SeriesList, Words, csv};
use elman_trainer::model::{Carried, Model, Nonlinearity};
use elman_trainer::torch;
use std::fs;
use std::path::{Path, PathBuf};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/carried").join(name)
}

/// A file of a test.
fn written(name: &str, bytes: &[u8]) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("carried");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join(name), bytes).unwrap();
    directory.join(name)
}

fn model(golden: &str) -> Model {
    let path = file("../../../host-tests/golden").join(golden).with_extension("safetensors");
    torch::read(&fs::read(path).unwrap(), Nonlinearity::Tanh).unwrap().model
}

/// That of `scaler.csv`.
const NORMALIZER_OF_IT: Normalizer<3> =
    Normalizer { mean: [-9.75, 0.1, 1.0 / 3.0], scale: [4.0, (1.0 / 3.0_f64) as f32, (1.0 / 7.0_f64) as f32] };

fn scaler() -> Scaler {
    Scaler::read(&file("scaler.csv"), 3).unwrap()
}

fn with_normalizer() -> Carried {
    Carried { normalizer: Some(scaler()), ..Carried::default() }
}

fn with_vocabulary() -> Carried {
    let words = Words::read(&file("words.txt"), 11).unwrap();
    Carried { vocabulary: Some(words), ..Carried::default() }
}

fn section(image: &[u8], tag: Tag) -> Vec<u8> {
    Described::open(image).unwrap().section(tag).unwrap().to_vec()
}

/// Modules kept here: they compile. `BLESS=1` writes them anew.
#[rustfmt::skip]
mod generated {
    pub mod motions;
    pub mod words;
}

#[test]
fn modules_are_what_is_written_today() {
    for (name, golden, carried) in
        [("motions", "gru_i3h5t7_h0_lab", with_normalizer()), ("words", "gru_i5h7t12_embedding_lab", with_vocabulary())]
    {
        let (model, image) = (model(golden), format!("{name}.elman"));
        let (bytes, module) = (model.image_with(&carried).unwrap(), model.module_with(&image, &carried).unwrap());
        let [image, source] = [image, format!("{name}.rs")].map(|name| file("generated").join(name));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&image, &bytes).unwrap();
            fs::write(&source, &module).unwrap();
        }
        assert_eq!(fs::read_to_string(source).unwrap(), module);
        assert!(fs::read(image).unwrap() == bytes, "{name}");
        assert_eq!(Model::from_image(&bytes).unwrap(), model, "the weights are what they were");
    }
}

#[test]
fn a_device_finds_the_normaliser() {
    let image = generated::motions::open().unwrap();
    let normalizer: &generated::motions::Normalizer = image.normalizer().unwrap();
    assert_eq!(normalizer, &NORMALIZER_OF_IT);
    assert_eq!(image.selftest::<[f32; 3]>(), Ok(()));
    assert_eq!(image.words().err(), Some(SectionError::Absent { tag: VOCABULARY }));
}

#[test]
fn a_device_finds_the_vocabulary() {
    type Tokens = generated::words::Vocabulary;
    let image = generated::words::open().unwrap();
    let vocabulary: Tokens = image.vocabulary().unwrap();
    let texts: Vec<_> = vocabulary.iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["<pad>", "<sos>", "<eos>", "<unk>", "the", " ", "\n", "größe", "\\", "<bos>", "  x"]);
    assert_eq!(image.selftest::<elman::Token<11>>(), Ok(()));
    let tokens = vocabulary.encode_words::<8>("the größe", Encode { sos: true, ..Encode::PLAIN }).unwrap();
    assert_eq!(tokens.iter().map(|token| token.index()).collect::<Vec<_>>(), [1, 4, 7]);
    assert_eq!(image.network().predict(&tokens).unwrap().len(), 11);
}

/// What a program on the host writes of the same normaliser and vocabulary.
#[test]
fn sections_are_those_of_a_trained_image() {
    type Net = Network<Elman<3, 2>, Dense<2, 2>>;
    let mut vocabulary = Vocabulary::<11, 64>::new();
    ["the", " ", "\n", "größe", "\\", "<bos>", "  x"].iter().for_each(|word| {
        vocabulary.insert(word).unwrap();
    });
    let trained = data::image(&Net::ZERO, &[&NORMALIZER_OF_IT, &vocabulary]).unwrap();
    let both = Carried { normalizer: with_normalizer().normalizer, vocabulary: with_vocabulary().vocabulary };
    let imported = model("gru_i3h5t7_h0_lab").image_with(&both).unwrap();
    for tag in [NORMALIZER, VOCABULARY] {
        assert_eq!(section(&imported, tag), section(&trained, tag));
    }
}

#[test]
fn scikit_learn_scales_by_the_same() {
    let read = Scaler::read(&file("scaler.npz"), 3).unwrap();
    let table = "channel,mean,std\nx0,0.2333333333333333,0.12472191289246473\nx1,-9.333333333333332,0.2624669291337269\nx2,5,1\n";
    assert_eq!(String::from_utf8(read.write().unwrap()).unwrap(), table);
    // The rows that make.py has.
    let rows = csv::read(b"x0,x1,x2\n0.1,-9.7,5\n0.4,-9.1,5\n0.2,-9.2,5\n", &Options::default()).unwrap();
    let own = rows.scaler().unwrap();
    for (own, read) in own.mean.iter().chain(&own.deviation).zip(read.mean.iter().chain(&read.deviation)) {
        assert!((own - read).abs() < 1e-6, "{own} {read}");
    }
    assert_eq!(own.deviation[2].to_bits(), 1.0_f64.to_bits());
}

#[test]
fn a_table_comes_back_as_it_was_written() {
    let scaler = scaler();
    assert_eq!(scaler.channels, ["acc_y", "a, b", "x"]);
    let again = Scaler::read(&written("again.csv", &scaler.write().unwrap()), 3).unwrap();
    assert_eq!(again, scaler);
    let tabs = written("scaler.TSV", b"MEAN\tStd\n1\t2\n");
    let one = Scaler { channels: vec!["x0".to_string()], mean: vec![1.0], deviation: vec![2.0] };
    assert_eq!(Scaler::read(&tabs, 1), Ok(one));
}

/// The recurrence in `f32` and two passes in `f64` agree to `f32`'s last places.
#[test]
fn a_data_set_has_the_normaliser_that_training_would_make() {
    let path = file("../../../data/japanese-vowels/train.rnnd");
    let data = data::read(&path, &Options::default()).unwrap();
    let trained = data::normalizer(&data.sequences::<12, elman::Class<9>>().unwrap()).unwrap();
    let scaler = data.scaler().unwrap();
    for channel in 0..12 {
        assert!((scaler.mean[channel] - f64::from(trained.mean[channel])).abs() < 1e-6);
        assert!((scaler.deviation[channel] * f64::from(trained.scale[channel]) - 1.0).abs() < 1e-6);
    }
}

#[test]
fn what_hardly_changes_is_divided_by_one() {
    let table =
        |values: [f32; 2]| csv::read(format!("x\n{}\n{}\n", values[0], values[1]).as_bytes(), &Options::default());
    let deviation = |values| table(values).unwrap().scaler().unwrap().deviation[0];
    assert_eq!(deviation([0.1, 0.1]).to_bits(), 1.0_f64.to_bits());
    assert_eq!(deviation([0.0, 1e-45]).to_bits(), 1.0_f64.to_bits());
    assert!((deviation([0.0, 2.0]) - 1.0).abs() < 1e-12);
    assert!((deviation([0.0, 1e-30]) - 5e-31).abs() < 1e-36);
    let empty = DataSet { series: SeriesList::new(2), ..table([0.0; 2]).unwrap() };
    assert!(empty.scaler().is_err());
}

#[test]
fn every_kind_of_line_end_and_a_mark_of_byte_order() {
    let text = fs::read_to_string(file("words.txt")).unwrap();
    let text = format!("\u{feff}{}", text.trim_end().replace('\n', "\r\n"));
    let words = Words::read(&written("windows.txt", text.as_bytes()), 11).unwrap();
    assert_eq!(Some(words), with_vocabulary().vocabulary);
    let words = Words::read(&written("return.txt", b"<pad>\n<sos>\n<eos>\n<unk>\n\\r\n"), 5).unwrap();
    assert_eq!((words.symbols(), words.bytes(), words.iter().collect::<Vec<_>>()), (5, 1, vec!["\r"]));
}
