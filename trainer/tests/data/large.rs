//! Files that declare more data than they hold, or hold more than the limit.

use elman_files::source::SourceError;
use elman_trainer::data::{DataError, Options, Place, Problem, csv, npy, npz, rnnd};
use flate2::{Compression, write::DeflateEncoder};
use rawzip::{CompressionMethod, ZipArchiveWriter};
use std::io::Write;
use std::time::{Duration, Instant};

fn limited(limit: u64) -> Options {
    Options { limit, ..Options::default() }
}

fn array(shape: &str, elements: usize) -> Vec<u8> {
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + 4 * elements, 0);
    bytes
}

/// Returns a compressed archive with the array `X`.
fn archive(bytes: &[u8]) -> Vec<u8> {
    let mut archive = ZipArchiveWriter::new(Vec::new());
    let (mut file, config) = archive.new_file("X.npy").compression_method(CompressionMethod::DEFLATE).start().unwrap();
    let mut writer = config.wrap(DeflateEncoder::new(&mut file, Compression::best()));
    writer.write_all(bytes).unwrap();
    let (encoder, descriptor) = writer.finish().unwrap();
    encoder.finish().unwrap();
    file.finish(descriptor).unwrap();
    archive.finish().unwrap()
}

fn problem<T: std::fmt::Debug>(result: Result<T, DataError>) -> Problem {
    result.unwrap_err().problem
}

#[test]
fn the_header_decides_how_much_is_unpacked() {
    assert!(npz::read(&archive(&array("(2, 3)", 6)), &Options::default()).is_ok());
    let bomb = archive(&array("(2, 3)", 16 << 20));
    assert!(bomb.len() < 1 << 18);
    let start = Instant::now();
    assert_eq!(problem(npz::read(&bomb, &Options::default())), Problem::ArrayBytes { found: 64 << 20, expected: 24 });
    assert!(start.elapsed() < Duration::from_millis(50), "nothing of it is unpacked");
    let problem = problem(npz::read(&archive(&array("(20000, 3)", 6)), &Options::default()));
    assert_eq!(problem, Problem::ArrayBytes { found: 24, expected: 240_000 });
}

#[test]
fn a_limit_holds_in_every_format() {
    let over = |limit| Problem::Source(SourceError::TooLarge { limit });
    let text: String = (0..300_000).map(|row| format!("{row}\n")).collect();
    let table = format!("x\n{text}");
    assert_eq!(csv::read(table.as_bytes(), &Options::default()).unwrap().series.at(0).steps.len(), 300_000);
    let error = csv::read(table.as_bytes(), &limited(1_000_000)).unwrap_err();
    assert_eq!((error.place, error.problem), (Place::Line(249_977), over(1_000_000)), "97 bytes and four a value");
    let values = array("(300000, 1)", 300_000);
    assert_eq!(problem(npy::read(&values, &limited(1_000_000))), over(1_000_000));
    assert_eq!(problem(npz::read(&archive(&values), &limited(1_000_000))), over(1_000_000));
    let data = csv::read(
        format!("label,{}", table.replace('\n', "\na,")).trim_end_matches("a,").as_bytes(),
        &Options::default(),
    );
    let bytes = rnnd::write(&data.unwrap()).unwrap();
    assert_eq!(problem(rnnd::read(&bytes, &limited(1_000_000))), over(1_000_000));
    assert!(rnnd::read(&bytes, &limited(1_300_000)).is_ok());
    // Names and sequences take memory too.
    let rows: String = (0..20_000).map(|row| format!("{row},g{row},0\n")).collect();
    assert_eq!(problem(csv::read(format!("sequence,group,x\n{rows}").as_bytes(), &limited(1 << 20))), over(1 << 20));
    assert_eq!(over(1 << 30).to_string(), "it would take more than 1 GiB of memory; raise the limit with --limit");
    assert_eq!(
        over(1_000_000).to_string(),
        "it would take more than 1000000 bytes of memory; raise the limit with --limit"
    );
}

