//! Images have one form: whatever opens equals, byte for byte, the image written from its content, on host and
//! device.

use super::host_opens_the_same;
use elman::error::{ImageError, WriteError};
use elman::image::{Described, Image, Probe, Section, Tag};
use elman::{Normalizer, Vocabulary};
use host_tests::image::{Flash, HEADER, Raw, Small, crc, forged, put, refused, written};
use host_tests::plain::drawn;

const INPUT: [[f32; 3]; 2] = [[0.5, 0.0, -1.0], [1.0, 0.25, 0.0]];

/// Returns an image with every kind of section, each with padding after it, and two custom sections.
fn full() -> Vec<u8> {
    let network = drawn::<Small>(1, 1.0);
    let mut vocabulary = Vocabulary::<9, 20>::new();
    vocabulary.insert_words("a é def").unwrap();
    let probe = Probe { input: &INPUT, expected: network.predict(&INPUT).unwrap(), tolerance: 0.0 };
    let normalizer = Normalizer { mean: [1.0; 3], scale: [2.0; 3] };
    let sections: [&dyn Section<f32>; 5] =
        [&Raw(*b"note", b"hello"), &probe, &Raw(*b"Memo", b""), &vocabulary, &normalizer];
    written(&network, &sections)
}

/// Returns the tag and the data of each section, read as `docs/image-format.md` specifies.
fn sections(image: &[u8]) -> Vec<(Tag, Vec<u8>)> {
    let word = |at: usize| u32::from_le_bytes(image[at..at + 4].try_into().unwrap()) as usize;
    let (mut at, end, mut found) = (HEADER + word(16).next_multiple_of(8), word(20), Vec::new());
    while at < end {
        let length = word(at + 4);
        found.push((image[at..at + 4].try_into().unwrap(), image[at + 8..at + 8 + length].to_vec()));
        at += 8 + length.next_multiple_of(8);
    }
    found
}

/// Returns the image with these sections instead, as written by a program that only follows
/// `docs/image-format.md`.
fn assembled(image: &[u8], sections: &[(Tag, Vec<u8>)]) -> Vec<u8> {
    let weights = HEADER + size_of::<Small>().next_multiple_of(8);
    forged(image, |bytes| {
        bytes.truncate(weights);
        for (tag, data) in sections {
            bytes.extend_from_slice(tag);
            bytes.extend_from_slice(&(data.len() as u32).to_le_bytes());
            bytes.extend_from_slice(data);
            bytes.resize(bytes.len().next_multiple_of(8), 0);
        }
        let length = bytes.len() as u32;
        put(bytes, 20, length);
    })
}

/// Returns `true` if the bytes open, and checks that they then equal a written image. Host and device must always
/// agree.
#[track_caller]
fn opens(bytes: &[u8], what: &str) -> bool {
    let flash = Flash::new(bytes);
    let opened = Image::<Small>::open(flash.bytes());
    host_opens_the_same(bytes, &opened, what);
    let Ok(image) = opened else { return false };
    let length = u32::from_le_bytes(bytes[20..24].try_into().unwrap()) as usize;
    let found = sections(bytes);
    let raws: Vec<Raw<'_>> = found[1..].iter().map(|(tag, data)| Raw(*tag, data)).collect();
    let raws: Vec<&dyn Section<f32>> = raws.iter().map(|raw| raw as &dyn Section<f32>).collect();
    assert_eq!(written(image.network(), &raws), bytes[..length], "{what}");
    let described = Described::open(bytes).unwrap();
    assert_eq!(described.weights, &bytes[HEADER..HEADER + size_of::<Small>()], "{what}");
    let (words, typed) = (image.words(), image.vocabulary::<9, 64>());
    assert_eq!(words.is_ok(), typed.is_ok(), "{what}: every word is one of a vocabulary");
    true
}

#[test]
fn every_byte_changed_in_every_way() {
    let image = full();
    assert!(opens(&image, "itself"));
    for at in (0..image.len()).filter(|at| !(28..HEADER).contains(at)) {
        for bits in 1..=255 {
            let what = format!("byte {at} changed by {bits:#x}");
            let changed = forged(&image, |bytes| bytes[at] ^= bits);
            let open = opens(&changed, &what);
            // Of the header nothing may be another way.
            assert!(at >= HEADER || !open, "{what}");
        }
    }
}

