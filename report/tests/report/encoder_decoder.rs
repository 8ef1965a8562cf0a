//! Report page of an encoder–decoder: the steps of encoder and decoder, and the output with teacher forcing.

use crate::network;
use crate::page::{all, labels, section, sections, texts, with_page};
use elman::cell::{Cell, LstmState, Recurrent};
use elman::task::TeacherForced;
use elman::vocabulary::Marks;
use elman::{
    Adam, Class, Config, CrossEntropy, Dense, Embedding, EncoderDecoder, Gru, Job, Lstm, Masked, Network, Projection,
    Side, Stacked, Step, Token, Trainer, Workspace, Zero,
};
use elman_report::{Names, Trace, report, report_named};
use roxmltree::Node;

/// Marks of the output, whose alphabet has five symbols: 0 begins it and 1 ends it. The source has six symbols.
const MARKS: Marks<5> = Marks { sos: mark(0), eos: mark(1) };
type Net = Network<EncoderDecoder<Lstm<6, 4>, Lstm<5, 4>>, Dense<4, 5>>;
type Pair<X> = TeacherForced<X, 5, 8, 5>;

const fn mark(index: usize) -> Token<5> {
    match Token::new(index) {
        Ok(token) => token,
        Err(_) => panic!("below 5"),
    }
}

fn tokens<const V: usize>(tokens: &[usize]) -> Vec<Token<V>> {
    tokens.iter().map(|&n| Token::new(n).unwrap()).collect()
}

fn pair(source: &[usize], target: &[usize]) -> Pair<Token<6>> {
    TeacherForced::new(&tokens(source), &tokens(target), MARKS).unwrap()
}

fn pairs() -> [Pair<Token<6>>; 3] {
    [pair(&[5, 0, 2], &[2, 4, 3]), pair(&[1], &[4]), pair(&[3, 4], &[])]
}

#[test]
fn an_encoder_decoder_shows_what_it_can() {
    let html = report(&network::<Net>(), &pairs()).html();
    assert_eq!(sections(&html), ["network", "confusion", "perplexity", "characters", "states", "gates", "gradient"]);
    assert!(html.contains("Computed on 3 samples. "));
    assert!(html.contains("has 7 steps: 3 of the encoder, then steps of the decoder"));
    type Gated =
        Network<EncoderDecoder<Stacked<Embedding<6, 3>, Gru<3, 4>>, Stacked<Embedding<5, 3>, Gru<3, 4>>>, Dense<4, 5>>;
    let html = report(&network::<Gated>(), &pairs()).html();
    assert!(html.contains("Gate z at each of 7 steps.") && html.contains("h after each of 7 steps."));
    // A vector is put into words, in the lowest layer: only the symbols of the decoder are text.
    type Captions = Network<Stacked<EncoderDecoder<Projection<2, 3>, Embedding<5, 3>>, Gru<3, 4>>, Dense<4, 5>>;
    let caption = Pair::new(&[[0.5, -0.5]], &tokens(&[2, 4, 3]), MARKS).unwrap();
    let html = report(&network::<Captions>(), &[caption]).html();
    assert_eq!(sections(&html), ["network", "confusion", "perplexity", "characters", "states", "gates", "gradient"]);
    assert!(html.contains("has 5 steps: 1 of the encoder, then"));
    assert_eq!(text(section(&html, "characters")), "0 2 4 3 ");
}

/// Returns the text of a section's first figure; panics if there is none.
fn text(section: &str) -> String {
    with_page(section, |section| {
        let pre = all(section, "pre").next().unwrap();
        pre.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
    })
}

#[test]
fn each_side_has_its_names() {
    let named = |names: &[&str]| names.iter().map(|&name| name.to_string()).collect::<Vec<_>>();
    let (classes, symbols) = (named(&["^", "$", "A", "B", "C"]), named(&["a", "b", "c", "d", "e", "f"]));
    let net = network::<Net>();
    let html = report_named(&net, &pairs(), &Names { classes, symbols: symbols.clone() }).html();
    assert_eq!(text(section(&html, "characters")), "fac^ACB↵\nb^C↵\nde^");
    assert_eq!(text(section(&html, "perplexity")), "ACB$");
    // One alphabet for both sides.
    let html = report_named(&net, &pairs(), &Names { symbols, ..Names::default() }).html();
    assert_eq!(text(section(&html, "characters")), "facaced↵\nbae↵\ndea");
}

