//! Steps on the core: it builds for every target, with few dependencies.

use crate::command::{cargo, output, run};
use crate::setup;
use anyhow::{Result, ensure};

/// Features to build with, one at a time; the first entry is the build without any.
pub const FEATURES: [&str; 5] = ["no features", "defmt", "rand_core", "micromath", "portable"];

/// Builds the core for every target, without warnings: each target has its own choice of inner loops.
pub fn builds(feature: &str) -> Result<()> {
    let mut build = cargo(["build", "-p", "elman"]);
    build.env("RUSTFLAGS", "-D warnings");
    for target in setup::core_targets() {
        build.args(["--target", target]);
    }
    if feature != FEATURES[0] {
        build.args(["--features", feature]);
    }
    run(&mut build)
}

/// Allowed dependencies of the core without features. Derive macros run on the host and are not listed.
const ALLOWED: [&str; 10] = [
    "elman",
    "crc",
    "crc-catalog",
    "heapless",
    "hash32",
    "byteorder",
    "stable_deref_trait",
    "libm",
    "num-traits",
    "zerocopy",
];

/// Checks that the core's dependencies are allowed, and that none has a feature that brings in an allocator or
/// std.
pub fn dependencies() -> Result<()> {
    let tree = ["tree", "-p", "elman", "-e", "normal,no-proc-macro", "--prefix", "none", "-f", "{lib} {f}"];
    let tree = output(cargo(tree).args(["--target", "thumbv6m-none-eabi"]))?;
    ensure!(tree.lines().any(|line| line.starts_with("elman")), "cargo tree does not list elman:\n{tree}");
    tree.lines().try_for_each(check)
}

/// Checks a line `name features`, followed by `(*)` if it is a repetition.
fn check(line: &str) -> Result<()> {
    let mut words = line.split([' ', ',']);
    let name = words.next().unwrap_or_default().replace('_', "-");
    ensure!(ALLOWED.iter().any(|allowed| allowed.replace('_', "-") == name), "{name} is not an allowed dependency");
    ensure!(!words.any(|feature| feature == "std" || feature == "alloc"), "needs an allocator or std: {line}");
    Ok(())
}
