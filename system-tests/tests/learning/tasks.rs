//! Problems with known answers: the draws match the problem, are the same for the same seed, and can be learned.

use elman::{Adam, CrossEntropy, Dense, Each, Gru, Libm, Network, Random};
use elman::{Xoshiro128, Zero, init};
use elman_trainer::ToEach;
use elman_trainer::fit::{Drawn, Fit, Schedule, fit};
use tasks::reber::Symbol;
use tasks::sentences::Words;
use tasks::{Adding, MackeyGlass, Parity, Reber};

pub fn rng(seed: u64) -> Xoshiro128 {
    Xoshiro128::from_seed(seed)
}

#[test]
fn parity_counts_the_ones() {
    let mut rng = rng(1);
    let mut ones = 0;
    for _ in 0..1000 {
        let Parity { bits, labels } = Parity::<33>::draw(&mut rng);
        for (step, label) in labels.iter().enumerate() {
            let so_far = bits[..=step].iter().filter(|bit| bit.index() == 1).count();
            assert_eq!(label.index(), so_far % 2, "step {step}");
        }
        ones += bits.iter().filter(|bit| bit.index() == 1).count();
    }
    // Five standard deviations about half of 33,000.
    assert!(ones.abs_diff(16_500) < 455, "{ones}");
    assert_eq!(Parity::<1>::draw(&mut rng).bits.len(), 1);
    assert_eq!(Parity::<0>::draw(&mut rng).labels.len(), 0);
}

/// Edges of both halves of the embedded grammar: state, symbol, next state. A string begins in state 0 and ends in 19.
const EMBEDDED: [(u8, char, u8); 30] = [
    (0, 'B', 1),
    (1, 'T', 2),
    (2, 'B', 3),
    (3, 'T', 4),
    (3, 'P', 5),
    (4, 'S', 4),
    (4, 'X', 6),
    (5, 'T', 5),
    (5, 'V', 7),
    (6, 'X', 5),
    (6, 'S', 8),
    (7, 'P', 6),
    (7, 'V', 8),
    (8, 'E', 9),
    (9, 'T', 18),
    (1, 'P', 10),
    (10, 'B', 11),
    (11, 'T', 12),
    (11, 'P', 13),
    (12, 'S', 12),
    (12, 'X', 14),
    (13, 'T', 13),
    (13, 'V', 15),
    (14, 'X', 13),
    (14, 'S', 16),
    (15, 'P', 14),
    (15, 'V', 16),
    (16, 'E', 17),
    (17, 'P', 18),
    (18, 'E', 19),
];

/// Returns the state after a text; `None` if the grammar does not allow the text.
fn state_after(text: &str) -> Option<u8> {
    text.chars().try_fold(0, |state, letter| {
        EMBEDDED.iter().find(|&&(from, symbol, _)| (from, symbol) == (state, letter)).map(|&(.., next)| next)
    })
}

#[test]
fn the_recogniser_knows_the_grammar() {
    for text in ["BTBTXSETE", "BPBPVVEPE", "BTBTSSXXTTVPSETE", "BPBTSXXVPXVVEPE"] {
        assert_eq!(state_after(text), Some(19), "{text}");
    }
    for text in ["BTBTXSEPE", "BPBPVVETE", "BTBTXSET", "BTBTXTETE", "TBTXSETE", "BTBTXSETEE"] {
        assert_ne!(state_after(text), Some(19), "{text}");
    }
}

/// Draws a thousand strings. About one seed in 150 draws a string that is too long; this one does not.
fn strings() -> Vec<Reber> {
    let mut rng = rng(4);
    (0..1000).map(|_| Reber::draw(&mut rng).expect("not too long")).collect()
}

