//! Estimated Cortex-M4 cycles of executed instructions.
//!
//! QEMU is not cycle-accurate, and a count of instructions flatters some code: a load-multiple of 8 registers
//! counts as one, and a multiply-accumulate takes 3 cycles where a separate multiply and add take 2. These
//! timings are from the Cortex-M4 technical reference manual (instruction set summary; floating-point unit), with
//! zero wait states:
//!
//! | | cycles |
//! |---|---:|
//! | integer data processing | 1 |
//! | MLA, MLS | 2 |
//! | SDIV, UDIV | 7 (2 to 12) |
//! | load or store | 2, and 1 right after another |
//! | load or store of several registers | 1 + registers, 2 more where it returns |
//! | branch taken | 3 (1 + a refill of 1 to 3) |
//! | branch not taken | 1 |
//! | floating-point addition, multiplication, move, comparison, conversion | 1 |
//! | VMLA, VFMA and kin | 3 |
//! | VDIV, VSQRT | 14 |
//! | where the next instruction reads a floating-point result, but not as the addend of VMLA | 1 more |

use std::collections::HashMap;
use std::ops::AddAssign;

/// Instructions of a program, by address.
pub type Code = HashMap<u32, Instruction>;

/// Properties of an instruction that determine its cycles.
#[derive(Debug)]
pub struct Instruction {
    size: u32,
    kind: Kind,
    flow: Flow,
    /// First operand, which a floating-point instruction writes.
    first: String,
    /// Operands that are read and may be floating-point results.
    sources: Vec<String>,
    /// Set if an operand names the program counter.
    names_pc: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Integer(u64),
    Float(u64),
    /// Load or store of one register.
    LoadStore,
    /// Load or store of several registers, with its cycles.
    Several(u64),
}

/// Position at which execution continues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// At the next instruction.
    On,
    /// Elsewhere: in the same function, or in one that returns on its behalf.
    Branch,
    /// In a function that returns here.
    Call,
    /// Back in the caller.
    Return,
}

/// Cost of a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Estimate {
    pub instructions: u64,
    pub cycles: u64,
}

impl AddAssign<u64> for Estimate {
    /// Counts one more instruction.
    fn add_assign(&mut self, cycles: u64) {
        self.instructions += 1;
        self.cycles += cycles;
    }
}

const CONDITIONS: [&str; 17] =
    ["", "eq", "ne", "cs", "cc", "hs", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le"];

impl Instruction {
    pub fn new(name: &str, operands: &str, size: u32) -> Self {
        let (base, _) = name.split_once('.').unwrap_or((name, ""));
        let (first, rest) = operands.split_once(',').unwrap_or((operands, ""));
        let names_pc = operands.contains("pc");
        let sources = if base == "vstr" { first } else { rest.split('{').next().unwrap_or_default() };
        let sources = sources.split(',').map(|operand| operand.trim().to_owned()).collect();
        let kind = if base.starts_with('v') { float(base, operands) } else { integer(base, operands, names_pc) };
        Self { size, kind, flow: flow(base, operands, names_pc), first: first.trim().into(), sources, names_pc }
    }
}

fn float(base: &str, operands: &str) -> Kind {
    let starts = |names: &[&str]| names.iter().any(|name| base.starts_with(name));
    match base {
        "vldr" | "vstr" => Kind::LoadStore,
        "vmla" | "vmls" | "vnmla" | "vnmls" | "vfma" | "vfms" | "vfnma" | "vfnms" => Kind::Float(3),
        _ if starts(&["vldm", "vstm", "vpush", "vpop"]) => Kind::Several(1 + registers(operands)),
        _ if starts(&["vdiv", "vsqrt"]) => Kind::Float(14),
        _ => Kind::Float(1),
    }
}

fn integer(base: &str, operands: &str, names_pc: bool) -> Kind {
    let starts = |names: &[&str]| names.iter().any(|name| base.starts_with(name));
    match base {
        "mla" | "mls" => Kind::Integer(2),
        _ if starts(&["ldm", "stm", "push", "pop"]) => {
            Kind::Several(1 + registers(operands) + if names_pc { 2 } else { 0 })
        }
        _ if starts(&["ldrd", "strd"]) => Kind::Several(3),
        _ if starts(&["ldr", "str"]) => Kind::LoadStore,
        _ if starts(&["sdiv", "udiv"]) => Kind::Integer(7),
        _ => Kind::Integer(1),
    }
}

/// Returns the number of words that the register list between braces stands for.
fn registers(operands: &str) -> u64 {
    let list = operands.split(['{', '}']).nth(1).unwrap_or_default();
    let words = if list.starts_with('d') { 2 } else { 1 };
    words * list.split(',').count() as u64
}

fn flow(base: &str, operands: &str, names_pc: bool) -> Flow {
    let conditional = |name| base.strip_prefix(name).is_some_and(|condition| CONDITIONS.contains(&condition));
    if conditional("bl") || conditional("blx") {
        Flow::Call
    } else if conditional("bx") && operands == "lr" || names_pc && (base.starts_with("pop") || base.starts_with("ldm"))
    {
        Flow::Return
    } else if conditional("b") || conditional("bx") || ["cbz", "cbnz", "tbb", "tbh"].contains(&base) {
        Flow::Branch
    } else {
        Flow::On
    }
}

/// Addresses that a call executes, in order; complete once the call has returned.
#[derive(Debug, Default)]
pub struct Window {
    addresses: Vec<u32>,
    depth: u32,
}

impl Window {
    /// Adds the next address, which also shows where the previous instruction led. Returns `true` if the call has
    /// ended.
    pub fn push(&mut self, code: &Code, address: u32) -> bool {
        let taken = self.addresses.last().and_then(|last| code.get(last).filter(|from| last + from.size != address));
        match taken.map(|instruction| instruction.flow) {
            Some(Flow::Call) => self.depth += 1,
            Some(Flow::Return) if self.depth == 0 => return true,
            Some(Flow::Return) => self.depth -= 1,
            Some(Flow::Branch | Flow::On) | None => {}
        }
        self.addresses.push(address);
        false
    }

    /// Returns the numbers of instructions and estimated cycles.
    pub fn estimate(&self, code: &Code) -> Estimate {
        let mut estimate = Estimate::default();
        let mut after_single = false;
        for (index, address) in self.addresses.iter().enumerate() {
            let Some(instruction) = code.get(address) else { continue };
            let following = self.addresses.get(index + 1);
            let leaves = following != Some(&(address + instruction.size));
            estimate += instruction.cycles(after_single, leaves, following.and_then(|next| code.get(next)));
            after_single = instruction.kind == Kind::LoadStore;
        }
        estimate
    }
}

impl Instruction {
    /// Returns the cycles of an instruction; `leaves` is set if the next one does not follow it in memory.
    fn cycles(&self, after_single: bool, leaves: bool, next: Option<&Self>) -> u64 {
        let is_branch = match self.flow {
            Flow::Branch | Flow::Call => true,
            Flow::Return => !self.names_pc,
            Flow::On => false,
        };
        if is_branch {
            return if leaves { 3 } else { 1 };
        }
        let refill = if leaves && next.is_some() && !self.names_pc { 2 } else { 0 };
        refill
            + match self.kind {
                Kind::Integer(cycles) | Kind::Several(cycles) => cycles,
                Kind::LoadStore => 2 - u64::from(after_single),
                Kind::Float(cycles) => cycles + u64::from(next.is_some_and(|next| next.sources.contains(&self.first))),
            }
    }
}
