//! Files that a command must not overwrite: its own input, and any file that it did not write.

use super::{directory, done, file, golden, said};
use std::fs;
use std::path::Path;

/// Checks that the command is refused as wrong usage and leaves `kept` unchanged; returns its standard error.
#[track_caller]
fn refused(arguments: &[&str], kept: &Path) -> String {
    let before = fs::read(kept).unwrap();
    let (code, out, err) = said(arguments);
    assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
    assert!(fs::read(kept).unwrap() == before);
    err
}

#[test]
fn the_input_by_another_name() {
    let directory = directory("kept");
    let (inner, here) = (directory.join("inner"), |name: &str| directory.join(name));
    fs::create_dir_all(&inner).unwrap();
    // Another path to the same file.
    let there = |name: &str| inner.join("..").join(name).to_str().unwrap().to_string();
    let [model, image, table] = [here("model.safetensors"), here("vowels.elman"), here("table.csv")];
    fs::copy(golden("gru_i3h5t7_h0_lab"), &model).unwrap();
    fs::copy(file("../firmware-example/models/vowels.elman"), &image).unwrap();
    fs::write(&table, "x\n1\n").unwrap();
    let err = refused(&["import", model.to_str().unwrap(), "-o", &there("model.safetensors")], &model);
    assert!(err.contains("give the image another name"), "{err}");
    let err = refused(&["export", image.to_str().unwrap(), "-o", &there("vowels.elman")], &image);
    assert!(err.contains("the state dict would overwrite the image"), "{err}");
    let err = refused(&["convert", table.to_str().unwrap(), &there("table.csv")], &table);
    assert!(err.contains("the output would overwrite the data set"), "{err}");
}

#[test]
fn a_table_of_the_folder_that_is_read() {
    let folder = directory("kept_folder");
    let labels = folder.join("labels.csv");
    fs::write(&labels, "file,label\n1.csv,walk\n").unwrap();
    fs::write(folder.join("1.csv"), "x\n1\n").unwrap();
    let convert = |output: &str| ["convert", folder.to_str().unwrap(), output].map(String::from);
    for output in ["labels.csv", "all.CSV"] {
        let arguments = convert(folder.join(output).to_str().unwrap());
        let err = refused(&arguments.each_ref().map(String::as_str), &labels);
        assert!(err.ends_with("the output would be one of the tables in the folder that is read\n"), "{err}");
    }
    let arguments = convert(folder.join("all.npz").to_str().unwrap());
    done(&arguments.each_ref().map(String::as_str));
}

#[test]
fn a_state_dict_that_is_there_unless_it_is_named() {
    let directory = directory("kept_export");
    let (image, model) = (directory.join("vowels.elman"), directory.join("vowels.safetensors"));
    fs::copy(file("../firmware-example/models/vowels.elman"), &image).unwrap();
    fs::write(&model, "what it was imported from").unwrap();
    let err = refused(&["export", image.to_str().unwrap()], &model);
    assert!(err.contains("vowels.safetensors: already exists"), "{err}");
    let (code, ..) = said(&["export", image.to_str().unwrap(), "-o", model.to_str().unwrap()]);
    assert_eq!(code, Some(0));
    fs::remove_file(&model).unwrap();
    assert_eq!(said(&["export", image.to_str().unwrap()]).0, Some(0));
    assert!(model.exists());
}

#[test]
fn a_source_file_that_import_did_not_write() {
    let directory = directory("kept_import");
    let (model, module) = (directory.join("net.safetensors"), directory.join("net.rs"));
    // Left by an earlier run.
    let _ = fs::remove_file(directory.join("net.elman"));
    fs::copy(golden("gru_i3h5t7_h0_lab"), &model).unwrap();
    fs::write(&module, "//! My network.\n").unwrap();
    let err = refused(&["import", model.to_str().unwrap()], &module);
    assert!(err.contains("net.rs: not written by elman import"), "{err}");
    assert!(!directory.join("net.elman").exists());
    fs::remove_file(&module).unwrap();
    for _ in 0..2 {
        let (code, _, err) = said(&["import", model.to_str().unwrap()]);
        assert_eq!(code, Some(0), "its own is written anew: {err}");
    }
}
