//! Content of single pictures.

use crate::page::{all, by_place, labels, paths, texts, with_page};
use crate::{series, surprise};
use elman::Class;
use elman::metrics::Confusion;
use elman_report::Report;

#[test]
fn the_heat_map_has_units_upwards_and_steps_to_the_right() {
    // Unit 0: −1, −1, 1; unit 1: 1, 0, 0.
    let html = Report::new("").states(&[series("h", &[vec![-1.0, 1.0], vec![-1.0, 0.0], vec![1.0, 0.0]])]).html();
    assert_eq!(paths(&html, "d0"), ["M0 1h2"]);
    assert_eq!(paths(&html, "d5"), ["M1 0h2"]);
    assert_eq!(paths(&html, "d10"), ["M0 0h1M2 1h1"]);
}

#[test]
fn the_confusion_matrix_has_its_counts_and_its_names() {
    let mut confusion = Confusion::<3>::new();
    let class = |n| Class::new(n).unwrap();
    for (truth, named, times) in [(0, 0, 5), (0, 2, 1), (1, 1, 4), (2, 1, 7)] {
        (0..times).for_each(|_| confusion.add(class(truth), class(named)));
    }
    let html = Report::new("").confusion(&confusion, &["no", "yes"]).html();
    assert_eq!(by_place(&html, |class| class.starts_with("count")), ["5", "0", "1", "0", "4", "0", "0", "7", "0"]);
    assert!(html.contains("9 of 17 correct, 52.9\u{a0}%. The most frequent mistake: 2 taken for yes, 7 times."));
    assert_eq!(labels(&html, "middle", "x"), ["no", "yes", "2"]);
    assert_eq!(labels(&html, "end", "y"), ["no", "yes", "2"]);
}

#[test]
fn of_many_classes_those_that_are_there_are_drawn() {
    let mut confusion = Confusion::<12>::new();
    let class = |n| Class::new(n).unwrap();
    for (truth, named, times) in [(2, 2, 9998), (7, 2, 1), (2, 9, 1)] {
        (0..times).for_each(|_| confusion.add(class(truth), class(named)));
    }
    let html = Report::new("").confusion(&confusion, &[""; 0]).html();
    assert_eq!(by_place(&html, |class| class.starts_with("count")), ["9998", "0", "1", "1", "0", "0", "0", "0", "0"]);
    assert_eq!([labels(&html, "middle", "x"), labels(&html, "end", "y")], [["2", "7", "9"], ["2", "7", "9"]]);
    assert!(html.contains("Left out because they neither occur nor are predicted: 9 classes."));
    // An accuracy is not rounded up to 100 %.
    assert!(html.contains("9,998 of 10,000 correct, more than 99.9\u{a0}%."));
    let mut confusion = Confusion::<3>::new();
    confusion.add(Class::new(1).unwrap(), Class::new(1).unwrap());
    let html = Report::new("").confusion(&confusion, &[""; 0]).html();
    assert_eq!((texts(&html, "count").len(), html.contains("Left out")), (9, false));
    assert!(html.contains("1 of 1 correct, 100\u{a0}%."));
}

#[test]
fn counts_that_do_not_fit_are_not_written() {
    let mut confusion = Confusion::<20>::new();
    Class::all().for_each(|class| (0..999).for_each(|_| confusion.add(class, class)));
    let written =
        |confusion: &Confusion<20>| texts(&Report::new("").confusion(confusion, &[""; 0]).html(), "count").len();
    assert_eq!(written(&confusion), 400);
    confusion.add(Class::default(), Class::default());
    assert_eq!(written(&confusion), 0);
}

#[test]
fn many_classes_and_long_names_are_drawn() {
    let mut confusion = Confusion::<150>::new();
    Class::all().for_each(|class| confusion.add(class, class));
    let html = Report::new("").confusion(&confusion, &["x".repeat(500)]).html();
    assert!(texts(&html, "count").is_empty() && html.len() < 100_000, "{}", html.len());
    assert_eq!(paths(&html, "q8").len(), 1);
}

#[test]
fn a_unit_that_watches_quotations_is_found() {
    let text: Vec<String> = "He said \"come here\" and she (who \"knew\") went.".chars().map(String::from).collect();
    let mut open = false;
    let mut states = Vec::new();
    for (t, symbol) in text.iter().enumerate() {
        open ^= symbol == "\"";
        states.push(vec![(t as f64 * 0.7).sin(), if open { 0.9 } else { -0.9 }, (t as f64 * 1.9).cos()]);
    }
    let html = Report::new("").characters(&text, &states).html();
    let captions: Vec<String> =
        with_page(&html, |page| all(page, "figcaption").filter_map(|node| node.text().map(str::to_string)).collect());
    assert_eq!(captions.first().map(String::as_str), Some("Unit 1: within a quotation, correlation 1."));
    let coloured: String = texts(&html, "d10").concat();
    assert!(coloured.starts_with("\"come here") && coloured.contains("\"knew"), "{coloured}");
}

#[test]
fn perplexity_is_e_to_the_nats() {
    let nats = [10_f64.ln(), 20_f64.ln()];
    let html = Report::new("").perplexity(&surprise(&["a", "b"], &nats)).html();
    assert_eq!(labels(&html, "end", "y"), ["20", "15", "10", "5", "0"]);
    // √200.
    assert!(html.contains("Perplexity 14.1, 3.82 bits per symbol. A guess among 9 symbols gives 9."));
    let table = with_page(&html, |page| all(page, "td").map(|td| td.text().unwrap().to_string()).collect::<Vec<_>>());
    assert_eq!(table, ["b", "1", "4.32", "a", "1", "3.32"]);
}
