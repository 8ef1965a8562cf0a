//! Pages of networks that read both ways: each direction behaves as a cell that reads its own sequence, and
//! results agree with the core's reader.

use crate::page::{all, paths, section, sections, with_page};
use crate::{motions, network};
use elman::dense::LearnedReadout;
use elman::image::Architecture;
use elman::layer::{Add, Concat, Multiply};
use elman::{
    Bidirectional, Class, CrossEntropy, Dense, Elman, Embedding, Gru, Libm, Lstm, Masked, Network, Parameters, Reader,
    Stacked, Step, Token, Zero,
};
use elman_report::{Names, Observe, Trace, report, report_named};
use elman_trainer::{Sample, ToEach, ToOne};

type Mixed<J> = Bidirectional<Gru<3, 4>, Lstm<3, 4>, J>;
type Layers = Stacked<Stacked<Embedding<6, 3>, Bidirectional<Gru<3, 4>>>, Bidirectional<Lstm<8, 5>>>;

fn tokens<const V: usize>(tokens: &[usize]) -> Vec<Token<V>> {
    tokens.iter().map(|&n| Token::new(n).unwrap()).collect()
}

#[test]
fn both_directions_are_shown() {
    let samples = [ToEach { inputs: tokens(&[0, 5, 2, 2]), targets: tokens(&[0, 1, 0, 0]) }];
    type Tagger = Network<Stacked<Embedding<6, 3>, Bidirectional<Gru<3, 4>>>, Dense<8, 2>>;
    let html = report(&network::<Tagger>(), &samples).html();
    assert_eq!(sections(&html), ["network", "confusion", "characters", "states", "gates", "gradient"]);
    for caption in ["h forward after each of 4", "h backward after each of 4", "Gate r forward", "Gate z backward"] {
        assert!(html.contains(caption), "{caption}");
    }
    assert!(html.contains("state of all directions") && !html.contains("of layer"));
    // The third of four labels is marked, and reached from both sides.
    assert!(html.contains("Over 2 steps back ∂L/∂h forward") && html.contains("Over 1 step ahead ∂L/∂h backward"));
    assert_eq!(paths(section(&html, "gradient"), "mark").len(), 1);
    let html = report(&network::<Network<Layers, Dense<10, 2>>>(), &samples).html();
    for caption in [
        "h of layer 1 backward after",
        "c of layer 2 forward after",
        "Gate z of layer 1 forward",
        "Gate o of layer 2 backward",
    ] {
        assert!(html.contains(caption), "{caption}");
    }
    let html = report(&network::<Network<Bidirectional<Elman<3, 4>>, Dense<8, 2>>>(), &motions::<2>()).html();
    assert_eq!(sections(&html), ["network", "confusion", "states", "gradient"]);
    // One target for the whole sequence belongs to no step, so none is marked.
    assert!(html.contains("Over 6 steps back ∂L/∂h forward") && html.contains("Over 6 steps ahead ∂L/∂h backward"));
    assert!(paths(section(&html, "gradient"), "mark").is_empty());
}

#[test]
fn the_backward_direction_is_its_cell_over_the_sequence_turned_round() {
    let (net, sample) = (network::<Network<Mixed<Concat>, Dense<8, 2>>>(), motions::<2>().remove(1));
    let trace = Trace::of(&net, &sample);
    let names: Vec<&str> = trace.states.iter().chain(&trace.gates).map(|series| series.name.as_str()).collect();
    let states = ["h forward", "h backward", "c backward"];
    let gates = ["r forward", "z forward", "i backward", "f backward", "o backward"];
    assert_eq!(names, [&states[..], &gates[..]].concat());
    // The states, computed by the core.
    let (mut h, mut state) = ([0.0; 4], Zero::ZERO);
    for (t, x) in sample.inputs.iter().enumerate() {
        net.cell.forward.step(&mut h, x);
        assert_eq!(trace.states[0].steps[t], h.map(f64::from));
    }
    for (t, x) in sample.inputs.iter().enumerate().rev() {
        net.cell.backward.step(&mut state, x);
        assert_eq!(trace.states[1].steps[t], state.h.map(f64::from));
        assert_eq!(trace.states[2].steps[t], state.c.map(f64::from));
    }
    // The gates equal those of each cell alone.
    let readout = Dense::<4, 2>::ZERO;
    let forward = Trace::of(&Network { cell: net.cell.forward, readout: readout.clone() }, &sample);
    let turned = ToOne { inputs: sample.inputs.iter().rev().copied().collect(), ..sample };
    let backward = Trace::of(&Network { cell: net.cell.backward, readout }, &turned);
    let [r, z, i, f, o] = &trace.gates[..] else { panic!("{} gates", trace.gates.len()) };
    assert_eq!([&r.steps, &z.steps], [&forward.gates[0].steps, &forward.gates[1].steps]);
    for (seen, alone) in [i, f, o].into_iter().zip(&backward.gates) {
        assert!(seen.steps.iter().eq(alone.steps.iter().rev()), "{}", seen.name);
    }
}

