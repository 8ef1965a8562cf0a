//! Labels: the same order and identity in every format, and names that look the same.

use elman_trainer::data::{self, DataSet, Label, Options, Problem, SeriesList, csv, npz, text};
use std::fs;
use std::path::{Path, PathBuf};

/// Returns a table of one-step sequences with these labels.
fn table(labels: &[&str]) -> String {
    let rows = labels.iter().enumerate().map(|(row, label)| format!("{row},\"{label}\",{row}\n"));
    format!("sequence,label,x\n{}", rows.collect::<String>())
}

fn read(labels: &[&str]) -> DataSet {
    csv::read(table(labels).as_bytes(), &Options::default()).unwrap()
}

fn classes(data: &DataSet) -> Vec<usize> {
    data.series.iter().map(|series| if let Label::Whole(class) = series.label { class } else { usize::MAX }).collect()
}

/// Creates an empty folder for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("labels").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Returns the oddities of a data set.
fn odd(path: &Path) -> Vec<String> {
    let (data, notes) = data::read_noted(path, &Options::default()).unwrap();
    data.summary_with(&notes).odd
}

#[test]
fn numbers_are_ordered_as_numbers() {
    let ordered = |labels: &[&str]| read(labels).classes;
    let floats: Vec<String> = (0..12).map(|label| format!("{label}.0")).collect();
    assert_eq!(ordered(&floats.iter().rev().map(String::as_str).collect::<Vec<_>>()), floats, "as pandas writes them");
    assert_eq!(
        ordered(&["1e1", "-2", "0.5", "9", "-10", "1.5e-3", ".25"]),
        ["-10", "-2", "1.5e-3", ".25", "0.5", "9", "1e1"]
    );
    // Neighbours that f64 cannot tell apart, and a number with more digits than any integer type.
    let large =
        ["9007199254740993", "9007199254740992", "-18446744073709551616", "123456789012345678901234567890", "1e300"];
    assert_eq!(ordered(&large), [large[2], large[1], large[0], large[3], large[4]]);
    // Words, and numbers among words, are text.
    assert_eq!(ordered(&["nan", "10", "9"]), ["10", "9", "nan"]);
    assert_eq!(ordered(&["inf", "-1", "-2"]), ["-1", "-2", "inf"]);
    assert_eq!(ordered(&["1e99999999999999999999", "2", "10"]), ["10", "1e99999999999999999999", "2"]);
}

#[test]
fn one_number_is_one_class_named_by_its_first_spelling() {
    let data = read(&["1", "01", "1.0", "+1", "10e-1", "-0", "0", "0.000", "-1"]);
    assert_eq!(data.classes, ["-1", "-0", "1"]);
    assert_eq!(classes(&data), [2, 2, 2, 2, 2, 1, 1, 1, 0]);
    assert_eq!(read(&["01", "walk", "1"]).classes, ["01", "walk"], "beside words too");
    let given = Options { classes: Some(["1", "0"].map(String::from).to_vec()), ..Options::default() };
    let data = csv::read(table(&["0.0", "1.0"]).as_bytes(), &given).unwrap();
    assert_eq!((classes(&data), data.classes), (vec![1, 0], vec!["1".to_string(), "0".to_string()]));
    let twice = Options { classes: Some(["1", "01"].map(String::from).to_vec()), ..Options::default() };
    let error = csv::read(table(&["1"]).as_bytes(), &twice).unwrap_err();
    assert_eq!(error.problem, Problem::SameNumber { name: "01".to_string(), first: "1".to_string() });
    assert_eq!(error.to_string(), "the classes `1` and `01` are the same number");
}

#[test]
fn a_set_of_labels_has_one_order_in_every_format() {
    let folder = folder("formats");
    let labels = ["10", "-3", "2", "0", "11", "100"];
    let table = read(&labels);
    assert_eq!(table.classes, ["-3", "0", "2", "10", "11", "100"]);
    fs::write(
        folder.join("long.csv"),
        self::table(&labels.map(|label| format!("{label}.0")).each_ref().map(String::as_str)),
    )
    .unwrap();
    for (index, label) in labels.iter().enumerate() {
        fs::create_dir_all(folder.join("folders").join(label)).unwrap();
        fs::write(folder.join("folders").join(label).join("1.csv"), format!("x\n{index}\n")).unwrap();
    }
    let lines: String = labels.iter().map(|label| format!("{label}\tword\n")).collect();
    let text = text::labelled(lines.as_bytes(), text::Pieces::Words, &Options::default()).unwrap();
    assert_eq!(text.classes, table.classes);
    assert_eq!(npz::read(&npz::write(&table).unwrap(), &Options::default()).unwrap(), table);
    let long = data::read(&folder.join("long.csv"), &Options::default()).unwrap();
    assert_eq!(classes(&long), classes(&table));
    let mut folders = data::read(&folder.join("folders"), &Options::default()).unwrap();
    assert_eq!(folders.classes, table.classes);
    let mut sorted: Vec<_> = folders.series.iter().collect();
    sorted.sort_by(|a, b| a.steps[0].total_cmp(&b.steps[0]));
    folders.series = SeriesList::of(1, sorted).unwrap();
    assert_eq!(folders.series, table.series);
}

