//! Twenty updates of each optimizer, with each kind of clipping, agree with PyTorch's: losses, gradient norms and
//! weights. In-place SGD agrees with SGD.

use elman::math::Scalar;
use elman::optim::{Adagrad, AdamW, InPlaceSgd, Momentum, Optimizer, RmsProp};
use elman::{
    Adam, Clip, Config, Dense, Each, Elman, Libm, Math, Network, Parameters, Sgd, Token, Trainer, Workspace, Zero,
};
use host_tests::precision::tensors;
use host_tests::tolerance::{REORDERED, level};
use host_tests::{Golden, Noise, Precision, assert_close};

const STEPS: usize = 6;
const BATCH: usize = 4;
const UPDATES: usize = 20;

/// Network with 3 inputs, 5 units, 4 classes and both of PyTorch's bias vectors, each of which has updates and
/// moments of its own.
type Net<T> = Network<Elman<3, 5, Libm<T>, 2>, Dense<5, 4, T>>;

const OPTIMIZERS: [&str; 6] = ["sgd", "sgd_m0.9", "adagrad", "rmsprop", "adam", "adamw"];
const CLIPS: [&str; 3] = ["none", "norm1", "value5"];

#[test]
fn every_trajectory_in_f64() {
    every_trajectory::<f64>();
}

#[test]
fn every_trajectory_in_f32() {
    every_trajectory::<f32>();
}

fn every_trajectory<T: Precision>()
where
    Libm<T>: Math<Scalar = T>,
{
    for (optimizer, clip) in OPTIMIZERS.iter().flat_map(|o| CLIPS.map(|clip| (o, clip))) {
        trajectory::<T>(&Golden::load(&format!("optim/{optimizer}_{clip}")), optimizer);
    }
}

/// Runs a case with its optimizer and the hyper-parameters from its metadata.
fn trajectory<T: Precision>(case: &Golden, optimizer: &str)
where
    Libm<T>: Math<Scalar = T>,
{
    let number = |key: &str| T::from_f64(case.number(key));
    let rate = number("hp_lr");
    let adam = || {
        let [beta1, beta2] = case.pair("hp_betas").map(T::from_f64);
        Adam { rate, beta1, beta2, epsilon: number("hp_eps") }
    };
    match optimizer {
        "sgd" => follow(case, Sgd { rate }),
        "sgd_m0.9" => follow(case, Momentum { rate, momentum: number("hp_momentum") }),
        "adagrad" => follow(case, Adagrad { rate, epsilon: number("hp_eps") }),
        "rmsprop" => follow(case, RmsProp { rate, alpha: number("hp_alpha"), epsilon: number("hp_eps") }),
        "adam" => follow(case, adam()),
        "adamw" => follow(case, AdamW { adam: adam(), weight_decay: number("hp_weight_decay") }),
        _ => panic!("{optimizer}"),
    }
}

fn clip<T: Scalar>(case: &Golden) -> Clip<T> {
    match case.text("clip") {
        "none" => Clip::None,
        "norm1" => Clip::Norm(T::from_f64(1.0)),
        "value5" => Clip::Value(T::from_f64(5.0)),
        clip => panic!("{clip}"),
    }
}

fn follow<T: Precision, O: Optimizer<Scalar = T>>(case: &Golden, optimizer: O)
where
    Libm<T>: Math<Scalar = T>,
{
    let mut network = Net::<T>::ZERO;
    case.weights("", &mut network);
    let mut workspace = Workspace::<Net<T>, O, STEPS, STEPS>::ZERO;
    let config = Config { clip: clip(case), ..Config::new(optimizer) };
    let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
    let batch = batch::<T>(case);
    let (mut losses, mut norms) = (Vec::new(), Vec::new());
    for update in 0..UPDATES {
        losses.push(accumulate(&mut trainer, &batch));
        norms.push(trainer.apply().unwrap().unwrap());
        if update == 0 {
            assert_weights(case, "after1/", trainer.network().unwrap());
        }
    }
    losses.push(accumulate(&mut trainer, &batch));
    assert_series(case, "losses", &losses);
    assert_series(case, "grad_norms", &norms);
    assert_weights(case, "final/", trainer.network().unwrap());
}

