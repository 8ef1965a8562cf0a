//! N-gram models and networks as language models: probabilities by hand, sums, what was never seen.

use elman::{Dense, Elman, Gru, Libm, Network, Random, Sampler, Token, Xoshiro128, Zero, init};
use elman_trainer::language::{Counts, History, LONGEST, LanguageModel, Mixture, NgramError, Ngrams, Smoothing};

const SMOOTHINGS: [Smoothing; 4] =
    [Smoothing::AddK(1.0), Smoothing::AddK(0.01), Smoothing::WittenBell, Smoothing::KneserNey];

fn tokens<const V: usize>(indices: &[usize]) -> Vec<Token<V>> {
    indices.iter().map(|&index| Token::new(index).unwrap()).collect()
}

fn counted<const V: usize>(order: usize, text: &[usize]) -> Counts<V> {
    let mut counts = Counts::new(order);
    counts.add(&[], &tokens(text));
    counts
}

/// A text in which some things follow others often, some once.
fn drawn<const V: usize>(length: usize) -> Vec<usize> {
    let mut rng = Xoshiro128::from_seed(7);
    let mut last = 0;
    let next = |_| {
        last = if rng.below(3) == 0 { rng.below(V as u32 - 1) as usize } else { (last * 2 + 1) % (V - 1) };
        last
    };
    (0..length).map(next).collect()
}

/// All histories of up to `length` tokens.
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
fn probabilities_sum_to_1_after_every_history() {
    const V: usize = 5;
    for length in [0, 1, 2, 3, 40, 400] {
        let counts = counted::<V>(5, &drawn::<V>(length));
        for order in 1..=5 {
            for smoothing in SMOOTHINGS {
                let model = Ngrams::new(&counts, order, smoothing).unwrap();
                for history in histories::<V>(5) {
                    let probabilities = model.distribution(&model.after(&history));
                    assert!(near(probabilities.iter().sum(), 1.0), "{model} after {history:?}, {length} tokens");
                    assert!(probabilities.iter().all(|&p| p > 0.0), "{model}: what was never seen has a probability");
                }
            }
        }
    }
}

#[test]
fn add_k_by_hand() {
    // a b a b a c, of an alphabet of 4.
    let counts = counted::<4>(3, &[0, 1, 0, 1, 0, 2]);
    let [a, b, c, d] = [0, 1, 2, 3].map(|index| Token::<4>::new(index).unwrap());
    let unigrams = Ngrams::new(&counts, 1, Smoothing::AddK(0.5)).unwrap();
    assert!(near(unigrams.probability(&unigrams.after(&[b]), a), 3.5 / 8.0), "a unigram knows no history");
    let bigrams = Ngrams::new(&counts, 2, Smoothing::AddK(1.0)).unwrap();
    assert!(near(bigrams.probability(&bigrams.after(&[a]), b), 3.0 / 7.0));
    assert!(near(bigrams.probability(&bigrams.after(&[a]), d), 1.0 / 7.0), "never seen");
    assert!(near(bigrams.probability(&bigrams.after(&[d]), a), 1.0 / 4.0), "nothing ever followed");
    assert!(near(bigrams.probability(&bigrams.start(), c), 2.0 / 10.0), "without a history as a unigram");
    let trigrams = Ngrams::new(&counts, 3, Smoothing::AddK(1.0)).unwrap();
    assert!(near(trigrams.probability(&trigrams.after(&[d, b, a]), b), 2.0 / 6.0), "only the last two count");
}

#[test]
fn witten_bell_by_hand() {
    // a b a b a c: after a: b twice, c once. Unigrams: a 3, b 2, c 1.
    let counts = counted::<4>(2, &[0, 1, 0, 1, 0, 2]);
    let [a, b, c, d] = [0, 1, 2, 3].map(|index| Token::<4>::new(index).unwrap());
    let bigrams = Ngrams::new(&counts, 2, Smoothing::WittenBell).unwrap();
    let unigram = |count: f64| (count + 3.0 / 4.0) / 9.0;
    let after = |history: Token<4>, token| bigrams.probability(&bigrams.after(&[history]), token);
    assert!(near(bigrams.probability(&bigrams.start(), a), unigram(3.0)));
    assert!(near(after(a, b), (2.0 + 2.0 * unigram(2.0)) / 5.0));
    assert!(near(after(a, d), 2.0 * unigram(0.0) / 5.0), "never seen");
    assert!(near(after(b, a), (2.0 + unigram(3.0)) / 3.0));
    assert!(near(after(c, a), unigram(3.0)), "nothing ever followed c");
}

