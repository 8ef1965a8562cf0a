//! Sections: normalisers, vocabularies and custom sections.

use elman::error::{ImageError, SectionError, SelfTestError, VocabularyError, WordFault, WriteError};
use elman::image::{Described, Image, NORMALIZER, PROBE, Section, Tag, VOCABULARY};
use elman::{Dense, Elman, Libm, Network, Normalizer, Vocabulary, Zero};
use host_tests::image::{Flash, HEADER, Raw, Small, forged, image_with, put, refused, written};
use host_tests::plain::drawn;

#[test]
fn a_normalizer_travels_along() {
    let normalizer = Normalizer { mean: [1.5, -0.0, f32::MAX], scale: [2.0, 1e-40, -f32::MAX] };
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

/// Custom section.
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
        let flash = Flash::new(&written(&Small::ZERO, &[&Note(text), &normalizer, &Raw(*b"last", b"second")]));
        let length = Image::<Small>::length(&[&Note(text), &normalizer, &Raw(*b"last", b"second")]);
        assert_eq!(flash.bytes().len(), length);
        let image = Image::<Small>::open(flash.bytes()).unwrap();
        assert_eq!(image.section(*b"note"), Ok(text.as_bytes()));
        assert_eq!(image.section(*b"last"), Ok(&b"second"[..]));
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

#[test]
fn a_vocabulary_of_another_form_is_refused() {
    let word = |word, fault| SectionError::Word { word, fault };
    let malformed = SectionError::Malformed { tag: VOCABULARY };
    let trailing = |bytes| SectionError::Trailing { tag: VOCABULARY, bytes };
    for (data, error) in [
        (&b""[..], malformed),
        (b"\x01\0\0", malformed),
        (b"\x01\0\0\0", word(0, WordFault::CutOff)),
        (b"\x01\0\0\0\x02\0a", word(0, WordFault::CutOff)),
        (b"\x02\0\0\0\x01\0a\x01", word(1, WordFault::CutOff)),
        (b"\xff\xff\xff\xff\x01\0a", word(1, WordFault::CutOff)),
        (b"\x01\0\0\0\x01\0\xff", word(0, WordFault::NotUtf8)),
        (b"\x01\0\0\0\x03\0\xed\xa0\x80", word(0, WordFault::NotUtf8)),
        (b"\x02\0\0\0\x01\0a\0\0", word(1, WordFault::Empty)),
        (b"\x02\0\0\0\x01\0a\x01\0a", word(1, WordFault::Twice)),
        (b"\x03\0\0\0\x01\0a\x02\0ab\x01\0a", word(2, WordFault::Twice)),
        (b"\x01\0\0\0\x05\0<eos>", word(0, WordFault::Special)),
        (b"\x01\0\0\0\x01\0a\0", trailing(1)),
        (b"\0\0\0\0\x01\0a", trailing(3)),
    ] {
        is_refused(VOCABULARY, data, error);
    }
    let long: Vec<u8> = (0_u16..22_000).flat_map(|n| [&3_u16.to_le_bytes()[..], &text(n)].concat()).collect();
    let data = [&22_000_u32.to_le_bytes()[..], &long].concat();
    is_refused(VOCABULARY, &data, SectionError::Vocabulary(VocabularyError::TextFull { capacity: 65_535 }));
}

/// Returns three letters that encode a number.
fn text(n: u16) -> [u8; 3] {
    [n % 32, n / 32 % 32, n / 1024].map(|part| b'A' + part as u8)
}

#[test]
fn a_probe_of_another_form_is_refused() {
    let malformed = SectionError::Malformed { tag: PROBE };
    for data in [
        &b""[..],
        b"\x01\0\0\0\x02\0\0\0\0\0\0",
        b"\x01\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0",       // an output missing
        b"\0\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", // no step
        b"\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", // no output
        b"\x01\0\0\0\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\0\0\0",
    ] {
        is_refused(PROBE, data, malformed);
    }
    // What only the type of the inputs tells, the self-test refuses.
    let one = b"\x01\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let other = b"\x01\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let many = b"\xff\xff\xff\xff\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let long = |bytes: usize| [&one[..], &vec![0; bytes]].concat();
    for data in [one.to_vec(), other.to_vec(), many.to_vec(), long(11), long(13), long(14), long(24)] {
        let flash = Flash::new(&image_with(PROBE, &data));
        let image = Image::<Small>::open(flash.bytes()).unwrap();
        assert_eq!(image.selftest::<[f32; 3]>(), Err(SelfTestError::Section(malformed)), "{}", data.escape_ascii());
    }
    let flash = Flash::new(&image_with(PROBE, &long(12)));
    assert_eq!(Image::<Small>::open(flash.bytes()).unwrap().selftest::<[f32; 3]>(), Ok(()));
}

/// Checks that device and host refuse the section and do not write it. After that, the buffer holds nothing that
/// looks like an image.
fn is_refused(tag: Tag, data: &[u8], error: SectionError) {
    let (image, error) = (image_with(tag, data), ImageError::Section(error));
    assert_eq!(refused::<Small>(&image), Some(error), "{}", data.escape_ascii());
    assert_eq!(Described::open(&image).err(), Some(error));
    let mut buffer = vec![7; image.len() + 1];
    assert_eq!(Image::write(&Small::ZERO, &[&Raw(tag, data)], &mut buffer), Err(WriteError::Image(error)));
    assert!(buffer[..image.len()].iter().all(|&byte| byte == 0));
    assert_eq!(buffer[image.len()], 7);
}

/// A tool that does not know the network's type reads its description, weights and sections, at any address.
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
    for (at, error) in
        [(text, ImageError::Description), (text - 8, ImageError::Tag { tag: *b"@RCH" }), (12, ImageError::Description)]
    {
        assert_eq!(Described::open(&forged(&image, |bytes| bytes[at] ^= 1)).err(), Some(error), "byte {at}");
    }
    let long = forged(&image, |bytes| put(bytes, 16, u32::MAX));
    assert!(matches!(Described::open(&long), Err(ImageError::PayloadLength { .. })));
}
