//! Classification, probabilities and predictions agree with the network's steps; invalid input is refused.

use elman::cell::Cell;
use elman::parameters::Path;
use elman::{Class, Dense, Elman, Layer, Libm, Math, Network, Parameters, SequenceError, Token, Zero};
use host_tests::plain::{argmax, drawn, outputs, softmax};
use host_tests::precision::bits;
use host_tests::tolerance::level;
use host_tests::{Noise, Precision, assert_close};

type Net<T, const I: usize, const H: usize, const K: usize> = Network<Elman<I, H, Libm<T>>, Dense<H, K, T>>;

/// Lengths in steps.
const LENGTHS: [usize; 4] = [1, 2, 3, 17];

fn agrees<T: Precision, X, const I: usize, const H: usize, const K: usize>(seed: u64, draw: impl Fn(&mut Noise) -> X)
where
    Libm<T>: Math<Scalar = T>,
    Elman<I, H, Libm<T>>: Cell<X, Math = Libm<T>, Scalar = T, State = [T; H], Output = [T; H]> + Layer<X>,
{
    let network: Net<T, I, H, K> = drawn(seed, 3.0);
    let mut noise = Noise(seed + 1);
    for length in LENGTHS {
        let xs: Vec<X> = (0..length).map(|_| draw(&mut noise)).collect();
        let each = outputs(&network, &xs);
        let last = each[length - 1];
        assert_eq!(network.classify(&xs), Ok(argmax(&last)));
        assert_eq!(bits(&network.predict(&xs).unwrap()), bits(&last));
        let probabilities = network.probabilities(&xs).unwrap();
        assert_close("probabilities", &probabilities, &softmax(&last), level::<T>().forward);
        let sum = probabilities.iter().fold(T::ZERO, |sum, &p| sum + p);
        assert_close("their sum", &[sum], &[1.0], level::<T>().forward);
        let mut predictions = vec![[T::from_f32(9.0); K]; length + 2];
        assert_eq!(network.predict_each(&xs, &mut predictions), Ok(length));
        assert_eq!(bits(predictions[..length].as_flattened()), bits(each.as_flattened()));
        assert_eq!(predictions[length..], [[T::from_f32(9.0); K]; 2], "what there was no step for is as before");
    }
}

fn every_shape<T: Precision>()
where
    Libm<T>: Math<Scalar = T>,
{
    agrees::<T, [T; 3], 3, 5, 4>(1, Noise::vector);
    agrees::<T, [T; 1], 1, 1, 1>(2, Noise::vector);
    agrees::<T, [T; 2], 2, 7, 1>(3, Noise::vector);
    agrees::<T, [T; 1], 1, 9, 17>(4, Noise::vector);
    agrees::<T, Token<6>, 6, 5, 3>(5, Noise::class);
    agrees::<T, Token<1>, 1, 1, 1>(6, Noise::class);
    agrees::<T, Token<31>, 31, 8, 31>(7, Noise::class);
}

#[test]
fn f32_answers_are_the_steps() {
    every_shape::<f32>();
}

#[test]
fn f64_answers_are_the_steps() {
    every_shape::<f64>();
}

#[test]
fn of_equal_classes_the_first_is_chosen() {
    let mut network = Net::<f32, 2, 3, 4>::ZERO;
    let xs = [[1.0, -1.0]];
    assert_eq!(network.classify(&xs), Class::new(0).map_err(|_| SequenceError::Empty));
    assert_eq!(network.probabilities(&xs), Ok([0.25; 4]));
    network.readout.b = [0.0, 2.0, -1.0, 2.0];
    assert_eq!(network.classify(&xs).unwrap().index(), 1);
}

#[test]
fn large_logits_do_not_overflow() {
    let mut network = Net::<f32, 1, 1, 3>::ZERO;
    network.readout.b = [1e30, -1e30, 1e30];
    assert_eq!(network.probabilities(&[[0.0]]), Ok([0.5, 0.0, 0.5]));
}

