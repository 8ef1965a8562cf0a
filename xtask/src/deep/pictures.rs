//! Checks of a report's page in a browser: opened from a file, it makes no request, logs no error, and shows all
//! its pictures, light and dark, on a desktop and on a phone.

use crate::browser::Browser;
use crate::command::{run_within, target_dir};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Examples that write pages, each with its output path below the target directory: the directory itself, or
/// a file in it.
const WRITERS: [(&str, &str); 3] =
    [("report", ""), ("tagger report", "report-tagger.html"), ("reverse report", "report-reverse.html")];

/// Pages written: their sections, with the minimum number of pictures in each.
const PAGES: [(&str, &[(&str, usize)]); 4] = [
    ("report-motions.html", &[("training", 3), ("confusion", 1), ("states", 1), ("gates", 2), ("gradient", 1)]),
    (
        "report.html",
        &[("training", 2), ("perplexity", 2), ("characters", 1), ("states", 2), ("gates", 3), ("gradient", 1)],
    ),
    ("report-tagger.html", &[("confusion", 1), ("characters", 1), ("states", 2), ("gates", 4), ("gradient", 1)]),
    (
        "report-reverse.html",
        &[("confusion", 1), ("perplexity", 2), ("characters", 1), ("states", 2), ("gates", 3), ("gradient", 1)],
    ),
];

/// Widths in pixels, and themes with the allowed brightness of their background (0 to 255).
const VIEWS: [(u32, &str, std::ops::RangeInclusive<u8>); 3] =
    [(1000, "light", 230..=255), (1000, "dark", 0..=50), (360, "light", 230..=255)];

/// Script that lists every figure: its section, position and size, and the number of its visible marks that
/// show data.
const FIGURES: &str = r"
[...document.querySelectorAll('figure')].map(figure => {
    const box = figure.getBoundingClientRect();
    const seen = mark => { const b = mark.getBoundingClientRect(); return b.width + b.height > 0; };
    const marks = [...figure.querySelectorAll('.curve, .cells path, pre span')].filter(seen).length;
    return [figure.closest('section').id, box.x + scrollX, box.y + scrollY, box.width, box.height, marks];
})";

/// Trains the networks of the examples and checks their pages.
pub fn pages() -> Result<()> {
    let directory = target_dir();
    for (command, file) in WRITERS {
        run_within(super::built(command)?.arg(directory.join(file)), Duration::from_secs(600))?;
    }
    let mut browser = Browser::start(directory.join("browser"))?;
    for (name, sections) in PAGES {
        let seen = look(&mut browser, &directory.join(name), sections).with_context(|| name.to_string())?;
        println!("{name}: {seen} pictures, no request, an empty console");
    }
    broken(&mut browser, &directory)
}

/// Checks a page; returns its number of pictures.
fn look(browser: &mut Browser, page: &Path, sections: &[(&str, usize)]) -> Result<usize> {
    let mut pictures = 0;
    for (width, scheme, background) in VIEWS {
        browser.show(width, scheme)?;
        let complaints = browser.open(page)?;
        ensure!(complaints.is_empty(), "{}", complaints.join("; "));
        let wide = browser.evaluate("document.documentElement.scrollWidth")?;
        ensure!(wide.as_u64() <= Some(width.into()), "on a screen {width} pixels wide the page takes {wide} pixels");
        let figures = browser.evaluate(FIGURES)?;
        let figures = figures.as_array().context("the page returned no list of figures")?;
        for (section, least) in sections {
            let found = figures.iter().filter(|figure| figure[0] == *section).count();
            ensure!(found >= *least, "{section}: {found} pictures instead of {least}");
        }
        for figure in figures {
            let seen = seen(browser, figure).with_context(|| format!("{}, {scheme}, {width} pixels", figure[0]))?;
            ensure!(background.contains(&seen), "{}: the {scheme} background has a brightness of {seen}", figure[0]);
        }
        pictures = figures.len();
    }
    Ok(pictures)
}

