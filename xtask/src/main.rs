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
cargo xtask demo                 run the demonstration
cargo xtask bench [WORD]         measure inference and training against other libraries and write docs/benchmarks.md; with
                                 WORD, only print the figures whose name contains it, for the Cortex-M4F
cargo xtask size                 measure the bytes of each program of firmware-example and write docs/sizes.md
cargo xtask deep [WORD] [--text PATH]
                                 run the slow proofs: networks trained with five seeds each, pages
                                 opened in a browser, and outputs under attack; with the path of
                                 tiny-shakespeare, also training on it; `deep fuzz`: random bytes
                                 for every reader; `deep miri`: tests that touch bytes, run under Miri
cargo xtask speed                time an iteration of min-char-rnn here and in NumPy, in turn on this machine";

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
        ["deep"] => deep::deep("", None),
        ["deep", "--text", text] => deep::deep("", Some(text.as_ref())),
        ["deep", word] => deep::deep(word, None),
        ["deep", word, "--text", text] => deep::deep(word, Some(text.as_ref())),
        ["speed"] => speed::speed(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
