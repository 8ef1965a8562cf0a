//! Encoder–decoders: gradients end to end, the two cells run by hand, tapes of every kind, and translation.

use elman::cell::Recurrent;
use elman::target::Tail;
use elman::{
    CrossEntropy, Dense, Elman, Embedding, EncoderDecoder, Gru, Libm, Lstm, Masked, Network, Projection,
    ResetBeforeGru, Side, SquaredError, Stacked, Token,
};
use host_tests::Noise;
use host_tests::cells::{Composed, Drawn, sequence};
use host_tests::properties::{nan_stays_visible, properties_reading, units_may_stand_in_any_order};
use host_tests::slopes::{slopes_of, slopes_reading};

mod by_hand;
mod errors;
mod tapes;
mod translation;

type F64 = Libm<f64>;
type Two<E, D> = EncoderDecoder<E, D>;
/// Step of two values for a source, or of three for a target.
type Dense23 = Side<[f64; 2], [f64; 3]>;
type Tanh = Two<Elman<2, 5, F64>, Elman<3, 5, F64>>;
type Gated = Two<Gru<2, 5, F64>, Gru<3, 5, F64>>;
type Long = Two<Lstm<2, 5, F64>, Lstm<3, 5, F64>>;
/// Side of several layers that reads tokens.
type Words<const V: usize> = Stacked<Embedding<V, 3, F64>, Gru<3, 5, F64>>;
/// Stack that projects a source vector into the space of the embedded words of the target.
type Caption = Stacked<Two<Projection<2, 3, F64>, Embedding<2, 3, F64>>, Gru<3, 5, F64>>;

/// Draws a source, followed by a target, of the given lengths.
fn layout<X: Drawn, Y: Drawn>(noise: &mut Noise, source: usize, target: usize) -> Vec<Side<X, Y>> {
    let source: Vec<X> = sequence(noise, source);
    source.into_iter().map(Side::Source).chain(sequence(noise, target).into_iter().map(Side::Target)).collect()
}

/// Checks the gradients of every parameter of both cells, of the inputs of both sides and of the initial state; only
/// target steps have a loss.
fn end_to_end<C: Composed<Side<X, Y>, 5>, X: Drawn, Y: Drawn>() {
    let mut noise = Noise(9);
    for (source, target) in [(1, 1), (1, 7), (5, 1), (5, 7)] {
        let (classes, values) = (noise.classes::<4>(target), noise.vectors::<f64, 4>(target));
        let xs = |noise: &mut Noise| layout(noise, source, target);
        let each = slopes_of::<C, Side<X, Y>, 5>(&xs, &(&CrossEntropy, &Tail(&classes), 1.0), &|_| false);
        let last = [vec![None; source + target - 1], vec![values.last().copied()]].concat();
        let last = slopes_of::<C, Side<X, Y>, 5>(&xs, &(&SquaredError, &Masked(&last), 0.25), &|_| false);
        println!("{source} to {target}: {each:.2}, the last alone {last:.2} of the tolerance");
    }
}

#[test]
fn slopes_of_elman_sides() {
    end_to_end::<Tanh, [f64; 2], [f64; 3]>();
}

#[test]
fn slopes_of_gru_sides() {
    end_to_end::<Gated, [f64; 2], [f64; 3]>();
    end_to_end::<Two<ResetBeforeGru<2, 5, F64>, ResetBeforeGru<3, 5, F64>>, [f64; 2], [f64; 3]>();
}

#[test]
fn slopes_of_lstm_sides() {
    end_to_end::<Long, [f64; 2], [f64; 3]>();
}

#[test]
fn slopes_of_sides_that_read_different_kinds() {
    end_to_end::<Gated, [f64; 2], Token<3>>();
    end_to_end::<Tanh, Token<2>, [f64; 3]>();
}

