//! State dicts whose modules have other names or are not supported.

use elman_files::source::LIMIT;
use elman_import::Import;
use elman_import::torch;
use elman_model::Nonlinearity;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

type Named = Vec<(String, Vec<usize>)>;

/// Returns names and shapes of a GRU with 3 inputs and 4 units.
fn gru(name: &str) -> Named {
    let shapes = [("weight_ih_l0", vec![12, 3]), ("weight_hh_l0", vec![12, 4]), ("bias_ih_l0", vec![12])];
    let shapes = shapes.into_iter().chain([("bias_hh_l0", vec![12])]);
    shapes.map(|(part, shape)| (format!("{name}{part}"), shape)).collect()
}

fn linear(name: &str, [inputs, outputs]: [usize; 2]) -> Named {
    vec![(format!("{name}.weight"), vec![outputs, inputs]), (format!("{name}.bias"), vec![outputs])]
}

fn read(tensors: &[Named], names: &[(&str, &str)]) -> Result<Import, String> {
    read_tied(tensors, names, &[])
}

/// Reads a file whose n-th tensor is filled with n, counted from 1; `metadata` has the second names of tensors.
fn read_tied(tensors: &[Named], names: &[(&str, &str)], metadata: &[(&str, &str)]) -> Result<Import, String> {
    let tensors: Vec<_> = tensors.concat().into_iter().zip((1_u8..).take(99).cycle()).collect();
    let data = |(shape, number): (&Vec<usize>, u8)| f32::from(number).to_le_bytes().repeat(shape.iter().product());
    let data: Vec<_> = tensors.iter().map(|((_, shape), number)| data((shape, *number))).collect();
    let views = tensors
        .iter()
        .zip(&data)
        .map(|(((name, shape), _), data)| (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), data).unwrap()));
    let metadata = metadata.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
    let bytes = safetensors::serialize(views, Some(metadata)).unwrap();
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
    assert_eq!(error("fc"), "there is no module fc to use as head; the file has head, rnn");
    assert_eq!(error("hea"), "there is no module hea to use as head; the file has head, rnn");
    assert!(read(&file, &[("head", "head")]).is_ok());
}

