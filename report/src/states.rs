//! Hidden state over a sequence.

use super::Series;
use super::heatmap::{COLUMNS, Ramp, over_time, shown};
use super::page::{Section, figure};

const ABOUT: &str = "Rows are units, columns are time steps, colours are values after the step; a backward direction reads from \
    right to left. Good: rows that differ and change with the input; bad: rows that never change, or that all stay at −1 or 1 from the start and can learn no more.";

/// Returns a section on parts of the state over a sequence.
pub fn section(states: &[Series<Vec<f64>>]) -> Section {
    let (id, title) = ("states", "Hidden state");
    let body: String = states.iter().filter_map(picture).collect();
    if body.is_empty() {
        return Section::empty(id, title, ABOUT, "Nothing to show: no step has a finite state.");
    }
    let finding = states.iter().filter_map(finding).collect::<Vec<_>>().join(" ");
    Section { id, title: title.to_string(), about: ABOUT, finding, body }
}

fn picture(Series { name, steps }: &Series<Vec<f64>>) -> Option<String> {
    let ramp = Ramp::diverging(steps.iter().take(COLUMNS).flatten());
    let svg = over_time(&format!("{name} over time"), steps, ramp)?;
    let caption = format!("{name} after each of {}", shown(steps));
    Some(super::drawn(svg, |svg| figure(&ramp.key(["", ""]), svg, &caption)))
}

/// Returns a sentence on how many units of a hidden state are stuck and how many are saturated.
fn finding(Series { name, steps }: &Series<Vec<f64>>) -> Option<String> {
    let [first, _, ..] = &steps[..] else { return None };
    if !name.starts_with('h') {
        return None;
    }
    let count = |is: &dyn Fn(&f64, &f64) -> bool| {
        let all = |(unit, first): &(usize, &f64)| steps.iter().filter_map(|step| step.get(*unit)).all(|x| is(x, first));
        first.iter().enumerate().filter(all).count()
    };
    let still = count(&|x, first| (x - first).abs() < 1e-3);
    let saturated = count(&|x, _| x.abs() > 0.99);
    let units = first.len();
    Some(format!("{name}: of {units} units, {still} never move by 0.001 and {saturated} stay beyond ±0.99."))
}
