//! The bytes of a network in integers.

use elman::{Network, Zero, int8};
use host_tests::image::{forged, written};

type Tiny = Network<int8::Elman<1, 1>, int8::Dense<1, 1>>;

/// Format stability: every byte written out by hand.
#[test]
fn a_tiny_image_is_these_bytes() {
    let mut network = Tiny::ZERO;
    network.cell.affine.w_ih.set(0, 0, 0, 127);
    network.cell.affine.w_hh.set(0, 0, 0, -3);
    network.cell.affine.scale_ih = [[int8::Scale::covering(0.125).unwrap()]];
    network.cell.affine.scale_hh = [[int8::Scale::LARGEST]];
    network.cell.affine.b = [[1025.into()]];
    network.cell.affine.resolution = 2.0.into();
    network.readout.w.set(0, 0, 0, -127);
    network.readout.scale = [[int8::Scale::covering(0.0).unwrap()]];
    network.readout.b = [(-2).into()];
    network.readout.bias_shift = 3.into();
    network.readout.exponent = (-4).into();
    let want: &[&[u8]] = &[
        b"\x89elman\r\n",
        b"\x01\0\0\0",       // version
        b"\x4a\x76\xd3\xed", // CRC-32 of the 50 letters below
        b"\x15\0\0\0",       // 21 bytes of weights
        b"\x78\0\0\0",       // 120 bytes in all
        b"\0\0\0\0",         // reserved
        b"CRC.",             // of all but itself
        b"\x7f",             // w_ih
        b"\xfd",             // w_hh
        b"\0\x98",           // scale_ih: 2^11 · 2^18 / 2^32
        b"\xff\x9f",         // scale_hh: 4095 · 2^18 / 2^32
        b"\x01\x04",         // b
        b"\0\0\0\x40",       // resolution
        b"\x81",             // w
        b"\0\0",             // scale
        b"\xfe\xff",         // b
        b"\x03\0",           // bias_shift
        b"\xfc\xff",         // exponent
        b"\0\0\0",           // padding
        b"ARCH\x32\0\0\0",   // 50 bytes
        b"int8 network(elman(1,1,tanh,gate),dense(1,1,gate))",
        b"\0\0\0\0\0\0",
    ];
    let found = written(&network, &[]);
    let want = forged(&want.concat(), |_| ());
    assert_eq!(found, want);
}
