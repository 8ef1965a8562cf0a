//! Outputs under attack: programs killed while they write, and full disks. Afterwards, each file must be either the
//! complete old or the complete new one.
//!
//! `ATTACK_KILLS` sets how often each command is killed, by default a few times; if it is set, the disk fills at
//! every multiple of 512 bytes, otherwise at a few of them. `ATTACK_KILLS=200 cargo test -p elman-cli --test
//! attack -- --nocapture` prints the counts.
#![cfg(unix)]

mod commands;
mod full;
mod kills;
mod library;
mod links;
mod pair;

use commands::Case;
use std::fs;
use std::path::Path;

/// Returns the number of kills for each command.
fn kills() -> usize {
    std::env::var("ATTACK_KILLS").map_or(6, |count| count.parse().expect("ATTACK_KILLS is a number"))
}

fn is_whole_attack() -> bool {
    std::env::var_os("ATTACK_KILLS").is_some()
}

/// Contents of a case's files, for each of its two inputs.
struct Known {
    contents: [Vec<Vec<u8>>; 2],
}

impl Known {
    /// Runs the command with each of the two inputs, the first one last, so that its files are left in place.
    fn of(case: &Case) -> Self {
        let contents = [1, 0].map(|input| {
            assert!(case.command(input).output().unwrap().status.success(), "{}", case.name);
            case.outputs.iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>()
        });
        assert!(contents[0].iter().zip(&contents[1]).all(|(a, b)| a != b), "{}: the inputs differ", case.name);
        let [second, first] = contents;
        Self { contents: [first, second] }
    }

    /// Restores the files made from an input.
    fn restore(&self, case: &Case, input: usize) {
        case.outputs.iter().zip(&self.contents[input]).for_each(|(path, bytes)| fs::write(path, bytes).unwrap());
    }

    /// Returns the input from which a file was made, or `None` if it matches neither.
    fn input(&self, output: usize, path: &Path) -> Option<usize> {
        let found = fs::read(path).ok()?;
        (0..2).find(|&input| self.contents[input][output] == found)
    }

    /// Returns the input from which each file of a case was made.
    fn inputs(&self, case: &Case) -> Vec<Option<usize>> {
        case.outputs.iter().enumerate().map(|(output, path)| self.input(output, path)).collect()
    }
}

/// Counts the unfinished files in a folder.
fn parts(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    entries.filter(|name| name.to_string_lossy().ends_with(".elman-part")).count()
}
