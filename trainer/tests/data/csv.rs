//! Tables: the data sets read from them, each error with its location, and damaged tables.

use elman_trainer::data::{DataError, DataSet, Label, Options, Place, Problem, Series, SeriesList, csv};
use std::path::PathBuf;

pub fn read(text: &str) -> Result<DataSet, DataError> {
    csv::read(text.as_bytes(), &Options::default())
}

fn error(place: Place, problem: Problem) -> DataError {
    DataError { file: PathBuf::new(), place, problem }
}

fn cell(line: usize, column: usize, name: &str) -> Place {
    Place::Cell { line, column, name: name.to_string() }
}

pub fn named(name: &str) -> Option<String> {
    Some(name.to_string())
}

const TWO: &str = "sequence,label,group,x,y\n\
                   a,walk,anna,1,2\n\
                   b,run,ben,3,-4.5e-3\n\
                   a,walk,anna,5,6\n";

/// Checks the contents of `TWO`.
fn check_two(data: &DataSet) {
    assert_eq!(data.channels, ["x", "y"]);
    assert_eq!(data.classes, ["run", "walk"]);
    assert_eq!(data.groups, ["anna", "ben"]);
    assert_eq!(data.series.len(), 2);
    let [a, b] = [0, 1].map(|index| data.series.at(index));
    assert_eq!((a.label, a.group, a.steps), (Label::Whole(1), 0, &[1.0, 2.0, 5.0, 6.0][..]));
    assert_eq!((b.label, b.group, b.steps), (Label::Whole(0), 1, &[3.0, -4.5e-3][..]));
}

#[test]
fn rows_become_sequences_in_the_order_of_their_first() {
    check_two(&read(TWO).unwrap());
}

#[test]
fn line_ends_marks_quotes_spaces_and_empty_lines_change_nothing() {
    check_two(&read(&TWO.replace('\n', "\r\n")).unwrap());
    check_two(&read(TWO.trim_end()).unwrap());
    check_two(&read(&format!("\u{feff}{TWO}")).unwrap());
    check_two(&read(&TWO.replace('\n', "\n\n")).unwrap());
    check_two(&read(&format!("\r\n\n{}  \r\n\r\n", TWO.replace('\n', "\r\n\r\n"))).unwrap());
    check_two(&read(&TWO.replace(',', " , ")).unwrap());
    check_two(&read(&TWO.replace("walk", "\"walk\"").replace("5,6", "\"5\",\"6\"")).unwrap());
}

#[test]
fn columns_are_found_by_name() {
    let text = "y,label,x,group,sequence\n2,walk,1,anna,a\n-4.5e-3,run,3,ben,b\n6,walk,5,anna,a\n";
    let values = Some(vec!["x".to_string(), "y".to_string()]);
    check_two(&csv::read(text.as_bytes(), &Options { values, ..Options::default() }).unwrap());
    assert_eq!(read(text).unwrap().channels, ["y", "x"], "as they stand, if not asked for");
    let text = TWO.replace("sequence,label,group", "id,class,subject");
    let options =
        Options { sequence: named("id"), label: named("class"), group: named("subject"), ..Options::default() };
    check_two(&csv::read(text.as_bytes(), &options).unwrap());
}

#[test]
fn columns_without_names_are_called_by_number() {
    let text = TWO.split_once('\n').unwrap().1.replace(',', ";");
    let options = Options {
        header: false,
        delimiter: Some(b';'),
        sequence: named("1"),
        label: named("2"),
        group: named("3"),
        ..Options::default()
    };
    let mut data = csv::read(text.as_bytes(), &options).unwrap();
    assert_eq!(data.channels, ["4", "5"]);
    data.channels = vec!["x".to_string(), "y".to_string()];
    check_two(&data);
    let asked = csv::read(text.as_bytes(), &Options { label: named("6"), ..options });
    let present = ["1", "2", "3", "4", "5"].map(String::from).into();
    assert_eq!(asked, Err(error(Place::Line(1), Problem::Missing { name: "6".to_string(), present })));
}

#[test]
fn labels_may_be_those_of_steps() {
    let text = "label,x\nb,1\na,2\nb,3\n";
    let options = Options { each_step: true, ..Options::default() };
    let data = csv::read(text.as_bytes(), &options).unwrap();
    assert_eq!(data.classes, ["a", "b"]);
    assert_eq!(data.series.at(0).label, Label::Each(&[1, 0, 1]));
    assert_eq!(data.series.at(0).steps, [1.0, 2.0, 3.0]);
    let changed = Problem::Changed { found: "a".into(), expected: "b".into() };
    assert_eq!(read(text), Err(error(cell(3, 1, "label"), changed)));
}

#[test]
fn labels_are_numbered_in_sorted_order() {
    let classes = |labels: [&str; 4]| {
        let rows = labels.iter().enumerate().map(|(row, label)| format!("{row},{label},1\n"));
        read(&format!("sequence,label,x\n{}", rows.collect::<String>())).unwrap().classes
    };
    assert_eq!(classes(["b", "B", "a", "b"]), ["B", "a", "b"]);
    assert_eq!(classes(["10", "9", "-1", "9"]), ["-1", "9", "10"], "as numbers");
    assert_eq!(classes(["10", "9", "x", "9"]), ["10", "9", "x"], "as text");
}

