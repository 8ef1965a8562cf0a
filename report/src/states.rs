//! The hidden state over a sequence.

use super::Series;
use super::heatmap::{COLUMNS, Ramp, over_time, shown};
use super::page::{Section, figure};

const ABOUT: &str = "A row is a unit, a column a time step, the colour its value after that step; what reads backwards goes from \
    right to left. Good: rows that differ and change with the input; bad: rows that never change, or all at −1 or 1 from the start, which can learn no more.";

/// Parts of the state over a sequence.
pub fn section(states: &[Series<Vec<f64>>]) -> Section {
    let (id, title) = ("states", "Hidden state");
    let body: String = states.iter().filter_map(picture).collect();
    if body.is_empty() {
        return Section::empty(id, title, ABOUT, "Nothing to show: there is no step with a finite state.");
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

/// Describes the units of a hidden state: how many are stuck, how many saturated.
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
    Some(format!("{name}: of {units} units {still} never move by 0.001, {saturated} stay beyond ±0.99."))
}