/// Sequence with its labels.
type Sequence<T> = (Vec<[T; 3]>, Vec<Token<4>>);

/// Returns the sequences of the batch, which the trainer reads one after another; the batch is the second
/// dimension in the file.
fn batch<T: Precision>(case: &Golden) -> [Sequence<T>; BATCH] {
    let (x, target) = (case.array("input.x"), case.array("target"));
    assert_eq!((x.shape.as_slice(), target.shape.as_slice()), (&[STEPS, BATCH, 3][..], &[STEPS, BATCH][..]));
    let x: Vec<[T; 3]> = x.values.as_chunks().0.iter().map(|x: &[f64; 3]| x.map(T::from_f64)).collect();
    let target: Vec<Token<4>> = target.values.iter().map(|&class| Token::new(class as usize).unwrap()).collect();
    std::array::from_fn(|sequence| {
        let at = |step| step * BATCH + sequence;
        ((0..STEPS).map(|step| x[at(step)]).collect(), (0..STEPS).map(|step| target[at(step)]).collect())
    })
}

/// Accumulates the gradients of the batch and returns its loss.
fn accumulate<T: Precision, O: Optimizer<Scalar = T>>(
    trainer: &mut Trainer<'_, Workspace<Net<T>, O, STEPS, STEPS>>,
    batch: &[Sequence<T>],
) -> T
where
    Libm<T>: Math<Scalar = T>,
{
    let mut total = T::ZERO;
    for (xs, classes) in batch {
        total += trainer.accumulate(&mut [T::ZERO; 5], xs, Each(classes)).unwrap();
    }
    total
}

fn assert_series<T: Precision>(case: &Golden, name: &str, found: &[T]) {
    let want = &case.array(&format!("{}{name}", T::PREFIX)).values;
    assert_close(&format!("{}, {}{name}", case.name(), T::PREFIX), found, want, level::<T>().training);
}

fn assert_weights<N: Parameters<Gradient = N, Scalar: Precision> + Zero>(case: &Golden, prefix: &str, found: &N) {
    let mut want = N::ZERO;
    case.weights(&format!("{}{prefix}", N::Scalar::PREFIX), &mut want);
    for ((path, found), (_, want)) in tensors(found).iter().zip(tensors(&want)) {
        let what = format!("{}, {}{prefix}{path}", case.name(), N::Scalar::PREFIX);
        assert_close(&what, found, &want, level::<N::Scalar>().weights);
    }
}

/// In-place SGD agrees with SGD, except for rounding, since it adds in another order.
#[test]
fn descent_in_place_is_descent() {
    type Exact = Net<f64>;
    let mut network = Exact::ZERO;
    Noise(31).fill(&mut network, 1.5);
    let mut in_place = network.clone();
    let (mut kept, mut none) = (Workspace::<_, Sgd<f64>, STEPS, STEPS>::ZERO, Workspace::<_, _, STEPS, STEPS>::ZERO);
    let mut noise = Noise(32);
    for _ in 0..20 {
        let (xs, classes) = (noise.vectors::<f64, 3>(STEPS), noise.classes::<4>(STEPS));
        let config = Config::new(Sgd { rate: 0.05 });
        let a = Trainer::new(&mut network, &mut kept, config).unwrap().update(&xs, Each(&classes)).unwrap();
        let config = Config::new(InPlaceSgd { rate: 0.05 });
        let b = Trainer::new(&mut in_place, &mut none, config).unwrap().update(&xs, Each(&classes)).unwrap();
        assert_close("loss", &[b.loss], &[a.loss], REORDERED);
        assert_eq!((a.gradient_norm.is_some(), b.gradient_norm), (true, None));
        for ((path, a), (_, b)) in tensors(&network).iter().zip(tensors(&in_place)) {
            assert_close(path, &b, a, REORDERED);
        }
    }
}
