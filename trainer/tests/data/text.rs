//! Plain text: sentences, streams, vocabularies and windows, and each error with its line.

use elman::vocabulary::{Encode, Unknown};
use elman::{Class, Token, Vocabulary, error::VocabularyError};
use elman_trainer::Sample;
use elman_trainer::data::text::{self, Pieces};
use elman_trainer::data::{DataError, Label, Options, Place, Problem};
use std::path::PathBuf;

fn error(place: Place, problem: Problem) -> DataError {
    DataError { file: PathBuf::new(), place, problem }
}

const UNKNOWN: Encode = Encode { unknown: Unknown::Unk, ..Encode::PLAIN };

#[test]
fn a_line_is_a_sentence() {
    let text = "\u{feff}the tea  is\r\n\r\n \t\nnot bad";
    let data = text::lines(text.as_bytes(), Pieces::Words).unwrap();
    let steps: Vec<_> = data.series.iter().map(|series| series.steps).collect();
    assert_eq!(steps, [&["the", "tea", "is"][..], &["not", "bad"]]);
    assert_eq!((&data.channels[..], data.classes.len()), (&["word".to_string()][..], 0));
    let data = text::lines("né \r\nx".as_bytes(), Pieces::Characters).unwrap();
    assert_eq!(data.series.at(0).steps, ["n", "é", " "]);
    assert_eq!(data.series.at(1).steps, ["x"]);
}

#[test]
fn a_label_stands_before_a_tab() {
    let text = "good\tnot bad\r\nbad\tnot good\nbad\tno\tgood\n";
    let data = text::labelled(text.as_bytes(), Pieces::Words, &Options::default()).unwrap();
    assert_eq!(data.classes, ["bad", "good"]);
    assert_eq!(data.series.iter().map(|series| series.label).collect::<Vec<_>>(), [1, 0, 0].map(Label::Whole));
    assert_eq!(data.series.at(2).steps, ["no", "good"]);
}

#[test]
fn the_sentences_of_the_repository_are_read() {
    let text = include_bytes!("../../../data/sentiment/three-classes.tsv");
    let data = text::labelled(text, Pieces::Words, &Options::default()).unwrap();
    assert_eq!(data.classes, ["negative", "neutral", "positive"]);
    assert_eq!(data.series.len(), 108);
    let vocabulary = data.vocabulary::<64, 512>(1, usize::MAX).unwrap();
    assert_eq!(vocabulary.len(), 4 + 59);
    let sequences = data.tokens::<64, 512, Class<3>>(&vocabulary, Encode::PLAIN).unwrap();
    let longest = sequences.iter().map(|sequence| sequence.steps.len()).max();
    assert_eq!(longest, Some(8));
}

#[test]
fn a_bad_line_is_named() {
    let read = |text: &[u8]| {
        let classes = Some(vec!["a".to_string()]);
        text::labelled(text, Pieces::Words, &Options { classes, ..Options::default() }).unwrap_err()
    };
    assert_eq!(read(b"a\tone\n\ntwo\n"), error(Place::Line(3), Problem::NoTab));
    assert_eq!(read(b"a\tone\r\na\t \r\n"), error(Place::Line(2), Problem::NoSentence));
    assert_eq!(read(b"\tone\n"), error(Place::Line(1), Problem::EmptyName));
    let unknown = Problem::UnknownLabel { found: "b".to_string(), known: ["a".to_string()].into() };
    assert_eq!(read(b"a\tone\nb\ttwo\n"), error(Place::Line(2), unknown));
    assert_eq!(read(b"a\tone\n\r\na\t\xe4\n"), error(Place::Line(3), Problem::NotUtf8 { byte: 0xe4 }));
    assert_eq!(read(b"a\tone\na\t\xc3"), error(Place::Line(2), Problem::NotUtf8 { byte: 0xc3 }), "cut off");
    assert_eq!(read(b""), error(Place::Whole, Problem::Empty));
    assert_eq!(text::lines(b"\n \n", Pieces::Words), Err(error(Place::Whole, Problem::Empty)));
    assert_eq!(text::stream(b"", Pieces::Characters), Err(error(Place::Whole, Problem::Empty)));
}