#[test]
fn kneser_ney_by_hand() {
    // a b a b a c: too few counts for an estimate, so each discount is 0.5.
    let counts = counted::<4>(2, &[0, 1, 0, 1, 0, 2]);
    let [a, b, c, d] = [0, 1, 2, 3].map(|index| Token::<4>::new(index).unwrap());
    let bigrams = Ngrams::new(&counts, 2, Smoothing::KneserNey).unwrap();
    // a followed b and began the text, b and c followed a: continuations 2, 1 and 1 of 4.
    let unigram = |count: f64| ((count - 0.5).max(0.0) + 3.0 * 0.5 / 4.0) / 4.0;
    let after = |history: Token<4>, token| bigrams.probability(&bigrams.after(&[history]), token);
    assert!(near(bigrams.probability(&bigrams.start(), a), unigram(2.0)));
    assert!(near(after(a, b), (1.5 + unigram(1.0)) / 3.0));
    assert!(near(after(a, c), (0.5 + unigram(1.0)) / 3.0));
    assert!(near(after(a, d), unigram(0.0) / 3.0), "never seen");
    assert!(near(after(b, a), (1.5 + 0.5 * unigram(2.0)) / 2.0));
    assert!(near(after(d, b), unigram(1.0)), "nothing ever followed d");
}

#[test]
fn what_follows_one_word_only_is_improbable_after_others() {
    // "San Francisco" often, "the" after many words less often: Kneser–Ney knows the difference, Witten–Bell does not.
    let mut counts = Counts::<12>::new(2);
    (0..8).for_each(|_| counts.add(&[], &tokens(&[0, 1])));
    (2..8).for_each(|word| counts.add(&[], &tokens(&[word, 9])));
    let [francisco, the, unseen] = [1, 9, 11].map(|index| Token::<12>::new(index).unwrap());
    let after = |smoothing, token| {
        let model = Ngrams::new(&counts, 2, smoothing).unwrap();
        model.probability(&model.after(&[unseen]), token)
    };
    assert!(after(Smoothing::KneserNey, francisco) < after(Smoothing::KneserNey, the));
    assert!(after(Smoothing::WittenBell, francisco) > after(Smoothing::WittenBell, the));
}

#[test]
fn discounts_are_chen_and_goodmans() {
    // Unigrams by continuations, here those of texts of one token: n1 = 4, n2 = 2, n3 = 1, n4 = 1.
    let mut counts = Counts::<9>::new(1);
    for (token, times) in [1, 1, 1, 1, 2, 2, 3, 4].into_iter().enumerate() {
        (0..times).for_each(|_| counts.add(&[], &tokens(&[token])));
    }
    let unigrams = Ngrams::new(&counts, 1, Smoothing::KneserNey).unwrap();
    // Y = 4 / (4 + 2·2) = 1/2; D1 = 1 − 2 Y 2/4, D2 = 2 − 3 Y 1/2, D3 = 3 − 4 Y 1/1.
    let [d1, d2, d3] = [0.5, 1.25, 1.0];
    let freed = (4.0 * d1 + 2.0 * d2 + 2.0 * d3) / 15.0 / 9.0;
    let expected = [1.0 - d1, 2.0 - d2, 3.0 - d3, 4.0 - d3, 0.0].map(|kept| kept / 15.0 + freed);
    for (token, expected) in [0, 4, 6, 7, 8].into_iter().zip(expected) {
        let probability = unigrams.probability(&unigrams.start(), Token::new(token).unwrap());
        assert!(near(probability, expected), "{token}: {probability} {expected}");
    }
}

#[test]
fn given_tokens_are_read_and_not_counted() {
    let mut counts = Counts::<4>::new(3);
    let [sos, word, eos] = [0, 1, 2].map(|index| Token::<4>::new(index).unwrap());
    counts.add(&[sos], &[word, eos]);
    counts.add(&[sos], &[word, eos]);
    let unigrams = Ngrams::new(&counts, 1, Smoothing::AddK(1.0)).unwrap();
    assert!(near(unigrams.probability(&unigrams.start(), sos), 1.0 / 8.0));
    for smoothing in SMOOTHINGS {
        let model = Ngrams::new(&counts, 3, smoothing).unwrap();
        let first = model.distribution(&model.after(&[sos]));
        assert!(first[1] > 0.4 && first[0] < 0.2, "{model}: {first:?}");
    }
}

