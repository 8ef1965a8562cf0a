//! Pairs of sequences: they are drawn as documented, and a trained network is scored by its output.

use elman::{Adam, Clip, Dense, EncoderDecoder, Gru, Network, Token, Vocabulary, Xoshiro128, Zero};
use elman_trainer::fit::{Fit, Schedule, fit};
use elman_trainer::pairs::{Pair, Score};
use host_tests::plain::drawn;
use std::collections::{BTreeMap, BTreeSet};
use tasks::transduce::{LONGEST, SYMBOLS, Strings};
use tasks::{Caption, Transduction, captions};

fn rng(seed: u64) -> Xoshiro128 {
    Xoshiro128::from_seed(seed)
}

fn strings(rule: Transduction) -> Vec<Strings> {
    let mut rng = rng(1);
    (0..5000).map(|_| rule.draw(&mut rng)).collect()
}

/// Checks that the strings have exactly these lengths and contain exactly these symbols.
fn assert_varied<'a>(
    strings: impl Iterator<Item = &'a str> + Clone,
    lengths: impl Iterator<Item = usize>,
    symbols: &str,
) {
    let drawn: BTreeSet<usize> = strings.clone().map(str::len).collect();
    assert!(drawn.into_iter().eq(lengths));
    let drawn: BTreeSet<char> = strings.flat_map(str::chars).collect();
    assert!(drawn.into_iter().eq(symbols.chars().collect::<BTreeSet<_>>()));
}

#[test]
fn a_reversal_is_read_the_other_way_round() {
    let all = strings(Transduction::Reversal);
    for Strings { source, target } in &all {
        assert!(source.bytes().eq(target.bytes().rev()), "{source} {target}");
    }
    assert_varied(all.iter().map(|pair| &pair.source[..]), 1..=LONGEST, "abcdef");
}

/// Returns the letters represented by a code of letters and digits.
fn expanded(code: &str) -> String {
    let code: Vec<char> = code.chars().collect();
    let (runs, rest) = code.as_chunks::<2>();
    assert_eq!(rest, []);
    assert!(runs.windows(2).all(|runs| runs[0][0] != runs[1][0]), "one run is written as two: {runs:?}");
    runs.iter().map(|[letter, digit]| letter.to_string().repeat(digit.to_digit(10).unwrap() as usize)).collect()
}

#[test]
fn a_code_stands_for_its_runs() {
    let all = strings(Transduction::Contraction);
    for Strings { source, target } in &all {
        assert_eq!(expanded(target), source[..]);
    }
    assert_varied(all.iter().map(|pair| &pair.source[..]), 1..=LONGEST, "abcdef");
    assert_varied(all.iter().map(|pair| &pair.target[..]), (2..=LONGEST).step_by(2), SYMBOLS);
    let turned = all.into_iter().map(|Strings { source, target }| Strings { source: target, target: source });
    assert!(strings(Transduction::Expansion).into_iter().eq(turned));
}

#[test]
fn an_eighth_of_the_strings_is_held_out() {
    for rule in [Transduction::Reversal, Transduction::Expansion, Transduction::Contraction] {
        let sides: BTreeMap<_, _> = strings(rule).iter().map(|pair| (pair.source.clone(), pair.held_out())).collect();
        let held = sides.values().filter(|&&held_out| held_out).count();
        // Five standard deviations of a fair draw.
        let allowed = 5.0 * (sides.len() as f64 * 7.0 / 64.0).sqrt();
        assert!((held as f64 - sides.len() as f64 / 8.0).abs() < allowed, "{rule:?}: {held} of {}", sides.len());
        for (source, held_out) in sides {
            let again = Strings { source, target: Default::default() };
            assert_eq!(again.held_out(), held_out);
        }
    }
}

fn drawn_captions() -> Vec<Caption> {
    let mut rng = rng(2);
    (0..10_000).map(|_| Caption::draw(&mut rng)).collect()
}

/// Returns the words for a vector, derived from its values alone. Levels are 0.5 apart.
fn described(vector: [f32; 4]) -> Vec<&'static str> {
    let sides = [("cold", "warm"), ("dark", "bright"), ("dry", "wet"), ("still", "windy")];
    let words = vector.into_iter().zip(sides).map(|(x, (less, more))| match (2.0 * x).round() as i32 {
        -2 => vec!["very", less],
        -1 => vec![less],
        0 => vec![],
        1 => vec![more],
        2 => vec!["very", more],
        level => panic!("{level}"),
    });
    words.flatten().collect()
}