#[test]
fn every_string_is_of_the_embedded_reber_grammar() {
    for string in strings() {
        let text = string.to_string();
        assert_eq!(state_after(&text), Some(19), "{text}");
        let letter = |symbol: Symbol| "BTPSXVE".chars().nth(symbol.index()).unwrap();
        let read: String = string.inputs().iter().copied().map(letter).collect();
        let told: String = string.targets().iter().copied().map(letter).collect();
        assert_eq!((read.as_str(), told.as_str()), (&text[..text.len() - 1], &text[1..]));
        assert_eq!(string.steps(), text.len() - 1);
        assert_eq!(string.targets()[string.recall()], string.inputs()[1], "{text}");
        assert_eq!(string.recall(), text.len() - 3);
        for step in 0..string.steps() {
            let (so_far, _) = text.split_at(step + 1);
            for symbol in Symbol::all() {
                let grammatical = state_after(&format!("{so_far}{}", letter(symbol))).is_some();
                assert_eq!(string.allows(step, symbol), grammatical, "{so_far} {}", letter(symbol));
            }
        }
    }
}

/// Strings have 11 steps on average, 3 % have 20 or more, and both halves are equally frequent, as in the
/// example.
#[test]
fn strings_are_as_long_as_the_grammar_makes_them() {
    let strings = strings();
    let steps: Vec<_> = strings.iter().map(Reber::steps).collect();
    let total: usize = steps.iter().sum();
    // The standard deviation of a length is 4.1: five standard errors.
    assert!(total.abs_diff(11_000) < 650, "{total}");
    assert_eq!(steps.iter().min(), Some(&8));
    assert!(steps.iter().all(|&steps| steps <= Reber::STEPS));
    let long = steps.iter().filter(|&&steps| steps >= 20).count();
    assert!((5..60).contains(&long), "{long}");
    let seconds = strings.iter().filter(|string| string.inputs()[1].index() == 1).count();
    assert!(seconds.abs_diff(500) < 80, "{seconds}");
}

/// A generator that always takes the first edge stays in the loop of the inner grammar.
#[test]
fn a_string_too_long_is_none() {
    struct First;
    impl Random for First {
        fn next_u32(&mut self) -> u32 {
            0
        }
    }
    assert_eq!(Reber::draw(&mut First), None);
}

#[test]
fn the_sum_is_that_of_the_two_marked_numbers() {
    fn check<const T: usize>() {
        let mut rng = rng(5);
        let mut marks = [0; T];
        let mut squares = 0.0;
        for _ in 0..2000 {
            let Adding { steps, sum } = Adding::<T>::draw(&mut rng);
            let marked: Vec<_> = (0..T).filter(|&step| steps[step][1] == 1.0).collect();
            assert_eq!(marked.len(), 2);
            assert!(marked[0] < T / 2 && marked[1] >= T / 2, "{marked:?} of {T}");
            assert_eq!(sum[0], steps[marked[0]][0] + steps[marked[1]][0]);
            assert!(steps.iter().all(|&[number, mark]| (0.0..1.0).contains(&number) && (mark == 0.0 || mark == 1.0)));
            marked.iter().for_each(|&step| marks[step] += 1);
            squares += f64::from(sum[0] - 1.0).powi(2) / 2000.0;
        }
        assert!(marks.iter().all(|&count| count > 0), "every step is marked now and then: {marks:?}");
        // The squared error of always answering 1 has the variance 7/180.
        assert!((squares - 1.0 / 6.0).abs() < 5.0 * (7.0 / 180.0 / 2000.0_f64).sqrt(), "{squares}");
    }
    check::<2>();
    check::<3>();
    check::<50>();
}

/// Compares with the equation in f64, with all past values stored. A difference grows by a factor of e in about
/// 160 units of time. Over the 1,200 units before the first sample, rounding in f32 therefore grows about a
/// thousandfold, and stays far below the effect of another delay or exponent.
#[test]
fn the_series_follows_the_equation() {
    let mut rng = rng(9);
    let series = MackeyGlass::draw(&mut rng.clone());
    let mut x: Vec<f64> = (0..170).map(|_| rng.uniform(0.5, 1.3)).collect();
    x.push(1.2);
    for now in 170..60 * 230 + 170 {
        let (delayed, latest) = (x[now - 170], x[now]);
        x.push(latest + 0.1 * (0.2 * delayed / (1.0 + delayed.powi(10)) - 0.1 * latest));
    }
    let expected = x[170..].iter().step_by(60).skip(201);
    let pairs: Vec<_> = series.zip(expected).collect();
    assert_eq!(pairs.len(), 30);
    for (sample, (x, expected)) in pairs.into_iter().enumerate() {
        assert!((f64::from(x) - expected).abs() < 0.01, "sample {sample}: {x}, {expected}");
    }
}

