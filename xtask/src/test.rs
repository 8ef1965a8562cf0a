//! `cargo xtask test`: all checks, in order.

mod c_library;
mod core_crate;
mod dependencies;
mod fuzz;
mod host;
mod host_crates;
mod import;
mod memory;
mod portable;
mod programs;
mod real_board;
mod selftest;
mod sixteen;
mod words;

use crate::bench;
use crate::boards::BOARDS;
use crate::demo;
use crate::report::Report;
use crate::setup;
use crate::size;
use anyhow::Result;
use std::process::ExitCode;

/// Runs the steps whose name contains `word`.
pub fn test(word: &str) -> Result<ExitCode> {
    let mut report = Report::new(word);
    setup::rustfmt()?;
    report.step("format", host::format);
    report.step("words", words::openings);
    if !["format", "words"].contains(&word) {
        // Not a step that can be selected: the other steps need it.
        setup::clippy()?;
        setup::boards()?;
        setup::python()?;
    }
    report.step("lints: host", host::lints);
    report.step("lints: firmware", programs::lints);
    report.step("lints: C library", c_library::lints);
    report.step("lints: real board", real_board::lints);
    report.step("lints: fuzz", fuzz::lints);
    report.step("host tests", host::tests);
    report.step("host tests: no stack overflow in debug", host::unoptimised);
    report.step("fuzz: committed inputs", fuzz::corpus);
    report.step("documentation tests", host::doc_tests);
    report.step("compiler messages", host::messages);
    report.step("documentation", host::documentation);
    report.step("documentation: firmware", programs::documentation);
    for feature in core_crate::FEATURES {
        report.step(format!("core on every target: {feature}"), || core_crate::builds(feature));
    }
    report.step("core: dependencies", core_crate::dependencies);
    report.step("host crates: each builds alone", host_crates::builds);
    report.step("host crates: dependencies", host_crates::dependencies);
    report.step("dependencies: licences and sources", dependencies::licences);
    dependencies::advisories(&mut report);
    report.step("C library: no panic and no heap", c_library::no_panic);
    report.step("C library: an entry that panics does not link", c_library::panic_does_not_link);
    report.step("C library: a program in C", c_library::program);
    for board in &BOARDS {
        report.step(format!("firmware: {} ({})", board.name, board.core), || programs::run_all(board));
    }
    report.step("firmware: networks from PyTorch, on every board", import::reproduces);
    report.step("firmware: does not start with a wrong weight", selftest::fails);
    report.step("firmware: without assembly", portable::portable);
    report.step("instructions: no more than committed", bench::test);
    report.step("sizes: close to the committed ones", size::test);
    report.step("firmware: learning in 16 KB", sixteen::learns);
    report.step("firmware: a watch adapts to its wearer", programs::watch);
    report.step("firmware: what was learned is put into integers", programs::shrink);
    report.step("real board: built, not run", real_board::builds);
    report.step("real board: its image", real_board::model);
    report.step("demo", demo::test);
    report.step("firmware: an LSTM learns in 30 KB of flash and 8 KB of RAM", programs::small);
    report.step("firmware: zero-initialised statics take no flash", programs::statics);
    report.step("firmware: memory table against linked programs", memory::table);
    report.step("firmware: no allocator", programs::no_allocator);
    report.step("firmware: a program too large does not link", programs::too_large);
    Ok(if report.finish() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
