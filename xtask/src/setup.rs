//! Installation of missing tools: Rust targets and components through rustup, QEMU and Chromium through the
//! system's package manager.

use crate::boards::BOARDS;
use crate::command::{cargo, output, root, run, target_dir, works};
use anyhow::{Context, Result, bail, ensure};
use std::io::{IsTerminal, stdin};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Installs the tools for the boards.
pub fn boards() -> Result<()> {
    targets()?;
    program(&[QEMU], [QEMU, QEMU, QEMU, "qemu"]).map(|_| ())
}

/// Returns the name of a browser that can run headless; installs one if necessary.
pub fn browser() -> Result<&'static str> {
    program(&["chromium", "chromium-browser", "google-chrome"], ["chromium"; 4])
}

/// Installs Python, which runs the program in `docs/image-format.md`.
pub fn python() -> Result<()> {
    program(&["python3"], ["python3", "python3", "python", "python"]).map(|_| ())
}

/// Installs the tools for the lints.
pub fn clippy() -> Result<()> {
    component("clippy", "clippy")
}

/// Installs the tools for the format check.
pub fn rustfmt() -> Result<()> {
    component("rustfmt", "fmt")
}

fn component(name: &str, subcommand: &str) -> Result<()> {
    if works("cargo", &[subcommand, "--version"]) { Ok(()) } else { rustup(&["component", "add", name]) }
}

/// Installs the C++ compiler for libFuzzer.
pub fn cplusplus() -> Result<()> {
    program(&["c++", "g++", "clang++"], ["g++", "gcc-c++", "gcc", "gcc"]).map(|_| ())
}

/// Installs a nightly toolchain with Miri, which stable toolchains lack, and the components that Miri needs.
pub fn miri() -> Result<&'static str> {
    let there = works("rustup", &["run", NIGHTLY, "cargo", "miri", "--version"]);
    let component =
        |name| output(Command::new("rustup").args(["component", "list", "--installed", "--toolchain", name]));
    if !there || !component(NIGHTLY)?.lines().any(|line| line.starts_with("rust-src")) {
        rustup(&["toolchain", "install", NIGHTLY, "--profile", "minimal", "--component", "miri,rust-src"])?;
    }
    Ok(NIGHTLY)
}

const NIGHTLY: &str = "nightly";

/// Returns the path of cargo-deny: the installed one, or our own. Ours is compiled without optimisation,
/// which takes a minute, since it runs for only a second.
pub fn cargo_deny() -> Result<PathBuf> {
    let ours = target_dir().join("tools");
    let found =
        || ["cargo-deny".into(), ours.join("bin/cargo-deny")].into_iter().find(|path| works(path, &["--version"]));
    if found().is_none() {
        let install = ["install", "cargo-deny", "--version", DENY, "--locked", "--debug", "--root"];
        run(cargo(install).arg(&ours)).context("this needs cargo-deny: `cargo install cargo-deny --locked`")?;
    }
    found().context("cargo-deny was installed, but cannot be run")
}

/// Version known to compile with our Rust.
const DENY: &str = "0.20.2";

/// Returns the target of this machine.
pub fn host() -> Result<String> {
    Ok(rustc("host-tuple")?.trim().into())
}

fn rustc(what: &str) -> Result<String> {
    output(Command::new("rustc").current_dir(root()).args(["--print", what]))
}

/// Returns the path of a tool of the toolchain's own LLVM, which can read the output of this rustc.
pub fn llvm_tool(name: &str) -> Result<PathBuf> {
    let tool = Path::new(rustc("sysroot")?.trim()).join("lib/rustlib").join(host()?).join("bin").join(name);
    if !tool.exists() {
        rustup(&["component", "add", "llvm-tools"])?;
    }
    Ok(tool)
}

/// Returns every target of the board table, once, in the order of the table.
pub fn target_names() -> Vec<&'static str> {
    let mut names: Vec<_> = BOARDS.iter().map(|board| board.target).collect();
    names.dedup();
    names
}

/// Target that the core is built for although no board has it: Cortex-M4 and M7 without a floating-point unit.
const WITHOUT_UNIT: &str = "thumbv7em-none-eabi";

/// Returns every target that the core is built for.
pub fn core_targets() -> impl Iterator<Item = &'static str> {
    target_names().into_iter().chain([WITHOUT_UNIT])
}

fn targets() -> Result<()> {
    for target in core_targets() {
        if !has_target(target)? {
            rustup(&["target", "add", target])?;
        }
    }
    Ok(())
}

fn has_target(target: &str) -> Result<bool> {
    let mut rustc = Command::new("rustc");
    let library = output(rustc.current_dir(root()).args(["--print", "target-libdir", "--target", target]))?;
    Ok(Path::new(library.trim()).is_dir())
}

fn rustup(arguments: &[&str]) -> Result<()> {
    let by_hand = format!("rustup {}", arguments.join(" "));
    let advice = format!("this needs `{by_hand}`; rustup is at https://rustup.rs");
    ensure!(works("rustup", &["--version"]), "rustup was not found: {advice}");
    run(Command::new("rustup").current_dir(root()).args(arguments)).context(advice)
}

const QEMU: &str = "qemu-system-arm";

/// Package managers, their install commands (the package name follows the last one), and whether they need root.
const MANAGERS: [(&str, &[&[&str]], bool); 4] = [
    ("apt-get", &[&["update"], &["install", "-y", "--no-install-recommends"]], true),
    ("dnf", &[&["install", "-y"]], true),
    ("pacman", &[&["-Sy", "--noconfirm"]], true),
    ("brew", &[&["install"]], false),
];

/// Returns the first available program of `names`. If none is available, installs the first from `packages`,
/// which has one package for each manager.
fn program(names: &[&'static str], packages: [&str; MANAGERS.len()]) -> Result<&'static str> {
    let found = || names.iter().copied().find(|name| works(name, &["--version"]));
    if let Some(name) = found() {
        return Ok(name);
    }
    let name = names[0];
    println!("{name} is missing");
    let mut managers = MANAGERS.iter().zip(packages);
    let Some(((manager, commands, needs_root), package)) = managers.find(|((name, ..), _)| works(name, &["--version"]))
    else {
        bail!("found none of apt-get, dnf, pacman and brew; install {name} by hand");
    };
    for (n, arguments) in commands.iter().enumerate() {
        let advice = || format!("install {name} by hand, or run this as a user who may use {manager}");
        let package = (n + 1 == commands.len()).then_some(package);
        run(as_root(manager, *needs_root).args(*arguments).args(package)).with_context(advice)?;
    }
    found().with_context(|| format!("{manager} ran, but {name} is still missing; install it by hand"))
}

/// Returns a command that runs the package manager, through sudo if it needs root and the user is not root. Sudo asks
/// for a password only on a terminal.
fn as_root(manager: &str, needs_root: bool) -> Command {
    let mut command = if !needs_root || is_root() { Command::new("env") } else { Command::new("sudo") };
    if command.get_program() == "sudo" {
        command.args(if stdin().is_terminal() { &["env"][..] } else { &["-n", "env"] });
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", manager]);
    command
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|user| user.trim() == "0")
}