#[test]
fn an_order_longer_than_the_text_changes_nothing() {
    let text = tokens::<4>(&[0, 1, 2]);
    let counts = counted::<4>(8, &[0, 1, 2]);
    // After each history the text allows, the longer model has the same answer: it sees no more.
    for smoothing in [Smoothing::WittenBell, Smoothing::AddK(1.0)] {
        let [three, eight] = [3, 8].map(|order| Ngrams::new(&counts, order, smoothing).unwrap());
        assert_eq!(three.log_probability_after(&[], &text), eight.log_probability_after(&[], &text));
    }
    let mut whole = Counts::<4>::new(99);
    assert_eq!(whole.order(), LONGEST + 1);
    whole.add(&[], &text);
    let model = Ngrams::new(&whole, LONGEST + 1, Smoothing::KneserNey).unwrap();
    assert!(near(model.distribution(&model.after(&text)).iter().sum(), 1.0));
}

#[test]
fn joint_and_conditional_probabilities_agree() {
    let counts = counted::<5>(3, &drawn::<5>(60));
    let text = tokens::<5>(&[0, 1, 3, 4, 2]);
    let (given, rest) = text.split_at(2);
    for smoothing in SMOOTHINGS {
        let model = Ngrams::new(&counts, 3, smoothing).unwrap();
        let joint = model.log_probability_after(&[], &text);
        let chain = model.log_probability_after(&[], given) + model.log_probability_after(given, rest);
        assert!(near(joint, chain), "ln P(a, b) = ln P(a) + ln P(b | a)");
        assert!(near(model.perplexity_after(&[], &text), (-joint / 5.0).exp()));
        assert_eq!(model.log_probability_after(&text, &[]), 0.0);
        assert!(model.perplexity_after(&text, &[]).is_nan());
    }
}

#[test]
fn models_that_cannot_be_are_refused() {
    let counts = counted::<4>(3, &[0, 1, 2]);
    for order in [0, 4] {
        let refused = Ngrams::new(&counts, order, Smoothing::KneserNey).unwrap_err();
        assert_eq!(refused, NgramError::Order { order, most: 3 });
        assert_eq!(refused.to_string(), format!("n-grams of order {order} asked for, from counts of order 1 to 3"));
    }
    for k in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(Ngrams::new(&counts, 1, Smoothing::AddK(k)).unwrap_err(), NgramError::Added);
    }
    assert!(Ngrams::best(&counts, &[], |_| 1.0).is_err());
    assert_eq!(Counts::<4>::new(0).order(), 1);
}

#[test]
fn the_best_order_is_that_of_the_text() {
    // Two of three tokens follow from the two before them, and from no fewer: x_t = x_{t−1} + x_{t−2} mod 5.
    let mut rng = Xoshiro128::from_seed(5);
    let mut text = vec![1, 1];
    for at in 0..3000 {
        text.push(if rng.below(3) > 0 { (text[at] + text[at + 1]) % 5 } else { rng.below(5) as usize });
    }
    let counts = counted::<5>(6, &text[..2000]);
    let held_out = tokens::<5>(&text[2000..]);
    let (model, perplexity) =
        Ngrams::best(&counts, &SMOOTHINGS, |model| model.perplexity_after(&[], &held_out)).unwrap();
    assert_eq!(model.order(), 3);
    assert!(near(perplexity, model.perplexity_after(&[], &held_out)));
    // P(told) = 2/3 + 1/15, P(each other) = 1/15: what no model can do better than.
    let [told, other] = [11.0 / 15.0, 1.0 / 15.0];
    let least = (-f64::ln(told) * told - 4.0 * f64::ln(other) * other).exp();
    assert!((least..1.1 * least).contains(&perplexity), "{perplexity} {least}");
}

#[test]
fn histories_keep_the_last_tokens() {
    let many = tokens::<20>(&(0..12).collect::<Vec<_>>());
    let history: History = many.iter().copied().collect();
    assert_eq!(history.len(), LONGEST);
    assert_eq!(history, many[12 - LONGEST..].iter().copied().collect());
    for length in 0..=LONGEST + 1 {
        let kept = length.min(LONGEST);
        assert_eq!(history.last(length), many[12 - kept..].iter().copied().collect());
        assert_eq!(history.last(length).len(), kept);
    }
    assert!(History::EMPTY.is_empty() && History::EMPTY.last(3).is_empty());
    assert_ne!(tokens::<20>(&[0]).into_iter().collect::<History>(), History::EMPTY, "the first token is not nothing");
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
