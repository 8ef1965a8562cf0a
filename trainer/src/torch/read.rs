use crate::import::{Import, ImportError, finite};
use crate::model::{Direction, Kind, Layer, Matrix, Model, Nonlinearity, Reset};
use half::{bf16, f16};
use safetensors::{Dtype, SafeTensors};
use std::collections::{BTreeMap, BTreeSet};

/// Reads a state dict. `nonlinearity` is that of an `nn.RNN`.
///
/// # Errors
/// [`ImportError`] that says what is missing or not understood.
pub fn read(bytes: &[u8], nonlinearity: Nonlinearity) -> Result<Import, ImportError> {
    read_renamed(bytes, nonlinearity, &[])
}

/// As [`read`], with modules renamed first: `("decoder.out", "head")`. A module called `rnn`, `head` or `emb` is taken for the
/// recurrent layers, the read-out or the embedding whatever else there is; one that had the name before is left out.
///
/// # Errors
/// As [`read`], and if there is no module to rename.
pub fn read_renamed(bytes: &[u8], nonlinearity: Nonlinearity, names: &[(&str, &str)]) -> Result<Import, ImportError> {
    let mut tensors = Tensors::new(bytes, names)?;
    let rnn = tensors.recurrent()?;
    let layers = tensors.layers(&rnn, nonlinearity)?;
    let features = layers[layers.len() - 1].outputs();
    let head = tensors.module("linear layer", "head", |own, bias| bias && own[1] == features)?;
    let missing = || ImportError::Missing(format!("linear layer with biases that reads {features} numbers"));
    let name = head.ok_or_else(missing)?;
    tensors.check_last(&name)?;
    let head = tensors.matrix(&format!("{name}.weight"), None, Some(features))?;
    let head_bias = tensors.vector(&format!("{name}.bias"), head.rows())?;
    let inputs = layers[0].inputs();
    let embedding = tensors.module("embedding", "emb", |own, bias| !bias && own[1] == inputs)?;
    let embedding = embedding.map(|name| tensors.matrix(&format!("{name}.weight"), None, Some(inputs))).transpose()?;
    Import::new(Model { embedding, layers, head, head_bias }, tensors.unused(), None)
}

/// A tensor with its numbers still in the file.
struct Stored<'a> {
    dtype: Dtype,
    shape: Vec<usize>,
    data: &'a [u8],
}

struct Tensors<'a> {
    all: BTreeMap<String, Stored<'a>>,
    used: BTreeSet<String>,
    /// Names that were given to others.
    replaced: Vec<String>,
}

impl<'a> Tensors<'a> {
    fn new(bytes: &'a [u8], names: &[(&str, &str)]) -> Result<Self, ImportError> {
        let file = SafeTensors::deserialize(bytes).map_err(ImportError::safetensors)?;
        let (mut all, mut replaced, mut left) = (BTreeMap::new(), Vec::new(), names.to_vec());
        let renamed = |name: &str| names.iter().find(|(old, _)| below(name, old).is_some());
        let mut tensors = file.tensors();
        // Those that are renamed take the place of others.
        tensors.sort_by_key(|(name, _)| renamed(name).is_none());
        for (name, view) in tensors {
            let stored = Stored { dtype: view.dtype(), shape: view.shape().to_vec(), data: view.data() };
            if let Some(&(old, new)) = renamed(&name) {
                left.retain(|(one, _)| *one != old);
                all.insert(format!("{new}.{}", below(&name, old).unwrap_or_default()), stored);
            } else if names.iter().any(|(_, new)| below(&name, new).is_some()) {
                replaced.push(name);
            } else {
                all.insert(name, stored);
            }
        }
        match left.first() {
            Some((old, new)) => Err(ImportError::Missing(format!("module {old} to be taken for {new}"))),
            None => Ok(Self { all, used: BTreeSet::new(), replaced }),
        }
    }

