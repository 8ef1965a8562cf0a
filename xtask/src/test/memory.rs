//! Step on `docs/memory.md`: checks each of its rows against linked programs.

use crate::boards::{self, Board};
use crate::command::{root, run};
use crate::elf;
use crate::firmware::{built, cargo_for};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::Path;

/// Board with enough memory for all rows of a cell.
const BOARD: &str = "mps2-an386";

/// Cells, each with the program that holds the statics of its rows.
const CELLS: [(&str, &str); 3] = [("Elman", "memory-elman"), ("Gru", "memory-gru"), ("Lstm", "memory-lstm")];

/// Number of rows of a cell: tapes times shapes.
const ROWS_OF_A_CELL: usize = 4;

/// Names of the optimizers' statics, in the order of the page's columns.
const OPTIMIZERS: [&str; 4] = ["IN_PLACE", "SGD", "RMSPROP", "ADAM"];

/// Checks every figure of the table against statics in `.bss`: one static or, for an optimizer, the network
/// and its workspace.
pub fn table() -> Result<()> {
    let board = boards::find(BOARD).context("the board is missing from the board table")?;
    let bins = CELLS.iter().flat_map(|(_, program)| ["--bin", program]);
    run(cargo_for(board, "build").args(["--release", "--features", "memory"]).args(bins))?;
    let page = fs::read_to_string(root().join("docs/memory.md"))?;
    CELLS.iter().try_for_each(|cell| rows(&page, board, cell))
}

fn rows(page: &str, board: &Board, (cell, program): &(&str, &str)) -> Result<()> {
    let path = built(board, program);
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with(&format!("| `{cell}<"))).collect();
    ensure!(rows.len() == ROWS_OF_A_CELL, "docs/memory.md has {} rows for {cell}", rows.len());
    rows.iter().try_for_each(|line| row(&path, line).with_context(|| (*line).to_owned()))
}

/// Checks a row `| network | weights | state | tape | its bytes | with each optimizer ... |`.
fn row(program: &Path, line: &str) -> Result<()> {
    let columns: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [network, weights, state, tape, bytes, figures @ ..] = &columns[..] else {
        bail!("the row has too few columns")
    };
    let network = if network.contains("<6, 32>") { "SMALL" } else { "LARGE" };
    let tape = format!("{network}_{}", if *tape == "full" { "FULL" } else { "SEGMENTS" });
    check(program, weights, &[network])?;
    check(program, state, &[&format!("{network}_STATE")])?;
    check(program, bytes, &[&tape])?;
    ensure!(figures.len() == OPTIMIZERS.len(), "the row has {} columns for optimizers", figures.len());
    let possible = figures.iter().zip(OPTIMIZERS).filter(|(figure, _)| !figure.is_empty());
    possible
        .map(|(figure, optimizer)| (figure, format!("{tape}_{optimizer}")))
        .try_for_each(|(figure, workspace)| check(program, figure, &[network, &workspace]))
}

fn check(program: &Path, figure: &str, statics: &[&str]) -> Result<()> {
    let (figure, linked): (u64, _) = (figure.parse()?, elf::zero_statics(program, statics)?);
    ensure!(linked == figure, "{statics:?} take {linked} bytes, not {figure}");
    Ok(())
}
