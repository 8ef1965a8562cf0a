//! Damaged and forged images, and images of another network.

use elman::cell::{Relu, ResetBefore};
use elman::error::ImageError;
use elman::image::{Architecture, Image, Probe, Stored, Text};
use elman::layer::{Add, Multiply};
use elman::parameters::{Parameters, Path, Tensor};
use elman::{
    Bidirectional, Dense, Elman, Embedding, EncoderDecoder, Fast, Gru, Libm, Lstm, Network, Normalizer, Projection,
    ResetBeforeGru, Stacked, Token, Vocabulary, Zero,
};
use host_tests::Noise;
use host_tests::image::{Flash, HEADER, Small, forged, put, refused, written};
use host_tests::plain::drawn;
use host_tests::precision::weight_bits;
use zerocopy::{FromBytes, Immutable, KnownLayout};

#[test]
fn cut_off_anywhere_it_is_too_short() {
    let image = written(&drawn::<Small>(1, 1.0), &[&Normalizer { mean: [1.0; 3], scale: [2.0; 3] }]);
    for length in 0..image.len() {
        let needed = if length < HEADER { HEADER } else { image.len() };
        assert_eq!(refused::<Small>(&image[..length]), Some(ImageError::TooShort { length, needed }));
    }
    assert_eq!(refused::<Small>(&image), None);
    assert_eq!(refused::<Small>(&[&image[..], &[0xff; 100]].concat()), None, "what follows it is not looked at");
}

#[test]
fn any_bit_flipped_is_noticed() {
    let image = written(&drawn::<Small>(1, 1.0), &[&Normalizer { mean: [1.0; 3], scale: [2.0; 3] }]);
    for at in 0..image.len() {
        for bit in 0..8 {
            let mut damaged = image.clone();
            damaged[at] ^= 1 << bit;
            let error = refused::<Small>(&damaged).expect("a damaged image must not open");
            match at {
                0..8 => assert_eq!(error, ImageError::NotAnImage),
                8..12 => assert_eq!(error, ImageError::Version { found: 1 ^ (1 << (8 * (at - 8) + bit)) }),
                20..24 => assert!(matches!(error, ImageError::TooShort { .. } | ImageError::Checksum)),
                _ => assert_eq!(error, ImageError::Checksum, "byte {at}"),
            }
        }
    }
}

/// An image with a valid checksum, whatever its content, is either refused or read with the weights that were
/// written.
#[test]
fn forged_images_are_refused_or_right() {
    let network = drawn::<Small>(1, 1.0);
    let mut vocabulary = Vocabulary::<9, 20>::new();
    vocabulary.insert_words("a bc def").unwrap();
    let probe = Probe { input: &[[0.5_f32; 3]; 2], expected: [0.0, 1.0], tolerance: 0.0 };
    let image = written(&network, &[&Normalizer { mean: [1.0; 3], scale: [2.0; 3] }, &vocabulary, &probe]);
    let weights = HEADER..HEADER + size_of::<Small>();
    let (mut noise, mut opened) = (Noise(1), 0);
    for at in (0..image.len()).filter(|at| !weights.contains(at)) {
        for value in [0, 1, 2, 0x7f, 0x80, 0xff, noise.bits() as u8] {
            let flash = Flash::new(&forged(&image, |bytes| bytes[at] = value));
            let Ok(image) = Image::<Small>::open(flash.bytes()) else { continue };
            assert_eq!(weight_bits(image.network()), weight_bits(&network));
            let _ = (image.normalizer::<3>(), image.vocabulary::<9, 20>(), image.selftest::<[f32; 3]>());
            let _ = (image.selftest::<Token<3>>(), image.words().map(|words| words.count()));
            opened += 1;
        }
    }
    assert!(opened > 100, "letters, inputs and other finite numbers are as good as what was there");
    let sections = HEADER + size_of::<Small>().next_multiple_of(8);
    for (at, value, error) in [
        (8, 2, ImageError::Version { found: 2 }),
        (8, 0, ImageError::Version { found: 0 }),
        (16, 4, ImageError::PayloadLength { found: 4, expected: size_of::<Small>() }),
        (16, u32::MAX, ImageError::PayloadLength { found: u32::MAX as usize, expected: size_of::<Small>() }),
        (sections + 4, u32::MAX, ImageError::Sections),
        (sections + 4, 1000, ImageError::Sections),
        (20, image.len() as u32 - 1, ImageError::Checksum),
    ] {
        assert_eq!(refused::<Small>(&forged(&image, |bytes| put(bytes, at, value))), Some(error), "{at} {value}");
    }
    for length in [0, 1, HEADER - 1, HEADER] {
        let short = forged(&image, |bytes| put(bytes, 20, length as u32));
        assert_eq!(refused::<Small>(&short), Some(ImageError::Checksum));
        let alone = forged(&image[..HEADER], |bytes| put(bytes, 20, length as u32));
        let expected = size_of::<Small>();
        assert_eq!(refused::<Small>(&alone), Some(ImageError::PayloadLength { found: expected, expected }));
    }
}