#[test]
fn what_is_written_is_judged_as_by_the_core() {
    let net = network::<Net>();
    let (mut nats, mut right, mut all) = (0.0, 0, 0);
    for pair in pairs() {
        let mut state = Zero::ZERO;
        let answers: Vec<_> = pair.inputs().iter().map(|x| Class::largest(&net.step(&mut state, x)).unwrap()).collect();
        let written = &answers[answers.len() - pair.targets().0.len()..];
        right += written.iter().zip(pair.targets().0).filter(|(named, truth)| named == truth).count();
        all += written.len();
        nats += f64::from(net.evaluate(&CrossEntropy, pair.inputs(), pair.targets()).unwrap());
    }
    let html = report(&net, &pairs()).html();
    let findings = texts(&html, "finding").concat();
    assert_eq!(all, 4 + 2 + 1);
    assert!(findings.contains(&format!("{right} of 7 correct")), "{findings}");
    let (_, said) = findings.split_once("Perplexity ").unwrap();
    let perplexity: f64 = said.split(',').next().unwrap().parse().unwrap();
    assert!((perplexity - (nats / 7.0).exp()).abs() <= 0.005, "{perplexity} {nats}");
    // Positions count the predicted symbols, regardless of the length of the source.
    assert_eq!(labels(section(&html, "perplexity"), "middle", "x"), ["0", "1", "2", "3"]);
}

/// Returns the gates of a step, computed by the cell.
fn gates(cell: &Lstm<5, 4>, mut state: LstmState<f32, 4>, x: &Token<5>) -> Vec<Vec<f64>> {
    let (mut record, mut gates) = (Zero::ZERO, Vec::new());
    cell.step_recorded(&mut state, x, &mut record);
    Lstm::<5, 4>::look_at_gates(&record, &mut |_, _, values| gates.push(values.iter().map(|&x| x.into()).collect()));
    gates
}

#[test]
fn the_turns_are_those_of_both_cells() {
    let mut net = network::<Net>();
    net.cell.encoder = Lstm::ZERO;
    let (trace, mut state) = (Trace::of(&net, &pairs()[0]), Zero::ZERO);
    for (t, x) in pairs()[0].inputs().iter().enumerate() {
        // With zero weights, every gate is half open.
        let gates = match x {
            Side::Source(_) => vec![vec![0.5; 4]; 3],
            Side::Target(y) => gates(&net.cell.decoder, state, y),
        };
        assert_eq!(trace.gates.iter().map(|gate| gate.steps[t].clone()).collect::<Vec<_>>(), gates, "step {t}");
        match x {
            Side::Source(x) => net.cell.encoder.step(&mut state, x),
            Side::Target(y) => net.cell.decoder.step(&mut state, y),
        }
        assert_eq!(trace.states[0].steps[t], state.h.map(f64::from));
        assert_eq!(trace.states[1].steps[t], state.c.map(f64::from));
    }
}

#[test]
fn the_gradient_goes_from_the_last_target_into_the_encoder() {
    let (mut net, sample) = (network::<Net>(), &pairs()[0]);
    let trace = Trace::of(&net, sample);
    let mut work = Workspace::<Net, Adam, 8, 5>::ZERO;
    let mut trainer = Trainer::new(&mut net, &mut work, Config::new(Adam::new(0.1))).unwrap();
    let last: Vec<_> = (0..7).map(|t| (t == 6).then_some(MARKS.eos)).collect();
    let mut job = Job::new(sample.inputs(), Masked(&last));
    trainer.begin(&mut job).unwrap();
    let norm = |x: &[f32]| x.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
    let mut compared = 0;
    while trainer.poll(&mut job).unwrap().is_none() {
        let Some((t @ 1.., gradient)) = trainer.gradient_of_state() else { continue };
        let seen: Vec<f64> = trace.gradient.iter().map(|reach| reach.norms[t - 1]).collect();
        assert_eq!(seen, [norm(&gradient.h), norm(&gradient.c)], "after step {}", t - 1);
        assert!(seen.iter().all(|norm| *norm > 0.0));
        compared += 1;
    }
    assert_eq!(compared, 6);
    assert!(trace.gradient.iter().all(|reach| reach.from == 6));
}
