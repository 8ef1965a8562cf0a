//! Networks and sections with values that are not finite: host and device neither write nor open them, and report
//! the same error.

use super::{host_does_not_write, host_fails_the_self_test, host_opens_the_same};
use elman::cell::Relu;
use elman::error::{ImageError, SectionError, SelfTestError, WriteError};
use elman::image::{Described, Image, NORMALIZER, PROBE, Probe, Section};
use elman::{
    Bidirectional, Dense, Elman, Embedding, EncoderDecoder, Gru, Libm, Lstm, Network, Normalizer, Side, Stacked, Token,
    Zero, parameters,
};
use host_tests::image::{Flash, HEADER, Raw, Small, forged, image_with, put, refused, written};
use host_tests::plain::drawn;

const BAD: [f32; 4] = [f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY];
/// Number of padding bytes after a probe of two steps.
const PADDING: usize = 4;
const INPUT: [[f32; 3]; 2] = [[0.5, 0.0, -1.0], [1.0, 0.25, 0.0]];

/// Checks that host and device both refuse an image with this error.
#[track_caller]
fn is_refused(image: &[u8], error: ImageError) {
    assert_eq!(refused::<Small>(image), Some(error));
    assert_eq!(Described::open(image).err(), Some(error));
    host_opens_the_same(image, &Err(error), "refused");
}

/// Checks that no function writes the network, and that the buffer is unchanged.
#[track_caller]
fn is_not_written(network: &Small, sections: &[&dyn Section<f32>], error: WriteError) {
    let mut buffer = vec![7; Image::<Small>::length(sections) + 8];
    assert_eq!(Image::write(network, sections, &mut buffer), Err(error));
    assert!(buffer.iter().all(|&byte| byte == 7));
    assert_eq!(Image::stream(network, sections, &mut |_| panic!("a piece of a refused image")), Err(error));
    host_does_not_write(network, sections, error);
}

#[test]
fn every_weight_must_be_finite() {
    let image = written(&drawn::<Small>(1, 1.0), &[]);
    for index in 0..size_of::<Small>() / 4 {
        for bad in BAD {
            let spoilt = forged(&image, |bytes| put(bytes, HEADER + 4 * index, bad.to_bits()));
            is_refused(&spoilt, ImageError::Weight { index });
        }
        for good in [f32::MAX, f32::MIN, f32::MIN_POSITIVE, 1e-45, -0.0] {
            let changed = forged(&image, |bytes| put(bytes, HEADER + 4 * index, good.to_bits()));
            assert_eq!(refused::<Small>(&changed), None);
        }
    }
}

#[test]
fn the_first_weight_that_is_not_finite_is_named() {
    let named = |edit: fn(&mut Small)| {
        let mut network = drawn::<Small>(1, 1.0);
        edit(&mut network);
        let error = parameters::check_finite(&network).unwrap_err();
        is_not_written(&network, &[], WriteError::Weight(error));
        error.to_string()
    };
    let rest = "is NaN or infinite; use weights from before training diverged";
    assert_eq!(named(|n| n.cell.affine.w_ih[2][0][4] = f32::NAN), format!("cell.w_ih[2][0][4] {rest}"));
    assert_eq!(named(|n| n.cell.affine.w_hh[4][0][0] = f32::INFINITY), format!("cell.w_hh[4][0][0] {rest}"));
    assert_eq!(named(|n| n.cell.affine.b[0][0][3] = f32::NEG_INFINITY), format!("cell.b[0][0][3] {rest}"));
    assert_eq!(named(|n| n.readout.w[4][1] = f32::NAN), format!("readout.w[4][0][1] {rest}"));
    assert_eq!(named(|n| n.readout.b = [0.0, f32::NAN]), format!("readout.b[0][0][1] {rest}"));
    assert_eq!(
        named(|n| (n.readout.b[0], n.cell.affine.b[0][0][1]) = (f32::NAN, f32::NAN)),
        format!("cell.b[0][0][1] {rest}")
    );
    assert_eq!(parameters::check_finite(&Small::ZERO), Ok(()));
}

