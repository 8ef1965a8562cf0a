//! Folders of tables, formats by extension, and conversions between formats.

use elman::{Random, Xoshiro128};
use elman_files::source::SourceError;
use elman_trainer::data::{self, DataError, DataSet, Label, Options, Place, Problem, Series, SeriesList};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Creates an empty folder and writes these files to it.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("folders").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn read(folder: &Path) -> Result<DataSet, DataError> {
    data::read(folder, &Options::default())
}

fn error(file: PathBuf, place: Place, problem: Problem) -> DataError {
    DataError { file, place, problem }
}

fn cell(line: usize, column: usize, name: &str) -> Place {
    Place::Cell { line, column, name: name.to_string() }
}

fn all(data: &DataSet) -> Vec<Series<'_>> {
    data.series.iter().collect()
}

fn series(label: usize, steps: &[f32]) -> Series<'_> {
    Series { label: Label::Whole(label), group: 0, steps }
}

#[test]
fn a_sub_folder_is_a_class() {
    let files = [
        ("walk/2.csv", "y,x\n4,3\n"),
        ("walk/10.csv", "x,y\n1,2\n"),
        ("run/1.tsv", "label\tx\ty\nignored\t5\t6\nignored\t7\t8\n"),
        ("run/notes.txt", "not a table"),
        ("empty/notes.txt", "no table"),
        (".hidden/1.csv", "z\n1\n"),
    ];
    let data = read(&folder("classes", &files)).unwrap();
    assert_eq!(
        (&data.classes[..], &data.channels[..]),
        (&["run", "walk"].map(String::from)[..], &["x", "y"].map(String::from)[..])
    );
    let expected = [series(0, &[5.0, 6.0, 7.0, 8.0]), series(1, &[1.0, 2.0]), series(1, &[3.0, 4.0])];
    assert_eq!(all(&data), expected, "by name of folder and file, columns as in the first file");
    assert_eq!(data.groups, ["0"]);
}

#[test]
fn a_table_says_the_labels() {
    let files = [
        ("labels.csv", "group,file,label\nben,b.csv,run\nanna,sub/a.csv,walk\n"),
        ("b.csv", "x\n1\n"),
        ("sub/a.csv", "x\n2\n"),
        ("not-listed.csv", "x\n3\n"),
    ];
    let folder = folder("labels", &files);
    let data = read(&folder).unwrap();
    assert_eq!(data.classes, ["run", "walk"]);
    assert_eq!(data.groups, ["anna", "ben"]);
    let expected = [Series { group: 1, ..series(0, &[1.0]) }, Series { group: 0, ..series(1, &[2.0]) }];
    assert_eq!(all(&data), expected, "in the order of the table");
    let labels = folder.join("others.csv");
    fs::write(&labels, "file,label\nnot-listed.csv,3\n").unwrap();
    let data = data::read(&folder, &Options { labels: Some(labels), ..Options::default() }).unwrap();
    assert_eq!((&data.classes[..], data.series.len()), (&["3".to_string()][..], 1));
}

#[test]
fn a_column_says_the_labels() {
    let files = [("a.csv", "label,x\nwalk,1\nwalk,2\n"), ("b.csv", "x,label\n3,run\n")];
    let folder = folder("columns", &files);
    let data = read(&folder).unwrap();
    assert_eq!(all(&data), [series(1, &[1.0, 2.0]), series(0, &[3.0])]);
    let each = data::read(&folder, &Options { each_step: true, ..Options::default() }).unwrap();
    assert_eq!(each.series.at(0).label, Label::Each(&[1, 1]));
}

#[test]
fn a_file_that_is_not_like_the_first_is_named() {
    let good = ("a/1.csv", "x,y\n1,2\n");
    let other = |text| {
        let folder = folder("other", &[good, ("b/2.csv", text)]);
        let error = read(&folder).unwrap_err();
        assert_eq!(error.file, folder.join("b/2.csv"));
        (error.place, error.problem)
    };
    let missing = Problem::Missing { name: "y".to_string(), present: ["x", "z"].map(String::from).into() };
    assert_eq!(other("x,z\n1,2\n"), (Place::Line(1), missing));
    assert_eq!(other("x,y\n"), (Place::Whole, Problem::Empty));
    assert_eq!(other(""), (Place::Whole, Problem::Empty));
    assert_eq!(other("x,y\n1,2\n3\n"), (Place::Line(3), Problem::Ragged { found: 1, expected: 2 }));
    let number = Problem::NotANumber { found: "?".to_string() };
    assert_eq!(other("y,x\n1,2\n3,?\n"), (cell(3, 2, "x"), number));
}

