//! Character model of the lecture: reads h, e, l, l and writes e, l, l, o, starting from stored initial weights
//! of PyTorch.

use elman::trainer::Report;
use elman::{
    Adam, Class, Config, Dense, Each, Elman, Libm, Math, Network, Parameters, Token, Trainer, Workspace, Zero,
};
use host_tests::precision::tensors;
use host_tests::tolerance::{EXACT_TRAINING, level};
use host_tests::{Golden, Precision, assert_close};

/// Losses that the lecture prints.
const LOSSES: [&str; 10] = ["6.082", "5.008", "4.393", "4.155", "3.991", "3.697", "3.280", "2.864", "2.459", "2.020"];
/// Letters predicted before each update.
const PREDICTIONS: [&str; 10] = ["oeoe", "olol", "llll", "llll", "llll", "llll", "llll", "ello", "ello", "ello"];

/// Network with four letters, three units and PyTorch's two bias vectors.
type Net<T> = Network<Elman<4, 3, Libm<T>, 2>, Dense<3, 4, T>>;

/// Results of ten epochs: loss and predicted letters of each, and the trained network.
struct Lecture<T: Precision>
where
    Libm<T>: Math<Scalar = T>,
{
    losses: Vec<T>,
    predictions: Vec<String>,
    logits: Vec<T>,
    network: Net<T>,
}

fn lecture<T: Precision>(file: &Golden) -> Lecture<T>
where
    Libm<T>: Math<Scalar = T>,
{
    let mut network = Net::<T>::ZERO;
    file.weights("", &mut network);
    let mut workspace = Workspace::<Net<T>, Adam<T>, 4, 4>::ZERO;
    let adam = Adam::new(T::from_f64(file.number("hp_lr")));
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(adam)).unwrap();
    let (xs, targets) = (file.array("input.idx").tokens::<4>(), file.array("target").tokens::<4>());
    let (mut losses, mut predictions, mut logits) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..file.count("epochs") {
        let outputs = outputs(trainer.network().unwrap(), &xs);
        predictions.push(outputs.iter().map(|y| letter(file, y)).collect());
        logits.extend(outputs.into_iter().flatten());
        let Report { loss, .. } = trainer.update(&xs, Each(&targets)).unwrap();
        losses.push(loss);
    }
    Lecture { losses, predictions, logits, network }
}

fn outputs<T: Precision>(network: &Net<T>, xs: &[Token<4>]) -> Vec<[T; 4]>
where
    Libm<T>: Math<Scalar = T>,
{
    let mut state = [T::ZERO; 3];
    xs.iter().map(|x| network.step(&mut state, x)).collect()
}

/// Returns the letter with the largest logit.
fn letter<T: Precision>(file: &Golden, logits: &[T; 4]) -> char {
    let best = Class::<4>::all().max_by(|a, b| logits[a.index()].partial_cmp(&logits[b.index()]).unwrap());
    file.text("vocab").chars().nth(best.unwrap().index()).unwrap()
}

fn printed<T: Precision>(losses: &[T]) -> Vec<String> {
    losses.iter().map(|loss| format!("{:.3}", loss.to_f64())).collect()
}

#[test]
fn f32_prints_the_lecture() {
    let lecture = lecture::<f32>(&Golden::load("hello_toy"));
    assert_eq!(printed(&lecture.losses), LOSSES);
    assert_eq!(lecture.predictions, PREDICTIONS);
}

#[test]
fn f64_prints_the_lecture() {
    let lecture = lecture::<f64>(&Golden::load("hello_toy"));
    assert_eq!(printed(&lecture.losses), LOSSES);
    assert_eq!(lecture.predictions, PREDICTIONS);
}

#[test]
fn f64_is_pytorch() {
    let file = Golden::load("hello_toy");
    let lecture = lecture::<f64>(&file);
    assert_close("losses", &lecture.losses, &file.array("f64/losses").values, EXACT_TRAINING);
    assert_close("logits", &lecture.logits, &file.array("f64/logits").values, EXACT_TRAINING);
    assert_final(&file, &lecture.network);
}

#[test]
fn f32_is_pytorch() {
    let file = Golden::load("hello_toy");
    let lecture = lecture::<f32>(&file);
    assert_close("losses", &lecture.losses, &file.array("f32/losses").values, level::<f32>().training);
    assert_final(&file, &lecture.network);
}

fn assert_final<T: Precision>(file: &Golden, network: &Net<T>)
where
    Libm<T>: Math<Scalar = T>,
{
    let mut want = Net::<T>::ZERO;
    file.weights(&format!("{}final/", T::PREFIX), &mut want);
    for ((path, found), (_, want)) in tensors(network).iter().zip(tensors(&want)) {
        assert_close(&path.to_string(), found, &want, level::<T>().weights);
    }
}

/// Counts parameters for one bias vector as in the lecture: d·n + d² + k·d + d + k, with n inputs, d units, k
/// classes.
fn count<const N: usize, const D: usize, const K: usize>() -> (usize, usize) {
    (<Network<Elman<N, D>, Dense<D, K>> as Parameters>::COUNT, D * N + D * D + K * D + D + K)
}

#[test]
fn parameters_are_counted_as_in_the_lecture() {
    assert_eq!(count::<4, 3, 4>(), (40, 40));
    assert_eq!(count::<1, 1, 1>(), (5, 5));
    for (counted, formula) in [count::<3, 5, 4>(), count::<17, 1, 2>(), count::<1, 33, 7>(), count::<65, 100, 65>()] {
        assert_eq!(counted, formula);
    }
}

#[test]
fn the_walk_visits_as_many_as_are_counted() {
    let mut visited = 0;
    tensors(&Network::<Elman<3, 5>, Dense<5, 4>>::ZERO).iter().for_each(|(_, numbers)| visited += numbers.len());
    assert_eq!(visited, count::<3, 5, 4>().0);
}
