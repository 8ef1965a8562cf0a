//! Updates in fixed point: the same bits again, whole or in slices; each optimizer of products follows f64; too
//! small a step changes nothing; and nothing is learned from what saturated.

use elman::cell::Relu;
use elman::error::{SequenceError, TrainError};
use elman::math::{Fixed, Scalar};
use elman::optim::{InPlaceSgd, Momentum, Optimizer};
use elman::{
    Class, Clip, Config, Dense, Each, Elman, Gru, Last, Layer, Libm, Lstm, Math, Network, Parameters, Sgd,
    SquaredError, Trainer, Workspace, Zero,
};
use host_tests::plain::drawn;
use host_tests::precision::{tensors, weight_bits};
use host_tests::{Noise, Precision, in_slices};

type Q = Fixed<20>;
type Net<M> = Network<Gru<3, 5, M>, Dense<5, 4, <M as Math>::Scalar>>;

/// Losses and weights after ten updates over windows of seven steps, for any number type, tape and optimizer.
fn learned<M: Math<Scalar: Precision>, O: Optimizer<Scalar = M::Scalar>, const T: usize, const P: usize>(
    optimizer: O,
    sliced: bool,
) -> (Vec<f64>, Net<M>) {
    let (mut noise, mut network) = (Noise(12), drawn::<Net<M>>(11, 1.5));
    let mut workspace = Box::new(Workspace::<_, O, T, T, P>::ZERO);
    let clip = if O::KEEPS_GRADIENT { Clip::Norm(M::Scalar::ONE) } else { Clip::None };
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config { clip, ..Config::new(optimizer) }).unwrap();
    let losses = (0..10).map(|_| {
        let (xs, classes): (Vec<[M::Scalar; 3]>, Vec<Class<4>>) = (noise.vectors(7), noise.classes(7));
        let mut state = [M::Scalar::ZERO; 5];
        let report = if sliced {
            in_slices(&mut trainer, &mut state, &xs[..], Each(&classes)).unwrap()
        } else {
            trainer.update_from(&mut state, &xs, Each(&classes)).unwrap()
        };
        report.loss.to_f64()
    });
    (losses.collect(), network)
}

/// Returns the largest difference of a loss or a weight, in units of the last place.
fn apart<A: Parameters<Scalar: Precision>, B: Parameters<Scalar: Precision>>(
    a: &(Vec<f64>, A),
    b: &(Vec<f64>, B),
) -> f64 {
    let all = |losses: &[f64], weights: Vec<(String, Vec<f64>)>| -> Vec<f64> {
        losses.iter().copied().chain(weights.into_iter().flat_map(|(_, w)| w)).collect()
    };
    let pairs = all(&a.0, tensors(&a.1)).into_iter().zip(all(&b.0, tensors(&b.1)));
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / Q::UNIT.unwrap()
}

/// Ten updates differ from those in f64 by at most this many units of the last place; what is found is up to 9.4.
const UPDATES: f64 = 20.0;

#[test]
fn updates_follow_f64() {
    fn check<A: Optimizer<Scalar = f64>, B: Optimizer<Scalar = Q>>(exact: A, fixed: B) {
        let found = learned::<Q, B, 7, 1>(fixed, false);
        let units = apart(&found, &learned::<Libm<f64>, A, 7, 1>(exact, false));
        println!("{}: {units:.1} units", std::any::type_name::<B>());
        assert!(units <= UPDATES, "{units}");
        let again = learned::<Q, B, 7, 1>(fixed, true);
        assert_eq!((again.0, weight_bits(&again.1)), (found.0, weight_bits(&found.1)), "in slices");
    }
    check(Sgd { rate: 0.1 }, Sgd { rate: Q::of(0.1) });
    check(InPlaceSgd { rate: 0.1 }, InPlaceSgd { rate: Q::of(0.1) });
    check(Momentum { rate: 0.1, momentum: 0.9 }, Momentum { rate: Q::of(0.1), momentum: Q::of(0.9) });
}

#[test]
fn a_checkpointed_tape_differs_in_the_last_bits_alone() {
    let rate = Sgd { rate: Q::of(0.1) };
    let whole = learned::<Q, _, 7, 1>(rate, false);
    for parts in [learned::<Q, _, 3, 3>(rate, false), learned::<Q, _, 1, 7>(rate, false)] {
        assert!(apart(&parts, &whole) <= UPDATES, "{}", apart(&parts, &whole));
    }
    let sliced = learned::<Q, _, 3, 3>(rate, true);
    assert_eq!(weight_bits(&sliced.1), weight_bits(&learned::<Q, _, 3, 3>(rate, false).1));
}

#[test]
fn a_state_begun_anew_gives_the_same_bits() {
    let network = drawn::<Network<Lstm<3, 5, Q>, Dense<5, 2, Q>>>(3, 2.0);
    let xs: Vec<[Q; 3]> = Noise(4).vectors(40);
    let first = network.predict(&xs).unwrap();
    network.predict(&[[Q::of(2000.0); 3]; 9]).unwrap();
    assert_eq!(network.predict(&xs).unwrap(), first);
}

/// Makes one update of a network with one weight from 0 to a target of 1/2; returns the weight's change in units.
fn change(rate: Q, gradient: Q) -> i32 {
    let mut network = Network::<Elman<1, 1, Q>, Dense<1, 1, Q>>::ZERO;
    let mut workspace = Workspace::<_, Sgd<Q>, 1>::ZERO;
    let config = Config::new(Sgd { rate }).with_loss(SquaredError);
    let target = [gradient / Q::of(-2.0)];
    Trainer::new(&mut network, &mut workspace, config).unwrap().update(&[[Q::ONE]], Last(target)).unwrap();
    -network.readout.b[0].units()
}

