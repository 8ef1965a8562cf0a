//! Texts as tokens and as streams, and the keystrokes saved by suggestions.

use elman::vocabulary::Vocabulary;
use elman::{
    Adam, Config, CrossEntropy, Dense, Each, Elman, Network, Sgd, Token, TrainError, Trainer, Workspace, Zero,
};
use elman::{Libm, Xoshiro128, init};
use elman_trainer::data::text::Pieces;
use elman_trainer::language::keyboard::{Strokes, strokes, suggestions};
use elman_trainer::language::{Counts, LanguageModel, Ngrams, Smoothing, Streams, text};

type Words = Vocabulary<12, 64>;

#[test]
fn the_most_frequent_pieces_have_tokens() {
    let characters = || Pieces::Characters.of("ba\u{e9}abc\u{e9}a").into_iter();
    let all: Vocabulary<12, 64> = text::vocabulary(characters());
    assert_eq!(all.words().collect::<Vec<_>>(), ["a", "b", "\u{e9}", "c"], "of equally frequent ones the first");
    let two: Vocabulary<6, 64> = text::vocabulary(characters());
    assert_eq!(two.words().collect::<Vec<_>>(), ["a", "b"]);
    let tokens = text::tokens(&two, characters());
    assert_eq!(two.decode_chars(&tokens).to_string(), "ba<unk>ab<unk><unk>a");
    let short: Vocabulary<12, 2> = text::vocabulary("long a b".split(' '));
    assert_eq!(short.words().collect::<Vec<_>>(), ["a", "b"], "what has no room is left out, not what comes after it");
    assert_eq!(text::vocabulary::<12, 64>("".split_whitespace()).words().count(), 0);
}

#[test]
fn a_split_leaves_nothing_out() {
    for length in [0, 1, 9, 10, 20, 1001] {
        let all: Vec<_> = (0..length).collect();
        let parts = text::split(&all);
        assert_eq!(parts.concat(), all);
        assert_eq!(parts[0].len(), length * 9 / 10);
        assert_eq!(parts[0].len() + parts[1].len(), length * 95 / 100);
    }
}

/// Returns the vocabulary and counts of sentences in which "the" is followed by "tea" more often than by "tree".
fn sentences() -> (Words, Counts<12>) {
    let sentences = ["the tea", "the tea", "the tree", "a tree"];
    let vocabulary: Words = text::vocabulary(sentences.iter().flat_map(|sentence| sentence.split(' ')));
    let mut counts = Counts::new(2);
    for sentence in sentences {
        counts.add(&[Words::SOS], &text::tokens(&vocabulary, sentence.split(' ')));
    }
    (vocabulary, counts)
}

#[test]
fn words_are_suggested_by_what_was_typed() {
    let (vocabulary, counts) = sentences();
    let model = Ngrams::new(&counts, 2, Smoothing::WittenBell).unwrap();
    let after = |words: &[&str], typed, k| {
        let tokens: Vec<_> = words.iter().map(|word| vocabulary.token_or_unk(word)).collect();
        suggestions(&model, &vocabulary, &model.after(&tokens), typed, k)
    };
    assert_eq!(after(&["the"], "", 2), ["tea", "tree"]);
    assert_eq!(after(&["a"], "", 1), ["tree"]);
    assert_eq!(after(&["the"], "tr", 2), ["tree"]);
    assert_eq!(after(&["the"], "x", 2), [""; 0]);
    assert_eq!(after(&["unknown"], "", 9).len(), 4, "no special tokens, and none without a word");
}

