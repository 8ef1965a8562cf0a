//! Images of fixed-point networks: written, opened and tested where they lie; refused as any other number type; a saturated weight
//! is refused by its place.

use elman::error::ImageError;
use elman::image::{Aligned, Image, Probe};
use elman::math::Fixed;
use elman::{Dense, Gru, Network, Normalizer, parameters};
use host_tests::plain::drawn;
use host_tests::precision::weight_bits;

type Net<const F: u32> = Network<Gru<3, 5, Fixed<F>>, Dense<5, 2, Fixed<F>>>;

fn probe<const F: u32>(net: &Net<F>) -> ([[Fixed<F>; 3]; 2], [Fixed<F>; 2]) {
    let input = [[0.5, 0.0, -1.0], [0.25, 1.5, 1.0]].map(|x| x.map(Fixed::of));
    (input, net.predict(&input).unwrap())
}

#[test]
fn an_image_opens_as_it_was_written() {
    let net = drawn::<Net<20>>(1, 1.0);
    let (input, expected) = probe(&net);
    let normalizer = Normalizer { mean: [Fixed::of(20.0); 3], scale: [Fixed::of(0.5); 3] };
    let probe = Probe { input: &input, expected, tolerance: Fixed::of(0.0) };
    let mut file = Aligned([0; 2048]);
    let length = Image::write(&net, &[&normalizer, &probe], &mut file.0).unwrap();
    let image = Image::<Net<20>>::open(&file.0[..length]).unwrap();
    image.selftest::<[Fixed<20>; 3]>().unwrap();
    assert_eq!(weight_bits(image.network()), weight_bits(&net));
    assert_eq!(image.normalizer::<3>().unwrap(), &normalizer);
    assert!(Image::<Net<20>>::DESCRIPTION.as_bytes().starts_with(b"q20 network(gru(3,5,"));
    assert!(matches!(Image::<Net<16>>::open(&file.0[..length]), Err(ImageError::OtherArchitecture { .. })));
    type Float = Network<Gru<3, 5>, Dense<5, 2>>;
    assert!(matches!(Image::<Float>::open(&file.0[..length]), Err(ImageError::OtherArchitecture { .. })));
}

#[test]
fn a_saturated_weight_is_not_written() {
    for lost in [Fixed::UPPER, Fixed::LOWER, Fixed::from_units(i32::MIN)] {
        let mut net = drawn::<Net<16>>(1, 1.0);
        net.readout.w[1][0] = lost;
        assert!(Image::write(&net, &[], &mut Aligned([0; 2048]).0).is_err());
        let error = parameters::check_finite(&net).unwrap_err();
        assert_eq!((error.tensor.to_string().as_str(), error.index), ("readout.w", [1, 0, 0]));
    }
}

#[test]
fn a_float_network_converts_to_the_nearest_weights() {
    let (float, mut net) = (drawn::<Network<Gru<3, 5>, Dense<5, 2>>>(4, 1.0), drawn::<Net<24>>(5, 1.0));
    parameters::convert(&float, &mut net);
    let want = float.predict(&[[0.5, -0.25, 1.0]; 6]).unwrap();
    let found = net.predict(&[[0.5, -0.25, 1.0].map(Fixed::of); 6]).unwrap();
    for (found, want) in found.iter().zip(want) {
        assert!((elman::math::Scalar::to_f32(*found) - want).abs() < 1e-6, "{found:?} for {want}");
    }
    net.readout.b = [Fixed::of(0.0); 2];
    let mut far = float;
    far.readout.b = [1e9, f32::NAN];
    parameters::convert(&far, &mut net);
    assert_eq!(net.readout.b, [Fixed::UPPER; 2]);
}
