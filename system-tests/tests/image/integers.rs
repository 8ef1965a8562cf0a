//! The host's reader of networks in integers compared with the core's, on damaged images.

use elman::cell::{Relu, ResetBefore};
use elman::error::ImageError;
use elman::image::{Architecture, Image, PROBE, Probe, ProbeInput};
use elman::int8::{self, PerGate, PerUnit};
use elman::{Elman, Gru, Libm, Lstm, Network, Normalizer, Part, ResetBeforeGru, Stacked, Step};
use elman_model::Unlike;
use elman_model::int8::Model;
use host_tests::Noise;
use host_tests::image::{Flash, HEADER, forged, written};
use host_tests::integers::{Small, inputs, quantized};

/// Changes every byte in some ways, with the checksum right, and cuts the image everywhere: the host opens what the device
/// opens and finds the same of the probe, and refuses the rest with the device's words.
fn alike<C, R, const I: usize, const K: usize>(image: &[u8]) -> [usize; 2]
where
    Network<C, R>: Architecture<Real = f32>,
    C: Step<[f32; I]> + Step<[i16; I]> + Part<Math = Libm>,
    R: elman::dense::Readout<C::Output, Output = [f32; K]>,
{
    let (mut noise, mut found) = (Noise(5), [0; 2]);
    let flips = |byte: u8, noise: &mut Noise| {
        let random = noise.bits() as u8;
        [0, 1, 0x7f, 0x80, 0xff, byte ^ 1, byte ^ 0x80, random]
    };
    for at in (0..image.len()).filter(|at| !(28..HEADER).contains(at)) {
        for value in flips(image[at], &mut noise) {
            let changed = forged(image, |bytes| bytes[at] = value);
            found[usize::from(opens::<C, R, I, K>(&changed, &format!("byte {at}: {value:#x}")))] += 1;
        }
    }
    for length in 0..image.len() {
        assert!(!opens::<C, R, I, K>(&image[..length], &format!("cut to {length}")));
    }
    found
}

#[track_caller]
fn opens<C, R, const I: usize, const K: usize>(bytes: &[u8], what: &str) -> bool
where
    Network<C, R>: Architecture<Real = f32>,
    C: Step<[f32; I]> + Step<[i16; I]> + Part<Math = Libm>,
    R: elman::dense::Readout<C::Output, Output = [f32; K]>,
{
    let flash = Flash::new(bytes);
    let (device, host) = (Image::<Network<C, R>>::open(flash.bytes()), Model::from_image(bytes));
    match (&device, host) {
        (Ok(image), Ok(model)) => {
            let data = image.section(PROBE).unwrap_or_default();
            let judged = model.probe(data).is_ok_and(|probed| probed.passes());
            assert_eq!(image.selftest::<[f32; I]>().is_ok() || image.selftest::<[i16; I]>().is_ok(), judged, "{what}");
        }
        (Err(ImageError::OtherArchitecture { .. } | ImageError::PayloadLength { .. }), host) => {
            let words = Image::<Network<C, R>>::DESCRIPTION;
            let same = host.is_ok_and(|model| model.description().as_bytes() == words.as_bytes());
            assert!(!same, "{what}: the host opens it");
        }
        (Err(device), Err(Unlike::Image(host))) => assert_eq!(*device, host, "{what}"),
        (device, host) => panic!("{what}: a device says {:?}, a host {host:?}", device.as_ref().err()),
    }
    device.is_ok()
}

/// The image of a network with a probe of real or of whole numbers.
fn probed<C, X, const H: usize, S: int8::Scaling>(network: &Network<C, int8::Dense<H, 3, S>>, xs: &[X]) -> Vec<u8>
where
    C: Architecture<Real = f32> + Step<X> + Part<Output = [i16; H], Math = Libm>,
    X: ProbeInput<f32>,
{
    let probe = Probe { input: xs, expected: network.predict(xs).unwrap(), tolerance: 0.0 };
    written(network, &[&Normalizer { mean: [1.0; 2], scale: [2.0; 2] }, &probe])
}

#[test]
fn damaged_images_are_refused_alike() {
    let (real, whole) = (inputs::<2>(1, 4), [[700_i16, -900], [-32_768, 32_767]]);
    let xs = inputs::<2>(2, 30);
    let gru: Small<Gru<2, 5>, [f32; 2], PerGate, 5, 3> = quantized::<Gru<2, 5>, _, PerGate, 5, 3>(1, &xs);
    let counts = [
        alike::<int8::Gru<2, 5>, int8::Dense<5, 3>, 2, 3>(&probed(&gru, &real)),
        alike::<int8::Gru<2, 5>, int8::Dense<5, 3>, 2, 3>(&probed(&gru, &whole)),
        alike::<int8::Gru<2, 3, PerUnit, ResetBefore>, int8::Dense<3, 3, PerUnit>, 2, 3>(&probed(
            &quantized::<ResetBeforeGru<2, 3>, _, PerUnit, 3, 3>(1, &xs),
            &real,
        )),
        alike::<Stacked<int8::Lstm<2, 3>, int8::Elman<3, 4, PerGate, Relu>>, int8::Dense<4, 3>, 2, 3>(&probed(
            &quantized::<Stacked<Lstm<2, 3>, Elman<3, 4, Libm, 1, Relu>>, _, PerGate, 4, 3>(1, &xs),
            &whole,
        )),
    ];
    for [refused, opened] in counts {
        assert!(refused > 400 && opened > 400, "{counts:?}");
    }
}
