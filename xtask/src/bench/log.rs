//! Measurements in the log of `bench`.

use crate::qemu::Line;

/// One measurement of a program.
#[derive(Debug, Clone)]
pub struct Figure {
    /// `GRU Fast step 6x32`.
    pub name: String,
    /// Address of the function.
    pub address: u32,
    /// Instructions of a call.
    pub instructions: u64,
}

/// The measurements of a log, in its order.
pub fn figures(lines: &[Line]) -> Vec<Figure> {
    lines.iter().filter_map(|line| figure(&line.text)).collect()
}

/// A line is `GRU Fast step 6x32 at 0x0000abcd: 1234 instructions`.
fn figure(line: &str) -> Option<Figure> {
    let (name, rest) = line.split_once(" at 0x")?;
    let (address, rest) = rest.split_once(": ")?;
    // The lowest bit says that the code is Thumb.
    let address = u32::from_str_radix(address, 16).ok()? & !1;
    let instructions = rest.strip_suffix(" instructions")?.parse().ok()?;
    Some(Figure { name: name.into(), address, instructions })
}
