//! Reference values from PyTorch. `golden/README.md` describes the files.

use crate::precision::Precision;
use crate::walk;
use elman::math::Scalar;
use elman::parameters::Tensor;
use elman::{Parameters, Token};
use safetensors::{Dtype, SafeTensors};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Golden file: its metadata and its tensors.
#[derive(Clone, Debug)]
pub struct Golden {
    name: String,
    texts: BTreeMap<String, String>,
    arrays: BTreeMap<String, Array>,
}

/// Tensor of a golden file. Every value in the files (F32, F64, small I64) is exact in f64.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// Dimensions, outermost first.
    pub shape: Vec<usize>,
    /// Values; the innermost index changes fastest.
    pub values: Vec<f64>,
}

/// Returns the directory of the golden files.
pub fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden")
}

impl Golden {
    /// Loads the file `name` from `golden/`; the name has no extension.
    pub fn load(name: &str) -> Self {
        let path = directory().join(format!("{name}.safetensors"));
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
        let tensors = SafeTensors::deserialize(&bytes).unwrap();
        let arrays = tensors.iter().map(|(name, view)| {
            let values = values(view.dtype(), view.data());
            (name.to_string(), Array { shape: view.shape().to_vec(), values })
        });
        Self {
            name: name.to_string(),
            texts: header.metadata().iter().flatten().map(|(key, text)| (key.clone(), text.clone())).collect(),
            arrays: arrays.collect(),
        }
    }

    /// Returns the name of the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns a metadata field as text.
    pub fn text(&self, key: &str) -> &str {
        self.texts.get(key).unwrap_or_else(|| panic!("{} has no field {key}", self.name))
    }

    /// Returns a metadata field that is a number.
    pub fn number(&self, key: &str) -> f64 {
        self.text(key).parse().unwrap_or_else(|_| panic!("{}: {key} is not a number", self.name))
    }

    /// Returns a metadata field that is a count.
    pub fn count(&self, key: &str) -> usize {
        self.text(key).parse().unwrap_or_else(|_| panic!("{}: {key} is not a count", self.name))
    }

    /// Returns a metadata field that is a pair of numbers, such as `(0.9, 0.999)`.
    pub fn pair(&self, key: &str) -> [f64; 2] {
        let inner = self.text(key).trim_matches(['(', ')']);
        let numbers: Vec<f64> = inner.split(',').map(|n| n.trim().parse().unwrap()).collect();
        numbers.try_into().unwrap_or_else(|_| panic!("{}: {key} is not a pair", self.name))
    }

    /// Returns the tensor with this name, if the file has one.
    pub fn find(&self, name: &str) -> Option<&Array> {
        self.arrays.get(name)
    }

    /// Returns the tensor with this name, or panics if the file has none.
    pub fn array(&self, name: &str) -> &Array {
        self.find(name).unwrap_or_else(|| panic!("{} has no tensor {name}", self.name))
    }

    /// Sets every parameter of a network to PyTorch's value. `prefix` precedes each tensor's name in the file: "",
    /// "f64/final/", ...
    ///
    /// Recurrent layers have PyTorch's layer numbers in the order of the walk, however they are nested. PyTorch has
    /// two bias vectors: a cell without biases reads neither, a cell with one reads their sum, a cell with two reads
    /// both.
    pub fn weights<P: Parameters>(&self, prefix: &str, parameters: &mut P) {
        self.fill(prefix, parameters, |pair| pair.iter().sum());
    }

    /// Same as [`weights`](Self::weights) for gradients: a bias that is the sum of two has the same gradient as each
    /// of them.
    pub fn gradient<P: Parameters>(&self, prefix: &str, parameters: &mut P) {
        self.fill(prefix, parameters, |pair| pair[0]);
    }

    fn fill<P: Parameters>(&self, prefix: &str, parameters: &mut P, merge: fn(&[f64]) -> f64) {
        let mut layers = Vec::new();
        walk::change(parameters, &mut |tensor, numbers| {
            self.fill_tensor(numbers, tensor, &self.torch(prefix, tensor, &mut layers, merge));
        });
    }

    fn fill_tensor<T: Scalar>(&self, numbers: &mut [T], tensor: &Tensor<'_>, values: &[f64]) {
        assert_eq!(values.len(), numbers.len(), "{}: {}", self.name, tensor.path);
        numbers.iter_mut().zip(values).for_each(|(x, &value)| *x = T::from_f64(value));
    }

