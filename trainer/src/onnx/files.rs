//! Files beside a model, in which tensors may lie: PyTorch's newer exporter puts larger ones there.

use super::proto;
use crate::import::ImportError;
use std::collections::HashMap;
use std::io;
use std::path::{Component, Path};

/// Reads the file of this name from where the model lies.
pub type Open<'a> = &'a dyn Fn(&str) -> io::Result<Vec<u8>>;

/// The files read so far.
pub struct Files<'a> {
    open: Open<'a>,
    read: HashMap<&'a str, Vec<u8>>,
}

impl<'a> Files<'a> {
    pub fn new(open: Open<'a>) -> Self {
        Self { open, read: HashMap::new() }
    }

    /// The bytes of all of them.
    pub fn length(&self) -> usize {
        self.read.values().map(Vec::len).sum()
    }

    /// The bytes of a tensor that lies in one.
    pub fn bytes(&mut self, name: &str, stored: &'a proto::Tensor) -> Result<&[u8], ImportError> {
        let entry = |key: &str| stored.external_data.iter().find(|entry| entry.key == key).map(|entry| &*entry.value);
        let wrong = |what: String| ImportError::File { format: "ONNX", reason: format!("{name} lies in {what}") };
        let location = entry("location").unwrap_or_default();
        // A name alone, so that a model cannot have other files read.
        let mut components = Path::new(location).components();
        let (Some(Component::Normal(_)), None) = (components.next(), components.next()) else {
            return Err(wrong(format!("{location:?}, which is no file beside the model")));
        };
        if !self.read.contains_key(location) {
            let bytes = (self.open)(location).map_err(|error| wrong(format!("{location}: {error}")))?;
            self.read.insert(location, bytes);
        }
        let file = self.read.get(location).map_or(&[][..], Vec::as_slice);
        let number = |key: &str, default: usize| entry(key).map_or(Some(default), |text| text.parse().ok());
        let part = number("offset", 0).and_then(|offset| {
            let rest = file.get(offset..)?;
            rest.get(..number("length", rest.len())?)
        });
        part.ok_or_else(|| {
            wrong(format!("{location} from {:?}, {:?} bytes, which are not there", entry("offset"), entry("length")))
        })
    }
}
