//! How the gradient of the state fares on its way back through time.

use super::Series;
use super::chart::{Chart, Curve, Scale};
use super::number;
use super::page::{Section, figure};

const ABOUT: &str = "The Euclidean norm of the last target's loss gradient with respect to the state after each step: how far \
    back that target reaches. Good: a level curve; bad: one that falls by many decades to the left (vanishing: early steps teach \
    nothing) or rises (exploding: clip it).";

/// The norm of the gradient over time, a curve for each part of the state.
pub fn section(parts: &[Series<f64>]) -> Section {
    let (id, title) = ("gradient", "Gradient through time");
    let curve = |part: &Series<f64>| Curve {
        name: format!("∂L/∂{}", part.name),
        points: part.steps.iter().enumerate().map(|(t, norm)| (t as f64, *norm)).collect(),
    };
    let chart = Chart {
        title: "Norm of the state's gradient by time step",
        axes: ["time step", "gradient norm"],
        scale: Scale::Log,
        curves: parts.iter().map(curve).collect(),
        mark: None,
    };
    let Some(svg) = chart.svg() else {
        return Section::empty(
            id,
            title,
            ABOUT,
            "Nothing to show: no step has a gradient that is finite and not zero.",
        );
    };
    let gaps = parts.iter().flat_map(|part| &part.steps).filter(|norm| !norm.is_finite() || **norm <= 0.0).count();
    let mut caption = "Norm of the gradient after each step, on a scale of decades.".to_string();
    if gaps > 0 {
        caption += &format!(" Norms left out because they are zero or not finite: {}.", number::count(gaps));
    }
    let body = super::drawn(svg, |svg| figure(&chart.key(), svg, &caption));
    let finding = parts.iter().map(finding).collect::<Vec<_>>().join(" ");
    Section { id, title: title.to_string(), about: ABOUT, finding, body }
}

/// From the last step to the first.
fn finding(Series { name, steps: norms }: &Series<f64>) -> String {
    let mut told = norms.iter().enumerate().filter(|(_, norm)| norm.is_finite() && **norm > 0.0);
    let (Some((early, first)), Some((late, last))) = (told.next(), told.next_back()) else { return String::new() };
    let (steps, ratio) = (late - early, first / last);
    let faded = norms.iter().take(late).rposition(|norm| *norm < last / 100.0);
    let faded = faded.map_or_else(String::new, |t| format!(", below a hundredth after {}", number::count(late - t)));
    let verdict = match ratio {
        r if r < 1e-3 => "vanishes",
        r if r > 1e3 => "explodes",
        _ => "is carried",
    };
    let (all, a_step) = (number::short(ratio), number::short(ratio.powf(1.0 / steps as f64)));
    let steps = number::count(steps);
    format!("Over {steps} steps back ∂L/∂{name} {verdict}: ×\u{a0}{a_step} a step, ×\u{a0}{all} in all{faded}.")
}
