//! Pages made by one call, for networks of cells and of stacks of cells.

use crate::page::{all, sections, texts, with_page};
use crate::{motions, network};
use elman::cell::LowRank;
use elman::image::Image;
use elman::{
    Adam, Class, Config, CrossEntropy, Dense, Elman, Embedding, FastGrnn, Frozen, Gru, Job, Libm, Lstm, Mgu, Network,
    ResetBeforeGru, Stacked, Token, Trainer, Workspace, Zero,
};
use elman_report::{Names, Trace, report, report_named};
use elman_trainer::{Sample, ToEach, ToNext, ToOne};
use roxmltree::Node;

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
    assert_eq!(page(report(&network::<Network<Mgu<3, 4>, Dense<4, 2>>>(), &samples).html()), gated);
    type Low = FastGrnn<3, 4, Libm<f32>, LowRank<2>, LowRank<1>>;
    let html = report(&network::<Network<Stacked<Low, FastGrnn<4, 5>>, Dense<5, 2>>>(), &samples).html();
    assert_eq!(sections(&html), gated);
    assert!(html.contains("Gate z of layer 1") && html.contains("Gate z of layer 2"));
    type Deep = Network<Stacked<Gru<3, 4>, Lstm<4, 5>>, Dense<5, 2>>;
    let html = report(&network::<Deep>(), &samples).html();
    assert_eq!(sections(&html), gated);
    for caption in
        ["h of layer 1 after", "h of layer 2 after", "c of layer 2 after", "Gate z of layer 1", "Gate f of layer 2"]
    {
        assert!(html.contains(caption), "{caption}");
    }
    assert!(html.contains("Computed on 5 samples"));
    assert!(html.contains(str::from_utf8(Image::<Deep>::DESCRIPTION.as_bytes()).unwrap()));
    let none: [ToOne<[f32; 3], Class<2>>; 0] = [];
    assert_eq!(page(report(&network::<Deep>(), &none).html()), ["network"]);
}

#[test]
fn too_many_classes_say_so() {
    let samples = [ToOne { inputs: vec![[0.5_f32]; 2], target: Class::<300>::new(299).unwrap() }];
    let html = report(&*elman_trainer::zeroed::<Network<Elman<1, 2>, Dense<2, 300>>>(), &samples).html();
    assert_eq!(sections(&html), ["network", "confusion", "states", "gradient"]);
    assert!(texts(&html, "none").concat().contains("too many classes"));
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
fn the_gradient_is_that_of_the_core() {
    type Net = Network<Stacked<Gru<3, 4>, Lstm<4, 5>>, Dense<5, 2>>;
    let samples = motions::<2>();
    let mut net = network::<Net>();
    let trace = Trace::of(&net, &samples[1]);
    let read = net.clone();
    let mut work = Workspace::<Net, Adam, 7>::ZERO;
    let mut trainer = Trainer::new(&mut net, &mut work, Config::new(Adam::new(0.1))).unwrap();
    let mut job = Job::new(&samples[1].inputs, samples[1].targets());
    trainer.begin(&mut job).unwrap();
    let mut compared = 0;
    let norm = |x: &[f32]| x.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
    while trainer.poll(&mut job).unwrap().is_none() {
        // The state before step t is that after step t − 1.
        let Some((t @ 1.., gradient)) = trainer.gradient_of_state() else { continue };
        // Only the upper cell: for the lower one, the report also adds the gradient from the upper cell at this step.
        let core = [norm(&gradient.upper.h), norm(&gradient.upper.c)];
        let seen: Vec<f64> = trace.gradient[1..].iter().map(|reach| reach.norms[t - 1]).collect();
        assert_eq!(seen, core, "after step {}", t - 1);
        compared += 1;
    }
    assert_eq!(compared, 6);
    assert!(trace.gradient.iter().all(|reach| reach.norms.len() == 7));
    for t in 0..7 {
        let slope = norm(&lower_slopes(&read.cell, &read.readout, &samples[1], t));
        let seen = trace.gradient[0].norms[t];
        assert!((seen - slope).abs() < 2e-3 * slope.max(0.01), "after step {t}: {seen}, by differences {slope}");
    }
}

/// Returns central differences of the loss with respect to the lower cell's state after step `t`.
fn lower_slopes(
    cell: &Stacked<Gru<3, 4>, Lstm<4, 5>>,
    readout: &Dense<5, 2>,
    sample: &ToOne<[f32; 3], Class<2>>,
    t: usize,
) -> [f32; 4] {
    let loss = |unit: usize, by: f32| {
        let (mut lower, mut upper) = (Zero::ZERO, Zero::ZERO);
        for (step, x) in sample.inputs.iter().enumerate() {
            elman::Step::step(&cell.lower, &mut lower, x);
            lower[unit] += if step == t { by } else { 0.0 };
            elman::Step::step(&cell.upper, &mut upper, &lower);
        }
        let mut outputs = [0.0; 2];
        elman::dense::Readout::forward(readout, &upper.h, &mut outputs);
        elman::loss::Loss::<elman::Libm<f32>, _>::evaluate(&CrossEntropy, &mut outputs, &sample.target, 1.0)
    };
    std::array::from_fn(|unit| (loss(unit, 0.02) - loss(unit, -0.02)) / 0.04)
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