/// The figures of the documentation.
#[test]
fn a_step_below_half_of_the_last_bit_changes_nothing() {
    let rate = Q::of(0.01);
    assert_eq!([4.5e-5, 5.2e-5].map(|gradient| change(rate, Q::of(gradient))), [0, 1]);
    assert_eq!([3.9e-6, 5.3e-6].map(|rate| change(Q::of(rate), Q::of(0.1))), [0, 1]);
}

/// The error of an update, which must leave the weights as they were and the trainer fit for use.
fn refused<
    C: Layer<[Q; 1], Scalar = Q, Output = [Q; 1]> + Parameters<Gradient = C> + Zero,
    O: Optimizer<Scalar = Q>,
>(
    mut network: Network<C, Dense<1, 1, Q>>,
    optimizer: O,
    (x, target): (f64, f64),
) -> TrainError {
    let (before, mut workspace) = (weight_bits(&network), Workspace::<_, O, 30>::ZERO);
    let config = Config::new(optimizer).with_loss(SquaredError);
    let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
    let error = trainer.update(&[[Q::of(x)]; 30], Last([Q::of(target)])).unwrap_err();
    assert_eq!(weight_bits(trainer.network().unwrap()), before);
    trainer.update(&[[Q::ZERO]; 2], Last([Q::ZERO])).unwrap();
    error
}

fn relu(w: f64) -> Network<Elman<1, 1, Q, 1, Relu>, Dense<1, 1, Q>> {
    let mut network = drawn::<Network<Elman<1, 1, Q, 1, Relu>, Dense<1, 1, Q>>>(1, 0.0);
    network.cell.affine.w_ih = [[[Q::ONE]]];
    network.cell.affine.w_hh = [[[Q::of(w)]]];
    network.readout.w = [[Q::ONE]];
    network
}

#[test]
fn nothing_is_learned_from_what_saturated() {
    let rate = Sgd { rate: Q::of(0.01) };
    // 1 + 2 + 4 + ...: out of the range after eleven steps.
    let far = relu(2.0);
    assert_eq!(far.predict(&[[Q::ONE]; 10]).unwrap(), [Q::of(1023.0)]);
    assert!(matches!(far.predict(&[[Q::ONE]; 30]), Err(SequenceError::NonFiniteOutput { .. })));
    assert_eq!(refused(far.clone(), rate, (1.0, 0.0)), TrainError::NonFiniteLoss);
    assert_eq!(refused(far, InPlaceSgd { rate: rate.rate }, (1.0, 0.0)), TrainError::NonFiniteLoss);
    // The state stays small, and its gradient grows.
    let mut steep = relu(1.9);
    steep.readout.w = [[Q::of(0.01)]];
    assert_eq!(refused(steep.clone(), rate, (1e-6, -9.0)), TrainError::NonFiniteGradient);
    assert_eq!(refused(steep, InPlaceSgd { rate: rate.rate }, (1e-6, -9.0)), TrainError::NonFiniteGradient);
    assert_eq!(refused(relu(0.5), rate, (1.0, 60.0)), TrainError::NonFiniteLoss);
    let huge = Q::of(2000.0);
    assert_eq!(refused(relu(0.5), Sgd { rate: huge }, (1.0, 9.0)), TrainError::NonFiniteWeight);
    assert_eq!(refused(relu(0.5), InPlaceSgd { rate: huge }, (1.0, 9.0)), TrainError::NonFiniteWeight);
    for lost in [f64::NAN, f64::INFINITY, -5000.0] {
        let step = TrainError::Sequence(SequenceError::NonFiniteInput { step: 0 });
        assert_eq!(refused(relu(0.5), rate, (lost, 0.0)), step);
        assert_eq!(refused(relu(0.5), rate, (1.0, lost)), TrainError::NonFiniteTarget { step: 29 });
    }
}

/// Updates of networks of numbers of every size, from inputs of every size, do not overflow and leave weights finite.
#[test]
fn numbers_of_every_size_neither_overflow_nor_leave_a_weight_saturated() {
    type Net = Network<Lstm<2, 3, Q>, Dense<3, 2, Q>>;
    let mut noise = Noise(77);
    let mut any = |most: u32| Q::from_units((noise.bits() as i32) >> (32 - most + noise.bits() as u32 % most));
    let mut done = 0;
    for case in 0..2000 {
        let most = 20 + case % 13;
        let mut network = Net::ZERO;
        host_tests::walk::change(&mut network, &mut |_, numbers| numbers.fill_with(|| any(most)));
        if elman::parameters::check_finite(&network).is_err() {
            continue;
        }
        let mut workspace = Workspace::<Net, Sgd<Q>, 5>::ZERO;
        let config =
            Config { clip: Clip::Norm(Q::ONE), ..Config::new(Sgd { rate: any(most).abs() + Q::from_units(1) }) };
        let Ok(mut trainer) = Trainer::new(&mut network, &mut workspace, config) else { continue };
        let xs: [[Q; 2]; 5] = std::array::from_fn(|_| [any(most), any(most)]);
        done += usize::from(trainer.update(&xs, Last(Class::new(1).unwrap())).is_ok());
        elman::parameters::check_finite(&network).unwrap();
    }
    assert!(done > 500, "{done} updates succeeded");
}
