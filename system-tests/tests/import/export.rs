//! Exporting to PyTorch gives the same bits under the same names as in the imported file.

use super::{CASES, file, model};
use elman::image::{Architecture, Image};
use elman::layer::Add;
use elman::{Bidirectional, Dense, Elman, Gru, Libm, Lstm, Network, Projection, ResetBeforeGru, Stacked};
use elman_import::torch;
use elman_model::{Model, Nonlinearity};
use safetensors::SafeTensors;

#[test]
fn every_golden_file_comes_back_bit_for_bit() {
    for (name, _) in CASES {
        let back = Model::from_image(&model(name).image().unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (before, after) = (file(name), torch::write(&back).unwrap());
        let (before, after) = (SafeTensors::deserialize(&before).unwrap(), SafeTensors::deserialize(&after).unwrap());
        for (tensor, view) in after.iter() {
            let was = before.tensor(tensor).unwrap();
            assert_eq!((view.dtype(), view.shape()), (was.dtype(), was.shape()), "{name} {tensor}");
            assert!(view.data() == was.data(), "{name} {tensor}");
        }
        let of_network = |tensor: &&str| ["rnn.", "head.", "emb."].iter().any(|module| tensor.starts_with(module));
        assert_eq!(after.len(), before.names().into_iter().filter(|tensor| of_network(tensor)).count(), "{name}");
    }
}

/// Returns an image of zeros, even for layers that do not fit together, whose network has no `ZERO`.
fn written<N: Architecture>() -> Vec<u8> {
    let mut bytes = vec![0; Image::<N>::BYTES];
    Image::write(&N::new_zeroed(), &[], &mut bytes).unwrap();
    bytes
}

#[test]
fn what_pytorch_does_not_have_is_refused() {
    let before = written::<Network<ResetBeforeGru<3, 5>, Dense<5, 2>>>();
    let sizes = written::<Network<Stacked<Gru<3, 5>, Gru<5, 4>>, Dense<4, 2>>>();
    let kinds = written::<Network<Stacked<Gru<3, 5>, Lstm<5, 5>>, Dense<5, 2>>>();
    for image in [before, sizes, kinds] {
        let model = Model::from_image(&image).unwrap();
        assert_eq!(Model::from_image(&model.image().unwrap()).unwrap(), model);
        let error = torch::write(&model).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}: PyTorch has no such module; ", model.description())), "{error}");
    }
}

#[test]
fn what_a_model_does_not_have_is_refused() {
    let exact = written::<Network<Gru<3, 5, Libm<f64>>, Dense<5, 2, f64>>>();
    let projected = written::<Network<Stacked<Projection<3, 5>, Gru<5, 5>>, Dense<5, 2>>>();
    let apart = written::<Network<Bidirectional<Gru<3, 5>, Gru<3, 5, Libm, 0>>, Dense<10, 2>>>();
    let added = written::<Network<Bidirectional<Gru<3, 5>, Gru<3, 5>, Add>, Dense<5, 2>>>();
    let unfit = written::<Network<Stacked<Gru<3, 5>, Gru<4, 5>>, Dense<5, 2>>>();
    for image in [exact, projected, apart, added, unfit, written::<Gru<3, 5>>()] {
        let error = Model::from_image(&image).unwrap_err().to_string();
        assert!(error.starts_with("only f32 networks of"), "{error}");
    }
}

#[test]
fn one_bias_vector_becomes_two() {
    let model = Model::from_image(&written::<Network<Elman<3, 5>, Dense<5, 2>>>()).unwrap();
    let back = torch::read(&torch::write(&model).unwrap(), Nonlinearity::Tanh).unwrap().model;
    assert_eq!(back.layers[0].directions[0].biases, [[0.0; 5], [0.0; 5]]);
    assert_eq!(back.layers[0].directions[0].w_ih, model.layers[0].directions[0].w_ih);
}

#[test]
fn damaged_images_are_refused() {
    let image = model("rnn_tanh_i1h1t1_lab").image().unwrap();
    for at in 0..image.len() {
        assert!(Model::from_image(&image[..at]).is_err());
        let mut damaged = image.clone();
        damaged[at] ^= 0x11;
        assert!(Model::from_image(&damaged).is_err(), "byte {at}");
    }
}
