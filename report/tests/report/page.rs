//! Parsing of pages, which must also be valid XML.

use roxmltree::{Document, Node, ParsingOptions};

pub fn with_page<R>(html: &str, see: impl FnOnce(Node<'_, '_>) -> R) -> R {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(html, options).unwrap_or_else(|error| panic!("{error}\n{html}"));
    see(document.root_element())
}

pub fn all<'a, 'i>(page: Node<'a, 'i>, tag: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    page.descendants().filter(move |node| node.has_tag_name(tag))
}

pub fn sections(html: &str) -> Vec<String> {
    with_page(html, |page| all(page, "section").map(|node| node.attribute("id").unwrap().to_string()).collect())
}

/// Returns a section of the page.
pub fn section<'a>(html: &'a str, id: &str) -> &'a str {
    with_page(html, |page| &html[all(page, "section").find(|node| node.attribute("id") == Some(id)).unwrap().range()])
}

/// Returns the text of each element that has this class.
pub fn texts(html: &str, class: &str) -> Vec<String> {
    let of = |node: Node<'_, '_>| node.attribute("class").is_some_and(|c| c.split(' ').any(|c| c == class));
    let text =
        |node: Node<'_, '_>| node.descendants().filter(Node::is_text).filter_map(|n| n.text()).collect::<String>();
    with_page(html, |page| page.descendants().filter(|node| of(*node)).map(text).collect())
}

pub fn paths(html: &str, class: &str) -> Vec<String> {
    let of = |node: &Node<'_, '_>| node.attribute("class") == Some(class);
    with_page(html, |page| all(page, "path").filter(of).map(|node| node.attribute("d").unwrap().to_string()).collect())
}

/// Returns the texts whose class satisfies `of`, row by row.
pub fn by_place(html: &str, of: impl Fn(&str) -> bool) -> Vec<String> {
    with_page(html, |page| {
        let at = |node: &Node<'_, '_>| ["y", "x"].map(|name| node.attribute(name).unwrap().parse::<f64>().unwrap());
        let mut found: Vec<_> = all(page, "text").filter(|node| node.attribute("class").is_some_and(&of)).collect();
        found.sort_by(|a, b| at(a).partial_cmp(&at(b)).unwrap());
        found.iter().map(|node| node.text().unwrap_or_default().to_string()).collect()
    })
}

/// Returns the tick labels with this anchor, sorted by a coordinate, `x` or `y`.
pub fn labels(html: &str, anchor: &str, coordinate: &str) -> Vec<String> {
    with_page(html, |page| {
        let at = |node: &Node<'_, '_>| node.attribute(coordinate).unwrap().parse::<f64>().unwrap();
        let of = |node: &Node<'_, '_>| {
            node.attribute("class") == Some("label") && node.attribute("text-anchor") == Some(anchor)
        };
        let mut labels: Vec<_> = all(page, "text").filter(of).collect();
        labels.sort_by(|a, b| at(a).total_cmp(&at(b)));
        labels.iter().map(|node| node.text().unwrap_or_default().to_string()).collect()
    })
}
