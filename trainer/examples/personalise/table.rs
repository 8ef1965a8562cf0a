//! Tables of the results, written to standard output.

use crate::choice::Choice;
use crate::scope::Scope;
use crate::wearer::{EXERCISES, Learn, ReaderLearn, Way, Window};
use elman::trainer::TrainingBytes;
use elman_trainer::trials::mean;

/// Accuracies in percent, one for each column.
pub type Row = [f64; 8];

/// Titles of the columns.
const COLUMNS: [&str; 8] =
    ["one answer", "from scratch", "before", "read-out", "all weights", "before", "read-out", "all weights"];

/// Prints the ways chosen for each wearer, with their results on other people.
pub fn ways(choices: &[Choice]) {
    println!("How to adapt to each subject, chosen with four others: accuracy before and after in %; updates, rate.\n");
    println!("subject  before{}", Scope::EACH.map(|scope| format!("  {:>18}", scope.name())).concat());
    for (index, Choice { ways, before, after }) in choices.iter().enumerate() {
        let cell = |(after, Way { updates, rate }): (&f64, &Way)| format!("  {after:6.1} {updates:5} {rate:5}");
        let cells: String = after.iter().zip(ways).map(cell).collect();
        println!("{:7}  {before:6.1}{cells}", index + 1);
    }
    let shares: Vec<_> = choices.iter().map(|Choice { before, after: [a, b, c], .. }| [*before, *a, *b, *c]).collect();
    let [before, after @ ..] = mean(&shares);
    println!("   mean  {before:6.1}{}", after.map(|after| format!("  {after:6.1}            ")).concat());
}

/// Prints the bytes of RAM that adapting takes.
pub fn memory() {
    println!("\nBytes of RAM for adapting, with addresses of {} bytes:", size_of::<usize>());
    for (scope, bytes) in [(Scope::ReadOut, ReaderLearn::MEMORY), (Scope::Whole, Learn::MEMORY)] {
        let TrainingBytes { weights, gradient, optimizer, tape, job } = bytes;
        println!(
            "{:>11}: {}; weights {weights}, gradient {gradient}, optimizer {optimizer}, tape {tape}, job {job}",
            scope.name(),
            bytes.total()
        );
    }
}

/// Prints the results of the models: a row for each wearer.
pub fn judged(rows: &[Row]) {
    println!("\nAccuracy in %, each the mean of two models.");
    println!("{:37}on the held-out subject{:24}on the others", "", "");
    println!("subject{}", COLUMNS.map(|column| format!("  {column:>12}")).concat());
    let cells = |row: &Row| row.map(|share| format!("  {share:12.1}")).concat();
    rows.iter().enumerate().for_each(|(index, row)| println!("{:7}{}", index + 1, cells(row)));
    println!("   mean{}", cells(&mean(rows)));
}

/// Returns the promised results, each with `true` if it was reached. They were set before any test window was
/// read, below the results of the chosen ways on other people.
pub fn promises(rows: &[Row]) -> [(String, bool); 3] {
    let [_, scratch, before, read_out, whole, ..] = mean(rows);
    [
        ("all weights: on average at least 5 points more than before".into(), whole - before >= 5.0),
        ("read-out: on average at least 1 point more than before".into(), read_out - before >= 1.0),
        ("all weights: on average at least 10 points more than training from scratch".into(), whole - scratch >= 10.0),
    ]
}

/// Returns the accuracy on `windows`, in percent, of always answering with the most frequent exercise in `known`.
pub fn one_answer<'a>(known: impl Iterator<Item = Window<'a>>, windows: impl Iterator<Item = Window<'a>>) -> f64 {
    let (known, windows) = (counts(known), counts(windows));
    let answer = (0..EXERCISES).max_by_key(|&exercise| known[exercise]).unwrap_or(0);
    100.0 * windows[answer] as f64 / windows.iter().sum::<usize>() as f64
}

fn counts<'a>(windows: impl Iterator<Item = Window<'a>>) -> [usize; EXERCISES] {
    let mut counts = [0; EXERCISES];
    windows.for_each(|(_, exercise)| counts[exercise.index()] += 1);
    counts
}
