//! A full disk, simulated by a limit on file sizes: writing fails at the first byte beyond the limit.

use super::commands::{Case, cases};
use super::{Known, is_whole_attack, parts};
use std::process::Command;

/// Unit of `ulimit -f` in a POSIX shell.
const BLOCK: usize = 512;

/// Runs a command that can write at most `blocks` blocks to a file; returns its exit code and messages.
fn limited(case: &Case, input: usize, blocks: usize) -> (Option<i32>, String) {
    let shell = r#"trap "" XFSZ; ulimit -f "$1"; shift; exec "$@""#;
    let mut command = Command::new("sh");
    command.args(["-c", shell, "sh", &blocks.to_string()]).args(case.arguments(input));
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn fill(case: &Case) -> usize {
    let known = Known::of(case);
    let longest = known.contents[1].iter().map(Vec::len).max().unwrap();
    let last = longest.div_ceil(BLOCK);
    let step = if is_whole_attack() { 1 } else { last.div_ceil(4) };
    let limits: Vec<_> = (0..last).step_by(step).chain([last - 1]).collect();
    for &blocks in &limits {
        let (code, said) = limited(case, 1, blocks);
        let name = format!("{}, {blocks} blocks of {last}", case.name);
        assert!(code != Some(0), "{name}: {said}");
        // A panic of this test program has a different text.
        assert!(case.name.contains("::") || case.name == "report" || said.contains("ile too large"), "{name}: {said}");
        assert_eq!(known.inputs(case), vec![Some(0); case.outputs.len()], "{name}");
        assert_eq!(parts(&case.folder), 0, "{name}");
    }
    assert_eq!(limited(case, 1, last).0, Some(0), "{}: room enough", case.name);
    assert_eq!(known.inputs(case), vec![Some(1); case.outputs.len()]);
    limits.len()
}

#[test]
fn a_full_disk_leaves_the_old_outputs() {
    for case in cases("full") {
        println!("{}: the disk fills at {} places: the old files each time", case.name, fill(&case));
    }
}
