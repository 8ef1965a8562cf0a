//! The image: what is written is what opens, wherever it is opened; whatever else is offered is refused.

use elman::error::{ImageError, NoRoom, SectionError, SelfTestError, VocabularyError};
use elman::image::{
    Architecture, Described, Image, NORMALIZER, PROBE, Probe, Section, Storable, Tag, Text, VOCABULARY,
};
use elman::layer::{Add, Multiply};
use elman::parameters::{Parameters, Path, Tensor};
use elman::{
    Bidirectional, Dense, Elman, Embedding, EncoderDecoder, Fast, Gru, Libm, Lstm, Network, Normalizer, Projection,
    Reader, Relu, ResetBefore, ResetBeforeGru, Side, Stacked, Token, Vocabulary, Zero,
};
use host_tests::plain::drawn;
use host_tests::precision::weight_bits;
use host_tests::{Noise, Precision};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

const HEADER: usize = 32;

/// Bytes at an address that is a multiple of 16.
struct Flash {
    blocks: Vec<u128>,
    length: usize,
}

impl Flash {
    fn new(bytes: &[u8]) -> Self {
        Self::at(0, bytes)
    }

    /// The bytes `offset` after such an address.
    fn at(offset: usize, bytes: &[u8]) -> Self {
        let length = offset + bytes.len();
        let mut blocks = vec![0_u128; length.div_ceil(16)];
        blocks.as_mut_bytes()[offset..length].copy_from_slice(bytes);
        Self { blocks, length }
    }

    fn bytes(&self) -> &[u8] {
        &self.blocks.as_bytes()[..self.length]
    }
}

fn written<N: Storable>(network: &N, sections: &[&dyn Section<N::Scalar>]) -> Vec<u8> {
    let mut bytes = vec![0xaa; Image::<N>::length(sections)];
    assert_eq!(Image::write(network, sections, &mut bytes), Ok(bytes.len()));
    bytes
}

fn refused<N: Storable>(bytes: &[u8]) -> Option<ImageError> {
    Image::<N>::open(Flash::new(bytes).bytes()).err()
}

/// CRC-32 bit by bit, as RFC 1952 has it.
fn crc(bytes: &[u8]) -> u32 {
    let bit = |crc: u32| (crc >> 1) ^ (0xedb8_8320 * (crc & 1));
    !bytes.iter().fold(!0, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), |crc, _| bit(crc)))
}

/// The image with `edit` made and a checksum that fits again.
fn forged(image: &[u8], edit: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut image = image.to_vec();
    edit(&mut image);
    let sum = crc(&[&image[..28], &image[HEADER..]].concat());
    image[28..HEADER].copy_from_slice(&sum.to_le_bytes());
    image
}

