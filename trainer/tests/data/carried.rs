//! Files that become sections of an image: normalisers and vocabularies. `make.py` wrote the archives.

mod refused;

use elman_model::Scaler;
use elman_trainer::data::{self, DataSet, Options, SeriesList, csv, scaler, words};
use std::fs;
use std::path::{Path, PathBuf};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/carried").join(name)
}

/// Writes a file for a test and returns its path.
fn written(name: &str, bytes: &[u8]) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("carried");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join(name), bytes).unwrap();
    directory.join(name)
}

fn of_table() -> Scaler {
    scaler::read(&file("scaler.csv"), 3).unwrap()
}

#[test]
fn scikit_learn_scales_by_the_same() {
    let read = scaler::read(&file("scaler.npz"), 3).unwrap();
    let table = "channel,mean,std\nx0,0.2333333333333333,0.12472191289246473\nx1,-9.333333333333332,0.2624669291337269\nx2,5,1\n";
    assert_eq!(String::from_utf8(scaler::write(&read).unwrap()).unwrap(), table);
    // The rows used by `make.py`.
    let rows = csv::read(b"x0,x1,x2\n0.1,-9.7,5\n0.4,-9.1,5\n0.2,-9.2,5\n", &Options::default()).unwrap();
    let own = rows.scaler().unwrap();
    for (own, read) in own.mean.iter().chain(&own.deviation).zip(read.mean.iter().chain(&read.deviation)) {
        assert!((own - read).abs() < 1e-6, "{own} {read}");
    }
    assert_eq!(own.deviation[2].to_bits(), 1.0_f64.to_bits());
}

#[test]
fn a_table_comes_back_as_it_was_written() {
    let table = of_table();
    let channels = ["acc_y", "a, b", "x"].map(String::from).to_vec();
    assert_eq!(table, Scaler { channels, mean: vec![-9.75, 0.1, 1.0 / 3.0], deviation: vec![0.25, 3.0, 7.0] });
    let again = scaler::read(&written("again.csv", &scaler::write(&table).unwrap()), 3).unwrap();
    assert_eq!(again, table);
    let tabs = written("scaler.TSV", b"MEAN\tStd\n1\t2\n");
    let one = Scaler { channels: vec!["x0".to_string()], mean: vec![1.0], deviation: vec![2.0] };
    assert_eq!(scaler::read(&tabs, 1), Ok(one));
}

/// The normaliser computed by a recurrence in `f32` and the scaler computed in two passes in `f64` agree to the last
/// digits of `f32`.
#[test]
fn a_data_set_has_the_normaliser_that_training_would_make() {
    let path = file("../../../../data/japanese-vowels/train.rnnd");
    let data = data::read(&path, &Options::default()).unwrap();
    let trained = data::normalizer(&data.sequences::<12, elman::Class<9>>().unwrap()).unwrap();
    let scaler = data.scaler().unwrap();
    for channel in 0..12 {
        assert!((scaler.mean[channel] - f64::from(trained.mean[channel])).abs() < 1e-6);
        assert!((scaler.deviation[channel] * f64::from(trained.scale[channel]) - 1.0).abs() < 1e-6);
    }
}

#[test]
fn what_hardly_changes_is_divided_by_one() {
    let table =
        |values: [f32; 2]| csv::read(format!("x\n{}\n{}\n", values[0], values[1]).as_bytes(), &Options::default());
    let deviation = |values| table(values).unwrap().scaler().unwrap().deviation[0];
    assert_eq!(deviation([0.1, 0.1]).to_bits(), 1.0_f64.to_bits());
    assert_eq!(deviation([0.0, 1e-45]).to_bits(), 1.0_f64.to_bits());
    assert!((deviation([0.0, 2.0]) - 1.0).abs() < 1e-12);
    assert!((deviation([0.0, 1e-30]) - 5e-31).abs() < 1e-36);
    let empty = DataSet { series: SeriesList::new(2), ..table([0.0; 2]).unwrap() };
    assert!(empty.scaler().is_err());
}

#[test]
fn a_line_is_a_symbol() {
    let words = words::read(&file("words.txt"), 11).unwrap();
    let texts: Vec<_> = words.texts().collect();
    assert_eq!(texts, ["<pad>", "<sos>", "<eos>", "<unk>", "the", " ", "\n", "größe", "\\", "<bos>", "  x"]);
}

#[test]
fn every_kind_of_line_end_and_a_mark_of_byte_order() {
    let text = fs::read_to_string(file("words.txt")).unwrap();
    let text = format!("\u{feff}{}", text.trim_end().replace('\n', "\r\n"));
    let words = words::read(&written("windows.txt", text.as_bytes()), 11).unwrap();
    assert_eq!(words, words::read(&file("words.txt"), 11).unwrap());
    let words = words::read(&written("return.txt", b"<pad>\n<sos>\n<eos>\n<unk>\n\\r\n"), 5).unwrap();
    assert_eq!((words.symbols(), words.bytes(), words.iter().collect::<Vec<_>>()), (5, 1, vec!["\r"]));
}
