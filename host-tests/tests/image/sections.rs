//! What travels along: normalisers, vocabularies, sections of one's own.

use super::{Flash, HEADER, Small, forged, put, written};
use elman::error::{ImageError, SectionError, SelfTestError, VocabularyError};
use elman::image::{Described, Image, NORMALIZER, PROBE, Section, Tag, VOCABULARY};
use elman::{Dense, Elman, Libm, Network, Normalizer, Vocabulary, Zero};
use host_tests::plain::drawn;

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
