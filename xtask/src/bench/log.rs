//! Measurements in the log of `bench`.

use crate::qemu::Line;

/// Measurement of one function of a program.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Name of the function, such as `GRU Fast step 6x32`.
    pub name: String,
    /// Address of the function.
    pub address: u32,
    /// Number of instructions in a call.
    pub instructions: u64,
}

/// Returns the measurements of a log, in order.
pub fn figures(lines: &[Line]) -> Vec<Figure> {
    lines.iter().filter_map(|line| figure(&line.text)).collect()
}

/// Parses a line `GRU Fast step 6x32 at 0x0000abcd: 1234 instructions`.
fn figure(line: &str) -> Option<Figure> {
    let (name, rest) = line.split_once(" at 0x")?;
    let (address, rest) = rest.split_once(": ")?;
    // The lowest bit says that the code is Thumb.
    let address = u32::from_str_radix(address, 16).ok()? & !1;
    let instructions = rest.strip_suffix(" instructions")?.parse().ok()?;
    Some(Figure { name: name.into(), address, instructions })
}