    /// Returns PyTorch's values for one of our tensors, in our order. `layers` are the recurrent layers found so far.
    fn torch(&self, prefix: &str, tensor: &Tensor<'_>, layers: &mut Vec<String>, merge: fn(&[f64]) -> f64) -> Vec<f64> {
        let path = tensor.path.to_string();
        let array = |name: &str| self.array(&format!("{prefix}{name}"));
        match path.rsplit_once('.') {
            Some(("readout", "w")) => array("head.weight").transposed(tensor.shape),
            Some(("readout", "b")) => array("head.bias").values.clone(),
            Some((_, "table")) => array("emb.weight").values.clone(),
            Some((cell, name)) => {
                let (layer, reverse) = match cell.rsplit_once('.') {
                    Some((layer, "forward")) => (layer, ""),
                    Some((layer, "backward")) => (layer, "_reverse"),
                    _ => (cell, ""),
                };
                let layer = numbered(layers, layer);
                let array = |name: &str| array(&format!("rnn.{name}_l{layer}{reverse}"));
                match name {
                    "w_ih" => array("weight_ih").transposed(tensor.shape),
                    "w_hh" => array("weight_hh").transposed(tensor.shape),
                    "b" => biases(tensor.shape[0], array, merge),
                    _ => panic!("PyTorch has no tensor for {path}"),
                }
            }
            None => panic!("PyTorch has no tensor for {path}"),
        }
    }
}

/// Returns the index of `cell` in `layers`; appends it if it is new.
fn numbered(layers: &mut Vec<String>, cell: &str) -> usize {
    layers.iter().position(|layer| layer == cell).unwrap_or_else(|| {
        layers.push(cell.to_string());
        layers.len() - 1
    })
}

/// Returns PyTorch's two bias vectors as the `vectors` that our cell has: none, one merged by `merge`, or both.
fn biases<'a>(vectors: usize, array: impl Fn(&str) -> &'a Array, merge: fn(&[f64]) -> f64) -> Vec<f64> {
    let pair = || [array("bias_ih"), array("bias_hh")];
    match vectors {
        0 => Vec::new(),
        1 => {
            let [ih, hh] = pair();
            ih.values.iter().zip(&hh.values).map(|(&a, &b)| merge(&[a, b])).collect()
        }
        _ => pair().map(|b| b.values.clone()).concat(),
    }
}

impl Array {
    /// Returns the values of PyTorch's `[gate·units + unit][input]` in our order `[input][gate][unit]`.
    pub fn transposed(&self, [inputs, gates, units]: [usize; 3]) -> Vec<f64> {
        assert_eq!(self.shape, [gates * units, inputs], "shape");
        let at = |input: usize, row: usize| self.values[row * inputs + input];
        (0..inputs).flat_map(|input| (0..gates * units).map(move |row| at(input, row))).collect()
    }

    /// Returns the value of a tensor that has only one.
    pub fn number(&self) -> f64 {
        assert_eq!(self.values.len(), 1);
        self.values[0]
    }

    /// Returns the rows of a matrix of `N` columns.
    pub fn rows<T: Precision, const N: usize>(&self) -> Vec<[T; N]> {
        assert_eq!(self.shape.len(), 2, "a matrix");
        assert_eq!(self.shape[1], N, "columns");
        let (rows, rest) = self.values.as_chunks::<N>();
        assert!(rest.is_empty());
        rows.iter().map(|row| row.map(T::from_f64)).collect()
    }

    /// Returns a vector of indices as tokens or classes.
    pub fn tokens<const V: usize>(&self) -> Vec<Token<V>> {
        assert_eq!(self.shape.len(), 1, "a vector");
        self.values.iter().map(|&index| Token::new(index as usize).unwrap()).collect()
    }
}

/// Returns the values of a little-endian tensor.
fn values(dtype: Dtype, data: &[u8]) -> Vec<f64> {
    match dtype {
        Dtype::F32 => data.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b).into()).collect(),
        Dtype::F64 => data.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b)).collect(),
        Dtype::I64 => data.as_chunks().0.iter().map(|&b| i64::from_le_bytes(b) as f64).collect(),
        _ => panic!("no golden file has {dtype:?}"),
    }
}
