//! Error messages, which name the file and the problem, and exit codes 1 and 2.

use super::{directory, done, failed, file, golden, onnx, said};

#[test]
fn an_error_says_what_is_wrong_and_writes_nothing() {
    for (path, says) in
        [(golden("absent"), "absent.safetensors: "), (file("Cargo.toml"), "neither a safetensors file nor")]
    {
        assert!(failed(&["inspect", &path]).contains(says), "{says}");
    }
    let same = golden("gru_i3h5t7_h0_lab");
    let before = std::fs::read(&same).unwrap();
    let (code, _, err) = said(&["import", &same, "-o", &same]);
    assert_eq!(code, Some(2));
    assert!(err.contains("give the image another name"), "{err}");
    assert!(std::fs::read(&same).unwrap() == before);
    let (code, out, err) = said(&["import", &onnx("gru_last_export"), "-o", "/nowhere/at/all.elman"]);
    assert_eq!(code, Some(1));
    assert!(!out.contains("wrote") && err.starts_with("error: /nowhere/at/all.elman: "), "{err}");
}

#[test]
fn each_kind_of_file_is_told() {
    let directory = directory("wrong");
    let written = |name: &str, bytes: &[u8]| {
        let path = directory.join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_string()
    };
    let image = file("../firmware-example/models/vowels.elman");
    let checkpoint = written("model.pt", b"PK\x03\x04...");
    let unknown = written("model.onnx", b"not a graph");
    for (command, path, says) in [
        ("import", &image, "vowels.elman: already a flash image; elman inspect reads it"),
        (
            "import",
            &checkpoint,
            "model.pt: a PyTorch checkpoint, which is not supported; save a state dict with safetensors.torch.save_file(",
        ),
        ("inspect", &unknown, "model.onnx: not a readable ONNX file: "),
        ("inspect", &written("cut.safetensors", b"8"), "cut.safetensors: not a readable safetensors file: "),
        ("inspect", &written("noted", b"12345678{"), "noted: not a readable safetensors file: "),
        ("export", &unknown, "model.onnx: "),
        ("export", &written("empty.elman", b""), "empty.elman: "),
        ("inspect", &written("cut.elman", b"\x89elman\r\n"), "cut.elman: "),
    ] {
        let error = failed(&[command, path]);
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn a_module_that_could_be_several_is_asked_for() {
    let directory = directory("several");
    let path = directory.join("two.safetensors");
    let file = std::fs::read(golden("gru_i3h5t7_h0_lab")).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&file).unwrap();
    let two = tensors.iter().filter(|(name, _)| name.starts_with("rnn.") || name.starts_with("head.")).flat_map(
        |(name, view)| {
            let names = if name.starts_with("head") {
                vec![name.replace("head", "a"), name.replace("head", "b")]
            } else {
                vec![name.to_string()]
            };
            names.into_iter().map(move |name| (name, view.clone()))
        },
    );
    std::fs::write(&path, safetensors::serialize(two, None).unwrap()).unwrap();
    let path = path.to_str().unwrap();
    let error = failed(&["inspect", path]);
    assert!(
        error.ends_with("any of these could be the linear layer: a, b; choose one, such as --map a=head\n"),
        "{error}"
    );
    let (code, out, err) = said(&["inspect", path, "--map", "a=head"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("dense(5,4)") && err.ends_with("not part of the network: b.bias, b.weight\n"), "{err}");
}

#[test]
fn a_wrong_call_ends_with_2_and_help_with_0() {
    let (image, graph) = (file("../firmware-example/models/vowels.elman"), onnx("gru_last_export"));
    for wrong in [
        &["import"][..],
        &["fly"],
        &["import", "--map", "x", "m"],
        &["import", "--map", "x=y", "m"],
        &["inspect", &golden("gru_i3h5t7_h0_lab"), "--nonlinearity", "relu"],
        &["import", "--nonlinearity", "x", "m"],
        &["inspect", "--steps", "0", "m"],
        &["inspect", &image, "--merge-biases"],
        &["inspect", &graph, "--map", "x=head"],
        &["import", &graph, "--nonlinearity", "relu"],
        &["export", &image, "-o", &image],
        &[],
    ] {
        let (code, out, err) = said(wrong);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{wrong:?}");
        assert!(err.contains("--help") || err.contains("Usage") || err.starts_with("error: "), "{err}");
    }
    for help in [&["--help"][..], &["-h"], &["help"], &["help", "import"], &["import", "--help"], &["export", "-h"]] {
        let (code, out, err) = said(help);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{help:?}");
        assert!(out.contains("Usage: elman"), "{out}");
    }
    assert!(done(&["--version"]).starts_with("elman "));
}
