//! `cargo xtask`: sets up the machine and runs the tests, the boards in QEMU and the demonstration.

mod bench;
#[path = "../../firmware-example/boards.rs"]
#[allow(dead_code, reason = "the memory maps are read by the build script of firmware-example")]
mod boards;
mod browser;
mod command;
mod deep;
mod demo;
mod elf;
mod firmware;
mod qemu;
mod readme;
mod report;
mod setup;
mod size;
mod speed;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask test [WORD]          run all checks; with WORD, only those whose name contains it
cargo xtask qemu BOARD PROGRAM   build a program of firmware-example for a board and run it in QEMU
cargo xtask demo                 the demonstration
cargo xtask bench [WORD]         what a step and learning cost, beside others: writes docs/benchmarks.md; with WORD, only
                                 prints what has it in its name, on the Cortex-M4F
cargo xtask size                 the bytes of each program of firmware-example: writes docs/sizes.md
cargo xtask deep [WORD] [--text PATH] [--data PATH]
                                 the slow proofs: what networks learn, with five seeds each, pages that
                                 open in a browser, and outputs under attack; with the path of a text,
                                 tiny-shakespeare, also what they make of that; with that of the windows
                                 of HAPT (docs/hapt.md), what 450 weights do; `deep fuzz`: random bytes
                                 for every reader; `deep miri`: the tests that touch bytes, interpreted
cargo xtask speed                what an iteration of min-char-rnn takes, and numpy's, in turn on this machine";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments[..] {
        ["test"] => test::test(""),
        ["test", word] => test::test(word),
        ["qemu", board, program] => firmware::command(board, program),
        ["demo"] => demo::demo(),
        ["bench"] => bench::bench(),
        ["bench", word] => bench::only(word),
        ["size"] => size::size(),
        ["deep", ref rest @ ..] => match deep::Chosen::new(rest) {
            Some(chosen) => deep::deep(&chosen),
            None => return usage(),
        },
        ["speed"] => speed::speed(),
        _ => return usage(),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}
