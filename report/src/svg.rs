//! Drawing backend for plotters that leaves colours to the page: each shape has a class, for which the style
//! sheet sets a colour in light mode, in dark mode and in print.

use super::page::escape;
use plotters::style::RGBColor;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontTransform,
};
use std::convert::Infallible;
use std::fmt::Write;

/// Number of plotters' pixels per unit of the picture, since plotters uses only whole pixels.
pub const FINE: i32 = 10;

/// Role of a shape. To plotters, a role is a colour; the style sheet defines the colour that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Axis and its ticks.
    Axis,
    /// Line across the picture at a tick.
    Grid,
    /// Label of a tick.
    Label,
    /// Title of an axis.
    Title,
    /// Line across the picture that marks a position.
    Mark,
    /// Curve, by its index from 0.
    Curve(u8),
}

impl Ink {
    const PLAIN: [(Self, &str); 5] = [
        (Self::Axis, "axis"),
        (Self::Grid, "grid"),
        (Self::Label, "label"),
        (Self::Title, "title"),
        (Self::Mark, "mark"),
    ];

    /// Returns the colour that represents the role within plotters.
    pub fn color(self) -> RGBColor {
        match self {
            Self::Curve(n) => RGBColor(1, n, 0),
            plain => RGBColor(0, Self::PLAIN.iter().position(|(ink, _)| *ink == plain).unwrap_or(0) as u8, 0),
        }
    }

    fn class((kind, n, _): (u8, u8, u8)) -> String {
        if kind == 1 { format!("curve c{n}") } else { Self::PLAIN[usize::from(n).min(4)].1.to_string() }
    }
}

/// Picture under construction.
pub struct Canvas {
    width: u32,
    height: u32,
    shapes: String,
}

impl Canvas {
    /// Creates an empty picture of this size, in units.
    pub fn new(width: u32, height: u32) -> Self {
        Self { width, height, shapes: String::new() }
    }

    /// Adds shapes, given as SVG.
    pub fn add(&mut self, shapes: &str) {
        self.shapes += shapes;
    }

    /// Adds text centred at a position in units.
    pub fn text(&mut self, class: &str, (x, y): (f64, f64), text: &str) {
        let place = format!(r#"x="{x:.1}" y="{y:.1}" dy=".35em" text-anchor="middle""#);
        let _ = writeln!(self.shapes, r#"<text class="{class}" {place}>{}</text>"#, escape(text));
    }

    /// Returns the picture, with a description for screen readers.
    pub fn svg(self, title: &str, description: &str) -> String {
        let Self { width, height, shapes } = self;
        format!(
            "<svg viewBox=\"0 0 {width} {height}\" style=\"--wide: {width}px\" role=\"img\">\n<title>{}</title>\n<desc>{}</desc>\n{shapes}</svg>\n",
            escape(title),
            escape(description)
        )
    }
}

/// Drawing backend that adds the shapes drawn by plotters to a picture.
pub struct Pen<'a>(pub &'a mut Canvas);

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl Pen<'_> {
    fn shape(&mut self, color: BackendColor, shape: impl FnOnce(&str) -> String) -> Drawn {
        if color.alpha > 0.0 {
            self.0.shapes += &shape(&Ink::class(color.rgb));
            self.0.shapes.push('\n');
        }
        Ok(())
    }
}

impl DrawingBackend for Pen<'_> {
    type ErrorType = Infallible;
    fn get_size(&self) -> (u32, u32) {
        (self.0.width * FINE as u32, self.0.height * FINE as u32)
    }
    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }
    fn present(&mut self) -> Drawn {
        Ok(())
    }
    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Drawn {
        self.draw_circle(at, 1, &color, true)
    }
    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }
    fn draw_rect<S: BackendStyle>(&mut self, (l, t): BackendCoord, (r, b): BackendCoord, style: &S, _: bool) -> Drawn {
        self.draw_path([(l, t), (r, t), (r, b), (l, b), (l, t)], style)
    }
    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let places: Vec<String> = path.into_iter().map(|(x, y)| format!("{} {}", units(x), units(y))).collect();
        self.shape(style.color(), |class| format!(r#"<path class="{class}" d="M{}"/>"#, places.join("L")))
    }
    fn draw_circle<S: BackendStyle>(&mut self, (x, y): BackendCoord, radius: u32, style: &S, _: bool) -> Drawn {
        let (x, y, r) = (units(x), units(y), units(radius as i32));
        self.shape(style.color(), |class| format!(r#"<circle class="{class}" cx="{x}" cy="{y}" r="{r}"/>"#))
    }
    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.draw_path(path, style)
    }
    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Drawn {
        if text.is_empty() {
            return Ok(());
        }
        let (x, y) = (units(x), units(y));
        let anchor = match style.anchor().h_pos {
            HPos::Left => "start",
            HPos::Center => "middle",
            HPos::Right => "end",
        };
        let down = match style.anchor().v_pos {
            VPos::Top => ".9em",
            VPos::Center => ".35em",
            VPos::Bottom => "-.3em",
        };
        let turn = match style.transform() {
            FontTransform::Rotate270 => format!(r#" transform="rotate(-90 {x} {y})""#),
            _ => String::new(),
        };
        let place = format!(r#"x="{x}" y="{y}" dy="{down}" text-anchor="{anchor}"{turn}"#);
        self.shape(style.color(), |class| format!(r#"<text class="{class}" {place}>{}</text>"#, escape(text)))
    }
}

fn units(pixels: i32) -> f64 {
    f64::from(pixels) / f64::from(FINE)
}
