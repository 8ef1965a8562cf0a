//! The program `elman`: what it writes, what it says, how it ends.
#![cfg(feature = "cli")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../host-tests/golden/{name}.safetensors"))
}

fn elman(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_elman")).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

/// Exit code, standard output, standard error.
fn said(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = elman(arguments);
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(!out.contains('\u{1b}') && !err.contains('\u{1b}'), "colours");
    (output.status.code(), out, err)
}

#[test]
fn import_writes_an_image_and_a_module() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("import");
    std::fs::create_dir_all(&directory).unwrap();
    let (model, image) = (directory.join("model.safetensors"), directory.join("other.elman"));
    std::fs::copy(golden("gru_i3h5t7_h0_lab"), &model).unwrap();
    let (code, out, err) = said(&["import", model.to_str().unwrap(), "--output", image.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("f32 network(gru(3,5,2,rzn,reset_after,tanh),dense(5,4))"), "{out}");
    assert!(out.contains("parameters    174") && out.contains("multiply-adds 140 a step"), "{out}");
    assert!(err.starts_with("warning: not part of the network: ") && err.contains("input.x"), "{err}");
    assert!(std::fs::read(&image).unwrap().starts_with(b"\x89elman\r\n"));
    let back = directory.join("back.safetensors");
    let (code, out, err) = said(&["export", image.to_str().unwrap(), "-o", back.to_str().unwrap()]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("back.safetensors"), "{out}");
    let (code, again, err) = said(&["inspect", back.to_str().unwrap()]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "nothing is left over");
    assert!(out.starts_with(&again), "{out}{again}");
    let module = std::fs::read_to_string(directory.join("other.rs")).unwrap();
    assert!(module.contains("pub type Net = elman::Network<") && module.contains("include_bytes!(\"other.elman\")"));
}

#[test]
fn an_error_says_what_is_wrong_and_writes_nothing() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    for (file, says) in [(golden("absent"), "absent.safetensors: "), (source, "not a readable safetensors file")] {
        let (code, out, err) = said(&["inspect", file.to_str().unwrap()]);
        assert_eq!((code, out.as_str()), (Some(1), ""));
        assert!(err.starts_with("error: ") && err.contains(says), "{err}");
    }
    let same = golden("gru_i3h5t7_h0_lab");
    let before = std::fs::read(&same).unwrap();
    let (code, _, err) = said(&["import", same.to_str().unwrap(), "-o", same.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(err.contains("the image needs another extension"), "{err}");
    assert!(std::fs::read(&same).unwrap() == before);
}

#[test]
fn a_wrong_call_ends_with_2_and_help_with_0() {
    for wrong in [&["import"][..], &["fly"], &["import", "--map", "x", "m"], &["import", "--nonlinearity", "x", "m"]] {
        let (code, _, err) = said(wrong);
        assert_eq!(code, Some(2), "{wrong:?}");
        assert!(err.contains("--help") || err.contains("Usage"), "{err}");
    }
    let (code, out, _) = said(&["--help"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("import") && out.contains("inspect"), "{out}");
}

#[test]
fn the_nonlinearity_is_an_option() {
    let file = golden("rnn_relu_i3h7t12_lab");
    let (_, out, _) = said(&["inspect", file.to_str().unwrap(), "--nonlinearity", "relu"]);
    assert!(out.contains("elman(3,7,2,relu)"), "{out}");
    let (_, out, _) = said(&["inspect", file.to_str().unwrap()]);
    assert!(out.contains("elman(3,7,2,tanh)"), "{out}");
}
