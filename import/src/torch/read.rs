use super::tensors::Tensors;
use crate::{Import, ImportError, shown};
use elman_files::source::LIMIT;
use elman_model::{Direction, Kind, Layer, Model, Nonlinearity, Reset};

/// Reads a state dict, in at most [`LIMIT`] bytes of memory. `nonlinearity` applies to an `nn.RNN`.
///
/// # Errors
/// [`ImportError`] if something is missing or not supported.
pub fn read(bytes: &[u8], nonlinearity: Nonlinearity) -> Result<Import, ImportError> {
    read_renamed(bytes, nonlinearity, &[], LIMIT)
}

/// Same as [`read`], but renames modules first: `("decoder.out", "head")`. A module called `rnn`, `head` or `emb`
/// is always taken as the recurrent layers, the read-out or the embedding. A module that already has one of the
/// new names is left out. Reading takes at most `limit` bytes of memory, including the file.
///
/// # Errors
/// Same as [`read`], or if a module to rename does not exist.
pub fn read_renamed(
    bytes: &[u8],
    nonlinearity: Nonlinearity,
    names: &[(&str, &str)],
    limit: u64,
) -> Result<Import, ImportError> {
    let mut tensors = Tensors::new(bytes, names, limit)?;
    let rnn = tensors.recurrent()?;
    let layers = tensors.layers(&rnn, nonlinearity)?;
    let features = layers[layers.len() - 1].outputs();
    let head = tensors.module("linear layer", "head", |own, bias| bias && own[1] == features)?;
    let name = head.ok_or_else(|| tensors.no_head(features))?;
    tensors.check_last(&name)?;
    let head = tensors.matrix(&format!("{name}.weight"), None, Some(features))?;
    let head_bias = tensors.vector(&format!("{name}.bias"), head.rows())?;
    let inputs = layers[0].inputs();
    let embedding = tensors.module("embedding", "emb", |own, bias| !bias && own[1] == inputs)?;
    let embedding = embedding.map(|name| tensors.matrix(&format!("{name}.weight"), None, Some(inputs))).transpose()?;
    Import::new(Model { embedding, layers, head, head_bias }, tensors.unused(), None)
}

