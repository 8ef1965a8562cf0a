//! Reading regular files and standard input, up to the size limit and as far as the memory suffices.
#![cfg(unix)]

use crate::{command, directory, done, failed, file, numpy, said};
use std::fs::{self, File};
use std::io::Write;
use std::process::{Command, Output, Stdio};

/// Runs a command with these bytes on its standard input and returns its output.
fn piped(arguments: &[&str], bytes: &[u8]) -> Output {
    let mut child =
        command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The command may stop reading before the end.
    let _ = child.stdin.take().unwrap().write_all(bytes);
    child.wait_with_output().unwrap()
}

#[test]
fn only_regular_files_are_read() {
    let directory = directory("sources");
    let path = |name: &str| directory.join(name).to_str().unwrap().to_string();
    for name in ["pipe.csv", "pipe.npz"] {
        let _ = fs::remove_file(path(name));
        assert!(Command::new("mkfifo").arg(path(name)).status().unwrap().success());
        let error = failed(&["describe", &path(name)]);
        assert_eq!(
            error,
            format!(
                "error: {}: this is a named pipe, not a regular file; use `-` to read standard input\n",
                path(name)
            )
        );
    }
    let link = path("zero.rnnd");
    let _ = fs::remove_file(&link);
    std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
    assert!(failed(&["describe", &link]).contains("zero.rnnd: this is a device, not a regular file"));
    let folder = path("set");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(format!("{folder}/walk/deep.csv")).unwrap();
    assert!(failed(&["describe", &folder]).contains("deep.csv: this is a folder, not a regular file"));
    let labels = failed(&["describe", &numpy("x-big-f4.npy"), "--labels", &folder]);
    assert!(labels.contains("set: this is a folder, not a regular file"), "{labels}");
}

#[test]
fn standard_input_is_read_as_what_it_is() {
    let text = "sequence,label,x\n1,a,0.5\n2,b,1\n";
    let table = directory("sources").join("in.csv");
    fs::write(&table, text).unwrap();
    let expected = done(&["describe", table.to_str().unwrap()]);
    let output = piped(&["describe", "-"], text.as_bytes());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
    for path in [file("../data/japanese-vowels/test.rnnd"), numpy("full.npz"), numpy("x-fortran.npy")] {
        let output = piped(&["describe", "-"], &fs::read(&path).unwrap());
        assert_eq!(String::from_utf8(output.stdout).unwrap(), done(&["describe", &path]), "{path}");
    }
    let output = piped(&["describe", "-"], b"x\n1\noops\n");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "error: -, line 3, column 1 (x): `oops` is not a number\n");
    let output = piped(&["describe", "-"], b"");
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("error: -: there is no data"));
}

#[test]
fn a_limit_is_a_number_of_bytes() {
    let path = directory("sources").join("limit.csv");
    fs::write(&path, format!("x\n{}", "1\n".repeat(1000))).unwrap();
    let path = path.to_str().unwrap();
    done(&["describe", path, "--limit", "8k"]);
    let error = failed(&["describe", path, "--limit", "4000"]);
    assert!(
        error.contains("line 977: it would take more than 4000 bytes of memory; raise the limit with --limit"),
        "{error}"
    );
    for wrong in ["", "x", "-1", "1.5G", "8 kilo", "99999999999999999999", "99999999T"] {
        let (code, _, err) = said(&["describe", path, &format!("--limit={wrong}")]);
        assert!(code == Some(2) && err.contains("--limit"), "{wrong}: {err}");
    }
}

/// Runs under a system memory limit that the program does not know of.
#[test]
#[cfg(target_os = "linux")]
fn memory_that_ends_is_an_error_with_its_place() {
    let directory = directory("memory");
    let path = |name: &str| directory.join(name).to_str().unwrap().to_string();
    let sparse = |name: &str, begin: &[u8], length: u64| {
        let mut file = File::create(path(name)).unwrap();
        file.write_all(begin).unwrap();
        file.set_len(length).unwrap();
    };
    let npy = |shape: &str| {
        let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n");
        [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes()].concat()
    };
    let begin = npy("(250000000, 1)");
    sparse("whole.npy", &begin, begin.len() as u64 + 1_000_000_000);
    let begin = npy("(25000000, 1, 1)");
    sparse("many.npy", &begin, begin.len() as u64 + 100_000_000);
    fs::write(path("rows.csv"), format!("x\n{}", "1\n".repeat(12_000_000))).unwrap();
    fs::write(path("sequences.csv"), {
        let rows: String = (0..1_000_000).map(|row| format!("s{row},1\n")).collect();
        format!("sequence,x\n{rows}")
    })
    .unwrap();
    let numbers = [1_u32, 1, 1, 0, 0, 200_000_000].iter().flat_map(|number| number.to_le_bytes());
    sparse("values.rnnd", &b"RNND1\0\0\0".iter().copied().chain(numbers).collect::<Vec<_>>(), 32 + 800_000_000);
    sparse("zeros.csv", b"x\n", 2 << 30);
    for (name, kib) in [
        ("whole.npy", 900_000),
        ("many.npy", 300_000),
        ("rows.csv", 100_000),
        ("sequences.csv", 90_000),
        ("values.rnnd", 500_000),
        ("zeros.csv", 1 << 20),
    ] {
        let script = format!("ulimit -v {kib}; exec \"$0\" describe \"$1\" --limit 8G");
        let output =
            Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_elman"), &path(name)]).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}: {err}");
        assert!(err.starts_with(&format!("error: {}", path(name))) && err.lines().count() == 1, "{err}");
        fs::remove_file(path(name)).unwrap();
    }
}
