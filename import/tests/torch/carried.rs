//! Sections in the image of an imported network: a normaliser or a vocabulary.

use elman::error::SectionError;
use elman::image::{Described, Image, NORMALIZER, Tag, VOCABULARY};
use elman::vocabulary::Encode;
use elman::{Dense, Elman, Network, Normalizer, Vocabulary, Zero};
use elman_import::torch;
use elman_model::{Carried, Model, Nonlinearity, Scaler, Words};
use std::fs;
use std::path::{Path, PathBuf};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/torch").join(name)
}

fn model(golden: &str) -> Model {
    let path = file("../../../host-tests/golden").join(golden).with_extension("safetensors");
    torch::read(&fs::read(path).unwrap(), Nonlinearity::Tanh).unwrap().model
}

/// Normaliser that an image holds for [`scaler`].
const NORMALIZER_OF_IT: Normalizer<3> =
    Normalizer { mean: [-9.75, 0.1, 1.0 / 3.0], scale: [4.0, (1.0 / 3.0_f64) as f32, (1.0 / 7.0_f64) as f32] };

const WORDS: [&str; 7] = ["the", " ", "\n", "größe", "\\", "<bos>", "  x"];

fn scaler() -> Scaler {
    let channels = ["acc_y", "a, b", "x"].map(String::from).to_vec();
    Scaler { channels, mean: vec![-9.75, 0.1, 1.0 / 3.0], deviation: vec![0.25, 3.0, 7.0] }
}

fn words() -> Words {
    let mut words = Words::new();
    for (place, word) in WORDS.iter().enumerate() {
        assert_eq!(words.insert(word), Ok(4 + place));
    }
    words
}

fn with_normalizer() -> Carried {
    Carried { normalizer: Some(scaler()), ..Carried::default() }
}

fn with_vocabulary() -> Carried {
    Carried { vocabulary: Some(words()), ..Carried::default() }
}

fn section(image: &[u8], tag: Tag) -> Vec<u8> {
    Described::open(image).unwrap().section(tag).unwrap().to_vec()
}

/// Stored modules, which must compile. `BLESS=1` writes them again.
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
        let [image, source] = [image, format!("{name}.rs")].map(|name| file("carried/generated").join(name));
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

/// An image of a trained network, written with the same normaliser and vocabulary, holds the same sections.
#[test]
fn sections_are_those_of_a_trained_image() {
    type Net = Network<Elman<3, 2>, Dense<2, 2>>;
    let mut vocabulary = Vocabulary::<11, 64>::new();
    WORDS.iter().for_each(|word| {
        vocabulary.insert(word).unwrap();
    });
    let mut trained = Vec::new();
    Image::stream(&Net::ZERO, &[&NORMALIZER_OF_IT, &vocabulary], &mut |bytes| trained.extend_from_slice(bytes))
        .unwrap();
    let both = Carried { normalizer: with_normalizer().normalizer, vocabulary: with_vocabulary().vocabulary };
    let imported = model("gru_i3h5t7_h0_lab").image_with(&both).unwrap();
    for tag in [NORMALIZER, VOCABULARY] {
        assert_eq!(section(&imported, tag), section(&trained, tag));
    }
}
