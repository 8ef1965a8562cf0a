//! Check of a model from any file: it is written by us and read again.

use elman_import::torch;
use elman_model::{Kind, Model, Nonlinearity};

/// Checks that the model's image and state dict, which hold f32, restore the model rounded to f32.
pub fn check(model: &Model) {
    let rounded = rounded(model);
    // Finite weights can give outputs that are not finite; the model then has no image.
    let Ok(image) = model.image() else { return };
    let again = Model::from_image(&image).expect("the image of a model opens");
    assert_eq!(bits(&rounded), bits(&again), "its image holds another model");
    assert_eq!(rounded, again, "its image holds another model");
    if let Ok(file) = torch::write(model) {
        let again = torch::read(&file, nonlinearity(model)).expect("a written state dict can be read").model;
        // PyTorch has two bias vectors where a model may have one.
        if model.layers[0].directions[0].biases.len() != 1 {
            assert_eq!(bits(&rounded), bits(&again), "its state dict holds another model");
            assert_eq!(rounded, again, "its state dict holds another model");
        }
    }
}

fn nonlinearity(model: &Model) -> Nonlinearity {
    match model.layers[0].kind {
        Kind::Rnn(nonlinearity) => nonlinearity,
        _ => Nonlinearity::Tanh,
    }
}

fn rounded(model: &Model) -> Model {
    let mut model = model.clone();
    numbers(&mut model).for_each(|number| *number = f64::from(*number as f32));
    model
}

/// Returns the bits of the weights, since equal values can have different bits: 0 and -0.
fn bits(model: &Model) -> Vec<u64> {
    numbers(&mut model.clone()).map(|number| number.to_bits()).collect()
}

fn numbers(model: &mut Model) -> impl Iterator<Item = &mut f64> {
    let directions = model.layers.iter_mut().flat_map(|layer| &mut layer.directions);
    let cells = directions.flat_map(|d| {
        let matrices = d.w_ih.matrices_mut().chain(d.w_hh.matrices_mut());
        let rest = d.biases.iter_mut().flatten().chain(&mut d.scalars);
        matrices.flat_map(|matrix| &mut matrix.values).chain(rest)
    });
    let table = model.embedding.iter_mut().flat_map(|table| &mut table.values);
    table.chain(cells).chain(&mut model.head.values).chain(&mut model.head_bias)
}
