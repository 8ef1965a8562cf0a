//! Programs that are killed (SIGKILL) while they replace their outputs.

use super::commands::{Case, cases};
use super::{Known, kills, parts};
use elman::{Random, Xoshiro128};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Moment at which to kill a command.
pub enum Moment {
    After(Duration),
    /// Time to wait after the first change in the folder.
    AfterChange(Duration),
}

impl Moment {
    /// Draws a moment anywhere in `span`, or soon after writing begins.
    pub fn drawn(rng: &mut Xoshiro128, span: Duration) -> Self {
        let share: f32 = rng.uniform(0.0, 1.0);
        if rng.below(2) == 0 { Self::After(span.mul_f32(share)) } else { Self::AfterChange(span.mul_f32(share * 0.1)) }
    }
}

type Seen = BTreeMap<OsString, (u64, Option<std::time::SystemTime>)>;

/// Returns the names, lengths and modification times of the files in a folder.
fn seen(folder: &Path) -> Seen {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let of = |entry: fs::DirEntry| {
        let found = entry.metadata().ok()?;
        Some((entry.file_name(), (found.len(), found.modified().ok())))
    };
    entries.filter_map(of).collect()
}

/// Runs a command and kills it; returns `true` if it had not ended by itself.
pub fn killed(command: &mut Command, folder: &Path, moment: Moment) -> bool {
    let before = seen(folder);
    let mut child = command.spawn().unwrap();
    let begun = Instant::now();
    match moment {
        Moment::After(span) => sleep(span),
        Moment::AfterChange(span) => {
            while seen(folder) == before && child.try_wait().unwrap().is_none() && begun.elapsed().as_secs() < 5 {}
            let changed = Instant::now();
            while changed.elapsed() < span {}
        }
    }
    let _ = child.kill();
    child.wait().unwrap().signal() == Some(9)
}

#[derive(Default)]
struct Counts {
    during: usize,
    old: usize,
    new: usize,
    torn: usize,
    pairs: usize,
    parts: usize,
}

fn attack(case: &Case) -> Counts {
    let known = Known::of(case);
    let begun = Instant::now();
    assert!(case.command(0).status().unwrap().success());
    let span = begun.elapsed().mul_f32(1.2);
    let (mut rng, mut counts, mut now) = (Xoshiro128::from_seed(case.name.len() as u64), Counts::default(), 0);
    for _ in 0..kills() {
        let moment = Moment::drawn(&mut rng, span);
        counts.during += usize::from(killed(&mut case.command(1 - now), &case.folder, moment));
        counts.parts += usize::from(parts(&case.folder) > 0);
        let inputs = known.inputs(case);
        let torn = inputs.iter().filter(|input| input.is_none()).count();
        counts.torn += torn;
        if inputs.iter().all(|&input| input == Some(now)) {
            counts.old += 1;
        } else if inputs.iter().all(|&input| input == Some(1 - now)) {
            counts.new += 1;
            now = 1 - now;
        } else {
            counts.pairs += usize::from(torn == 0);
            known.restore(case, now);
        }
    }
    assert!(case.command(1 - now).status().unwrap().success());
    assert_eq!(known.inputs(case), vec![Some(1 - now); case.outputs.len()], "{}: the next run", case.name);
    assert_eq!(parts(&case.folder), 0, "{}: the next run removes what was left over", case.name);
    counts
}

#[test]
fn every_output_is_the_whole_old_or_the_whole_new_one() {
    let mut torn = 0;
    for case in cases("kills") {
        let counts = attack(&case);
        let Counts { during, old, new, pairs, parts, .. } = counts;
        println!(
            "{}: {} kills ({during} before the end): {old} old, {new} new, {} torn, {pairs} pairs of two runs; left-over files after {parts}",
            case.name,
            kills(),
            counts.torn,
        );
        torn += counts.torn;
    }
    assert_eq!(torn, 0);
}
