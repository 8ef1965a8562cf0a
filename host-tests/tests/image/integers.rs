//! Images of networks in integers: they open as they were written, and no bytes make one that cannot run.

use elman::cell::{LowRank, Relu};
use elman::dense::Readout;
use elman::error::{ImageError, SelfTestError};
use elman::image::{Architecture, Image, Probe, Section};
use elman::int8::{self, PerGate, PerUnit, Quantize, Scaling};
use elman::{
    Bidirectional, Elman, Embedding, FastGrnn, Gru, Libm, Lstm, Mgu, Network, Normalizer, Part, Projection,
    ResetBeforeGru, Stacked, Step, Token, Zero,
};
use host_tests::Noise;
use host_tests::image::{Flash, HEADER, forged, refused, written};
use host_tests::integers::{Small, inputs, quantized};
use host_tests::plain::drawn;
use zerocopy::IntoBytes;

/// Returns the text of a network's description.
fn text<N: Architecture>() -> String {
    String::from_utf8(Image::<N>::DESCRIPTION.as_bytes().to_vec()).unwrap()
}

/// Checks that an image opens in place as it was written and tests itself, with a scale for each gate and for each unit.
#[track_caller]
fn makes_the_trip<C, const I: usize, const H: usize>(words: &str)
where
    C: Quantize<[f32; I]> + Step<[f32; I]> + Zero,
    C::Int8<PerGate>: Integers<I, H>,
    C::Int8<PerUnit>: Integers<I, H>,
{
    trip::<C, PerGate, I, H>(&words.replace("scales", "gate"));
    trip::<C, PerUnit, I, H>(&words.replace("scales", "unit"));
}

/// Cell in integers of an image, which reads whole and real numbers.
trait Integers<const I: usize, const H: usize>:
    Architecture<Real = f32>
    + IntoBytes
    + PartialEq
    + std::fmt::Debug
    + Step<[f32; I]>
    + Step<[i16; I]>
    + Part<Output = [i16; H], Math = Libm>
{
}
impl<C, const I: usize, const H: usize> Integers<I, H> for C where
    C: Architecture<Real = f32>
        + IntoBytes
        + PartialEq
        + std::fmt::Debug
        + Step<[f32; I]>
        + Step<[i16; I]>
        + Part<Output = [i16; H], Math = Libm>
{
}

#[track_caller]
fn trip<C, S: Scaling, const I: usize, const H: usize>(words: &str)
where
    C: Quantize<[f32; I]> + Step<[f32; I]> + Zero,
    C::Int8<S>: Integers<I, H>,
{
    let network = quantized::<C, [f32; I], S, H, 3>(1, &inputs(2, 40));
    assert_eq!(text::<Small<C, [f32; I], S, H, 3>>(), format!("int8 network({words})"));
    let real = inputs::<I>(3, 5);
    let whole: Vec<[i16; I]> = real.iter().map(|x| x.map(|x| (x * 9000.0) as i16)).collect();
    tests_itself(&network, &[], &Probe { input: &real, expected: network.predict(&real).unwrap(), tolerance: 0.0 });
    tests_itself(&network, &[], &Probe { input: &whole, expected: network.predict(&whole).unwrap(), tolerance: 0.0 });
    every_byte(&network);
}

/// Checks that the image opens as it was written, and that it tests itself with whole or with real numbers.
#[track_caller]
fn tests_itself<C, X, S: Scaling, const H: usize>(
    network: &Network<C, int8::Dense<H, 3, S>>,
    sections: &[&dyn Section<f32>],
    probe: &Probe<'_, X, f32, 3>,
) where
    C: Architecture<Real = f32>
        + IntoBytes
        + PartialEq
        + std::fmt::Debug
        + Step<X>
        + Part<Output = [i16; H], Math = Libm>,
    X: elman::image::ProbeInput<f32> + Clone,
{
    let bytes = written(network, &[sections, &[probe]].concat());
    let flash = Flash::new(&bytes);
    let image = Image::<Network<C, int8::Dense<H, 3, S>>>::open(flash.bytes()).unwrap();
    assert_eq!(image.network(), network);
    assert_eq!(flash.bytes()[HEADER..].as_ptr(), std::ptr::from_ref(image.network()).cast(), "opened where it lies");
    assert_eq!(image.selftest::<X>(), Ok(()));
    let mut reader = elman::Reader::<Network<C, int8::Dense<H, 3, S>>, 8>::ZERO;
    assert_eq!(image.selftest_with::<X, 8>(&mut reader), Ok(()));
    let [y, rest @ ..] = probe.expected;
    let [a, b] = rest;
    let wrong = Probe { expected: [y.next_up(), a, b], ..probe.clone() };
    let flash = Flash::new(&written(network, &[&wrong]));
    let image = Image::<Network<C, int8::Dense<H, 3, S>>>::open(flash.bytes()).unwrap();
    assert_eq!(image.selftest::<X>(), Err(SelfTestError::Output { output: 0 }), "the same bits are asked for");
}