#[test]
fn names_are_as_deep_as_networks_and_places_have_gates() {
    type Both = Bidirectional<Lstm<3, 5, Libm<f64>, 2>>;
    type Deep = Network<Stacked<Embedding<4, 3, Libm<f64>>, Both>, Dense<10, 2, f64>>;
    let mut network = Deep::ZERO;
    network.cell.upper.backward.affine.b[1][3][4] = f64::NAN;
    let error = parameters::check_finite(&network).unwrap_err();
    assert_eq!(error.index, [1, 3, 4]);
    assert_eq!(error.tensor.to_string(), "cell.upper.backward.b");
    type Tall =
        Stacked<Gru<1, 1>, Stacked<Gru<1, 1>, Stacked<Gru<1, 1>, Stacked<Gru<1, 1>, Stacked<Gru<1, 1>, Gru<1, 1>>>>>>;
    let mut network = Network::<Tall, Dense<1, 1>>::ZERO;
    network.cell.upper.upper.upper.upper.upper.affine.w_hh[0][2][0] = f32::INFINITY;
    let error = parameters::check_finite(&network).unwrap_err();
    assert_eq!(error.tensor.to_string(), "....upper.upper.upper.upper.w_hh", "the innermost five");
}

#[test]
fn an_image_that_is_open_is_finite() {
    let network = drawn::<Small>(1, 1.0);
    let probe = Probe { input: &INPUT, expected: network.predict(&INPUT).unwrap(), tolerance: 0.0 };
    let flash = Flash::new(&written(&network, &[&probe]));
    let image = Image::<Small>::open(flash.bytes()).unwrap();
    assert_eq!(image.check_finite(), Ok(()));
    assert_eq!(image.selftest::<[f32; 3]>(), Ok(()));
    // Safe code cannot spoil the memory of an open image.
    let failed = SelfTestError::Weight { index: 7 }.to_string();
    assert_eq!(
        failed,
        "weight 7 of the image is NaN or infinite: its memory is failing, or the image must be written again"
    );
}

#[test]
fn a_normalizer_that_cannot_scale_is_refused() {
    let good = Normalizer { mean: [1.0, -2.0, 0.0], scale: [0.5, 1e-40, -3.0] };
    let image = written(&Small::ZERO, &[&good]);
    let data = image.len() - 24;
    for channel in 0..3 {
        for bad in BAD {
            let mut normalizer = good;
            normalizer.mean[channel] = bad;
            let error = ImageError::Section(SectionError::Mean { channel });
            is_not_written(&Small::ZERO, &[&normalizer], WriteError::Image(error));
            is_refused(&forged(&image, |bytes| put(bytes, data + 4 * channel, bad.to_bits())), error);
        }
        for bad in BAD.into_iter().chain([0.0, -0.0]) {
            let mut normalizer = good;
            normalizer.scale[channel] = bad;
            let error = ImageError::Section(SectionError::Scale { channel });
            is_not_written(&Small::ZERO, &[&normalizer], WriteError::Image(error));
            is_refused(&forged(&image, |bytes| put(bytes, data + 12 + 4 * channel, bad.to_bits())), error);
        }
    }
    for length in [0, 1, 4, 12, 23, 25, 28] {
        let malformed = ImageError::Section(SectionError::Malformed { tag: NORMALIZER });
        is_refused(&image_with(NORMALIZER, &vec![1; length]), malformed);
    }
    assert_eq!(refused::<Small>(&image_with(NORMALIZER, &[1; 8])), None);
}

#[test]
fn a_probe_that_everything_or_nothing_passes_is_refused() {
    let network = drawn::<Small>(1, 1.0);
    let expected = network.predict(&INPUT).unwrap();
    let good = Probe { input: &INPUT, expected, tolerance: 0.0 };
    let image = written(&network, &[&good]);
    let data = image.len() - (8 + 4 + 8 + 24 + PADDING);
    let is_bad = |probe: Probe<'_, [f32; 3], f32, 2>, at: usize, bits: u32, error| {
        let error = ImageError::Section(error);
        is_not_written(&network, &[&probe], WriteError::Image(error));
        is_refused(&forged(&image, |bytes| put(bytes, data + at, bits)), error);
    };
    for tolerance in BAD.into_iter().chain([-1.0, -1e-45]) {
        is_bad(Probe { tolerance, ..good }, 8, tolerance.to_bits(), SectionError::Tolerance);
    }
    for (output, bad) in [0, 1].into_iter().flat_map(|output| BAD.map(|bad| (output, bad))) {
        let mut probe = good;
        probe.expected[output] = bad;
        is_bad(probe, 12 + 4 * output, bad.to_bits(), SectionError::Expected { output });
    }
    let none = ImageError::Section(SectionError::Malformed { tag: PROBE });
    is_not_written(&network, &[&Probe { input: &INPUT[..0], ..good }], WriteError::Image(none));
}