#[test]
fn a_table_without_names_of_sequences_is_one() {
    let data = read("x\n1\n2\n").unwrap();
    assert_eq!((data.series.len(), data.classes.len()), (1, 0));
    assert_eq!(data.series.at(0).label, Label::None);
    assert_eq!(data.groups, ["0"]);
    assert_eq!(read("x\n7\n").unwrap().series.at(0).steps, [7.0], "one row");
}

#[test]
fn a_table_without_rows_is_refused() {
    for text in ["", "\n\r\n  \n", "\u{feff}", "sequence,label,x\n", "x"] {
        assert_eq!(read(text), Err(error(Place::Whole, Problem::Empty)), "{text:?}");
    }
}

#[test]
fn a_ragged_row_is_named() {
    let text = "x,y\n1,2\n\n3\n";
    assert_eq!(read(text), Err(error(Place::Line(4), Problem::Ragged { found: 1, expected: 2 })));
    let text = "x,y\r\n1,2\r\n3,4,\r\n";
    assert_eq!(read(text), Err(error(Place::Line(3), Problem::Ragged { found: 3, expected: 2 })));
}

#[test]
fn a_cell_that_is_no_number_is_named() {
    let bad = |found: &str| Problem::NotANumber { found: found.to_string() };
    assert_eq!(read("x,acc\n1,2\n3,abc\n"), Err(error(cell(3, 2, "acc"), bad("abc"))));
    assert_eq!(read("x,acc\n1,2\n3,\n"), Err(error(cell(3, 2, "acc"), bad(""))));
    assert_eq!(read("x,acc\r\n\r\n1,2\r\n1 2,3\r\n"), Err(error(cell(4, 1, "x"), bad("1 2"))));
    let text = "1;2\n1,5;2\n";
    let options = Options { delimiter: Some(b';'), header: false, ..Options::default() };
    assert_eq!(csv::read(text.as_bytes(), &options), Err(error(cell(2, 1, "1"), bad("1,5"))));
}

#[test]
fn a_cell_below_a_field_of_several_lines_has_its_own_line() {
    let text = "label,x\n\"two\r\nlines\n\",1\nb,oops\n";
    let problem = Problem::NotANumber { found: "oops".to_string() };
    let options = Options { each_step: true, ..Options::default() };
    assert_eq!(csv::read(text.as_bytes(), &options), Err(error(cell(5, 2, "x"), problem)));
    let text = "label,x\n\"two\nlines\",oops\n";
    let problem = Problem::NotANumber { found: "oops".to_string() };
    assert_eq!(read(text), Err(error(cell(3, 2, "x"), problem)));
}

#[test]
fn every_kind_of_line_end_counts_as_one() {
    let problem = Problem::NotANumber { found: "oops".to_string() };
    for ends in ["\n", "\r\n", "\r"] {
        let text = ["label,x", "\"two", "lines\",1", "", "b,oops", ""].join(ends);
        let options = Options { each_step: true, ..Options::default() };
        assert_eq!(csv::read(text.as_bytes(), &options), Err(error(cell(5, 2, "x"), problem.clone())), "{ends:?}");
    }
}

#[test]
fn a_number_that_is_not_finite_is_refused_unless_it_may_be() {
    for found in ["NaN", "inf", "-Infinity", "1e39"] {
        let text = format!("x\n0\n{found}\n");
        let problem = Problem::NotFinite { found: found.to_string() };
        assert_eq!(read(&text), Err(error(cell(3, 1, "x"), problem)));
        let options = Options { non_finite: true, ..Options::default() };
        assert!(!csv::read(text.as_bytes(), &options).unwrap().series.at(0).steps[1].is_finite());
    }
}

#[test]
fn a_label_that_is_no_class_is_named() {
    let classes = ["walk", "run"].map(String::from);
    let options = Options { classes: Some(classes.to_vec()), ..Options::default() };
    let data = csv::read(TWO.as_bytes(), &options).unwrap();
    assert_eq!(data.classes, ["walk", "run"], "in the order given");
    assert_eq!(data.series.at(0).label, Label::Whole(0));
    let problem = Problem::UnknownLabel { found: "fly".to_string(), known: classes.into() };
    let bytes = TWO.replace("b,run", "b,fly");
    assert_eq!(csv::read(bytes.as_bytes(), &options), Err(error(cell(3, 2, "label"), problem)));
    assert_eq!(read("label,x\n ,1\n"), Err(error(cell(2, 1, "label"), Problem::EmptyName)));
    assert_eq!(read("sequence,x\n1,1\n,1\n"), Err(error(cell(3, 1, "sequence"), Problem::EmptyName)));
}