impl Tensors<'_> {
    /// Returns the part of the recurrent layers' tensor names before `weight_ih_l0`.
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

    /// Returns the error for a file without recurrent layers.
    fn no_layers(&self) -> ImportError {
        match self.names().find(|name| name.ends_with("weight_ih")) {
            Some(name) => ImportError::Unsupported(format!(
                "{} belongs to a single cell, such as nn.GRUCell; only nn.RNN, nn.GRU and nn.LSTM are supported, \
                 whose tensors are the same: before saving, add _l0 to the names weight_ih, weight_hh, bias_ih and \
                 bias_hh",
                shown::name(name)
            )),
            None => ImportError::Missing(format!(
                "tensor whose name ends with weight_ih_l0, as in nn.RNN, nn.GRU and nn.LSTM; the file has {}",
                self.listed()
            )),
        }
    }

    /// Returns the error for a file without a linear layer that has `features` inputs.
    fn no_head(&self, features: usize) -> ImportError {
        let what = format!("linear layer with biases and {features} inputs");
        let bias_of =
            |name: &&str| name.strip_suffix(".bias").is_some_and(|module| self.of(module, "weight").is_none());
        if let Some(bias) = self.names().find(bias_of) {
            let module = bias.trim_end_matches(".bias");
            let weight = format!("{module}.weight");
            let (bias, no, weight) = (shown::name(bias), self.missing(&weight), shown::name(&weight));
            return ImportError::Missing(format!(
                "{what}: there is {bias}, but no {no}; if the weight is the embedding's matrix, save a copy of it: \
                 state[\"{weight}\"] = state[\"emb.weight\"].clone()"
            ));
        }
        let no_bias = |name: &&str| {
            let reads = |shape: &[usize]| shape.len() == 2 && shape[1] == features;
            let module = name.strip_suffix(".weight").filter(|module| self.of(module, "bias").is_none());
            module.is_some_and(|module| self.of(module, "weight").is_some_and(|weight| reads(&weight.shape)))
        };
        ImportError::Missing(match self.names().find(no_bias).and_then(|name| name.strip_suffix(".weight")) {
            Some(module) => {
                let [module, outputs] =
                    [shown::name(module), self.all[&format!("{module}.weight")].shape[0].to_string()];
                format!(
                    "{what}; if {module} is one without biases, add them: state[\"{module}.bias\"] = \
                        torch.zeros({outputs})"
                )
            }
            None => format!("{what}; the file has {}", self.listed()),
        })
    }

    /// Lists the first few tensor names.
    fn listed(&self) -> String {
        let names: Vec<_> = self.names().collect();
        if names.is_empty() { "no tensors".to_string() } else { shown::names(&names) }
    }

    /// Returns an error if the linear layer was chosen by its shape alone and another could follow it.
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
            Some(next) => {
                let [next, head] = [next, head].map(shown::name);
                Err(ImportError::Unsupported(format!(
                    "{next} could read the output of {head}, but only one linear layer is supported: train with one, \
                     or use {head} alone by naming it head (--map {head}=head)"
                )))
            }
            None => Ok(()),
        }
    }

    /// Returns the module `preferred` if it exists, otherwise the only module for which `fits` returns `true`. The
    /// arguments of `fits` are the shape of the matrix `weight`, and `true` if the module has a `bias`.
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
            return Err(ImportError::Unsupported(format!(
                "{}: an LSTM with projections is not supported; train it without proj_size",
                shown::name(name)
            )));
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
                // Both directions of a layer read the same inputs.
                inputs = Some(direction.w_ih.columns());
                directions.push(direction);
            }
            layers.push(Layer { kind, directions });
            inputs = Some(suffixes.len() * units);
        }
        // `weight_hh_l0` exists, as it showed the kind, but `weight_ih_l0` does not.
        if layers.is_empty() {
            let name = shown::name(&format!("{rnn}weight_ih_l0"));
            return Err(ImportError::Missing(format!("tensor {name}; save the whole state dict")));
        }
        self.check_rest(rnn)?;
        Ok(layers)
    }

    /// Returns the kind and the number of units, from the shape of `weight_hh_l0`.
    fn kind(&mut self, rnn: &str, nonlinearity: Nonlinearity) -> Result<(Kind, usize), ImportError> {
        let w_hh = self.matrix(&format!("{rnn}weight_hh_l0"), None, None)?;
        let units = w_hh.columns;
        let kinds = [Kind::Rnn(nonlinearity), Kind::Gru(Reset::After), Kind::Lstm];
        let kind = kinds.into_iter().find(|kind| w_hh.rows() == kind.gates() * units).ok_or_else(|| {
            let (rows, name) = (w_hh.rows(), shown::name(&format!("{rnn}weight_hh_l0")));
            ImportError::Unsupported(format!(
                "{name} has {rows} rows for {units} units; an nn.RNN has {units}, an nn.GRU {}, an nn.LSTM {}: train \
                 and save one of these",
                3 * units,
                4 * units
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
            w_ih: self.matrix(&name("weight_ih"), Some(rows), inputs)?.into(),
            w_hh: self.matrix(&name("weight_hh"), Some(rows), Some(units))?.into(),
            biases: biases.iter().map(|part| self.vector(&name(part), rows)).collect::<Result<_, _>>()?,
            scalars: Vec::new(),
        })
    }

    /// Checks that every tensor of the recurrent layers was read.
    fn check_rest(&self, rnn: &str) -> Result<(), ImportError> {
        let prefixes = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map(|part| format!("{rnn}{part}_l"));
        let left = |name: &&str| prefixes.iter().any(|p| name.starts_with(p)) && !self.used.contains(*name);
        match self.names().find(left) {
            Some(name) => Err(ImportError::Unsupported(format!(
                "{} does not belong to any layer: layers are numbered from l0, all with or all without biases, and \
                 all in one or all in both directions; save the whole state dict",
                shown::name(name)
            ))),
            None => Ok(()),
        }
    }
}
