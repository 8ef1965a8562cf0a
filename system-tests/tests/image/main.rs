//! Comparison of the host's reader and writer of images with the core's: both must pass the core's tests of
//! refused images.

#[path = "../../../host-tests/tests/image/finite.rs"]
mod finite;
mod integers;
#[path = "../../../host-tests/tests/image/one_form.rs"]
mod one_form;
mod page;

use elman::cell::Relu;
use elman::error::{ImageError, SectionError, SelfTestError, WriteError};
use elman::image::{Described, Image, PROBE, Probe, Section};
use elman::{Dense, Elman, Libm, Network, Zero};
use elman_model::{Model, Unlike};
use elman_trainer::data;
use host_tests::image::{Small, written};

/// Panics unless the host opens the bytes that the core opens, with a probe that passes, and otherwise returns
/// the core's error or finds another architecture.
#[track_caller]
fn host_opens_the_same(bytes: &[u8], device: &Result<Image<'_, Small>, ImageError>, what: &str) {
    let host = Model::from_image(bytes);
    match device {
        Ok(image) => {
            let model = host.unwrap_or_else(|error| panic!("{what}: {error}"));
            let (device, host) = (image.selftest::<[f32; 3]>(), image.section(PROBE).map(|data| model.probe(data)));
            if device.is_ok() {
                assert!(
                    host.is_ok_and(|probed| probed.is_ok_and(|probed| probed.passes())),
                    "{what}: the device passes"
                );
            }
        }
        Err(ImageError::OtherArchitecture { .. } | ImageError::PayloadLength { .. }) => {
            let text = Image::<Small>::DESCRIPTION;
            let same = host.is_ok_and(|model| model.description().as_bytes() == text.as_bytes());
            assert!(!same, "{what}: the host opens it");
        }
        Err(error) => assert_eq!(host, Err(Unlike::Image(*error)), "{what}"),
    }
}

/// Panics unless the host opens the bytes and finds that their probe fails with the error that the core gives.
#[track_caller]
fn host_fails_the_self_test(bytes: &[u8], error: SelfTestError) {
    let probe = Described::open(bytes).unwrap().section(PROBE).unwrap();
    assert_eq!(Model::from_image(bytes).unwrap().probe(probe), Err(error));
}

/// Panics unless the host refuses to write the image, with the error that the core gives.
#[track_caller]
fn host_does_not_write(network: &Small, sections: &[&dyn Section<f32>], error: WriteError) {
    assert_eq!(data::image(network, sections), Err(error));
}

#[test]
fn a_model_that_overflows_is_not_written() {
    type Tall = Network<Elman<1, 1, Libm<f32>, 1, Relu>, Dense<1, 2>>;
    let mut network = Tall::ZERO;
    network.cell.affine.w_ih = [[[1e30]]];
    network.readout.w = [[0.0, 1e30]];
    let probe = Probe { input: &[[1.0]], expected: [0.0; 2], tolerance: f32::MAX };
    let model = Model::from_image(&written(&network, &[&probe])).unwrap();
    let unwritten = ImageError::Section(SectionError::Expected { output: 1 });
    assert_eq!(model.image(), Err(WriteError::Image(unwritten)), "its own probe");
}
