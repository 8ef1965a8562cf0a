//! Trace of the instructions that a program executes, from QEMU's log.

use super::cycles::{Estimate, Window};
use super::disassembly::disassemble;
use crate::boards::Board;
use crate::command::{output, run};
use crate::setup;
use anyhow::{Context, Result, anyhow};
use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Returns, by address, the instructions and estimated cycles of the last call of each of `functions` before
/// one of `ends` is called.
pub fn estimates(
    board: &Board,
    elf: &Path,
    functions: &[u32],
    ends: &[u32],
    limit: Duration,
) -> Result<HashMap<u32, Estimate>> {
    let code = disassemble(elf)?;
    let mut windows: HashMap<u32, Window> = HashMap::new();
    let mut open: Option<(u32, Window)> = None;
    let all = functions.iter().collect::<HashSet<_>>().len();
    trace(board, &stripped(elf)?, limit, |address| {
        if let Some((function, window)) = &mut open
            && window.push(&code, address)
        {
            windows.insert(*function, std::mem::take(window));
            open = None;
        }
        if open.is_none() && functions.contains(&address) {
            let mut window = Window::default();
            window.push(&code, address);
            open = Some((address, window));
        }
        windows.len() < all || !ends.contains(&address)
    })?;
    Ok(windows.into_iter().map(|(function, window)| (function, window.estimate(&code))).collect())
}

/// Creates a copy without symbols, because QEMU looks up a symbol for each instruction it logs.
fn stripped(elf: &Path) -> Result<PathBuf> {
    let copy = elf.with_extension("stripped");
    run(Command::new(setup::llvm_tool("llvm-strip")?).arg("--strip-all").arg("-o").arg(&copy).arg(elf))?;
    Ok(copy)
}

/// Passes the address of each instruction to `executed` until it returns `false`.
fn trace(board: &Board, elf: &Path, limit: Duration, mut executed: impl FnMut(u32) -> bool) -> Result<()> {
    let mut qemu = Command::new("qemu-system-arm");
    qemu.args(["-M", board.name, "-nographic", "-monitor", "none", "-serial", "none"]);
    qemu.args(["-semihosting-config", "enable=on,target=native"]).args(one_instruction_at_a_time()?);
    qemu.args(["-d", "exec,nochain", "-kernel"]).arg(elf);
    let mut qemu = qemu.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let mut log = BufReader::with_capacity(1 << 20, qemu.stderr.take().context("no standard error")?);
    let (start, mut line, mut count) = (Instant::now(), Vec::new(), 0_u64);
    let outcome = loop {
        line.clear();
        count += 1;
        if log.read_until(b'\n', &mut line)? == 0 {
            break Err(anyhow!("the program ended too early, after {count} instructions"));
        }
        if count % 65_536 == 0 && start.elapsed() > limit {
            break Err(anyhow!("the trace took longer than {} s and was stopped", limit.as_secs()));
        }
        if address(&line).is_some_and(|address| !executed(address)) {
            break Ok(());
        }
    };
    qemu.kill()?;
    qemu.wait()?;
    outcome
}

/// Returns QEMU's option to run one instruction at a time, which was renamed in version 9.
fn one_instruction_at_a_time() -> Result<&'static [&'static str]> {
    let version = output(Command::new("qemu-system-arm").arg("--version"))?;
    let version = version.split_whitespace().find_map(|word| word.split_once('.')?.0.parse::<u32>().ok());
    Ok(match version.context("QEMU does not report its version")? {
        ..9 => &["-singlestep"],
        9.. => &["-accel", "tcg,one-insn-per-tb=on"],
    })
}

/// Parses a line `Trace 0: host address [base/address/flags/flags] symbol`.
fn address(line: &[u8]) -> Option<u32> {
    let start = line.iter().position(|&byte| byte == b'[')?;
    let mut fields = line[start + 1..].split(|&byte| byte == b'/');
    let address = std::str::from_utf8(fields.nth(1)?).ok()?;
    u64::from_str_radix(address, 16).ok()?.try_into().ok()
}
