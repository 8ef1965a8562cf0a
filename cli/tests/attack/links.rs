//! Outputs that are not regular files: links, pipes, standard output.

use super::commands::{NETWORKS, folder};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};

fn elman(arguments: &[&str], here: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_elman")).args(arguments).current_dir(here).output().unwrap()
}

fn done(arguments: &[&str], here: &Path) -> Output {
    let output = elman(arguments, here);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Returns a folder with a table, a state dict and its image.
fn prepared(test: &str) -> std::path::PathBuf {
    let here = folder(test);
    fs::write(here.join("in.csv"), "x\n1\n2\n").unwrap();
    let golden = format!("{}/../host-tests/golden/{}.safetensors", env!("CARGO_MANIFEST_DIR"), NETWORKS[0]);
    fs::copy(golden, here.join("in.safetensors")).unwrap();
    done(&["import", "in.safetensors", "-o", "in.elman"], &here);
    here
}

#[test]
fn a_hard_link_to_an_input_is_refused() {
    let here = prepared("hard");
    fs::create_dir(here.join("tables")).unwrap();
    fs::copy(here.join("in.csv"), here.join("tables/1.csv")).unwrap();
    fs::write(here.join("labels.csv"), "file,label\n1.csv,walk\n").unwrap();
    fs::write(here.join("scaler.csv"), "mean,std\n0,1\n0,1\n0,1\n0,1\n0,1\n").unwrap();
    for (input, output, arguments) in [
        ("in.safetensors", "out.elman", &["import", "in.safetensors", "-o", "out.elman"][..]),
        ("in.safetensors", "net.rs", &["import", "in.safetensors", "-o", "net.elman"]),
        ("scaler.csv", "n.elman", &["import", "in.safetensors", "--normalizer", "scaler.csv", "-o", "n.elman"]),
        ("in.elman", "out.safetensors", &["export", "in.elman", "-o", "out.safetensors"]),
        ("in.csv", "out.csv", &["convert", "in.csv", "out.csv"]),
        ("tables/1.csv", "all.csv", &["convert", "tables", "all.csv"]),
        ("labels.csv", "all.npz", &["convert", "tables", "--labels", "labels.csv", "all.npz"]),
        ("in.csv", "norm.csv", &["describe", "in.csv", "--normalizer", "norm.csv"]),
    ] {
        let before = fs::read(here.join(input)).unwrap();
        fs::hard_link(here.join(input), here.join(output)).unwrap();
        let refused = elman(arguments, &here);
        let said = String::from_utf8(refused.stderr).unwrap();
        assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0), "{arguments:?}: {said}");
        assert!(said.contains("another name"), "{said}");
        assert_eq!(fs::read(here.join(input)).unwrap(), before);
        assert_eq!(fs::read(here.join(output)).unwrap(), before);
        fs::remove_file(here.join(output)).unwrap();
        done(arguments, &here);
    }
}

#[test]
fn links_and_modes_stay() {
    let here = prepared("soft");
    fs::create_dir(here.join("elsewhere")).unwrap();
    for (link, target) in [("net.elman", "elsewhere/a.elman"), ("net.rs", "elsewhere/not yet.rs")] {
        symlink(target, here.join(link)).unwrap();
    }
    fs::write(here.join("elsewhere/a.elman"), "old").unwrap();
    fs::set_permissions(here.join("elsewhere/a.elman"), fs::Permissions::from_mode(0o640)).unwrap();
    done(&["import", "in.safetensors", "-o", "net.elman"], &here);
    assert_eq!(fs::read_link(here.join("net.elman")).unwrap(), Path::new("elsewhere/a.elman"));
    assert_eq!(fs::read(here.join("elsewhere/a.elman")).unwrap(), fs::read(here.join("in.elman")).unwrap());
    assert!(here.join("elsewhere/not yet.rs").is_file());
    let mode = |name: &str| fs::metadata(here.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("elsewhere/a.elman"), 0o640);
    assert_eq!(mode("elsewhere/not yet.rs"), mode("in.csv"), "a new file has the mode of any");
    assert_eq!(fs::read_dir(here.join("elsewhere")).unwrap().count(), 2, "nothing is left over");
    symlink("round", here.join("round")).unwrap();
    assert_eq!(elman(&["export", "in.elman", "-o", "round"], &here).status.code(), Some(1));
}

#[test]
fn two_outputs_that_are_one_file_are_refused() {
    let here = prepared("one");
    done(&["import", "in.safetensors", "-o", "net.elman"], &here);
    fs::remove_file(here.join("net.elman")).unwrap();
    symlink("net.rs", here.join("net.elman")).unwrap();
    let before = fs::read(here.join("net.rs")).unwrap();
    let refused = elman(&["import", "in.safetensors", "-o", "net.elman"], &here);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("two outputs are this same file"), "{said}");
    assert_eq!(fs::read(here.join("net.rs")).unwrap(), before);
}

#[test]
fn standard_output_and_pipes_get_the_bytes_alone() {
    let here = prepared("pipes");
    done(&["export", "in.elman", "-o", "file"], &here);
    let expected = fs::read(here.join("file")).unwrap();
    for name in ["-", "/dev/stdout", "/proc/self/fd/1"] {
        let output = done(&["export", "in.elman", "-o", name], &here);
        assert!(output.stdout == expected && !output.stderr.is_empty(), "{name}");
    }
    let image = done(&["import", "in.safetensors", "-o", "-"], &here).stdout;
    assert_eq!(image, fs::read(here.join("in.elman")).unwrap());
    assert!(done(&["describe", "in.csv", "--normalizer", "-"], &here).stdout.starts_with(b"channel,mean,std\n"));
    let shell = |script: &str| {
        let script = script.replace("elman", env!("CARGO_BIN_EXE_elman")).replace("in.image", "in.elman");
        assert!(Command::new("sh").args(["-ec", &script]).current_dir(&here).status().unwrap().success(), "{script}");
    };
    shell("mkfifo pipe; cat pipe > piped & elman export in.image -o pipe > said; wait");
    assert_eq!(fs::read(here.join("piped")).unwrap(), expected);
    // A descriptor of a file begun by another program, which must not be replaced.
    shell("{ printf head >&3; elman export in.image -o /dev/fd/3 > said; printf tail >&3; } 3>> begun");
    assert_eq!(fs::read(here.join("begun")).unwrap(), [b"head", &expected[..], b"tail"].concat());
    shell("elman export in.image -o /dev/null");
    assert!(fs::metadata("/dev/null").is_ok_and(|found| !found.is_file()));
}
