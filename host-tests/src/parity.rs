//! A network against one golden case: every output, the loss, every gradient, from the lower level and from the trainer.

use crate::precision::{tensors, weight_bits};
use crate::replay::ReplayOf;
use crate::tolerance::level;
use crate::{Golden, Precision, Tolerance, assert_close, replay};
use elman::cell::LstmState;
use elman::dense::LearnedReadout;
use elman::layer::{Ends, Sequential};
use elman::math::Scalar;
use elman::stacked::Pair;
use elman::target::Final;
use elman::{
    Config, CrossEntropy, Each, Embedding, Last, Layer, Math, Network, Parameters, Part, Sgd, Stacked, Token, Trainer,
    Workspace, Zero,
};
use std::collections::BTreeMap;

/// The longest case.
const LONGEST: usize = 64;

/// A state with reference values in a file. The parts of layers are ordered layer by layer, the lowest first.
pub trait Stored: Copy + PartialEq + std::fmt::Debug {
    /// The number type.
    type Scalar: Precision;
    /// The name PyTorch gives each part, and its numbers.
    fn parts(&mut self) -> Vec<(&'static str, &mut [Self::Scalar])>;
}

impl<T: Precision, const H: usize> Stored for [T; H] {
    type Scalar = T;
    fn parts(&mut self) -> Vec<(&'static str, &mut [T])> {
        vec![("h", self)]
    }
}

impl<T: Precision, const H: usize> Stored for LstmState<T, H> {
    type Scalar = T;
    fn parts(&mut self) -> Vec<(&'static str, &mut [T])> {
        vec![("h", &mut self.h), ("c", &mut self.c)]
    }
}

impl<F, B, Y> Stored for Ends<F, B, Y>
where
    F: Stored,
    B: Stored<Scalar = F::Scalar>,
    Y: Copy + PartialEq + std::fmt::Debug,
{
    type Scalar = F::Scalar;
    fn parts(&mut self) -> Vec<(&'static str, &mut [F::Scalar])> {
        self.forward.parts().into_iter().chain(self.backward.parts()).collect()
    }
}

impl<A: Stored, B: Stored<Scalar = A::Scalar>> Stored for Pair<A, B> {
    type Scalar = A::Scalar;
    fn parts(&mut self) -> Vec<(&'static str, &mut [A::Scalar])> {
        self.lower.parts().into_iter().chain(self.upper.parts()).collect()
    }
}

/// A layer whose states and weights can be compared with a file's.
pub trait Compared<T: Precision>:
    Sequential<Scalar = T, State: Stored<Scalar = T>, Output: Flat<T>> + Parameters<Gradient = Self> + Zero
{
}
impl<C, T: Precision> Compared<T> for C where
    C: Sequential<Scalar = T, State: Stored<Scalar = T>, Output: Flat<T>> + Parameters<Gradient = Self> + Zero
{
}

/// An output in PyTorch's order: one direction after the other.
pub trait Flat<T> {
    /// All its numbers.
    fn flat(&self) -> &[T];
}

impl<T, const H: usize> Flat<T> for [T; H] {
    fn flat(&self) -> &[T] {
        self
    }
}

impl<T: Precision, const H: usize> Flat<T> for [[T; H]; 2] {
    fn flat(&self) -> &[T] {
        self.as_flattened()
    }
}

/// Panics unless `checked` are the stored cases of `kind` with a single layer in one direction.
pub fn assert_complete<'a>(kind: &str, checked: impl Iterator<Item = &'a str>) {
    let alone = |case: &Golden| case.count("num_layers") == 1 && case.text("bidirectional") == "false";
    let single = |case: &Golden| alone(case) && case.text("input") != "embedding";
    assert_complete_of(|case| case.name().starts_with(kind) && single(case), checked);
}

/// Panics unless `checked` are the stored cases that `belong`.
pub fn assert_complete_of<'a>(belong: impl Fn(&Golden) -> bool, checked: impl Iterator<Item = &'a str>) {
    let mut stored: Vec<String> = std::fs::read_dir(crate::golden::directory())
        .unwrap()
        .filter_map(|file| Some(file.unwrap().path().file_stem()?.to_str()?.to_string()))
        .filter(|name| ["rnn_", "gru_", "lstm_"].iter().any(|kind| name.starts_with(kind)))
        .filter(|name| belong(&Golden::load(name)))
        .collect();
    let mut checked: Vec<&str> = checked.collect();
    stored.sort();
    checked.sort_unstable();
    assert_eq!(stored, checked);
}

/// The largest differences found, as fractions of the larger of 1 and the tensor's largest value.
#[derive(Clone, Copy, Debug)]
pub struct Difference {
    values: f64,
    gradients: f64,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "values {:.1e}, gradients {:.1e}", self.values, self.gradients)
    }
}