/// Changes every bit of the weights, and sets every byte to the ends: the image is refused, or it is the one that its network is written as, and
/// runs without an overflow.
fn every_byte<C, S: Scaling, const I: usize, const H: usize>(network: &Network<C, int8::Dense<H, 3, S>>)
where
    C: Integers<I, H>,
    int8::Dense<H, 3, S>: Readout<[i16; H], Output = [f32; 3]>,
{
    let image = written(network, &[]);
    let (mut opened, mut closed) = (0, 0);
    for at in HEADER..HEADER + size_of_val(network) {
        let flipped = (0..8).map(|bit| image[at] ^ 1 << bit);
        for value in flipped.chain([0, 0x7f, 0x80, 0xff]) {
            if runs::<C, S, I, H>(&forged(&image, |bytes| bytes[at] = value)) { opened += 1 } else { closed += 1 }
        }
    }
    assert!(opened > closed && closed > 8, "{opened} {closed}");
}

/// Returns `true` if an image opens, after some steps with the largest inputs.
fn runs<C, S: Scaling, const I: usize, const H: usize>(bytes: &[u8]) -> bool
where
    C: Integers<I, H>,
{
    let flash = Flash::new(bytes);
    let Ok(image) = Image::<Network<C, int8::Dense<H, 3, S>>>::open(flash.bytes()) else { return false };
    assert_eq!(written(image.network(), &[]), bytes);
    let mut state = C::State::ZERO;
    for whole in [i16::MIN, i16::MAX, -1] {
        let _ = image.network().step(&mut state, &[whole; I]);
    }
    for real in [f32::MAX, f32::MIN, 1e-45] {
        assert!(image.network().step(&mut state, &[real; I]).iter().all(|y| y.is_finite()));
    }
    true
}

#[test]
fn every_cell_and_composition_makes_the_trip() {
    makes_the_trip::<Elman<1, 1>, 1, 1>("elman(1,1,tanh,scales),dense(1,3,scales)");
    makes_the_trip::<Elman<3, 5, Libm, 2, Relu>, 3, 5>("elman(3,5,relu,scales),dense(5,3,scales)");
    makes_the_trip::<Gru<3, 7>, 3, 7>("gru(3,7,rzn,reset_after,scales),dense(7,3,scales)");
    makes_the_trip::<ResetBeforeGru<2, 5>, 2, 5>("gru(2,5,rzn,reset_before,scales),dense(5,3,scales)");
    makes_the_trip::<Lstm<5, 4>, 5, 4>("lstm(5,4,ifgo,scales),dense(4,3,scales)");
    makes_the_trip::<Stacked<Elman<2, 3, Libm, 1, Relu>, Stacked<Gru<3, 2>, Lstm<2, 4>>>, 2, 4>(
        "stacked(elman(2,3,relu,scales),gru(3,2,rzn,reset_after,scales),lstm(2,4,ifgo,scales)),dense(4,3,scales)",
    );
}

#[test]
fn the_other_cells_and_layers_make_the_trip() {
    makes_the_trip::<Mgu<3, 5>, 3, 5>("mgu(3,5,fn,scales),dense(5,3,scales)");
    makes_the_trip::<FastGrnn<2, 6>, 2, 6>("fastgrnn(2,6,zn,full,full,scales),dense(6,3,scales)");
    makes_the_trip::<FastGrnn<5, 4, Libm, LowRank<2>, LowRank<1>>, 5, 4>(
        "fastgrnn(5,4,zn,low_rank(2),low_rank(1),scales),dense(4,3,scales)",
    );
    makes_the_trip::<Stacked<Projection<4, 2>, Gru<2, 3>>, 4, 3>(
        "stacked(projection(4,2,scales),gru(2,3,rzn,reset_after,scales)),dense(3,3,scales)",
    );
}

/// Layers that step read tokens through an embedding, and a layer that reads in both directions is opened with a reader.
#[test]
fn an_embedding_under_both_directions_makes_the_trip() {
    type Both = Stacked<Embedding<11, 3>, Bidirectional<Gru<3, 4>, Mgu<3, 4>>>;
    type Whole =
        Network<Stacked<int8::Embedding<11, 3>, Bidirectional<int8::Gru<3, 4>, int8::Mgu<3, 4>>>, int8::Dense<8, 3>>;
    let network = drawn::<Network<Both, elman::Dense<8, 3>>>(1, 1.5);
    let (symbols, mut reader) =
        (Noise(2).classes::<11>(6), elman::Reader::<Network<Both, elman::Dense<8, 3>>, 8>::ZERO);
    let mut calibration = int8::Calibration::new(&network);
    calibration.observe_in(&mut reader, &symbols).unwrap();
    let small: Whole = calibration.quantize::<PerGate>().unwrap();
    let mut reader = elman::Reader::<Whole, 8>::ZERO;
    let expected = reader.on(&small).predict(&symbols).unwrap();
    let bytes = written(&small, &[&Probe { input: &symbols, expected, tolerance: 0.0 }]);
    let flash = Flash::new(&bytes);
    let image = Image::<Whole>::open(flash.bytes()).unwrap();
    assert_eq!(image.selftest_with::<Token<11>, 8>(&mut reader), Ok(()));
    assert_eq!(
        text::<Whole>(),
        "int8 network(stacked(embedding(11,3,gate),bidirectional(gru(3,4,rzn,reset_after,gate),mgu(3,4,fn,gate),concat)),\
         dense(8,3,gate))"
    );
    for at in HEADER..HEADER + size_of::<Whole>() {
        for value in [0, 0x7f, 0x80, 0xff] {
            let flash = Flash::new(&forged(&bytes, |bytes| bytes[at] = value));
            if let Ok(image) = Image::<Whole>::open(flash.bytes()) {
                assert!(reader.on(image.network()).predict(&symbols).is_ok());
            }
        }
    }
}

