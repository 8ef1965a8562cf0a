//! Merging of two bias vectors into one, which must not change the network's outputs.

use elman_model::{Direction, Input, Inseparable, Kind, Layer, Matrix, Model, Nonlinearity, Reset};

/// Returns a model with one input, one unit that has these two biases, and one output.
fn model(kind: Kind, biases: [f64; 2]) -> Model {
    let rows = kind.gates();
    let column = |values: Vec<f64>| Matrix { columns: 1, values };
    let weights = |first: usize| column((first..first + rows).map(|n| n as f64 / 4.0 - 1.0).collect());
    let biases = biases.iter().map(|&bias| vec![bias; rows]).collect();
    let direction = Direction { w_ih: weights(0).into(), w_hh: weights(3).into(), biases, scalars: Vec::new() };
    let layers = vec![Layer { kind, directions: vec![direction.clone(), direction] }];
    Model { embedding: None, layers, head: Matrix { columns: 2, values: vec![1.0, -2.0] }, head_bias: vec![0.5] }
}

fn merged(kind: Kind, biases: [f64; 2]) -> f64 {
    let mut model = model(kind, biases);
    model.merge_biases().unwrap();
    let directions = &model.layers[0].directions;
    assert!(
        directions.iter().all(|d| d.biases.len() == 1 && d.biases[0].iter().all(|b| *b == directions[0].biases[0][0]))
    );
    directions[0].biases[0][0]
}

#[test]
fn the_sum_is_rounded_once() {
    let (one, ulp) = (1.0, f64::from(f32::EPSILON));
    // Rounded to f64 first, each sum with `tiny` would be a tie.
    let tiny = 2_f64.powi(-60);
    let cases = [
        (one, ulp / 2.0, one),
        (one, ulp / 2.0 + tiny, one + ulp),
        (one + ulp, ulp / 2.0 - tiny, one + ulp),
        (-one, -ulp / 2.0 - tiny, -one - ulp),
        (-one - ulp, -ulp / 2.0 + tiny, -one - ulp),
        (ulp / 2.0 + tiny, one, one + ulp),
        (0.25, -0.25, 0.0),
        (1.5, 0.0, 1.5),
    ];
    for (a, b, sum) in cases {
        assert_eq!(merged(Kind::Lstm, [a, b]), sum, "{a} + {b}");
    }
}

#[test]
fn the_network_is_the_same() {
    let xs = [vec![0.5], vec![-1.0], vec![0.25]];
    let kinds = [Kind::Lstm, Kind::Rnn(Nonlinearity::Tanh), Kind::Rnn(Nonlinearity::Relu)];
    for kind in kinds {
        let two = model(kind, [0.5, -0.125]);
        let mut one = two.clone();
        one.merge_biases().unwrap();
        assert_eq!(one.parameters() + 2 * kind.gates(), two.parameters());
        let run = |model: &Model| model.run(Input::Vectors(&xs), &[]).each.concat();
        assert!(run(&one).iter().zip(run(&two)).all(|(one, two)| (one - two).abs() < 1e-15), "{kind:?}");
        assert_ne!(run(&two), run(&model(kind, [0.5, 0.125])), "the second counts");
    }
}

#[test]
fn biases_of_a_gru_that_resets_after_stay_two() {
    let mut gru = model(Kind::Gru(Reset::After), [0.5, -0.125]);
    let before = gru.clone();
    assert_eq!(gru.merge_biases(), Err(Inseparable));
    assert_eq!(gru, before);
    // With one bias vector or none, there is nothing to merge.
    for left in [1, 0] {
        gru.layers[0].directions.iter_mut().for_each(|direction| direction.biases.truncate(left));
        let before = gru.clone();
        assert_eq!(gru.merge_biases(), Ok(()));
        assert_eq!(gru, before);
    }
}
