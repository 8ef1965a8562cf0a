//! `cargo xtask bench`: what a step and learning cost, beside the best figures of others.

mod cycles;
mod disassembly;
mod log;
mod trace;
mod variant;

use crate::setup;
use anyhow::Result;
use std::process::ExitCode;
use variant::{Measured, Variant};

/// Without it the M55 computes with vector floats.
const SCALAR_FLOATS: &str = "-Ctarget-feature=-mve.fp";

const VARIANTS: [Variant; 6] = [
    Variant { board: "mps2-an386", without: None, opt_level: "3", cycles: true },
    Variant { board: "mps2-an386", without: None, opt_level: "s", cycles: true },
    Variant { board: "mps2-an500", without: None, opt_level: "3", cycles: false },
    Variant { board: "mps2-an500", without: None, opt_level: "s", cycles: false },
    Variant { board: "mps3-an547", without: Some(SCALAR_FLOATS), opt_level: "3", cycles: false },
    Variant { board: "mps3-an547", without: Some(SCALAR_FLOATS), opt_level: "s", cycles: false },
];

/// Measures everything and writes the page.
pub fn bench() -> Result<ExitCode> {
    setup::boards()?;
    for variant in VARIANTS {
        print(&variant.measure("")?);
    }
    Ok(ExitCode::SUCCESS)
}

/// Measures what has `word` in its name, on the Cortex-M4F at opt-level 3, and writes nothing.
pub fn only(word: &str) -> Result<ExitCode> {
    setup::boards()?;
    let [first, ..] = VARIANTS;
    print(&first.measure(word)?);
    Ok(ExitCode::SUCCESS)
}

fn print(Measured { variant, flags, figures, cycles, lines }: &Measured) {
    println!("{}, {flags}, opt-level {}", variant.board, variant.opt_level);
    for figure in figures {
        let cycles =
            cycles.get(&figure.address).map_or(String::new(), |estimate| format!("{:9} cycles", estimate.cycles));
        println!("{:30} {:9} instructions {cycles}", figure.name, figure.instructions);
    }
    lines.iter().filter(|line| line.text.ends_with(" bytes")).for_each(|line| println!("{}", line.text));
}