#[test]
fn a_second_linear_layer_is_not_left_out_unasked() {
    let file = [gru("rnn."), linear("fc1", [4, 8]), linear("fc2", [8, 2])];
    let error = read(&file, &[]).unwrap_err();
    assert_eq!(
        error,
        "fc2 could read the output of fc1, but only one linear layer is supported: train with one, or use fc1 alone by naming it head \
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
    let says = "cell.weight_ih belongs to a single cell, such as nn.GRUCell; ";
    assert!(error.starts_with(says) && error.contains("add _l0 to the names"), "{error}");
}

/// Returns a GRU of 4 units whose read-out shares its matrix with the embedding; the file has the matrix only
/// under the name `stored`.
fn tied(stored: &str, head: &str) -> Vec<Named> {
    let gru = gru("rnn.")
        .into_iter()
        .map(|(name, shape)| (name, shape.iter().map(|&n| if n == 3 { 4 } else { n }).collect()));
    vec![gru.collect(), vec![(format!("{head}.bias"), vec![9]), (stored.to_string(), vec![9, 4])]]
}

#[test]
fn a_matrix_that_two_modules_share_is_read_for_both() {
    for (stored, alias, head, names) in [
        ("emb.weight", "head.weight", "head", &[][..]),
        ("head.weight", "emb.weight", "head", &[]),
        ("tok.weight", "fc.weight", "fc", &[]),
        ("tok.weight", "fc.weight", "fc", &[("tok", "emb"), ("fc", "head")]),
    ] {
        let import = read_tied(&tied(stored, head), names, &[("format", "pt"), (alias, stored)]).unwrap();
        assert_eq!(import.extra, Vec::<String>::new(), "{stored} {alias}");
        assert_eq!((import.model.head.values, import.model.head_bias), (vec![6.0; 36], vec![5.0; 9]));
        assert_eq!(import.model.embedding.unwrap().values, vec![6.0; 36]);
    }
}

#[test]
fn a_tensor_that_is_there_is_not_replaced_by_a_name() {
    let import =
        read_tied(&[gru("rnn."), linear("head", [4, 2])], &[], &[("head.weight", "rnn.weight_hh_l0")]).unwrap();
    assert_eq!((import.model.head.values, import.extra), (vec![5.0; 8], vec![]));
    // A second name that the network does not use does not count as a left-over tensor.
    let import = read_tied(&[gru("rnn."), linear("head", [4, 2])], &[], &[("old.weight", "head.weight")]).unwrap();
    assert_eq!(import.extra, Vec::<String>::new());
}

#[test]
fn a_name_for_a_tensor_of_another_shape_is_an_error() {
    let file = [tied("emb.weight", "head"), vec![vec![("other.weight".to_string(), vec![8, 5])]]].concat();
    let error = read_tied(&file, &[], &[("head.weight", "other.weight")]).unwrap_err();
    assert_eq!(error, "head.weight has the shape [8, 5]; the other tensors require [8, 4]");
}

#[test]
fn a_shared_matrix_without_its_other_name_is_told() {
    let error = read(&tied("emb.weight", "head"), &[]).unwrap_err();
    assert!(error.contains("there is head.bias, but no tensor head.weight; ") && error.contains(".clone()"), "{error}");
    let error = read_tied(&tied("emb.weight", "head"), &[], &[("head.weight", "lost.weight")]).unwrap_err();
    assert!(error.contains("the file's metadata says that it is lost.weight, which is missing too"), "{error}");
}

#[test]
fn a_linear_layer_without_biases_is_named() {
    let error = read(&[gru("rnn."), vec![("out.weight".to_string(), vec![2, 4])]], &[]).unwrap_err();
    assert!(error.contains("there is no linear layer with biases and 4 inputs; "), "{error}");
    assert!(error.ends_with("state[\"out.bias\"] = torch.zeros(2)"), "{error}");
}

#[test]
fn names_and_lists_in_messages_are_short() {
    let long = "n".repeat(1000);
    let error = read(&[gru("rnn."), linear("head", [4, 2])], &[(&long, "head")]).unwrap_err();
    assert!(error.contains("n... (1000 bytes)") && error.len() < 300, "{error}");
    let many: Named = (0..5000).map(|n| (format!("t{n:04}"), vec![1])).collect();
    let error = read(std::slice::from_ref(&many), &[]).unwrap_err();
    assert!(
        error.ends_with("the file has t0000, t0001, t0002, t0003, t0004, t0005, t0006, t0007 and 4992 more"),
        "{error}"
    );
    let import = read(&[gru("rnn."), linear("head", [4, 2]), many], &[]).unwrap();
    assert!(import.extra.len() == 5000 && import.left_over().ends_with("t0007 and 4992 more"));
    let error = read(&[gru("a\nb\u{202e}."), gru("c."), linear("head", [4, 2])], &[]).unwrap_err();
    assert_eq!(error, "any of these could be the recurrent layers: a\\u{a}b\\u{202e}, c");
}

/// The limit applies to the bytes of the file together with its values in f64.
#[test]
fn the_limit_counts_the_numbers() {
    let tensors = [gru("rnn."), linear("head", [4, 2])].concat();
    let data: Vec<_> = tensors.iter().map(|(_, shape)| vec![0; 4 * shape.iter().product::<usize>()]).collect();
    let views =
        tensors.iter().zip(&data).map(|((name, shape), data)| (name, TensorView::new(Dtype::F32, shape.clone(), data)));
    let bytes = safetensors::serialize(views.map(|(name, view)| (name, view.unwrap())), None).unwrap();
    let read = |limit| torch::read_renamed(&bytes, Nonlinearity::Tanh, &[], limit);
    let least = (0..).map(|n| 100 * n).find(|&limit| read(limit).is_ok()).unwrap();
    assert!(least > 3 * data.concat().len() as u64, "{least}");
    for limit in [0, bytes.len() as u64, least - 100] {
        let error = read(limit).unwrap_err().to_string();
        assert!(
            error.starts_with("reading it takes about ") && error.ends_with("raise the limit (--limit)"),
            "{error}"
        );
    }
}
