//! Course of training: loss, accuracy and gradient norm by epoch.

use super::chart::{Chart, Curve, Scale};
use super::number;
use super::page::{Section, figure};
use elman_trainer::{Epoch, History};

const ABOUT: &str = "Each point is an epoch, one pass through the training samples. \
    Good: both losses fall and stay close; bad: the validation loss rises while the training loss falls (overfitting), \
    or both stay high (underfitting).";

/// Returns a section on the course of a training run.
pub fn section(history: &History) -> Section {
    let (id, title) = ("training", "Training");
    let epochs = &history.epochs;
    let mark = history.best().map(|best| best.epoch as f64);
    let chart = |title, axis, scale, curves: Vec<Curve>| Chart { title, axes: ["epoch", axis], scale, curves, mark };
    let loss = chart(
        "Loss by epoch",
        "mean loss",
        Scale::Linear,
        vec![curve("training", epochs, |e| Some(e.train_loss)), curve("validation", epochs, |e| e.valid_loss)],
    );
    let accuracy = chart(
        "Accuracy by epoch",
        "correct targets",
        Scale::Share,
        vec![curve("training", epochs, |e| e.train_accuracy), curve("validation", epochs, |e| e.valid_accuracy)],
    );
    let norm = chart(
        "Gradient norm by epoch",
        "mean gradient norm",
        Scale::Log,
        vec![curve("before clipping", epochs, |e| e.gradient_norm)],
    );
    let marked = if mark.is_some() { " The line marks the epoch with the lowest validation loss." } else { "" };
    let captions = [
        format!("Mean loss per sample; cross-entropy is in nats.{marked}"),
        format!("Share of targets predicted correctly.{marked}"),
        "Euclidean norm of the gradient before clipping, averaged over the epoch's updates.".to_string(),
    ];
    let figures = [loss, accuracy, norm].map(present).into_iter().zip(captions).filter_map(|(chart, caption)| {
        let svg = chart.svg()?;
        Some(super::drawn(svg, |svg| figure(&chart.key(), svg, &caption)))
    });
    let body: String = figures.collect();
    if body.is_empty() {
        return Section::empty(id, title, ABOUT, "Nothing to show: no epoch with a finite loss was recorded.");
    }
    Section { id, title: title.to_string(), about: ABOUT, finding: finding(history), body }
}

fn curve(name: &str, epochs: &[Epoch], of: impl Fn(&Epoch) -> Option<f64>) -> Curve {
    let point = |epoch: &Epoch| (epoch.epoch as f64, of(epoch).unwrap_or(f64::NAN));
    Curve { name: name.to_string(), points: epochs.iter().map(point).collect() }
}

/// Removes the curves without a finite point.
fn present(mut chart: Chart<'_>) -> Chart<'_> {
    chart.curves.retain(|curve| curve.points.iter().any(|(_, y)| y.is_finite()));
    chart
}

fn finding(history: &History) -> String {
    let Some(last) = history.epochs.last() else { return String::new() };
    let seconds: f64 = history.epochs.iter().map(|epoch| epoch.seconds).sum();
    let took = format!("{} epochs, {} updates, {} s.", last.epoch, number::count(last.updates), number::short(seconds));
    let best = history.best().and_then(|best| Some((best, best.valid_loss?)));
    match best {
        Some((best, loss)) => {
            let right =
                best.valid_accuracy.map_or_else(String::new, |share| format!(", {} correct", number::percent(share)));
            format!("{took} Best on validation: epoch {} with a loss of {}{right}.", best.epoch, number::short(loss))
        }
        None => format!("{took} Final training loss: {}.", number::short(last.train_loss)),
    }
}
