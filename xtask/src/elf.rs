//! Contents of a linked program.

use addr2line::gimli::{Dwarf, EndianSlice, LittleEndian};
use anyhow::{Context, Result};
use object::{Object, ObjectSection, ObjectSymbol, SectionKind};
use std::fs;
use std::path::Path;

/// Returns the mangled names of all symbols of a program.
pub fn symbols(path: &Path) -> Result<Vec<String>> {
    with_file(path, |file| Ok(file.symbols().filter_map(|symbol| symbol.name().ok()).map(str::to_owned).collect()))
}

/// Returns the total size of the statics with these names that start as zero, and so take no flash.
pub fn zero_statics(path: &Path, names: &[&str]) -> Result<u64> {
    // In a mangled name, the last part of a path is its length, its name and a hash.
    let names: Vec<_> = names.iter().map(|name| format!("{}{name}17h", name.len())).collect();
    with_file(path, |file| {
        let bss = file.section_by_name(".bss").map(|section| section.index());
        let zero = file.symbols().filter(|symbol| symbol.section_index() == bss);
        let named = zero.filter(|symbol| symbol.name().is_ok_and(|full| names.iter().any(|name| full.contains(name))));
        Ok(named.map(|symbol| symbol.size()).sum())
    })
}

/// Size of each kind of section of a program, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bytes {
    /// Size of vectors and code.
    pub text: u64,
    /// Size of constants.
    pub rodata: u64,
    /// Size of statics with an initial value, which is in flash as well.
    pub data: u64,
    /// Size of statics that start as zero.
    pub bss: u64,
}

/// Returns the size of a program, without the sections that only a debugger reads.
pub fn bytes(path: &Path) -> Result<Bytes> {
    with_file(path, |file| {
        let of = |names: &[&str]| {
            let named = file.sections().filter(|section| section.name().is_ok_and(|name| names.contains(&name)));
            named.map(|section| section.size()).sum()
        };
        Ok(Bytes {
            text: of(&[".vector_table", ".text"]),
            rodata: of(&[".rodata"]),
            data: of(&[".data"]),
            bss: of(&[".bss", ".uninit"]),
        })
    })
}

/// Returns the bytes of code whose source is below `directory`, even if it was inlined elsewhere. Code of Rust's own
/// library is attributed to its caller.
pub fn written_in(path: &Path, directory: &Path) -> Result<u64> {
    with_file(path, |file| {
        let section =
            |name: &str| file.section_by_name(name).and_then(|section| section.data().ok()).unwrap_or_default();
        let dwarf =
            Dwarf::load(|id| Ok::<_, addr2line::gimli::Error>(EndianSlice::new(section(id.name()), LittleEndian)))?;
        let context = addr2line::Context::from_dwarf(dwarf)?;
        let mut bytes = 0;
        for section in file.sections().filter(|section| section.kind() == SectionKind::Text) {
            let (start, end) = (section.address(), section.address() + section.size());
            for (address, length, _) in context.find_location_range(start, end)? {
                if author(&context, address)?.is_some_and(|file| Path::new(&file).starts_with(directory)) {
                    bytes += length;
                }
            }
        }
        Ok(bytes)
    })
}

type Reader<'a> = EndianSlice<'a, LittleEndian>;

/// Path of Rust's library in the debug information, on any machine.
const RUST: &str = "/rustc/";

/// Returns, for an address, the source file of the innermost function outside Rust's library.
fn author(context: &addr2line::Context<Reader<'_>>, address: u64) -> Result<Option<String>> {
    let mut frames = context.find_frames(address).skip_all_loads()?;
    while let Some(frame) = frames.next()? {
        let file = frame.location.and_then(|location| location.file);
        if let Some(file) = file.filter(|file| !file.starts_with(RUST)) {
            return Ok(Some(file.to_owned()));
        }
    }
    Ok(None)
}

fn with_file<T>(path: &Path, read: impl FnOnce(&object::File<'_>) -> Result<T>) -> Result<T> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    let file = object::File::parse(&*bytes).with_context(|| path.display().to_string())?;
    read(&file).with_context(|| path.display().to_string())
}