#[test]
fn slopes_of_layers_and_embeddings() {
    end_to_end::<Two<Words<2>, Words<2>>, Token<2>, Token<2>>();
    end_to_end::<Caption, [f64; 2], Token<2>>();
    type Deep<const I: usize> = Stacked<Projection<I, 3, F64>, Stacked<Lstm<3, 4, F64>, Elman<4, 5, F64>>>;
    end_to_end::<Two<Deep<2>, Deep<4>>, [f64; 2], [f64; 4]>();
}

#[test]
fn slopes_of_turns_in_any_order() {
    for steps in [7, 23] {
        let gated = slopes_reading::<Gated, Dense23, 5>(steps, &|_| false);
        let caption = slopes_reading::<Caption, Side<[f64; 2], Token<2>>, 5>(steps, &|_| false);
        println!("T={steps}: {gated:.2}, below another layer {caption:.2} of the tolerance");
    }
}

#[test]
fn slopes_of_a_projection() {
    type Projected = Stacked<Projection<3, 4, F64>, Gru<4, 5, F64>>;
    for steps in [1, 5, 23] {
        println!("T={steps}: {:.2} of the tolerance", slopes_reading::<Projected, [f64; 3], 5>(steps, &|_| false));
    }
    slopes_reading::<Stacked<Projection<1, 1, F64>, Elman<1, 1, F64>>, [f64; 1], 1>(1, &|_| false);
    properties_reading::<Projected, [f64; 3], 5>();
    nan_stays_visible::<Projected, [f64; 3], 5>(&[0.0, f64::NAN, 0.0]);
}

#[test]
fn what_holds_for_every_composition_holds() {
    properties_reading::<Tanh, Dense23, 5>();
    properties_reading::<Gated, Dense23, 5>();
    properties_reading::<Long, Dense23, 5>();
    // Few symbols, so that each of them is read.
    properties_reading::<Two<Words<1>, Words<2>>, Side<Token<1>, Token<2>>, 5>();
    properties_reading::<Caption, Side<[f64; 2], Token<2>>, 5>();
}

#[test]
fn units_of_both_sides_may_stand_in_any_order() {
    units_may_stand_in_any_order::<Tanh, Dense23, 5>();
    units_may_stand_in_any_order::<Gated, Dense23, 5>();
    units_may_stand_in_any_order::<Long, Dense23, 5>();
}

#[test]
fn nan_stays_visible_on_either_side() {
    nan_stays_visible::<Gated, Dense23, 5>(&Side::Source([0.5, f64::NAN]));
    nan_stays_visible::<Gated, Dense23, 5>(&Side::Target([f64::NAN, 0.5, 0.5]));
}

#[test]
fn sizes() {
    fn sizes<C: Recurrent>() -> [usize; 4] {
        [size_of::<C>(), C::COUNT, size_of::<C::State>(), size_of::<C::Record>()]
    }
    type Cell<const V: usize> = Stacked<Embedding<V, 8>, Gru<8, 32>>;
    let (encoder, decoder, both) = (sizes::<Cell<26>>(), sizes::<Cell<12>>(), sizes::<Two<Cell<26>, Cell<12>>>());
    assert_eq!(both, [encoder[0] + decoder[0], encoder[1] + decoder[1], decoder[2], decoder[3] + 4]);
    assert_eq!(sizes::<Two<Elman<1, 1>, Elman<2, 1>>>(), [4 * (3 + 4), 7, 4, 12]);
    assert_eq!(sizes::<Projection<40, 8>>(), [4 * 8 * 41, 8 * 41, 4 * 8, 8 * 8]);
    assert_eq!(sizes::<Projection<1, 1, F64>>(), [16, 2, 8, 16]);
    let net = host_tests::plain::drawn::<Network<Gated, Dense<5, 4, f64>>>(1, 1.0);
    let names: Vec<_> = host_tests::precision::tensors(&net).into_iter().map(|(path, _)| path).collect();
    assert_eq!(names[..4], ["cell.encoder.w_ih", "cell.encoder.w_hh", "cell.encoder.b", "cell.decoder.w_ih"]);
}
