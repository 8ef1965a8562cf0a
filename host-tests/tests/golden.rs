//! The Elman cell agrees with PyTorch: every output, the loss, and the gradient of every weight, bias, input and first
//! state, in f64 and f32.

use elman::cell::Activation;
use elman::{
    Class, Config, CrossEntropy, Dense, Each, Elman, Input, Last, Libm, Masked, Math, Network, Parameters, Relu,
    Scalar, Sgd, Tanh, Token, Trainer, Workspace, Zero,
};
use host_tests::precision::{tensors, weight_bits};
use host_tests::replay::ReplayOf;
use host_tests::tolerance::level;
use host_tests::{Golden, Precision, Tolerance, assert_close, replay};

/// One case: its name, and its check with the shape written out.
type Case = (&'static str, fn(&Golden));

/// Every case: inputs, units, classes, bias vectors, non-linearity.
const CASES: [Case; 6] = [
    ("rnn_tanh_i1h1t1_lab", check::<1, 1, 2, 2, Tanh>),
    ("rnn_tanh_i3h5t7_h0_lab", check::<3, 5, 4, 2, Tanh>),
    ("rnn_tanh_i5h17t40_cls", check::<5, 17, 7, 2, Tanh>),
    ("rnn_tanh_i7h7t15_onehot_h0_lab", check::<7, 7, 7, 2, Tanh>),
    ("rnn_relu_i3h7t12_lab", check::<3, 7, 4, 2, Relu>),
    ("rnn_relu_i7h3t5_h0_cls", check::<7, 3, 4, 2, Relu>),
];

#[test]
fn every_elman_case_agrees_with_pytorch() {
    for (name, check) in CASES {
        check(&Golden::load(name));
    }
}

#[test]
fn every_elman_case_is_checked() {
    let mut stored: Vec<String> = std::fs::read_dir(host_tests::golden::directory())
        .unwrap()
        .filter_map(|file| Some(file.unwrap().path().file_stem()?.to_str()?.to_string()))
        .filter(|name| name.starts_with("rnn_"))
        .map(|name| Golden::load(&name))
        .filter(|case| case.count("num_layers") == 1 && case.text("bidirectional") == "false")
        .map(|case| case.name().to_string())
        .collect();
    let mut checked: Vec<String> = CASES.iter().map(|(name, _)| name.to_string()).collect();
    stored.sort();
    checked.sort();
    assert_eq!(stored, checked);
}

/// The longest case.
const LONGEST: usize = 64;

type Net<const I: usize, const H: usize, const K: usize, M, const B: usize, A> =
    Network<Elman<I, H, M, B, A>, Dense<H, K, <M as Math>::Scalar>>;

/// A case in both number types, with every form of input it has.
fn check<const I: usize, const H: usize, const K: usize, const B: usize, A: Activation>(case: &Golden) {
    in_both::<I, H, K, B, A>(case);
    if B == 2 {
        // One bias vector, the sum of both, computes the same and has the gradient of either.
        in_both::<I, H, K, 1, A>(case);
    }
}

fn in_both<const I: usize, const H: usize, const K: usize, const B: usize, A: Activation>(case: &Golden) {
    with_inputs::<I, H, K, Libm<f64>, B, A>(case);
    with_inputs::<I, H, K, Libm<f32>, B, A>(case);
}

/// A case in one number type. One-hot inputs are given as tokens and as vectors, which must agree bit for bit.
fn with_inputs<const I: usize, const H: usize, const K: usize, M: Math, const B: usize, A: Activation>(case: &Golden)
where
    M::Scalar: Precision,
{
    if case.text("input") == "dense" {
        let found = run::<_, I, H, K, M, B, A>(case, &case.array("input.x").rows::<M::Scalar, I>());
        return assert_input_gradient(case, &found.inputs);
    }
    assert_eq!(case.text("input"), "onehot");
    let tokens = case.array("input.idx").tokens::<I>();
    let vectors: Vec<[M::Scalar; I]> = tokens.iter().map(|&token| one_hot(token)).collect();
    let with_tokens = run::<_, I, H, K, M, B, A>(case, &tokens);
    let with_vectors = run::<_, I, H, K, M, B, A>(case, &vectors);
    assert_input_gradient(case, &with_vectors.inputs);
    assert_eq!(weight_bits(&*with_tokens.gradient), weight_bits(&*with_vectors.gradient), "{}", case.name());
}

fn one_hot<T: Precision, const V: usize>(token: Token<V>) -> [T; V] {
    let mut x = [T::ZERO; V];
    x[token.index()] = T::ONE;
    x
}

/// One form of input: everything but the gradient of the input itself is compared here.
fn run<X, const I: usize, const H: usize, const K: usize, M: Math, const B: usize, A: Activation>(
    case: &Golden,
    xs: &[X],
) -> ReplayOf<Elman<I, H, M, B, A>, Dense<H, K, M::Scalar>, X>
where
    M::Scalar: Precision,
    X: Input<M::Scalar, I>,
{
    let level = level::<M::Scalar>();
    let mut network = Net::<I, H, K, M, B, A>::ZERO;
    case.weights("", &mut network);
    let start = case.find("input.h0").map_or([M::Scalar::ZERO; H], |h0| h0.rows()[0]);
    let found = replay(&network, &start, xs, (&CrossEntropy, &Masked(&labels::<K>(case)), M::Scalar::ONE));
    assert_forward(case, &found.states, &found.outputs);
    assert_reference(case, "loss", &[found.loss], level.loss);
    assert_gradients::<Net<I, H, K, M, B, A>>(case, &found.gradient);
    assert_reference(case, "grad/input.h0", &found.start, level.gradient);
    let loss = trainer_loss(case, &mut network, (start, xs));
    assert_eq!(loss.bits(), found.loss.bits(), "{}: the trainer's loss", case.name());
    found
}

/// The loss of the same window from the trainer, with the targets as a user gives them.
fn trainer_loss<X, const I: usize, const H: usize, const K: usize, M: Math, const B: usize, A: Activation>(
    case: &Golden,
    network: &mut Net<I, H, K, M, B, A>,
    (mut state, xs): ([M::Scalar; H], &[X]),
) -> M::Scalar
where
    X: Input<M::Scalar, I>,
{
    let mut workspace = Workspace::<_, _, LONGEST, LONGEST>::ZERO;
    let config = Config::new(Sgd { rate: M::Scalar::ONE });
    let mut trainer = Trainer::new(network, &mut workspace, config).unwrap();
    let classes = case.array("target").tokens();
    match case.text("task") {
        "labeling" => trainer.accumulate(&mut state, xs, Each(&classes)).unwrap(),
        "classification" => trainer.accumulate(&mut state, xs, Last(classes[0])).unwrap(),
        task => panic!("{task}"),
    }
}

/// The target of each step: of all of them, or of the last.
fn labels<const K: usize>(case: &Golden) -> Vec<Option<Class<K>>> {
    let classes = case.array("target").tokens();
    let without = case.count("seq_len") - classes.len();
    std::iter::repeat_n(None, without).chain(classes.into_iter().map(Some)).collect()
}

/// States of all steps, the last state, and the logits of the steps that have a target.
fn assert_forward<T: Precision, const H: usize, const K: usize>(case: &Golden, states: &[[T; H]], logits: &[[T; K]]) {
    let bound = level::<T>().forward;
    let scored = logits.len() - case.array("target").values.len();
    assert_reference(case, "output", states.as_flattened(), bound);
    assert_reference(case, "h_n", states.last().unwrap(), bound);
    assert_reference(case, "logits", logits[scored..].as_flattened(), bound);
}

/// The gradient of every tensor, by its name.
fn assert_gradients<N>(case: &Golden, found: &N)
where
    N: Parameters<Gradient = N, Scalar: Precision> + Zero,
{
    let mut want = Box::new(N::ZERO);
    case.gradient(&format!("{}grad/", N::Scalar::PREFIX), &mut *want);
    for ((path, found), (_, want)) in tensors(found).iter().zip(tensors(&*want)) {
        let what = format!("{}, gradient of {path}", case.name());
        assert_close(&what, found, &want, level::<N::Scalar>().gradient);
    }
}

fn assert_input_gradient<T: Precision, const I: usize>(case: &Golden, found: &[[T; I]]) {
    assert_reference(case, "grad/input.x", found.as_flattened(), level::<T>().gradient);
}

/// `found` is the file's tensor of the same number type.
fn assert_reference<T: Precision>(case: &Golden, name: &str, found: &[T], tolerance: Tolerance) {
    let want = &case.array(&format!("{}{name}", T::PREFIX)).values;
    assert_close(&format!("{}, {}{name}", case.name(), T::PREFIX), found, want, tolerance);
}
