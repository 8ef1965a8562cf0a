//! The smallest thing a recurrent network can learn to write: "hello".
//!
//! The network reads h, e, l, l and must predict e, l, l, o. An l is followed once by an l and once by an o, so the
//! letter alone is not enough: three units must remember the previous letters. Ten updates by BPTT, from the initial
//! weights that PyTorch drew with seed 123, give the same losses as PyTorch. After more updates, the network writes
//! the word from its first letter.

use elman::parameters::Path;
use elman::{Adam, Class, Config, Dense, Each, Elman, Libm, Network, Parameters, Sampler, Token, Trainer};
use elman::{Workspace, Xoshiro128, Zero};
use elman_trainer::trials::Failure;

const LETTERS: [char; 4] = ['h', 'e', 'l', 'o'];

/// Network for four letters, with three units and two bias vectors as in PyTorch.
type Net = Network<Elman<4, 3, Libm<f32>, 2>, Dense<3, 4>>;
type Letter = Token<4>;

/// PyTorch's initial weights: one row for each letter read, one row for each unit, two bias vectors, and then the
/// weights of the read-out.
#[rustfmt::skip]
const FIRST: [f32; 43] = [
    -0.235_429_64, -0.491_934_2, -0.364_820_18, 0.019_124_476, 0.423_223_08, 0.261_478_2,
    -0.286_745_94, -0.419_641_4, -0.213_326_4, 0.217_726_62, -0.459_017_66, 0.216_052_17,
    -0.490_014_14, -0.113_460_72, -0.136_157_17, -0.350_292_06, -0.440_439_37, 0.185_322_33,
    -0.211_989_2, 0.378_043_62, 0.408_269_5,
    0.107_563_816, 0.157_876_85, 0.557_292_34, -0.260_390_4, 0.182_876_41, -0.256_872_45,
    0.412_603_17, 0.492_852_63, 0.237_680_58, -0.488_264_23, 0.461_104_5, 0.275_693_06,
    0.479_950_73, -0.165_670_04, -0.532_300_95, 0.251_590_22, -0.076_233_07, -0.406_613_14,
    0.038_166_706, -0.107_795_62, -0.309_681_98, -0.052_493_494,
];

fn main() -> Result<(), Failure> {
    let (inputs, targets) = (letters("hell")?, letters("ello")?);
    let mut network = Net::ZERO;
    let mut first = FIRST.iter();
    network.walk([], Path::ROOT, &mut |_, weights, []| weights.iter_mut().zip(&mut first).for_each(|(w, &x)| *w = x));
    let mut workspace = Workspace::<Net, Adam, 4, 4>::ZERO;
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Adam::new(0.1)))?;

    println!("{} weights read \"hell\" and should predict \"ello\".\n\nepoch   loss  predicted", Net::COUNT);
    for epoch in 1..=10 {
        let told = told(trainer.network()?, &inputs)?;
        println!("{epoch:5}  {:.3}  {told}", trainer.update(&inputs, Each(&targets))?.loss);
    }
    for _ in 10..100 {
        trainer.update(&inputs, Each(&targets))?;
    }

    println!("\nProbability of each letter after 100 epochs:\n\nhas read     h     e     l     o");
    for length in 1..=inputs.len() {
        let probabilities = network.probabilities(&inputs[..length])?;
        println!("{:8}{}", text(&inputs[..length]), probabilities.map(|p| format!("{:5.0}%", 100.0 * p)).concat());
    }
    let seed = &inputs[..1];
    let written = network.generate(seed, Sampler::GREEDY, Xoshiro128::from_seed(0), 4, None)?;
    println!("\nFrom \"h\" it writes {}{}.", text(seed), text(&written.collect::<Result<Vec<_>, _>>()?));
    Ok(())
}

/// Returns the letter that is most probable after each letter read.
fn told(network: &Net, inputs: &[Letter]) -> Result<String, Failure> {
    let mut told = [Class::default(); 4];
    network.label(inputs, &mut told)?;
    Ok(text(&told))
}

fn letters(word: &str) -> Result<Vec<Letter>, Failure> {
    let place = |letter| LETTERS.iter().position(|&other| other == letter).unwrap_or(LETTERS.len());
    Ok(word.chars().map(|letter| Letter::new(place(letter))).collect::<Result<_, _>>()?)
}

fn text(letters: &[Letter]) -> String {
    letters.iter().map(|letter| LETTERS[letter.index()]).collect()
}