#[test]
fn labels_that_do_not_fit_are_named() {
    let known = Options { classes: Some(vec!["walk".to_string()]), ..Options::default() };
    let unknown = |found: &str| Problem::UnknownLabel { found: found.to_string(), known: ["walk".to_string()].into() };
    let path = folder("unknown", &[("fly/1.csv", "x\n1\n")]);
    assert_eq!(data::read(&path, &known), Err(error(path.join("fly"), Place::Whole, unknown("fly"))));
    let path = folder("unknown-listed", &[("labels.csv", "file,label\n1.csv,fly\n"), ("1.csv", "x\n1\n")]);
    assert_eq!(data::read(&path, &known), Err(error(path.join("labels.csv"), cell(2, 2, "label"), unknown("fly"))));
    let path = folder("not-there", &[("labels.csv", "file,label\n1.csv,walk\n")]);
    assert_eq!(read(&path), Err(error(path.join("1.csv"), Place::Whole, Problem::Io(ErrorKind::NotFound))));
    let path = folder("no-label", &[("labels.csv", "file,class\n1.csv,walk\n")]);
    let missing = Problem::Missing { name: "label".to_string(), present: ["file", "class"].map(String::from).into() };
    assert_eq!(read(&path), Err(error(path.join("labels.csv"), Place::Line(1), missing)));
    let path = folder("mixed", &[("1.csv", "x\n1\n"), ("walk/2.csv", "x\n1\n")]);
    let mixed = Problem::Labelling { found: "one label", expected: "no label" };
    assert_eq!(read(&path), Err(error(path.join("walk/2.csv"), Place::Line(2), mixed)));
    let path = folder("nothing", &[]);
    assert_eq!(read(&path), Err(error(path, Place::Whole, Problem::Empty)));
}

#[test]
fn files_are_known_by_their_extension() {
    let path = folder("extensions", &[("a.txt", "x\n1\n"), ("b.tsv", "x\ty\n1\t2\n"), ("c.csv", "x;y\n1;2\n")]);
    let known = Problem::Extension { known: "csv, tsv, npy, npz, rnnd or a folder" };
    assert_eq!(read(&path.join("a.txt")), Err(error(path.join("a.txt"), Place::Whole, known)));
    assert_eq!(read(&path.join("b.tsv")).unwrap().channels, ["x", "y"]);
    let semicolon = Options { delimiter: Some(b';'), ..Options::default() };
    assert_eq!(data::read(&path.join("c.csv"), &semicolon).unwrap().channels, ["x", "y"]);
    let comma = Options { delimiter: Some(b','), ..Options::default() };
    fs::write(path.join("e.tsv"), "x,y\n1,2\n").unwrap();
    assert_eq!(data::read(&path.join("e.tsv"), &comma).unwrap().channels, ["x", "y"]);
    let nowhere = path.join("d.csv");
    assert_eq!(read(&nowhere), Err(error(nowhere, Place::Whole, Problem::Io(ErrorKind::NotFound))));
    let (data, target) = (read(&path.join("b.tsv")).unwrap(), path.join("b.npy"));
    let known = Problem::Extension { known: "csv, npz or rnnd" };
    assert_eq!(data::write(&target, &data), Err(error(target, Place::Whole, known)));
    let problem = Problem::Labelling { found: "no label", expected: "one label" };
    let target = path.join("b.rnnd");
    assert_eq!(data::write(&target, &data), Err(error(target.clone(), Place::Sequence(0), problem)));
    assert!(!target.exists(), "nothing is written");
}

/// Draws a data set with odd names and values, within the limits of the most restrictive format.
fn drawn(seed: u64) -> DataSet {
    let mut rng = Xoshiro128::from_seed(seed);
    let mut below = |n: u32| rng.below(n) as usize;
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let (channels, classes) = (names(&["x", "größe, \"m\"", "10"]), names(&["a b", "b,c", "ü\nx"]));
    let groups = if below(2) == 0 { names(&["0"]) } else { names(&["2", "10"]) };
    let mut series = SeriesList::new(3);
    for class in 0..classes.len() {
        for group in 0..groups.len() {
            let count = 1 + below(4);
            let bits = |_| f32::from_bits((below(1 << 16) << 16 | below(1 << 16)) as u32);
            let steps = (0..3 * count).map(bits).map(|x| if x.is_finite() { x } else { -0.0 }).collect::<Vec<_>>();
            series.push(Series { label: Label::Whole(class), group, steps: &steps }).unwrap();
        }
    }
    DataSet { channels, classes, groups: groups.iter().collect(), series }
}

/// Returns the bits of all values, since equal values may differ in bits.
fn bits(data: &DataSet) -> Vec<u32> {
    data.series.iter().flat_map(|series| series.steps).map(|value| value.to_bits()).collect()
}

