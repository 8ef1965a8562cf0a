//! An Elman network of 16 units learns the sentences of the data set, and generalises to some unseen ones;
//! padding the sentences to one length with a mask changes no bit.

use elman::metrics::Confusion;
use elman::target::Targets;
use elman::vocabulary::{Encode, Padded};
use elman::{
    Adam, Class, Clip, Config, CrossEntropy, Dense, Each, Elman, Last, Libm, Masked, Network, Random, Reduction, Sgd,
    Token, Trainer, Vocabulary, Workspace, Xoshiro128, Zero, init,
};
use host_tests::precision::{bits, weight_bits};
use host_tests::replay;

const SYMBOLS: usize = 64;
/// Number of tokens in the longest sentence, with `<sos>` before and `<eos>` after the words.
const TOKENS: usize = 10;

type Net<const K: usize> = Network<Elman<SYMBOLS, 16>, Dense<16, K>>;
type Sentence<const K: usize> = (Vec<Token<SYMBOLS>>, Class<K>);

const TWO: (&str, [&str; 2]) = (include_str!("../../../data/sentiment/two-classes.tsv"), ["negative", "positive"]);
const THREE: (&str, [&str; 3]) =
    (include_str!("../../../data/sentiment/three-classes.tsv"), ["negative", "neutral", "positive"]);

/// Returns `<sos>`, the words, `<eos>` and the label of each sentence, in an order drawn once, so that taking
/// every fifth gives a fair sample.
fn sentences<const K: usize>((text, labels): (&str, [&str; K])) -> Vec<Sentence<K>> {
    let mut vocabulary = Vocabulary::<SYMBOLS, 256>::new();
    let how = Encode { sos: true, eos: true, ..Encode::PLAIN };
    let mut all = Vec::new();
    for (label, sentence) in text.lines().map(|line| line.split_once('\t').unwrap()) {
        vocabulary.insert_words(sentence).unwrap();
        let tokens = vocabulary.encode_words::<TOKENS>(sentence, how).unwrap();
        let class = labels.iter().position(|known| *known == label).unwrap();
        all.push((tokens.to_vec(), Class::new(class).unwrap()));
    }
    Xoshiro128::from_seed(1).shuffle(&mut all);
    all
}

fn start<const K: usize>(rng: &mut Xoshiro128) -> Net<K> {
    let mut network = Net::<K>::ZERO;
    init::uniform_fan::<Libm<f32>, _>(&mut network, rng);
    network
}

fn learn<const K: usize>(mut sentences: Vec<Sentence<K>>) -> Net<K> {
    let mut rng = Xoshiro128::from_seed(2);
    let mut network = start(&mut rng);
    let mut workspace = Box::new(Workspace::<Net<K>, Adam, TOKENS>::ZERO);
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Adam::new(0.01))).unwrap();
    for _ in 0..20 {
        rng.shuffle(&mut sentences);
        for (tokens, class) in &sentences {
            trainer.update(tokens, Last(*class)).unwrap();
        }
    }
    network
}

fn judge<const K: usize>(network: &Net<K>, sentences: &[Sentence<K>]) -> Confusion<K> {
    let mut confusion = Confusion::new();
    for (tokens, truth) in sentences {
        confusion.add(*truth, network.classify(tokens).unwrap());
    }
    confusion
}

/// Trains on all sentences; then trains five times on four fifths of them and tests the held-out fifth.
fn check<const K: usize>(set: (&str, [&str; K]), unseen_share: f32) {
    let all = sentences(set);
    let learned = judge(&learn(all.clone()), &all);
    println!("trained on all\n{learned}");
    assert_eq!(learned.accuracy(), Some(1.0));
    let mut unseen = Confusion::new();
    for part in 0..5 {
        let (held, kept): (Vec<_>, Vec<_>) = all.iter().cloned().enumerate().partition(|(index, _)| index % 5 == part);
        let [held, kept] = [held, kept].map(|part| part.into_iter().map(|(_, sentence)| sentence).collect::<Vec<_>>());
        unseen.merge(&judge(&learn(kept), &held));
    }
    println!("held out\n{unseen}");
    assert_eq!(unseen.total(), all.len() as u64);
    assert!(unseen.accuracy().unwrap() > unseen_share);
}

#[test]
fn two_classes_are_learned() {
    check(TWO, 0.75);
}

#[test]
fn three_classes_are_learned() {
    check(THREE, 0.75);
}

#[test]
fn sentences_are_of_unequal_length_and_marked() {
    for (tokens, _) in sentences(TWO) {
        assert_eq!(tokens.first(), Some(&Vocabulary::<SYMBOLS, 256>::SOS));
        assert_eq!(tokens.last(), Some(&Vocabulary::<SYMBOLS, 256>::EOS));
    }
    let lengths = |mut lengths: Vec<usize>| {
        lengths.sort_unstable();
        (lengths[0], lengths[lengths.len() - 1])
    };
    assert_eq!(lengths(sentences(TWO).iter().map(|(tokens, _)| tokens.len()).collect()), (4, 8));
    assert_eq!(lengths(sentences(THREE).iter().map(|(tokens, _)| tokens.len()).collect()), (4, TOKENS));
}