/// Only the self-test knows the type of the inputs, so opening the image cannot find this fault.
#[test]
fn a_probe_of_inputs_that_are_not_finite_is_refused() {
    let network = drawn::<Small>(1, 1.0);
    let good = Probe { input: &INPUT, expected: network.predict(&INPUT).unwrap(), tolerance: 1e9 };
    let image = written(&network, &[&good]);
    let data = image.len() - (24 + PADDING);
    for (at, bad) in (0..6).flat_map(|at| BAD.map(|bad| (at, bad))) {
        let (mut input, error) = (INPUT, SectionError::Input { step: at / 3 });
        input[at / 3][at % 3] = bad;
        is_not_written(&network, &[&Probe { input: &input, ..good }], WriteError::Image(ImageError::Section(error)));
        let flash = Flash::new(&forged(&image, |bytes| put(bytes, data + 4 * at, bad.to_bits())));
        let image = Image::<Small>::open(flash.bytes()).unwrap();
        assert_eq!(image.selftest::<[f32; 3]>(), Err(SelfTestError::Section(error)));
        host_fails_the_self_test(flash.bytes(), SelfTestError::Section(error));
    }
    type Sides = Network<EncoderDecoder<Gru<3, 5>, Gru<4, 5>>, Dense<5, 4>>;
    let input = [Side::Target(Token::<4>::default()), Side::Source([0.0, f32::NAN, 0.0])];
    let probe = Probe { input: &input, expected: [0.0; 4], tolerance: 0.0 };
    let error = WriteError::Image(ImageError::Section(SectionError::Input { step: 1 }));
    assert_eq!(Image::write(&Sides::ZERO, &[&probe], &mut [0; 9999]), Err(error));
}

/// The weights are finite, but the sums overflow.
#[test]
fn a_network_that_overflows_fails_its_self_test() {
    type Tall = Network<Elman<1, 1, Libm<f32>, 1, Relu>, Dense<1, 2>>;
    let mut network = Tall::ZERO;
    network.cell.affine.w_ih = [[[1e30]]];
    network.readout.w = [[0.0, 1e30]];
    let probe = |expected| Probe { input: &[[1.0]], expected, tolerance: f32::MAX };
    let flash = Flash::new(&written(&network, &[&probe([0.0; 2])]));
    let image = Image::<Tall>::open(flash.bytes()).unwrap();
    let error = SelfTestError::NonFiniteOutput { output: 1 };
    assert_eq!(image.selftest::<[f32; 1]>(), Err(error));
    host_fails_the_self_test(flash.bytes(), error);
    // In f64 every output is finite; in f32 the state is infinite, and 0 times that is NaN.
    network.readout.w = [[0.0, 1.0]];
    network.cell.affine = Elman::<1, 1, Libm<f32>, 1, Relu>::ZERO.affine;
    network.cell.affine.b = [[[f32::MAX]]];
    network.cell.affine.w_ih = [[[f32::MAX]]];
    network.readout.b = [0.0, f32::MIN];
    let state = SelfTestError::NonFiniteOutput { output: 0 };
    let flash = Flash::new(&written(&network, &[&probe([0.0; 2])]));
    let image = Image::<Tall>::open(flash.bytes()).unwrap();
    assert_eq!(image.selftest::<[f32; 1]>(), Err(state));
    host_fails_the_self_test(flash.bytes(), state);
}

/// The values of an `f64` network are checked as `f64`, even by a tool that only knows the description.
#[test]
fn doubles_are_checked_as_doubles() {
    type Double = Network<Elman<1, 1, Libm<f64>>, Dense<1, 2, f64>>;
    let image = written(&drawn::<Double>(1, 1.0), &[&Normalizer { mean: [1e300], scale: [1e-300] }]);
    assert!(Described::open(&image).is_ok());
    for (at, error) in [
        (HEADER + 16, ImageError::Weight { index: 2 }),
        (image.len() - 16, ImageError::Section(SectionError::Mean { channel: 0 })),
        (image.len() - 8, ImageError::Section(SectionError::Scale { channel: 0 })),
    ] {
        let spoilt = forged(&image, |bytes| bytes[at..at + 8].copy_from_slice(&f64::INFINITY.to_le_bytes()));
        assert_eq!(refused::<Double>(&spoilt), Some(error));
        assert_eq!(Described::open(&spoilt).err(), Some(error));
    }
    let raw = Raw(NORMALIZER, &[0; 8]);
    assert!(Image::write(&Double::ZERO, &[&raw], &mut [0; 999]).is_err(), "half a normaliser");
}
