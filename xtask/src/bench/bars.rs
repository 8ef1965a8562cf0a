//! Goals of `elman` relative to the best of the other libraries.

use super::peers::{self, HELIUM, INSTRUCTIONS, INTEGERS, LEARNING, LEARNING_CYCLES, SHAPES};
use super::{CELLS, MATHS, Results, step};

/// Goal: our figure, the best peer's figure, and the largest allowed ratio of the two.
pub struct Bar {
    pub what: String,
    pub ours: u64,
    pub theirs: u64,
    pub peer: &'static str,
    pub most: f64,
}

impl Bar {
    pub fn ratio(&self) -> f64 {
        self.ours as f64 / self.theirs as f64
    }

    pub fn is_met(&self) -> bool {
        self.ratio() <= self.most
    }
}

/// Returns all goals.
pub fn all(results: &Results) -> Vec<Bar> {
    let mut bars = steps(results);
    bars.extend(integers(results));
    bars.extend(learning(results));
    bars
}

fn steps(results: &Results) -> Vec<Bar> {
    let mut bars = Vec::new();
    for (cell, math) in CELLS.iter().flat_map(|cell| MATHS.map(|math| (*cell, math))) {
        let most = match (cell, math) {
            (_, "Libm") => 1.0,
            ("Elman", _) => 0.6,
            _ => 0.65,
        };
        for shape in 0..SHAPES.len() {
            let cycles = results.m4.cycles(&step(cell, math, shape));
            let what = format!("Cortex-M4F, estimated cycles: {}", step(cell, math, shape));
            bars.extend(bar(what, cycles, peers::best(&peers::CYCLES, cell, shape), most));
        }
    }
    for (board, measured, peers, most) in [
        ("Cortex-M7, instructions", &results.m7, &INSTRUCTIONS[..], 0.65),
        ("Cortex-M55, instructions", &results.m55, &HELIUM[..], 1.0),
    ] {
        for (cell, shape) in CELLS.iter().flat_map(|cell| (0..SHAPES.len()).map(move |shape| (*cell, shape))) {
            let name = step(cell, "Fast", shape);
            let what = format!("{board}: {name}");
            bars.extend(bar(what, measured.instructions(&name), peers::best(peers, cell, shape), most));
        }
    }
    bars
}

/// Returns the goals for steps in integers; each shape has its own ratio.
fn integers(results: &Results) -> Vec<Bar> {
    let mut bars = Vec::new();
    for (cell, aims) in [("LSTM", [0.58, 0.6, 0.65]), ("GRU", [0.75, 0.65, 0.58])] {
        for (shape, most) in aims.into_iter().enumerate() {
            let name = step(cell, "int8", shape);
            let what = format!("Cortex-M4F, estimated cycles: {name}");
            bars.extend(bar(what, results.m4.cycles(&name), peers::best(&INTEGERS, cell, shape), most));
        }
    }
    bars
}

fn learning(results: &Results) -> Vec<Bar> {
    let mut bars = Vec::new();
    for (cell, math) in CELLS.iter().flat_map(|cell| MATHS.map(|math| (*cell, math))) {
        let Some(peer) = LEARNING.iter().find(|peer| peer.cell == cell) else { continue };
        let [_, (phase, theirs), ..] = peer.figures;
        let name = format!("{cell} {math} {phase}");
        let most = if cell == "Elman" { 0.5 } else { 0.4 };
        let what = format!("Cortex-M4F, instructions: {name}");
        bars.extend(bar(what, results.m4.instructions(&name), Some((peer.peer, theirs)), most));
        if cell == LEARNING_CYCLES.cell {
            let [_, (_, theirs), ..] = LEARNING_CYCLES.figures;
            let what = format!("Cortex-M4F, estimated cycles: {name}");
            bars.extend(bar(what, results.m4.cycles(&name), Some((peer.peer, theirs)), most));
        }
        let what = format!("training memory, bytes: {cell} {math}");
        bars.extend(bar(what, results.m4.bytes(cell, math), Some((peer.peer, peer.ram)), 1.0));
    }
    bars
}

fn bar(what: String, ours: Option<u64>, theirs: Option<(&'static str, u64)>, most: f64) -> Option<Bar> {
    let ((peer, theirs), ours) = (theirs?, ours?);
    Some(Bar { what, ours, theirs, peer, most })
}
