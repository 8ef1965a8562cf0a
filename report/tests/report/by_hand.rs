//! Pages built by hand are well-formed, self-contained and complete for any input.

use crate::page::{all, paths, sections, texts, with_page};
use crate::{history, reach, series, surprise};
use elman::metrics::Confusion;
use elman::{Class, Xoshiro128};
use elman_report::Report;
use elman_trainer::History;
use roxmltree::Node;

/// Returns a page with every section that a program can add by hand.
fn everything(x: f64, title: &str, name: &str) -> Report {
    let mut confusion = Confusion::<2>::new();
    confusion.add(Class::new(0).unwrap(), Class::new(1).unwrap());
    let vectors = [vec![0.5, x], vec![x, -0.5], vec![0.1, 0.2]];
    Report::new(title)
        .history(&history(&[2.0, x, 1.0]))
        .confusion(&confusion, &[name, name])
        .gradient(&[reach(name, &[1.0, x, 0.1])])
        .states(&[series(name, &vectors)])
        .gates(&[series(name, &vectors)])
        .characters(&[name, " ", name], &vectors)
        .perplexity(&surprise(&[name, " ", name], &[1.0, x, 2.0]))
}

const KINDS: [&str; 7] = ["training", "confusion", "perplexity", "characters", "states", "gates", "gradient"];

#[test]
fn sections_stand_in_their_order_and_are_linked() {
    let html = everything(0.3, "All", "a").html();
    assert_eq!(sections(&html), KINDS);
    let links: Vec<String> =
        with_page(&html, |page| all(page, "a").map(|a| a.attribute("href").unwrap().to_string()).collect());
    assert_eq!(links, KINDS.map(|kind| format!("#{kind}")));
    let twice = Report::new("").states(&[]).history(&History::default()).states(&[]).html();
    assert_eq!(sections(&twice), ["training", "states", "states-2"]);
}

#[test]
fn every_picture_has_a_title_a_description_and_a_caption() {
    with_page(&everything(0.3, "All", "a").html(), |page| {
        let pictures: Vec<_> = all(page, "svg").collect();
        assert!(pictures.len() >= 6);
        for svg in pictures {
            assert!(all(svg, "title").next().and_then(|node| node.text()).is_some_and(|text| !text.is_empty()));
            assert!(all(svg, "desc").next().and_then(|node| node.text()).is_some_and(|text| !text.is_empty()));
        }
        for figure in all(page, "figure") {
            assert!(all(figure, "figcaption").next().and_then(|node| node.text()).is_some_and(|text| !text.is_empty()));
        }
    });
}

#[test]
fn nothing_is_fetched_and_nothing_runs() {
    let html = everything(0.3, "http://localhost/", "<img src='http://localhost/'>").html();
    with_page(&html, |page| {
        for node in page.descendants().filter(Node::is_element) {
            assert!(!["script", "link", "img", "image", "iframe", "object", "use"].contains(&node.tag_name().name()));
            for attribute in node.attributes() {
                let (name, value) = (attribute.name(), attribute.value());
                assert!(!name.starts_with("on") && name != "src", "{name}");
                assert!(name != "href" || value.starts_with('#'), "{value}");
                assert!(!value.contains("url(") && !value.contains("//"), "{value}");
            }
        }
        let style = all(page, "style").next().and_then(|node| node.text()).unwrap();
        assert!(["url(", "@import", "@font-face", "//"].iter().all(|fetches| !style.contains(fetches)));
    });
}

#[test]
fn text_stays_text() {
    let evil = "</title><b>&\"'\u{0}\u{1b}]";
    let html = everything(0.3, evil, evil).html();
    with_page(&html, |page| {
        assert_eq!(all(page, "b").count(), 0);
        assert_eq!(all(page, "h1").next().and_then(|node| node.text()), Some("</title><b>&\"'\u{fffd}\u{fffd}]"));
    });
}

#[test]
fn numbers_that_are_not_finite_are_gaps() {
    for x in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let html = everything(x, "Gaps", "a").html();
        assert_eq!(sections(&html), KINDS);
        // Two points with a gap between them form no line.
        let marks = |html: &str, tag| with_page(html, |page| all(page, tag).count());
        let curve = Report::new("").history(&history(&[2.0, x, 1.0])).html();
        assert_eq!((paths(&curve, "curve c0").len(), marks(&curve, "circle")), (0, 2));
        let curve = Report::new("").history(&history(&[3.0, 2.0, x, 1.0, 0.5])).html();
        assert_eq!((paths(&curve, "curve c0").len(), marks(&curve, "circle")), (2, 0));
        let states = Report::new("").states(&[series("h", &[vec![x, 1.0]])]).html();
        assert_eq!((paths(&states, "d10"), paths(&states, "d0")), (vec!["M0 0h1".to_string()], vec![]));
        assert!(states.contains("not finite: 1."));
    }
    let zeros = Report::new("").gradient(&[reach("h", &[0.0, 1e-300, 1e-3])]).html();
    assert!(zeros.contains("zero: 1."));
    for all in [f64::NAN, f64::INFINITY] {
        let nothing = Report::new("").history(&history(&[all])).gradient(&[reach("h", &[all])]).html();
        assert_eq!(texts(&nothing, "none").len(), 2);
    }
}

