//! Probability of a text by the chain rule, and the loss of a sequence without training.

use elman::loss::{Loss, WeightedCrossEntropy};
use elman::target::Targets;
use elman::vocabulary::Encode;
use elman::{
    Class, Config, CrossEntropy, Dense, Each, Elman, Last, Libm, Masked, Math, Network, SequenceError, Sgd,
    SquaredError, Token, TrainError, Trainer, Vocabulary, Workspace, Zero,
};
use host_tests::plain::{drawn, outputs, softmax};
use host_tests::precision::bits;
use host_tests::tolerance::level;
use host_tests::{Noise, Precision, assert_close};

type Net<T, const I: usize, const H: usize, const K: usize> = Network<Elman<I, H, Libm<T>>, Dense<H, K, T>>;

/// Checks the score against Σ ln p of the next token after each prefix, with p from `probabilities`.
fn follows_the_chain_rule<T: Precision, const V: usize, const H: usize>(seed: u64)
where
    Libm<T>: Math<Scalar = T>,
{
    let network: Net<T, V, H, V> = drawn(seed, 3.0);
    for length in [2, 3, 8, 30] {
        let tokens = Noise(seed + 1).classes::<V>(length);
        let terms = (1..length).map(|n| {
            let next = network.probabilities(&tokens[..n]).unwrap()[tokens[n].index()];
            next.to_f64().ln()
        });
        let sum: f64 = terms.sum();
        assert_close("ln P", &[network.log_probability(&tokens).unwrap()], &[sum], level::<T>().loss);
        let perplexity = (-sum / (length - 1) as f64).exp();
        assert_close("perplexity", &[network.perplexity(&tokens).unwrap()], &[perplexity], level::<T>().loss);
    }
}

#[test]
fn f32_follows_the_chain_rule() {
    follows_the_chain_rule::<f32, 5, 7>(1);
    follows_the_chain_rule::<f32, 2, 1>(2);
    follows_the_chain_rule::<f32, 1, 3>(3);
}

#[test]
fn f64_follows_the_chain_rule() {
    follows_the_chain_rule::<f64, 5, 7>(1);
    follows_the_chain_rule::<f64, 2, 1>(2);
    follows_the_chain_rule::<f64, 1, 3>(3);
}

fn guess<T: Precision, const V: usize>()
where
    Libm<T>: Math<Scalar = T>,
{
    let network = Net::<T, V, 3, V>::ZERO;
    for length in [2, 3, 100] {
        let perplexity = network.perplexity(&Noise(4).classes(length)).unwrap();
        assert_close("perplexity of a guess", &[perplexity], &[V as f64], level::<T>().loss);
    }
}

#[test]
fn a_network_that_guesses_has_its_alphabet_as_perplexity() {
    guess::<f32, 1>();
    guess::<f32, 2>();
    guess::<f32, 27>();
    guess::<f64, 27>();
}

/// A plain f32 sum of 200,000 terms would have an error of 1e-4 or more.
#[test]
fn a_long_text_loses_no_digits() {
    let network = Net::<f32, 3, 2, 3>::ZERO;
    let tokens = Noise(5).classes(200_001);
    let sum = -200_000.0 * 3_f64.ln();
    assert_close("ln P", &[network.log_probability(&tokens).unwrap()], &[sum], level::<f32>().loss);
}

#[test]
fn nothing_to_predict_is_refused() {
    let network: Net<f32, 4, 3, 4> = drawn(1, 1.0);
    for length in [0, 1] {
        let tokens = Noise(6).classes(length);
        let error = SequenceError::TooShort { length, needed: 2 };
        assert_eq!(network.log_probability(&tokens), Err(error));
        assert_eq!(network.perplexity(&tokens), Err(error));
    }
}

