//! `cargo xtask size`: bytes of each program, and `elman`'s share of the code.

use crate::boards::{self, Board};
use crate::command::root;
use crate::elf::{self, Bytes};
use crate::{firmware, setup};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const BOARD: &str = "netduinoplus2";
/// Programs left out: one must not link, one needs networks that a test imports, and the others need larger
/// boards.
const LEFT_OUT: [&str; 5] = ["too-large", "import", "memory-elman", "memory-gru", "memory-lstm"];
/// Opt-levels: the one used for all board programs, and the one for the smallest size.
const OPT_LEVELS: [&str; 2] = ["3", "s"];
/// Allowed increase of flash above the committed table, per cent.
const TOLERANCE: u64 = 10;

/// Size of a program built at one opt-level.
struct Size {
    program: String,
    opt_level: &'static str,
    bytes: Bytes,
    elman: u64,
}

impl Size {
    fn flash(&self) -> u64 {
        self.bytes.text + self.bytes.rodata + self.bytes.data
    }

    /// Returns the start of the program's row in the table.
    fn key(&self) -> String {
        format!("| `{}` | {} |", self.program, self.opt_level)
    }

    fn row(&self) -> String {
        let Bytes { text, rodata, data, bss } = self.bytes;
        format!("{} {} | {text} | {rodata} | {data} | {bss} | {} |", self.key(), self.flash(), self.elman)
    }
}

/// Prints the sizes next to the committed ones, and updates the committed table.
pub fn size() -> Result<ExitCode> {
    setup::boards()?;
    let mut sizes = Vec::new();
    for opt_level in OPT_LEVELS {
        sizes.extend(built(opt_level)?);
    }
    sizes.sort_by(|a, b| a.program.cmp(&b.program));
    let committed = fs::read_to_string(table()).unwrap_or_default();
    println!("program, opt-level | flash | text | rodata | data | bss | elman in text | previous flash");
    for size in &sizes {
        let before = flash_of(&committed, size).map_or("-".into(), |flash| flash.to_string());
        println!("{} {before} |", size.row());
    }
    fs::write(table(), page(&sizes)).with_context(|| table().display().to_string())?;
    println!("written: docs/sizes.md");
    Ok(ExitCode::SUCCESS)
}

/// Checks that no program takes more flash than the committed table states, within the tolerance.
pub fn test() -> Result<()> {
    let committed = fs::read_to_string(table()).with_context(|| table().display().to_string())?;
    let mut risen = Vec::new();
    for size in built(OPT_LEVELS[0])? {
        let Some(before) = flash_of(&committed, &size) else {
            println!("{}: not in the table yet; `cargo xtask size` adds it", size.program);
            continue;
        };
        if size.flash() * 100 > before * (100 + TOLERANCE) {
            risen.push(format!("{}: {before} -> {}", size.program, size.flash()));
        }
    }
    ensure!(risen.is_empty(), "flash more than {TOLERANCE} % above the committed size: {}", risen.join("; "));
    Ok(())
}

fn table() -> PathBuf {
    root().join("docs/sizes.md")
}

fn flash_of(table: &str, size: &Size) -> Option<u64> {
    table.lines().find_map(|line| line.strip_prefix(&size.key())?.split('|').next()?.trim().parse().ok())
}

fn page(sizes: &[Size]) -> String {
    let rows: Vec<_> = sizes.iter().map(Size::row).collect();
    format!(
        "# Sizes\n\n\
        Written by `cargo xtask size`; do not edit by hand. Bytes of each program of `firmware-example` on {BOARD} (Cortex-M4F), with\n\
        `lto = \"fat\"`, `codegen-units = 1`, `panic = \"abort\"`. Flash is text (vectors and code), rodata (constants) and data (initial\n\
        values of statics); bss holds the statics that start as zero. The stack is not included. The last column is the code\n\
        written in `core/`, according to the debug information: inlined code counts, calls into `libm` and the compiler's\n\
        runtime do not. `vowels` holds the data set, `personalise` one wearer's recordings.\n\n\
        | program | opt-level | flash | text | rodata | data | bss | `elman` in text |\n\
        |---|---|---:|---:|---:|---:|---:|---:|\n{}\n",
        rows.join("\n")
    )
}

fn built(opt_level: &'static str) -> Result<Vec<Size>> {
    let board = boards::find(BOARD).context("the board is missing from the board table")?;
    let programs = programs()?;
    let names: Vec<_> = programs.iter().map(String::as_str).collect();
    firmware::build_with(board, &names, &[("CARGO_PROFILE_RELEASE_OPT_LEVEL", Path::new(opt_level))])?;
    programs.into_iter().map(|program| measure(board, program, opt_level)).collect()
}

fn measure(board: &Board, program: String, opt_level: &'static str) -> Result<Size> {
    let path = firmware::elf(board, &program);
    let (bytes, elman) = (elf::bytes(&path)?, elf::written_in(&path, &root().join("core"))?);
    Ok(Size { program, opt_level, bytes, elman })
}

/// Returns the names of the programs of `firmware-example` except [`LEFT_OUT`], sorted.
fn programs() -> Result<Vec<String>> {
    let entries = fs::read_dir(root().join("firmware-example/src/bin"))?;
    let paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    let sources = paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let names = sources.filter_map(|path| path.file_stem()?.to_str().map(str::to_owned));
    let mut names: Vec<_> = names.filter(|name| !LEFT_OUT.contains(&name.as_str())).collect();
    names.sort();
    Ok(names)
}
