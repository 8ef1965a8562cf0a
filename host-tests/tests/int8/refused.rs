//! Networks that cannot be converted to integers.

use elman::cell::{LowRank, Relu};
use elman::dense::Readout;
use elman::error::QuantizeError;
use elman::int8::{Calibration, PerGate, Quantize};
use elman::{Bidirectional, Dense, Elman, Embedding, FastGrnn, Frozen, Gru, Libm, Mgu, Network, Projection, Reader};
use elman::{SequenceError, Stacked, Token, Zero};

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

/// A network of zeros and channels that were always 0 get the scale 0, and the outputs stay 0.
#[test]
fn zeros_stay_zeros() {
    type Deep = Network<Stacked<Elman<2, 3, Libm, 1, Relu>, Gru<3, 2>>, Dense<2, 2>>;
    let net = Deep::ZERO;
    let mut calibration = Calibration::new(&net);
    calibration.observe(&[[0.0; 2]]).unwrap();
    let small = calibration.quantize::<PerGate>().unwrap();
    assert_eq!(small.predict(&[[0.0; 2], [1.0, -1.0]]), Ok([0.0; 2]));
}

/// Outputs of any magnitude can be represented in integers.
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

/// Weights of every kind of part are refused by name when they are NaN.
#[test]
fn weights_of_every_part_have_a_name() {
    fn refused<C, X, const H: usize>(xs: &[X], name: &str, spoil: fn(&mut C))
    where
        C: Quantize<X> + Zero,
        Dense<H, 2>: Readout<C::Output>,
    {
        for bad in [f32::NAN, f32::INFINITY] {
            let mut net = Network::<C, Dense<H, 2>>::ZERO;
            spoil(&mut net.cell);
            elman::parameters::walk_range(&mut net.cell, [], 0..C::COUNT, |weights, []| {
                weights.iter_mut().filter(|w| **w == 7.5).for_each(|w| *w = bad);
            });
            let (mut calibration, mut reader) = (Calibration::new(&net), Reader::<_, 2>::ZERO);
            calibration.observe_in(&mut reader, xs).unwrap();
            let Err(error) = calibration.quantize::<PerGate>() else { panic!("{name} is {bad}") };
            assert!(matches!(error, QuantizeError::NonFiniteWeight(_)), "{error}");
            assert!(error.to_string().contains(name), "{error}");
        }
    }
    let xs = [[1.0; 2]; 2];
    type Low = FastGrnn<2, 3, Libm, LowRank<1>, LowRank<2>>;
    refused::<Low, _, 3>(&xs, "w_ih.down", |cell| cell.w_ih.down[1][0] = 7.5);
    refused::<Low, _, 3>(&xs, "w_hh.up", |cell| cell.w_hh.up[1][2] = 7.5);
    refused::<Low, _, 3>(&xs, "zeta", |cell| cell.zeta = 7.5);
    refused::<Low, _, 3>(&xs, "nu", |cell| cell.nu = 7.5);
    refused::<FastGrnn<2, 3>, _, 3>(&xs, "w_hh", |cell| cell.w_hh[2][0] = 7.5);
    refused::<Mgu<2, 3>, _, 3>(&xs, "b", |cell| cell.affine.b[0][1][2] = 7.5);
    refused::<Projection<2, 3>, _, 3>(&xs, "w", |cell| cell.linear.w[1][2] = 7.5);
    refused::<Bidirectional<Gru<2, 3>>, _, 6>(&xs, "backward.w_ih", |cell| cell.backward.affine.w_ih[0][0][0] = 7.5);
    refused::<Stacked<Embedding<4, 2>, Gru<2, 3>>, _, 3>(&[Token::default()], "lower.table", |cell| {
        cell.lower.table[3][1] = 7.5;
    });
}

/// A frozen part has no parameters of its own, and is checked all the same.
#[test]
fn weights_in_flash_are_refused_by_name() {
    let mut gru = Gru::<2, 3>::ZERO;
    gru.affine.w_hh[0][0][0] = f32::NAN;
    let cell = Stacked { lower: Elman::<2, 2>::ZERO, upper: Frozen(&gru) };
    let net = Network { cell, readout: Dense::<3, 2>::ZERO };
    let mut calibration = Calibration::new(&net);
    calibration.observe(&[[1.0; 2]]).unwrap();
    let error = calibration.quantize::<PerGate>().unwrap_err();
    assert!(error.to_string().contains("cell.upper.w_hh"), "{error}");
}

/// Factors whose weights are too large for 8 bits, and outputs without bounds that overflow in `f32`.
#[test]
fn what_does_not_fit_is_refused_by_name() {
    type Low = Network<FastGrnn<2, 3, Libm, LowRank<1>>, Dense<3, 2>>;
    let mut net = Low::ZERO;
    net.cell.w_ih.down = [[2.0]; 2];
    net.cell.w_ih.up = [[200.0; 3]];
    let quantized = |net: &Low, xs: &[[f32; 2]]| {
        let mut calibration = Calibration::new(net);
        calibration.observe(xs).unwrap();
        calibration.quantize::<PerGate>().map(|_| ())
    };
    let error = quantized(&net, &[[1.0; 2]]).unwrap_err();
    assert!(matches!(error, QuantizeError::LargeWeight { gate: 0, .. }), "{error}");
    assert!(error.to_string().contains("cell.w_ih.up"), "{error}");
    net.cell.w_ih.up = [[20.0; 3]];
    assert_eq!(quantized(&net, &[[1.0; 2]]), Ok(()));
    net.cell.b[1][2] = -17.0;
    let error = quantized(&net, &[[1.0; 2]]).unwrap_err();
    assert!(matches!(error, QuantizeError::LargeBias { unit: 2, .. }), "{error}");

    let mut net = Network::<Stacked<Elman<2, 3, Libm, 1, Relu>, Gru<3, 2>>, Dense<2, 2>>::ZERO;
    net.cell.lower.affine.w_hh = [[[1e30; 3]]; 3];
    net.cell.lower.affine.b = [[[1.0; 3]]];
    let mut calibration = Calibration::new(&net);
    calibration.observe(&[[1.0; 2]; 4]).unwrap();
    let error = calibration.quantize::<PerGate>().unwrap_err();
    assert!(matches!(error, QuantizeError::NonFiniteOutput { .. }), "{error}");
    assert!(error.to_string().contains("cell.lower"), "{error}");
}
