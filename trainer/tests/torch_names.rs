//! State dicts whose modules are called otherwise, or are not those that are read.

use elman_trainer::import::Import;
use elman_trainer::model::Nonlinearity;
use elman_trainer::source::LIMIT;
use elman_trainer::torch;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

type Named = Vec<(String, Vec<usize>)>;

/// A GRU of 4 units that reads 3 numbers.
fn gru(name: &str) -> Named {
    let shapes = [("weight_ih_l0", vec![12, 3]), ("weight_hh_l0", vec![12, 4]), ("bias_ih_l0", vec![12])];
    let shapes = shapes.into_iter().chain([("bias_hh_l0", vec![12])]);
    shapes.map(|(part, shape)| (format!("{name}{part}"), shape)).collect()
}

fn linear(name: &str, [inputs, outputs]: [usize; 2]) -> Named {
    vec![(format!("{name}.weight"), vec![outputs, inputs]), (format!("{name}.bias"), vec![outputs])]
}

/// Every tensor is filled with a number of its own, counted from 1.
fn read(tensors: &[Named], names: &[(&str, &str)]) -> Result<Import, String> {
    let tensors: Vec<_> = tensors.concat().into_iter().zip(1_u8..).collect();
    let data = |(shape, number): (&Vec<usize>, u8)| f32::from(number).to_le_bytes().repeat(shape.iter().product());
    let data: Vec<_> = tensors.iter().map(|((_, shape), number)| data((shape, *number))).collect();
    let views = tensors
        .iter()
        .zip(&data)
        .map(|(((name, shape), _), data)| (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), data).unwrap()));
    let bytes = safetensors::serialize(views, None).unwrap();
    torch::read_renamed(&bytes, Nonlinearity::Tanh, names, LIMIT).map_err(|error| error.to_string())
}

#[test]
fn names_that_are_no_identifiers_are_found() {
    for (rnn, head) in [("my-rnn.", "read out"), ("0.", "1"), ("", "fc"), ("récur.", "@sortie"), ("module.m.", "m.fc")]
    {
        let import = read(&[gru(rnn), linear(head, [4, 2])], &[]).unwrap();
        assert_eq!((import.extra, import.model.head_bias), (vec![], vec![6.0; 2]), "{rnn}{head}");
    }
}

#[test]
fn several_recurrent_layers_are_named_as_modules_are() {
    let error = read(&[gru("encoder."), gru(""), linear("fc", [4, 2])], &[]).unwrap_err();
    assert_eq!(error, "any of these could be the recurrent layers: encoder, (no name)");
}

#[test]
fn a_module_that_is_asked_for_replaces_one_of_its_name() {
    let file = [gru("a."), linear("head", [4, 2]), linear("fc", [4, 2])];
    let names = [("fc", "head"), ("a", "rnn")];
    let import = read(&file, &names).unwrap();
    assert_eq!((import.model.head_bias, import.extra), (vec![8.0; 2], vec!["head.bias".into(), "head.weight".into()]));
    let swapped = read(&[gru("head."), linear("rnn", [4, 2])], &[("rnn", "head"), ("head", "rnn")]).unwrap();
    assert_eq!((swapped.model.head_bias, swapped.extra), (vec![6.0; 2], vec![]));
}

#[test]
fn a_module_that_is_asked_for_must_be_there() {
    let file = [gru("rnn."), linear("head", [4, 2])];
    let error = |old| read(&file, &[(old, "head")]).unwrap_err();
    assert_eq!(error("fc"), "there is no module fc to be taken for head; the file has head, rnn");
    assert_eq!(error("hea"), "there is no module hea to be taken for head; the file has head, rnn");
    assert!(read(&file, &[("head", "head")]).is_ok());
}

#[test]
fn a_second_linear_layer_is_not_left_out_unasked() {
    let file = [gru("rnn."), linear("fc1", [4, 8]), linear("fc2", [8, 2])];
    let error = read(&file, &[]).unwrap_err();
    assert_eq!(
        error,
        "fc2 could read what fc1 gives, and one linear layer is read: train with one, or take fc1 alone by calling it head \
         (--map fc1=head)"
    );
    assert_eq!(read(&file, &[("fc1", "head")]).unwrap().extra, ["fc2.bias", "fc2.weight"]);
    let beside = [gru("rnn."), linear("fc1", [4, 8]), linear("fc2", [9, 2])];
    assert_eq!(read(&beside, &[]).unwrap().extra, ["fc2.bias", "fc2.weight"]);
}

#[test]
fn single_cells_are_refused_by_name() {
    let cell = gru("cell.").into_iter().map(|(name, shape)| (name.replace("_l0", ""), shape)).collect();
    let error = read(&[cell, linear("head", [4, 2])], &[]).unwrap_err();
    let says = "cell.weight_ih is of a single cell, such as nn.GRUCell; ";
    assert!(error.starts_with(says) && error.contains("add _l0 to the names"), "{error}");
}
