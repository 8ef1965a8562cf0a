//! The report's page: well-formed, of one file, whole whatever it is given.

#![cfg(feature = "report")]

use elman::image::Storable;
use elman::{
    Adam, Class, Config, Confusion, Dense, Elman, Embedding, Frozen, Gru, Libm, Lstm, Network, Parameters,
    ResetBeforeGru, Stacked, Token, Trainer, Workspace, Xoshiro128, Zero, init,
};
use elman_trainer::report::{Names, Series, Surprise, Trace, report_named};
use elman_trainer::{Epoch, History, Report, Sample, ToEach, ToNext, ToOne, report};
use roxmltree::{Document, Node, ParsingOptions};

/// Reads the page as XML, which it also is.
fn with_page<R>(html: &str, see: impl FnOnce(Node<'_, '_>) -> R) -> R {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(html, options).unwrap_or_else(|error| panic!("{error}\n{html}"));
    see(document.root_element())
}

fn all<'a, 'i>(page: Node<'a, 'i>, tag: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    page.descendants().filter(move |node| node.has_tag_name(tag))
}

fn sections(html: &str) -> Vec<String> {
    with_page(html, |page| all(page, "section").map(|node| node.attribute("id").unwrap().to_string()).collect())
}

/// The text of all elements of a class.
fn texts(html: &str, class: &str) -> Vec<String> {
    let of = |node: Node<'_, '_>| node.attribute("class").is_some_and(|c| c.split(' ').any(|c| c == class));
    let text =
        |node: Node<'_, '_>| node.descendants().filter(Node::is_text).filter_map(|n| n.text()).collect::<String>();
    with_page(html, |page| page.descendants().filter(|node| of(*node)).map(text).collect())
}

fn paths(html: &str, class: &str) -> Vec<String> {
    let of = |node: &Node<'_, '_>| node.attribute("class") == Some(class);
    with_page(html, |page| all(page, "path").filter(of).map(|node| node.attribute("d").unwrap().to_string()).collect())
}

/// The texts of some classes, row after row.
fn by_place(html: &str, of: impl Fn(&str) -> bool) -> Vec<String> {
    with_page(html, |page| {
        let at = |node: &Node<'_, '_>| ["y", "x"].map(|name| node.attribute(name).unwrap().parse::<f64>().unwrap());
        let mut found: Vec<_> = all(page, "text").filter(|node| node.attribute("class").is_some_and(&of)).collect();
        found.sort_by(|a, b| at(a).partial_cmp(&at(b)).unwrap());
        found.iter().map(|node| node.text().unwrap_or_default().to_string()).collect()
    })
}

