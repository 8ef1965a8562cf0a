//! N-gram models, networks and mixtures of both as language models, and their properties.

mod min_char_rnn;
mod ngrams;
mod text;

use elman::{Dense, Elman, Gru, Libm, Network, Random, Sampler, Token, Xoshiro128, Zero, init};
use elman_trainer::language::{Counts, LanguageModel, Mixture, Ngrams, Smoothing};

fn tokens<const V: usize>(indices: &[usize]) -> Vec<Token<V>> {
    indices.iter().map(|&index| Token::new(index).unwrap()).collect()
}

fn counted<const V: usize>(order: usize, text: &[usize]) -> Counts<V> {
    let mut counts = Counts::new(order);
    counts.add(&[], &tokens(text));
    counts
}

/// Draws a text in which some tokens often follow others, and some only once.
fn drawn<const V: usize>(length: usize) -> Vec<usize> {
    let mut rng = Xoshiro128::from_seed(7);
    let mut last = 0;
    let next = |_| {
        last = if rng.below(3) == 0 { rng.below(V as u32 - 1) as usize } else { (last * 2 + 1) % (V - 1) };
        last
    };
    (0..length).map(next).collect()
}

/// Returns all histories of up to `length` tokens.
fn histories<const V: usize>(length: usize) -> Vec<Vec<Token<V>>> {
    let mut all = vec![Vec::new()];
    let mut start = 0;
    for _ in 0..length {
        let end = all.len();
        for at in start..end {
            let longer = Token::all().map(|token| all[at].iter().copied().chain([token]).collect());
            let longer: Vec<Vec<_>> = longer.collect();
            all.extend(longer);
        }
        start = end;
    }
    all
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * b.abs().max(1.0)
}

#[test]
fn suggestions_are_the_most_probable_in_order() {
    let counts = counted::<4>(1, &[2, 2, 2, 1, 0]);
    let model = Ngrams::new(&counts, 1, Smoothing::AddK(1.0)).unwrap();
    let order = |k, allowed: fn(Token<4>) -> bool| {
        let suggested = model.suggest(&model.start(), k, allowed);
        suggested.into_iter().map(|(token, _)| token.index()).collect::<Vec<_>>()
    };
    assert_eq!(order(3, |_| true), [2, 0, 1], "of equal ones the first");
    assert_eq!(order(9, |_| true), [2, 0, 1, 3]);
    assert_eq!(order(2, |token| token.index() != 2), [0, 1]);
    assert_eq!(order(0, |_| true), [0; 0]);
}

#[test]
fn texts_are_drawn_as_the_model_says() {
    let counts = counted::<3>(2, &[0, 1, 0, 1, 0, 1, 0, 2]);
    let model = Ngrams::new(&counts, 2, Smoothing::WittenBell).unwrap();
    let start = model.after(&tokens(&[1]));
    let draw = |seed| {
        let sampler = Sampler::temperature(1.0).unwrap();
        model.generate_after(start, sampler, Xoshiro128::from_seed(seed)).take(20_000).collect::<Vec<_>>()
    };
    let text = draw(1);
    assert!(text == draw(1) && text != draw(2));
    let mut recounted = Counts::<3>::new(2);
    recounted.add(&tokens(&[1]), &text);
    let again = Ngrams::new(&recounted, 2, Smoothing::AddK(1e-9)).unwrap();
    for history in histories::<3>(1).split_off(1) {
        let [drawn, told] = [again.distribution(&again.after(&history)), model.distribution(&model.after(&history))];
        assert!(drawn.iter().zip(told).all(|(drawn, told)| (drawn - told).abs() < 0.02), "{drawn:?} {told:?}");
    }
}

type Exact = Network<Gru<6, 7, Libm<f64>>, Dense<7, 6, f64>>;

fn network() -> Exact {
    let mut network = Exact::ZERO;
    init::uniform_fan::<Libm<f64>, _>(&mut network, &mut Xoshiro128::from_seed(3));
    network
}

#[test]
fn a_network_is_a_language_model() {
    let network = network();
    let text = tokens::<6>(&[5, 0, 2, 2, 4, 1]);
    for length in 0..text.len() {
        let probabilities = network.distribution(&network.after(&text[..length]));
        assert!(near(probabilities.iter().sum(), 1.0));
    }
    let given = network.log_probability_after(&text[..1], &text[1..]);
    assert!(near(given, network.log_probability(&text).unwrap()));
    assert!(near(network.perplexity_after(&text[..1], &text[1..]), network.perplexity(&text).unwrap()));
    let joint = network.log_probability_after(&[], &text);
    let first = network.probability(&network.start(), text[0]).ln();
    assert!(near(joint, first + given));
}

#[test]
fn an_untrained_network_guesses() {
    let network = Network::<Elman<9, 4>, Dense<4, 9>>::ZERO;
    let text = tokens::<9>(&[1, 8, 0]);
    assert!(near(network.perplexity_after(&[], &text), 9.0));
}

#[test]
fn logits_of_any_size_give_probabilities_and_nan_stays() {
    let mut network = network();
    network.readout.b = [1e300, -1e300, 0.0, 1e300, -700.0, 5.0];
    let probabilities = network.distribution(&network.start());
    assert!(near(probabilities[0], 0.5) && near(probabilities.iter().sum(), 1.0));
    network.readout.b[2] = f64::NAN;
    assert!(network.distribution(&network.start()).iter().all(|p| p.is_nan()));
    assert!(network.perplexity_after(&[], &tokens::<6>(&[1, 2])).is_nan());
}

#[test]
fn a_mixture_lies_between_its_models() {
    let counts = counted::<6>(2, &drawn::<6>(50));
    let (ngrams, network) = (Ngrams::new(&counts, 2, Smoothing::WittenBell).unwrap(), network());
    let text = tokens::<6>(&[1, 3]);
    for (given, share) in [(0.25, 0.25), (0.0, 0.0), (7.0, 1.0)] {
        let mixture = Mixture::new(&network, &ngrams, given);
        let state = mixture.after(&text);
        let [mixed, a, b] = [
            mixture.distribution(&state),
            network.distribution(&network.after(&text)),
            ngrams.distribution(&ngrams.after(&text)),
        ];
        for (token, ((mixed, a), b)) in Token::all().zip(mixed.iter().zip(a).zip(b)) {
            assert!(near(*mixed, share * a + (1.0 - share) * b));
            assert!(near(mixture.probability(&state, token), *mixed));
        }
    }
}
