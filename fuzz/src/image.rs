//! Check of images, opened by a device that knows its network and by a host that does not.

use crate::model;
use crate::sections::{HEADER, Raw, sections, word, written};
use crc::{CRC_32_ISO_HDLC, Crc};
use elman::error::ImageError;
use elman::image::{
    ARCHITECTURE, Aligned, Architecture, Described, Image, NORMALIZER, PROBE, Probe, ProbeInput, Section, VOCABULARY,
    stream_described,
};
use elman::int8;
use elman::{Dense, Elman, Embedding, Gru, Network, Stacked, Token};
use elman_model::{Model, Unlike};

/// Network that reads values.
pub type Sensor = Network<Elman<3, 5>, Dense<5, 2>>;
/// Network that reads tokens.
pub type Text = Network<Stacked<Embedding<8, 3>, Gru<3, 4>>, Dense<4, 8>>;

/// Network in integers that reads whole numbers.
pub type Whole = Network<Stacked<int8::Lstm<2, 3>, int8::Gru<3, 2, int8::PerUnit>>, int8::Dense<2, 2>>;
/// The same with the scales of a gate and a rectifier.
pub type Rectified = Network<int8::Elman<3, 5, int8::PerGate, elman::cell::Relu>, int8::Dense<5, 2>>;

/// Size in bytes of the largest input that is checked.
const MOST: usize = 1 << 13;

/// Checks the bytes unchanged, then with the lengths and checksums that a real program would write, which random
/// bytes never have.
pub fn check(bytes: &[u8]) {
    check_one(bytes);
    check_one(&sealed(bytes));
}

fn check_one(bytes: &[u8]) {
    let mut place = Box::new(Aligned([0; MOST]));
    let Some(bytes) = place.0.get_mut(..bytes.len()).map(|room| {
        room.copy_from_slice(bytes);
        &*room
    }) else {
        return;
    };
    device::<Sensor, [f32; 3], 2>(bytes, |image| image.selftest::<[f32; 3]>().is_ok());
    device::<Text, Token<8>, 8>(bytes, |image| image.selftest::<Token<8>>().is_ok());
    integers::<Whole, [i16; 2], 2>(bytes, |image| {
        let _ = image.network().predict(&[[i16::MIN; 2], [i16::MAX; 2]]);
        image.selftest::<[i16; 2]>().is_ok()
    });
    integers::<Rectified, [f32; 3], 2>(bytes, |image| {
        let _ = image.network().predict(&[[f32::MIN; 3], [f32::MAX; 3]]);
        image.selftest::<[f32; 3]>().is_ok()
    });
    host(bytes);
}

/// Returns the image at the start of `bytes`, of the length stated in its header.
fn whole(bytes: &[u8]) -> &[u8] {
    word(bytes, 20).and_then(|length| bytes.get(..length)).unwrap_or_default()
}

/// Returns the sections for a writer, without the architecture, which the writer adds itself.
fn travelling(image: &[u8]) -> Vec<Raw<'_>> {
    let mut all = sections(image);
    assert_eq!(all.first().map(|raw| raw.tag), Some(ARCHITECTURE), "the first section of an image that opens is ARCH");
    all.remove(0);
    all
}

