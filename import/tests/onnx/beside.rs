//! Tensors in a file next to the model, where PyTorch's newer exporter stores larger tensors.

use super::read;
use super::refused::graph;
use elman_files::source::LIMIT;
use elman_import::Import;
use elman_import::onnx::{self, proto};
use prost::Message;
use std::io;

const STACK: &str = "gru_before_lstm_lengths";

fn entry(key: &str, value: impl ToString) -> proto::Entry {
    proto::Entry { key: key.to_string(), value: value.to_string() }
}

/// Returns the model with every tensor in `weights.data`, and the contents of `weights.data`; `edit` changes one
/// of the tensors.
fn apart(edit: impl FnOnce(&mut proto::Tensor)) -> (Vec<u8>, Vec<u8>) {
    let (mut model, mut data) = (graph(STACK), vec![7; 3]);
    let tensors = &mut model.graph.as_mut().unwrap().initializer;
    for tensor in &mut *tensors {
        let (offset, length) = (data.len(), tensor.raw_data.len());
        data.append(&mut tensor.raw_data);
        tensor.data_location = 1;
        tensor.external_data =
            vec![entry("location", "weights.data"), entry("offset", offset), entry("length", length)];
    }
    edit(tensors.iter_mut().find(|tensor| tensor.name == "w1").unwrap());
    (model.encode_to_vec(), data)
}

fn reads(edit: impl FnOnce(&mut proto::Tensor)) -> Result<Import, String> {
    let (model, data) = apart(edit);
    let open =
        |name: &str, _| if name == "weights.data" { Ok(data.clone()) } else { Err(io::ErrorKind::NotFound.into()) };
    onnx::read_beside(&model, &open, LIMIT).map_err(|error| error.to_string())
}

#[test]
fn tensors_in_a_file_of_their_own_are_read() {
    assert_eq!(reads(|_| ()), Ok(read(STACK)));
    let start = "not a readable ONNX file: w1 is stored in ";
    let with = |key: &str, value: &str| {
        let edit = |tensor: &mut proto::Tensor| {
            tensor.external_data.retain(|entry| entry.key != key);
            tensor.external_data.push(entry(key, value));
        };
        reads(edit).unwrap_err()
    };
    assert!(with("location", "other.data").starts_with(&format!("{start}other.data: ")));
    for path in ["../weights.data", "/weights.data", "a/../weights.data", "..", "/", ""] {
        let shown = if path.is_empty() { "(no name)" } else { path };
        assert!(
            with("location", path).starts_with(&format!("{start}\"{shown}\", which is not a path below the model")),
            "{path}"
        );
    }
    assert!(with("location", "a/weights.data").starts_with(&format!("{start}a/weights.data: ")));
    let all = apart(|_| ()).1.len();
    let too_far = [("offset", "99999999"), ("length", "1099511627776"), ("offset", "18446744073709551615")];
    for (key, value) in too_far {
        let error = with(key, value);
        assert!(
            error.contains(value) && error.ends_with(&format!("but the file has {all}; was it copied in full?")),
            "{error}"
        );
    }
    for (key, value) in [("offset", "-1"), ("length", "much"), ("length", "18446744073709551616"), ("offset", "")] {
        assert!(with(key, value).ends_with("is not a number of bytes"), "{key} {value}");
    }
    assert_eq!(
        with("length", "7"),
        "not a readable ONNX file: w1 ends in the middle of a value; was it copied in full?"
    );
    assert!(with("length", "8").contains("w1 of shape [1, 16, 6] has 2 values"));
}

#[test]
fn without_a_place_to_look_the_file_is_named() {
    let error = onnx::read(&apart(|_| ()).0).unwrap_err().to_string();
    assert!(error.starts_with("not a readable ONNX file: w0 is stored in weights.data: "), "{error}");
}

/// A model in which many tensors share the same bytes is refused.
#[test]
fn a_file_read_again_and_again_is_stopped() {
    let (model, data) = (graph(STACK), vec![0; 100_000]);
    let mut many = model.clone();
    let graph = many.graph.as_mut().unwrap();
    for at in 0..1000 {
        let (name, dims) = (format!("n{at}"), vec![25_000]);
        let node = proto::Node { op_type: "Identity".to_string(), input: vec![name.clone()], ..Default::default() };
        graph.node.push(node);
        let external_data = vec![entry("location", "weights.data")];
        graph.initializer.push(proto::Tensor {
            name,
            dims,
            data_type: 1,
            data_location: 1,
            external_data,
            ..Default::default()
        });
    }
    let error = onnx::read_beside(many.encode_to_vec(), &|_, _| Ok(data.clone()), LIMIT).unwrap_err().to_string();
    assert!(error.contains("creates more values than a file of this length may"), "{error}");
}
