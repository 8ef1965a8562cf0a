//! Import to an image and export back.

use super::{directory, done, failed, file, golden, onnx, said};

#[test]
fn import_writes_an_image_and_a_module() {
    let directory = directory("import");
    let (model, image) = (directory.join("model.safetensors"), directory.join("other.elman"));
    std::fs::copy(golden("gru_i3h5t7_h0_lab"), &model).unwrap();
    let (code, out, err) = said(&["import", model.to_str().unwrap(), "--output", image.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("f32 network(gru(3,5,2,rzn,reset_after,tanh),dense(5,4))"), "{out}");
    assert!(out.contains("parameters    174") && out.contains("multiply-adds 140 a step"), "{out}");
    assert!(
        err.starts_with("warning: ") && err.contains("not part of the network: ") && err.contains("input.x"),
        "{err}"
    );
    assert!(std::fs::read(&image).unwrap().starts_with(b"\x89elman\r\n"));
    let back = directory.join("back.safetensors");
    let exported = done(&["export", image.to_str().unwrap(), "-o", back.to_str().unwrap()]);
    assert!(exported.contains("back.safetensors"), "{exported}");
    let again = done(&["inspect", back.to_str().unwrap()]);
    let described = out.split("wrote").next().unwrap();
    assert!(again.starts_with(described), "{described}{again}");
    let module = std::fs::read_to_string(directory.join("other.rs")).unwrap();
    assert!(module.contains("pub type Net = elman::Network<") && module.contains("include_bytes!(\"other.elman\")"));
}

#[test]
fn an_onnx_model_becomes_an_image_beside_it() {
    let directory = directory("import_onnx");
    let model = directory.join("model.onnx");
    std::fs::copy(onnx("gru_before_lstm_lengths"), &model).unwrap();
    let out = done(&["import", model.to_str().unwrap()]);
    assert!(out.contains("stacked(gru(3,6,1,rzn,reset_before,tanh),lstm(6,4,2,ifgo))"), "{out}");
    assert!(out.contains("elman::Gru<3, 6, elman::Libm, 1, elman::cell::ResetBefore>"), "{out}");
    assert!(out.contains("answers       at each step"), "{out}");
    let image = directory.join("model.elman");
    assert!(done(&["inspect", image.to_str().unwrap()]).starts_with(out.split("answers").next().unwrap()));
    let error = failed(&["export", image.to_str().unwrap()]);
    assert!(error.contains("model.elman: f32 network("), "{error}");
}

#[test]
fn two_bias_vectors_become_one_when_asked() {
    let (lstm, gru) = (golden("lstm_i3h5t7_h0_lab"), golden("gru_i3h5t7_h0_lab"));
    let (_, out, _) = said(&["inspect", &lstm, "--merge-biases"]);
    assert!(out.contains("lstm(3,5,1,ifgo)"), "{out}");
    let error = failed(&["inspect", &gru, "--merge-biases"]);
    assert!(error.ends_with("its reset gate scales only the second\n"), "{error}");
}

#[test]
fn the_nonlinearity_is_an_option() {
    let file = golden("rnn_relu_i3h7t12_lab");
    let (_, out, _) = said(&["inspect", &file, "--nonlinearity", "relu"]);
    assert!(out.contains("elman(3,7,2,relu)"), "{out}");
    let (_, out, _) = said(&["inspect", &file]);
    assert!(out.contains("elman(3,7,2,tanh)"), "{out}");
}

#[test]
fn what_a_state_dict_has_no_place_for_is_told() {
    let (image, back) =
        (file("../firmware-example/models/vowels.elman"), directory("export").join("vowels.safetensors"));
    let (code, out, err) = said(&["export", &image, "-o", back.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("elman(12,32,1,tanh)") && out.contains("wrote"), "{out}");
    assert!(err.ends_with("vowels.elman: a state dict cannot hold the normaliser of the image\n"), "{err}");
    assert_eq!(err.lines().count(), 1, "the probe is made anew: {err}");
}
