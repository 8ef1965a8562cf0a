//! Files beside a model, in which tensors may lie: PyTorch's newer exporter puts larger ones there.

use super::proto;
use super::room::Room;
use crate::{ImportError, shown};
use std::collections::HashMap;
use std::io;
use std::path::{Component, Path};

/// Reads the file of this name from the model's folder, if it has at most so many bytes.
pub type Open<'a> = &'a dyn Fn(&str, u64) -> io::Result<Vec<u8>>;

/// The files read so far.
pub struct Files<'a> {
    open: Open<'a>,
    read: HashMap<String, Vec<u8>>,
}

impl<'a> Files<'a> {
    pub fn new(open: Open<'a>) -> Self {
        Self { open, read: HashMap::new() }
    }

    /// The bytes of a tensor that lies in one, which makes room for its numbers.
    pub fn bytes(&mut self, name: &str, stored: &proto::Tensor, room: &mut Room) -> Result<&[u8], ImportError> {
        let entry = |key: &str| stored.external_data.iter().find(|entry| entry.key == key).map(|entry| &*entry.value);
        let location = entry("location").unwrap_or_default();
        let wrong =
            |what: String| ImportError::File { format: "ONNX", reason: format!("{} {what}", shown::name(name)) };
        if !is_below(location) {
            return Err(wrong(format!(
                "lies in \"{}\", which is no path below the model's folder; save the model and its data into one folder",
                shown::name(location)
            )));
        }
        let file = shown::name(location);
        if !self.read.contains_key(location) {
            let bytes =
                (self.open)(location, room.bytes()).map_err(|error| wrong(format!("lies in {file}: {error}")))?;
            room.file(bytes.len());
            self.read.insert(location.to_string(), bytes);
        }
        let bytes = self.read.get(location).map_or(&[][..], Vec::as_slice);
        let number = |key: &str, default: usize| {
            let text = entry(key).unwrap_or_default();
            let not = || {
                wrong(format!("lies in {file} with the {key} \"{}\", which is no number of bytes", shown::name(text)))
            };
            entry(key).map_or(Ok(default), |text| text.parse().map_err(|_| not()))
        };
        let offset = number("offset", 0)?;
        let length = number("length", bytes.len().saturating_sub(offset))?;
        let part = bytes.get(offset..).and_then(|rest| rest.get(..length));
        part.ok_or_else(|| {
            let all = bytes.len();
            wrong(format!(
                "takes {length} bytes of {file} from byte {offset} on, and the file has {all}; was it copied in full?"
            ))
        })
    }
}

/// A relative path that never goes up.
fn is_below(location: &str) -> bool {
    let inside = |component| matches!(component, Component::Normal(_) | Component::CurDir);
    !location.is_empty() && Path::new(location).components().all(inside)
}
