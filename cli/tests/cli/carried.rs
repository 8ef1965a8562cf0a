//! Sections in the image of an imported network.

use super::{directory, done, failed, golden, said};
use std::fs;
use std::path::PathBuf;

const WORDS: &str = "<pad>\n<sos>\n<eos>\n<unk>\na\nb\nc\nd\ne\nf\ng\n";

/// Creates a folder with two models, one for three channels and one for eleven symbols; returns the folder and a
/// function for paths in it.
fn place(test: &str) -> (PathBuf, impl Fn(&str) -> String + use<>) {
    let here = directory(test);
    fs::remove_dir_all(&here).and_then(|()| fs::create_dir(&here)).unwrap();
    fs::copy(golden("gru_i3h5t7_h0_lab"), here.join("motions.safetensors")).unwrap();
    fs::copy(golden("gru_i5h7t12_embedding_lab"), here.join("words.safetensors")).unwrap();
    let path = {
        let here = here.clone();
        move |name: &str| here.join(name).to_str().unwrap().to_string()
    };
    (here, path)
}

#[test]
fn from_a_data_set_to_an_image() {
    let (here, path) = place("carried_set");
    fs::write(path("train.csv"), "sequence,x,y,\"z, m\"\n1,1,0.25,7\n2,5,0.75,7\n").unwrap();
    let out = done(&["describe", &path("train.csv"), "--normalizer", &path("scaler.csv")]);
    assert!(
        out.ends_with(&format!("odd        channel z, m is constant\nwrote      {}\n", path("scaler.csv"))),
        "{out}"
    );
    assert_eq!(
        fs::read_to_string(here.join("scaler.csv")).unwrap(),
        "channel,mean,std\nx,3,2\ny,0.5,0.25\n\"z, m\",7,1\n"
    );
    let (code, out, err) = said(&["import", &path("motions.safetensors"), "--normalizer", &path("scaler.csv")]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("normaliser    3 channels\nwrote "), "{out}");
    let out = done(&["inspect", &path("motions.elman")]);
    assert!(out.contains("normaliser    3 channels\nprobe         8 steps: passes in f64"), "{out}");
    assert!(
        fs::read_to_string(here.join("motions.rs")).unwrap().contains("pub type Normalizer = elman::Normalizer<3>;")
    );
}

#[test]
fn a_vocabulary() {
    let (here, path) = place("carried_words");
    fs::write(path("words.txt"), WORDS).unwrap();
    let (code, out, err) = said(&["import", &path("words.safetensors"), "--vocabulary", &path("words.txt")]);
    assert_eq!(code, Some(0), "{err}");
    let line = "vocabulary    7 words and four special tokens\n";
    assert!(out.contains(line), "{out}");
    assert!(done(&["inspect", &path("words.elman")]).contains(line));
    assert!(
        fs::read_to_string(here.join("words.rs")).unwrap().contains("pub type Vocabulary = elman::Vocabulary<11, 7>;")
    );
}

#[test]
fn a_bad_file_is_told_and_nothing_is_written() {
    let (here, path) = place("carried_bad");
    let bad = |name: &str, text: &str| {
        fs::write(path(name), text).unwrap();
        path(name)
    };
    for (model, option, file, says) in [
        ("motions", "--normalizer", bad("few.csv", "mean,std\n1,1\n"), "few.csv: there are 1 channels, expected 3"),
        (
            "motions",
            "--normalizer",
            bad("zero.csv", "mean,std\n1,1\n1,0\n1,1\n"),
            "zero.csv, line 3, column 2 (std): 0.0 is no",
        ),
        (
            "motions",
            "--normalizer",
            bad("scaler.txt", ""),
            "scaler.txt: the extension is unknown, expected csv, tsv or npz",
        ),
        ("motions", "--normalizer", path("absent.npz"), "absent.npz: there is no such file"),
        (
            "words",
            "--vocabulary",
            bad("order.txt", &WORDS.replace("<pad>\n", "")),
            "order.txt, line 1: \"<sos>\" found, expected <pad>",
        ),
        (
            "words",
            "--vocabulary",
            bad("few.txt", &WORDS.replace("g\n", "")),
            "few.txt: there are 10 tokens, expected 11",
        ),
        (
            "words",
            "--vocabulary",
            bad("twice.txt", &WORDS.replace('g', "a")),
            "twice.txt, line 11: \"a\" is already in line 5",
        ),
    ] {
        let (code, out, err) = said(&["import", &path(&format!("{model}.safetensors")), option, &file]);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{err}");
        assert!(err.lines().last().unwrap().starts_with("error: ") && err.contains(says), "{err}");
    }
    let error = failed(&["describe", &bad("nan.csv", "x\nNaN\n"), "--normalizer", &path("out.csv")]);
    assert!(error.contains("nan.csv, line 2, column 1 (x): NaN is not a finite"), "{error}");
    for name in ["motions.elman", "motions.rs", "words.elman", "words.rs", "out.csv"] {
        assert!(!here.join(name).exists(), "{name}");
    }
}

#[test]
fn a_wrong_call_writes_nothing() {
    let (here, path) = place("carried_call");
    fs::write(path("scaler.csv"), "mean,std\n1,1\n1,1\n1,1\n").unwrap();
    fs::write(path("words.txt"), WORDS).unwrap();
    let [motions, words, scaler, texts] =
        ["motions.safetensors", "words.safetensors", "scaler.csv", "words.txt"].map(&path);
    for wrong in [
        &["import", &words, "--normalizer", &scaler][..],
        &["import", &words, "--normalizer", &scaler, "--vocabulary", &texts],
        &["import", &motions, "--normalizer", &scaler, "-o", &scaler],
        &["import", &words, "--vocabulary", &texts, "-o", &texts],
        &["inspect", &words, "--vocabulary", &texts],
        &["describe", &scaler, "--normalizer", &scaler],
        &["describe", &scaler, "--normalizer", &path("scaler.npz")],
    ] {
        let before = fs::read_dir(&here).unwrap().count();
        let (code, out, err) = said(wrong);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{wrong:?}: {err}");
        assert_eq!(fs::read_dir(&here).unwrap().count(), before, "{wrong:?}");
    }
    assert_eq!(fs::read_to_string(&texts).unwrap(), WORDS);
    assert!(fs::read_to_string(&scaler).unwrap().starts_with("mean,std"));
}
