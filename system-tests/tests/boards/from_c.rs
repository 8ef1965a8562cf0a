//! The program `c-example/main.c`, which uses the C library, learns the same bits as the same program in Rust.

use elman::int8::{self, Calibration, PerGate};
use elman::optim::RmsProp;
use elman::parameters::Path;
use elman::vocabulary::{Encode, Vocabulary};
use elman::{Adam, Class, Clip, Config, Dense, Each, Embedding, Fast, Gru, Last, Libm, Lstm, Network, Parameters};
use elman::{Image, Part, Reduction, Sampler, Stacked, Token, Trainer, Workspace, Xoshiro128, Zero, init};

/// Output of the program in C.
const SAID: &str = include_str!("../../../c-example/main.out");

const STEPS: usize = 16;
type Net = Network<Gru<2, 8>, Dense<8, 3>>;
type Work = Workspace<Net, Adam, STEPS>;
type Learn<'a> = Trainer<'a, Work>;

fn draw(seed: &mut u32) -> u32 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    *seed
}

fn uniform(seed: &mut u32) -> f32 {
    (draw(seed) >> 8) as f32 / 8_388_608.0 - 1.0
}

fn example(seed: &mut u32) -> (Vec<[f32; 2]>, Class<3>) {
    let label = draw(seed) % 3;
    let steps = STEPS as u32 / 2 + draw(seed) % (STEPS as u32 / 2 + 1);
    let mut value = uniform(seed);
    let change = (label as f32 - 1.0) / steps as f32;
    let mut next = || {
        let noise = 0.25 * uniform(seed);
        let x = [value + noise, noise];
        value += change;
        x
    };
    ((0..steps).map(|_| next()).collect(), Class::new(label as usize).unwrap())
}

fn hash(network: &impl Parameters<Scalar = f32>) -> u32 {
    let mut sum = 2_166_136_261_u32;
    network.view(Path::ROOT, &mut |_, values| {
        values.iter().for_each(|value| sum = (sum ^ value.to_bits()).wrapping_mul(16_777_619));
    });
    sum
}

fn learned(mut shown: impl FnMut(usize, f32)) -> Net {
    let (mut network, mut work, mut seed) = (Net::ZERO, Work::ZERO, 1);
    init::uniform_fan::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(1));
    let config = Config { clip: Clip::Norm(1.0), ..Config::new(Adam::new(0.01)) };
    let mut trainer = Learn::new(&mut network, &mut work, config).unwrap();
    let mut sum = 0.0;
    for done in 1..=2000 {
        let (xs, class) = example(&mut seed);
        sum += trainer.update(&xs, Last(class)).unwrap().loss;
        if done % 400 == 0 {
            shown(done, sum / 400.0);
            sum = 0.0;
        }
    }
    network
}

#[test]
fn c_learns_the_bits_of_rust() {
    let (bytes, work) = (size_of::<Net>(), size_of::<Work>());
    let mut lines = format!("{bytes} bytes of weights, {work} for training\n");
    let network = learned(|done, loss| lines += &format!("update {done}: mean loss {loss:.4}\n"));
    lines += &format!("weights {0:08x}\nweights {0:08x} after ", hash(&network));
    assert!(SAID.starts_with(&lines), "Rust says\n{lines}");
}

#[test]
fn c_classifies_as_rust_does() {
    let (network, mut seed) = (learned(|_, _| ()), 2);
    let right = (0..200).filter(|_| {
        let (xs, class) = example(&mut seed);
        network.classify(&xs) == Ok(class)
    });
    let line = format!("\n{} of 200 unseen sequences are classified correctly\n", right.count());
    assert!(SAID.contains(&line), "Rust says{line}");
}

#[test]
fn c_answers_in_integers_as_rust_does() {
    let (network, mut seed) = (learned(|_, _| ()), 1);
    let sequences: Vec<_> = (0..8).map(|_| example(&mut seed).0).collect();
    let mut calibration = Calibration::new(&network);
    sequences.iter().for_each(|xs| calibration.observe(xs).unwrap());
    let small = calibration.quantize::<PerGate>().unwrap();
    let (mut seed, mut same, mut right) = (2, 0, 0);
    for _ in 0..200 {
        let (xs, class) = example(&mut seed);
        let answer = small.classify(&xs);
        same += usize::from(answer == network.classify(&xs));
        right += usize::from(answer == Ok(class));
    }
    let mut state = <int8::Gru<2, 8> as Part>::State::ZERO;
    small.step(&mut state, &[0.5, -0.25]);
    let [a, b, c] = small.step(&mut state, &[1000_i16, -2000]);
    let bytes = size_of_val(&small);
    let lines = format!(
        "\nin integers {bytes} bytes, image of {}: whole 0, a bit changed -7, no sequence -1\n\
         {same} of 200 are classified as before, {right} correctly; scores {a:.4} {b:.4} {c:.4}\n",
        Image::<Network<int8::Gru<2, 8>, int8::Dense<8, 3>>>::BYTES
    );
    assert!(SAID.contains(&lines), "Rust says{lines}");
}

type Writer = Network<Stacked<Embedding<32, 8, Fast>, Stacked<Gru<8, 12, Fast>, Lstm<12, 12, Fast>>>, Dense<12, 32>>;

#[test]
fn c_writes_as_rust_does() {
    let mut letters = Vocabulary::<32, 28>::new();
    letters.insert_chars("abcdefghijklmnopqrstuvwxyz .").unwrap();
    let how = Encode { sos: true, eos: true, ..Encode::PLAIN };
    let tokens = letters.encode_chars::<33>("the tea is not bad.", how).unwrap();
    let (mut network, mut work) = (Writer::ZERO, Workspace::<_, RmsProp, 8, 8, 4>::ZERO);
    let mut rng = Xoshiro128::from_seed(1);
    init::uniform_fan::<Libm<f32>, _>(&mut network, &mut rng);
    init::embedding(&mut network.cell.lower, &mut rng);
    let config = Config { clip: Clip::Norm(1.0), steps: Reduction::Mean, ..Config::new(RmsProp::new(0.01)) };
    let mut trainer = Trainer::new(&mut network, &mut work, config).unwrap();
    let (inputs, targets) = (&tokens[..tokens.len() - 1], Each(&tokens[1..]));
    let loss = (0..200).map(|_| trainer.update(inputs, targets).unwrap().loss).last().unwrap();
    let [sos, eos] = [Token::new(1).unwrap(), Token::new(2).unwrap()];
    let mut rng = Xoshiro128::from_seed(1);
    let written = network.generate(&[sos], Sampler::temperature(0.5).unwrap(), &mut rng, 31, Some(eos)).unwrap();
    let written: Vec<_> = written.map(Result::unwrap).collect();
    let text = letters.decode_chars(&written);
    let lines = format!("\nwriter {:08x}, loss {loss:.4}\n", hash(&network));
    assert!(SAID.contains(&lines), "Rust says{lines}");
    assert!(SAID.contains(&format!(" whole 0, it writes: {text}\n")), "Rust writes {text}");
}
