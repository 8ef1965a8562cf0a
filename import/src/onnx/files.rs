//! Files next to a model, in which PyTorch's newer exporter stores larger tensors.

use super::proto;
use super::room::Room;
use crate::{ImportError, shown};
use std::collections::HashMap;
use std::io;
use std::path::{Component, Path};

/// Function that reads a file in the model's folder, given its name and the maximum number of bytes.
pub type Open<'a> = &'a dyn Fn(&str, u64) -> io::Result<Vec<u8>>;

/// Files read so far, kept for further tensors.
pub struct Files<'a> {
    open: Open<'a>,
    read: HashMap<String, Vec<u8>>,
}

impl<'a> Files<'a> {
    pub fn new(open: Open<'a>) -> Self {
        Self { open, read: HashMap::new() }
    }

    /// Returns the bytes of a tensor stored in a file. The size of the file raises the number of values allowed.
    pub fn bytes(&mut self, name: &str, stored: &proto::Tensor, room: &mut Room) -> Result<&[u8], ImportError> {
        let entry = |key: &str| stored.external_data.iter().find(|entry| entry.key == key).map(|entry| &*entry.value);
        let location = entry("location").unwrap_or_default();
        let wrong =
            |what: String| ImportError::File { format: "ONNX", reason: format!("{} {what}", shown::name(name)) };
        if !is_below(location) {
            return Err(wrong(format!(
                "is stored in \"{}\", which is not a path below the model's folder; save the model and its data in \
                    one folder",
                shown::name(location)
            )));
        }
        let file = shown::name(location);
        if !self.read.contains_key(location) {
            let bytes =
                (self.open)(location, room.bytes()).map_err(|error| wrong(format!("is stored in {file}: {error}")))?;
            room.file(bytes.len());
            self.read.insert(location.to_string(), bytes);
        }
        let bytes = self.read.get(location).map_or(&[][..], Vec::as_slice);
        let number = |key: &str, default: usize| {
            let text = entry(key).unwrap_or_default();
            let not = || {
                wrong(format!("is stored in {file}, but its {key} \"{}\" is not a number of bytes", shown::name(text)))
            };
            entry(key).map_or(Ok(default), |text| text.parse().map_err(|_| not()))
        };
        let offset = number("offset", 0)?;
        let length = number("length", bytes.len().saturating_sub(offset))?;
        let part = bytes.get(offset..).and_then(|rest| rest.get(..length));
        part.ok_or_else(|| {
            let all = bytes.len();
            wrong(format!(
                "takes {length} bytes of {file} from byte {offset}, but the file has {all}; was it copied in full?"
            ))
        })
    }
}

/// Returns `true` for a relative path without `..`.
fn is_below(location: &str) -> bool {
    let inside = |component| matches!(component, Component::Normal(_) | Component::CurDir);
    !location.is_empty() && Path::new(location).components().all(inside)
}