/// The numbers at the axis whose labels have this anchor, sorted by the coordinate.
fn labels(html: &str, anchor: &str, coordinate: &str) -> Vec<String> {
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

fn epoch(epoch: usize, train_loss: f64) -> Epoch {
    Epoch {
        epoch,
        updates: 10 * epoch,
        rate: 0.1,
        train_loss,
        train_accuracy: None,
        valid_loss: None,
        valid_accuracy: None,
        gradient_norm: None,
        seconds: 0.5,
    }
}

fn history(losses: &[f64]) -> History {
    let mut history = History::default();
    losses.iter().enumerate().for_each(|(n, loss)| {
        history.push(epoch(n + 1, *loss));
    });
    history
}

fn series<T: Clone>(name: &str, steps: &[T]) -> Series<T> {
    Series { name: name.to_string(), steps: steps.to_vec() }
}

fn surprise<'a>(symbols: &'a [&'a str], nats: &'a [f64]) -> Surprise<'a, &'a str> {
    let mean = nats.iter().sum::<f64>() / nats.len() as f64;
    Surprise { symbols, nats, by_position: nats, mean, vocabulary: 9 }
}

/// A page with every section that is put together by hand.
fn everything(x: f64, title: &str, name: &str) -> Report {
    let mut confusion = Confusion::<2>::new();
    confusion.add(Class::new(0).unwrap(), Class::new(1).unwrap());
    let vectors = [vec![0.5, x], vec![x, -0.5], vec![0.1, 0.2]];
    Report::new(title)
        .history(&history(&[2.0, x, 1.0]))
        .confusion(&confusion, &[name, name])
        .gradient(&[series(name, &[1.0, x, 0.1])])
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
        // Two points with a gap between are no line.
        let marks = |html: &str, tag| with_page(html, |page| all(page, tag).count());
        let curve = Report::new("").history(&history(&[2.0, x, 1.0])).html();
        assert_eq!((paths(&curve, "curve c0").len(), marks(&curve, "circle")), (0, 2));
        let curve = Report::new("").history(&history(&[3.0, 2.0, x, 1.0, 0.5])).html();
        assert_eq!((paths(&curve, "curve c0").len(), marks(&curve, "circle")), (2, 0));
        let states = Report::new("").states(&[series("h", &[vec![x, 1.0]])]).html();
        assert_eq!((paths(&states, "d10"), paths(&states, "d0")), (vec!["M0 0h1".to_string()], vec![]));
        assert!(states.contains("not finite: 1."));
    }
    let zeros = Report::new("").gradient(&[series("h", &[0.0, 1e-300, 1e-3])]).html();
    assert!(zeros.contains("zero or not finite: 1."));
    for all in [f64::NAN, f64::INFINITY] {
        let nothing = Report::new("").history(&history(&[all])).gradient(&[series("h", &[all])]).html();
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
fn too_many_classes_say_so() {
    let samples = [ToOne { inputs: vec![[0.5_f32]; 2], target: Class::<300>::new(299).unwrap() }];
    let html = report(&*elman_trainer::zeroed::<Network<Elman<1, 2>, Dense<2, 300>>>(), &samples).html();
    assert_eq!(sections(&html), ["network", "confusion", "states", "gradient"]);
    assert!(texts(&html, "none").concat().contains("too many classes"));
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
        .gradient(&[series("h", &[1e-3])])
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
        .gradient(&[series("h", &losses), series("c", &losses)])
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
    assert!(html.contains("9 of 17 right, 52.9\u{a0}%. The most frequent mistake: 2 taken for yes, 7 times."));
    assert_eq!(labels(&html, "middle", "x"), ["no", "yes", "2"]);
    assert_eq!(labels(&html, "end", "y"), ["no", "yes", "2"]);
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

fn network<N: Parameters<Scalar = f32> + Zero>() -> N {
    let mut network = N::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(3));
    network
}

fn motions<const K: usize>() -> Vec<ToOne<[f32; 3], Class<K>>> {
    let step = |n: usize, t: usize| [(n + t) as f32 * 0.1, -0.2, (t % 3) as f32];
    (0..5).map(|n| ToOne { inputs: (0..7).map(|t| step(n, t)).collect(), target: Class::new(n % K).unwrap() }).collect()
}

#[test]
fn a_network_shows_what_it_can() {
    let samples = motions::<2>();
    let plain = ["network", "confusion", "states", "gradient"];
    let gated = ["network", "confusion", "states", "gates", "gradient"];
    let page = |html: String| sections(&html);
    assert_eq!(page(report(&network::<Network<Elman<3, 4>, Dense<4, 2>>>(), &samples).html()), plain);
    assert_eq!(page(report(&network::<Network<Gru<3, 4>, Dense<4, 2>>>(), &samples).html()), gated);
    assert_eq!(page(report(&network::<Network<ResetBeforeGru<3, 4>, Dense<4, 2>>>(), &samples).html()), gated);
    assert_eq!(page(report(&network::<Network<Lstm<3, 4>, Dense<4, 2>>>(), &samples).html()), gated);
    type Deep = Network<Stacked<Gru<3, 4>, Lstm<4, 5>>, Dense<5, 2>>;
    let html = report(&network::<Deep>(), &samples).html();
    assert_eq!(sections(&html), gated);
    for caption in
        ["h of layer 1 after", "h of layer 2 after", "c of layer 2 after", "Gate z of layer 1", "Gate f of layer 2"]
    {
        assert!(html.contains(caption), "{caption}");
    }
    assert!(html.contains("Seen on 5 samples"));
    assert!(html.contains(str::from_utf8(Deep::DESCRIPTION.as_bytes()).unwrap()));
    let none: [ToOne<[f32; 3], Class<2>>; 0] = [];
    assert_eq!(page(report(&network::<Deep>(), &none).html()), ["network"]);
}

#[test]
fn values_have_no_classes_and_labels_have() {
    let inputs = vec![[0.5_f32, -0.5]; 4];
    let values = ToEach { inputs: inputs.clone(), targets: vec![[0.1_f32]; 4] };
    let html = report(&network::<Network<Elman<2, 3>, Dense<3, 1>>>(), &[values]).html();
    assert_eq!(sections(&html), ["network", "states", "gradient"]);
    let labels = ToEach { inputs, targets: vec![Class::<2>::new(1).unwrap(); 4] };
    let html = report(&network::<Network<Elman<2, 3>, Dense<3, 2>>>(), &[labels]).html();
    assert_eq!(sections(&html), ["network", "confusion", "states", "gradient"]);
    assert!(html.contains("4 predictions."));
}

#[test]
fn a_language_model_shows_its_text_and_its_perplexity() {
    type Net = Network<Stacked<Embedding<5, 3>, Gru<3, 6>>, Dense<6, 5>>;
    let token = |n: usize| Token::<5>::new(n).unwrap();
    let sample = ToNext { items: [0, 3, 1, 2, 4, 0, 1, 3, 2, 2].map(token).to_vec() };
    let net = network::<Net>();
    let symbols = ["a", " ", "B", "<", "\n"].map(String::from).to_vec();
    let names = Names { symbols, ..Names::default() };
    let html = report_named(&net, std::slice::from_ref(&sample), &names).html();
    let expected = ["network", "perplexity", "characters", "states", "gates", "gradient"];
    assert_eq!(sections(&html), expected);
    let text = with_page(&html, |page| {
        let pre = all(page, "pre").next().unwrap();
        pre.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect::<String>()
    });
    assert_eq!(text, "< B↵\na <BB");
    let perplexity = f64::from(net.perplexity(&sample.items).unwrap());
    let said = texts(&html, "finding").into_iter().find(|text| text.contains("Perplexity")).unwrap();
    assert!(said.starts_with(&format!("Perplexity {perplexity:.2}, ")), "{said} {perplexity}");
}

#[test]
fn perplexity_is_e_to_the_nats() {
    let nats = [10_f64.ln(), 20_f64.ln()];
    let html = Report::new("").perplexity(&surprise(&["a", "b"], &nats)).html();
    assert_eq!(labels(&html, "end", "y"), ["20", "15", "10", "5", "0"]);
    // √200.
    assert!(html.contains("Perplexity 14.1, 3.82 bits a symbol. A guess among 9 symbols has 9."));
    let table = with_page(&html, |page| all(page, "td").map(|td| td.text().unwrap().to_string()).collect::<Vec<_>>());
    assert_eq!(table, ["b", "1", "4.32", "a", "1", "3.32"]);
}

#[test]
fn the_gradient_is_that_of_the_core() {
    type Net = Network<Stacked<Gru<3, 4>, Lstm<4, 5>>, Dense<5, 2>>;
    let samples = motions::<2>();
    let mut net = network::<Net>();
    let trace = Trace::of(&net, &samples[1]);
    let mut work = Workspace::<Net, Adam, 7>::ZERO;
    let mut trainer = Trainer::new(&mut net, &mut work, Config::new(Adam::new(0.1))).unwrap();
    let mut state = Zero::ZERO;
    let mut update = trainer.begin(&mut state, &samples[1].inputs, samples[1].targets()).unwrap();
    let mut compared = 0;
    let norm = |x: &[f32]| x.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
    while update.poll().unwrap().is_none() {
        // The state before step t is that after step t − 1.
        let Some((t @ 1.., gradient)) = update.gradient_of_state() else { continue };
        let core = [norm(&gradient.lower), norm(&gradient.upper.h), norm(&gradient.upper.c)];
        let seen: Vec<f64> = trace.gradient.iter().map(|series| series.steps[t - 1]).collect();
        assert_eq!(seen, core, "after step {}", t - 1);
        compared += 1;
    }
    assert_eq!(compared, 6);
    assert!(trace.gradient.iter().all(|series| series.steps.len() == 7));
}

#[test]
fn the_gates_are_those_of_the_equations() {
    let net = network::<Network<Gru<3, 4>, Dense<4, 2>>>();
    let sample = &motions::<2>()[2];
    let trace = Trace::of(&net, sample);
    let affine = &net.cell.affine;
    let gate = |g: usize, t: usize, unit: usize| {
        let h = |j: usize| t.checked_sub(1).map_or(0.0, |before| trace.states[0].steps[before][j]);
        let inputs: f64 = (0..3).map(|i| f64::from(affine.w_ih[i][g][unit]) * f64::from(sample.inputs[t][i])).sum();
        let units: f64 = (0..4).map(|j| f64::from(affine.w_hh[j][g][unit]) * h(j)).sum();
        let biases: f64 = affine.b.iter().map(|b| f64::from(b[g][unit])).sum();
        1.0 / (1.0 + (-(inputs + units + biases)).exp())
    };
    for (g, name) in ["r", "z"].iter().enumerate() {
        assert_eq!(trace.gates[g].name, *name);
        for t in 0..7 {
            for unit in 0..4 {
                let (seen, expected) = (trace.gates[g].steps[t][unit], gate(g, t, unit));
                assert!((seen - expected).abs() < 1e-6, "{name} {t} {unit}: {seen} {expected}");
            }
        }
    }
}

#[test]
fn a_frozen_cell_shows_what_it_is_made_of() {
    let cell = network::<Network<Lstm<3, 4>, Dense<4, 2>>>();
    let net = Network { cell: Frozen(&cell.cell), readout: cell.readout.clone() };
    let samples = motions::<2>();
    assert_eq!(Trace::of(&net, &samples[0]), Trace::of(&cell, &samples[0]));
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