/// A case with every form of input it has; one-hot inputs are given as tokens and as vectors, which must agree bit for bit.
pub fn check<C, R, T: Precision, const I: usize, const K: usize>(case: &Golden) -> Difference
where
    C: Compared<T> + Layer<[T; I], InputGradient = [T; I]> + Layer<Token<I>>,
    R: LearnedReadout<C::Output, Output = [T; K], Scalar = T> + Parameters<Gradient = R> + Zero,
{
    let mut worst = Worst::new(case);
    if case.text("input") == "dense" {
        let found = run::<C, R, _, T, K>(&mut worst, &case.array("input.x").rows());
        worst.gradient("grad/input.x", found.inputs.as_flattened());
        return worst.found;
    }
    assert_eq!(case.text("input"), "onehot");
    let tokens = case.array("input.idx").tokens::<I>();
    let vectors: Vec<[T; I]> = tokens.iter().map(|&token| one_hot::<T, I>(token)).collect();
    let with_tokens = run::<C, R, _, T, K>(&mut worst, &tokens);
    let with_vectors = run::<C, R, _, T, K>(&mut worst, &vectors);
    worst.gradient("grad/input.x", with_vectors.inputs.as_flattened());
    assert_eq!(weight_bits(&*with_tokens.gradient), weight_bits(&*with_vectors.gradient), "{}", case.name());
    worst.found
}

/// A layer over an embedding.
pub type Embedded<C, const V: usize, const E: usize> = Stacked<Embedding<V, E, <C as Part>::Math>, C>;

/// A case with an embedding of `V` symbols below the cell; the gradient of the vectors it reads is that of the cell alone.
pub fn check_embedded<C, R, T, const V: usize, const E: usize, const K: usize>(case: &Golden) -> Difference
where
    T: Precision,
    C: Compared<T> + Layer<[T; E], InputGradient = [T; E]>,
    Embedded<C, V, E>: Compared<T, State = Pair<[T; E], C::State>, Output = C::Output> + Layer<Token<V>>,
    C::Math: Math<Scalar = T>,
    R: LearnedReadout<C::Output, Output = [T; K], Scalar = T> + Parameters<Gradient = R> + Zero,
{
    assert_eq!(case.text("input"), "embedding");
    let tokens = case.array("input.idx").tokens::<V>();
    let table = case.array("emb.weight").rows::<T, E>();
    let vectors: Vec<[T; E]> = tokens.iter().map(|token| table[token.index()]).collect();
    let mut worst = Worst::new(case);
    let alone = run::<C, R, _, T, K>(&mut worst, &vectors);
    worst.gradient("grad/input.x", alone.inputs.as_flattened());
    worst.embedded = true;
    let embedded = run::<Embedded<C, V, E>, R, _, T, K>(&mut worst, &tokens);
    assert_eq!(weight_bits(&embedded.gradient.cell.upper), weight_bits(&alone.gradient.cell), "{}", case.name());
    assert_eq!(embedded.start.lower, [T::ZERO; E], "an embedding forgets");
    worst.found
}

fn one_hot<T: Precision, const V: usize>(token: Token<V>) -> [T; V] {
    let mut x = [T::ZERO; V];
    x[token.index()] = T::ONE;
    x
}

/// One form of input: everything but the gradient of the input itself is compared here.
fn run<C, R, X, T: Precision, const K: usize>(worst: &mut Worst<'_>, xs: &[X]) -> ReplayOf<C, R, X>
where
    C: Compared<T> + Layer<X>,
    R: LearnedReadout<C::Output, Output = [T; K], Scalar = T> + Parameters<Gradient = R> + Zero,
{
    let case = worst.case;
    let mut network = Network::<C, R>::ZERO;
    case.weights("", &mut network);
    let start = worst.start::<C::State>();
    let classes = case.array("target").tokens::<K>();
    let mut found = match case.text("readout") {
        "per_step" => replay(&network, &start, xs, (&CrossEntropy, &Each(&classes), T::ONE)),
        "last_step" => replay(&network, &start, xs, (&CrossEntropy, &Last(classes[0]), T::ONE)),
        "h_n_concat" => replay(&network, &start, xs, (&CrossEntropy, &Final(classes[0]), T::ONE)),
        readout => panic!("{readout}"),
    };
    let outputs: Vec<T> = found.features.iter().flat_map(|feature| feature.flat()).copied().collect();
    worst.value("output", &outputs, level::<T>().forward);
    for (part, numbers) in worst.layers(&mut found.end) {
        worst.value(&format!("{part}_n"), &numbers, level::<T>().forward);
    }
    let logits = match case.text("readout") {
        "per_step" => found.outputs.concat(),
        "last_step" => found.outputs.last().unwrap().to_vec(),
        _ => found.last.to_vec(),
    };
    worst.value("logits", &logits, level::<T>().forward);
    worst.value("loss", &[found.loss], level::<T>().loss);
    for (part, numbers) in worst.layers(&mut found.start) {
        worst.gradient(&format!("grad/input.{part}0"), &numbers);
    }
    worst.weight_gradients(&*found.gradient);
    let loss = trainer_loss::<C, R, X, T, K>(case, &mut network, start, xs);
    assert_eq!(loss.bits(), found.loss.bits(), "{}: the trainer's loss", case.name());
    found
}

/// The loss of the same window from the trainer, with the targets as a user gives them.
fn trainer_loss<C, R, X, T: Precision, const K: usize>(
    case: &Golden,
    network: &mut Network<C, R>,
    mut state: C::State,
    xs: &[X],
) -> T
where
    C: Compared<T> + Layer<X>,
    R: LearnedReadout<C::Output, Output = [T; K], Scalar = T> + Parameters<Gradient = R> + Zero,
{
    let mut workspace = Box::new(Workspace::<_, _, LONGEST, LONGEST>::ZERO);
    let config = Config::new(Sgd { rate: T::ONE });
    let mut trainer = Trainer::new(network, &mut workspace, config).unwrap();
    let classes = case.array("target").tokens();
    match case.text("readout") {
        "per_step" => trainer.accumulate(&mut state, xs, Each(&classes)).unwrap(),
        "last_step" => trainer.accumulate(&mut state, xs, Last(classes[0])).unwrap(),
        _ => trainer.accumulate(&mut state, xs, Final(classes[0])).unwrap(),
    }
}

/// A case, and the largest differences from it: of values, of gradients.
struct Worst<'a> {
    case: &'a Golden,
    found: Difference,
    /// Set if the lowest part of a state is an embedding's present vector, which PyTorch does not count as state.
    embedded: bool,
}

