//! An image and a module from different imports.

use super::commands::{cases, folder};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Checks a crate with this module and image; returns whether it compiles, and the output of the compiler.
fn compiles(folder: &Path, image: &Path, module: &Path) -> (bool, String) {
    fs::copy(image, folder.join("src/net.elman")).unwrap();
    fs::copy(module, folder.join("src/net.rs")).unwrap();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut check = Command::new(cargo);
    check.args(["check", "--quiet", "--offline", "--manifest-path"]).arg(folder.join("Cargo.toml"));
    let output = check.env("CARGO_TARGET_DIR", folder.join("target")).output().unwrap();
    (output.status.success(), String::from_utf8(output.stderr).unwrap())
}

fn make_crate(folder: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("src/lib.rs"), "pub mod net;\n").unwrap();
    let elman = root.join("core");
    let manifest = format!(
        "[package]\nname = \"pair\"\nedition = \"2024\"\n[dependencies]\nelman = {{ path = {elman:?} }}\n[workspace]\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
}

#[test]
fn of_two_imports_does_not_compile() {
    let import = cases("pair").remove(0);
    let crate_folder = folder("pair-crate");
    make_crate(&crate_folder);
    let kept = |input: usize| {
        assert!(import.command(input).status().unwrap().success());
        ["net.elman", "net.rs"].map(|name| {
            let copy = import.folder.join(format!("{input}-{name}"));
            fs::copy(import.folder.join(name), &copy).unwrap();
            copy
        })
    };
    let [[image, module], [other_image, other_module]] = [kept(0), kept(1)];
    for (image, module) in [(&image, &module), (&other_image, &other_module)] {
        let (compiles, said) = compiles(&crate_folder, image, module);
        assert!(compiles, "{said}");
    }
    let empty = import.folder.join("empty");
    fs::write(&empty, "").unwrap();
    for (image, module) in [(&other_image, &module), (&image, &other_module), (&empty, &module)] {
        let (compiles, said) = compiles(&crate_folder, image, module);
        assert!(!compiles && said.contains("run `elman import` again"), "{said}");
    }
}

/// Programs that import at the same time must take turns.
#[test]
fn of_runs_at_the_same_time_is_of_one() {
    let import = cases("turns").remove(0);
    let known = super::Known::of(&import);
    for _ in 0..super::kills() {
        let running: Vec<_> = (0..6).map(|run| import.command(run % 2).spawn().unwrap()).collect();
        running.into_iter().for_each(|mut child| assert!(child.wait().unwrap().success()));
        let inputs = known.inputs(&import);
        assert!(inputs[0].is_some() && inputs[0] == inputs[1], "{inputs:?}");
    }
}