fn dynamic<'a>(raw: &'a [Raw<'a>]) -> Vec<&'a dyn Section<f32>> {
    raw.iter().map(|raw| raw as &dyn Section<f32>).collect()
}

/// Checks that an image that a device opens equals the one written from it, as a whole and by section, and that a
/// host opens it, too.
fn device<N: Architecture<Real = f32>, X: ProbeInput<f32>, const K: usize>(
    bytes: &[u8],
    passes: impl Fn(&Image<'_, N>) -> bool,
) {
    let words = Image::<N>::DESCRIPTION;
    let modelled = Model::from_image(bytes).is_ok_and(|model| model.description().as_bytes() == words.as_bytes());
    let Ok(image) = Image::<N>::open(bytes) else {
        assert!(!modelled, "a host opens an image that a device refuses");
        return;
    };
    rewritten(bytes, &image);
    let weights = Described::open(bytes).expect("a host opens every image that a device opens").weights;
    assert!(modelled || !finite(weights), "a device opens an image that a host refuses");
    carried(&image);
    if passes(&image) {
        let data = image.section(PROBE).unwrap_or_default();
        probe::<X, K>(data);
        let judged = Model::from_image(bytes).map(|model| model.probe(data).is_ok());
        assert_ne!(judged, Ok(false), "a device reads a probe that a host refuses");
    }
}

/// Checks that an image that a device opens equals the one written from it.
fn rewritten<N: Architecture<Real = f32>>(bytes: &[u8], image: &Image<'_, N>) {
    let (original, mut again) = (whole(bytes), Vec::new());
    let raw = travelling(original);
    let stream = Image::stream(image.network(), &dynamic(&raw), &mut |bytes| again.extend_from_slice(bytes));
    assert_eq!(stream, Ok(()), "an image that opens can be written");
    assert_eq!(original, again, "the image differs from the one written from it");
}

/// Does what [`device`] does, for a network in integers: a host that runs it opens the same, and finds the same of its probe.
fn integers<N: Architecture<Real = f32>, X: ProbeInput<f32>, const K: usize>(
    bytes: &[u8],
    passes: impl Fn(&Image<'_, N>) -> bool,
) {
    let (words, model) = (Image::<N>::DESCRIPTION, elman_model::int8::Model::from_image(bytes));
    match (Image::<N>::open(bytes), model) {
        (Ok(image), Ok(model)) => {
            rewritten(bytes, &image);
            carried(&image);
            if passes(&image) {
                let data = image.section(PROBE).unwrap_or_default();
                probe::<X, K>(data);
                assert!(model.probe(data).is_ok_and(|probed| probed.passes()), "a host runs the probe to other bits");
            }
        }
        (Ok(_), Err(error)) => panic!("a device opens an image that a host refuses: {error}"),
        (Err(_), Ok(model)) => {
            assert_ne!(model.description().as_bytes(), words.as_bytes(), "a host opens an image that a device refuses");
        }
        (Err(device), Err(Unlike::Image(host))) => {
            // A host finds the length of the weights from the sections.
            let other = matches!(device, ImageError::OtherArchitecture { .. } | ImageError::PayloadLength { .. });
            assert!(other || device == host, "a device says {device}, a host {host}");
        }
        (Err(_), Err(Unlike::Architecture(_))) => {}
    }
}

/// Checks normaliser and vocabulary.
fn carried<N: Architecture<Real = f32>>(image: &Image<'_, N>) {
    if let Ok(normalizer) = image.normalizer::<3>() {
        let again = written::<f32>(normalizer);
        assert_eq!(image.section(NORMALIZER), Ok(&*again), "the normaliser differs from the one written from it");
    }
    if let Ok(vocabulary) = image.vocabulary::<64, 1024>() {
        let again = written::<f32>(&vocabulary);
        assert_eq!(image.section(VOCABULARY), Ok(&*again), "the vocabulary differs from the one written from it");
    }
}

/// Checks that a probe that passed equals the one written from its parts, and that all its values are finite.
fn probe<X: ProbeInput<f32>, const K: usize>(data: &[u8]) {
    let (head, mut rest) = data.split_at(4 * (3 + K));
    assert!(finite(&head[8..]), "a probe with a tolerance or an output that is not finite passed");
    let numbers: Vec<f32> = head[8..].as_chunks().0.iter().map(|&four| f32::from_le_bytes(four)).collect();
    let input: Vec<X> = std::iter::from_fn(|| X::read(&mut rest)).collect();
    let expected = std::array::from_fn(|output| numbers[1 + output]);
    let again = written::<f32>(&Probe::<X, f32, K> { input: &input, expected, tolerance: numbers[0] });
    assert_eq!(data, again, "the probe differs from the one written from it");
}

/// Checks that an image that a host opens equals the one written from it, and that a model made from it has the same
/// weights.
fn host(bytes: &[u8]) {
    if let Ok(image) = Described::open(bytes) {
        let (original, mut again) = (whole(bytes), Vec::new());
        let raw = travelling(original);
        let weights = |sink: &mut dyn FnMut(&[u8])| sink(image.weights);
        let sections = dynamic(&raw);
        let stream =
            stream_described(image.description, &weights, &sections, &mut |bytes| again.extend_from_slice(bytes));
        assert_eq!(stream, Ok(()), "an image that opens can be written");
        assert_eq!(original, again, "the image differs from the one written from its description");
    }
    if let Ok(model) = Model::from_image(bytes) {
        let weights = Described::open(bytes).expect("the image of a model opens").weights;
        if finite(weights) {
            model::check(&model);
            let Ok(again) = model.image() else { return };
            assert_eq!(
                weights,
                Described::open(&again).expect("the written image opens").weights,
                "the weights differ"
            );
        }
    }
}

fn finite(numbers: &[u8]) -> bool {
    numbers.as_chunks().0.iter().all(|&four| f32::from_le_bytes(four).is_finite())
}

/// Turns the bytes into a whole image by correcting mark, version, length, fingerprint and checksum.
fn sealed(bytes: &[u8]) -> Vec<u8> {
    const CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);
    let mut image = bytes.to_vec();
    if image.len() < HEADER {
        return image;
    }
    let fingerprint = sections(&image).first().map(|raw| CRC.checksum(raw.data)).unwrap_or_default();
    let length = image.len() as u32;
    image[..8].copy_from_slice(b"\x89elman\r\n");
    let mut put = |offset: usize, number: u32| image[offset..offset + 4].copy_from_slice(&number.to_le_bytes());
    put(8, 1);
    put(12, fingerprint);
    put(20, length);
    let mut digest = CRC.digest();
    digest.update(&image[..HEADER - 4]);
    digest.update(&image[HEADER..]);
    let checksum = digest.finalize();
    image[HEADER - 4..HEADER].copy_from_slice(&checksum.to_le_bytes());
    image
}
