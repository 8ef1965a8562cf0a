//! Files that cannot become sections of an image.

use super::{file, written};
use elman::error::VocabularyError;
use elman_trainer::data::{DataError, Place, Problem, scaler, words};
use std::io::ErrorKind;
use std::path::PathBuf;

fn error(file: PathBuf, place: Place, problem: Problem) -> DataError {
    DataError { file, place, problem }
}

fn cell(line: usize, column: usize, name: &str) -> Place {
    Place::Cell { line, column, name: name.to_string() }
}

/// Returns the error for a table that should describe two channels.
#[track_caller]
fn table(name: &str, text: &str) -> (Place, Problem) {
    let path = written(&format!("{name}.csv"), text.as_bytes());
    let error = scaler::read(&path, 2).unwrap_err();
    assert_eq!(error.file, path);
    (error.place, error.problem)
}

#[test]
fn a_table_of_statistics() {
    let table = |text| table("statistics", text);
    let number = |found: &str| Problem::NotANumber { found: found.to_string() };
    let large = |found: &str| Problem::NotFinite { found: found.to_string() };
    let missing = |name: &str, present: &[&str]| Problem::Missing {
        name: name.to_string(),
        present: present.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(table("mean,std\n1,1\nx,1\n"), (cell(3, 1, "mean"), number("x")));
    assert_eq!(table("mean,std\n1,\n2,1\n"), (cell(2, 2, "std"), number("")));
    assert_eq!(table("mean,std\n1,1\nNaN,1\n"), (cell(3, 1, "mean"), large("NaN")));
    assert_eq!(table("std,mean\n1,-inf\n1,1\n"), (cell(2, 2, "mean"), large("-inf")));
    assert_eq!(table("mean,std\n1,1\n1e39,1\n").0, cell(3, 1, "mean"));
    assert_eq!(table("mean,std\n1,1\n"), (Place::Whole, Problem::Channels { found: 1, expected: 2 }));
    assert_eq!(table("mean,std\n1,1\n1,1\n1,1\n"), (Place::Whole, Problem::Channels { found: 3, expected: 2 }));
    assert_eq!(table("mean,std\n"), (Place::Whole, Problem::Channels { found: 0, expected: 2 }));
    assert_eq!(table("mean,scale\n1,1\n2,1\n"), (Place::Line(1), missing("std", &["mean", "scale"])));
    assert_eq!(table("std\n1\n2\n"), (Place::Line(1), missing("mean", &["std"])));
    assert_eq!(table("mean,std\n1\n2\n"), (Place::Line(2), Problem::Ragged { found: 1, expected: 2 }));
    assert_eq!(table("1,2\n3,4\n"), (Place::Line(1), Problem::NoHeader));
    assert_eq!(table(""), (Place::Whole, Problem::Empty));
}

#[test]
fn a_deviation_that_cannot_be_divided_by() {
    let table = |text: &str| table("deviation", text);
    for (text, found) in [
        ("0", "0.0"),
        ("-1", "-1.0"),
        ("NaN", "NaN"),
        ("inf", "inf"),
        ("-0", "-0.0"),
        ("1e39", "1e39"),
        ("1e-39", "1e-39"),
        ("4e-320", "4e-320"),
    ] {
        let problem = Problem::NotADeviation { found: found.to_string() };
        assert_eq!(table(&format!("mean,std\n1,1\n1,{text}\n")), (cell(3, 2, "std"), problem));
    }
    let text = scaler::read(&written("text.csv", b"mean,std\n1,0\n"), 1).unwrap_err().to_string();
    let says = "text.csv, line 2, column 2 (std): 0.0 is not a standard deviation: use a number above 0 and finite in 32 bits, or 1 for a constant channel";
    assert!(text.ends_with(says), "{text}");
}

#[test]
fn an_archive_of_statistics() {
    let read = |name: &str, channels| scaler::read(&file(name), channels).map_err(|error| (error.place, error.problem));
    let element = Place::Element { array: "std".to_string(), index: [2].into() };
    assert_eq!(read("zero.npz", 3), Err((element, Problem::NotADeviation { found: "0.0".to_string() })));
    let shape =
        |found: &[usize], expected: &str| Problem::Shape { found: found.into(), expected: expected.to_string() };
    let mean = || Place::Array("mean".to_string());
    assert_eq!(read("two-axes.npz", 3), Err((mean(), shape(&[1, 3], "[3]"))));
    assert_eq!(read("scaler.npz", 2), Err((mean(), shape(&[3], "[2]"))));
    let present = ["mean", "scale"].map(String::from).into();
    assert_eq!(read("sklearn.npz", 3), Err((Place::Whole, Problem::Missing { name: "std".to_string(), present })));
    let bytes = std::fs::read(file("scaler.npz")).unwrap();
    for cut in 0..bytes.len() {
        let path = written("cut.npz", &bytes[..cut]);
        let whole = Problem::NotThe("a complete .npz archive");
        assert_eq!(scaler::read(&path, 3), Err(error(path, Place::Whole, whole)), "cut at {cut}");
    }
}

#[test]
fn a_file_of_another_kind() {
    let path = written("scaler.json", b"{}");
    let known = Problem::Extension { known: "csv, tsv or npz" };
    assert_eq!(scaler::read(&path, 2), Err(error(path, Place::Whole, known)));
    for name in ["nowhere.csv", "nowhere.npz"] {
        let nowhere = Problem::Io(ErrorKind::NotFound);
        assert_eq!(scaler::read(&file(name), 2), Err(error(file(name), Place::Whole, nowhere)));
    }
    let nowhere = Problem::Io(ErrorKind::NotFound);
    assert_eq!(words::read(&file("nowhere"), 5), Err(error(file("nowhere"), Place::Whole, nowhere)));
}

/// Returns the error for a file that should hold six symbols.
#[track_caller]
fn words(bytes: &[u8]) -> (Place, Problem) {
    let path = written("wrong.txt", bytes);
    let error = words::read(&path, 6).unwrap_err();
    assert_eq!(error.file, path);
    (error.place, error.problem)
}

#[test]
fn a_vocabulary() {
    let special =
        |found: &str, expected: &str| Problem::NotTheSpecial { found: found.into(), expected: expected.into() };
    let twice = |found: &str, line| Problem::Twice { found: found.into(), line };
    assert_eq!(words(b"the\ntea\nis\nnot\nbad\n!\n"), (Place::Line(1), special("the", "<pad>")));
    assert_eq!(words(b"<pad>\n<unk>\n<sos>\n<eos>\na\nb\n"), (Place::Line(2), special("<unk>", "<sos>")));
    assert_eq!(words(b"<pad>\n<sos>\n<eos>\n<unk> \na\nb\n"), (Place::Line(4), special("<unk> ", "<unk>")));
    assert_eq!(words(b"<pad>\n<sos>\n<eos>\n<unk>\na\na\n"), (Place::Line(6), twice("a", 5)));
    assert_eq!(words(b"<pad>\n<sos>\n<eos>\n<unk>\n<sos>\na\n"), (Place::Line(5), twice("<sos>", 2)));
    let empty = Problem::Vocabulary(VocabularyError::EmptyWord);
    assert_eq!(words(b"<pad>\n<sos>\n<eos>\n<unk>\n\na\n"), (Place::Line(5), empty));
    assert_eq!(words(b"<pad>\n<sos>\n<eos>\n<unk>\na\nb\n\xff\n"), (Place::Line(7), Problem::NotUtf8 { byte: 0xff }));
    for (text, found) in [("", 0), ("<pad>\n<sos>", 2), ("<pad>\n<sos>\n<eos>\n<unk>\na", 5)] {
        assert_eq!(words(text.as_bytes()), (Place::Whole, Problem::Symbols { found, expected: 6 }));
    }
    let seven = words(b"<pad>\n<sos>\n<eos>\n<unk>\na\nb\nc\n");
    assert_eq!(seven, (Place::Whole, Problem::Symbols { found: 7, expected: 6 }));
    let long = format!("<pad>\n<sos>\n<eos>\n<unk>\n{}\na\n", "x".repeat(65_535));
    let full = VocabularyError::TextFull { capacity: 65_535 };
    assert_eq!(words(long.as_bytes()), (Place::Line(6), Problem::Vocabulary(full)));
}

#[test]
fn a_network_that_has_no_room_for_a_word() {
    for (text, symbols) in [("<pad>\n<sos>\n<eos>\n<unk>\n", 4), ("<pad>\n", 1)] {
        let path = written("specials.txt", text.as_bytes());
        assert_eq!(words::read(&path, symbols), Err(error(path, Place::Whole, Problem::NoWords)));
    }
}