impl<'a> Worst<'a> {
    const fn new(case: &'a Golden) -> Self {
        Self { case, found: Difference { values: 0.0, gradients: 0.0 }, embedded: false }
    }

    /// The parts of a state that the file has.
    fn parts<'s, S: Stored>(&self, state: &'s mut S) -> Vec<(&'static str, &'s mut [S::Scalar])> {
        state.parts().into_iter().skip(usize::from(self.embedded)).collect()
    }

    /// Each part in the order of the file: one row per layer, the lowest first.
    fn layers<S: Stored>(&self, state: &mut S) -> BTreeMap<&'static str, Vec<S::Scalar>> {
        let mut layers = BTreeMap::<_, Vec<_>>::new();
        for (part, numbers) in self.parts(state) {
            layers.entry(part).or_default().extend_from_slice(numbers);
        }
        layers
    }

    /// The state before the first step; zero where the file has none.
    fn start<S: Stored + Zero>(&self) -> S {
        let mut state = S::ZERO;
        let mut read = BTreeMap::<_, usize>::new();
        for (part, numbers) in self.parts(&mut state) {
            let Some(array) = self.case.find(&format!("input.{part}0")) else {
                assert_eq!(self.case.text("h0"), "zero");
                continue;
            };
            let read = read.entry(part).or_default();
            numbers.iter_mut().zip(&array.values[*read..]).for_each(|(x, &value)| *x = S::Scalar::from_f64(value));
            *read += numbers.len();
        }
        for (part, read) in read {
            assert_eq!(self.case.array(&format!("input.{part}0")).values.len(), read);
        }
        state
    }

    /// `found` is the file's tensor of the same number type.
    fn value<T: Precision>(&mut self, name: &str, found: &[T], tolerance: Tolerance) {
        let name = format!("{}{name}", T::PREFIX);
        let worst = self.compare(&name, found, &self.case.array(&name).values, tolerance);
        self.found.values = self.found.values.max(worst);
    }

    fn gradient<T: Precision>(&mut self, name: &str, found: &[T]) {
        let name = format!("{}{name}", T::PREFIX);
        let worst = self.compare(&name, found, &self.case.array(&name).values, level::<T>().gradient);
        self.found.gradients = self.found.gradients.max(worst);
    }

    /// The gradient of every tensor, by its name.
    fn weight_gradients<N>(&mut self, found: &N)
    where
        N: Parameters<Gradient = N, Scalar: Precision> + Zero,
    {
        let mut want = Box::new(N::ZERO);
        self.case.gradient(&format!("{}grad/", N::Scalar::PREFIX), &mut *want);
        for ((path, found), (_, want)) in tensors(found).iter().zip(tensors(&*want)) {
            let what = format!("{}gradient of {path}", N::Scalar::PREFIX);
            let worst = self.compare(&what, found, &want, level::<N::Scalar>().gradient);
            self.found.gradients = self.found.gradients.max(worst);
        }
    }

    fn compare<T: Precision>(&self, name: &str, found: &[T], want: &[f64], tolerance: Tolerance) -> f64 {
        assert_close(&format!("{}, {name}", self.case.name()), found, want, tolerance);
        let largest = want.iter().fold(1.0, |most: f64, x| most.max(x.abs()));
        let apart = found.iter().zip(want).map(|(found, want)| (found.to_f64() - want).abs());
        apart.fold(0.0, f64::max) / largest
    }
}