#[test]
fn every_two_bytes_next_to_each_other_set_to_the_ends() {
    let image = full();
    for at in HEADER..image.len() - 1 {
        for value in [[0, 0], [1, 0], [0, 1], [0xff, 0xff], [0x80, 0x7f], *b"aa", [0xc0, 0x80]] {
            opens(
                &forged(&image, |bytes| bytes[at..at + 2].copy_from_slice(&value)),
                &format!("bytes {at}: {value:?}"),
            );
        }
    }
}

#[test]
fn every_truncation_with_the_length_and_the_checksum_that_fit() {
    let image = full();
    for length in HEADER..image.len() {
        let cut = forged(&image[..length], |bytes| put(bytes, 20, length as u32));
        let at_a_section = assembled(&image, &[]).len() <= length && length % 8 == 0;
        let open = opens(&cut, &format!("cut to {length}"));
        assert!(!open || at_a_section, "cut to {length}");
    }
}

#[test]
fn any_bytes_more_inside_the_image() {
    let image = full();
    for more in 1..=24 {
        for fill in [0, 1, b'a'] {
            let longer = forged(&image, |bytes| {
                bytes.resize(image.len() + more, fill);
                put(bytes, 20, (image.len() + more) as u32);
            });
            assert!(!opens(&longer, &format!("{more} bytes {fill:#x} more")));
        }
    }
}

#[test]
fn sections_have_one_order_and_are_there_once() {
    let image = full();
    let found = sections(&image);
    let tags: Vec<Tag> = found.iter().map(|(tag, _)| *tag).collect();
    assert_eq!(tags, [*b"ARCH", *b"NORM", *b"VOCB", *b"PROB", *b"Memo", *b"note"]);
    assert_eq!(assembled(&image, &found), image);
    for (a, b) in (0..6).flat_map(|a| (0..6).map(move |b| (a, b))) {
        let mut moved = found.clone();
        let section = moved.remove(a);
        moved.insert(b, section.clone());
        assert_eq!(opens(&assembled(&image, &moved), &format!("section {a} at {b}")), a == b);
        let mut swapped = found.clone();
        swapped.swap(a, b);
        assert_eq!(opens(&assembled(&image, &swapped), &format!("sections {a} and {b} swapped")), a == b);
        let mut twice = found.clone();
        twice.insert(b, section.clone());
        assert!(!opens(&assembled(&image, &twice), &format!("section {a} again at {b}")));
        twice[b].1 = b"other".to_vec();
        assert!(!opens(&assembled(&image, &twice), &format!("section {a} with other bytes at {b}")));
    }
    for left_out in 0..6 {
        let mut fewer = found.clone();
        fewer.remove(left_out);
        assert_eq!(opens(&assembled(&image, &fewer), &format!("without {left_out}")), left_out > 0);
    }
}

#[test]
fn every_section_longer_or_shorter() {
    let image = full();
    let found = sections(&image);
    for at in 0..found.len() {
        for more in 1..=17 {
            for fill in [0, 1, 0xff] {
                let mut longer = found.clone();
                longer[at].1.resize(found[at].1.len() + more, fill);
                opens(&assembled(&image, &longer), &format!("section {at}, {more} bytes {fill:#x} more"));
            }
            let mut shorter = found.clone();
            shorter[at].1.truncate(found[at].1.len().saturating_sub(more));
            opens(&assembled(&image, &shorter), &format!("section {at}, {more} bytes less"));
        }
    }
    let trailing = |at: usize, more: usize| {
        let mut longer = found.clone();
        longer[at].1.resize(found[at].1.len() + more, 0);
        refused::<Small>(&assembled(&image, &longer))
    };
    for more in 1..=8 {
        assert_eq!(trailing(0, more), Some(ImageError::Description));
        assert!(matches!(trailing(1, more), Some(ImageError::Section(_))), "a normaliser and {more} bytes");
        assert!(matches!(trailing(2, more), Some(ImageError::Section(_))), "a vocabulary and {more} bytes");
    }
}

