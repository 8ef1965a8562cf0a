//! The program `elman`: its files, its output and its exit codes.

mod carried;
mod data;
mod import;
mod inspect;
mod kept;
mod paths;
mod quantize;
mod sources;
mod streams;
mod wrong;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Returns the path of a file in this repository.
fn file(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path).to_str().unwrap().to_string()
}

fn golden(name: &str) -> String {
    file(&format!("../host-tests/golden/{name}.safetensors"))
}

fn onnx(name: &str) -> String {
    file(&format!("../import/tests/onnx/models/{name}.onnx"))
}

fn numpy(name: &str) -> String {
    file(&format!("../trainer/tests/data/numpy/{name}"))
}

/// Creates a folder for the files of a test.
fn directory(test: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_elman"));
    command.args(arguments).env_remove("CLICOLOR_FORCE").env_remove("NO_COLOR");
    command
}

/// Runs a command; returns its exit code, standard output and standard error.
fn said(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command(arguments).output().unwrap();
    let [out, err] = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(!out.contains('\u{1b}') && !err.contains('\u{1b}'), "colours where there is no terminal");
    (status.code(), out, err)
}

/// Runs a command that must succeed and print no errors; returns its standard output.
#[track_caller]
fn done(arguments: &[&str]) -> String {
    let (code, out, err) = said(arguments);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    out
}

/// Runs a command that must fail and print only an error; returns its standard error.
#[track_caller]
fn failed(arguments: &[&str]) -> String {
    let (code, out, err) = said(arguments);
    assert_eq!((code, out.as_str()), (Some(1), ""), "{err}");
    assert!(err.starts_with("error: ") && err.lines().count() == 1, "{err}");
    err
}
