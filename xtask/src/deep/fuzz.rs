//! Coverage-guided fuzzing with libFuzzer: random bytes for every reader, one minute each. A panic, an overflow, a hang
//! or excessive memory is a failure, and so is an accepted file that differs from the one that our writer produces
//! (`fuzz/src/`).
//!
//! cargo-fuzz would need a nightly toolchain for its sanitizers; the coverage counters alone are available on
//! stable.

use crate::command::{cargo, root, run, run_within, target_dir};
use crate::setup;
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Fuzz target: a program of `fuzz/`.
pub struct Target {
    /// Name of the target and of the folder of its committed inputs.
    pub name: &'static str,
    /// Folder of the repository with further initial inputs.
    more: Option<&'static str>,
}

/// Targets, one for each reader.
pub const TARGETS: [Target; 8] = [
    Target { name: "image", more: None },
    Target { name: "safetensors", more: None },
    Target { name: "onnx", more: Some("import/tests/onnx/models") },
    Target { name: "npy", more: Some("trainer/tests/data/numpy") },
    Target { name: "npz", more: Some("trainer/tests/data/numpy") },
    Target { name: "csv", more: None },
    Target { name: "rnnd", more: None },
    Target { name: "vocabulary", more: Some("trainer/tests/data/carried") },
];

/// Compiler flags that add libFuzzer's instrumentation.
const COVERAGE: &str = "-Ccodegen-units=1 -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Limits: one minute, at most 10 s and 16 KB per input, and 1 GiB of memory.
const LIMITS: [&str; 5] = ["-max_total_time=60", "-timeout=10", "-max_len=16384", "-rss_limit_mb=1024", "-verbosity=1"];

/// Time limit for a target that does not end by itself.
const LIMIT: Duration = Duration::from_secs(180);

/// Runs a target, and prints the number of inputs tried and the amount of code reached.
pub fn fuzz(target: &Target) -> Result<()> {
    setup::cplusplus()?;
    let (crate_, work, host) = (root().join("fuzz"), target_dir().join("fuzz"), setup::host()?);
    let mut build = cargo(["build", "--release", "--features", "libfuzzer", "--bin", target.name, "--target", &host]);
    run(build.arg("--target-dir").arg(&work).env("RUSTFLAGS", COVERAGE).current_dir(&crate_))?;
    let (inputs, found) = (work.join("inputs").join(target.name), work.join("found").join(target.name));
    [&inputs, &found].into_iter().try_for_each(fs::create_dir_all)?;
    let log = work.join(target.name).with_extension("log");
    let mut program = Command::new(work.join(host).join("release").join(target.name));
    program.args(LIMITS).arg(format!("-artifact_prefix={}/", found.display()));
    // The first folder receives the new inputs.
    program.arg(&inputs).arg(crate_.join("corpus").join(target.name)).args(target.more.map(|more| root().join(more)));
    let ended = run_within(program.stderr(File::create(&log)?).stdout(File::create(log.with_extension("out"))?), LIMIT);
    judge(&fs::read_to_string(&log)?, ended).with_context(|| advice(target, &log))
}

/// Checks how a target ended, and prints the figures in its last line.
fn judge(log: &str, ended: Result<()>) -> Result<()> {
    let last = log.lines().rfind(|line| line.starts_with('#') && line.contains("DONE"));
    let (Some(done), Ok(())) = (last, &ended) else {
        let told = |line: &&str| line.contains("panicked") || line.contains("ERROR") || line.contains("Test unit");
        log.lines().filter(told).for_each(|line| println!("{line}"));
        return ended.and_then(|()| bail!("the fuzz target ended early"));
    };
    let words: Vec<_> = done.trim_start_matches('#').split_whitespace().collect();
    let after = |name| words.iter().skip_while(|word| **word != name).nth(1).copied().unwrap_or("?");
    println!("{} inputs tried, {} a second; {} edges reached", words[0], after("exec/s:"), after("cov:"));
    Ok(())
}

fn advice(target: &Target, log: &Path) -> String {
    format!("see {}; add the inputs of fixed bugs to fuzz/corpus/{}", log.display(), target.name)
}
