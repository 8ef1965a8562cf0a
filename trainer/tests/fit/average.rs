//! Averaged weights: they follow their formulas, and are validated and returned in place of the weights.

use super::problem::{Net, Sample, T, bits, samples, start, timeless};
use elman::optim::{Optimizer, Rounded};
use elman::parameters::Path;
use elman::{CrossEntropy, Last, Parameters, Sgd};
use elman_trainer::fit::{Average, Fit, Fitted, fit};

const COUNT: usize = 6;
const EPOCHS: usize = 5;

fn how<'a>(average: Option<Average>) -> Fit<'a, Sgd, T> {
    Fit { epochs: EPOCHS, batch: 2, average, ..Fit::new(Sgd { rate: 0.5 }) }
}

fn run(how: &Fit<'_, Sgd, T>, valid: &[Sample]) -> (Net, Fitted) {
    let mut network = start();
    let fitted = fit(&mut network, &samples(COUNT, 1), valid, how).unwrap();
    (network, fitted)
}

fn numbers(network: &Net) -> Vec<f64> {
    let mut numbers = Vec::new();
    network.view(Path::ROOT, &mut |_, values| numbers.extend(values.iter().map(|&value| f64::from(value))));
    numbers
}

/// Returns the weights at the end of each epoch.
fn epochs() -> Vec<Vec<f64>> {
    let until = |epochs| numbers(&run(&Fit { epochs, ..how(None) }, &[]).0);
    (1..=EPOCHS).map(until).collect()
}

#[track_caller]
fn close(network: &Net, wanted: &[f64]) {
    for (found, wanted) in numbers(network).iter().zip(wanted) {
        assert!((found - wanted).abs() <= 1e-7 * wanted.abs().max(1.0), "{found} instead of {wanted}");
    }
}

/// With all samples in one batch, an epoch is one update, so the weights after each update are known.
#[test]
fn an_exponential_average_follows_its_formula() {
    let all = |epochs, average| Fit { epochs, batch: COUNT, average, ..how(None) };
    for decay in [0.0, 0.7, 0.999] {
        let mut average: Option<Vec<f64>> = None;
        for updates in 1..=EPOCHS {
            let weights = numbers(&run(&all(updates, None), &[]).0);
            let mixed = |before: Vec<f64>| {
                before.iter().zip(&weights).map(|(m, w)| decay * m + (1.0 - decay) * w).collect::<Vec<_>>()
            };
            average = Some(average.map_or_else(|| weights.clone(), mixed));
        }
        let (network, _) = run(&all(EPOCHS, Some(Average::Exponential { decay })), &[]);
        close(&network, &average.unwrap());
    }
}

#[test]
fn an_average_over_epochs_is_their_mean() {
    let epochs = epochs();
    for from in 1..=EPOCHS {
        let counted = &epochs[from - 1..];
        let mean = |i| counted.iter().map(|weights| weights[i]).sum::<f64>() / counted.len() as f64;
        let wanted: Vec<f64> = (0..Net::COUNT).map(mean).collect();
        close(&run(&how(Some(Average::Epochs { from })), &[]).0, &wanted);
    }
}

/// An average of only the last epoch's weights has the bits of these weights.
#[test]
fn an_average_of_one_is_the_weights() {
    for one in [Average::Epochs { from: EPOCHS }, Average::Exponential { decay: 0.0 }] {
        assert_eq!(bits(&run(&how(Some(one)), &[]).0), bits(&run(&how(None), &[]).0));
    }
}

fn mean_loss(network: &Net, samples: &[Sample]) -> f64 {
    let loss =
        |sample: &Sample| f64::from(network.evaluate(&CrossEntropy, &sample.inputs, Last(sample.target)).unwrap());
    samples.iter().map(loss).sum::<f64>() / samples.len() as f64
}

/// The validation loss of an epoch is that of the average at its end, and the run returns the best average.
#[test]
fn the_average_is_validated_and_returned() {
    let valid = samples(20, 9);
    for average in [Average::Exponential { decay: 0.6 }, Average::Epochs { from: 2 }] {
        let averaging = how(Some(average));
        let (network, fitted) = run(&averaging, &valid);
        for (epoch, found) in (1..).zip(&fitted.history.epochs) {
            // Before the average begins, the weights themselves are validated.
            let begun = !matches!(average, Average::Epochs { from } if from > epoch);
            let (network, _) = run(&Fit { epochs: epoch, average: begun.then_some(average), ..averaging }, &[]);
            let wanted = mean_loss(&network, &valid);
            assert!((found.valid_loss.unwrap() - wanted).abs() < 1e-6, "{average:?} {epoch}: {found:?}");
        }
        let best = fitted.history.best().unwrap().valid_loss.unwrap();
        assert!((mean_loss(&network, &valid) - best).abs() < 1e-6);
    }
}

/// Training continues from the weights, not from their average.
#[test]
fn training_is_as_without_it() {
    let valid = samples(20, 9);
    let plain = timeless(&run(&how(None), &[]).1.history);
    for average in [Average::Exponential { decay: 0.6 }, Average::Epochs { from: 2 }] {
        assert_eq!(timeless(&run(&how(Some(average)), &[]).1.history), plain);
        let losses =
            |fitted: Fitted| fitted.history.epochs.into_iter().map(|epoch| epoch.train_loss).collect::<Vec<_>>();
        assert_eq!(losses(run(&how(Some(average)), &valid).1), losses(run(&how(None), &valid).1));
    }
}

/// An average of weights that 8 bits hold is not held by 8 bits: it is rounded like them, and so are the weights of the best epoch.
#[test]
fn an_average_of_rounded_weights_is_rounded() {
    let rounded = Rounded::<_>::new(Sgd { rate: 0.5 });
    for average in [None, Some(Average::Exponential { decay: 0.7 }), Some(Average::Epochs { from: 2 })] {
        for valid in [vec![], samples(4, 2)] {
            let how = Fit { epochs: EPOCHS, batch: 2, average, ..Fit::<_, T>::new(rounded) };
            let mut network = start();
            fit(&mut network, &samples(COUNT, 1), &valid, &how).unwrap();
            let mut again = network.clone();
            rounded.adjust(&mut again);
            assert_eq!(bits(&again), bits(&network), "{average:?}");
            assert_ne!(bits(&network), bits(&start()));
        }
    }
}
