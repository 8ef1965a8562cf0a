//! Steps on the programs of `firmware-example`, run in QEMU.

use crate::boards::{self, BOARDS, Board};
use crate::command::root;
use crate::firmware::{self, cargo_for, elf};
use crate::{command, elf, qemu, setup};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

/// Programs, their exit codes (see `firmware-example/src/exit.rs`), and the RAM of the smallest board that
/// each fits.
const PROGRAMS: [(&str, i32, u32); 17] = [
    ("hello", 0, 16 * KIB),
    ("infer", 0, 16 * KIB),
    ("learn", 0, 16 * KIB),
    ("cells", 0, 16 * KIB),
    ("integers", 0, 16 * KIB),
    ("speakers", 0, 16 * KIB),
    ("fixed", 0, 16 * KIB),
    ("activity", 0, 16 * KIB),
    ("slices", 0, 16 * KIB),
    ("superloop", 0, 16 * KIB),
    ("adapt", 0, 64 * KIB),
    ("kernels", 0, 16 * KIB),
    ("selftest", 0, 16 * KIB),
    ("write", 0, 16 * KIB),
    ("panic", 101, 16 * KIB),
    ("fault", 102, 16 * KIB),
    ("overflow", 103, 16 * KIB),
];

const KIB: u32 = 1024;

/// Time limit on the host. A program takes about a second; training every cell without a floating-point unit
/// takes longer.
const LIMIT: Duration = Duration::from_secs(60);

/// Lints one board of each target. The core is linted with the host's workspace.
pub fn lints() -> Result<()> {
    let targets = setup::target_names();
    let boards = targets.iter().filter_map(|target| BOARDS.iter().find(|board| board.target == *target));
    for board in boards {
        let mut clippy = cargo_for(board, "clippy");
        clippy.args(["--release", "--no-deps", "--lib", "--bins", "--features", "memory,too-large"]);
        command::run(clippy.args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}

/// Builds the documentation of the board support, which is the same for every board.
pub fn documentation() -> Result<()> {
    command::run(cargo_for(netduino()?, "doc").args(["--no-deps", "--lib"]).env("RUSTDOCFLAGS", "-D warnings"))
}

/// Builds and runs every program that fits a board.
pub fn run_all(board: &Board) -> Result<()> {
    let fitting = || PROGRAMS.iter().filter(|(_, _, ram)| *ram <= board.ram.size);
    firmware::build(board, &fitting().map(|(name, ..)| *name).collect::<Vec<_>>())?;
    fitting().try_for_each(|&(name, code, _)| {
        run(board, (name, code), LIMIT).with_context(|| name.to_string())?;
        Ok(())
    })
}

/// Runs a program and returns its log. The exit code, the stored lines of the log and the stored output of the
/// serial port must match.
pub fn run(board: &Board, (program, exit_code): (&str, i32), limit: Duration) -> Result<Vec<qemu::Line>> {
    println!("{program}");
    let outcome = qemu::run(board, &elf(board, program), limit, |line| println!("    {line}"))?;
    ensure!(outcome.exit_code == exit_code, "exit code {}, expected {exit_code}", outcome.exit_code);
    let log: Vec<String> = outcome.lines.iter().map(qemu::Line::to_string).collect();
    contains(&log, &stored(program)?.replace("{board}", board.name))?;
    let sent = fs::read_to_string(beside(program, "serial")).unwrap_or_default();
    ensure!(outcome.serial == sent, "the serial port sent {:?}, not {sent:?}", outcome.serial);
    Ok(outcome.lines)
}

/// Returns the lines that a program must log.
fn stored(program: &str) -> Result<String> {
    let path = beside(program, "out");
    fs::read_to_string(&path).with_context(|| path.display().to_string())
}

/// Returns the path of the file with this extension next to a program's source.
fn beside(program: &str, extension: &str) -> PathBuf {
    root().join("firmware-example/src/bin").join(program).with_extension(extension)
}

/// Checks that the log has the stored lines in order. Other lines, with figures that change with the code, may
/// come between them.
fn contains(log: &[String], stored: &str) -> Result<()> {
    ensure!(!stored.trim().is_empty(), "the stored log is empty");
    let mut log = log.iter();
    stored.lines().try_for_each(|line| {
        ensure!(log.any(|logged| logged == line), "not in the log: {line}");
        Ok(())
    })
}

/// Program that checks the size of its whole firmware, and is therefore built for the smallest size.
const SMALL: &str = "wave";

/// Checks that the smallest firmware that learns keeps its promises on every board.
pub fn small() -> Result<()> {
    for board in &BOARDS {
        println!("{}", board.name);
        firmware::build_with(board, &[SMALL], &[("CARGO_PROFILE_RELEASE_OPT_LEVEL", Path::new("s"))])?;
        run(board, (SMALL, 0), LIMIT)?;
    }
    Ok(())
}

/// Program that runs on one board only, because it executes about 10⁹ instructions.
const WATCH: &str = "personalise";

/// Time limit on the host; a run takes half a minute.
const WATCH_LIMIT: Duration = Duration::from_secs(600);

/// Checks that a model adapts to the wearer of a watch with the same bits as on the host.
pub fn watch() -> Result<()> {
    let board = netduino()?;
    firmware::build(board, &[WATCH])?;
    run(board, (WATCH, 0), WATCH_LIMIT)?;
    Ok(())
}

/// Boards on which a network that learned puts itself into integers: each takes about 10⁹ instructions.
const SHRINKING: [&str; 2] = ["netduinoplus2", "mps2-an505"];

/// Checks that a device that learned in `f32` answers from integers with the same bits as on the host.
pub fn shrink() -> Result<()> {
    for name in SHRINKING {
        let board = boards::find(name).with_context(|| format!("{name} is missing from the board table"))?;
        firmware::build(board, &["shrink"])?;
        run(board, ("shrink", 0), WATCH_LIMIT)?;
    }
    Ok(())
}

/// Programs, each with the statics that hold its network and training memory.
const LEARNERS: [(&str, [&str; 2]); 3] =
    [("slices", ["WHOLE", "WORK"]), (SMALL, ["NET", "WORK"]), (WATCH, ["WHOLE", "WORK"])];

/// Checks that the network and training memory of the linked program take the bytes that its stored log
/// states, and none in flash.
pub fn statics() -> Result<()> {
    let board = netduino()?;
    for (program, names) in LEARNERS {
        firmware::build(board, &[program])?;
        let path = elf(board, program);
        let stored = stored(program)?;
        let known = stored.split_once(" updates of ").and_then(|(_, rest)| rest.split_once(" bytes"));
        let known: u64 = known.context("the stored log does not state the bytes")?.0.parse()?;
        let linked = elf::zero_statics(&path, &names)?;
        ensure!(linked == known, "{program}: {names:?} take {linked} bytes, not {known}");
        let data = elf::bytes(&path)?.data;
        ensure!(data == 0, "{program}: {data} bytes of initial values in flash");
    }
    Ok(())
}

fn netduino() -> Result<&'static Board> {
    boards::find("netduinoplus2").context("netduinoplus2 is missing from the board table")
}

/// Returns the board with the least memory.
pub fn microbit() -> Result<&'static Board> {
    boards::find("microbit").context("the micro:bit is missing from the board table")
}

