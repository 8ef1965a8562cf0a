//! Windows in the two halves of a circular buffer are read in place, and give the same bits as a window in one
//! piece.

use elman::bptt::{Sweep, Window};
use elman::dense::LearnedReadout;
use elman::inputs::{Halves, Inputs};
use elman::layer::Place;
use elman::{Bidirectional, Class, CrossEntropy, Dense, Gru, Layer, Libm, Lstm, Network, Parameters, Stacked, Zero};
use host_tests::Noise;
use host_tests::plain::drawn;
use host_tests::precision::{bits, weight_bits};
use host_tests::stored::Stored;

const STEPS: usize = 7;

type Net<C, const H: usize> = Network<C, Dense<H, 4>>;

/// `Halves` returns the same steps and ranges of steps as the undivided slice.
#[test]
fn halves_are_the_slice() {
    let xs: [u32; STEPS] = std::array::from_fn(|t| t as u32);
    for steps in 0..=STEPS {
        let xs = &xs[..steps];
        for split in 0..=steps {
            let halves = Halves(&xs[..split], &xs[split..]);
            assert_eq!((halves.len(), halves.is_empty()), (steps, xs.is_empty()));
            assert!((0..steps).all(|t| halves.at(t) == Some(&xs[t])));
            assert_eq!((halves.at(steps), halves.at(usize::MAX)), (None, None));
            for start in 0..=steps {
                for end in start..=steps {
                    assert!(halves.range(start..end).eq(&xs[start..end]), "{start}..{end} split at {split}");
                    assert!(halves.range(start..end).rev().eq(xs[start..end].iter().rev()));
                }
            }
        }
    }
}

/// Returns loss, gradients, final state, and weights after one step of gradient descent, for a tape of `P` segments
/// of `T` steps.
fn passed<C, const H: usize, const T: usize, const P: usize>(
    network: &Net<C, H>,
    xs: &(impl Inputs<[f32; 3]> + ?Sized),
    classes: &[Class<4>],
) -> Vec<Vec<u64>>
where
    C: Layer<[f32; 3], Scalar = f32, Math = Libm<f32>, InputGradient = [f32; 3], State: Stored<Scalar = f32>> + Clone,
    Dense<H, 4>: LearnedReadout<C::Output, Scalar = f32, Output = [f32; 4]>,
{
    let mut window = Box::new(Window::<Net<C, H>, T, T, P>::ZERO);
    let units = Window::<Net<C, H>, T, T, P>::units::<[f32; 3]>();
    let (mut state, mut sweep, mut inputs) = (C::State::ZERO, Sweep::ZERO, vec![[0.0; 3]; xs.len()]);
    let mut gradient = Box::new(<Net<C, H> as Parameters>::Gradient::ZERO);
    let mut lower = network.clone();
    window.restart(&C::State::ZERO);
    (0..C::PASSES * xs.len()).for_each(|visit| window.forward(network, &mut state, visit, xs).unwrap());
    loop {
        let held = window.held();
        let steps = if C::PASSES == 1 { held.clone() } else { 0..xs.len() };
        for t in steps.clone().rev() {
            window.score(network, Place::Step(t), (&CrossEntropy, &classes[t], 1.0), &mut sweep);
        }
        held.clone().rev().for_each(|visit| window.back(network, visit, xs, &mut sweep));
        steps.for_each(|t| inputs[t] = window.input_gradient::<[f32; 3]>(network, t));
        for unit in 0..units {
            window.accumulate(&mut gradient, unit, 1.0, xs);
            window.descend(&mut lower, unit, -0.1, xs);
        }
        let Some(earlier) = held.start.checked_sub(T) else { break };
        (earlier..held.start).for_each(|visit| window.repeat(network, visit, xs));
    }
    let numbers = |mut state: C::State| state.parts().into_iter().flat_map(|(_, numbers)| bits(numbers)).collect();
    vec![
        bits(&[sweep.loss, sweep.bound]),
        weight_bits(&*gradient),
        bits(inputs.as_flattened()),
        numbers(sweep.state),
        numbers(state),
        weight_bits(&lower),
    ]
}

/// Panics unless two halves give the same bits as the whole slice, for every length up to `STEPS` and every split.
fn split_anywhere<C, const H: usize, const T: usize, const P: usize>(seed: u64)
where
    C: Layer<[f32; 3], Scalar = f32, Math = Libm<f32>, InputGradient = [f32; 3], State: Stored<Scalar = f32>>,
    C: Clone + Zero,
    Dense<H, 4>: LearnedReadout<C::Output, Scalar = f32, Output = [f32; 4]>,
{
    let (network, mut noise) = (drawn::<Net<C, H>>(seed, 1.5), Noise(seed));
    let (xs, classes) = (noise.vectors::<f32, 3>(STEPS), noise.classes::<4>(STEPS));
    for steps in 1..=STEPS {
        let (xs, classes) = (&xs[..steps], &classes[..steps]);
        let whole = passed::<C, H, T, P>(&network, xs, classes);
        assert!(whole[1].iter().any(|&g| g != 0));
        for split in 0..=steps {
            let halves = Halves(&xs[..split], &xs[split..]);
            assert_eq!(passed::<C, H, T, P>(&network, &halves, classes), whole, "{steps} steps split at {split}");
        }
    }
}

#[test]
fn a_window_in_two_halves_is_the_window() {
    split_anywhere::<Gru<3, 5>, 5, STEPS, 1>(1);
    split_anywhere::<Stacked<Lstm<3, 4>, Gru<4, 5>>, 5, STEPS, 1>(2);
    split_anywhere::<Bidirectional<Gru<3, 4>>, 8, STEPS, 1>(3);
    split_anywhere::<Stacked<Bidirectional<Gru<3, 4>>, Lstm<8, 5>>, 5, STEPS, 1>(4);
    split_anywhere::<Stacked<Gru<3, 4>, Stacked<Bidirectional<Lstm<4, 3>>, Gru<6, 5>>>, 5, STEPS, 1>(5);
}

#[test]
fn a_checkpointed_window_in_two_halves_is_the_window() {
    split_anywhere::<Gru<3, 5>, 5, 3, 3>(6);
    split_anywhere::<Stacked<Lstm<3, 4>, Gru<4, 5>>, 5, 3, 3>(7);
    split_anywhere::<Stacked<Lstm<3, 4>, Stacked<Gru<4, 3>, Gru<3, 5>>>, 5, 2, 4>(8);
}
