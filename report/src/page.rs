//! The page around the pictures: one file, no scripts, nothing fetched.

use std::fmt::Write;

/// The sections of a page in their order, by [`Section::id`].
const ORDER: [&str; 8] =
    ["network", "training", "confusion", "perplexity", "characters", "states", "gates", "gradient"];

/// One thing that the page shows.
pub struct Section {
    /// Its name in links.
    pub id: &'static str,
    /// Its heading.
    pub title: String,
    /// Explanation of the picture, and of good and bad signs in it.
    pub about: &'static str,
    /// Finding: what this picture shows.
    pub finding: String,
    /// Its figures, or a note that there are none.
    pub body: String,
}

impl Section {
    /// A section without a figure, and why.
    pub fn empty(id: &'static str, title: &str, about: &'static str, why: &str) -> Self {
        let body = format!("<p class=\"none\">{}</p>\n", escape(why));
        Self { id, title: title.to_string(), about, finding: String::new(), body }
    }
}

/// A picture or a text with what explains it: a key above, a caption below.
pub fn figure(key: &str, content: &str, caption: &str) -> String {
    format!(
        "<figure>\n{key}<div class=\"scroll\">{content}</div>\n<figcaption>{}</figcaption>\n</figure>\n",
        escape(caption)
    )
}

/// A table with a heading row; the first column is text, the others numbers.
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

/// The whole page.
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

/// Sections with their names in links: what a network is, how it was trained, how good it is, then what is in it. A second
/// one of a kind has a number.
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

/// Text as it may stand in the page, whatever it is: markup is shown, control characters are replaced.
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