#[test]
fn a_probe_of_tokens_and_the_other_sections_come_along() {
    let symbols = Noise(2).classes::<11>(6);
    let network = quantized::<Gru<11, 5>, Token<11>, PerGate, 5, 3>(1, &symbols);
    let normalizer = Normalizer { mean: [1.0; 11], scale: [2.0; 11] };
    let expected = network.predict(&symbols).unwrap();
    tests_itself(&network, &[&normalizer], &Probe { input: &symbols, expected, tolerance: 0.0 });
    let flash = Flash::new(&written(&network, &[&normalizer]));
    let image = Image::<Small<Gru<11, 5>, Token<11>, PerGate, 5, 3>>::open(flash.bytes()).unwrap();
    assert_eq!(image.normalizer::<11>(), Ok(&normalizer));
}

type Kilobyte = Network<int8::Gru<3, 10>, int8::Dense<10, 6>>;

/// Networks in integers are for the smallest parts.
#[test]
fn a_small_image_is_small() {
    assert_eq!(size_of::<Kilobyte>(), 564);
    assert_eq!(Image::<Kilobyte>::BYTES, 32 + 568 + 8 + 64);
    let probe = Probe { input: &[[1_i16; 3]; 4], expected: [0.0_f32; 6], tolerance: 0.0 };
    assert_eq!(Image::<Kilobyte>::length(&[&probe]), 672 + 8 + 64);
}

#[test]
fn cut_off_or_changed_it_does_not_open() {
    let network = quantized::<Gru<3, 10>, [f32; 3], PerGate, 10, 6>(1, &inputs(2, 20));
    let image = written(&network, &[&Normalizer { mean: [1.0; 3], scale: [2.0; 3] }]);
    assert_eq!(refused::<Kilobyte>(&image), None);
    for length in 0..image.len() {
        let needed = if length < HEADER { HEADER } else { image.len() };
        assert_eq!(refused::<Kilobyte>(&image[..length]), Some(ImageError::TooShort { length, needed }));
        for bit in 0..8 {
            let mut damaged = image.clone();
            damaged[length] ^= 1 << bit;
            let error = refused::<Kilobyte>(&damaged);
            assert!(error.is_some(), "byte {length} bit {bit}");
            assert!(length < HEADER || error == Some(ImageError::Checksum), "byte {length} bit {bit}");
        }
    }
}

/// The largest weights, scales, biases and inputs of any sign run without an overflow.
#[test]
fn extremes_run() {
    for signs in 0..32_u8 {
        let sign = |bit: u8| if signs >> bit & 1 == 1 { -1 } else { 1 };
        let mut network = Kilobyte::ZERO;
        for (gate, unit) in (0..3).flat_map(|gate| (0..10).map(move |unit| (gate, unit))) {
            (0..3).for_each(|input| network.cell.affine.w_ih.set(gate, unit, input, 127 * sign(0)));
            (0..10).for_each(|input| network.cell.affine.w_hh.set(gate, unit, input, 127 * sign(1)));
            (0..6).for_each(|output| network.readout.w.set(0, output, unit, 127 * sign(2)));
        }
        network.cell.affine.scale_ih = [[int8::Scale::LARGEST]; 3];
        network.cell.affine.scale_hh = [[int8::Scale::LARGEST]; 3];
        network.cell.affine.b = [[(32_767 * i16::from(sign(3))).into(); 10]; 4];
        network.cell.affine.resolution = f32::MAX.into();
        network.readout.scale = [[int8::Scale::LARGEST]];
        network.readout.b = [(32_767 * i16::from(sign(4))).into(); 6];
        network.readout.bias_shift = 15.into();
        network.readout.exponent = (-40).into();
        let bytes = written(&network, &[]);
        let flash = Flash::new(&bytes);
        let image = Image::<Kilobyte>::open(flash.bytes()).unwrap();
        let mut state = <int8::Gru<3, 10> as Part>::State::ZERO;
        for x in [f32::MAX, f32::MIN, 0.0, 1e-45] {
            assert!(image.network().step(&mut state, &[x; 3]).iter().all(|y| y.is_finite()));
        }
    }
}
