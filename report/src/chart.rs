//! Curves between two axes.

use super::number;
use super::svg::{Canvas, FINE, Ink, Pen};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use std::convert::Infallible;
use std::ops::Range;

/// Width of a picture in its own units; the style sheet sets the width on screen.
pub const WIDTH: u32 = 600;
/// Maximum number of points drawn for a curve.
const POINTS: usize = 1200;
/// Number of curves that have a colour of their own.
const COLOURS: usize = 6;

/// Reason why a picture could not be drawn, which is always an internal error of plotters.
pub type Fault = DrawingAreaErrorKind<Infallible>;
type Area<'a> = ChartContext<'a, Pen<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Axis, from left to right or from bottom to top.
pub struct Axis<'a> {
    /// Quantity that the axis shows, with its unit.
    pub title: &'a str,
    /// Range of the axis.
    pub range: Range<f64>,
    /// Maximum number of ticks.
    pub ticks: usize,
    /// Function that returns the label of a tick; an empty label is not drawn.
    pub label: &'a dyn Fn(f64) -> String,
    /// Space for the labels and the title, in units.
    pub room: u32,
}

/// Draws two axes and calls `draw` for the area between them. Returns the horizontal and the vertical range of
/// that area, in units from the top left.
pub fn frame(
    canvas: &mut Canvas,
    [x, y]: [&Axis<'_>; 2],
    grid: bool,
    draw: impl FnOnce(&mut Area<'_>) -> Result<(), Fault>,
) -> Result<[Range<f64>; 2], Fault> {
    let area = Pen(canvas).into_drawing_area();
    let fine = |units: u32| units * FINE as u32;
    let mut chart = ChartBuilder::on(&area)
        .margin_top(fine(10))
        .margin_right(fine(14))
        .x_label_area_size(fine(x.room))
        .y_label_area_size(fine(y.room))
        .build_cartesian_2d(x.range.clone(), y.range.clone())?;
    let (x_label, y_label) = (|value: &f64| (x.label)(*value), |value: &f64| (y.label)(*value));
    let text = |ink: Ink| ("sans-serif", fine(12)).into_font().color(&ink.color());
    let mut mesh = chart.configure_mesh();
    mesh.axis_style(Ink::Axis.color()).bold_line_style(Ink::Grid.color()).light_line_style(TRANSPARENT);
    mesh.label_style(text(Ink::Label)).axis_desc_style(text(Ink::Title)).set_all_tick_mark_size(fine(4));
    mesh.x_labels(x.ticks).x_label_formatter(&x_label).x_desc(x.title).disable_x_mesh();
    mesh.y_labels(y.ticks).y_label_formatter(&y_label).y_desc(y.title);
    if !grid {
        mesh.disable_mesh();
    }
    mesh.draw()?;
    draw(&mut chart)?;
    let (x, y) = chart.plotting_area().get_pixel_range();
    let units = |range: Range<i32>| f64::from(range.start) / f64::from(FINE)..f64::from(range.end) / f64::from(FINE);
    Ok([units(x), units(y)])
}

/// Scale of the vertical axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Linear scale from 0.
    Linear,
    /// Scale from 0 to 1, shown in percent.
    Share,
    /// Logarithmic scale; values of 0 or below are gaps.
    Log,
}

/// Curve over whole numbers, with a gap at each value that is not finite.
pub struct Curve {
    /// Name of the curve in the key.
    pub name: String,
    /// Points of the curve, from left to right.
    pub points: Vec<(f64, f64)>,
}

/// Curves in one picture.
pub struct Chart<'a> {
    /// Text for screen readers.
    pub title: &'a str,
    /// Titles of the axes.
    pub axes: [&'a str; 2],
    /// Scale of the vertical axis.
    pub scale: Scale,
    /// Curves to draw, in the order of the key.
    pub curves: Vec<Curve>,
    /// Position to be marked on the horizontal axis.
    pub mark: Option<f64>,
}

impl Chart<'_> {
    /// Returns a key of the curves and their colours as HTML; empty for fewer than two curves.
    pub fn key(&self) -> String {
        let item = |(n, curve): (usize, &Curve)| {
            format!("<li class=\"c{}\">{}</li>\n", n % COLOURS, super::page::escape(&curve.name))
        };
        let items: String = self.curves.iter().enumerate().map(item).collect();
        if self.curves.len() < 2 { String::new() } else { format!("<ul class=\"key\">\n{items}</ul>\n") }
    }

    /// Returns the picture; `None` if there is no point to draw.
    pub fn svg(&self) -> Option<Result<String, Fault>> {
        let drawn: Vec<Vec<Vec<(f64, f64)>>> = self.curves.iter().map(|curve| self.pieces(curve)).collect();
        let points: Vec<(f64, f64)> = drawn.iter().flatten().flatten().copied().collect();
        let x = extent(points.iter().map(|(x, _)| *x))?;
        let y = extent(points.iter().map(|(_, y)| *y))?;
        Some(self.draw(&drawn, (x, y)))
    }

    fn draw(&self, drawn: &[Vec<Vec<(f64, f64)>>], (x, y): (Range<f64>, Range<f64>)) -> Result<String, Fault> {
        let mut canvas = Canvas::new(WIDTH, 280);
        let wide = if x.start < x.end { x } else { x.start - 0.5..x.end + 0.5 };
        let y_label: &dyn Fn(f64) -> String = match self.scale {
            Scale::Linear => &number::tick,
            Scale::Share => &number::percent,
            Scale::Log => &|y| whole(y).map_or_else(String::new, number::power),
        };
        let label = |x| whole(x).map_or_else(String::new, |x| number::count(x.max(0) as usize));
        let [x_title, y_title] = self.axes;
        let x = Axis { title: x_title, range: wide, ticks: 8, label: &label, room: 44 };
        let y = Axis { title: y_title, range: self.range(y), ticks: 6, label: y_label, room: 66 };
        let (bottom, top) = (y.range.start, y.range.end);
        frame(&mut canvas, [&x, &y], true, |area| {
            if let Some(mark) = self.mark {
                area.draw_series(LineSeries::new([(mark, bottom), (mark, top)], Ink::Mark.color()))?;
            }
            for (n, pieces) in drawn.iter().enumerate() {
                let color = Ink::Curve((n % COLOURS) as u8).color();
                for piece in pieces {
                    if let [point] = piece[..] {
                        area.draw_series([Circle::new(point, 3 * FINE, color.filled())])?;
                    } else {
                        area.draw_series(LineSeries::new(piece.iter().copied(), color))?;
                    }
                }
            }
            Ok(())
        })?;
        Ok(canvas.svg(self.title, &format!("{y_title} over {x_title}.")))
    }

    /// Splits a curve at its gaps; returns the runs of points to draw, with logarithmic values for a logarithmic
    /// scale.
    fn pieces(&self, curve: &Curve) -> Vec<Vec<(f64, f64)>> {
        let place = |&(x, y): &(f64, f64)| (x, if self.scale == Scale::Log { y.log10() } else { y });
        let points = thinned(curve.points.iter().map(place).collect());
        let runs = points.split(|(x, y)| !x.is_finite() || !y.is_finite() || y.abs() > 1e300);
        runs.filter(|run| !run.is_empty()).map(<[_]>::to_vec).collect()
    }

    fn range(&self, y: Range<f64>) -> Range<f64> {
        match self.scale {
            Scale::Share => 0.0..1.0,
            Scale::Log => y.start.floor()..y.end.ceil().max(y.start.floor() + 1.0),
            Scale::Linear => {
                let (low, high) = (y.start.min(0.0), y.end.max(0.0));
                let beyond = if low < high { 0.05 * (high - low) } else { 1.0 };
                (if low < 0.0 { low - beyond } else { low })..high + beyond
            }
        }
    }
}

/// Returns the range of the values; `None` if there are none.
fn extent(numbers: impl Iterator<Item = f64>) -> Option<Range<f64>> {
    numbers.fold(None, |range: Option<Range<f64>>, x| {
        Some(range.map_or(x..x, |range| range.start.min(x)..range.end.max(x)))
    })
}

/// Returns the whole number at a tick; `None` if the tick is between whole numbers.
pub fn whole(x: f64) -> Option<i32> {
    ((x - x.round()).abs() < 1e-6).then(|| x.round() as i32)
}

/// Thins a long curve: divides it into equal parts and keeps the lowest and the highest point of each, so that no
/// peak is lost. Gaps are kept.
fn thinned(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    if points.len() <= POINTS {
        return points;
    }
    let part = points.len().div_ceil(POINTS / 2);
    let ends = |part: &[(f64, f64)]| {
        let by = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
        let mut ends: Vec<(f64, f64)> =
            part.iter().min_by(by).into_iter().chain(part.iter().max_by(by)).copied().collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        ends
    };
    points.chunks(part).flat_map(ends).collect()
}
