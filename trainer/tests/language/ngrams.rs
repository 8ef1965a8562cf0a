//! N-grams: probabilities computed by hand, sums of probabilities, and unseen tokens.

use super::{counted, drawn, histories, near, tokens};
use elman::{Random, Token, Xoshiro128};
use elman_trainer::language::{Counts, History, LONGEST, LanguageModel, NgramError, Ngrams, Smoothing};

const SMOOTHINGS: [Smoothing; 4] =
    [Smoothing::AddK(1.0), Smoothing::AddK(0.01), Smoothing::WittenBell, Smoothing::KneserNey];

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
    // "Francisco" often follows "San", "the" follows many words, each once: only Kneser–Ney tells the difference.
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
    // Occurrences in texts of one token each: n1 = 4, n2 = 2, n3 = 1, n4 = 1.
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
    // After each history in the text, both models give the same probability, as no history is longer.
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
        assert_eq!(
            refused.to_string(),
            format!("n-grams of order {order} cannot be built from counts of orders 1 to 3")
        );
    }
    for k in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(Ngrams::new(&counts, 1, Smoothing::AddK(k)).unwrap_err(), NgramError::Added);
    }
    assert!(Ngrams::best(&counts, &[], |_| 1.0).is_err());
    assert_eq!(Counts::<4>::new(0).order(), 1);
}

#[test]
fn the_best_order_is_that_of_the_text() {
    // Two of three tokens are determined by the previous two, x_t = x_{t−1} + x_{t−2} mod 5, but not by one alone.
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
    // P(determined token) = 2/3 + 1/15, P(each other token) = 1/15: no model can do better.
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
