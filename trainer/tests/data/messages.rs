//! Messages about tables: what is wrong, where, and which option helps.

use super::csv::{named, read};
use elman_trainer::data::{Options, csv};

#[test]
fn errors_say_what_is_wrong() {
    let say = |text: &str| read(text).unwrap_err().to_string();
    assert_eq!(say("x,acc\n1,2\n3,abc\n"), "line 3, column 2 (acc): `abc` is not a number");
    assert_eq!(say("x\n1\n2,3\n"), "line 3: the row has 2 columns, expected 1");
    assert_eq!(say("1\n2\n"), "line 1: the first line contains numbers, expected column names");
    assert_eq!(say(""), "there is no data; at least one sequence is needed");
}

#[test]
fn another_delimiter_is_named() {
    let say = |text: &str| read(text).unwrap_err().to_string();
    let semicolon = "the columns seem to be separated by `;`: try --delimiter ';'";
    let ragged = "line 2: the row has 2 columns, expected 1; ";
    assert_eq!(say("sequence;label;x\n1;a;0,5\n1;a;0,7\n"), format!("{ragged}{semicolon}"));
    let cell = "line 2, column 1 (sequence;label;x): `1;a;0.5` is not a number; ";
    assert_eq!(say("sequence;label;x\n1;a;0.5\n"), format!("{cell}{semicolon}"));
    assert!(say("x\ty\n1\t2\n").ends_with(r"separated by tabs: try --delimiter '\t'"));
    assert!(say("x|y|z\n1|2|3\n").ends_with("try --delimiter '|'"));
    let label = csv::read(b"kind;x\na;1\n", &Options { label: named("kind"), ..Options::default() });
    assert!(label.unwrap_err().to_string().ends_with(semicolon));
    let given = csv::read(b"x,y\n1,2\n", &Options { delimiter: Some(b';'), ..Options::default() });
    assert!(given.unwrap_err().to_string().ends_with("try --delimiter ','"));
    // A name may contain a delimiter.
    assert_eq!(read("x;y\n1\n").unwrap().channels, ["x;y"]);
    assert_eq!(say("x;y,z\n1,oops\n"), "line 2, column 2 (z): `oops` is not a number");
}

#[test]
fn decimal_commas_are_told() {
    let comma = "this looks like a decimal comma: write numbers with a point, as pandas does with read_csv(..., decimal=',').to_csv(...)";
    let semicolon = |text: &str| {
        let options = Options { delimiter: Some(b';'), ..Options::default() };
        csv::read(text.as_bytes(), &options).unwrap_err().to_string()
    };
    for found in ["0,5", "-0,5e3", "1.234,5", ",5"] {
        let expected = format!("line 2, column 2 (y): `{found}` is not a number; {comma}");
        assert_eq!(semicolon(&format!("x;y\n1;{found}\n")), expected);
    }
    assert_eq!(semicolon("x;y\n1;a,b\n"), "line 2, column 2 (y): `a,b` is not a number");
    assert_eq!(semicolon("x;y\n1;1,2,3\n"), "line 2, column 2 (y): `1,2,3` is not a number");
    assert!(read("x\n\"0,5\"\n").unwrap_err().to_string().ends_with(comma));
    assert!(read("label,x\na,0,5\na,0,7\n").unwrap_err().to_string().ends_with(comma));
}
