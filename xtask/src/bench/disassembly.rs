//! Instructions of a program, as printed by `llvm-objdump`.

use super::cycles::{Code, Instruction};
use crate::command::output;
use crate::setup;
use anyhow::{Result, ensure};
use std::path::Path;
use std::process::Command;

/// Disassembles a program.
pub fn disassemble(elf: &Path) -> Result<Code> {
    let mut objdump = Command::new(setup::llvm_tool("llvm-objdump")?);
    let code: Code = output(objdump.arg("--disassemble").arg(elf))?.lines().filter_map(instruction).collect();
    ensure!(!code.is_empty(), "{} holds no instructions", elf.display());
    Ok(code)
}

/// Parses a line `address: halfwords <tab> name <tab> operands @ comment`.
fn instruction(line: &str) -> Option<(u32, Instruction)> {
    let mut fields = line.split('\t');
    let (address, halfwords) = fields.next()?.split_once(": ")?;
    let address = u32::from_str_radix(address.trim(), 16).ok()?;
    let size = 2 * u32::try_from(halfwords.split_whitespace().count()).ok()?;
    let name = fields.next()?.trim();
    let operands = fields.next().unwrap_or_default();
    let operands = operands.split(['@', '<']).next().unwrap_or_default().trim();
    Some((address, Instruction::new(name, operands, size)))
}
