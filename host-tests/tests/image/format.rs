//! Written images, byte by byte, and the addresses at which they open.

use elman::cell::{FullRank, LowRank, Relu};
use elman::error::{ImageError, NoRoom, WriteError};
use elman::image::{Architecture, Image, Probe, Text};
use elman::layer::Add;
use elman::{
    Bidirectional, Dense, Elman, Embedding, EncoderDecoder, Fast, FastGrnn, Gru, Libm, Lstm, Mgu, Network, Normalizer,
    Parameters, Projection, ResetBeforeGru, Stacked, Vocabulary, Zero,
};
use host_tests::Precision;
use host_tests::image::{Flash, HEADER, Small, crc, forged, put, refused, written};
use host_tests::plain::drawn;
use host_tests::precision::weight_bits;

/// Checks that a written image opens in place with the same bits, and has the stated size.
fn round_trip<N: Parameters<Scalar: Precision> + Architecture + Zero>() {
    let network = drawn::<N>(1, 1.5);
    let bytes = written(&network, &[]);
    assert_eq!(bytes.len(), Image::<N>::BYTES);
    let flash = Flash::new(&bytes);
    let opened = Image::<N>::open(flash.bytes()).unwrap().network();
    assert_eq!(weight_bits(opened), weight_bits(&network));
    let weights = flash.bytes()[HEADER..].as_ptr();
    assert_eq!(std::ptr::from_ref(opened).cast(), weights, "opened where it lies");
    let mut streamed = Vec::new();
    Image::stream(&network, &[], &mut |piece| streamed.extend_from_slice(piece)).unwrap();
    assert_eq!(streamed, bytes);
    for other in ["f32 network(dense(3,5))", "f64 network(elman(3,5,1,tanh),dense(5,3))"] {
        let other = forged(&bytes, |bytes| put(bytes, 12, crc(other.as_bytes())));
        assert!(matches!(refused::<N>(&other), Some(ImageError::OtherArchitecture { .. })));
    }
}

#[test]
fn every_cell_and_composition_makes_the_trip() {
    round_trip::<Network<Elman<1, 1>, Dense<1, 1>>>();
    round_trip::<Network<Elman<3, 5, Libm<f32>, 0>, Dense<5, 4>>>();
    round_trip::<Network<Elman<3, 5, Libm<f64>, 2, Relu>, Dense<5, 4, f64>>>();
    round_trip::<Network<Gru<3, 7>, Dense<7, 4>>>();
    round_trip::<Network<Gru<3, 7, Libm<f64>, 1>, Dense<7, 4, f64>>>();
    round_trip::<Network<ResetBeforeGru<3, 7, Fast, Relu>, Dense<7, 4>>>();
    round_trip::<Network<Lstm<3, 7>, Dense<7, 4>>>();
    round_trip::<Network<Mgu<3, 7>, Dense<7, 4>>>();
    round_trip::<Network<FastGrnn<3, 7>, Dense<7, 4>>>();
    round_trip::<Network<FastGrnn<3, 7, Libm<f64>, LowRank<2>, LowRank<1>>, Dense<7, 4, f64>>>();
    round_trip::<Network<Stacked<Mgu<3, 5>, FastGrnn<5, 7, Fast, FullRank, LowRank<3>>>, Dense<7, 4>>>();
    round_trip::<Network<Lstm<3, 7, Libm<f64>, 2>, Dense<7, 1, f64>>>();
    round_trip::<Network<Stacked<Embedding<11, 3>, Gru<3, 5>>, Dense<5, 11>>>();
    round_trip::<Network<Stacked<Projection<9, 3>, Lstm<3, 5>>, Dense<5, 2>>>();
    round_trip::<Network<Stacked<Gru<3, 5>, Stacked<Elman<5, 5>, Lstm<5, 3>>>, Dense<3, 2>>>();
    round_trip::<Network<EncoderDecoder<Gru<3, 5>, Gru<4, 5>>, Dense<5, 4>>>();
    round_trip::<Network<Bidirectional<Gru<3, 5>>, Dense<10, 4>>>();
    round_trip::<Network<Bidirectional<Lstm<3, 5>, Elman<3, 5>, Add>, Dense<5, 4>>>();
    round_trip::<Network<Stacked<Embedding<11, 3>, Bidirectional<Lstm<3, 5>>>, Dense<10, 4>>>();
    round_trip::<Elman<3, 5>>();
    round_trip::<Dense<3, 5, f64>>();
}

