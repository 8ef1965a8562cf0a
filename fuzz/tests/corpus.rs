//! Every committed input passes its check.

use elman_fuzz::TARGETS;
use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

#[test]
fn committed_inputs_pass() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut failed = Vec::new();
    for (name, check) in TARGETS {
        let inputs: Vec<_> = fs::read_dir(corpus.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(!inputs.is_empty(), "{name} has no inputs");
        for input in inputs {
            let bytes = fs::read(&input).unwrap();
            if catch_unwind(|| check(&bytes)).is_err() {
                failed.push(input);
            }
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}