#[test]
fn a_caption_says_what_was_measured() {
    let all = drawn_captions();
    for caption in &all {
        assert_eq!(caption.words().collect::<Vec<_>>(), described(caption.vector));
        // No measurement lies near the middle between two levels.
        assert!(caption.vector.iter().all(|x| (2.0 * x - (2.0 * x).round()).abs() < 0.401), "{:?}", caption.vector);
    }
    let lengths: BTreeSet<usize> = all.iter().map(|caption| caption.words().count()).collect();
    assert!(lengths.into_iter().eq(0..=captions::LONGEST));
    let words: BTreeSet<&str> = all.iter().flat_map(Caption::words).collect();
    assert!(words.into_iter().eq(captions::WORDS.split(' ').collect::<BTreeSet<_>>()));
}

#[test]
fn held_out_captions_are_made_of_known_parts() {
    let mut sides = BTreeMap::new();
    for caption in drawn_captions() {
        let levels = caption.vector.map(|x| (2.0 * x).round() as i32);
        assert_eq!(*sides.entry(levels).or_insert(caption.held_out()), caption.held_out());
    }
    assert_eq!(sides.len(), 625);
    let held = sides.values().filter(|&&held_out| held_out).count();
    println!("{held} of 625 captions are held out");
    assert!((50..=75).contains(&held), "{held}");
    for side in [false, true] {
        let of_side = sides.iter().filter(|&(_, &held_out)| held_out == side).map(|(levels, _)| levels);
        for measurement in 0..4 {
            let levels: BTreeSet<i32> = of_side.clone().map(|levels| levels[measurement]).collect();
            assert!(levels.into_iter().eq(-2..=2));
        }
    }
}

#[test]
fn a_seed_gives_the_same_pairs() {
    let draw = |seed| (Transduction::Reversal.draw(&mut rng(seed)), Caption::draw(&mut rng(seed)));
    assert_eq!(draw(3), draw(3));
    assert_ne!(draw(3), draw(4));
}

const V: usize = 6;
type Words = Vocabulary<V, 16>;
type Net = Network<EncoderDecoder<Gru<2, 8>, Gru<V, 8>>, Dense<8, V>>;

fn word(index: usize) -> Token<V> {
    Token::new(index).unwrap()
}

fn pair(target: &[usize]) -> Pair<[f32; 2], V> {
    Pair { source: vec![[0.5, 1.0]], target: target.iter().map(|&index| word(index)).collect() }
}

/// Returns the percentages of correct tokens and of correct targets.
fn scored(network: &Net, pairs: &[Pair<[f32; 2], V>]) -> [f64; 2] {
    let mut score = Score::default();
    pairs.iter().for_each(|pair| score.add(network, Words::MARKS, pair).unwrap());
    [score.tokens.percent(), score.whole.percent()]
}

#[test]
fn every_token_counts_where_it_stands_and_the_end_too() {
    let mut same = Net::ZERO;
    same.readout.b[4] = 1.0;
    assert_eq!(scored(&same, &[pair(&[4, 5, 4])]), [50.0, 0.0], "4 4 4, and no end");
    assert_eq!(scored(&same, &[pair(&[4])]), [50.0, 0.0]);
    assert_eq!(scored(&same, &[pair(&[])]), [0.0, 0.0]);
    let mut nothing = Net::ZERO;
    nothing.readout.b[Words::EOS.index()] = 1.0;
    assert_eq!(scored(&nothing, &[pair(&[])]), [100.0, 100.0]);
    assert_eq!(scored(&nothing, &[pair(&[4, 5, 4])]), [0.0, 0.0], "what is missing is wrong");
    assert_eq!(scored(&nothing, &[pair(&[]), pair(&[4, 5])]), [25.0, 50.0]);
}

#[test]
fn training_makes_the_targets_of_the_sources() {
    let pairs = [([1.0, 0.0], vec![word(4)]), ([0.0, 1.0], vec![word(5), word(4), word(5)]), ([1.0, 1.0], vec![])];
    let pairs = pairs.map(|(x, target)| Pair { source: vec![x], target });
    let mut network: Net = drawn(6, 1.0);
    let taught: Vec<_> = pairs.iter().map(|pair| pair.taught::<5, 4>(Words::MARKS).unwrap()).collect();
    let (clip, schedule) = (Clip::Norm(1.0), Schedule::Linear);
    let how = Fit::<_, 5, 4> { epochs: 300, batch: 3, clip, schedule, ..Fit::new(Adam::new(0.03)) };
    fit(&mut network, &taught, &[], &how).unwrap();
    assert_eq!(scored(&network, &pairs), [100.0, 100.0]);
    let failed = pair(&[4; 3]).taught::<5, 3>(Words::MARKS);
    assert_eq!(failed.unwrap_err().to_string(), "the sequence has 4 steps; there is room for 3");
}
