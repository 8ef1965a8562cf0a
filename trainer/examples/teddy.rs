//! Labelling where the right context decides: is "teddy" the name of a person?
//!
//! Sentences of [`tasks::teddy`]: a token of 32 words a step, a class of 2 a step. A tagger is an embedding of 8, a GRU and a
//! linear read-out; the GRU reads to the right (16 units), or half of it in each direction (8 and 8). Learned from fresh
//! sentences; prints the share of right labels in 2000 others: of the words that may be names, where one that reads to the
//! right can but guess, and of all words.

use elman::{Adam, Bidirectional, Class, CrossEntropy, Dense, Each, Embedding, Gru, Layer, Libm, Network, Reader};
use elman::{Readout, Stacked, Trainer, Workspace, Xoshiro128, Zero, init};
use elman_trainer::trials::{Failure, Share, verdict};
use elman_trainer::{Plan, Progress, Trials};
use std::process::ExitCode;
use tasks::Teddy;
use tasks::teddy::Word;

const T: usize = Teddy::LONGEST;
const PLAN: Plan = Plan { updates: 600, batch: 8, rate: 0.02, clip: 1.0 };

type Words = Embedding<32, 8>;
type ToTheRight = Stacked<Words, Gru<8, 16>>;
type BothWays = Stacked<Words, Bidirectional<Gru<8, 8>>>;

fn main() -> Result<ExitCode, Failure> {
    println!("Is it a name? Learned from {} sentences such as", PLAN.updates * PLAN.batch);
    (0..3).for_each(|seed| println!("    {}", Teddy::draw(&mut Xoshiro128::from_seed(seed))));
    let trials = Trials::new([("names, %", 2), ("all words, %", 2)]);
    trials.run("GRU to the right", PLAN.updates, learn::<ToTheRight>)?;
    let both = trials.run("GRU both ways", PLAN.updates, learn::<BothWays>)?;
    trials.baseline("a guess", [50.0, f64::NAN]);
    let kept = both.iter().all(|[names, _]| *names >= 99.0);
    Ok(verdict([("both ways: at least 99 % of the words that may be names, with every seed".to_string(), kept)]))
}

/// Trains a tagger; returns its shares of right labels, in percent.
fn learn<C>(seed: u64, progress: &Progress) -> Result<[f64; 2], Failure>
where
    C: Layer<Word, Scalar = f32> + Zero,
    Dense<16, 2>: Readout<C::Output, Scalar = f32, Output = [f32; 2]>,
{
    let mut rng = Xoshiro128::from_seed(seed);
    let (mut network, mut work) = (Network::<C, Dense<16, 2>>::ZERO, Workspace::<_, Adam, T, T>::ZERO);
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut rng);
    for config in PLAN.configs(CrossEntropy) {
        let mut trainer = Trainer::new(&mut network, &mut work, config)?;
        let mut loss = 0.0;
        for _ in 0..PLAN.batch {
            let sentence = Teddy::draw(&mut rng);
            loss += trainer.accumulate(&mut C::State::ZERO.clone(), sentence.words(), Each(sentence.labels()))?;
        }
        trainer.apply()?;
        progress.update(f64::from(loss) / PLAN.batch as f64);
    }
    let (mut names, mut all, mut reader) = (Share::default(), Share::default(), Reader::<_, T>::ZERO);
    for _ in 0..2000 {
        let sentence = Teddy::draw(&mut rng);
        let mut answers = [Class::default(); T];
        reader.label(&network, sentence.words(), &mut answers)?;
        for ((&word, label), answer) in sentence.words().iter().zip(sentence.labels()).zip(&answers) {
            all.add(answer == label);
            if Teddy::is_ambiguous(word) {
                names.add(answer == label);
            }
        }
    }
    Ok([names.percent(), all.percent()])
}
