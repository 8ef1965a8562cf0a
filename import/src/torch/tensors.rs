//! Tensors in a safetensors file, by name, with a record of the ones that have been used.

use crate::{ImportError, finite, memory, shown};
use elman_model::Matrix;
use half::{bf16, f16};
use safetensors::tensor::Metadata;
use safetensors::{Dtype, SafeTensors};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of memory per byte of the header: the shortest entry of one of its maps takes about 8 bytes of text.
const HEADER: u64 = 48;

/// A tensor whose values are still in the file.
#[derive(Clone)]
pub struct Stored<'a> {
    dtype: Dtype,
    pub shape: Vec<usize>,
    data: &'a [u8],
    /// Name under which the tensor is stored.
    name: String,
}

/// Tensors by name.
type Named<'a> = BTreeMap<String, Stored<'a>>;

pub struct Tensors<'a> {
    pub all: Named<'a>,
    pub used: BTreeSet<String>,
    /// Names of the tensors whose places were taken by renamed tensors.
    replaced: Vec<String>,
    metadata: Metadata,
    limit: u64,
    /// Bytes of memory taken so far.
    taken: u64,
}

impl<'a> Tensors<'a> {
    /// Reads the tensors of a file and renames them.
    pub fn new(bytes: &'a [u8], names: &[(&str, &str)], limit: u64) -> Result<Self, ImportError> {
        let header = bytes.first_chunk().map_or(0, |&length| u64::from_le_bytes(length)).min(bytes.len() as u64);
        let (file, header) = (bytes.len() as u64, header * HEADER);
        memory::check(file, header, limit)?;
        let (length, metadata) = SafeTensors::read_metadata(bytes).map_err(ImportError::safetensors)?;
        let stored = stored(&bytes[length + size_of::<u64>()..], &metadata);
        let mut tensors = Self {
            all: BTreeMap::new(),
            used: BTreeSet::new(),
            replaced: Vec::new(),
            metadata,
            limit,
            taken: file + header,
        };
        tensors.rename(stored, names)?;
        Ok(tensors)
    }

    fn rename(&mut self, stored: Named<'a>, names: &[(&str, &str)]) -> Result<(), ImportError> {
        let mut left = names.to_vec();
        let renamed = |name: &str| names.iter().find(|(old, _)| below(name, old).is_some());
        let modules: BTreeSet<String> =
            stored.keys().filter_map(|name| Some(name.rsplit_once('.')?.0.into())).collect();
        // Renamed tensors come first, and replace any that already have the new name.
        let (first, second): (Vec<_>, Vec<_>) = stored.into_iter().partition(|(name, _)| renamed(name).is_some());
        for (name, stored) in first.into_iter().chain(second) {
            if let Some(&(old, new)) = renamed(&name) {
                left.retain(|(one, _)| *one != old);
                self.all.insert(format!("{new}.{}", below(&name, old).unwrap_or_default()), stored);
            } else if names.iter().any(|(_, new)| below(&name, new).is_some()) {
                self.replaced.push(name);
            } else {
                self.all.insert(name, stored);
            }
        }
        let modules: Vec<_> = modules.into_iter().filter(|module| !module.contains('/')).collect();
        left.first().map_or(Ok(()), |(old, new)| {
            let [old, there] = [shown::name(old), shown::names(&modules)];
            Err(ImportError::Missing(format!("module {old} to use as {new}; the file has {there}")))
        })
    }