#[test]
fn a_claim_gets_no_memory_before_its_bytes_have_come() {
    let mut bytes = b"RNND1\0\0\0".to_vec();
    for number in [1, 1 << 16, 1, 0, 0, u32::MAX] {
        bytes.extend(number.to_le_bytes());
    }
    let error = rnnd::read(&bytes, &Options::default()).unwrap_err();
    assert_eq!((error.place, error.problem), (Place::Byte(bytes.len()), Problem::Truncated));
}

#[test]
fn wide_tables_take_time_by_their_columns() {
    let names = |count: usize| (0..count).map(|column| format!("c{column}")).collect::<Vec<_>>().join(",");
    let zeros = vec!["0"; 40_000].join(",");
    let start = Instant::now();
    let data = csv::read(format!("{}\n{zeros}\n", names(40_000)).as_bytes(), &Options::default()).unwrap();
    let asked = Options { values: Some(data.channels.clone()), ..Options::default() };
    assert_eq!(csv::read(&csv::write(&data).unwrap()[..], &asked).unwrap().channels, data.channels);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    let wide = format!("{}\n{}\n", names(70_000), vec!["0"; 70_000].join(","));
    let many = Problem::TooMany { what: "channels", found: 70_000, most: 1 << 16 };
    assert_eq!(problem(csv::read(wide.as_bytes(), &Options::default())), many);
    // A list of all names would hide the missing one.
    let missing = Options { label: Some("class".to_string()), ..Options::default() };
    let error = csv::read(wide.as_bytes(), &missing).unwrap_err().to_string();
    assert_eq!(error, "line 1: there is no `class`, only c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 69990 more");
}

/// Rows and quotes may cross the boundaries of the chunks that are read.
#[test]
fn lines_are_counted_across_pieces() {
    for ends in ["\n", "\r\n", "\r"] {
        let cell = format!("\"two{ends}lines, \"\"quoted\"\"\"");
        for pad in 0..40 {
            let rows = format!("{cell},1{ends}{ends}").repeat(6000);
            let text = format!("label,{}{ends}{rows}b,oops{ends}", "x".repeat(1 + pad));
            let options = Options { each_step: true, ..Options::default() };
            let error = csv::read(text.as_bytes(), &options).unwrap_err();
            assert!(matches!(error.place, Place::Cell { line: 18_002, column: 2, .. }), "{ends:?} {pad}: {error}");
        }
    }
    let open = format!("x\n{}\"", "1\n".repeat(50_000));
    let error = csv::read(open.as_bytes(), &Options::default()).unwrap_err();
    assert_eq!((error.place, error.problem), (Place::Line(50_002), Problem::OpenQuote));
    let endless = format!("x\n\"{}", "1".repeat((1 << 26) + 1));
    let error = csv::read(endless.as_bytes(), &Options::default()).unwrap_err();
    assert_eq!(error.place, Place::Line(2));
    assert!(error.to_string().contains("check for an unclosed quote"), "{error}");
}

#[test]
fn more_classes_than_any_network_has_are_refused() {
    let rows: String = (0..70_000).map(|row| format!("{row},c{row},0\n")).collect();
    let error = csv::read(format!("sequence,label,x\n{rows}").as_bytes(), &Options::default()).unwrap_err();
    let many = Problem::TooMany { what: "spellings of classes", found: 65_537, most: 65_536 };
    assert_eq!(
        (error.place, error.problem),
        (Place::Cell { line: 65_538, column: 2, name: "label".to_string() }, many)
    );
    let long = format!("x\n{}\n", "y".repeat(10_000));
    let error = csv::read(long.as_bytes(), &Options::default()).unwrap_err().to_string();
    assert_eq!(error, format!("line 2, column 1 (x): `{}… (10000 bytes)` is not a number", "y".repeat(80)));
}