#[test]
fn outputs_that_are_not_finite_are_refused() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut network: Net<f32, 4, 3, 4> = drawn(1, 1.0);
        network.readout.b[3] = bad;
        let tokens = Noise(6).classes(5);
        assert_eq!(network.log_probability(&tokens), Err(SequenceError::NonFiniteOutput { step: 0 }));
        assert_eq!(network.perplexity(&tokens), Err(SequenceError::NonFiniteOutput { step: 0 }));
    }
}

/// Returns −Σ ln p of the targets, computed from the outputs at each step.
fn cross_entropy<T: Precision, const K: usize>(outputs: &[[T; K]], targets: &impl Targets<Class<K>>) -> f64 {
    let each = outputs.iter().enumerate().filter_map(|(step, y)| {
        let target = targets.at(step, outputs.len())?;
        Some(-softmax(y)[target.index()].ln())
    });
    each.sum()
}

fn evaluates<T: Precision>()
where
    Libm<T>: Math<Scalar = T>,
{
    let network: Net<T, 3, 5, 4> = drawn(7, 3.0);
    for length in [1, 2, 13] {
        let (xs, classes) = (Noise(8).vectors::<T, 3>(length), Noise(9).classes::<4>(length));
        let each = outputs(&network, &xs);
        let close = |what, loss: T, want| assert_close(what, &[loss], &[want], level::<T>().loss);
        let loss = network.evaluate(&CrossEntropy, &xs, Each(&classes)).unwrap();
        close("each", loss, cross_entropy(&each, &Each(&classes)));
        let loss = network.evaluate(&CrossEntropy, &xs, Last(classes[0])).unwrap();
        close("last", loss, cross_entropy(&each, &Last(classes[0])));
        let some: Vec<_> = classes.iter().enumerate().map(|(i, &class)| (i % 3 == 0).then_some(class)).collect();
        let loss = network.evaluate(&CrossEntropy, &xs, Masked(&some)).unwrap();
        close("some", loss, cross_entropy(&each, &Masked(&some)));
        let values = Noise(10).vectors::<T, 4>(length);
        let squares = each.as_flattened().iter().zip(values.as_flattened());
        let squares: f64 = squares.map(|(y, t)| (y.to_f64() - t.to_f64()).powi(2)).sum();
        close("squares", network.evaluate(&SquaredError, &xs, Each(&values)).unwrap(), squares);
        let weights = [1.0, 0.25, 3.0, 0.5].map(T::from_f32);
        let weighted: f64 = (0..length)
            .map(|t| weights[classes[t].index()].to_f64() * -softmax(&each[t])[classes[t].index()].ln())
            .sum();
        let loss = network.evaluate(&WeightedCrossEntropy { weights }, &xs, Each(&classes)).unwrap();
        close("weighted", loss, weighted);
    }
}

#[test]
fn f32_is_evaluated_as_its_outputs_say() {
    evaluates::<f32>();
}

#[test]
fn f64_is_evaluated_as_its_outputs_say() {
    evaluates::<f64>();
}

#[test]
fn an_update_reports_what_an_evaluation_finds() {
    let mut network: Net<f32, 3, 5, 4> = drawn(7, 3.0);
    let (xs, classes) = (Noise(8).vectors::<f32, 3>(13), Noise(9).classes::<4>(13));
    let each = network.evaluate(&CrossEntropy, &xs, Each(&classes)).unwrap();
    let mut workspace = Workspace::<Net<f32, 3, 5, 4>, Sgd, 13, 13>::ZERO;
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Sgd { rate: 0.01 })).unwrap();
    let summed = trainer.accumulate(&mut [0.0; 5], &xs, Each(&classes)).unwrap();
    assert_close("the same terms in another order", &[summed], &[each.into()], level::<f32>().loss);
    trainer.apply().unwrap();
    let before = trainer.network().unwrap().evaluate(&CrossEntropy, &xs, Last(classes[12])).unwrap();
    let report = trainer.update(&xs, Last(classes[12])).unwrap();
    assert_eq!(bits(&[report.loss]), bits(&[before]), "one target, no sum to round");
    let after = network.evaluate(&CrossEntropy, &xs, Last(classes[12])).unwrap();
    assert!(after < before, "{after} after learning, {before} before");
}