    /// Returns the names of the modules' tensors. Names with a slash belong to other data stored in the same file.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.keys().map(String::as_str).filter(|name| !name.contains('/'))
    }

    /// Returns the tensor `part` of a module.
    pub fn of(&self, module: &str, part: &str) -> Option<&Stored<'a>> {
        self.all.get(&format!("{module}.{part}"))
    }

    pub fn matrix(&mut self, name: &str, rows: Option<usize>, columns: Option<usize>) -> Result<Matrix, ImportError> {
        let (shape, values) = self.numbers(name)?;
        match *shape.as_slice() {
            [r, c] if r > 0 && c > 0 && rows.is_none_or(|n| n == r) && columns.is_none_or(|n| n == c) => {
                Ok(Matrix { columns: c, values })
            }
            _ => {
                let at = |n: usize| shape.get(n).copied().unwrap_or(1).max(1);
                let expected = vec![rows.unwrap_or(at(0)), columns.unwrap_or(at(1))];
                Err(ImportError::Shape { name: name.to_string(), found: shape, expected })
            }
        }
    }

    pub fn vector(&mut self, name: &str, length: usize) -> Result<Vec<f64>, ImportError> {
        let (shape, values) = self.numbers(name)?;
        if shape == [length] {
            return Ok(values);
        }
        Err(ImportError::Shape { name: name.to_string(), found: shape, expected: vec![length] })
    }

    fn numbers(&mut self, name: &str) -> Result<(Vec<usize>, Vec<f64>), ImportError> {
        let stored = self.all.get(name).ok_or_else(|| ImportError::Missing(self.missing(name)))?;
        let needs = 8 * stored.shape.iter().product::<usize>() as u64;
        memory::check(self.taken, needs, self.limit)?;
        self.taken += needs;
        let data = stored.data;
        let values: Vec<f64> = match stored.dtype {
            Dtype::F64 => data.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b)).collect(),
            Dtype::F32 => data.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b).into()).collect(),
            Dtype::F16 => data.as_chunks().0.iter().map(|&b| f16::from_le_bytes(b).to_f64()).collect(),
            Dtype::BF16 => data.as_chunks().0.iter().map(|&b| bf16::from_le_bytes(b).to_f64()).collect(),
            other => return Err(ImportError::NumberType { name: name.to_string(), found: format!("{other:?}") }),
        };
        finite(name, &stored.shape, &values)?;
        self.used.insert(name.to_string());
        Ok((stored.shape.clone(), values))
    }

    pub fn missing(&self, name: &str) -> String {
        let other =
            self.metadata.metadata().as_ref().and_then(|aliases| aliases.get(name)).map(|other| shown::name(other));
        let name = shown::name(name);
        other.map_or_else(
            || format!("tensor {name}"),
            |other| format!("tensor {name}: the file's metadata says that it is {other}, which is missing too"),
        )
    }

    pub fn unused(self) -> Vec<String> {
        let used: BTreeSet<_> = self.used.iter().map(|name| self.all[name].name.clone()).collect();
        let mut unused: BTreeMap<String, String> = BTreeMap::new();
        for (name, stored) in self.all.into_iter().filter(|(_, stored)| !used.contains(&stored.name)) {
            unused.entry(stored.name).or_insert(name);
        }
        let mut names: Vec<_> = unused.into_values().chain(self.replaced).collect();
        names.sort();
        names
    }
}

/// Returns the tensors of a file under all of their names, each with its part of `data`.
///
/// `safetensors.torch.save_model` stores a tensor shared by two modules only once, and puts the other name into the
/// metadata: `"head.weight": "emb.weight"`.
fn stored<'a>(data: &'a [u8], metadata: &Metadata) -> Named<'a> {
    let mut all = Named::new();
    for (name, info) in metadata.tensors() {
        let data = data.get(info.data_offsets.0..info.data_offsets.1).unwrap_or_default();
        all.insert(name.clone(), Stored { dtype: info.dtype, shape: info.shape.clone(), data, name });
    }
    let weights = |alias: &str| {
        alias.rsplit('.').next().is_some_and(|part| part.starts_with("weight") || part.starts_with("bias"))
    };
    let aliases = metadata.metadata().iter().flatten().filter(|(alias, _)| weights(alias) && !all.contains_key(*alias));
    let aliases: Vec<_> = aliases.filter_map(|(alias, name)| Some((alias.clone(), all.get(name)?.clone()))).collect();
    all.extend(aliases);
    all
}

/// Returns the part of a tensor's name that follows the name of its module.
fn below<'n>(name: &'n str, module: &str) -> Option<&'n str> {
    name.strip_prefix(module)?.strip_prefix('.')
}
