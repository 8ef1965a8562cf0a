//! Gates of a cell over time.

use super::Series;
use super::heatmap::{Ramp, over_time, shown};
use super::number;
use super::page::{Section, figure, table};

const ABOUT: &str = "A gate scales a signal by a factor from 0 (closed) to 1 (open), for each unit at each step. \
    Good: gates that respond to the input, some of them nearly open for long memory; bad: gates that all stay at one half \
    (nothing learned) or all fully closed or open (no further learning).";

/// Returns a section on the gates over a sequence.
pub fn section(gates: &[Series<Vec<f64>>]) -> Section {
    let (id, title) = ("gates", "Gates");
    let figures: String = gates.iter().filter_map(picture).collect();
    if figures.is_empty() {
        return Section::empty(
            id,
            title,
            ABOUT,
            "Nothing to show: the cell has no gates, or the sequence has no steps.",
        );
    }
    let heading = ["gate", "mean", "below 0.1", "above 0.9"];
    let body = table(&heading, &gates.iter().map(row).collect::<Vec<_>>()) + &figures;
    Section { id, title: title.to_string(), about: ABOUT, finding: String::new(), body }
}

fn picture(Series { name, steps }: &Series<Vec<f64>>) -> Option<String> {
    let ramp = Ramp::Sequential(1.0);
    let svg = over_time(&format!("Gate {name} over time"), steps, ramp)?;
    let caption = format!("Gate {name} at each of {}", shown(steps));
    Some(super::drawn(svg, |svg| figure(&ramp.key(["closed", "open"]), svg, &caption)))
}

/// Returns a table row: the gate's name, its mean, and the shares of nearly closed and of nearly open values.
fn row(Series { name, steps }: &Series<Vec<f64>>) -> Vec<String> {
    let all: Vec<f64> = steps.iter().flatten().copied().filter(|x| x.is_finite()).collect();
    let share = |of: fn(&&f64) -> bool| all.iter().filter(of).count() as f64 / all.len() as f64;
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    let shares = [share(|x| **x < 0.1), share(|x| **x > 0.9)];
    [name.clone(), number::short(mean)].into_iter().chain(shares.map(number::percent)).collect()
}
