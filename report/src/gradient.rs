//! Gradient of the state in the backward pass through time.

use super::chart::{Chart, Curve, Scale};
use super::number;
use super::page::{Section, figure};

const ABOUT: &str = "Euclidean norm of the gradient of one target's loss with respect to the state after each step: how far its \
    an effect reaches. The target is the last one or, where layers read both ways, the middle one; then a line marks its step. \
    Good: a level curve; bad: one that falls by many decades away from the target (vanishing: distant steps teach nothing) \
    or rises (exploding: clip it). It is zero where no path leads from the state to the target.";

/// Reach of one target's loss through time.
#[derive(Clone, Debug, PartialEq)]
pub struct Reach {
    /// Part of the state to which the gradient belongs, such as `h` or `c of layer 2`.
    pub name: String,
    /// Step at which the gradient starts, usually the target's step. The gradient runs back from this step or, in a
    /// backward direction, ahead.
    pub from: usize,
    /// Euclidean norm of the gradient after each step.
    pub norms: Vec<f64>,
}

/// Returns a section on the norm of the gradient over time, with a curve for each part of the state.
pub fn section(parts: &[Reach]) -> Section {
    let (id, title) = ("gradient", "Gradient through time");
    let curve = |part: &Reach| Curve {
        name: format!("∂L/∂{}", part.name),
        points: part.norms.iter().enumerate().map(|(t, norm)| (t as f64, *norm)).collect(),
    };
    let chart = Chart {
        title: "Norm of the state's gradient by time step",
        axes: ["time step", "gradient norm"],
        scale: Scale::Log,
        curves: parts.iter().map(curve).collect(),
        mark: within(parts).map(|step| step as f64),
    };
    let Some(svg) = chart.svg() else {
        return Section::empty(id, title, ABOUT, "Nothing to show: no step has a finite, nonzero gradient.");
    };
    let norms = || parts.iter().flat_map(|part| &part.norms);
    let (zeros, broken) =
        (norms().filter(|norm| **norm == 0.0).count(), norms().filter(|norm| !norm.is_finite()).count());
    let mut caption = "Norm of the gradient after each step, on a logarithmic scale.".to_string();
    for (what, gaps) in [("zero", zeros), ("not finite", broken)] {
        if gaps > 0 {
            caption += &format!(" Left out because they are {what}: {}.", number::count(gaps));
        }
    }
    let body = super::drawn(svg, |svg| figure(&chart.key(), svg, &caption));
    let finding = parts.iter().flat_map(finding).collect::<Vec<_>>().join(" ");
    Section { id, title: title.to_string(), about: ABOUT, finding, body }
}

/// Returns the step at which all gradients start; `None` if they start at different steps, or at either end.
fn within(parts: &[Reach]) -> Option<usize> {
    let Reach { from, norms, .. } = parts.first()?;
    (parts.iter().all(|part| part.from == *from) && (1..norms.len().saturating_sub(1)).contains(from)).then_some(*from)
}

/// Describes how the gradient changes before and after the step at which it starts.
fn finding(Reach { name, from, norms }: &Reach) -> impl Iterator<Item = String> {
    let (before, after) = (norms.get(..=*from).unwrap_or(norms), norms.get(*from..).unwrap_or(&[]));
    let back = way(&format!("back ∂L/∂{name}"), before.iter().rev());
    let ahead = way(&format!("ahead ∂L/∂{name}"), after.iter());
    back.into_iter().chain(ahead)
}

/// Describes how the gradient changes from step to step; `None` if fewer than two norms are finite and positive.
fn way<'a>(what: &str, norms: impl Iterator<Item = &'a f64>) -> Option<String> {
    let told: Vec<(usize, f64)> =
        norms.copied().enumerate().filter(|(_, norm)| norm.is_finite() && *norm > 0.0).collect();
    let [(near, first), .., (far, last)] = told[..] else { return None };
    let (steps, ratio) = (far - near, last / first);
    let faded = told.iter().find(|(_, norm)| *norm < first / 100.0);
    let faded =
        faded.map_or_else(String::new, |(t, _)| format!(", below a hundredth after {}", number::count(t - near)));
    let verdict = match ratio {
        r if r < 1e-3 => "vanishes",
        r if r > 1e3 => "explodes",
        _ => "persists",
    };
    let (all, a_step) = (number::short(ratio), number::short(ratio.powf(1.0 / steps as f64)));
    let steps = if steps == 1 { "1 step".to_string() } else { format!("{} steps", number::count(steps)) };
    Some(format!("Over {steps} {what} {verdict}: ×\u{a0}{a_step} per step, ×\u{a0}{all} in total{faded}."))
}