    /// The names that modules have. Those with a slash are of what a program stores beside them.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.all.keys().map(String::as_str).filter(|name| !name.contains('/'))
    }

    /// What stands before `weight_ih_l0`.
    fn recurrent(&self) -> Result<String, ImportError> {
        let found: Vec<String> =
            self.names().filter_map(|name| name.strip_suffix("weight_ih_l0")).map(str::to_string).collect();
        if found.iter().any(|name| name == "rnn.") {
            return Ok("rnn.".to_string());
        }
        match <[String; 1]>::try_from(found) {
            Ok([name]) => Ok(name),
            Err(none) if none.is_empty() => Err(self.no_layers()),
            Err(names) => {
                let names = names.iter().map(|name| name.trim_end_matches('.').to_string()).collect();
                Err(ImportError::Several { what: "recurrent layers", names })
            }
        }
    }

    /// Why there is no recurrent layer.
    fn no_layers(&self) -> ImportError {
        match self.names().find(|name| name.ends_with("weight_ih")) {
            Some(name) => ImportError::Unsupported(format!(
                "{name} is of a single cell, such as nn.GRUCell; read are nn.RNN, nn.GRU and nn.LSTM"
            )),
            None => ImportError::Missing("tensor whose name ends with weight_ih_l0".to_string()),
        }
    }

    /// Refuses a linear layer, chosen by its shape alone, that has another one behind it.
    fn check_last(&self, head: &str) -> Result<(), ImportError> {
        if head == "head" {
            return Ok(());
        }
        let outputs = self.all[&format!("{head}.weight")].shape[0];
        let reads = |name: &&str| {
            let weight = self.all.get(&format!("{name}.weight"));
            let linear = weight.is_some_and(|weight| weight.shape.len() == 2 && weight.shape[1] == outputs);
            *name != head && linear && self.all.contains_key(&format!("{name}.bias"))
        };
        match self.names().filter_map(|name| name.strip_suffix(".weight")).find(reads) {
            Some(next) => Err(ImportError::Unsupported(format!(
                "{next} could read what {head} gives: one linear layer is read, unless it is called head"
            ))),
            None => Ok(()),
        }
    }

    /// The only module with a matrix `weight` that `fits`, told the shape and whether there is a `bias`.
    fn module(
        &self,
        what: &'static str,
        preferred: &str,
        fits: impl Fn(&[usize], bool) -> bool,
    ) -> Result<Option<String>, ImportError> {
        if self.all.contains_key(&format!("{preferred}.weight")) {
            return Ok(Some(preferred.to_string()));
        }
        let found = self.names().filter_map(|name| name.strip_suffix(".weight")).filter(|name| {
            let bias = self.all.contains_key(&format!("{name}.bias"));
            let unused = !self.used.contains(&format!("{name}.weight"));
            unused && matches!(self.all.get(&format!("{name}.weight")), Some(t) if t.shape.len() == 2 && fits(&t.shape, bias))
        });
        let mut names: Vec<String> = found.map(str::to_string).collect();
        if names.len() > 1 { Err(ImportError::Several { what, names }) } else { Ok(names.pop()) }
    }

    fn layers(&mut self, rnn: &str, nonlinearity: Nonlinearity) -> Result<Vec<Layer>, ImportError> {
        if let Some(name) = self.names().find(|name| name.starts_with(&format!("{rnn}weight_hr_l"))) {
            return Err(ImportError::Unsupported(format!("{name}: an LSTM with projections is not supported")));
        }
        let (kind, units) = self.kind(rnn, nonlinearity)?;
        let mut suffixes = vec![""];
        if self.all.contains_key(&format!("{rnn}weight_ih_l0_reverse")) {
            suffixes.push("_reverse");
        }
        let (mut layers, mut inputs) = (Vec::<Layer>::new(), None);
        while self.all.contains_key(&format!("{rnn}weight_ih_l{}", layers.len())) {
            let mut directions = Vec::new();
            for suffix in &suffixes {
                let at = format!("l{}{suffix}", layers.len());
                let direction = self.direction((rnn, &at), (kind.gates() * units, units), inputs)?;
                // The directions of a layer read the same.
                inputs = Some(direction.w_ih.columns);
                directions.push(direction);
            }
            layers.push(Layer { kind, directions });
            inputs = Some(suffixes.len() * units);
        }
        // The kind was told by a tensor that no layer has read.
        if layers.is_empty() {
            return Err(ImportError::Missing(format!("tensor {rnn}weight_ih_l0")));
        }
        self.check_rest(rnn)?;
        Ok(layers)
    }

    /// What the shape of `weight_hh_l0` says: the kind, and the units.
    fn kind(&mut self, rnn: &str, nonlinearity: Nonlinearity) -> Result<(Kind, usize), ImportError> {
        let w_hh = self.matrix(&format!("{rnn}weight_hh_l0"), None, None)?;
        let units = w_hh.columns;
        let kinds = [Kind::Rnn(nonlinearity), Kind::Gru(Reset::After), Kind::Lstm];
        let kind = kinds.into_iter().find(|kind| w_hh.rows() == kind.gates() * units).ok_or_else(|| {
            let rows = w_hh.rows();
            ImportError::Unsupported(format!(
                "{rnn}weight_hh_l0 has {rows} rows for {units} units: no RNN, GRU or LSTM"
            ))
        })?;
        Ok((kind, units))
    }

    fn direction(
        &mut self,
        (rnn, at): (&str, &str),
        (rows, units): (usize, usize),
        inputs: Option<usize>,
    ) -> Result<Direction, ImportError> {
        let name = |part: &str| format!("{rnn}{part}_{at}");
        let biases = self.all.contains_key(&format!("{rnn}bias_ih_l0"));
        let biases = if biases { &["bias_ih", "bias_hh"][..] } else { &[] };
        Ok(Direction {
            w_ih: self.matrix(&name("weight_ih"), Some(rows), inputs)?,
            w_hh: self.matrix(&name("weight_hh"), Some(rows), Some(units))?,
            biases: biases.iter().map(|part| self.vector(&name(part), rows)).collect::<Result<_, _>>()?,
        })
    }

    /// Whether every tensor of the recurrent layers was read.
    fn check_rest(&self, rnn: &str) -> Result<(), ImportError> {
        let prefixes = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map(|part| format!("{rnn}{part}_l"));
        let left = |name: &&str| prefixes.iter().any(|p| name.starts_with(p)) && !self.used.contains(*name);
        match self.names().find(left) {
            Some(name) => Err(ImportError::Unsupported(format!("{name} has no layer that it belongs to"))),
            None => Ok(()),
        }
    }

    fn matrix(&mut self, name: &str, rows: Option<usize>, columns: Option<usize>) -> Result<Matrix, ImportError> {
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

    fn vector(&mut self, name: &str, length: usize) -> Result<Vec<f64>, ImportError> {
        let (shape, values) = self.numbers(name)?;
        if shape == [length] {
            return Ok(values);
        }
        Err(ImportError::Shape { name: name.to_string(), found: shape, expected: vec![length] })
    }

    fn numbers(&mut self, name: &str) -> Result<(Vec<usize>, Vec<f64>), ImportError> {
        let stored = self.all.get(name).ok_or_else(|| ImportError::Missing(format!("tensor {name}")))?;
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

    fn unused(self) -> Vec<String> {
        let mut unused: Vec<_> = self.all.into_keys().filter(|name| !self.used.contains(name)).collect();
        unused.extend(self.replaced);
        unused.sort();
        unused
    }
}

/// What follows the module in the name of one of its tensors.
fn below<'n>(name: &'n str, module: &str) -> Option<&'n str> {
    name.strip_prefix(module)?.strip_prefix('.')
}