/// Names of the symbols that the compiler generates for a global allocator.
const ALLOCATOR: [&str; 4] = ["__rust_alloc", "__rg_alloc", "__rdl_alloc", "__rust_no_alloc_shim"];

/// Checks that a thumbv6m program links without a global allocator. Link-time optimisation is off: it would
/// remove the allocator's names, but not the allocator.
pub fn no_allocator() -> Result<()> {
    let board = microbit()?;
    command::run(
        cargo_for(board, "build").args(["--release", "--bin", "slices"]).env("CARGO_PROFILE_RELEASE_LTO", "off"),
    )?;
    let symbols = elf::symbols(&firmware::built(board, "slices"))?;
    ensure!(symbols.iter().any(|symbol| symbol == "main"), "the program has no symbols");
    let found = symbols.iter().find(|symbol| ALLOCATOR.iter().any(|name| symbol.contains(name)));
    ensure!(found.is_none(), "the program contains an allocator: {found:?}");
    Ok(())
}

/// Checks that a static larger than the micro:bit's RAM stops the linker, and that the error names the memory
/// region.
pub fn too_large() -> Result<()> {
    let mut build = cargo_for(microbit()?, "build");
    build.args(["--release", "--bin", "too-large", "--features", "too-large"]);
    let output = build.stdin(Stdio::null()).output()?;
    let message = String::from_utf8_lossy(&output.stderr);
    ensure!(!output.status.success(), "the program was linked although it is too large");
    ensure!(message.contains("will not fit in region 'RAM'"), "linking failed for another reason:\n{message}");
    Ok(())
}
