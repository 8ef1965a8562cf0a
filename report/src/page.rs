//! HTML of the page: one file, without scripts or requests.

use std::fmt::Write;

/// Order of the sections on a page, by [`Section::id`].
const ORDER: [&str; 8] =
    ["network", "training", "confusion", "perplexity", "characters", "states", "gates", "gradient"];

/// Section of the page.
pub struct Section {
    /// Name of the section in links.
    pub id: &'static str,
    /// Heading of the section.
    pub title: String,
    /// Explanation of the picture, with signs of good and of bad behaviour.
    pub about: &'static str,
    /// Main finding, in words.
    pub finding: String,
    /// Figures of the section, or a note that there are none.
    pub body: String,
}

impl Section {
    /// Creates a section without a figure; `why` states the reason.
    pub fn empty(id: &'static str, title: &str, about: &'static str, why: &str) -> Self {
        let body = format!("<p class=\"none\">{}</p>\n", escape(why));
        Self { id, title: title.to_string(), about, finding: String::new(), body }
    }
}

/// Returns a figure with a picture or a text, a key above it and a caption below it.
pub fn figure(key: &str, content: &str, caption: &str) -> String {
    format!(
        "<figure>\n{key}<div class=\"scroll\">{content}</div>\n<figcaption>{}</figcaption>\n</figure>\n",
        escape(caption)
    )
}

/// Returns a table with a heading row; the first column is text, the others are numbers.
pub fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let cells = |tag: &str, cells: &mut dyn Iterator<Item = &str>| {
        cells.map(|cell| format!("<{tag}>{}</{tag}>", escape(cell))).collect::<String>()
    };
    let mut html = format!("<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n", cells("th", &mut heading.iter().copied()));
    for row in rows {
        let _ = writeln!(html, "<tr>{}</tr>", cells("td", &mut row.iter().map(String::as_str)));
    }
    html + "</tbody>\n</table>\n"
}

/// Returns the whole page.
pub fn page([title, about]: [&str; 2], sections: &[Section]) -> String {
    let title = escape(title);
    let about = if about.is_empty() { String::new() } else { format!("<p>{}</p>\n", escape(about)) };
    let sections = ordered(sections);
    let links: String =
        sections.iter().map(|(id, s)| format!("<a href=\"#{id}\">{}</a>\n", escape(&s.title))).collect();
    let body: String = sections.iter().map(section).collect();
    format!(
        "<!DOCTYPE html>\n\
        <html lang=\"en\">\n\
        <head>\n\
        <meta charset=\"utf-8\"/>\n\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
        <meta name=\"color-scheme\" content=\"light dark\"/>\n\
        <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n\
        <title>{title}</title>\n\
        <style>\n{}</style>\n\
        </head>\n\
        <body>\n\
        <header>\n<h1>{title}</h1>\n{about}<nav>\n{links}</nav>\n</header>\n\
        <main>\n{body}</main>\n\
        </body>\n\
        </html>\n",
        include_str!("style.css")
    )
}

/// Returns the sections in the order of the page (network, training, quality, internals), each with its name in
/// links. A second section of the same kind gets a number.
fn ordered(sections: &[Section]) -> Vec<(String, &Section)> {
    let of = |kind: &&str| sections.iter().filter(move |section| section.id == *kind).collect::<Vec<_>>();
    let name = |(n, section): (usize, &Section)| {
        if n == 0 { section.id.to_string() } else { format!("{}-{}", section.id, n + 1) }
    };
    ORDER.iter().flat_map(|kind| of(kind).into_iter().enumerate().map(|(n, s)| (name((n, s)), s))).collect()
}

fn section((id, section): &(String, &Section)) -> String {
    let Section { title, about, finding, body, .. } = section;
    let title = escape(title);
    let finding =
        if finding.is_empty() { String::new() } else { format!("<p class=\"finding\">{}</p>\n", escape(finding)) };
    format!("<section id=\"{id}\">\n<h2>{title}</h2>\n<p class=\"about\">{about}</p>\n{finding}{body}</section>\n")
}

/// Escapes any text for the page: markup is shown as text, control characters are replaced.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
