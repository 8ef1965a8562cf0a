//! Images of networks in integers that do not open, or are not written: each fault is named with its place.

use elman::cell::Relu;
use elman::error::{ImageError, MisplacedInteger, UnusableInteger, WriteError};
use elman::image::{Architecture, Content, Image};
use elman::int8::{self, PerUnit};
use elman::{Network, ResetBeforeGru, Zero};
use host_tests::image::{HEADER, forged, refused, written};
use host_tests::integers::{inputs, quantized};
use zerocopy::{FromBytes, IntoBytes};

type Before = Network<int8::Gru<2, 5, PerUnit, elman::cell::ResetBefore>, int8::Dense<5, 3, PerUnit>>;

/// A scale with an exponent that none has.
fn too_large() -> int8::Scale {
    int8::Scale::read_from_bytes(&[0, 0xa0]).unwrap()
}

fn spoilt(edit: fn(&mut Before)) -> Before {
    let mut network = quantized::<ResetBeforeGru<2, 5>, [f32; 2], PerUnit, 5, 3>(1, &inputs(2, 20));
    edit(&mut network);
    network
}

/// Damage, and the tensor, the index and the range that the error must name.
type Case = (fn(&mut Before), &'static str, [usize; 3], Content, &'static str);

/// Each number outside of its range is named when the network is to be written, and found in an image.
#[test]
fn a_number_outside_of_its_range_is_named() {
    use Content::{Biases, Exponent, Resolution, Scales, Shift, Unread, Weights};
    let cases: [Case; 12] = [
        (|n| n.cell.affine.w_ih.set(2, 4, 1, -128), "cell.w_ih", [1, 2, 4], Weights, "a weight from -127 to 127"),
        (|n| n.cell.affine.w_hh.set(1, 3, 4, -128), "cell.w_hh", [4, 1, 3], Weights, "a weight from -127 to 127"),
        (|n| n.cell.affine.scale_ih[1][3] = too_large(), "cell.scale_ih", [0, 1, 3], Scales, "a scale of at most 1/4"),
        (|n| n.cell.affine.scale_hh[2][0] = too_large(), "cell.scale_hh", [0, 2, 0], Scales, "a scale of at most 1/4"),
        (|n| n.cell.affine.b[2][4] = i16::MIN.into(), "cell.b", [2, 0, 4], Biases, "a bias from -32767 to 32767"),
        (|n| n.cell.affine.b[3][1] = 1.into(), "cell.b", [0, 0, 1], Unread, "0, the bias that this cell does not read"),
        (|n| n.cell.affine.resolution = 0.0.into(), "cell.resolution", [0; 3], Resolution, "a finite number above 0"),
        (
            |n| n.cell.affine.resolution = f32::NAN.into(),
            "cell.resolution",
            [0; 3],
            Resolution,
            "a finite number above 0",
        ),
        (|n| n.readout.w.set(0, 2, 3, -128), "readout.w", [3, 0, 2], Weights, "a weight from -127 to 127"),
        (|n| n.readout.bias_shift = 16.into(), "readout.bias_shift", [0; 3], Shift, "a shift from 0 to 15"),
        (|n| n.readout.exponent = 41.into(), "readout.exponent", [0; 3], Exponent, "an exponent from -40 to 40"),
        (|n| n.readout.exponent = (-41).into(), "readout.exponent", [0; 3], Exponent, "an exponent from -40 to 40"),
    ];
    let good = spoilt(|_| ());
    for (edit, tensor, index, content, range) in cases {
        let network = spoilt(edit);
        let mut buffer = vec![7; Image::<Before>::BYTES];
        let error = Image::write(&network, &[], &mut buffer).unwrap_err();
        assert!(buffer.iter().all(|&byte| byte == 7), "nothing is written");
        let WriteError::Integer(UnusableInteger { index: found, content: kind, .. }) = error else { panic!("{error}") };
        assert_eq!((found.map(|index| index as usize), kind), (index, content), "{error}");
        let [input, gate, unit] = index;
        assert_eq!(
            error.to_string(),
            format!("{tensor}[{input}][{gate}][{unit}] is not {range}; quantize the network again")
        );
        let forged = forged(&written(&good, &[]), |bytes| {
            bytes[HEADER..HEADER + size_of::<Before>()].copy_from_slice(network.as_bytes());
        });
        let error = refused::<Before>(&forged).expect("refused");
        let ImageError::Integer(MisplacedInteger { tensor: name, at, content: kind }) = error else {
            panic!("{error}")
        };
        assert_eq!((kind, tensor.rsplit('.').next()), (content, Some(name)), "{error}");
        let differs = good.as_bytes().iter().zip(network.as_bytes()).position(|(a, b)| a != b).unwrap();
        assert!((at - HEADER..at - HEADER + content.size()).contains(&differs), "{error}: byte {differs}");
        let text =
            format!("byte {at} of the image, in a tensor {name}, is not {range}; quantize and write the network again");
        assert_eq!(error.to_string(), text);
    }
}

/// Other words for the same bytes.
#[test]
fn another_network_of_the_same_size_is_refused() {
    fn is_not<N: Architecture + Zero, Other: Architecture>(network: N) {
        assert_eq!(size_of::<N>(), size_of::<Other>());
        let other =
            ImageError::OtherArchitecture { found: Image::<N>::FINGERPRINT, expected: Image::<Other>::FINGERPRINT };
        assert_eq!(refused::<Other>(&written(&network, &[])), Some(other));
    }
    let one = int8::Elman::<1, 1, PerUnit>::ZERO;
    let usable = |mut cell: int8::Elman<1, 1, PerUnit>| {
        cell.affine.resolution = 1.0.into();
        cell
    };
    is_not::<_, int8::Elman<1, 1>>(usable(one));
    is_not::<_, int8::Elman<1, 1, PerUnit, Relu>>(usable(one));
    is_not::<int8::Dense<1, 1, PerUnit>, int8::Dense<1, 1>>(Zero::ZERO);
    assert_ne!(Image::<int8::Dense<1, 1>>::FINGERPRINT, Image::<elman::Dense<1, 1>>::FINGERPRINT);
}
