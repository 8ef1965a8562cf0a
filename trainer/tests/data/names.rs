//! Names of columns, classes and files that are in upper case, repeated or missing.

use elman_trainer::data::{self, DataSet, Options, Problem, csv, npz, rnnd};
use std::fs;
use std::path::{Path, PathBuf};

const TWO: &str = "sequence,label,group,x\na,walk,anna,1\nb,run,ben,2\na,walk,anna,3\n";

fn read(text: &str) -> DataSet {
    csv::read(text.as_bytes(), &Options::default()).unwrap()
}

fn named(classes: &[&str]) -> Options {
    Options { classes: Some(classes.iter().map(ToString::to_string).collect()), ..Options::default() }
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("names").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn usual_names_of_columns_may_be_in_capitals() {
    assert_eq!(read(&TWO.replacen("sequence,label,group", "Sequence,LABEL,Group", 1)), read(TWO));
    let data = read("label,Label,x\na,1,2\n");
    assert_eq!((data.classes, data.channels), (vec!["a".to_string()], vec!["Label".to_string(), "x".to_string()]));
    let asked = Options { label: Some("LABEL".to_string()), ..Options::default() };
    assert!(matches!(csv::read(TWO.as_bytes(), &asked).unwrap_err().problem, Problem::Missing { .. }));
}

#[test]
fn extensions_may_be_in_capitals() {
    let path = file("one/A.CSV", TWO);
    assert_eq!(data::read(&path, &Options::default()).unwrap(), read(TWO));
    let path = file("folder/walk/1.CSV", "x\n1\n");
    file("folder/walk/2.csv", "x\n2\n");
    file("folder/run/3.Tsv", "x\ty\n3\t4\n");
    file("folder/labels.csv", "File,Label\nwalk/1.CSV,walk\nrun/3.Tsv,run\n");
    let folder = path.parent().unwrap();
    assert_eq!(data::read(folder, &Options::default()).unwrap().series.len(), 2);
    let listed = data::read(folder.parent().unwrap(), &Options::default()).unwrap();
    assert_eq!((listed.series.len(), &listed.classes[..]), (2, &["run".to_string(), "walk".to_string()][..]));
    let written = path.with_file_name("OUT.RNND");
    data::write(&written, &read(TWO)).unwrap();
    assert_eq!(data::read(&written, &named(&["run", "walk"])).unwrap().classes, ["run", "walk"]);
}

#[test]
fn two_classes_of_one_name_are_refused() {
    let mut data = read(TWO);
    let bytes = rnnd::write(&data).unwrap();
    data.classes[1] = "run".to_string();
    let twice = |name: &str| Problem::SameClass { name: name.to_string() };
    let options = named(&["walk", "run", "walk"]);
    assert_eq!(csv::read(TWO.as_bytes(), &options).unwrap_err().problem, twice("walk"));
    assert_eq!(rnnd::read(&bytes, &named(&["a", "a"])).unwrap_err().problem, twice("a"));
    let archive = npz::write(&data).unwrap();
    assert_eq!(npz::read(&archive, &Options::default()).unwrap_err().problem, twice("run"));
    assert_eq!(twice("run").to_string(), "two classes have the name `run`");
}

#[test]
fn a_file_that_is_not_there_is_said_to_be() {
    let error = data::read("nowhere.csv".as_ref(), &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), "nowhere.csv: there is no such file or folder");
}
