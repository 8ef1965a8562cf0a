use super::folder;
use elman_files::source::{SourceError, bytes, is_stdin, read_all, within};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

#[test]
fn as_many_bytes_as_the_limit_and_no_more() {
    let path = folder("limit").join("file");
    for size in [0, 1, 7, 1 << 20, (1 << 20) + 1] {
        let written: Vec<u8> = (0..size).map(|n| n as u8).collect();
        fs::write(&path, &written).unwrap();
        assert!(bytes(&path, size).unwrap() == written, "{size} bytes");
        if let Some(limit) = size.checked_sub(1) {
            assert_eq!(bytes(&path, limit), Err(SourceError::TooLarge { limit }));
        }
    }
}

/// A pipe has no length, and the expected length may be wrong.
#[test]
fn bytes_of_no_known_number() {
    let long = vec![5; (3 << 20) + 1];
    for expected in [0, 1, long.len() as u64] {
        assert!(read_all(&long[..], expected, long.len() as u64).unwrap() == long);
    }
    let limit = long.len() as u64 - 1;
    assert_eq!(read_all(&long[..], 0, limit), Err(SourceError::TooLarge { limit }));
    assert_eq!(read_all(&b"short"[..], limit + 1, limit), Err(SourceError::TooLarge { limit }));
    assert_eq!(read_all(&b""[..], 0, 0), Ok(Vec::new()));
}

#[test]
fn what_is_no_regular_file() {
    let folder = folder("irregular");
    assert_eq!(bytes(&folder, 1), Err(SourceError::NotRegular("a folder")));
    assert_eq!(bytes(&folder.join("nowhere"), 1), Err(SourceError::Io(ErrorKind::NotFound)));
    assert!(is_stdin("-".as_ref()) && !is_stdin("./-".as_ref()));
}

#[test]
fn a_name_within_a_folder() {
    let (inner, outer) = (folder("within/inner"), Path::new(env!("CARGO_TARGET_TMPDIR")).join("within"));
    fs::write(inner.join("a"), b"a").unwrap();
    fs::write(outer.join("b"), b"b").unwrap();
    assert_eq!(within(&inner, "a".as_ref()), Ok(inner.join("a")));
    assert_eq!(within(&outer, "inner/a".as_ref()), Ok(outer.join("inner/a")));
    for name in [Path::new("../b"), Path::new("../inner/a"), &inner.join("a")] {
        assert_eq!(within(&inner, name), Err(SourceError::Outside), "{}", name.display());
    }
    assert_eq!(within(&inner, "nowhere".as_ref()), Err(SourceError::Io(ErrorKind::NotFound)));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../b", inner.join("link")).unwrap();
        assert_eq!(within(&inner, "link".as_ref()), Err(SourceError::Outside));
    }
}
