//! Paths that are not regular files, links that lead elsewhere, and files that would need all memory.
#![cfg(unix)]

use super::{command, directory, failed, golden, onnx, said};
use elman_import::onnx::proto;
use prost::Message;
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Creates an empty folder for a test.
fn fresh(test: &str) -> PathBuf {
    let folder = directory(test);
    fs::remove_dir_all(&folder).unwrap();
    directory(test)
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn what_is_no_regular_file_is_not_opened() {
    let folder = fresh("paths");
    for name in ["p.onnx", "p.safetensors", "p.elman"] {
        pipe(&folder.join(name));
    }
    symlink("/dev/zero", folder.join("zero.safetensors")).unwrap();
    for (name, says) in [
        ("p.onnx", "a named pipe, not a regular file; use `-` to read"),
        ("p.safetensors", "a named pipe"),
        ("p.elman", "a named pipe"),
        ("zero.safetensors", "a device"),
        (".", "a folder"),
    ] {
        let path = folder.join(name);
        for verb in ["import", "inspect", "export"] {
            let error = failed(&[verb, path.to_str().unwrap()]);
            assert!(error.contains(says), "{verb}: {error}");
        }
    }
    // The module next to the image is read before it is replaced.
    pipe(&folder.join("m.rs"));
    let image = folder.join("m.elman");
    let (code, _, err) = said(&["import", &golden("rnn_tanh_i1h1t1_lab"), "-o", image.to_str().unwrap()]);
    assert!(code == Some(2) && err.contains("m.rs: not written by elman import"), "{err}");
}

#[test]
fn standard_input_is_read_when_asked_for() {
    let folder = fresh("paths_stdin");
    let image = folder.join("m.elman");
    for model in [golden("gru_i3h5t7_h0_lab"), onnx("gru_last_export")] {
        let from = |arguments: &[&str]| {
            let mut command = command(arguments);
            command.stdin(Stdio::from(File::open(&model).unwrap())).output().unwrap()
        };
        let piped = from(&["inspect", "-"]);
        assert!(piped.status.success(), "{}", String::from_utf8_lossy(&piped.stderr));
        assert_eq!(String::from_utf8(piped.stdout).unwrap(), said(&["inspect", &model]).1);
        let nameless = from(&["import", "-"]);
        let error = String::from_utf8(nameless.stderr).unwrap();
        assert!(nameless.status.code() == Some(2) && error.contains("name the output file (--output)"), "{error}");
        assert!(from(&["import", "-", "-o", image.to_str().unwrap()]).status.success());
        fs::remove_file(&image).unwrap();
    }
    assert!(!Path::new("-.elman").exists());
}

/// Returns a model whose tensors are stored in the file `location`, and the bytes of this file.
fn apart(location: &str) -> (Vec<u8>, Vec<u8>) {
    let mut model = proto::Model::decode(&*fs::read(onnx("gru_before_i1h1")).unwrap()).unwrap();
    let mut data = Vec::new();
    for tensor in &mut model.graph.as_mut().unwrap().initializer {
        let entry = |key: &str, value: String| proto::Entry { key: key.to_string(), value };
        let (offset, length) = (data.len().to_string(), tensor.raw_data.len().to_string());
        data.append(&mut tensor.raw_data);
        tensor.data_location = 1;
        tensor.external_data =
            vec![entry("location", location.to_string()), entry("offset", offset), entry("length", length)];
    }
    (model.encode_to_vec(), data)
}

/// Creates `m/model.onnx` in an empty folder, lets `place` write its data, and inspects it; returns the exit code
/// and standard error.
fn beside(test: &str, location: &str, place: impl FnOnce(&Path, &[u8])) -> (Option<i32>, String) {
    let folder = fresh(test);
    let (model, data) = apart(location);
    fs::create_dir(folder.join("m")).unwrap();
    fs::write(folder.join("m/model.onnx"), model).unwrap();
    place(&folder, &data);
    let (code, _, err) = said(&["inspect", folder.join("m/model.onnx").to_str().unwrap()]);
    (code, err)
}

#[test]
fn data_beside_a_model_may_lie_below_its_folder() {
    let right = |test: &str, location: &str, place: fn(&Path, &[u8])| {
        assert_eq!(beside(test, location, place), (Some(0), String::new()), "{test}");
    };
    right("beside_plain", "w.bin", |folder, data| fs::write(folder.join("m/w.bin"), data).unwrap());
    right("beside_dot", "./w.bin", |folder, data| fs::write(folder.join("m/w.bin"), data).unwrap());
    right("beside_below", "sub/w.bin", |folder, data| {
        fs::create_dir(folder.join("m/sub")).unwrap();
        fs::write(folder.join("m/sub/w.bin"), data).unwrap();
    });
    // A link within the folder.
    right("beside_link", "w.bin", |folder, data| {
        fs::write(folder.join("m/real.bin"), data).unwrap();
        symlink("real.bin", folder.join("m/w.bin")).unwrap();
    });
    // A cache: the names in one folder are links to the files in another.
    right("beside_cache", "w.bin", |folder, data| {
        fs::create_dir(folder.join("blobs")).unwrap();
        fs::rename(folder.join("m/model.onnx"), folder.join("blobs/0a")).unwrap();
        fs::write(folder.join("blobs/0b"), data).unwrap();
        symlink("../blobs/0a", folder.join("m/model.onnx")).unwrap();
        symlink("../blobs/0b", folder.join("m/w.bin")).unwrap();
    });
}

#[test]
fn data_elsewhere_are_refused() {
    let wrong = |test: &str, location: &str, says: &str, place: fn(&Path, &[u8])| {
        let (code, err) = beside(test, location, place);
        assert!(code == Some(1) && err.lines().count() == 1 && err.contains(says), "{test}: {err}");
    };
    let out = "a link leads out of the model's folder";
    wrong("beside_out", "w.bin", out, |folder, data| {
        fs::write(folder.join("secret.bin"), data).unwrap();
        symlink("../secret.bin", folder.join("m/w.bin")).unwrap();
    });
    wrong("beside_absolute_link", "w.bin", out, |folder, data| {
        fs::write(folder.join("secret.bin"), data).unwrap();
        symlink(folder.join("secret.bin"), folder.join("m/w.bin")).unwrap();
    });
    // The folder in the middle is the link.
    wrong("beside_middle", "sub/w.bin", out, |folder, data| {
        fs::create_dir(folder.join("elsewhere")).unwrap();
        fs::write(folder.join("elsewhere/w.bin"), data).unwrap();
        symlink("../elsewhere", folder.join("m/sub")).unwrap();
    });
    // A folder whose name begins with that of the model's folder.
    wrong("beside_prefix", "w.bin", out, |folder, data| {
        fs::create_dir(folder.join("m2")).unwrap();
        fs::write(folder.join("m2/w.bin"), data).unwrap();
        symlink("../m2/w.bin", folder.join("m/w.bin")).unwrap();
    });
    wrong("beside_device", "w.bin", out, |folder, _| symlink("/dev/zero", folder.join("m/w.bin")).unwrap());
    wrong("beside_pipe", "w.bin", "a named pipe", |folder, _| pipe(&folder.join("m/w.bin")));
    wrong("beside_folder", "w.bin", "a folder", |folder, _| fs::create_dir(folder.join("m/w.bin")).unwrap());
    wrong("beside_none", "w.bin", "w0 is stored in w.bin: there is no such file; copy it", |_, _| ());
    wrong("beside_dangling", "w.bin", "is stored in w.bin: ", |folder, _| {
        symlink("gone", folder.join("m/w.bin")).unwrap()
    });
    let up = "which is not a path below the model's folder";
    for location in ["../secret.bin", "sub/../../secret.bin", "/etc/passwd", ".."] {
        wrong("beside_up", location, up, |folder, data| fs::write(folder.join("secret.bin"), data).unwrap());
    }
    // Shorter than the model requires.
    wrong("beside_short", "w.bin", "; was it copied in full?", |folder, data| {
        fs::write(folder.join("m/w.bin"), &data[..data.len() - 1]).unwrap();
    });
    wrong("beside_empty", "w.bin", "but the file has 0", |folder, _| fs::write(folder.join("m/w.bin"), []).unwrap());
    wrong("beside_large", "w.bin", "raise the limit with --limit", |folder, _| {
        File::create(folder.join("m/w.bin")).unwrap().set_len(1 << 40).unwrap();
    });
}

#[test]
fn a_model_from_standard_input_has_no_files_beside_it() {
    let folder = fresh("beside_stdin");
    let model = folder.join("model.onnx");
    fs::write(&model, apart("w.bin").0).unwrap();
    let mut command = command(&["inspect", "-"]);
    let output = command.stdin(Stdio::from(File::open(&model).unwrap())).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && error.contains("give the path of the model file"), "{error}");
}

