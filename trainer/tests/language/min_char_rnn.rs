//! The model of min-char-rnn from stored initial weights: losses and weights agree with numpy's.

use elman::{Libm, Math, Parameters, Token, Trainer, Workspace};
use elman_trainer::language::Streams;
use elman_trainer::language::min_char_rnn::{Adagrad, Net, Root, STEPS, SmoothLoss, UNITS, config, start};
use elman_trainer::zeroed;
use safetensors::SafeTensors;

const FILE: &[u8] = include_bytes!("../../../host-tests/golden/min_char_rnn.safetensors");
const SYMBOLS: usize = 65;

fn text(key: &str) -> String {
    let (_, header) = SafeTensors::read_metadata(FILE).unwrap();
    header.metadata().as_ref().unwrap()[key].clone()
}

fn golden(name: &str) -> Vec<f64> {
    let file = SafeTensors::deserialize(FILE).unwrap();
    file.tensor(name).unwrap().data().as_chunks().0.iter().map(|&value| f64::from_le_bytes(value)).collect()
}

/// Returns the first ten windows of the text, and one more character.
fn beginning() -> Vec<Token<SYMBOLS>> {
    let vocabulary = text("vocab");
    let index = |character| vocabulary.chars().position(|known| known == character).unwrap();
    text("beginning").chars().map(|character| Token::new(index(character)).unwrap()).collect()
}

/// Trains on the first ten windows and returns their losses; `look` is called with the network after each
/// window.
fn learn<M: Math<Scalar = T>, T>(mut look: impl FnMut(usize, &Net<SYMBOLS, M, T>)) -> Vec<f64>
where
    T: Root + Into<f64>,
    Net<SYMBOLS, M, T>: zerocopy::FromZeros,
    Workspace<Net<SYMBOLS, M, T>, Adagrad<T>, STEPS, STEPS>: zerocopy::FromZeros,
{
    let mut network = zeroed::<Net<SYMBOLS, M, T>>();
    let mut work = zeroed();
    start(&mut network, FILE).unwrap();
    let text = beginning();
    let mut streams = Streams::new(&text, 1);
    let learned = (1..=streams.updates(STEPS)).map(|update| {
        let mut trainer = Trainer::new(&mut *network, &mut work, config()).unwrap();
        let loss = streams.update(&mut trainer).unwrap();
        look(update, trainer.network().unwrap());
        loss
    });
    learned.collect()
}

#[test]
fn the_first_losses_are_numpys() {
    let mut compared = 0;
    let losses = learn::<Libm<f64>, _>(|update, network| {
        if update == 1 || update == 10 {
            compared += compare(&format!("after{update}"), network, if update == 1 { 1e-12 } else { 1e-7 });
        }
    });
    assert_eq!(losses.len(), 10);
    assert_eq!(compared, 2);
    for (update, (loss, expected)) in losses.iter().zip(golden("losses")).enumerate() {
        assert!((loss - expected).abs() < 1e-7, "update {update}: {loss}, numpy {expected}");
    }
}

/// Compares biases one by one, and matrices by their row sums, with numpy's. Returns 1, so that calls can be
/// counted.
fn compare(when: &str, network: &Net<SYMBOLS, Libm<f64>, f64>, most: f64) -> usize {
    let affine = &network.cell.affine;
    let sums = |rows: &[f64], outputs: usize| -> Vec<f64> {
        (0..outputs).map(|output| rows.iter().skip(output).step_by(outputs).sum()).collect()
    };
    let ours = [
        ("bh", affine.b[0][0].to_vec()),
        ("by", network.readout.b.to_vec()),
        ("Wxh.rows", sums(affine.w_ih.as_flattened().as_flattened(), UNITS)),
        ("Whh.rows", sums(affine.w_hh.as_flattened().as_flattened(), UNITS)),
        ("Why.rows", sums(network.readout.w.as_flattened(), SYMBOLS)),
    ];
    for (name, ours) in ours {
        let expected = golden(&format!("{when}/{name}"));
        assert_eq!(ours.len(), expected.len());
        for (at, (ours, expected)) in ours.iter().zip(expected).enumerate() {
            assert!((ours - expected).abs() < most, "{when}/{name}[{at}]: {ours}, numpy {expected}");
        }
    }
    1
}

#[test]
fn in_single_precision_the_first_losses_are_near() {
    let losses = learn::<Libm<f32>, _>(|_, _| {});
    for (loss, expected) in losses.iter().zip(golden("losses")).take(2) {
        assert!((loss - expected).abs() < 1e-3, "{loss}, numpy in double precision {expected}");
    }
}

#[test]
fn the_smooth_loss_begins_with_a_guess() {
    let mut smooth = SmoothLoss::new(SYMBOLS);
    assert!((smooth.value() - 104.359_681_7).abs() < 1e-6, "{}", smooth.value());
    let (losses, expected) = (golden("losses"), golden("smooth_every100"));
    let mut at = Vec::new();
    for loss in losses {
        smooth.add(loss);
        at.push(smooth.value());
    }
    assert!((at[0] - expected[0]).abs() < 1e-9 && (at[100] - expected[1]).abs() < 1e-9, "{at:?}");
}

#[test]
fn a_file_that_does_not_fit_is_refused() {
    let mut network = zeroed::<Net<64, Libm<f32>, f32>>();
    assert!(start(&mut network, FILE).is_err(), "another alphabet");
    for length in [0, 7, 100, FILE.len() - 1] {
        assert!(start(&mut zeroed::<Net<SYMBOLS, Libm<f32>, f32>>(), &FILE[..length]).is_err());
    }
    assert_eq!(<Net<SYMBOLS, Libm<f32>, f32> as Parameters>::COUNT, 65 * 100 + 100 * 100 + 100 + 100 * 65 + 65);
}