#[test]
fn a_text_cut_at_any_byte_is_read_or_refused() {
    let text = "good\tnät bad\r\nbad\t\u{1f600} good\n".as_bytes();
    for cut in 0..text.len() {
        match text::labelled(&text[..cut], Pieces::Characters, &Options::default()) {
            Ok(data) => assert!(data.series.iter().all(|series| !series.steps.is_empty()), "cut at {cut}"),
            Err(error) => assert_eq!(error.place == Place::Whole, cut == 0, "cut at {cut}: {error}"),
        }
    }
}

#[test]
fn a_vocabulary_begins_with_the_most_frequent() {
    let data = text::lines(b"b c a\nc b c\nd", Pieces::Words).unwrap();
    let words = |least, most| {
        let vocabulary = data.vocabulary::<8, 16>(least, most).unwrap();
        vocabulary.words().map(str::to_string).collect::<Vec<_>>()
    };
    assert_eq!(words(1, usize::MAX), ["c", "b", "a", "d"], "and those as frequent by their letters");
    assert_eq!(words(2, usize::MAX), ["c", "b"]);
    assert_eq!(words(1, 3), ["c", "b", "a"]);
    assert!(words(4, usize::MAX).is_empty());
    let full = Problem::Vocabulary(VocabularyError::Full { capacity: 7 });
    assert_eq!(data.vocabulary::<7, 16>(1, usize::MAX), Err(error(Place::Whole, full)));
    assert!(data.vocabulary::<7, 16>(1, 3).is_ok());
    let full = Problem::Vocabulary(VocabularyError::TextFull { capacity: 3 });
    assert_eq!(data.vocabulary::<8, 3>(1, usize::MAX), Err(error(Place::Whole, full)));
}

#[test]
fn tokens_are_those_of_the_vocabulary() {
    let data = text::labelled(b"x\tb c a\ny\tc d", Pieces::Words, &Options::default()).unwrap();
    let vocabulary: Vocabulary<8, 16> = data.part(&[0]).vocabulary(1, usize::MAX).unwrap();
    let how = Encode { sos: true, eos: true, ..UNKNOWN };
    let sequences = data.tokens::<8, 16, Class<2>>(&vocabulary, how).unwrap();
    for (series, sequence) in data.series.iter().zip(&sequences) {
        let expected = vocabulary.encode_words::<8>(&series.steps.join(" "), how).unwrap();
        assert_eq!(sequence.steps, expected.to_vec(), "as the device encodes it");
    }
    assert_eq!(sequences[1].label.index(), 1);
    let strict = data.tokens::<8, 16, Class<2>>(&vocabulary, Encode::PLAIN);
    let unknown = Problem::UnknownPiece { found: "d".to_string() };
    assert_eq!(strict, Err(error(Place::Sequence(1), unknown)));
}

#[test]
fn a_stream_is_cut_into_windows_that_follow_one_another() {
    let text = "one two\nthree\n";
    let data = text::stream(text.as_bytes(), Pieces::Characters).unwrap();
    assert_eq!(data.series.at(0).steps.concat(), text, "line ends and all");
    let vocabulary = data.vocabulary::<16, 16>(1, usize::MAX).unwrap();
    let stream = data.tokens::<16, 16, ()>(&vocabulary, UNKNOWN).unwrap().remove(0);
    let count = text.len();
    for length in 1..=count + 1 {
        let windows: Vec<_> = text::windows(&stream.steps, length).collect();
        let inputs: Vec<Token<16>> = windows.iter().flat_map(|(inputs, _)| inputs.to_vec()).collect();
        let targets: Vec<Token<16>> = windows.iter().flat_map(|(_, targets)| targets.to_vec()).collect();
        assert_eq!((&inputs[..], &targets[..]), (&stream.steps[..count - 1], &stream.steps[1..]));
        let (last, others) = windows.split_last().unwrap();
        assert!(others.iter().all(|(inputs, targets)| (inputs.len(), targets.len()) == (length, length)));
        assert!(last.0.len() == last.1.len() && (1..=length).contains(&last.0.len()));
    }
    assert_eq!(text::windows::<u8>(&[], 3).count() + text::windows(&[1], 3).count(), 0);
    assert_eq!(stream.inputs().len(), count - 1, "as a sample it is read but for its last token");
}