fn put(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

type Small = Network<Elman<3, 5>, Dense<5, 2>>;

/// What is written opens with the same bits, where it lies, and takes the bytes it was said to take.
fn round_trip<N: Storable<Scalar: Precision> + Zero>() {
    let network = drawn::<N>(1, 1.5);
    let bytes = written(&network, &[]);
    assert_eq!(bytes.len(), Image::<N>::BYTES);
    let flash = Flash::new(&bytes);
    let opened = Image::<N>::open(flash.bytes()).unwrap().network();
    assert_eq!(weight_bits(opened), weight_bits(&network));
    let weights = flash.bytes()[HEADER..].as_ptr();
    assert_eq!(std::ptr::from_ref(opened).cast(), weights, "opened where it lies");
    let mut streamed = Vec::new();
    Image::stream(&network, &[], &mut |piece| streamed.extend_from_slice(piece));
    assert_eq!(streamed, bytes);
    for other in ["f32 network(dense(3,5))", "f64 network(elman(3,5,1,tanh),dense(5,3))"] {
        let other = forged(&bytes, |bytes| put(bytes, 12, crc(other.as_bytes())));
        assert!(matches!(refused::<N>(&other), Some(ImageError::OtherArchitecture { .. })));
    }
}

#[test]
fn every_cell_and_composition_makes_the_trip() {
    round_trip::<Network<Elman<1, 1>, Dense<1, 1>>>();
    round_trip::<Network<Elman<3, 5, Libm<f32>, 0>, Dense<5, 4>>>();
    round_trip::<Network<Elman<3, 5, Libm<f64>, 2, Relu>, Dense<5, 4, f64>>>();
    round_trip::<Network<Gru<3, 7>, Dense<7, 4>>>();
    round_trip::<Network<Gru<3, 7, Libm<f64>, 1>, Dense<7, 4, f64>>>();
    round_trip::<Network<ResetBeforeGru<3, 7, Fast, Relu>, Dense<7, 4>>>();
    round_trip::<Network<Lstm<3, 7>, Dense<7, 4>>>();
    round_trip::<Network<Lstm<3, 7, Libm<f64>, 2>, Dense<7, 1, f64>>>();
    round_trip::<Network<Stacked<Embedding<11, 3>, Gru<3, 5>>, Dense<5, 11>>>();
    round_trip::<Network<Stacked<Projection<9, 3>, Lstm<3, 5>>, Dense<5, 2>>>();
    round_trip::<Network<Stacked<Gru<3, 5>, Stacked<Elman<5, 5>, Lstm<5, 3>>>, Dense<3, 2>>>();
    round_trip::<Network<EncoderDecoder<Gru<3, 5>, Gru<4, 5>>, Dense<5, 4>>>();
    round_trip::<Network<Bidirectional<Gru<3, 5>>, Dense<10, 4>>>();
    round_trip::<Network<Bidirectional<Lstm<3, 5>, Elman<3, 5>, Add>, Dense<5, 4>>>();
    round_trip::<Network<Stacked<Embedding<11, 3>, Bidirectional<Lstm<3, 5>>>, Dense<10, 4>>>();
    round_trip::<Elman<3, 5>>();
    round_trip::<Dense<3, 5, f64>>();
}

/// Format stability: every byte written out by hand.
#[test]
fn a_tiny_image_is_these_bytes() {
    let mut network = Network::<Elman<1, 1>, Dense<1, 1>>::ZERO;
    network.cell.affine.w_ih = [[[1.0]]];
    network.cell.affine.w_hh = [[[-2.0]]];
    network.cell.affine.b = [[[0.5]]];
    network.readout = Dense { w: [[3.0]], b: [-0.0] };
    let normalizer = Normalizer { mean: [1.0], scale: [2.0] };
    let mut vocabulary = Vocabulary::<6, 8>::new();
    vocabulary.insert_words("tea é").unwrap();
    let probe = Probe { input: &[[1.0], [0.0]], expected: [0.25], tolerance: 0.5 };
    let want: &[&[u8]] = &[
        b"\x89elman\r\n",
        b"\x01\0\0\0",       // version
        b"\x9e\xf1\x46\x12", // CRC-32 of the 41 letters below
        b"\x14\0\0\0",       // 20 bytes of weights
        b"\xb8\0\0\0",       // 184 bytes in all
        b"\0\0\0\0",         // reserved
        b"\x16\xc5\xd5\x1c", // CRC-32 of all but itself
        b"\0\0\x80\x3f",     // w_ih
        b"\0\0\0\xc0",       // w_hh
        b"\0\0\0\x3f",       // b
        b"\0\0\x40\x40",     // w
        b"\0\0\0\x80",       // b
        b"\0\0\0\0",         // padding
        b"ARCH\x29\0\0\0",   // 41 bytes
        b"f32 network(elman(1,1,1,tanh),dense(1,1))",
        b"\0\0\0\0\0\0\0",
        b"NORM\x08\0\0\0\0\0\x80\x3f\0\0\0\x40",
        b"VOCB\x0d\0\0\0\x02\0\0\0\x03\0tea\x02\0\xc3\xa9\0\0\0",
        b"PROB\x18\0\0\0\x02\0\0\0\x01\0\0\0",
        b"\0\0\0\x3f",   // tolerance
        b"\0\0\x80\x3e", // expected
        b"\0\0\x80\x3f", // the input of step 0
        b"\0\0\0\0",     // the input of step 1
    ];
    assert_eq!(written(&network, &[&normalizer, &vocabulary, &probe]), want.concat());
}

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

/// Whatever an image with a good checksum says, it is refused or read, and the weights are those that were written.
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
    assert!(opened > 100, "most of what is not the header is not looked at until it is asked for");
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

/// As many bytes, another network.
fn is_not<N: Storable + Zero, Other: Storable>() {
    assert_eq!(size_of::<N>(), size_of::<Other>());
    assert_eq!(refused::<N>(&written(&N::ZERO, &[])), None);
    let other = ImageError::OtherArchitecture { found: N::FINGERPRINT, expected: Other::FINGERPRINT };
    assert_eq!(refused::<Other>(&written(&N::ZERO, &[])), Some(other));
}

/// A cell with the weights of an LSTM whose gates stand in another order.
#[derive(FromBytes, KnownLayout, Immutable)]
#[repr(C)]
struct Reordered(Lstm<3, 5>);

impl Architecture for Reordered {
    const ARCHITECTURE: Text = Text::of("lstm", &[3, 5, 1], &[Text::new("iofg")]);
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

/// Functions are the device's choice: a network trained with one library runs with another, and the probe tells.
#[test]
fn the_maths_library_is_not_part_of_the_architecture() {
    let image = Flash::new(&written(&drawn::<Network<Gru<3, 5>, Dense<5, 2>>>(1, 1.0), &[]));
    assert!(Image::<Network<Gru<3, 5, Fast>, Dense<5, 2>>>::open(image.bytes()).is_ok());
}

#[test]
fn descriptions_are_these() {
    let text = |text: Text| String::from_utf8(text.as_bytes().to_vec()).unwrap();
    type Tagger = Network<Stacked<Embedding<50, 8>, Bidirectional<Lstm<8, 16>>>, Dense<32, 5>>;
    assert_eq!(
        text(Tagger::DESCRIPTION),
        "f32 network(stacked(embedding(50,8),bidirectional(lstm(8,16,1,ifgo),lstm(8,16,1,ifgo),concat)),dense(32,5))"
    );
    type Translator =
        Network<EncoderDecoder<Gru<3, 12, Libm<f64>>, ResetBeforeGru<0, 12, Libm<f64>>>, Dense<12, 100, f64>>;
    assert_eq!(
        text(Translator::DESCRIPTION),
        "f64 network(encoder_decoder(gru(3,12,2,rzn,reset_after,tanh),gru(0,12,1,rzn,reset_before,tanh)),dense(12,100))"
    );
    assert_eq!(text(Text::of("", &[], &[])), "()");
    assert_eq!(Translator::FINGERPRINT, crc(Translator::DESCRIPTION.as_bytes()));
}

#[test]
fn an_address_that_is_no_multiple_of_16_is_refused() {
    let image = written(&drawn::<Small>(1, 1.0), &[]);
    for offset in 1..16 {
        let flash = Flash::at(offset, &image);
        assert_eq!(Image::<Small>::open(&flash.bytes()[offset..]).err(), Some(ImageError::Misaligned));
    }
}

#[test]
fn a_buffer_too_small_is_left_as_it_is() {
    let needed = Image::<Small>::BYTES;
    for room in [0, 1, HEADER, needed - 1] {
        let mut buffer = vec![7; room];
        assert_eq!(Image::write(&Small::ZERO, &[], &mut buffer), Err(NoRoom { room, needed }));
        assert!(buffer.iter().all(|&byte| byte == 7));
    }
    let mut buffer = vec![7; needed + 3];
    assert_eq!(Image::write(&Small::ZERO, &[], &mut buffer), Ok(needed));
    assert_eq!(buffer[needed..], [7; 3]);
}

#[test]
fn a_normalizer_travels_along() {
    let normalizer = Normalizer { mean: [1.5, -0.0, f32::NAN], scale: [2.0, 1e-40, f32::INFINITY] };
    let flash = Flash::new(&written(&Small::ZERO, &[&normalizer]));
    let image = Image::<Small>::open(flash.bytes()).unwrap();
    let bits = |n: &Normalizer<3>| [n.mean, n.scale].map(|part| part.map(f32::to_bits));
    assert_eq!(bits(image.normalizer::<3>().unwrap()), bits(&normalizer));
    assert_eq!(image.normalizer::<2>(), Err(SectionError::Length { found: 24, expected: 16 }));
    assert_eq!(image.normalizer::<4>(), Err(SectionError::Length { found: 24, expected: 32 }));
    type Odd = Network<Elman<1, 1, Libm<f64>>, Dense<1, 2, f64>>;
    let exact = Normalizer { mean: [0.1], scale: [3.0] };
    let flash = Flash::new(&written(&Odd::ZERO, &[&Note("odd"), &exact]));
    assert_eq!(Image::<Odd>::open(flash.bytes()).unwrap().normalizer::<1>(), Ok(&exact), "aligned for f64");
    let flash = Flash::new(&written(&Small::ZERO, &[]));
    assert_eq!(
        Image::<Small>::open(flash.bytes()).unwrap().normalizer::<3>(),
        Err(SectionError::Absent { tag: NORMALIZER })
    );
}

/// A section of one's own.
struct Note(&'static str);

impl<T> Section<T> for Note {
    fn tag(&self) -> Tag {
        *b"note"
    }
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(self.0.as_bytes());
    }
}

#[test]
fn sections_of_any_length_are_found_and_unknown_ones_skipped() {
    for text in ["", "1", "1234567", "12345678", "123456789"] {
        let normalizer = Normalizer { mean: [1.0], scale: [2.0] };
        let flash = Flash::new(&written(&Small::ZERO, &[&Note(text), &normalizer, &Note("second")]));
        assert_eq!(flash.bytes().len(), Image::<Small>::length(&[&Note(text), &normalizer, &Note("second")]));
        let image = Image::<Small>::open(flash.bytes()).unwrap();
        assert_eq!(image.section(*b"note"), Ok(text.as_bytes()), "the first one");
        assert_eq!(image.normalizer::<1>(), Ok(&normalizer));
        assert_eq!(image.section(*b"abcd"), Err(SectionError::Absent { tag: *b"abcd" }));
        let added = [text.len(), 8, 6].map(elman::image::section_bytes);
        assert_eq!(flash.bytes().len(), Image::<Small>::BYTES + added.iter().sum::<usize>());
    }
}

#[test]
fn a_vocabulary_travels_along() {
    let mut vocabulary = Vocabulary::<300, 2000>::new();
    vocabulary.insert_chars("the quick brown fox\n\u{1f98a}\0é").unwrap();
    vocabulary.insert(&"longer".repeat(100)).unwrap();
    let flash = Flash::new(&written(&Small::ZERO, &[&vocabulary]));
    let image = Image::<Small>::open(flash.bytes()).unwrap();
    assert_eq!(image.vocabulary::<300, 2000>(), Ok(vocabulary.clone()));
    assert!(image.words().unwrap().eq(vocabulary.words()));
    assert_eq!(image.vocabulary::<10, 2000>(), Err(SectionError::Vocabulary(VocabularyError::Full { capacity: 10 })));
    let text = SectionError::Vocabulary(VocabularyError::TextFull { capacity: 20 });
    assert_eq!(image.vocabulary::<300, 20>(), Err(text));
    let empty = Vocabulary::<5, 0>::new();
    let flash = Flash::new(&written(&Small::ZERO, &[&empty]));
    assert_eq!(Image::<Small>::open(flash.bytes()).unwrap().vocabulary::<5, 0>(), Ok(empty));
}

/// A section of the format with bytes of another form.
struct Raw(Tag, &'static [u8]);

impl<T> Section<T> for Raw {
    fn tag(&self) -> Tag {
        self.0
    }
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(self.1);
    }
}

#[test]
fn sections_of_another_form_are_refused() {
    let malformed: [(Tag, &[u8]); 12] = [
        (VOCABULARY, b""),
        (VOCABULARY, b"\x01\0\0"),
        (VOCABULARY, b"\x01\0\0\0"),               // no word
        (VOCABULARY, b"\x01\0\0\0\x02\0a"),        // half a word
        (VOCABULARY, b"\x01\0\0\0\x01\0\xff"),     // not UTF-8
        (VOCABULARY, b"\x02\0\0\0\x01\0a\x01\0a"), // the same word twice
        (VOCABULARY, b"\x01\0\0\0\x05\0<eos>"),    // a special one
        (PROBE, b""),
        (PROBE, b"\x01\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0"), // outputs missing
        (PROBE, b"\0\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), // no step
        (PROBE, b"\x01\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), // its input missing
        (PROBE, b"\x01\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), // of one output
    ];
    for (tag, data) in malformed {
        let flash = Flash::new(&written(&Small::ZERO, &[&Raw(tag, data)]));
        let image = Image::<Small>::open(flash.bytes()).unwrap();
        let error = match tag {
            PROBE => image.selftest::<[f32; 3]>().unwrap_err(),
            _ => SelfTestError::Section(image.vocabulary::<9, 20>().unwrap_err()),
        };
        assert_eq!(error, SelfTestError::Section(SectionError::Malformed { tag }), "{}", data.escape_ascii());
    }
}

#[test]
fn a_probe_tells_weights_and_arithmetic() {
    let (network, other) = (drawn::<Small>(1, 1.0), drawn::<Small>(2, 1.0));
    let input = Noise(3).vectors::<f32, 3>(7);
    let expected = network.predict(&input).unwrap();
    let test = |network: &Small, expected, tolerance| {
        let probe = Probe { input: &input, expected, tolerance };
        let flash = Flash::new(&written(network, &[&probe]));
        Image::<Small>::open(flash.bytes()).unwrap().selftest::<[f32; 3]>()
    };
    let wrong = |output| Err(SelfTestError::Output { output });
    assert_eq!(test(&network, expected, 0.0), Ok(()));
    assert_eq!(test(&other, expected, 0.0), wrong(0));
    assert_eq!(test(&other, expected, 100.0), Ok(()));
    let [a, b] = expected;
    assert_eq!(test(&network, [a, b.next_up()], 0.0), wrong(1), "the same bits are asked for");
    assert_eq!(test(&network, [a, b + 1e-3], 2e-3), Ok(()));
    assert_eq!(test(&network, [a, b - 1e-3], 2e-3), Ok(()));
    assert_eq!(test(&network, [a, b + 1e-3], 5e-4), wrong(1));
    assert_eq!(test(&network, [a, b - 1e-3], 5e-4), wrong(1));
    assert_eq!(test(&network, [f32::NAN, b], 1e-3), wrong(0));
    assert_eq!(test(&network, [a, b + 1.0], f32::NAN), wrong(1), "a tolerance that is none allows nothing");
    assert_eq!(test(&network, [a, b + 1.0], -2.0), wrong(1));
    let mut spoilt = network.clone();
    spoilt.cell.affine.w_hh[0][0][0] = f32::NAN;
    assert_eq!(test(&spoilt, expected, 1e9), wrong(0));
}

#[test]
fn a_probe_may_be_of_tokens_of_sides_and_of_layers() {
    type Tokens = Network<Gru<300, 5>, Dense<5, 2>>;
    let (network, input) = (drawn::<Tokens>(1, 1.0), Noise(2).classes::<300>(9));
    let probe = Probe { input: &input, expected: network.predict(&input).unwrap(), tolerance: 0.0 };
    let flash = Flash::new(&written(&network, &[&probe]));
    let image = Image::<Tokens>::open(flash.bytes()).unwrap();
    assert_eq!(image.selftest::<Token<300>>(), Ok(()));
    let other = Err(SelfTestError::Section(SectionError::Malformed { tag: PROBE }));
    assert_eq!(image.selftest::<[f32; 300]>(), other);

    type Sides = Network<EncoderDecoder<Gru<3, 5>, Gru<4, 5>>, Dense<5, 4>>;
    let network = drawn::<Sides>(1, 1.0);
    let input = [Side::Source([0.5, -0.5, 1.0]), Side::Target(Token::<4>::new(2).unwrap())];
    let probe = Probe { input: &input, expected: network.predict(&input).unwrap(), tolerance: 0.0 };
    let flash = Flash::new(&written(&network, &[&probe]));
    assert_eq!(Image::<Sides>::open(flash.bytes()).unwrap().selftest::<Side<[f32; 3], Token<4>>>(), Ok(()));

    type Both = Network<Bidirectional<Lstm<3, 5, Libm<f64>>>, Dense<10, 4, f64>>;
    let (network, input) = (drawn::<Both>(1, 1.0), Noise(2).vectors::<f64, 3>(9));
    let mut reader = Reader::<Both, 9>::ZERO;
    let probe = Probe { input: &input, expected: reader.predict(&network, &input).unwrap(), tolerance: 0.0 };
    let flash = Flash::new(&written(&network, &[&probe]));
    let image = Image::<Both>::open(flash.bytes()).unwrap();
    assert_eq!(image.selftest_with::<[f64; 3], 9>(&mut reader), Ok(()));
    let too_long = elman::SequenceError::TooLong { length: 9, capacity: 8 };
    assert_eq!(image.selftest_with::<[f64; 3], 8>(&mut { Reader::ZERO }), Err(SelfTestError::Sequence(too_long)));
    let flash = Flash::new(&written(&drawn::<Both>(2, 1.0), &[&probe]));
    let wrong = Image::<Both>::open(flash.bytes()).unwrap().selftest_with::<[f64; 3], 9>(&mut reader);
    assert_eq!(wrong, Err(SelfTestError::Output { output: 0 }));
}

#[test]
fn errors_say_what_is_wrong() {
    let text = [
        ImageError::OtherArchitecture { found: 0xab, expected: 0xcdef_0123 }.to_string(),
        SectionError::Absent { tag: *b"NO\xff\n" }.to_string(),
        SelfTestError::Output { output: 3 }.to_string(),
    ];
    assert_eq!(text[0], "the image is of another network: fingerprint 000000ab, not cdef0123");
    assert_eq!(text[1], "the image has no section NO\\xff\\n");
    assert_eq!(text[2], "output 3 of the probe is not what it must be");
}

/// A tool that does not know the type reads the same, at any address.
#[test]
fn an_image_describes_itself() {
    let network = drawn::<Small>(1, 1.0);
    let image = written(&network, &[&Note("hello")]);
    for offset in 0..4 {
        let flash = Flash::at(offset, &image);
        let described = Described::open(&flash.bytes()[offset..]).unwrap();
        assert_eq!(described.description, "f32 network(elman(3,5,1,tanh),dense(5,2))");
        assert_eq!(described.weights, &image[HEADER..HEADER + size_of::<Small>()]);
        assert_eq!(described.section(*b"note"), Ok(&b"hello"[..]));
    }
    let text = HEADER + size_of::<Small>().next_multiple_of(8) + 8;
    for (at, error) in [(text, ImageError::Sections), (text - 8, ImageError::Sections), (12, ImageError::Sections)] {
        assert_eq!(Described::open(&forged(&image, |bytes| bytes[at] ^= 1)).err(), Some(error), "byte {at}");
    }
    let long = forged(&image, |bytes| put(bytes, 16, u32::MAX));
    assert!(matches!(Described::open(&long), Err(ImageError::PayloadLength { .. })));
}