/// Checks that an image of another network with the same number of bytes is refused.
fn is_not<N: Architecture + Zero, Other: Architecture>() {
    assert_eq!(size_of::<N>(), size_of::<Other>());
    assert_eq!(refused::<N>(&written(&N::ZERO, &[])), None);
    let other = ImageError::OtherArchitecture { found: Image::<N>::FINGERPRINT, expected: Image::<Other>::FINGERPRINT };
    assert_eq!(refused::<Other>(&written(&N::ZERO, &[])), Some(other));
}

/// Cell with the weights of an LSTM in another order of gates.
#[derive(FromBytes, KnownLayout, Immutable)]
#[repr(C)]
struct Reordered(Lstm<3, 5>);

impl Architecture for Reordered {
    type Real = f32;
    const ARCHITECTURE: Text = Text::of("lstm", &[3, 5, 1], &[Text::new("iofg")]);
    const WEIGHTS: usize = Lstm::<3, 5>::WEIGHTS;
    fn stored(&self, path: Path<'_>, look: &mut dyn FnMut(Stored<'_>)) {
        self.0.stored(path, look);
    }
}

impl Parameters for Reordered {
    type Scalar = f32;
    type Gradient = Lstm<3, 5>;
    const COUNT: usize = Lstm::<3, 5>::COUNT;
    fn walk<const N: usize>(
        &mut self,
        others: [&mut Lstm<3, 5>; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [f32], [&mut [f32]; N]),
    ) {
        self.0.walk(others, path, f);
    }
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[f32])) {
        self.0.view(path, f);
    }
}

#[test]
fn another_network_of_the_same_size_is_refused() {
    is_not::<Elman<3, 5>, Elman<3, 5, Libm<f32>, 1, Relu>>(); // the non-linearity
    is_not::<Elman<2, 5>, Elman<1, 5, Libm<f32>, 2>>(); // biases in place of an input
    is_not::<Gru<3, 5, Libm<f32>, 1>, ResetBeforeGru<3, 5>>(); // where the reset gate stands
    is_not::<ResetBeforeGru<3, 5>, Gru<3, 5, Libm<f32>, 1, ResetBefore, Relu>>();
    is_not::<Lstm<3, 5>, Reordered>(); // the order of the gates
    is_not::<Dense<1, 4>, Dense<3, 2>>(); // the shape
    is_not::<Dense<1, 2, f64>, Dense<3, 2>>(); // the number type
    is_not::<Embedding<4, 3>, Projection<3, 3>>(); // the kind
    is_not::<Stacked<Gru<5, 5>, Elman<5, 5>>, Stacked<Elman<5, 5>, Gru<5, 5>>>(); // the order
    is_not::<Stacked<Gru<5, 5>, Gru<5, 5>>, EncoderDecoder<Gru<5, 5>, Gru<5, 5>>>(); // the names
    is_not::<Stacked<Gru<5, 5>, Gru<5, 5>>, Bidirectional<Gru<5, 5>>>();
    is_not::<Bidirectional<Gru<3, 5>>, Bidirectional<Gru<3, 5>, Gru<3, 5>, Add>>(); // how directions are joined
    is_not::<Bidirectional<Gru<3, 5>, Gru<3, 5>, Multiply>, Bidirectional<Gru<3, 5>, Gru<3, 5>, Add>>();
    is_not::<Network<Elman<3, 5>, Dense<5, 2>>, Network<Dense<5, 2>, Elman<3, 5>>>();
}

/// The device chooses the maths functions: a network trained with one library runs with another, and the probe
/// detects the difference.
#[test]
fn the_maths_library_is_not_part_of_the_architecture() {
    let image = Flash::new(&written(&drawn::<Network<Gru<3, 5>, Dense<5, 2>>>(1, 1.0), &[]));
    assert!(Image::<Network<Gru<3, 5, Fast>, Dense<5, 2>>>::open(image.bytes()).is_ok());
}