/// A wave takes about eight samples, and no wave is an exact copy of another.
#[test]
fn the_series_waves_and_does_not_repeat() {
    let series: Vec<_> = MackeyGlass::draw(&mut rng(10)).take(2000).collect();
    assert!(series.iter().all(|x| (0.2..1.4).contains(x)));
    let mean = series.iter().sum::<f32>() / 2000.0;
    let rises = series.windows(2).filter(|pair| pair[0] < mean && pair[1] >= mean).count();
    assert!((200..300).contains(&rises), "{rises}");
    let nearest = |from: usize| (from + 8..1900).map(|at| distance(&series[from..], &series[at..])).fold(1.0, f32::min);
    assert!(nearest(0) > 0.01 && nearest(100) > 0.01);
}

/// Returns the largest difference between the first 50 samples of two series.
fn distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).take(50).fold(0.0, |most, (a, b)| f32::max(most, (a - b).abs()))
}

#[test]
fn a_seed_gives_the_same_samples() {
    assert_eq!(Parity::<40>::draw(&mut rng(2)), Parity::draw(&mut rng(2)));
    assert_ne!(Parity::<40>::draw(&mut rng(2)), Parity::draw(&mut rng(3)));
    assert_eq!(Reber::draw(&mut rng(2)), Reber::draw(&mut rng(2)));
    assert_eq!(Adding::<9>::draw(&mut rng(2)), Adding::draw(&mut rng(2)));
    assert_ne!(Adding::<9>::draw(&mut rng(2)), Adding::draw(&mut rng(3)));
    assert_eq!(Words::draw(&mut rng(2)).shuffled(&mut rng(3)), Words::draw(&mut rng(2)).shuffled(&mut rng(3)));
    assert_ne!(Words::draw(&mut rng(2)), Words::draw(&mut rng(3)));
    assert!(MackeyGlass::draw(&mut rng(2)).take(9).eq(MackeyGlass::draw(&mut rng(2)).take(9)));
    assert_ne!(MackeyGlass::draw(&mut rng(2)), MackeyGlass::draw(&mut rng(3)));
}

/// Returns the mean loss per step over fifty unseen strings.
fn loss(network: &Network<Gru<7, 8>, Dense<8, 7>>) -> f32 {
    let mut rng = rng(11);
    let strings: Vec<_> = (0..50).filter_map(|_| Reber::draw(&mut rng)).collect();
    let steps: usize = strings.iter().map(Reber::steps).sum();
    let losses = strings.iter().map(|string| network.evaluate(&CrossEntropy, string.inputs(), Each(string.targets())));
    losses.map(Result::unwrap).sum::<f32>() / steps as f32
}

/// A guess costs ln 7 = 1.95 per step. Two symbols are equally probable at 7 of 11 steps on average, so no
/// network can do better than 0.44.
#[test]
fn a_network_learns_the_reber_grammar_from_what_is_drawn() {
    let mut network = Network::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut rng(12));
    let first = loss(&network);
    let draw = |rng: &mut Xoshiro128| {
        let string = std::iter::repeat_with(|| Reber::draw(rng)).flatten().next().unwrap();
        ToEach { inputs: string.inputs().to_vec(), targets: string.targets().to_vec() }
    };
    let schedule = Schedule::Linear;
    let how =
        Fit::<_, { Reber::STEPS }, { Reber::STEPS }> { epochs: 1, batch: 2, schedule, ..Fit::new(Adam::new(0.02)) };
    fit(&mut network, &Drawn { count: 600, draw }, &[], &how).unwrap();
    let last = loss(&network);
    assert!(first > 1.5 && last < 0.6, "{first} at first, {last} at last");
}