#[test]
fn a_data_set_goes_through_every_format_and_comes_back() {
    let path = folder("round", &[]);
    for seed in 0..50 {
        let first = drawn(seed);
        let mut data = first.clone();
        for name in ["a.csv", "b.npz", "c.csv", "d.npz"] {
            data::write(&path.join(name), &data).unwrap();
            data = read(&path.join(name)).unwrap();
            assert_eq!((&data, bits(&data)), (&first, bits(&first)), "{name}, seed {seed}");
        }
        // This format keeps no names.
        data::write(&path.join("e.rnnd"), &data).unwrap();
        let data =
            data::read(&path.join("e.rnnd"), &Options { classes: Some(first.classes.clone()), ..Options::default() });
        let data = DataSet { channels: first.channels.clone(), ..data.unwrap() };
        assert_eq!((&data, bits(&data)), (&first, bits(&first)), "seed {seed}");
    }
}

#[test]
fn labels_of_steps_go_through_tables_and_archives() {
    let path = folder("each", &[]);
    let each = Options { each_step: true, ..Options::default() };
    let mut first = drawn(3);
    let mut each_step = SeriesList::new(3);
    for (index, series) in first.series.iter().enumerate() {
        let labels: Vec<_> = (0..series.steps.len() / 3).map(|step| ((step + index) % 3) as u32).collect();
        each_step.push(Series { label: Label::Each(&labels), ..series }).unwrap();
    }
    first.series = each_step;
    let mut data = first.clone();
    for name in ["a.csv", "b.npz", "c.csv"] {
        data::write(&path.join(name), &data).unwrap();
        data = data::read(&path.join(name), &each).unwrap();
        assert_eq!(data, first, "{name}");
    }
}

#[test]
fn an_archive_and_a_layout_keep_sequences_without_steps() {
    let path = folder("no-steps", &[]);
    let mut first = drawn(0);
    let emptied = |(index, series)| if index == 1 { Series { steps: &[], ..series } } else { series };
    first.series = SeriesList::of(3, first.series.iter().enumerate().map(emptied)).unwrap();
    for name in ["a.npz", "b.npz"] {
        data::write(&path.join(name), &first).unwrap();
        assert_eq!(read(&path.join(name)).unwrap(), first);
    }
}

#[test]
fn a_table_of_labels_names_nothing_outside_its_folder() {
    let path = folder("outside", &[("data/a.csv", "x\n1\n"), ("secret/b.csv", "x\n2\n")]);
    let data = path.join("data");
    let named = |name: &str| {
        fs::write(data.join("labels.csv"), format!("file,label\n{name},walk\n")).unwrap();
        read(&data)
    };
    assert_eq!(named("./a.csv").unwrap().series.len(), 1);
    let outside = error(data.join("labels.csv"), cell(2, 1, "file"), Problem::Source(SourceError::Outside));
    let absolute = path.join("secret/b.csv");
    let mut names = vec!["../secret/b.csv", "../data/a.csv", absolute.to_str().unwrap(), "x/../../secret/b.csv"];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../secret/b.csv", data.join("link.csv")).unwrap();
        std::os::unix::fs::symlink("../secret", data.join("linked")).unwrap();
        std::os::unix::fs::symlink("a.csv", data.join("inside.csv")).unwrap();
        names.extend(["link.csv", "linked/b.csv"]);
        assert_eq!(named("inside.csv").unwrap().series.len(), 1);
    }
    for name in names {
        assert_eq!(named(name), Err(outside.clone()), "{name}");
    }
    assert!(outside.to_string().contains("the name leads out of the folder"), "{outside}");
}

#[test]
fn files_that_a_table_leaves_out_or_has_twice_are_told() {
    let files = [("a.csv", "x\n1\n"), ("b.csv", "x\n2\n"), ("sub/c.csv", "x\n3\n"), ("notes.txt", "")];
    let path = folder("left-out", &files);
    let labels = path.join("labels.csv");
    let odd = |table: &str| {
        fs::write(&labels, table).unwrap();
        data::read_noted(&path, &Options::default()).map(|(_, notes)| notes.odd)
    };
    let name = labels.display();
    assert_eq!(odd("file,label\na.csv,run\nb.csv,run\nsub/c.csv,walk\n").unwrap(), [""; 0]);
    let told = odd("file,label\na.csv,run\n").unwrap();
    assert_eq!(told, [format!("files that {name} does not list: b.csv, sub/c.csv")]);
    let told = odd("file,label\na.csv,run\nb.csv,run\nsub/c.csv,walk\n./a.csv,run\n").unwrap();
    assert_eq!(told, [format!("files that {name} lists more than once: ./a.csv")]);
    let changed = Problem::Changed { found: "walk".into(), expected: "run".into() };
    let twice = odd("file,label\na.csv,run\na.csv,walk\n");
    assert_eq!(twice, Err(error(labels.clone(), cell(3, 2, "label"), changed)));
}
