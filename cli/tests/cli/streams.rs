//! Output that nobody reads.

use super::{command, golden};
use std::io::pipe;

#[test]
fn output_closed_early_is_no_error() {
    for arguments in
        [&["inspect", &golden("rnn_tanh_i1h1t1_lab")][..], &["--help"], &["--version"], &["import", "--help"]]
    {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let output = command(arguments).stdout(writer).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {err}");
        assert!(!err.contains("panicked"), "{err}");
    }
}

#[test]
fn errors_that_nobody_reads_still_end_with_their_code() {
    for (arguments, code) in [(&["inspect", "absent.onnx"][..], 1), (&["fly"], 2)] {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        assert_eq!(command(arguments).stderr(writer).status().unwrap().code(), Some(code), "{arguments:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_cannot_be_written_is_an_error() {
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = command(&["inspect", &golden("rnn_tanh_i1h1t1_lab")]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("error: standard output: "));
}

/// Colours must appear if they are forced, but not with `NO_COLOR`.
#[test]
fn colours_only_where_they_are_wanted() {
    let colours = |variables: &[(&str, &str)]| {
        let output = command(&["fly"]).envs(variables.iter().copied()).output().unwrap();
        output.stderr.contains(&0x1b)
    };
    assert!(!colours(&[]));
    assert!(colours(&[("CLICOLOR_FORCE", "1")]), "the test can tell");
    assert!(!colours(&[("NO_COLOR", "1")]));
}