#[test]
fn the_largest_and_the_smallest_numbers_are_drawn() {
    for x in [f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, 1e300, -1e300, 0.0, -0.0] {
        for losses in [vec![x], vec![x, x], vec![x, 1.0, -x], vec![x, f64::NAN]] {
            let html = Report::new("").history(&history(&losses)).perplexity(&surprise(&["a"; 3], &losses)).html();
            assert_eq!(sections(&html), ["training", "perplexity"]);
        }
        let html = everything(x, "", "").html();
        assert_eq!(sections(&html), KINDS);
        let words = with_page(&html, |page| {
            page.descendants().filter_map(|node| node.text().map(str::to_string)).collect::<String>()
        });
        assert!(!words.contains("NaN") && !words.contains(" inf"), "{words}");
    }
}

#[test]
fn what_is_empty_says_so() {
    let none: &[&str] = &[];
    let html = Report::new("")
        .history(&History::default())
        .confusion(&Confusion::<3>::new(), none)
        .gradient(&[])
        .states(&[series("h", &[])])
        .gates(&[series("z", &[vec![]])])
        .characters(none, &[])
        .perplexity(&surprise(&[], &[]))
        .html();
    assert_eq!(sections(&html), KINDS);
    let notes = texts(&html, "none");
    assert_eq!(notes.len(), KINDS.len());
    assert!(notes.iter().all(|note| note.starts_with("Nothing to show: ")));
    assert!(!html.contains("<svg") && !html.contains("<figure"));
    assert_eq!(sections(&Report::new("").html()), Vec::<String>::new());
}

#[test]
fn one_of_each_is_a_picture() {
    let html = Report::new("")
        .history(&history(&[0.0]))
        .gradient(&[reach("h", &[1e-3])])
        .states(&[series("h", &[vec![0.0]])])
        .gates(&[series("z", &[vec![1.0]])])
        .perplexity(&surprise(&["a"], &[0.0]))
        .html();
    assert!(texts(&html, "none").is_empty());
    assert_eq!(with_page(&html, |page| all(page, "circle").count()), 3);
    assert_eq!((paths(&html, "d5"), paths(&html, "q8")), (vec!["M0 0h1".to_string()], vec!["M0 0h1".to_string()]));
}

#[test]
fn a_large_page_stays_below_two_megabytes() {
    let mut noise = Xoshiro128::from_seed(1);
    let mut number = || 2.0 * f64::from(elman::Random::uniform(&mut noise, 0.0_f32, 1.0)) - 1.0;
    let kind = |n: usize| (n * n / 7) % 5;
    let symbols: Vec<&str> = (0..5000).map(|n| ["\"", "a", " ", "\n", "<"][kind(n)]).collect();
    let mut state = |n: usize| (0..200).map(|unit| if unit % 5 == kind(n) { 0.9 } else { number() }).collect();
    let states: Vec<Vec<f64>> = (0..5000).map(&mut state).collect();
    let losses: Vec<f64> = (0..5000).map(|_| number().abs()).collect();
    let html = Report::new("Large")
        .history(&history(&losses))
        .gradient(&[reach("h", &losses), reach("c", &losses)])
        .states(&[series("h", &states), series("c", &states)])
        .gates(&[series("i", &states), series("f", &states), series("o", &states)])
        .characters(&symbols, &states)
        .perplexity(&surprise(&symbols, &losses))
        .html();
    assert!(html.len() < 2_000_000, "{}", html.len());
    assert!(texts(&html, "none").is_empty());
    assert!(html.contains("the first 240 of 5,000 steps"));
    assert_eq!(sections(&html).len(), 6);
}

#[test]
fn a_page_is_written() {
    let path = std::env::temp_dir().join(format!("elman-report-{}.html", std::process::id()));
    let report = everything(0.3, "Written", "a");
    report.write(&path).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), report.html());
    std::fs::remove_file(&path).unwrap();
    assert!(report.write(path.join("no")).is_err());
}
