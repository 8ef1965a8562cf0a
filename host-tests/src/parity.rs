//! Comparison of a network with one golden case: outputs, loss and gradients from the lower level, and the trainer's
//! loss.

use crate::precision::weight_bits;
use crate::replay::{LONGEST, ReplayOf, replay_towards};
use crate::stored::Stored;
use crate::tolerance::level;
use crate::{Golden, Precision};
use aims::Aims;
use elman::dense::LearnedReadout;
use elman::layer::Sequential;
use elman::stacked::Pair;
use elman::{Config, Embedding, Layer, Math, Network, Parameters, Part, Sgd, Stacked, Token, Trainer, Workspace, Zero};
use worst::Worst;

mod aims;
mod worst;

pub use worst::Difference;

/// Layer whose states and weights can be compared with those of a file.
pub trait Compared<T: Precision>:
    Sequential<Scalar = T, State: Stored<Scalar = T>, Output: Flat<T>> + Parameters<Gradient = Self> + Zero
{
}
impl<C, T: Precision> Compared<T> for C where
    C: Sequential<Scalar = T, State: Stored<Scalar = T>, Output: Flat<T>> + Parameters<Gradient = Self> + Zero
{
}

/// Output in PyTorch's order: one direction after the other.
pub trait Flat<T> {
    /// Returns all values.
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

/// Panics unless `checked` contains exactly the stored cases of `kind` with a single layer in one direction.
pub fn assert_complete<'a>(kind: &str, checked: impl Iterator<Item = &'a str>) {
    let alone = |case: &Golden| case.count("num_layers") == 1 && case.text("bidirectional") == "false";
    let single = |case: &Golden| alone(case) && case.text("input") != "embedding";
    assert_complete_of(|case| case.name().starts_with(kind) && single(case), checked);
}

/// Panics unless `checked` contains exactly the stored cases for which `belong` returns `true`.
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

/// Checks a case whose inputs are vectors.
pub fn check<C, R, T: Precision, const I: usize, const K: usize>(case: &Golden) -> Difference
where
    C: Compared<T> + Layer<[T; I], InputGradient = [T; I]>,
    R: LearnedReadout<C::Output, Output = [T; K], Scalar = T> + Parameters<Gradient = R> + Zero,
{
    check_vectors::<C, R, T, I, K, false>(case)
}

/// Same as [`check`], but for a case with a target at the ends of both directions.
pub fn check_at_the_ends<C, R, T: Precision, const I: usize, const K: usize>(case: &Golden) -> Difference
where
    C: Compared<T> + Layer<[T; I], InputGradient = [T; I]>,
    R: LearnedReadout<C::Output, Output = [T; K], Scalar = T> + Parameters<Gradient = R> + Zero,
{
    check_vectors::<C, R, T, I, K, true>(case)
}

fn check_vectors<C, R, T: Precision, const I: usize, const K: usize, const ENDS: bool>(case: &Golden) -> Difference
where
    C: Compared<T> + Layer<[T; I], InputGradient = [T; I]>,
    R: LearnedReadout<C::Output, Output = [T; K], Scalar = T> + Parameters<Gradient = R> + Zero,
{
    assert_eq!(case.text("input"), "dense");
    let mut worst = Worst::new(case);
    let found = run::<C, R, _, T, K, ENDS>(&mut worst, &case.array("input.x").rows());
    worst.gradient("grad/input.x", found.inputs.as_flattened());
    worst.found
}

