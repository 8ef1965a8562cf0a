//! Builds of `bench` that are measured.

use super::cycles::Estimate;
use super::log::{self, Figure};
use super::trace;
use crate::boards::{self, Board};
use crate::command::run;
use crate::firmware::{built, cargo_for, elf};
use crate::qemu::{self, Line};
use anyhow::{Context, Result, ensure};
use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// Board, build of the program, and whether its cycles are estimated.
#[derive(Debug, Clone, Copy)]
pub struct Variant {
    pub board: &'static str,
    /// Compiler flag of the board to leave out.
    pub without: Option<&'static str>,
    pub opt_level: &'static str,
    pub cycles: bool,
}

/// Measurements of a variant.
pub struct Measured {
    pub variant: Variant,
    pub flags: String,
    pub figures: Vec<Figure>,
    /// Estimate for each function, by address.
    estimates: HashMap<u32, Estimate>,
    pub lines: Vec<Line>,
}

/// Time limit on the host; a run takes seconds.
const LIMIT: Duration = Duration::from_secs(120);
/// Time limit on the host; a trace takes a minute on a slow core.
const TRACE_LIMIT: Duration = Duration::from_secs(900);
/// Name of the function that ends the trace, as in the log.
const END: &str = "trace ends here";

impl Variant {
    /// Builds and runs `bench`, and reads the traces of the functions whose names contain `word`.
    pub fn measure(self, word: &str) -> Result<Measured> {
        let board = boards::find(self.board).context("a board of the bench is missing from the board table")?;
        let (flags, program) = self.build(board)?;
        let outcome = qemu::run(board, &program, LIMIT, |_| {})?;
        ensure!(outcome.exit_code == 0, "the program ended with code {}", outcome.exit_code);
        let (figures, ends): (Vec<_>, Vec<_>) = log::figures(&outcome.lines)
            .into_iter()
            .partition(|figure| figure.name.contains(word) && figure.name != END);
        ensure!(!figures.is_empty(), "the program measured nothing whose name contains {word}");
        let mut estimates = HashMap::new();
        if self.cycles {
            println!("reading QEMU's execution trace");
            estimates = trace::estimates(board, &program, &addresses(&figures), &addresses(&ends), TRACE_LIMIT)?;
        }
        Ok(Measured { variant: self, flags, figures, estimates, lines: outcome.lines })
    }

    fn build(self, board: &Board) -> Result<(String, PathBuf)> {
        let flags: Vec<_> = board.rustflags.iter().copied().filter(|flag| Some(*flag) != self.without).collect();
        let flags = flags.join(" ");
        let mut cargo = cargo_for(board, "build");
        cargo.args(["--release", "--bin", "bench"]).env("RUSTFLAGS", &flags);
        run(cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt_level))?;
        let program = elf(board, &format!("bench-{}", self.opt_level));
        fs::create_dir_all(elf(board, ""))?;
        fs::copy(built(board, "bench"), &program).context("bench was not built")?;
        Ok((flags, program))
    }
}

impl Measured {
    fn figure(&self, name: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.name == name)
    }

    /// Returns the number of instructions in a call.
    pub fn instructions(&self, name: &str) -> Option<u64> {
        Some(self.figure(name)?.instructions)
    }

    /// Returns the estimated cycles of a call.
    pub fn cycles(&self, name: &str) -> Option<u64> {
        Some(self.estimates.get(&self.figure(name)?.address)?.cycles)
    }

    /// Returns the bytes of memory for training.
    pub fn bytes(&self, cell: &str, math: &str) -> Option<u64> {
        let start = format!("{cell} {math} training: ");
        self.lines.iter().find_map(|line| line.text.strip_prefix(&start)?.strip_suffix(" bytes")?.parse().ok())
    }
}

fn addresses(figures: &[Figure]) -> Vec<u32> {
    figures.iter().map(|figure| figure.address).collect()
}