#[test]
fn an_upper_layer_reads_both_directions_of_the_lower() {
    let net = network::<Network<Layers, Dense<10, 2>>>();
    let sample = ToEach { inputs: tokens(&[0, 5, 2, 2, 3]), targets: tokens(&[0, 1, 0, 0, 1]) };
    let trace = Trace::of(&net, &sample);
    let of = |name: &str| &trace.states.iter().find(|series| series.name == name).unwrap().steps;
    let (below, upper) = ([of("h of layer 1 forward"), of("h of layer 1 backward")], &net.cell.upper);
    let read =
        |t: usize| below.map(|h| <[f32; 4]>::try_from(h[t].iter().map(|&x| x as f32).collect::<Vec<_>>()).unwrap());
    let (mut forward, mut backward) = (Zero::ZERO, Zero::ZERO);
    for t in 0..5 {
        upper.forward.step(&mut forward, &read(t));
        assert_eq!(of("h of layer 2 forward")[t], forward.h.map(f64::from));
    }
    for t in (0..5).rev() {
        upper.backward.step(&mut backward, &read(t));
        assert_eq!(of("c of layer 2 backward")[t], backward.c.map(f64::from));
    }
}

/// Checks that the loss at each step and the number of correct labels agree with the core's reader.
fn judged_as_by_the_reader<C, R>()
where
    C: Observe<[f32; 3], Scalar = f32, Math = Libm<f32>> + Zero,
    R: LearnedReadout<C::Output, Scalar = f32, Output = [f32; 2]> + Zero,
    Network<C, R>: Parameters<Scalar = f32> + Architecture<Real = f32>,
{
    let (net, mut reader) = (network::<Network<C, R>>(), Reader::<Network<C, R>, 7>::ZERO);
    let ToOne { inputs, target } = motions::<2>().remove(1);
    let sample = ToEach { targets: (0..7).map(|t| Class::<2>::new(t % 2).unwrap()).collect(), inputs };
    let mut loss = |step: usize| {
        let targets: Vec<_> = (0..7).map(|t| (t == step).then_some(sample.targets[t])).collect();
        Some(f64::from(reader.on(&net).evaluate(&CrossEntropy, &sample.inputs, Masked(&targets)).unwrap()))
    };
    let losses: Vec<_> = (0..7).map(&mut loss).collect();
    assert_eq!(Trace::of(&net, &sample).losses, losses);
    let mut labels = [Class::default(); 7];
    reader.on(&net).label(&sample.inputs, &mut labels).unwrap();
    let right = labels.iter().zip(&sample.targets).filter(|(named, truth)| named == truth).count();
    assert!(report(&net, std::slice::from_ref(&sample)).html().contains(&format!("{right} of 7 correct")));
    // One target for the whole sequence.
    let whole = ToOne { inputs: sample.inputs, target };
    let loss = f64::from(reader.on(&net).evaluate(&CrossEntropy, &whole.inputs, whole.targets()).unwrap());
    assert_eq!(Trace::of(&net, &whole).losses, [None, None, None, None, None, None, Some(loss)]);
}

#[test]
fn the_outputs_are_those_of_the_core() {
    judged_as_by_the_reader::<Mixed<Concat>, Dense<8, 2>>();
    judged_as_by_the_reader::<Mixed<Add>, Dense<4, 2>>();
    judged_as_by_the_reader::<Mixed<Multiply>, Dense<4, 2>>();
    judged_as_by_the_reader::<Stacked<Mixed<Concat>, Bidirectional<Gru<8, 3>>>, Dense<6, 2>>();
    judged_as_by_the_reader::<Stacked<Gru<3, 4>, Bidirectional<Gru<4, 3>>>, Dense<6, 2>>();
}

#[test]
fn a_unit_that_knows_the_label_is_found() {
    let mut net = Network::<Stacked<Embedding<4, 1>, Bidirectional<Elman<1, 1>>>, Dense<2, 2>>::ZERO;
    net.cell.lower.table = [[-1.0], [-1.0], [1.0], [1.0]];
    net.cell.upper.forward.affine.w_ih = [[[3.0]]];
    let sample = |words: &[usize]| ToEach {
        inputs: tokens::<4>(words),
        targets: words.iter().map(|&w| Class::new(w / 2).unwrap()).collect(),
    };
    let samples = [sample(&[0, 2, 1]), sample(&[3, 3]), sample(&[])];
    let names = ["x ", "y ", "z ", "w "].map(String::from).to_vec();
    let html = report_named(&net, &samples, &Names { classes: vec!["no".into(), "yes".into()], symbols: names }).html();
    let caption = "Unit 0 of h forward: label yes, correlation 1.";
    assert!(html.contains(caption));
    let text = with_page(&html, |page| {
        let figure =
            all(page, "figure").find(|figure| figure.descendants().any(|node| node.text() == Some(caption))).unwrap();
        let spans = all(figure, "span").filter(|span| span.attribute("class").is_some());
        spans.map(|span| [span.attribute("class"), span.text()].map(|x| x.unwrap().to_string())).collect::<Vec<_>>()
    });
    // Features of spelling do not apply to words.
    assert!(!html.contains("vowels") && html.contains("label yes, position in the line, within"));
    // Between two sentences there is no state.
    let expected = [["d0", "x "], ["d10", "z "], ["d0", "y "], ["d10", "w w "]];
    assert_eq!(text, expected.map(|pair| pair.map(String::from)));
    assert!(html.contains("</span>↵\n"));
}
