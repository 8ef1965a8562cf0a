//! Networks that cannot be put into integers.

use elman::cell::Relu;
use elman::error::QuantizeError;
use elman::int8::{Calibration, PerGate};
use elman::{Dense, Elman, Gru, Libm, Network, SequenceError, Stacked, Zero};

type Net = Network<Gru<2, 3>, Dense<3, 2>>;

fn quantized(net: &Net, xs: &[[f32; 2]]) -> Result<(), QuantizeError> {
    let mut calibration = Calibration::new(net);
    calibration.observe(xs).unwrap();
    calibration.quantize::<PerGate>().map(|_| ())
}

#[test]
fn nothing_observed_is_refused() {
    assert_eq!(quantized(&Net::ZERO, &[]), Err(QuantizeError::NothingObserved));
}

#[test]
fn an_input_that_is_not_finite_does_not_count() {
    let net = Net::ZERO;
    let mut calibration = Calibration::new(&net);
    for bad in [f32::NAN, f32::INFINITY] {
        let error = calibration.observe(&[[1.0, 2.0], [bad, 0.0]]);
        assert_eq!(error, Err(SequenceError::NonFiniteInput { step: 1 }));
    }
    assert_eq!(calibration.quantize::<PerGate>().unwrap_err(), QuantizeError::NothingObserved);
}

#[test]
fn weights_are_refused_by_name() {
    for bad in [f32::NAN, f32::NEG_INFINITY] {
        let mut net = Net::ZERO;
        net.cell.affine.w_hh[1][2][0] = bad;
        let error = quantized(&net, &[[1.0; 2]]).unwrap_err();
        assert!(matches!(error, QuantizeError::NonFiniteWeight(_)) && error.to_string().contains("w_hh"), "{error}");
    }
    let mut net = Net::ZERO;
    net.cell.affine.w_ih[0][1][2] = 200.0;
    let error = quantized(&net, &[[1.0; 2]]).unwrap_err();
    assert!(matches!(error, QuantizeError::LargeWeight { gate: 1, .. }), "{error}");
    assert!(error.to_string().contains("cell.w_ih"), "{error}");
    assert_eq!(quantized(&net, &[[0.5; 2]]), Ok(()), "half the input leaves room");
    let mut net = Net::ZERO;
    net.cell.affine.b[1][2][1] = 17.0;
    let error = quantized(&net, &[[1.0; 2]]).unwrap_err();
    assert!(
        matches!(error, QuantizeError::LargeBias { unit: 1, .. }) && error.to_string().contains("cell.b"),
        "{error}"
    );
}

/// A network of zeros, and a channel that was always 0, have no scale but 0.
#[test]
fn zeros_stay_zeros() {
    type Deep = Network<Stacked<Elman<2, 3, Libm, 1, Relu>, Gru<3, 2>>, Dense<2, 2>>;
    let net = Deep::ZERO;
    let mut calibration = Calibration::new(&net);
    calibration.observe(&[[0.0; 2]]).unwrap();
    let small = calibration.quantize::<PerGate>().unwrap();
    assert_eq!(small.predict(&[[0.0; 2], [1.0, -1.0]]), Ok([0.0; 2]));
}

/// Outputs of any size have a unit.
#[test]
fn read_outs_of_any_size() {
    for size in [1e-9, 1e-3, 1.0, 1e3, 1e9] {
        let mut net = Net::ZERO;
        net.cell.affine.b[0][2] = [0.5, -1.0, 2.0];
        net.readout = Dense { w: [[size, -size], [0.5 * size, size], [0.1 * size, 0.0]], b: [size, -3.0 * size] };
        let mut calibration = Calibration::new(&net);
        calibration.observe(&[[1.0; 2]]).unwrap();
        let small = calibration.quantize::<PerGate>().unwrap();
        let (exact, near) = (net.predict(&[[1.0; 2]]).unwrap(), small.predict(&[[1.0; 2]]).unwrap());
        for (a, b) in exact.iter().zip(near) {
            assert!((a - b).abs() < 0.01 * size, "{exact:?} {near:?}");
        }
    }
}
