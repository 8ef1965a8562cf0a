//! Memory of a program that reads a data set of many tiny sequences or groups, describes it and converts it to
//! another format.
#![cfg(target_os = "linux")]

use elman_trainer::data::{self, Label, Options, csv};
use std::env;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

const SEQUENCES: usize = 2_000_000;
/// Function that returns the name of a group, given its number.
type Group = fn(usize) -> String;

const GROUPS: usize = 1_000_000;
/// Name of the environment variable that makes the test run as the measured program. Its value is the input
/// path, a colon and the output path.
const MEASURED: &str = "ELMAN_MEASURED";

/// Reads, describes and writes a data set, and prints the memory used.
fn convert(input: &Path, output: &Path) {
    let data = data::read(input, &Options::default()).unwrap();
    assert_eq!(data.summary().steps, data.series.len());
    println!("{} sequences, {} classes, {} groups", data.series.len(), data.classes.len(), data.groups.len());
    data::write(output, &data).unwrap();
    let status = fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap());
}

/// Runs [`convert`] in another process, which must print `found`, and returns its peak memory in KiB.
fn peak(input: &Path, output: &Path, found: &str) -> usize {
    let mut measured = input.as_os_str().to_owned();
    measured.push(":");
    measured.push(output);
    let run = Command::new(env::current_exe().unwrap())
        .args(["--exact", "what_a_data_set_takes_is_bounded", "--nocapture"])
        .env(MEASURED, measured)
        .output()
        .unwrap();
    let out = String::from_utf8(run.stdout).unwrap();
    assert!(run.status.success(), "{out}{}", String::from_utf8_lossy(&run.stderr));
    assert!(out.contains(found), "{out}");
    let kib = out.split("VmHWM:").nth(1).unwrap().split("kB").next().unwrap();
    kib.trim().parse().unwrap()
}

/// Returns the memory allowed for sequences of one value, in KiB: four times the values plus 64 MiB.
fn bound(sequences: usize) -> usize {
    (4 * sequences * size_of::<f32>() + (64 << 20)) / 1024
}

/// Writes a file that consists of `begin` and `count` lines.
fn lines(path: &Path, begin: &str, count: usize, line: impl Fn(usize) -> String) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    file.write_all(begin.as_bytes()).unwrap();
    (0..count).for_each(|row| file.write_all(line(row).as_bytes()).unwrap());
    file.flush().unwrap();
}

#[test]
fn what_a_data_set_takes_is_bounded() {
    if let Ok(measured) = env::var(MEASURED) {
        let (input, output) = measured.split_once(':').unwrap();
        return convert(input.as_ref(), output.as_ref());
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("data-memory");
    fs::create_dir_all(&folder).unwrap();
    let label = |row| ["a", "b"][row % 2];
    // Names in an order that no reader can predict.
    let name = |row: usize| row * 7919 % SEQUENCES;
    lines(&folder.join("0.csv"), "sequence,label,group,x\n", SEQUENCES, |row| {
        format!("a-long-name-{:012},{},g{},{row}\n", name(row), label(row), row % 9)
    });
    // Each step reads the output of the previous one; in the last table, sequences are named by number.
    for (input, output) in [("0.csv", "1.rnnd"), ("1.rnnd", "2.npz"), ("2.npz", "3.csv"), ("3.csv", "4.rnnd")] {
        let kib = peak(&folder.join(input), &folder.join(output), "2000000 sequences, 2 classes, ");
        assert!(kib <= bound(SEQUENCES), "{input}: {kib} KiB, {} are allowed", bound(SEQUENCES));
    }
    // Words, numbers, numbers that are written in two ways, and names as long as a UUID.
    let groups: [(_, _, Group); 4] = [
        ("words", GROUPS, |group| format!("subject-{group:07}")),
        ("numbers", GROUPS, |group| group.to_string()),
        ("spellings", GROUPS / 2, |group| format!("{}{}", group / 2, ["", ".0"][group % 2])),
        ("identifiers", GROUPS, |group| {
            format!("{:08x}-0000-4000-8000-{group:012x}", group * 2_654_435_761 % (1 << 32))
        }),
    ];
    for (kind, count, group) in groups {
        let [input, output] = ["csv", "npz"].map(|extension| folder.join(format!("{kind}.{extension}")));
        let row = |row: usize| format!("{row},{},{row}\n", group(row * 7919 % GROUPS));
        lines(&input, "sequence,group,x\n", GROUPS, row);
        let kib = peak(&input, &output, &format!("{GROUPS} sequences, 0 classes, {count} groups"));
        assert!(kib <= bound(GROUPS), "{kind}: {kib} KiB, {} are allowed", bound(GROUPS));
    }
    fs::remove_dir_all(&folder).unwrap();
}

/// The rows of a sequence need not be adjacent, and the names are of all kinds.
#[test]
fn sequences_are_told_apart_by_their_names() {
    let names = ["5", "6", "06", "7", "+8", "8", "-0", "18446744073709551616", "9", "a", "7.0", "5"];
    let text = |rows: &[(usize, usize)]| {
        let row =
            |&(name, step): &(usize, usize)| format!("\"{}\",{},{step}\n", names[name], "xyz".as_bytes()[step] as char);
        format!("sequence,label,value\n{}", rows.iter().map(row).collect::<String>())
    };
    // Rows sorted by sequence, sorted by step, and with one row of a sequence moved to the end.
    let all = (0..11).flat_map(|name| (0..3).map(move |step| (name, step)));
    let by_step = (0..3).flat_map(|step| (0..11).map(move |name| (name, step)));
    let mixed = all.clone().filter(|&(name, step)| (name, step) != (3, 2)).chain([(3, 2)]);
    let each = Options { each_step: true, ..Options::default() };
    for rows in [all.collect::<Vec<_>>(), by_step.collect(), mixed.collect()] {
        let data = csv::read(text(&rows).as_bytes(), &each).unwrap();
        assert_eq!(data.series.len(), 11);
        for series in data.series.iter() {
            assert_eq!((series.label, series.steps), (Label::Each(&[0, 1, 2]), &[0.0, 1.0, 2.0][..]));
        }
    }
    let again = csv::read(text(&[(0, 0), (9, 0), (11, 1), (9, 1), (1, 0), (0, 2)]).as_bytes(), &each).unwrap();
    let steps: Vec<_> = again.series.iter().map(|series| series.steps.to_vec()).collect();
    assert_eq!(steps, [vec![0.0, 1.0, 2.0], vec![0.0, 1.0], vec![0.0]]);
}