/// Checks that a figure shows something. Returns the brightness of its background.
fn seen(browser: &mut Browser, figure: &Value) -> Result<u8> {
    ensure!(figure[5].as_u64() > Some(0), "nothing is drawn");
    let place = [1, 2, 3, 4].map(|n| figure[n].as_f64().unwrap_or(0.0));
    ensure!(place[2] >= 100.0 && place[3] >= 50.0, "the picture has only {} × {} pixels", place[2], place[3]);
    let pixels = pixels(&browser.picture(place)?)?;
    let mut colours = HashMap::<[u8; 3], usize>::new();
    pixels.iter().for_each(|pixel| *colours.entry(*pixel).or_default() += 1);
    let (background, most) = colours.iter().max_by_key(|(_, count)| **count).context("the picture has no pixels")?;
    let other = (pixels.len() - most) as f64 / pixels.len() as f64;
    ensure!(other > 0.005, "only {:.2} % of the picture is not background", 100.0 * other);
    // In a dense heat map the most frequent colour is one of the map's, so the background is taken from the corner.
    let corner = pixels.last().unwrap_or(background);
    Ok((corner.iter().map(|&c| u32::from(c)).sum::<u32>() / 3) as u8)
}

fn pixels(bytes: &[u8]) -> Result<Vec<[u8; 3]>> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info()?;
    let mut buffer = vec![0; reader.output_buffer_size().context("the picture is too large")?];
    let frame = reader.next_frame(&mut buffer)?;
    let channels = frame.color_type.samples();
    ensure!(channels >= 3, "the picture is in {:?} instead of RGB", frame.color_type);
    let rgb = |pixel: &[u8]| [pixel[0], pixel[1], pixel[2]];
    Ok(buffer[..frame.buffer_size()].chunks_exact(channels).map(rgb).collect())
}

/// Deliberate damage to a page: its name, the change, and the expected error.
type Break = (&'static str, fn(&str) -> String, &'static str);

const BROKEN: [Break; 6] = [
    (
        "a page that makes a request",
        |page| add(&without_policy(page), "<img src=\"http://127.0.0.1:9/x.png\" alt=\"\"/>"),
        "a request to",
    ),
    (
        "a page whose request is blocked",
        |page| add(page, "<img src=\"http://127.0.0.1:9/x.png\" alt=\"\"/>"),
        "Content Security Policy",
    ),
    (
        "a page that logs an error",
        |page| add(&without_policy(page), "<script>console.error('no')</script>"),
        "the console says",
    ),
    ("an empty picture", empty, "nothing is drawn"),
    ("an invisible picture", |page| add_style(page, ".curve { display: none }"), "nothing is drawn"),
    ("a missing section", |page| page.replace("id=\"training\"", "id=\"other\""), "training: 0 pictures"),
];

/// Checks that each deliberately broken page is detected.
fn broken(browser: &mut Browser, directory: &Path) -> Result<()> {
    let (name, sections) = PAGES[0];
    let whole = fs::read_to_string(directory.join(name))?;
    let page = directory.join("report-broken.html");
    for (what, damage, says) in BROKEN {
        fs::write(&page, damage(&whole))?;
        match look(browser, &page, sections) {
            Ok(_) => bail!("a deliberately broken page passed: {what}"),
            Err(error) => ensure!(format!("{error:#}").contains(says), "{what} was reported as: {error:#}"),
        }
    }
    println!("{} deliberately broken pages were detected", BROKEN.len());
    Ok(fs::remove_file(page)?)
}

fn add(page: &str, html: &str) -> String {
    page.replace("</main>", &format!("{html}</main>"))
}

fn add_style(page: &str, css: &str) -> String {
    page.replace("</style>", &format!("{css}</style>"))
}

fn without_policy(page: &str) -> String {
    page.replace("Content-Security-Policy", "x-none")
}

/// Returns the page with its first picture emptied.
fn empty(page: &str) -> String {
    let parts = page.split_once("<desc>").zip(page.split_once("</svg>"));
    parts.map_or_else(String::new, |((before, _), (_, after))| format!("{before}</svg>{after}"))
}
