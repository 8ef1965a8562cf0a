//! Networks and sequences of size 1, empty sequences, and values that are not finite.

use crate::page::{sections, texts, with_page};
use crate::{motions, network};
use elman::parameters::Path;
use elman::task::TeacherForced;
use elman::vocabulary::Marks;
use elman::{
    Bidirectional, Class, Dense, Elman, Embedding, EncoderDecoder, Gru, Network, Parameters, Stacked, Token, Zero,
};
use elman_report::{Trace, report};
use elman_trainer::{ToEach, ToOne};

type Both = Network<Bidirectional<Gru<3, 4>>, Dense<8, 2>>;
type Words = Network<EncoderDecoder<Gru<3, 4>, Gru<5, 4>>, Dense<4, 5>>;

fn pair(length: usize) -> TeacherForced<[f32; 3], 5, 9, 5> {
    let marks = Marks { sos: Token::new(0).unwrap(), eos: Token::new(1).unwrap() };
    TeacherForced::new(&vec![[0.5; 3]; length], &vec![Token::new(3).unwrap(); length - 1], marks).unwrap()
}

#[test]
fn of_one_unit_one_class_and_one_step_there_is_a_page() {
    let sample = ToEach { inputs: vec![Token::<1>::default()], targets: vec![Class::<1>::default()] };
    type Tiny = Network<Stacked<Embedding<1, 1>, Bidirectional<Elman<1, 1>>>, Dense<2, 1>>;
    let html = report(&network::<Tiny>(), std::slice::from_ref(&sample)).html();
    assert_eq!(sections(&html), ["network", "confusion", "characters", "states", "gradient"]);
    assert!(html.contains("1 of 1 correct"));
    // With one class, nothing can be learned; with one symbol, nothing can be told apart.
    let notes = texts(&html, "none").concat();
    assert!(
        notes.contains("no step has a finite, nonzero gradient") && notes.contains("no unit correlates with"),
        "{notes}"
    );
    let trace = Trace::of(&network::<Tiny>(), &sample);
    assert_eq!(trace.gradient.iter().map(|reach| reach.norms.len()).collect::<Vec<_>>(), [1, 1]);

    let values = ToOne { inputs: vec![[0.5_f32]], target: [1.0_f32] };
    let html = report(&network::<Network<Bidirectional<Elman<1, 1>>, Dense<2, 1>>>(), &[values]).html();
    assert_eq!(sections(&html), ["network", "states", "gradient"]);
    assert!(texts(&html, "none").is_empty());

    // A source of one element and a target of `<eos>` alone: no target predicts a symbol that is read.
    let html = report(&network::<Words>(), &[pair(1)]).html();
    assert_eq!(sections(&html), ["network", "confusion", "characters", "states", "gates", "gradient"]);
    assert!(html.contains("has 2 steps: 1 of the encoder"));
}

#[test]
fn without_samples_there_is_the_network_alone() {
    let none: [ToOne<[f32; 3], Class<2>>; 0] = [];
    let empty = ToEach { inputs: Vec::<[f32; 3]>::new(), targets: Vec::<Class<2>>::new() };
    assert_eq!(sections(&report(&network::<Both>(), &none).html()), ["network"]);
    assert_eq!(sections(&report(&network::<Both>(), &[empty.clone(), empty.clone()]).html()), ["network"]);
    assert_eq!(sections(&report(&network::<Words>(), &[pair(2)][..0]).html()), ["network"]);
    // An empty sample before others is skipped.
    let inputs = motions::<2>().remove(0).inputs;
    let full = ToEach { targets: vec![Class::default(); inputs.len()], inputs };
    let html = report(&network::<Both>(), &[empty, full]).html();
    assert!(html.contains("h forward after each of 7 steps."));
}

#[test]
fn a_network_that_is_not_finite_has_a_page() {
    fn spoilt<N: Parameters<Scalar = f32, Gradient = N> + Zero>(x: f32) -> N {
        let mut network = network::<N>();
        network.walk([], Path::ROOT, &mut |_, numbers, []| numbers.fill(x));
        network
    }
    for x in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX] {
        let html = report(&spoilt::<Both>(x), &motions::<2>()).html();
        assert_eq!(sections(&html), ["network", "confusion", "states", "gates", "gradient"]);
        if x.is_nan() {
            assert_eq!(texts(&html, "none").len(), 4);
        }
        let words = report(&spoilt::<Words>(x), &[pair(3), pair(2)]).html();
        assert_eq!(
            sections(&words),
            ["network", "confusion", "perplexity", "characters", "states", "gates", "gradient"]
        );
        for html in [html, words] {
            let text = with_page(&html, |page| {
                page.descendants().filter_map(|node| node.text().map(str::to_string)).collect::<String>()
            });
            assert!(!text.contains("NaN") && !text.contains(" inf"), "{text}");
        }
    }
}
