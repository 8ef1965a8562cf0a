//! The probe, and the error messages.

use elman::error::{ImageError, SectionError, SelfTestError};
use elman::image::{Image, PROBE, Probe};
use elman::{Bidirectional, Dense, EncoderDecoder, Gru, Libm, Lstm, Network, Reader, Side, Token};
use host_tests::Noise;
use host_tests::image::{Flash, Small, written};
use host_tests::plain::drawn;

#[test]
fn a_probe_tells_weights_and_arithmetic() {
    let (network, other) = (drawn::<Small>(1, 1.0), drawn::<Small>(2, 1.0));
    let input = Noise(3).vectors::<f32, 3>(7);
    let expected = network.predict(&input).unwrap();
    let test = |network: &Small, expected, tolerance| {
        let probe = Probe { input: &input, expected, tolerance };
        let flash = Flash::new(&written(network, &[&probe]));
        Image::<Small>::open(flash.bytes()).unwrap().selftest::<[f32; 3]>()
    };
    let wrong = |output| Err(SelfTestError::Output { output });
    assert_eq!(test(&network, expected, 0.0), Ok(()));
    assert_eq!(test(&other, expected, 0.0), wrong(0));
    assert_eq!(test(&other, expected, 100.0), Ok(()));
    let [a, b] = expected;
    assert_eq!(test(&network, [a, b.next_up()], 0.0), wrong(1), "the same bits are asked for");
    assert_eq!(test(&network, [a, b + 1e-3], 2e-3), Ok(()));
    assert_eq!(test(&network, [a, b - 1e-3], 2e-3), Ok(()));
    assert_eq!(test(&network, [a, b + 1e-3], 5e-4), wrong(1));
    assert_eq!(test(&network, [a, b - 1e-3], 5e-4), wrong(1));
}

#[test]
fn a_probe_may_be_of_tokens_of_sides_and_of_layers() {
    type Tokens = Network<Gru<300, 5>, Dense<5, 2>>;
    let (network, input) = (drawn::<Tokens>(1, 1.0), Noise(2).classes::<300>(9));
    let probe = Probe { input: &input, expected: network.predict(&input).unwrap(), tolerance: 0.0 };
    let flash = Flash::new(&written(&network, &[&probe]));
    let image = Image::<Tokens>::open(flash.bytes()).unwrap();
    assert_eq!(image.selftest::<Token<300>>(), Ok(()));
    let other = Err(SelfTestError::Section(SectionError::Malformed { tag: PROBE }));
    assert_eq!(image.selftest::<[f32; 300]>(), other);

    type Sides = Network<EncoderDecoder<Gru<3, 5>, Gru<4, 5>>, Dense<5, 4>>;
    let network = drawn::<Sides>(1, 1.0);
    let input = [Side::Source([0.5, -0.5, 1.0]), Side::Target(Token::<4>::new(2).unwrap())];
    let probe = Probe { input: &input, expected: network.predict(&input).unwrap(), tolerance: 0.0 };
    let flash = Flash::new(&written(&network, &[&probe]));
    assert_eq!(Image::<Sides>::open(flash.bytes()).unwrap().selftest::<Side<[f32; 3], Token<4>>>(), Ok(()));

    type Both = Network<Bidirectional<Lstm<3, 5, Libm<f64>>>, Dense<10, 4, f64>>;
    let (network, input) = (drawn::<Both>(1, 1.0), Noise(2).vectors::<f64, 3>(9));
    let mut reader = Reader::<Both, 9>::ZERO;
    let probe = Probe { input: &input, expected: reader.on(&network).predict(&input).unwrap(), tolerance: 0.0 };
    let flash = Flash::new(&written(&network, &[&probe]));
    let image = Image::<Both>::open(flash.bytes()).unwrap();
    assert_eq!(image.selftest_with::<[f64; 3], 9>(&mut reader), Ok(()));
    let too_long = elman::SequenceError::TooLong { length: 9, capacity: 8 };
    assert_eq!(image.selftest_with::<[f64; 3], 8>(&mut { Reader::ZERO }), Err(SelfTestError::Sequence(too_long)));
    let flash = Flash::new(&written(&drawn::<Both>(2, 1.0), &[&probe]));
    let wrong = Image::<Both>::open(flash.bytes()).unwrap().selftest_with::<[f64; 3], 9>(&mut reader);
    assert_eq!(wrong, Err(SelfTestError::Output { output: 0 }));
}

#[test]
fn errors_say_what_is_wrong() {
    let text = [
        ImageError::OtherArchitecture { found: 0xab, expected: 0xcdef_0123 }.to_string(),
        SectionError::Absent { tag: *b"NO\xff\n" }.to_string(),
        SelfTestError::Output { output: 3 }.to_string(),
    ];
    assert_eq!(text[0], "the image holds another network: fingerprint 000000ab, not cdef0123");
    assert_eq!(text[1], "the image has no section NO\\xff\\n");
    assert_eq!(text[2], "output 3 of the probe is not as expected");
}