#[test]
fn the_limit_is_an_option() {
    let model = golden("gru_i3h5t7_h0_lab");
    for limit in ["1", "1K", "20K"] {
        let error = failed(&["inspect", &model, "--limit", limit]);
        assert!(error.contains("--limit") && error.contains("memory"), "{error}");
    }
    for limit in ["4M", "1G", "4000000"] {
        assert_eq!(said(&["inspect", &model, "--limit", limit]).0, Some(0), "{limit}");
    }
    for wrong in ["0", "", "M", "-1", "1.5G", "17179869184G", "1T"] {
        let (code, _, err) = said(&["inspect", &model, &format!("--limit={wrong}")]);
        assert!(code == Some(2) && err.contains("512M"), "{wrong}: {err}");
    }
}

/// Runs with 1 GiB of address space, so that larger allocations fail.
#[cfg(target_os = "linux")]
#[test]
fn files_that_ask_for_all_memory_end_with_an_error() {
    let folder = fresh("paths_memory");
    let long = |name: &str, megabytes: u64| File::create(folder.join(name)).unwrap().set_len(megabytes << 20).unwrap();
    long("600.onnx", 600);
    long("700.safetensors", 700);
    long("many.onnx", 1 << 20);
    let metadata: Vec<_> = (0..400_000).map(|n| format!("\"{n:x}.bias\":\"t\"")).collect();
    let tensor = r#""t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#;
    let header = format!("{{{tensor},\"__metadata__\":{{{}}}}}", metadata.join(","));
    let file = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0; 4]].concat();
    fs::write(folder.join("names.safetensors"), file).unwrap();
    for name in ["600.onnx", "700.safetensors", "many.onnx", "names.safetensors"] {
        let script = "ulimit -v 1048576; exec \"$0\" inspect \"$1\"";
        let program = env!("CARGO_BIN_EXE_elman");
        let output = Command::new("sh").args(["-c", script, program]).arg(folder.join(name)).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && error.starts_with("error: ") && error.contains(name), "{error}");
    }
    fs::remove_dir_all(folder).unwrap();
}
