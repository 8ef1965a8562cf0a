//! Writes the memory map and the constants of the board named by `BOARD`, and adds the linker scripts to the
//! linker's arguments.

mod boards;
mod rounded;

use boards::{Board, DEFAULT};
use std::{env, fs, path::PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=boards.rs");
    println!("cargo::rerun-if-changed=rounded.rs");
    println!("cargo::rerun-if-env-changed=BOARD");
    let name = env::var("BOARD").unwrap_or_else(|_| DEFAULT.into());
    let board = boards::find(&name).unwrap_or_else(|| panic!("BOARD={name} is not a board in boards.rs"));
    let target = env::var("TARGET").expect("cargo sets TARGET");
    assert!(target == board.target, "{name} is built with --target {}, not {target}", board.target);
    warn_of_missing_flags(board);

    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("memory.x"), memory_map(board)).expect("OUT_DIR is writable");
    fs::write(out.join("board.rs"), constants(board)).expect("OUT_DIR is writable");
    println!("cargo::rustc-check-cfg=cfg(mpu_guard)");
    if !board.bus_faults {
        println!("cargo::rustc-cfg=mpu_guard");
    }
    model("VOWELS_MODEL", "models/vowels.elman");
    // Every fifth utterance of the test set.
    let utterances = excerpt("../data/japanese-vowels/test.rnnd", usize::MAX, |index, _| index % 5 == 0);
    fs::write(out.join("utterances.rnnd"), utterances).expect("OUT_DIR is writable");
    for (name, part, every) in [("own", "train", 1), ("shown", "train", 27), ("heard", "test", 1)] {
        let set = fs::read(format!("../data/japanese-vowels/{part}.rnnd")).expect("the data set is in the repository");
        fs::write(out.join(name).with_extension("bin"), rounded::rounded(&set, |index| index % every == 0))
            .expect("OUT_DIR is writable");
    }
    // The first twelve seconds of each recording of the subject that `wearer::ON_BOARD` names.
    let wearer = excerpt("../data/smartwatch-physio/recordings.rnnd", 600, |_, group| group == 2);
    fs::write(out.join("wearer.rnnd"), wearer).expect("OUT_DIR is writable");
    println!("cargo::rustc-link-search={}", out.display());
    for argument in ["--nmagic", "-Tlink.x", "-Tdefmt.x"] {
        println!("cargo::rustc-link-arg-bins={argument}");
    }
}

/// Passes the path of a program's weights to the compiler: the file that the environment variable names, or else
/// the committed one.
fn model(variable: &str, kept: &str) {
    println!("cargo::rerun-if-env-changed={variable}");
    let kept = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR")).join(kept);
    let path = env::var_os(variable).map_or(kept, PathBuf::from);
    println!("cargo::rustc-env={variable}={}", path.display());
}

/// Selects sequences of a set by number and group, each cut to `longest` steps. The format is described in
/// `data/README.md`.
fn excerpt(path: &str, longest: usize, keeps: impl Fn(usize, usize) -> bool) -> Vec<u8> {
    println!("cargo::rerun-if-changed={path}");
    let set = fs::read(path).expect("the data set is in the repository");
    let word = |at: usize| u32::from_le_bytes(set[at..at + 4].try_into().expect("four bytes")) as usize;
    let step = 4 * word(12);
    let (mut kept, mut count, mut at) = (set[..20].to_vec(), 0_u32, 20);
    for index in 0..word(8) {
        let (group, steps) = (word(at + 4), word(at + 8));
        if keeps(index, group) {
            let length = steps.min(longest);
            kept.extend_from_slice(&set[at..at + 8]);
            kept.extend_from_slice(&(length as u32).to_le_bytes());
            kept.extend_from_slice(&set[at + 12..at + 12 + length * step]);
            count += 1;
        }
        at += 12 + steps * step;
    }
    kept[8..12].copy_from_slice(&count.to_le_bytes());
    kept
}

/// Warns if the board's flags are missing. A program runs without them, but the measurements published for the
/// board do not apply.
fn warn_of_missing_flags(board: &Board) {
    let given = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    for flag in board.rustflags.iter().filter(|flag| !given.split('\x1f').any(|passed| passed == **flag)) {
        println!("cargo::warning={} is built without {flag}", board.name);
    }
}

/// Returns the linker's memory map. The stack is at the start of RAM, below every static: an overflow leaves RAM
/// and faults without damaging anything. The linker gets the rest of RAM, so statics that do not fit next to the
/// stack do not link.
fn memory_map(board: &Board) -> String {
    let Board { flash, ram, stack, .. } = board;
    format!(
        "MEMORY
{{
  FLASH : ORIGIN = {:#010x}, LENGTH = {:#x}
  RAM : ORIGIN = {:#010x}, LENGTH = {:#x}
}}
_stack_end = {:#010x};
_stack_start = ORIGIN(RAM);
",
        flash.origin,
        flash.size,
        ram.origin + stack,
        ram.size - stack,
        ram.origin,
    )
}

fn constants(board: &Board) -> String {
    format!(
        "/// Name of the board.
pub const NAME: &str = {:?};
/// Core of the board.
pub const CORE: &str = {:?};
/// Clock of the core, hertz.
pub const CLOCK_HZ: u32 = {};
/// First address of RAM.
pub const RAM: u32 = {:#010x};
/// Bytes of RAM for statics: all except the stack.
pub const STATICS: usize = {};
/// Driver of the serial port.
pub type Port = crate::uart::{};
/// First address of the serial port's registers.
pub const SERIAL: usize = {:#010x};
",
        board.name,
        board.core,
        board.clock_hz,
        board.ram.origin,
        board.ram.size - board.stack,
        board.serial.driver,
        board.serial.base
    )
}