/// Returns the `TOKENS` targets of a padded sentence, `None` for the padding.
fn mask<const K: usize>(targets: &impl Targets<Class<K>>, steps: usize) -> [Option<Class<K>>; TOKENS] {
    std::array::from_fn(|step| if step < steps { targets.at(step, steps).copied() } else { None })
}

/// Checks that loss and gradient of every sentence are the same with and without padding.
fn gradients_are_the_same<const K: usize>(set: (&str, [&str; K])) {
    let network = start(&mut Xoshiro128::from_seed(2));
    for (tokens, class) in sentences::<K>(set) {
        let padded = Padded::<SYMBOLS, TOKENS>::new(&tokens).unwrap();
        let every = vec![class; tokens.len()];
        let masks = [mask(&Last(class), tokens.len()), mask(&Each(&every), tokens.len())];
        let plain = [
            replay(&network, &[0.0; 16], &tokens, (&CrossEntropy, &Last(class), 1.0)),
            replay(&network, &[0.0; 16], &tokens, (&CrossEntropy, &Each(&every), 1.0)),
        ];
        for (mask, plain) in masks.iter().zip(plain) {
            let filled = replay(&network, &[0.0; 16], padded.tokens(), (&CrossEntropy, &Masked(mask), 1.0));
            assert_eq!(bits(&[filled.loss]), bits(&[plain.loss]));
            assert_eq!(weight_bits(&*filled.gradient), weight_bits(&*plain.gradient));
        }
    }
}

#[test]
fn padding_and_masking_change_no_bit_of_loss_and_gradient() {
    gradients_are_the_same(TWO);
    gradients_are_the_same(THREE);
}

/// Compares two training runs, with and without padding. If `every` is set, each step has the target, otherwise
/// only the last step.
fn trainings_are_the_same<const K: usize>(set: (&str, [&str; K]), steps: Reduction, every: bool) {
    let mut networks = [start::<K>(&mut Xoshiro128::from_seed(2)), start::<K>(&mut Xoshiro128::from_seed(2))];
    let [a, b] = &mut networks;
    let mut spaces = [(); 2].map(|()| Box::new(Workspace::<Net<K>, Adam, TOKENS, TOKENS>::ZERO));
    let [space_a, space_b] = &mut spaces;
    let config = Config { clip: Clip::Norm(0.5), steps, ..Config::new(Adam::new(0.01)) };
    let (mut a, mut b) = (Trainer::new(a, space_a, config).unwrap(), Trainer::new(b, space_b, config).unwrap());
    for (tokens, class) in sentences(set) {
        let targets = vec![class; tokens.len()];
        let padded = Padded::<SYMBOLS, TOKENS>::new(&tokens).unwrap();
        let (plain, mask) = if every {
            (a.update(&tokens, Each(&targets)), mask(&Each(&targets), tokens.len()))
        } else {
            (a.update(padded.as_slice(), Last(class)), mask(&Last(class), tokens.len()))
        };
        let (plain, filled) = (plain.unwrap(), b.update(padded.tokens(), Masked(&mask)).unwrap());
        assert_eq!(bits(&[filled.loss]), bits(&[plain.loss]));
        assert_eq!(bits(&[filled.gradient_norm.unwrap()]), bits(&[plain.gradient_norm.unwrap()]));
        assert_eq!(weight_bits(a.network().unwrap()), weight_bits(b.network().unwrap()));
    }
    assert_ne!(weight_bits(a.network().unwrap()), weight_bits(&start::<K>(&mut Xoshiro128::from_seed(2))));
}

#[test]
fn padding_and_masking_change_no_bit_of_the_weights() {
    for steps in [Reduction::Sum, Reduction::Mean] {
        for every in [false, true] {
            trainings_are_the_same(TWO, steps, every);
            trainings_are_the_same(THREE, steps, every);
        }
    }
}

/// Without the mask, training reads the padding, which shows that the proof above can fail.
#[test]
fn padding_without_a_mask_changes_the_weights() {
    let (tokens, class) = sentences(TWO).remove(0);
    let padded = Padded::<SYMBOLS, TOKENS>::new(&tokens).unwrap();
    let learn = |tokens: &[Token<SYMBOLS>]| {
        let mut network = start::<2>(&mut Xoshiro128::from_seed(2));
        let mut workspace = Box::new(Workspace::<Net<2>, Sgd, TOKENS>::ZERO);
        let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Sgd { rate: 0.1 })).unwrap();
        trainer.update(tokens, Last(class)).unwrap();
        weight_bits(&network)
    };
    assert_ne!(learn(padded.tokens()), learn(padded.as_slice()));
    assert_eq!(learn(&tokens), learn(padded.as_slice()));
}
