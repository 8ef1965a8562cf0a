//! Steps on `c-example`: C code can reach neither a panic nor a heap, and trains to the same bits as Rust.

use crate::boards::{self, Board};
use crate::command::{self, cargo, root, target_dir};
use crate::{elf, setup};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Boards: one whose core has no floating-point unit, and one whose core has one.
const BOARDS: [&str; 2] = ["microbit", "netduinoplus2"];

/// Opt-levels of release firmware. Inlining decides which checks remain, so each level is a separate proof.
const OPT_LEVELS: [&str; 2] = ["3", "s"];

/// Substrings of forbidden symbol names.
const FORBIDDEN: [&str; 4] = ["panic", "alloc", "malloc", "unwind"];

/// Linker error for a function that only a panic calls and that is not defined.
const CALLED_BY_A_PANIC: &str = "undefined symbol: rnn_can_panic";

/// Lints the library, including the entries that only the linker reads.
pub fn lints() -> Result<()> {
    for board in BOARDS {
        let mut clippy = cargo_for(board_called(board)?, "clippy");
        command::run(clippy.args(["--no-deps", "--features", "panics,proofs", "--", "-D", "warnings"]))?;
    }
    Ok(())
}

/// Checks that all entries of the header and the proofs link together, although the function called by a panic
/// does not exist.
pub fn no_panic() -> Result<()> {
    for name in BOARDS {
        for opt_level in OPT_LEVELS {
            let board = board_called(name)?;
            let mut build = cargo_for(board, "build");
            command::run(build.args(["--features", "proofs"]).env("CARGO_PROFILE_RELEASE_OPT_LEVEL", opt_level))?;
            let (linked, entries) = (linked(board), [entries()?, proofs()?].concat());
            command::run(&mut link(board, &entries, &linked)?)?;
            check_symbols(&elf::symbols(&linked)?, &entries)
                .with_context(|| format!("{name}, opt-level {opt_level}"))?;
        }
    }
    Ok(())
}

/// Checks that an entry that may panic fails to link because of the panic, which shows that [`no_panic`] can
/// fail.
pub fn panic_does_not_link() -> Result<()> {
    let board = board_called("microbit")?;
    command::run(cargo_for(board, "build").args(["--features", "panics"]))?;
    let output = link(board, &["panics".into()], &linked(board))?.output()?;
    let message = String::from_utf8_lossy(&output.stderr);
    ensure!(!output.status.success(), "an entry that panics was linked");
    ensure!(message.contains(CALLED_BY_A_PANIC), "linking failed for another reason:\n{message}");
    Ok(())
}

/// Checks that the C program, built for the host, prints the stored output, which the host tests compare with
/// Rust.
pub fn program() -> Result<()> {
    let program = build_dir().join("main");
    let host = command::output(Command::new("rustc").current_dir(root()).args(["--print", "host-tuple"]))?;
    let host = host.trim();
    command::run(host_cargo("build").args(["--target", host]))?;
    let mut cc = Command::new("cc");
    cc.current_dir(directory()).args(["-std=c11", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Iinclude"]);
    // Round each product before it is added, as Rust does, and link only what is called, as for a board.
    cc.args(["-ffp-contract=off", if cfg!(target_os = "macos") { "-Wl,-dead_strip" } else { "-Wl,--gc-sections" }]);
    command::run(cc.arg("main.c").arg(library(host)).arg("-o").arg(&program))?;
    let said = command::output(&mut Command::new(&program))?;
    print!("{said}");
    ensure!(
        said == fs::read_to_string(directory().join("main.out"))?,
        "the output of the program in C differs from main.out"
    );
    Ok(())
}

/// Returns the functions that the header declares.
fn entries() -> Result<Vec<String>> {
    let header = directory().join("include/rnn.h");
    let header = fs::read_to_string(&header).with_context(|| header.display().to_string())?;
    let names = header.lines().filter_map(|line| {
        let declared = line.strip_prefix("void ").or_else(|| line.strip_prefix("int32_t "))?;
        declared.split_once('(').map(|(name, _)| name.to_owned())
    });
    let names: Vec<_> = names.collect();
    ensure!(names.len() > BOARDS.len(), "the header declares nothing");
    Ok(names)
}

/// Returns the functions in `src/proofs.rs`, which the header does not declare.
fn proofs() -> Result<Vec<String>> {
    let source = directory().join("src");
    let modules = fs::read_dir(source.join("proofs"))?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    let mut names = Vec::new();
    for source in modules.into_iter().chain([source.join("proofs.rs")]) {
        let text = fs::read_to_string(&source).with_context(|| source.display().to_string())?;
        let before = names.len();
        let declared =
            text.lines().filter_map(|line| line.strip_prefix("pub extern \"C\" fn ")?.split(['(', '<']).next());
        names.extend(declared.map(str::to_owned));
        ensure!(names.len() > before, "{} declares nothing", source.display());
    }
    Ok(names)
}

/// Links only the code reachable from `entries`. Each entry must be defined.
fn link(board: &Board, entries: &[String], linked: &Path) -> Result<Command> {
    let mut linker = Command::new(setup::llvm_tool("rust-lld")?);
    linker.args(["-flavor", "gnu", "--gc-sections", "--entry=0", "--error-limit=3"]);
    linker.args(entries.iter().map(|entry| format!("--undefined={entry}")));
    linker.arg(library(board.target)).arg("-o").arg(linked);
    Ok(linker)
}

fn check_symbols(symbols: &[String], entries: &[String]) -> Result<()> {
    let missing = entries.iter().find(|entry| !symbols.contains(entry));
    ensure!(missing.is_none(), "the library lacks {missing:?}");
    let found = symbols.iter().find(|symbol| FORBIDDEN.iter().any(|part| symbol.contains(part)));
    ensure!(found.is_none(), "the C library can reach {found:?}");
    Ok(())
}

fn board_called(name: &str) -> Result<&'static Board> {
    boards::find(name).with_context(|| format!("{name} is missing from the board table"))
}

fn cargo_for(board: &Board, subcommand: &str) -> Command {
    let mut cargo = host_cargo(subcommand);
    cargo.args(["--target", board.target]).env("RUSTFLAGS", board.rustflags.join(" "));
    cargo.env_remove("CARGO_ENCODED_RUSTFLAGS");
    cargo
}

fn host_cargo(subcommand: &str) -> Command {
    let mut cargo = cargo([subcommand, "--release"]);
    cargo.current_dir(directory()).arg("--target-dir").arg(build_dir());
    cargo
}

fn library(target: &str) -> PathBuf {
    build_dir().join(target).join("release/librnn.a")
}

fn linked(board: &Board) -> PathBuf {
    build_dir().join(board.target).join("linked.elf")
}

fn directory() -> PathBuf {
    root().join("c-example")
}

fn build_dir() -> PathBuf {
    target_dir().join("c-example")
}
