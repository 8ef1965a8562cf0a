//! Tests of `elman describe` and `elman convert`.

use crate::{directory, done, failed, file, numpy, said};
use std::fs;

const TABLE: &str = "sequence,label,x,y\n1,walk,0.5,1\n1,walk,1.5,1\n2,run,3.25,1\n";

/// Writes a table in a folder of its own; returns its path and a function for other paths in the folder.
fn table(test: &str, text: &str) -> (String, impl Fn(&str) -> String + use<>) {
    let directory = directory(&format!("data-{test}"));
    // Remove files of earlier runs.
    fs::remove_dir_all(&directory).and_then(|()| fs::create_dir(&directory)).unwrap();
    let path = move |name: &str| directory.join(name).to_str().unwrap().to_string();
    fs::write(path("table.csv"), text).unwrap();
    (path("table.csv"), path)
}

#[test]
fn a_data_set_goes_round_the_formats() {
    let (start, path) = table("round", TABLE);
    let said = done(&["convert", &start, &path("a.npz")]);
    assert_eq!(said, format!("sequences     2 with 2 channels, 2 classes\nwrote         {}\n", path("a.npz")));
    done(&["convert", &path("a.npz"), &path("b.csv")]);
    let expected = "sequence,label,x,y\n0,walk,0.5,1\n0,walk,1.5,1\n1,run,3.25,1\n";
    assert_eq!(fs::read_to_string(path("b.csv")).unwrap(), expected);
    done(&["convert", &path("b.csv"), &path("c.rnnd")]);
    done(&["convert", &path("c.rnnd"), &path("d.csv"), "--classes", "run,walk"]);
    assert_eq!(fs::read_to_string(path("d.csv")).unwrap(), expected.replace("x,y", "x0,x1"));
}

#[test]
fn a_data_set_is_described_with_what_is_odd() {
    let (start, _) = table("described", &TABLE.replace("0.5", "NaN"));
    let said = done(&["describe", &start]);
    assert!(said.starts_with("sequences  2, 3 steps in all\nlengths    1 to 2 steps\n"), "{said}");
    assert!(said.contains("classes    2: run (1), walk (1)\n"), "{said}");
    assert!(said.contains("odd        channel x has values that are NaN or infinite: 1\n"), "{said}");
    assert!(said.contains("odd        channel y is constant\n"), "{said}");
    let said = done(&["describe", &file("../data/japanese-vowels/test.rnnd")]);
    assert!(said.contains("sequences  370") && said.contains("lengths    7 to 29 steps"), "{said}");
}

#[test]
fn the_options_say_how_a_table_is_read() {
    let (start, path) = table("options", "walk;7;1\nrun;7;2\n");
    let read = ["--no-header", "--delimiter", ";", "--label", "1", "--values", "3,2", "--each-step"];
    done(&[&["convert", &start, &path("a.csv")][..], &read].concat());
    assert_eq!(fs::read_to_string(path("a.csv")).unwrap(), "sequence,label,3,2\n0,walk,1,7\n0,run,2,7\n");
    let channels = numpy("steps-channels.npy");
    assert!(done(&["describe", &channels]).starts_with("sequences  1, 4 steps"));
    assert!(done(&["describe", &channels, "--axes", "steps"]).starts_with("sequences  4, 8 steps"));
    let (values, labels) = (numpy("x-big-f4.npy"), numpy("y-words.npy"));
    assert!(done(&["describe", &values, "--labels", &labels]).contains("classes    2: größe (1), walk (2)\n"));
}

#[test]
fn a_bad_row_is_told_with_its_place_and_nothing_is_written() {
    let (start, path) = table("bad", &TABLE.replace("3.25", "three"));
    let error = format!("error: {start}, line 4, column 3 (x): `three` is not a number\n");
    assert_eq!(failed(&["convert", &start, &path("a.npz")]), error);
    assert_eq!(failed(&["describe", &start]), error);
    fs::write(&start, TABLE.replace("3.25", "inf")).unwrap();
    let error = failed(&["convert", &start, &path("a.npz")]);
    assert!(error.contains("line 4, column 3 (x): inf is not a finite 32-bit number"), "{error}");
    assert!(!fs::exists(path("a.npz")).unwrap());
    done(&["convert", &start, &path("a.npz"), "--non-finite"]);
    assert!(
        failed(&["convert", &start, &path("a.txt"), "--non-finite"])
            .contains("extension is unknown, expected csv, npz or rnnd")
    );
    assert!(failed(&["describe", &path("nowhere.csv")]).contains("nowhere.csv: there is no such file or folder"));
}

/// Combines each option with each kind of file; an option that would have no effect must be wrong usage.
#[test]
fn an_option_is_refused_where_nothing_reads_it() {
    let (table, path) = table("formats", TABLE);
    fs::create_dir(path("folder")).unwrap();
    fs::write(path("folder/1.csv"), "label,x\nwalk,0.5\n").unwrap();
    ["a.npz", "a.rnnd"].iter().for_each(|name| drop(done(&["convert", &table, &path(name)])));
    let [array, labels] = ["x-little-f4.npy", "y-words.npy"].map(numpy);
    let kinds = [table, path("folder"), array, path("a.npz"), path("a.rnnd")];
    let cases: [(&[&str], [bool; 5]); 11] = [
        (&["--classes", "walk,run"], [true, true, true, true, true]),
        (&["--sequence", "sequence"], [true, false, false, false, false]),
        (&["--label", "y"], [true, true, false, true, false]),
        (&["--group", "groups"], [true, true, false, true, false]),
        (&["--values", "X"], [true, true, false, true, false]),
        (&["--values", "X,Y"], [true, true, false, false, false]),
        (&["--each-step"], [true, true, false, false, false]),
        (&["--delimiter", ","], [true, true, false, false, false]),
        (&["--no-header"], [true, true, false, false, false]),
        (&["--labels", &labels], [false, true, true, false, false]),
        (&["--axes", "steps"], [false, false, true, true, false]),
    ];
    for (option, read) in cases {
        for (kind, read) in kinds.iter().zip(read) {
            let (code, _, err) = said(&[&["describe", kind], option].concat());
            assert_eq!(code != Some(2), read, "{kind} {option:?}: {err}");
            assert!(read || err.starts_with(&format!("error: {kind}: {} ", option[0])), "{err}");
        }
    }
}

#[test]
fn a_wrong_call_is_told_from_a_bad_file() {
    let (start, path) = table("wrong-call", TABLE);
    let (code, _, err) = said(&["convert", &start, &start]);
    assert_eq!(code, Some(2), "{err}");
    assert_eq!(fs::read_to_string(&start).unwrap(), TABLE);
    let (code, _, err) = said(&["convert", &start, &path("a.npz"), "--delimiter", "ab"]);
    assert!(code == Some(2) && err.contains("one character such as ;"), "{err}");
}
