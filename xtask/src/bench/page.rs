//! Text of `docs/benchmarks.md`.

use super::bars::{self, Bar};
use super::peers::{self, HELIUM, INSTRUCTIONS, LEARNING, LEARNING_CYCLES, SHAPES};
use super::small;
use super::{CELLS, MATHS, PHASES, Results, multiply_adds, step};
use crate::bench::variant::Measured;
use std::fmt::Write;

/// Formats a number in groups of three digits.
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn ratio(ours: u64, theirs: u64) -> String {
    format!("{:.2}", ours as f64 / theirs as f64)
}

/// Writes the cells of a row.
fn row<const N: usize>(page: &mut String, cells: [String; N]) {
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

/// Writes a table head: the first `words` columns are text, the others are numbers.
fn head<const N: usize>(page: &mut String, columns: [&str; N], words: usize) {
    row(page, columns.map(str::to_owned));
    let rule: String = (0..N).map(|column| if column < words { "---|" } else { "---:|" }).collect();
    let _ = writeln!(page, "|{rule}");
}

/// Returns the whole page.
pub fn page(results: &Results, versions: &[String]) -> String {
    let mut page = String::from("# Benchmarks\n\nWritten by `cargo xtask bench`; not edited by hand.\n\n");
    method(&mut page, results, versions);
    aims(&mut page, results);
    steps_m4(&mut page, results);
    small(&mut page, results);
    page += "\n## A step on a Cortex-M7\n\n\
        Instructions. Ratios refer to the best peer on a Cortex-M4F, which has the same instructions; no peer was built for an M7.\n\n";
    steps_other(&mut page, &results.m7, &results.m7_small, &INSTRUCTIONS);
    page += "\n## A step on a Cortex-M55 with vector floats\n\n\
        Instructions. The peers were measured with Helium, and so are these: the flag that turns off vector floats on this board in every\n\
        other program, `-Ctarget-feature=-mve.fp`, is omitted. Vector floats flush denormals to zero, so bits may differ here.\n\n";
    steps_other(&mut page, &results.m55, &results.m55_small, &HELIUM);
    learning(&mut page, results);
    firmware(&mut page, results);
    others(&mut page);
    page
}

fn method(page: &mut String, results: &Results, versions: &[String]) {
    let _ = write!(
        page,
        "## How it is measured\n\n\
        `firmware-example/src/bin/bench.rs` runs in QEMU on three boards, built with `lto = \"fat\"`, `codegen-units = 1`, `panic = \"abort\"`:\n\n"
    );
    head(page, ["board", "core", "rustc flags", "opt-level"], 4);
    for measured in results.each() {
        let core = crate::boards::find(measured.variant.board).map_or("", |board| board.core);
        let flags = format!("`{}`", measured.flags);
        row(page, [measured.variant.board.into(), core.into(), flags, measured.variant.opt_level.into()]);
    }
    let _ = write!(
        page,
        "\n{}.\n\n\
        - **Instructions**: under `-icount shift=0` an instruction takes a nanosecond of virtual time, which SysTick counts. After one \
        warm-up call, 40 calls (4 for training) are counted together, less as many calls of an empty function. Counts repeat exactly.\n\
        - **Estimated cycles**: QEMU is not cycle-accurate. The instructions of one call are read from QEMU's execution trace, and the \
        timings of the Cortex-M4 technical reference manual are applied (table in `xtask/src/bench/cycles.rs`), with zero wait \
        states. A part with slow flash takes more.\n\
        - **Multiply-adds**: Elman H(I+H), GRU 3H(I+H), LSTM 4H(I+H). The measured figures include biases, activations and the state.\n\
        - **Ratios** divide our figure by the best peer's for the same cell, shape and core; below 1 is less work.\n\
        - Weights are in RAM and drawn like the peers'. Cells compute in `f32`, or in integers where it says `int8`. `Fast` and `Libm` are \
        the functions a cell calls. The GRU resets after the product and has two bias vectors; the others have one.\n\n{}\n",
        versions.join("; "),
        peers::SOURCE
    );
}

fn aims(page: &mut String, results: &Results) {
    let bars = bars::all(results);
    let missed = bars.iter().filter(|bar| !bar.is_met()).count();
    let _ = write!(
        page,
        "\n## Aims and results\n\n\
        {} of {} aims are met. The aims were set beforehand, from the peers' figures; M7 and M55 are judged with `Fast`. A step figure covers one step, a training figure one sequence.\n\n",
        bars.len() - missed,
        bars.len()
    );
    head(page, ["", "figure", "best peer", "", "ratio", "aim", ""], 1);
    for bar in &bars {
        let verdict = if bar.is_met() { "met" } else { "**missed**" };
        let Bar { what, ours, theirs, peer, most } = bar;
        let ratio = format!("{:.2}", bar.ratio());
        row(
            page,
            [what.clone(), number(*ours), number(*theirs), (*peer).into(), ratio, format!("{most}"), verdict.into()],
        );
    }
    bound(page, results);
}

/// Number of tanh calls in a training sequence: units times steps.
const TANH_OF_A_SEQUENCE: u64 = 32 * 16;

/// Writes what limits training with `Libm`: the extra cost of its tanh over that of `Fast` is larger than any
/// shortfall from a goal.
fn bound(page: &mut String, results: &Results) {
    let name = |math| format!("Elman {math} forward+backward");
    let more = |figure: fn(&Measured, &str) -> Option<u64>| {
        figure(&results.m4, &name("Libm"))?.checked_sub(figure(&results.m4, &name("Fast"))?)
    };
    let (Some(instructions), Some(cycles)) = (more(Measured::instructions), more(Measured::cycles)) else { return };
    let calls = TANH_OF_A_SEQUENCE;
    let _ = write!(
        page,
        "\nTraining the Elman network with `Libm` is limited by tanh: its {calls} calls per sequence take {} more instructions and {} more estimated cycles \
        than `Fast`'s ({} and {} per call). All other code is the same.\n",
        number(instructions),
        number(cycles),
        number(instructions / calls),
        number(cycles / calls)
    );
}

fn steps_m4(page: &mut String, results: &Results) {
    *page += "\n## A step on a Cortex-M4F\n\nOpt-level 3. \"/ma\" is per multiply-add.\n\n";
    let columns = ["cell", "shape", "functions", "instructions", "/ma", "ratio", "estimated cycles", "/ma", "ratio"];
    head(page, columns, 3);
    each_step(|cell, math, shape| {
        let name = step(cell, math, shape);
        let (Some(instructions), Some(cycles)) = (results.m4.instructions(&name), results.m4.cycles(&name)) else {
            return;
        };
        let each = |figure: u64| format!("{:.2}", figure as f64 / multiply_adds(cell, shape) as f64);
        let to = |peers, figure| peers::best(peers, cell, shape).map_or("".into(), |(_, best)| ratio(figure, best));
        let [by_instructions, by_cycles] = [to(&INSTRUCTIONS[..], instructions), to(&peers::CYCLES[..], cycles)];
        let (inputs, units) = SHAPES[shape];
        let start = [cell.into(), format!("({inputs}, {units})"), math.into()];
        let end = [number(instructions), each(instructions), by_instructions, number(cycles), each(cycles), by_cycles];
        let [a, b, c] = start;
        let [d, e, f, g, h, i] = end;
        row(page, [a, b, c, d, e, f, g, h, i]);
    });
}

fn small(page: &mut String, results: &Results) {
    *page += "\nOpt-level \"s\":\n\n";
    head(page, ["cell", "shape", "functions", "instructions", "/ma", "estimated cycles", "/ma"], 3);
    each_step(|cell, math, shape| {
        let name = step(cell, math, shape);
        let small = &results.m4_small;
        let (Some(instructions), Some(cycles)) = (small.instructions(&name), small.cycles(&name)) else { return };
        let each = |figure: u64| format!("{:.2}", figure as f64 / multiply_adds(cell, shape) as f64);
        let (inputs, units) = SHAPES[shape];
        let shape = format!("({inputs}, {units})");
        let figures = [number(instructions), each(instructions), number(cycles), each(cycles)];
        let [d, e, f, g] = figures;
        row(page, [cell.into(), shape, math.into(), d, e, f, g]);
    });
}

fn steps_other(page: &mut String, fast: &Measured, small: &Measured, peers: &[peers::Steps]) {
    head(page, ["cell", "shape", "functions", "opt-level 3", "/ma", "ratio", "opt-level \"s\""], 3);
    each_step(|cell, math, shape| {
        let name = step(cell, math, shape);
        let (Some(three), Some(s)) = (fast.instructions(&name), small.instructions(&name)) else { return };
        let each = format!("{:.2}", three as f64 / multiply_adds(cell, shape) as f64);
        let to_best = peers::best(peers, cell, shape).map_or("".into(), |(_, best)| ratio(three, best));
        let (inputs, units) = SHAPES[shape];
        let shape = format!("({inputs}, {units})");
        row(page, [cell.into(), shape, math.into(), number(three), each, to_best, number(s)]);
    });
}

fn each_step(mut f: impl FnMut(&'static str, &'static str, usize)) {
    for cell in CELLS {
        for shape in 0..SHAPES.len() {
            MATHS.iter().for_each(|math| f(cell, math, shape));
        }
    }
}

fn learning(page: &mut String, results: &Results) {
    *page += "\n## Training on a sequence on a Cortex-M4F\n\n\
        A vocabulary of 32 symbols, 32 units, 16 steps with a target each, dense read-out, softmax cross-entropy; a symbol is an index\n\
        (`Token`). \"Forward\" is the loss alone, \"forward+backward\" adds the gradient of the weights, \"clip\" is the norm of the\n\
        gradient and its factor, \"clip+RMSprop\" is the whole update, which applies the factor to each element. For the peers the last\n\
        is the sum of their two figures. Bytes: weights, gradient, moments and tape, all static (`Trainer::BYTES`); for KANN, its heap.\n\n\
        Instructions, opt-level 3:\n\n";
    let columns = ["cell", "functions or peer", "forward", "forward+backward", "clip", "clip+RMSprop", "bytes"];
    head(page, columns, 2);
    let table = |page: &mut String, figure: &dyn Fn(&str) -> Option<u64>, cell: &str, who: &str, bytes: Option<u64>| {
        let figures = PHASES.map(|phase| figure(phase).map_or(String::new(), number));
        let [a, b, c, d] = figures;
        row(page, [cell.into(), who.into(), a, b, c, d, bytes.map_or(String::new(), number)]);
    };
    for cell in CELLS {
        for math in MATHS {
            let figure = |phase: &str| results.m4.instructions(&format!("{cell} {math} {phase}"));
            table(page, &figure, cell, math, results.m4.bytes(cell, math));
        }
        for peer in LEARNING.iter().filter(|peer| peer.cell == cell) {
            table(page, &|phase| of(&peer.figures, phase), cell, peer.peer, Some(peer.ram));
        }
    }
    *page += "\nEstimated cycles, opt-level 3:\n\n";
    head(page, columns, 2);
    for cell in CELLS {
        for math in MATHS {
            let figure = |phase: &str| results.m4.cycles(&format!("{cell} {math} {phase}"));
            table(page, &figure, cell, math, results.m4.bytes(cell, math));
        }
        if cell == LEARNING_CYCLES.cell {
            let peer = LEARNING_CYCLES;
            table(page, &|phase| of(&peer.figures, phase), cell, peer.peer, Some(peer.ram));
        }
    }
}

fn of(figures: &[(&str, u64)], phase: &str) -> Option<u64> {
    figures.iter().find(|(name, _)| *name == phase).map(|(_, figure)| *figure)
}

fn firmware(page: &mut String, results: &Results) {
    *page += "\n## A complete firmware that trains\n\n\
        An LSTM from 1 input to 8 units and a linear read-out, 8 updates by SGD from 16 steps: `wave` on netduinoplus2 (Cortex-M4F) at\n\
        opt-level \"s\", with its log, its fault handlers and its start-up code. RAM is its statics plus its deepest stack. burn 0.21\n\
        (`no_std` with an allocator, thumbv7em, opt-level \"z\", LTO) trains the same network; its RAM is the peak of the heap alone, with\n\
        107,772 allocations. The aim is 30 KB of flash and 8 KB of RAM; the program fails above these limits.\n\n";
    head(page, ["", "flash", "RAM"], 1);
    for (name, small::Firmware { flash, ram }) in [("`wave`", &results.firmware), ("burn", &small::BURN)] {
        row(page, [name.into(), number(*flash), number(*ram)]);
    }
}

fn others(page: &mut String) {
    *page += "\n## The peers' steps\n\n";
    for (title, peers) in [
        ("Instructions, Cortex-M4F:", &INSTRUCTIONS[..]),
        ("Estimated cycles, Cortex-M4F:", &peers::CYCLES[..]),
        ("Instructions, Cortex-M55 with vector floats:", &HELIUM[..]),
    ] {
        let _ = write!(page, "{title}\n\n");
        head(page, ["cell", "peer", "(6, 32)", "(16, 64)", "(28, 128)"], 2);
        for peers::Steps { cell, peer, figures } in peers {
            let [a, b, c] = figures.map(number);
            row(page, [(*cell).into(), (*peer).into(), a, b, c]);
        }
        page.push('\n');
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
}
