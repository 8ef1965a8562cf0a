//! Check of vocabularies: as a section of an image, as a file of words, and as a text to be encoded.

use crate::image::Sensor;
use crate::sections::{Raw, written};
use elman::Zero;
use elman::image::{Aligned, Image, VOCABULARY};
use elman::vocabulary::{Encode, Vocabulary};
use elman_trainer::data::words;
use std::fs;
use std::path::PathBuf;
use std::process;
use std::sync::LazyLock;

/// Size in bytes of the largest input that is checked.
const MOST: usize = 1 << 12;

/// Checks the bytes in all three forms.
pub fn check(bytes: &[u8]) {
    if bytes.len() > MOST {
        return;
    }
    section(bytes);
    file(bytes);
    if let Ok(text) = str::from_utf8(bytes) {
        tokens(text);
    }
}

/// Writes an image with `data` as its vocabulary, opens it, and passes the vocabulary to `look`: `None` if it is
/// refused.
fn opened<R>(data: &[u8], look: impl FnOnce(Option<Vocabulary<512, MOST>>) -> R) -> R {
    let mut place = Box::new(Aligned([0; Image::<Sensor>::BYTES + 8 + MOST]));
    let raw = Raw { tag: VOCABULARY, data };
    let Ok(length) = Image::write(&Sensor::ZERO, &[&raw], &mut place.0) else { return look(None) };
    look(Image::<Sensor>::open(&place.0[..length]).ok().and_then(|image| image.vocabulary().ok()))
}

/// Checks that a vocabulary that opens equals the bytes written from it.
fn section(bytes: &[u8]) {
    opened(bytes, |vocabulary| {
        if let Some(vocabulary) = vocabulary {
            assert_eq!(bytes, written::<f32>(&vocabulary), "the section differs from the one written from it");
        }
    });
}

/// Checks that the words of a file are its lines, and that an image gives them back unchanged.
fn file(bytes: &[u8]) {
    static PLACE: LazyLock<PathBuf> =
        LazyLock::new(|| std::env::temp_dir().join(format!("elman-fuzz-{}.txt", process::id())));
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.strip_prefix('\u{feff}').unwrap_or(&text).lines().collect();
    fs::write(&*PLACE, bytes).expect("a temporary file can be written");
    let Ok(words) = words::read(&PLACE, lines.len()) else { return };
    let lines = lines[4..].iter().map(|&line| match line {
        r"\n" => "\n",
        r"\r" => "\r",
        line => line,
    });
    assert!(lines.eq(words.iter()), "the words differ from the lines");
    let data = written::<f32>(&words);
    if words.symbols() <= 512 && data.len() <= MOST {
        opened(&data, |vocabulary| {
            let vocabulary = vocabulary.expect("the words of a file fit into an image");
            assert!(vocabulary.words().eq(words.iter()), "the image returns other words");
        });
    }
}

/// Checks that a text encoded in tokens decodes to the same text.
fn tokens(text: &str) {
    let (mut words, mut characters) = (Vocabulary::<512, MOST>::new(), Vocabulary::<512, MOST>::new());
    if words.insert_words(text).is_ok()
        && let Ok(tokens) = words.encode_words::<512>(text, Encode::PLAIN)
    {
        let expected = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words.decode_words(&tokens).to_string(), expected);
    }
    if characters.insert_chars(text).is_ok()
        && let Ok(tokens) = characters.encode_chars::<512>(text, Encode::PLAIN)
    {
        assert_eq!(characters.decode_chars(&tokens).to_string(), text);
    }
}
