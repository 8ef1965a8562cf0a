//! `cargo xtask bench`: cost of a step and of training, compared with the best figures of other libraries.

mod bars;
mod cycles;
mod disassembly;
mod log;
mod page;
mod peers;
mod small;
mod table;
mod trace;
mod variant;

use crate::command::{output, root};
use crate::setup;
use anyhow::{Context, Result};
use peers::SHAPES;
use small::Firmware;
use std::fs;
use std::process::{Command, ExitCode};
use variant::{Measured, Variant};

/// Flag that makes the M55 compute without vector floats.
const SCALAR_FLOATS: &str = "-Ctarget-feature=-mve.fp";

const fn cortex_m4(opt_level: &'static str) -> Variant {
    Variant { board: "mps2-an386", without: None, opt_level, cycles: true }
}
const fn cortex_m7(opt_level: &'static str) -> Variant {
    Variant { board: "mps2-an500", without: None, opt_level, cycles: false }
}
const fn cortex_m55(opt_level: &'static str) -> Variant {
    Variant { board: "mps3-an547", without: Some(SCALAR_FLOATS), opt_level, cycles: false }
}

const CELLS: [&str; 3] = ["Elman", "GRU", "LSTM"];
const MATHS: [&str; 2] = ["Fast", "Libm"];
const PHASES: [&str; 4] = ["forward", "forward+backward", "clip", "clip+RMSprop"];

/// Returns the name of a step in the log of `bench`.
fn step(cell: &str, math: &str, shape: usize) -> String {
    let (inputs, units) = SHAPES[shape];
    format!("{cell} {math} step {inputs}x{units}")
}

fn multiply_adds(cell: &str, shape: usize) -> u64 {
    let gates = match cell {
        "GRU" => 3,
        "LSTM" => 4,
        _ => 1,
    };
    let (inputs, units) = SHAPES[shape];
    gates * units * (inputs + units)
}

/// All measurements; `small` stands for opt-level "s".
struct Results {
    m4: Measured,
    m4_small: Measured,
    m7: Measured,
    m7_small: Measured,
    m55: Measured,
    m55_small: Measured,
    firmware: Firmware,
}

impl Results {
    fn each(&self) -> [&Measured; 6] {
        [&self.m4, &self.m4_small, &self.m7, &self.m7_small, &self.m55, &self.m55_small]
    }
}

/// Measures everything, and writes the page and the table that the tests compare against.
pub fn bench() -> Result<ExitCode> {
    setup::boards()?;
    let measure = |variant: Variant| variant.measure("").inspect(print);
    // Learning at opt-level "s" is not on the page, and its trace would take the longest.
    let measure_steps = |variant: Variant| variant.measure("step").inspect(print);
    let results = Results {
        m4: measure(cortex_m4("3"))?,
        m4_small: measure_steps(cortex_m4("s"))?,
        m7: measure(cortex_m7("3"))?,
        m7_small: measure_steps(cortex_m7("s"))?,
        m55: measure(cortex_m55("3"))?,
        m55_small: measure_steps(cortex_m55("s"))?,
        firmware: small::measure()?,
    };
    for bar in bars::all(&results) {
        let verdict = if bar.is_met() { "met   " } else { "MISSED" };
        println!("{verdict} {:.2} of {} (aim {}): {}", bar.ratio(), bar.peer, bar.most, bar.what);
    }
    table::write(&results.m4.figures)?;
    let path = root().join("docs/benchmarks.md");
    fs::write(&path, page::page(&results, &versions()?)).with_context(|| path.display().to_string())?;
    println!("wrote docs/benchmarks.md and firmware-example/src/bin/bench.tsv");
    Ok(ExitCode::SUCCESS)
}

/// Measures the functions whose name contains `word`, on the Cortex-M4F at opt-level 3, and writes nothing.
pub fn only(word: &str) -> Result<ExitCode> {
    setup::boards()?;
    print(&cortex_m4("3").measure(word)?);
    Ok(ExitCode::SUCCESS)
}

/// Checks that no instruction count on the Cortex-M4F at opt-level 3 is too far above the committed one.
pub fn test() -> Result<()> {
    let measured = Variant { cycles: false, ..cortex_m4("3") }.measure("")?;
    table::compare(&measured.figures)
}

fn versions() -> Result<Vec<String>> {
    let first = |program: &str| -> Result<String> {
        let said = output(Command::new(program).current_dir(root()).arg("--version"))?;
        Ok(said.lines().next().unwrap_or_default().to_owned())
    };
    Ok(vec![first("rustc")?, first("qemu-system-arm")?])
}

fn print(measured: &Measured) {
    let Measured { variant, flags, figures, lines, .. } = measured;
    println!("{}, {flags}, opt-level {}", variant.board, variant.opt_level);
    for figure in figures {
        let cycles = measured.cycles(&figure.name).map_or(String::new(), |cycles| format!("{cycles:9} cycles"));
        println!("{:30} {:9} instructions {cycles}", figure.name, figure.instructions);
    }
    lines.iter().filter(|line| line.text.ends_with(" bytes")).for_each(|line| println!("{}", line.text));
}
