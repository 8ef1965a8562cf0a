//! The oldest supported version of Rust is stated consistently, and all tests run with it.

use host_tests::readme;

/// Returns the value after `key = "` in a TOML file.
fn value<'a>(text: &'a str, key: &str) -> &'a str {
    let start = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""));
    start.and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("no {key} in\n{text}"))
}

#[test]
fn rust_version_is_the_tested_one() {
    let stated = value(include_str!("../../Cargo.toml"), "rust-version");
    let tested = value(include_str!("../../rust-toolchain.toml"), "channel");
    assert!(tested == format!("{stated}.0"), "stated {stated}, tested with {tested}");
    assert_eq!(value(include_str!("../../firmware-example/Cargo.toml"), "rust-version"), stated);
    assert!(readme().contains(&format!("Rust {stated} or later")), "the README states a different version");
}

#[test]
fn members_inherit_it() {
    let members = [
        include_str!("../../cli/Cargo.toml"),
        include_str!("../../core/Cargo.toml"),
        include_str!("../../files/Cargo.toml"),
        include_str!("../../import/Cargo.toml"),
        include_str!("../../model/Cargo.toml"),
        include_str!("../../report/Cargo.toml"),
        include_str!("../../trainer/Cargo.toml"),
        include_str!("../../vowels/Cargo.toml"),
        include_str!("../../xtask/Cargo.toml"),
    ];
    for manifest in members {
        assert!(manifest.contains("rust-version.workspace = true"), "{manifest}");
    }
}