#[test]
fn each_fault_has_its_name() {
    let image = full();
    let weights = HEADER + size_of::<Small>().next_multiple_of(8);
    let text = Image::<Small>::DESCRIPTION.as_bytes().len();
    let refused = |edit: &dyn Fn(&mut Vec<u8>)| refused::<Small>(&forged(&image, |bytes| edit(bytes)));
    let set = |at: usize, value: u8| refused(&|bytes| bytes[at] = value);
    assert_eq!(refused(&|bytes| put(bytes, 24, 0x0102)), Some(ImageError::Reserved { found: 0x0102 }));
    assert_eq!(set(weights - 1, 1), Some(ImageError::Padding { at: weights - 1 }));
    assert_eq!(set(weights + 8 + text, 1), Some(ImageError::Padding { at: weights + 8 + text }));
    assert_eq!(set(image.len() - 1, 0x80), Some(ImageError::Padding { at: image.len() - 1 }));
    assert_eq!(set(weights, b'B'), Some(ImageError::Description));
    assert_eq!(set(weights + 8, b'g'), Some(ImageError::Description));
    assert_eq!(set(image.len() - 16, b'1'), Some(ImageError::Tag { tag: *b"1ote" }));
    assert_eq!(set(image.len() - 16, b'A'), Some(ImageError::Order { tag: *b"Aote" }));
    assert_eq!(set(image.len() - 16, b'p'), None, "another tag of one's own");
    let texts = [
        (ImageError::Reserved { found: 1 }, "bytes 24 to 27 of the image must be 0, not 0x1; write the image again"),
        (ImageError::Padding { at: 9 }, "byte 9 of the image is padding and must be 0; write the image again"),
        (ImageError::Tag { tag: *b"a\0bc" }, "the tag a\\x00bc of a section is not four ASCII letters"),
    ];
    texts.iter().for_each(|(error, text)| assert_eq!(error.to_string(), *text));
}

/// An image with another description does not open as this network, even if its fingerprint matches that description.
#[test]
fn another_text_is_another_network() {
    let image = full();
    let mut found = sections(&image);
    found[0].1 = b"f32 network(elman(3,5,1,relu),dense(5,2))".to_vec();
    assert!(!opens(&assembled(&image, &found), "another text"));
    let other = forged(&assembled(&image, &found), |bytes| put(bytes, 12, crc(&found[0].1)));
    assert!(matches!(refused::<Small>(&other), Some(ImageError::OtherArchitecture { .. })));
    assert_eq!(Described::open(&other).unwrap().description, "f32 network(elman(3,5,1,relu),dense(5,2))");
    for text in [&b""[..], b"f32", b"f32 \n", "f32 é".as_bytes(), &[b'a'; 600]] {
        found[0].1 = text.to_vec();
        let other = forged(&assembled(&image, &found), |bytes| put(bytes, 12, crc(text)));
        assert_eq!(Described::open(&other).err(), Some(ImageError::Description), "{}", text.escape_ascii());
    }
}

#[test]
fn tags_that_no_image_has_are_not_written() {
    let network = drawn::<Small>(1, 1.0);
    let write = |sections: &[&dyn Section<f32>]| {
        let mut buffer = [7; 2048];
        let result = Image::write(&network, sections, &mut buffer);
        assert!(buffer.iter().all(|&byte| byte == 7));
        result.unwrap_err()
    };
    for tag in [*b"no e", *b"not1", *b"not\0", [0; 4], [0xff; 4]] {
        assert_eq!(write(&[&Raw(tag, b"")]), WriteError::Image(ImageError::Tag { tag }));
    }
    let twice = ImageError::Order { tag: *b"note" };
    assert_eq!(write(&[&Raw(*b"note", b"1"), &Raw(*b"memo", b""), &Raw(*b"note", b"2")]), WriteError::Image(twice));
    assert_eq!(write(&[&Raw(*b"ARCH", b"f32")]), WriteError::Image(ImageError::Order { tag: *b"ARCH" }));
}

#[test]
fn the_order_of_writing_makes_no_difference() {
    let (image, network) = (full(), drawn::<Small>(1, 1.0));
    let found = sections(&image);
    let raws: Vec<Raw<'_>> = found[1..].iter().map(|(tag, data)| Raw(*tag, data)).collect();
    let mut order: Vec<&dyn Section<f32>> = raws.iter().map(|raw| raw as &dyn Section<f32>).collect();
    for turn in 0..order.len() {
        order.rotate_left(1);
        assert_eq!(written(&network, &order), image, "{turn}");
        order.reverse();
        assert_eq!(written(&network, &order), image, "{turn}");
    }
}
