//! State dicts of golden files, to be changed and read.

use super::file;
use elman_import::{Import, torch};
use elman_model::Nonlinearity;
use safetensors::{Dtype, SafeTensors, View};
use std::borrow::Cow;

/// Tensor of a state dict.
#[derive(Clone)]
pub struct Tensor {
    pub dtype: Dtype,
    pub shape: Vec<usize>,
    pub data: Vec<u8>,
}

impl View for &Tensor {
    fn dtype(&self) -> Dtype {
        self.dtype
    }
    fn shape(&self) -> &[usize] {
        &self.shape
    }
    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.data)
    }
    fn data_len(&self) -> usize {
        self.data.len()
    }
}

pub type Named = Vec<(String, Tensor)>;

pub const GRU: &str = "gru_i3h5t7_h0_lab";

/// Returns the tensors of a golden file that belong to its state dict.
pub fn state_dict(name: &str) -> Named {
    let bytes = file(name);
    let tensors = SafeTensors::deserialize(&bytes).unwrap().tensors();
    let weights = tensors.into_iter().filter(|(name, _)| ["rnn.", "head.", "emb."].iter().any(|m| name.starts_with(m)));
    let tensor = |view: safetensors::tensor::TensorView<'_>| Tensor {
        dtype: view.dtype(),
        shape: view.shape().to_vec(),
        data: view.data().to_vec(),
    };
    weights.map(|(name, view)| (name, tensor(view))).collect()
}

pub fn read(tensors: &Named) -> Result<Import, String> {
    let bytes = safetensors::serialize(tensors.iter().map(|(name, tensor)| (name, tensor)), None).unwrap();
    torch::read(&bytes, Nonlinearity::Tanh).map_err(|error| error.to_string())
}

pub fn edited(edit: impl FnOnce(&mut Named)) -> Result<Import, String> {
    let mut tensors = state_dict(GRU);
    edit(&mut tensors);
    read(&tensors)
}

pub fn find<'a>(tensors: &'a mut Named, name: &str) -> &'a mut Tensor {
    &mut tensors.iter_mut().find(|(found, _)| found == name).unwrap().1
}

/// Writes a file by hand, since the library's writer determines the order of the tensors.
pub fn in_order(tensors: &Named) -> Vec<u8> {
    let (mut entries, mut data) = (Vec::new(), Vec::new());
    for (name, tensor) in tensors {
        let (start, end) = (data.len(), data.len() + tensor.data.len());
        entries
            .push(format!(r#""{name}":{{"dtype":"F32","shape":{:?},"data_offsets":[{start},{end}]}}"#, tensor.shape));
        data.extend_from_slice(&tensor.data);
    }
    let header = format!("{{{}}}", entries.join(","));
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &data].concat()
}