#[test]
fn a_label_or_group_that_changes_within_a_sequence_is_named() {
    let changed = |found: &str, expected: &str| Problem::Changed { found: found.into(), expected: expected.into() };
    let text = TWO.replace("a,walk,anna,5", "a,run,anna,5");
    assert_eq!(read(&text), Err(error(cell(4, 2, "label"), changed("run", "walk"))));
    let text = TWO.replace("a,walk,anna,5", "a,walk,ben,5");
    assert_eq!(read(&text), Err(error(cell(4, 3, "group"), changed("ben", "anna"))));
}

#[test]
fn a_header_must_name_every_column_once() {
    let options = Options { label: named("class"), ..Options::default() };
    let present = ["sequence", "label", "group", "x", "y"].map(String::from).into();
    let missing = Problem::Missing { name: "class".to_string(), present };
    assert_eq!(csv::read(TWO.as_bytes(), &options), Err(error(Place::Line(1), missing)));
    let twice = Problem::Duplicate { name: "x".to_string() };
    assert_eq!(read("\nx,y,x\n1,2,3\n"), Err(error(cell(2, 3, "x"), twice)));
    assert_eq!(read("x,,z\n1,2,3\n"), Err(error(cell(1, 2, ""), Problem::Unnamed)));
    assert_eq!(read("1,2\n3,4\n"), Err(error(Place::Line(1), Problem::NoHeader)));
    assert_eq!(read("sequence,label\n1,a\n"), Err(error(Place::Line(1), Problem::NoChannels)));
}

#[test]
fn a_quote_that_is_not_closed_is_named() {
    let text = "label,x\na,1\n\"b,2\nc,3\n";
    assert_eq!(read(text), Err(error(Place::Line(3), Problem::OpenQuote)));
    assert_eq!(read("label,x\na,\"1"), Err(error(Place::Line(2), Problem::OpenQuote)));
    assert_eq!(read("label,x\n\"say \"\"a\"\"\",1\n").unwrap().classes, ["say \"a\""]);
}

#[test]
fn a_byte_that_is_no_text_is_named() {
    let bytes = b"label,x\r\n\r\nm\xfcde,1\r\n";
    let place = Place::Line(3);
    assert_eq!(csv::read(bytes, &Options::default()), Err(error(place, Problem::NotUtf8 { byte: 0xfc })));
    // UTF-16, as some spreadsheets write it.
    let bytes = b"\xff\xfex\0\n\0";
    assert_eq!(csv::read(bytes, &Options::default()), Err(error(Place::Line(1), Problem::NotUtf8 { byte: 0xff })));
}

#[test]
fn a_table_cut_at_any_byte_is_read_or_refused() {
    let text = "sequence,label,größe,y\r\n1,\"a, \"\"b\"\"\",0.5,-1e3\r\n2,ü,2.25,4\r\n";
    let mut whole = 0;
    for cut in 0..=text.len() {
        match csv::read(&text.as_bytes()[..cut], &Options::default()) {
            Ok(data) => {
                whole += 1;
                assert!(data.series.iter().all(|series| series.steps.len() == 2), "cut at {cut}");
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    // The last number is valid after each of its digits, and a row is complete before its line end.
    assert!((3..20).contains(&whole), "{whole}");
}

#[test]
fn what_is_written_is_read_again() {
    let data = read(TWO).unwrap();
    let written = csv::write(&data).unwrap();
    let expected = "sequence,group,label,x,y\n\
                    0,anna,walk,1,2\n0,anna,walk,5,6\n1,ben,run,3,-0.0045\n";
    assert_eq!(str::from_utf8(&written).unwrap(), expected);
    assert_eq!(csv::read(&written, &Options::default()).unwrap(), data);
    let plain = read("x\n1\n").unwrap();
    assert_eq!(csv::write(&plain).unwrap(), b"sequence,x\n0,1\n");
}

#[test]
fn what_a_table_cannot_hold_is_refused() {
    let data = read(TWO).unwrap();
    let mut empty = data.clone();
    empty.series = SeriesList::of(2, [data.series.at(0), Series { steps: &[], ..data.series.at(1) }]).unwrap();
    assert_eq!(csv::write(&empty), Err(error(Place::Sequence(1), Problem::NoSteps)));
    let mut mixed = data.clone();
    let problem = Problem::Labelling { found: "no label", expected: "one label" };
    assert_eq!(mixed.series.push(Series { label: Label::None, ..data.series.at(1) }), Err(problem));
    assert_eq!(mixed, data, "nothing is changed");
    let mut named = data;
    named.channels[1] = "label".to_string();
    let problem = Problem::Duplicate { name: "label".to_string() };
    assert_eq!(csv::write(&named), Err(error(Place::Whole, problem)));
    // A channel that would be read back as the group.
    let mut unlabelled = read("x,y\n1,2\n").unwrap();
    unlabelled.channels[1] = "Group".to_string();
    let problem = Problem::Duplicate { name: "Group".to_string() };
    assert_eq!(csv::write(&unlabelled), Err(error(Place::Whole, problem)));
}