#[test]
fn spellings_and_twins_are_described() {
    let folder = folder("odd");
    let path = folder.join("a.csv");
    let of = |labels: &[&str]| {
        fs::write(&path, table(labels)).unwrap();
        odd(&path)
    };
    assert_eq!(of(&["1", "01", "2", "1.0"]), ["`1`, `01`, `1.0` count as one class, called `1`"]);
    assert_eq!(of(&["Walk", "run", "walk", "WALK"]), [r#"classes that look the same: "WALK", "Walk", "walk""#]);
    let composed = of(&["caf\u{e9}", "cafe\u{301}", "tea"]);
    assert_eq!(composed, [r#"classes that look the same: "cafe\u{301}", "café""#]);
    assert_eq!(of(&["a b", "a  b", "c"]), [r#"classes that look the same: "a  b", "a b""#]);
    assert_eq!(of(&["a", "a\u{200b}"]).len(), 1, "a space of no width");
    assert!(of(&["a", "b", "ab", "ä"]).is_empty());
    // Subfolders keep the spaces around their names.
    for name in ["walk", "walk "] {
        fs::create_dir_all(folder.join("blanks").join(name)).unwrap();
        fs::write(folder.join("blanks").join(name).join("1.csv"), format!("x\n{}\n", name.len())).unwrap();
    }
    assert!(odd(&folder.join("blanks")).contains(&r#"classes that look the same: "walk", "walk ""#.to_string()));
    fs::write(&path, "sequence,group,x\n1,Anna,1\n2,anna,2\n3,07,3\n4,7,4\n").unwrap();
    assert_eq!(
        odd(&path),
        [r#"groups that look the same: "Anna", "anna""#, "`07`, `7` count as one group, called `07`"]
    );
}

/// Times in seconds since 1970: `f32` can represent only one in 128 of them.
#[test]
fn a_clock_is_not_called_constant() {
    let path = folder("clock").join("a.csv");
    let of = |rows: &mut dyn Iterator<Item = String>| {
        fs::write(&path, format!("sequence,time,x\n{}", rows.collect::<String>())).unwrap();
        odd(&path).join("\n")
    };
    let told = of(&mut (0..60).map(|step| format!("1,{},{step}\n", 1_700_000_000 + step)));
    let expected = "channel time: 59 of 59 neighbouring values differ by less than a 32-bit number can resolve; it looks like a timestamp: leave it out, or write the time since the previous one";
    assert_eq!(told, expected);
    // A clock that is not constant in f32, but loses most of its changes.
    let told = of(&mut (0..3000).map(|step| format!("{},{},{step}\n", step / 1000, 1_700_000_000 + step)));
    assert!(told.contains("channel time: 2976 of 2999") && told.contains("timestamp"), "{told}");
    // Milliseconds, and a clock that starts again with each sequence.
    let told = of(&mut (0..300).map(|step| format!("{},{},{step}\n", step / 100, 1_700_000_000_000_u64 + step % 100)));
    assert!(told.contains("timestamp") && !told.contains("constant"), "{told}");
    // A channel that alternates between large values is no clock.
    let told = of(&mut (0..300).map(|step| format!("1,{},{step}\n", 1_700_000_000 + step % 2)));
    assert!(told.contains("299 of 299") && !told.contains("timestamp") && told.contains("subtract"), "{told}");
    assert_eq!(of(&mut (0..60).map(|step| format!("1,{},{step}\n", step))), "");
    assert_eq!(of(&mut (0..60).map(|step| format!("1,5,{step}\n"))), "channel time is constant");
    let told = of(&mut (0..60).map(|step| format!("1,1700000000,{step}\n")));
    assert!(told.contains("128 apart") && !told.contains("constant"), "{told}");
}

#[test]
fn of_many_names_that_look_the_same_the_first_are_told() {
    let rows: String = (0..24).map(|row| format!("{row},{}{:02},0\n", ["a", "A"][row % 2], row / 2)).collect();
    let odd = csv::read(format!("sequence,group,x\n{rows}").as_bytes(), &Options::default()).unwrap().summary().odd;
    let told: Vec<_> = odd.iter().filter(|line| line.starts_with("groups")).collect();
    assert_eq!(told[0], "groups that look the same: \"A00\", \"a00\"");
    assert_eq!((told.len(), &told[10][..]), (11, "groups that look the same: 2 more lists"));
}
