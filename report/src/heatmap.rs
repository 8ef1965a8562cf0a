//! Values on a grid, shown as colours.

use super::chart::{Axis, Fault, WIDTH, frame, whole};
use super::number;
use super::svg::Canvas;
use std::fmt::Write;
use std::ops::Range;

/// Maximum number of columns drawn; longer sequences are cut off.
pub const COLUMNS: usize = 240;
/// Maximum number of rows drawn; of more rows, only evenly spaced ones are drawn.
const ROWS: usize = 256;

/// Colour scale for values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ramp {
    /// Eleven colours from −limit to limit, centred on 0.
    Diverging(f64),
    /// Nine colours from 0 to limit.
    Sequential(f64),
}

impl Ramp {
    /// Returns a scale that covers all values except the 2 % of largest magnitude; a limit from 0.5 to 1 becomes 1.
    pub fn diverging<'a>(numbers: impl Iterator<Item = &'a f64>) -> Self {
        let mut sizes: Vec<f64> = numbers.map(|x| x.abs()).filter(|x| x.is_finite()).collect();
        sizes.sort_by(f64::total_cmp);
        match sizes.get(sizes.len() * 49 / 50).copied() {
            Some(limit) if limit > 0.0 && !(0.5..=1.0).contains(&limit) => Self::Diverging(limit),
            _ => Self::Diverging(1.0),
        }
    }

    /// Returns the colour class of a value; `None` if it is not finite.
    pub fn class(self, x: f64) -> Option<String> {
        let (letter, low, limit, levels) = match self {
            Self::Diverging(limit) => ('d', -limit, limit, 11.0),
            Self::Sequential(limit) => ('q', 0.0, limit, 9.0),
        };
        let level = ((x - low) / (limit - low) * levels).floor().clamp(0.0, levels - 1.0);
        x.is_finite().then(|| format!("{letter}{level}"))
    }

    /// Returns a key to the colours as HTML, with a value and a word at each end.
    pub fn key(self, [least, most]: [&str; 2]) -> String {
        let (letter, levels, low, high) = match self {
            Self::Diverging(limit) => ('d', 11, number::short(-limit), number::short(limit)),
            Self::Sequential(limit) => ('q', 9, "0".to_string(), number::short(limit)),
        };
        let colours: String = (0..levels).map(|level| format!("<i class=\"{letter}{level}\"></i>")).collect();
        format!("<p class=\"ramp\">{least} {low} <span>{colours}</span> {high} {most}</p>\n")
    }
}

/// Draws `rows` over an area of the picture, the first at the top. Neighbouring cells of one class form a stroke.
pub fn cells(canvas: &mut Canvas, [x, y]: &[Range<f64>; 2], rows: &[Vec<Option<String>>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let (wide, high) = ((x.end - x.start) / columns as f64, (y.end - y.start) / rows.len().max(1) as f64);
    let mut strokes = std::collections::BTreeMap::<&str, String>::new();
    for (r, row) in rows.iter().enumerate() {
        let mut c = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if let Some(Some(class)) = run.first() {
                let _ = write!(strokes.entry(class).or_default(), "M{c} {r}h{}", run.len());
            }
            c += run.len();
        }
    }
    let place = format!("translate({:.2} {:.2}) scale({wide:.4} {high:.4})", x.start, y.start + high / 2.0);
    canvas.add(&format!("<g class=\"cells\" transform=\"{place}\">\n"));
    for (class, d) in strokes {
        canvas.add(&format!("<path class=\"{class}\" d=\"{d}\"/>\n"));
    }
    canvas.add("</g>\n");
}

/// Draws the values `steps[t][unit]` over time; returns `None` if none of them is finite.
pub fn over_time(title: &str, steps: &[Vec<f64>], ramp: Ramp) -> Option<Result<String, Fault>> {
    let steps = steps.get(..COLUMNS).unwrap_or(steps);
    steps.iter().flatten().any(|x| x.is_finite()).then(|| {
        let units = steps.iter().map(Vec::len).max().unwrap_or(0);
        let mut canvas = Canvas::new(WIDTH, 66 + (units as u32 * 9).clamp(80, 340));
        let label = |x: f64| whole(x).map_or_else(String::new, |x| number::count(x.max(0) as usize));
        let edge = |n: usize| -0.5..n as f64 - 0.5;
        let x = Axis { title: "time step", range: edge(steps.len()), ticks: 8, label: &label, room: 44 };
        let y = Axis { title: "unit", range: edge(units), ticks: 6.min(units + 1), label: &label, room: 56 };
        let place = frame(&mut canvas, [&x, &y], false, |_| Ok(()))?;
        cells(&mut canvas, &place, &rows(steps, units, ramp));
        Ok(canvas.svg(title, "A row for each unit, unit 0 at the bottom; a column for each time step."))
    })
}

/// Returns a row of colour classes for each unit, with the last unit at the top.
fn rows(steps: &[Vec<f64>], units: usize, ramp: Ramp) -> Vec<Vec<Option<String>>> {
    let row = |unit: usize| steps.iter().map(|step| ramp.class(*step.get(unit)?)).collect();
    (0..units).step_by(units.div_ceil(ROWS).max(1)).rev().map(row).collect()
}

/// Describes the steps drawn and the values left out.
pub fn shown(steps: &[Vec<f64>]) -> String {
    let units = steps.iter().map(Vec::len).max().unwrap_or(0);
    let mut said = match steps.get(..COLUMNS) {
        Some(_) => format!("the first {COLUMNS} of {} steps.", number::count(steps.len())),
        None => format!("{} steps.", steps.len()),
    };
    let missing = steps.iter().take(COLUMNS).flatten().filter(|x| !x.is_finite()).count();
    if units > ROWS {
        let _ = write!(said, " One in {} of the {units} units is shown.", units.div_ceil(ROWS));
    }
    if missing > 0 {
        let _ = write!(said, " Values left blank because they are not finite: {}.", number::count(missing));
    }
    said
}