#[test]
fn windows_of_a_stream_add_up() {
    let network: Net<f64, 3, 5, 4> = drawn(7, 3.0);
    let (xs, classes) = (Noise(8).vectors::<f64, 3>(20), Noise(9).classes::<4>(20));
    let (mut whole, mut parts) = ([0.0; 5], [0.0; 5]);
    let want = network.evaluate_from(&mut whole, &CrossEntropy, &xs, Each(&classes)).unwrap();
    let windows = xs.chunks(7).zip(classes.chunks(7));
    let sum: f64 =
        windows.map(|(xs, classes)| network.evaluate_from(&mut parts, &CrossEntropy, xs, Each(classes)).unwrap()).sum();
    assert_close("loss", &[sum], &[want], level::<f64>().loss);
    assert_eq!(bits(&parts), bits(&whole), "the state goes on");
    assert_ne!(bits(&parts), bits(&[0.0; 5]));
}

/// Returns the error, and checks that the state is unchanged.
fn refusal<L: Loss<Libm<f32>, [f32; 4]>>(
    network: &Net<f32, 3, 5, 4>,
    loss: &L,
    xs: &[[f32; 3]],
    targets: impl Targets<L::Target>,
) -> Option<TrainError> {
    let mut state = [0.5; 5];
    let error = network.evaluate_from(&mut state, loss, xs, targets).err();
    assert_eq!(state, [0.5; 5], "the state is as before");
    error
}

#[test]
fn what_cannot_be_evaluated_is_refused() {
    let network: Net<f32, 3, 5, 4> = drawn(7, 1.0);
    let (xs, class) = (Noise(8).vectors::<f32, 3>(4), Class::<4>::default());
    let refused = |xs: &[[f32; 3]], targets: &[Class<4>]| refusal(&network, &CrossEntropy, xs, Each(targets));
    assert_eq!(refused(&[], &[]), Some(SequenceError::Empty.into()));
    assert_eq!(refused(&xs, &[class; 3]), Some(TrainError::TargetCount { targets: 3, steps: 4 }));
    let mut values = [[0.0; 4]; 4];
    values[2][1] = f32::NAN;
    assert_eq!(refusal(&network, &SquaredError, &xs, Each(&values)), Some(TrainError::NonFiniteTarget { step: 2 }));
    let mut bad = xs.clone();
    bad[3][0] = f32::INFINITY;
    assert_eq!(refused(&bad, &[class; 4]), Some(SequenceError::NonFiniteInput { step: 3 }.into()));
    let none = WeightedCrossEntropy { weights: [0.0, 1.0, 1.0, 1.0] };
    assert_eq!(refusal(&network, &none, &xs, Last(class)), Some(TrainError::NoTarget));
}

#[test]
fn a_loss_that_is_not_finite_is_refused() {
    let mut network: Net<f32, 3, 5, 4> = drawn(7, 1.0);
    network.readout.b[1] = f32::NAN;
    let xs = Noise(8).vectors::<f32, 3>(4);
    assert_eq!(refusal(&network, &CrossEntropy, &xs, Last(Class::default())), Some(TrainError::NonFiniteLoss));
}

/// A network of zeros has a perplexity of 16, the number of tokens, for sentences of any length.
#[test]
fn sentences_of_unequal_length_are_comparable() {
    let mut vocabulary = Vocabulary::<16, 64>::new();
    vocabulary.insert_words("the tea is not bad").unwrap();
    let how = Encode { sos: true, eos: true, ..Encode::PLAIN };
    let guess = Net::<f32, 16, 3, 16>::ZERO;
    for text in ["", "tea", "the tea is not bad"] {
        let tokens = vocabulary.encode_words::<8>(text, how).unwrap();
        let tokens: &[Token<16>] = &tokens;
        assert_close("perplexity", &[guess.perplexity(tokens).unwrap()], &[16.0], level::<f32>().loss);
    }
}
