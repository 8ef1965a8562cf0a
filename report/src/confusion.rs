//! Confusion matrix.

use super::chart::{Axis, Fault, WIDTH, frame, whole};
use super::heatmap::{Ramp, cells};
use super::number;
use super::page::{Section, figure};
use super::svg::Canvas;
use std::ops::Range;

const ABOUT: &str = "Rows are true classes, columns are predicted classes; a cell holds a count, and its colour is the share of the row. \
    Good: a strong diagonal and little else; bad: a strong column, a class that is predicted whatever the truth.";
/// Maximum number of classes drawn.
pub const MOST: usize = 256;
/// Maximum number of classes for which the counts are written into the cells.
const WRITTEN: usize = 20;
/// Maximum number of classes that are all drawn; of more, only those that occur or are predicted are drawn.
const FEW: usize = 10;
/// Smallest share of a row for which a cell is dark on a light page.
const DARK: f64 = 6.0 / 9.0;

/// Returns a section on the counts of each true class (row) and predicted class (column). A class without a name
/// is shown by its index.
pub fn section(counts: &[Vec<u64>], names: &[String]) -> Section {
    let (id, title) = ("confusion", "Confusion matrix");
    if counts.len() > MOST {
        return Section::empty(id, title, ABOUT, "Nothing to show: there are too many classes to tell them apart.");
    }
    if counts.iter().flatten().all(|&n| n == 0) {
        return Section::empty(id, title, ABOUT, "Nothing to show: no prediction was counted.");
    }
    let shown = shown(counts);
    let names: Vec<String> =
        shown.iter().map(|&class| names.get(class).cloned().unwrap_or_else(|| class.to_string())).collect();
    let mut caption = format!("{} predictions.", number::count(counts.iter().flatten().sum::<u64>() as usize));
    if shown.len() < counts.len() {
        caption +=
            &format!(" Left out because they neither occur nor are predicted: {} classes.", counts.len() - shown.len());
    }
    let counts: Vec<Vec<u64>> = shown.iter().map(|&r| shown.iter().map(|&c| counts[r][c]).collect()).collect();
    let body = super::drawn(picture(&counts, &names, &shown), |svg| {
        figure(&Ramp::Sequential(1.0).key(["share of the row", ""]), svg, &caption)
    });
    Section { id, title: title.to_string(), about: ABOUT, finding: finding(&counts, &names), body }
}

/// Returns the indices of the classes to draw.
fn shown(counts: &[Vec<u64>]) -> Vec<usize> {
    let is_there = |class: usize| counts[class].iter().chain(counts.iter().map(|row| &row[class])).any(|&n| n > 0);
    (0..counts.len()).filter(|&class| counts.len() <= FEW || is_there(class)).collect()
}

/// Draws a row and a column for each of the classes `shown`.
fn picture(counts: &[Vec<u64>], names: &[String], shown: &[usize]) -> Result<String, Fault> {
    let classes = counts.len();
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).min(16) as u32;
    let room = 40 + 7 * longest;
    let side = (WIDTH - room - 14).min(80 * classes as u32).max(120);
    let width = (side / classes as u32).max(1);
    let mut canvas = Canvas::new(room + side + 14, side.min(34 * classes as u32).max(80) + 54);
    let fits = 7 * longest <= width;
    let named =
        |x: f64| whole(x).and_then(|class| names.get(class as usize)).map_or_else(String::new, |name| cut(name));
    let numbered =
        |x: f64| whole(x).and_then(|class| shown.get(class as usize)).map_or_else(String::new, usize::to_string);
    let upwards = |y: f64| {
        let class = classes as f64 - 1.0 - y;
        let name = named(class);
        if fits || name == numbered(class) || name.is_empty() { name } else { format!("{name} {}", numbered(class)) }
    };
    let range = -0.5..classes as f64 - 0.5;
    let ticks = (classes + 1).min(40);
    let across: &dyn Fn(f64) -> String = if fits { &named } else { &numbered };
    let x = Axis { title: "predicted class", range: range.clone(), ticks, label: across, room: 44 };
    let y = Axis { title: "true class", range, ticks, label: &upwards, room };
    let place = frame(&mut canvas, [&x, &y], false, |_| Ok(()))?;
    let shares: Vec<Vec<f64>> = counts.iter().map(|row| shares(row)).collect();
    let colours = |row: &Vec<f64>| row.iter().map(|&share| Ramp::Sequential(1.0).class(share)).collect();
    cells(&mut canvas, &place, &shares.iter().map(colours).collect::<Vec<_>>());
    let digits = counts.iter().flatten().max().map_or(0, |most| most.to_string().len() as u32);
    if classes <= WRITTEN && 7 * digits <= width {
        write(&mut canvas, &place, counts, &shares);
    }
    Ok(canvas.svg("Confusion matrix", "A row for each true class, a column for each predicted class."))
}

/// Writes the counts into their cells.
fn write(canvas: &mut Canvas, [x, y]: &[Range<f64>; 2], counts: &[Vec<u64>], shares: &[Vec<f64>]) {
    let size = counts.len() as f64;
    for (r, (counts, shares)) in counts.iter().zip(shares).enumerate() {
        for (c, (count, share)) in counts.iter().zip(shares).enumerate() {
            let at = |range: &Range<f64>, n: usize| range.start + (range.end - range.start) * (n as f64 + 0.5) / size;
            let class = if *count == 0 {
                "count zero"
            } else if *share >= DARK {
                "count dark"
            } else {
                "count"
            };
            canvas.text(class, (at(x, c), at(y, r)), &count.to_string());
        }
    }
}

fn shares(row: &[u64]) -> Vec<f64> {
    let sum: u64 = row.iter().sum();
    row.iter().map(|&n| n as f64 / sum.max(1) as f64).collect()
}

fn cut(name: &str) -> String {
    if name.chars().count() <= 16 { name.to_string() } else { name.chars().take(15).chain(['…']).collect() }
}

/// Returns a sentence on the accuracy and one on the most frequent mistake.
fn finding(counts: &[Vec<u64>], names: &[String]) -> String {
    let all: u64 = counts.iter().flatten().sum();
    let right: u64 = counts.iter().enumerate().filter_map(|(class, row)| row.get(class)).sum();
    let share = number::percent(right as f64 / all as f64);
    let pairs = counts.iter().enumerate().flat_map(|(r, row)| row.iter().enumerate().map(move |(c, &n)| (n, r, c)));
    let worst = pairs.filter(|&(n, r, c)| r != c && n > 0).max_by_key(|&(n, r, c)| (n, usize::MAX - r, usize::MAX - c));
    let name = |class: usize| names.get(class).map_or("", String::as_str);
    let worst = worst.map_or_else(String::new, |(n, r, c)| {
        let times = if n == 1 { "once".to_string() } else { format!("{n} times") };
        format!(" The most frequent mistake: {} taken for {}, {times}.", name(r), name(c))
    });
    format!("{} of {} correct, {share}.{worst}", number::count(right as usize), number::count(all as usize))
}