/// Returns the errors of every task that reads a whole sequence.
fn refusals(network: &Net<f32, 2, 3, 4>, xs: &[[f32; 2]]) -> [Option<SequenceError>; 4] {
    let mut predictions = [[7.0; 4]; 5];
    let each = network.predict_each(xs, &mut predictions);
    assert_eq!(predictions, [[7.0; 4]; 5], "predictions stay as they were");
    [network.classify(xs).err(), network.probabilities(xs).err(), network.predict(xs).err(), each.err()]
}

#[test]
fn an_empty_sequence_is_refused() {
    assert_eq!(refusals(&drawn(1, 1.0), &[]), [Some(SequenceError::Empty); 4]);
}

#[test]
fn an_input_that_is_not_finite_is_refused_wherever_it_stands() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for (step, channel) in (0..5).flat_map(|step| [(step, 0), (step, 1)]) {
            let mut xs = [[0.5, -0.5]; 5];
            xs[step][channel] = bad;
            let error = Some(SequenceError::NonFiniteInput { step });
            assert_eq!(refusals(&drawn(1, 1.0), &xs), [error; 4], "{bad}");
        }
    }
}

#[test]
fn outputs_that_are_not_finite_are_refused() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut network: Net<f32, 2, 3, 4> = drawn(1, 1.0);
        network.readout.b[2] = bad;
        let at = |step| Some(SequenceError::NonFiniteOutput { step });
        assert_eq!(refusals(&network, &[[0.5, -0.5]; 3]), [at(2), at(2), at(2), at(0)], "{bad}");
    }
}

#[test]
fn a_nan_anywhere_in_the_weights_is_seen() {
    let count = <Net<f32, 2, 3, 4> as Parameters>::COUNT;
    for index in 0..count {
        let mut network: Net<f32, 2, 3, 4> = drawn(1, 1.0);
        let mut at = 0;
        network.walk([], Path::ROOT, &mut |_, numbers, []| {
            numbers.iter_mut().for_each(|x| {
                if at == index {
                    *x = f32::NAN;
                }
                at += 1;
            });
        });
        let error = network.classify(&[[0.5, -0.5]; 3]);
        assert_eq!(error, Err(SequenceError::NonFiniteOutput { step: 2 }), "parameter {index}");
    }
}

/// A rectified unit that grows a thousandfold at every step overflows in the end.
#[test]
fn what_was_written_before_an_overflow_stays() {
    let mut network = Network::<Elman<1, 1, Libm<f32>, 1, elman::cell::Relu>, Dense<1, 1>>::ZERO;
    network.cell.affine.w_ih = [[[1e30]]];
    network.cell.affine.w_hh = [[[1e3]]];
    network.readout.w = [[1.0]];
    let mut predictions = [[7.0]; 5];
    let error = SequenceError::NonFiniteOutput { step: 3 };
    assert_eq!(network.predict_each(&[[1.0], [0.0], [0.0], [0.0], [0.0]], &mut predictions), Err(error));
    assert!(predictions[..3].iter().all(|[x]| (1e30..=1.1e36).contains(x)), "{predictions:?}");
    assert_eq!(predictions[3..], [[7.0]; 2]);
}

#[test]
fn a_buffer_too_small_is_refused() {
    let network: Net<f32, 2, 3, 4> = drawn(1, 1.0);
    let mut predictions = [[7.0; 4]; 2];
    let error = SequenceError::TooLong { length: 3, capacity: 2 };
    assert_eq!(network.predict_each(&[[0.5, -0.5]; 3], &mut predictions), Err(error));
    assert_eq!(predictions, [[7.0; 4]; 2]);
    assert_eq!(network.predict_each(&[[0.5, -0.5]; 2], &mut predictions), Ok(2));
    assert_eq!(network.predict_each(&[[0.5, -0.5]], &mut []), Err(SequenceError::TooLong { length: 1, capacity: 0 }));
    assert_eq!(network.predict_each::<[f32; 2]>(&[], &mut []), Err(SequenceError::Empty));
}