/// Checks a case with one-hot inputs, given as tokens and as vectors; the weight gradients of both must have the same
/// bits.
pub fn check_one_hot<C, R, T: Precision, const I: usize, const K: usize>(case: &Golden) -> Difference
where
    C: Compared<T> + Layer<[T; I], InputGradient = [T; I]> + Layer<Token<I>>,
    R: LearnedReadout<C::Output, Output = [T; K], Scalar = T> + Parameters<Gradient = R> + Zero,
{
    assert_eq!(case.text("input"), "onehot");
    let mut worst = Worst::new(case);
    let tokens = case.array("input.idx").tokens::<I>();
    let vectors: Vec<[T; I]> = tokens.iter().map(|&token| one_hot::<T, I>(token)).collect();
    let with_tokens = run::<C, R, _, T, K, false>(&mut worst, &tokens);
    let with_vectors = run::<C, R, _, T, K, false>(&mut worst, &vectors);
    worst.gradient("grad/input.x", with_vectors.inputs.as_flattened());
    assert_eq!(weight_bits(&*with_tokens.gradient), weight_bits(&*with_vectors.gradient), "{}", case.name());
    worst.found
}

/// Layer over an embedding.
pub type Embedded<C, const V: usize, const E: usize> = Stacked<Embedding<V, E, <C as Part>::Math>, C>;

/// Checks a case with an embedding of `V` symbols below the cell. The gradient of the embedding vectors comes from
/// the cell alone.
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
    let alone = run::<C, R, _, T, K, false>(&mut worst, &vectors);
    worst.gradient("grad/input.x", alone.inputs.as_flattened());
    worst.embedded = true;
    let embedded = run::<Embedded<C, V, E>, R, _, T, K, false>(&mut worst, &tokens);
    assert_eq!(weight_bits(&embedded.gradient.cell.upper), weight_bits(&alone.gradient.cell), "{}", case.name());
    assert_eq!(embedded.start.lower, [T::ZERO; E], "an embedding forgets");
    worst.found
}

fn one_hot<T: Precision, const V: usize>(token: Token<V>) -> [T; V] {
    let mut x = [T::ZERO; V];
    x[token.index()] = T::ONE;
    x
}

/// Runs the network on one form of the inputs, and compares everything except the gradient of the inputs.
fn run<C, R, X, T: Precision, const K: usize, const ENDS: bool>(worst: &mut Worst<'_>, xs: &[X]) -> ReplayOf<C, R, X>
where
    C: Compared<T> + Layer<X>,
    R: LearnedReadout<C::Output, Output = [T; K], Scalar = T> + Parameters<Gradient = R> + Zero,
{
    let case = worst.case;
    let mut network = Network::<C, R>::ZERO;
    case.weights("", &mut network);
    let (start, aims) = (worst.start::<C::State>(), Aims::<K, ENDS>::of(case));
    let mut found = replay_towards(&network, &start, xs, &*aims.goal());
    let outputs: Vec<T> = found.features.iter().flat_map(|feature| feature.flat()).copied().collect();
    worst.value("output", &outputs, level::<T>().forward);
    worst.logits(&found.outputs, &found.last);
    for (part, numbers) in worst.layers(&mut found.end) {
        worst.value(&format!("{part}_n"), &numbers, level::<T>().forward);
    }
    worst.value("loss", &[found.loss], level::<T>().loss);
    for (part, numbers) in worst.layers(&mut found.start) {
        worst.gradient(&format!("grad/input.{part}0"), &numbers);
    }
    worst.weight_gradients(&*found.gradient);
    let loss = trainer_loss(&mut network, start, xs, &aims);
    assert_eq!(loss.bits(), found.loss.bits(), "{}: the trainer's loss", case.name());
    found
}

/// Returns the trainer's loss for the same window.
fn trainer_loss<C, R, X, T: Precision, const K: usize, const ENDS: bool>(
    network: &mut Network<C, R>,
    mut state: C::State,
    xs: &[X],
    aims: &Aims<K, ENDS>,
) -> T
where
    C: Compared<T> + Layer<X>,
    R: LearnedReadout<C::Output, Output = [T; K], Scalar = T> + Parameters<Gradient = R> + Zero,
{
    let mut workspace = Box::new(Workspace::<_, _, LONGEST, LONGEST>::ZERO);
    let config = Config::new(Sgd { rate: T::ONE });
    Trainer::new(network, &mut workspace, config).unwrap().accumulate(&mut state, xs, aims).unwrap()
}