/// Format stability: every byte written out by hand.
#[test]
fn a_tiny_image_is_these_bytes() {
    let mut network = Network::<Elman<1, 1>, Dense<1, 1>>::ZERO;
    network.cell.affine.w_ih = [[[1.0]]];
    network.cell.affine.w_hh = [[[-2.0]]];
    network.cell.affine.b = [[[0.5]]];
    network.readout = Dense { w: [[3.0]], b: [-0.0] };
    let normalizer = Normalizer { mean: [1.0], scale: [2.0] };
    let mut vocabulary = Vocabulary::<6, 8>::new();
    vocabulary.insert_words("tea é").unwrap();
    let probe = Probe { input: &[[1.0], [0.0]], expected: [0.25], tolerance: 0.5 };
    let want: &[&[u8]] = &[
        b"\x89elman\r\n",
        b"\x01\0\0\0",       // version
        b"\x9e\xf1\x46\x12", // CRC-32 of the 41 letters below
        b"\x14\0\0\0",       // 20 bytes of weights
        b"\xb8\0\0\0",       // 184 bytes in all
        b"\0\0\0\0",         // reserved
        b"\x16\xc5\xd5\x1c", // CRC-32 of all but itself
        b"\0\0\x80\x3f",     // w_ih
        b"\0\0\0\xc0",       // w_hh
        b"\0\0\0\x3f",       // b
        b"\0\0\x40\x40",     // w
        b"\0\0\0\x80",       // b
        b"\0\0\0\0",         // padding
        b"ARCH\x29\0\0\0",   // 41 bytes
        b"f32 network(elman(1,1,1,tanh),dense(1,1))",
        b"\0\0\0\0\0\0\0",
        b"NORM\x08\0\0\0\0\0\x80\x3f\0\0\0\x40",
        b"VOCB\x0d\0\0\0\x02\0\0\0\x03\0tea\x02\0\xc3\xa9\0\0\0",
        b"PROB\x18\0\0\0\x02\0\0\0\x01\0\0\0",
        b"\0\0\0\x3f",   // tolerance
        b"\0\0\x80\x3e", // expected
        b"\0\0\x80\x3f", // the input of step 0
        b"\0\0\0\0",     // the input of step 1
    ];
    assert_eq!(written(&network, &[&normalizer, &vocabulary, &probe]), want.concat());
}

#[test]
fn descriptions_are_these() {
    let text = |text: Text| String::from_utf8(text.as_bytes().to_vec()).unwrap();
    type Tagger = Network<Stacked<Embedding<50, 8>, Bidirectional<Lstm<8, 16>>>, Dense<32, 5>>;
    assert_eq!(
        text(Image::<Tagger>::DESCRIPTION),
        "f32 network(stacked(embedding(50,8),bidirectional(lstm(8,16,1,ifgo),lstm(8,16,1,ifgo),concat)),dense(32,5))"
    );
    type Translator =
        Network<EncoderDecoder<Gru<3, 12, Libm<f64>>, ResetBeforeGru<0, 12, Libm<f64>>>, Dense<12, 100, f64>>;
    assert_eq!(
        text(Image::<Translator>::DESCRIPTION),
        "f64 network(encoder_decoder(gru(3,12,2,rzn,reset_after,tanh),gru(0,12,1,rzn,reset_before,tanh)),dense(12,100))"
    );
    assert_eq!(text(Text::of("", &[], &[])), "()");
    assert_eq!(Image::<Translator>::FINGERPRINT, crc(Image::<Translator>::DESCRIPTION.as_bytes()));
}

#[test]
fn an_address_that_is_no_multiple_of_16_is_refused() {
    let image = written(&drawn::<Small>(1, 1.0), &[]);
    for offset in 1..16 {
        let flash = Flash::at(offset, &image);
        assert_eq!(Image::<Small>::open(&flash.bytes()[offset..]).err(), Some(ImageError::Misaligned));
    }
}

#[test]
fn a_buffer_too_small_is_left_as_it_is() {
    let needed = Image::<Small>::BYTES;
    for room in [0, 1, HEADER, needed - 1] {
        let mut buffer = vec![7; room];
        assert_eq!(Image::write(&Small::ZERO, &[], &mut buffer), Err(WriteError::Room(NoRoom { room, needed })));
        assert!(buffer.iter().all(|&byte| byte == 7));
    }
    let mut buffer = vec![7; needed + 3];
    assert_eq!(Image::write(&Small::ZERO, &[], &mut buffer), Ok(needed));
    assert_eq!(buffer[needed..], [7; 3]);
}

/// Nesting does not change the image of a stack: an image of one nesting opens as the other.
#[test]
fn nesting_is_no_part_of_an_image() {
    type A = Gru<3, 4>;
    type B = Bidirectional<Gru<4, 5>>;
    type C = Elman<10, 6>;
    type Left = Network<Stacked<Stacked<A, B>, C>, Dense<6, 2>>;
    type Right = Network<Stacked<A, Stacked<B, C>>, Dense<6, 2>>;
    assert_eq!(Image::<Left>::FINGERPRINT, Image::<Right>::FINGERPRINT);
    let text = "stacked(gru(3,4,2,rzn,reset_after,tanh),bidirectional(gru(4,5,2,rzn,reset_after,tanh),\
        gru(4,5,2,rzn,reset_after,tanh),concat),elman(10,6,1,tanh))";
    assert_eq!(Image::<Left>::DESCRIPTION.as_bytes(), format!("f32 network({text},dense(6,2))").as_bytes());
    let network = drawn::<Left>(1, 1.5);
    let bytes = written(&network, &[]);
    let flash = Flash::new(&bytes);
    let opened = Image::<Right>::open(flash.bytes()).unwrap().network();
    assert_eq!(weight_bits(opened), weight_bits(&network));
    assert_eq!(opened.cell.upper.lower, network.cell.lower.upper);
}