#[test]
fn strokes_are_those_of_a_hand_count() {
    let (vocabulary, counts) = sentences();
    let model = Ngrams::new(&counts, 2, Smoothing::WittenBell).unwrap();
    let count = |sentence: &str, k| strokes(&model, &vocabulary, &[Words::SOS], sentence.split_whitespace(), k);
    // "the" is shown at once; "tree" only after "tr" is typed.
    assert_eq!(count("the tree", 1), Strokes { with: 1 + 3, without: 4 + 5 });
    assert_eq!(count("the tree", 2), Strokes { with: 1 + 1, without: 4 + 5 });
    assert_eq!(count("toast", 3), Strokes { with: 6, without: 6 }, "never shown: its letters and a space");
    assert_eq!(count("the tree", 0), Strokes { with: 9, without: 9 });
    assert_eq!(count("", 3), Strokes::default());
    assert!(count("", 3).saved().is_nan());
    let mut all = count("the tree", 2);
    all.add(count("toast", 3));
    assert_eq!((all.with, all.without), (8, 15));
    assert!((all.saved() - 7.0 / 15.0).abs() < 1e-15);
}

type Net = Network<Elman<5, 3>, Dense<3, 5>>;

fn drawn(length: usize) -> Vec<Token<5>> {
    (0..length).map(|at| Token::new(at * at % 5).unwrap()).collect()
}

fn network() -> Net {
    let mut network = Net::ZERO;
    init::uniform_fan::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(1));
    network
}

#[test]
fn one_stream_is_the_text_window_by_window() {
    let text = drawn(14);
    let (mut by_hand, mut streamed) = (network(), network());
    let mut work = Workspace::<Net, Adam, 4, 4>::ZERO;
    let mut expected = Vec::new();
    let mut trainer = Trainer::new(&mut by_hand, &mut work, Config::new(Adam::new(0.1))).unwrap();
    for _ in 0..2 {
        let mut state = [0.0; 3];
        // Thirteen tokens have a next one: three whole windows and one token left over.
        for at in [0, 4, 8] {
            let report = trainer.update_from(&mut state, &text[at..at + 4], Each(&text[at + 1..at + 5])).unwrap();
            expected.push(f64::from(report.loss));
        }
    }
    let mut work = Workspace::<Net, Adam, 4, 4>::ZERO;
    let mut trainer = Trainer::new(&mut streamed, &mut work, Config::new(Adam::new(0.1))).unwrap();
    let mut streams = Streams::new(&text, 1);
    assert_eq!(streams.updates(4), 3);
    let losses: Vec<_> = (0..6).map(|_| streams.update(&mut trainer).unwrap()).collect();
    assert_eq!(losses, expected);
    assert!(by_hand == streamed);
}

#[test]
fn an_update_has_a_window_of_each_stream() {
    let text = drawn(19);
    let mut network = network();
    let loss = |network: &Net, state: &mut [f32; 3], at| {
        f64::from(network.evaluate_from(state, &CrossEntropy, &text[at..at + 4], Each(&text[at + 1..at + 5])).unwrap())
    };
    let [mut first, mut second] = [[0.0; 3]; 2];
    // Two streams of nine; the last token is left out.
    let before = (loss(&network, &mut first, 0) + loss(&network, &mut second, 9)) / 2.0;
    let mut work = Workspace::<Net, Sgd, 4, 4>::ZERO;
    let mut trainer = Trainer::new(&mut network, &mut work, Config::new(Sgd { rate: 1e-12 })).unwrap();
    let mut streams = Streams::new(&text, 2);
    assert_eq!(streams.updates(4), 2);
    assert!((streams.update(&mut trainer).unwrap() - before).abs() < 1e-5);
    let carried =
        (loss(trainer.network().unwrap(), &mut first, 4) + loss(trainer.network().unwrap(), &mut second, 13)) / 2.0;
    assert!((streams.update(&mut trainer).unwrap() - carried).abs() < 1e-5, "the states are carried");
    assert!((streams.update(&mut trainer).unwrap() - before).abs() < 1e-5, "from the beginning again");
}

#[test]
fn a_text_without_a_window_is_refused() {
    let mut network = network();
    let mut work = Workspace::<Net, Adam, 4, 4>::ZERO;
    let mut trainer = Trainer::new(&mut network, &mut work, Config::new(Adam::new(0.1))).unwrap();
    for length in [0, 1, 4] {
        let text = drawn(length);
        let mut streams = Streams::new(&text, 1);
        assert_eq!(streams.updates(4), 0);
        assert_eq!(streams.update(&mut trainer), Err(TrainError::NothingAccumulated));
    }
}
