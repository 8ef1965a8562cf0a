//! Arrays and archives that are truncated or changed, or declare more than any file can hold.

use super::{bytes, shape};
use elman::{Random, Xoshiro128};
use elman_trainer::data::{Options, Problem, npy, npz};

/// Returns an array of this type and shape, without elements.
fn header(descr: &str, shape: &str) -> Vec<u8> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes
}

#[test]
fn an_array_cut_at_any_byte_is_refused() {
    for name in ["x-little-f4.npy", "x-version-3.npy"] {
        let bytes = bytes(name);
        assert!(npy::read(&bytes, &Options::default()).is_ok());
        for cut in 0..bytes.len() {
            let error = npy::read(&bytes[..cut], &Options::default()).unwrap_err();
            let missing = Problem::ArrayBytes { found: cut.saturating_sub(128), expected: 96 };
            let expected = if cut < 128 { Problem::NotThe("a NumPy array") } else { missing };
            assert_eq!(error.problem, expected, "cut at {cut}");
        }
        let more = npy::read(&[&bytes[..], &[0]].concat(), &Options::default()).unwrap_err();
        assert_eq!(more.problem, Problem::ArrayBytes { found: 97, expected: 96 });
    }
}

#[test]
fn an_archive_cut_at_any_byte_is_refused() {
    for name in ["plain.npz", "full.npz"] {
        let bytes = bytes(name);
        for cut in 0..bytes.len() {
            let error = npz::read(&bytes[..cut], &Options::default()).unwrap_err();
            assert_eq!(error.problem, Problem::NotThe("a complete .npz archive"), "cut at {cut}");
        }
    }
}

#[test]
fn damaged_bytes_give_an_error_or_a_data_set_and_never_a_panic() {
    let mut rng = Xoshiro128::from_seed(1);
    for name in ["plain.npz", "full.npz"] {
        let whole = bytes(name);
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << rng.below(8);
            let _ = npz::read(&bytes, &Options::default());
        }
    }
    let whole = bytes("x-little-f4.npy");
    for _ in 0..2000 {
        let mut bytes = whole.clone();
        for _ in 0..=rng.below(3) {
            bytes[rng.below(128) as usize] = rng.next_u32() as u8;
        }
        let _ = npy::read(&bytes, &Options::default());
    }
}

#[test]
fn a_flipped_bit_in_an_array_is_found_by_the_checksum() {
    for name in ["plain.npz", "full.npz"] {
        let mut bytes = bytes(name);
        // After the first local header, within the (possibly compressed) elements of the first array.
        bytes[100] ^= 1;
        let error = npz::read(&bytes, &Options::default()).unwrap_err();
        assert!(matches!(error.problem, Problem::Archive(_)), "{error}");
    }
}

#[test]
fn sizes_too_large_for_any_memory_are_refused() {
    let huge = |shape: &str| {
        let bytes = header("<f4", shape);
        npy::read(&bytes, &Options::default()).unwrap_err().problem
    };
    assert_eq!(huge("(1000000000, 1000000, 8)"), Problem::ArrayBytes { found: 0, expected: 32 * 10_usize.pow(15) });
    assert_eq!(huge("(10000000000, 10000000000, 8)"), Problem::ArrayBytes { found: 0, expected: usize::MAX });
    assert_eq!(huge("(99999999999999999999, 1)"), Problem::NotThe("a NumPy array"));
    let nothing = |found: &[usize]| shape(found, "at least one step and one channel");
    assert_eq!(huge("(1000000000000, 0, 8)"), nothing(&[1_000_000_000_000, 0, 8]));
    assert_eq!(huge("(1, 2, 0)"), nothing(&[1, 2, 0]));
}

#[test]
fn elements_without_bytes_are_refused() {
    // Otherwise, the number of elements would be unlimited.
    for (descr, shape) in [("<U0", "(1, 2305843009213693952, 1)"), ("|S0", "(4611686018427387904, 1, 1)")] {
        let problem = npy::read(&header(descr, shape), &Options::default()).unwrap_err().problem;
        assert_eq!(problem, Problem::NumberType { found: descr.to_string() });
    }
}
