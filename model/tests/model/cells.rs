//! For each kind of cell: a forward pass in f64 that agrees with the core's, and an image that is written again.

use elman::cell::{FullRank, LowRank, Relu};
use elman::dense::Readout;
use elman::image::{Aligned, Architecture};
use elman::math::Math;
use elman::part::Sweep;
use elman::{
    Bidirectional, Dense, Elman, FastGrnn, Gru, Image, Libm, Lstm, Mgu, Network, Parameters, Reader, ResetBeforeGru,
    Stacked, Xoshiro128, Zero, init,
};
use elman_model::{Input, Model};

type Net<C, const F: usize> = Network<C, Dense<F, 2>>;
const STEPS: usize = 9;

fn xs() -> [[f32; 3]; STEPS] {
    core::array::from_fn(|t| core::array::from_fn(|i| ((t * 7 + i * 5) % 11) as f32 / 4.0 - 1.0))
}

/// Checks the outputs of the model, and that its image holds the same network.
#[track_caller]
fn check<C, const F: usize>(kind: &str)
where
    C: Sweep<[f32; 3], Math: Math<Scalar = f32>> + Zero,
    Dense<F, 2>: Readout<C::Output, Output = [f32; 2]>,
    Net<C, F>: Architecture<Real = f32> + Parameters<Scalar = f32> + PartialEq + std::fmt::Debug,
{
    let mut net = Net::<C, F>::ZERO;
    init::uniform_fan::<Libm<f32>, _>(&mut net, &mut Xoshiro128::from_seed(5));
    let mut image = vec![0; Image::<Net<C, F>>::BYTES];
    Image::write(&net, &[], &mut image).unwrap();
    let model = Model::from_image(&image).unwrap();
    let steps: Vec<Vec<f64>> = xs().iter().map(|x| x.map(f64::from).to_vec()).collect();
    let found = model.run(Input::Vectors(&steps), &[]).last;
    let mut reader = Reader::<Net<C, F>, STEPS>::ZERO;
    let expected = reader.on(&net).predict(&xs()).unwrap();
    let distance = found.iter().zip(expected).map(|(a, b)| (a - f64::from(b)).abs()).fold(0.0, f64::max);
    assert!(distance < 1e-6, "{kind}: {found:?} {expected:?}");
    assert_eq!(model.rust_type(), format!("elman::Network<{kind}, elman::Dense<{F}, 2>>"));

    let mut again = model.image().unwrap();
    again.resize(again.len().next_multiple_of(8), 0);
    let mut aligned = Aligned([0; 8192]);
    aligned.0[..again.len()].copy_from_slice(&again);
    let opened = Image::<Net<C, F>>::open(&aligned.0[..model.image().unwrap().len()]).unwrap();
    assert_eq!(opened.network(), &net);
    opened.selftest_with::<[f32; 3], STEPS>(&mut reader).unwrap();
    let damaged = image.len() - 8;
    image[damaged] ^= 64;
    assert!(Model::from_image(&image).is_err(), "a bit of a weight");
}

#[test]
fn cells_of_other_frameworks() {
    check::<Elman<3, 5, Libm, 2, Relu>, 5>("elman::Elman<3, 5, elman::Libm, 2, elman::cell::Relu>");
    check::<Gru<3, 5>, 5>("elman::Gru<3, 5, elman::Libm, 2>");
    check::<ResetBeforeGru<3, 5>, 5>("elman::Gru<3, 5, elman::Libm, 1, elman::cell::ResetBefore>");
    check::<Lstm<3, 5>, 5>("elman::Lstm<3, 5, elman::Libm, 1>");
    check::<Bidirectional<Gru<3, 1>>, 2>("elman::Bidirectional<elman::Gru<3, 1, elman::Libm, 2>>");
}

#[test]
fn minimal_gated_units() {
    check::<Mgu<3, 5>, 5>("elman::Mgu<3, 5, elman::Libm, 1>");
    check::<Mgu<3, 1, Libm, 0>, 1>("elman::Mgu<3, 1, elman::Libm, 0>");
    check::<Stacked<Mgu<3, 4>, Bidirectional<Mgu<4, 7>>>, 14>(
        "elman::Stacked<elman::Mgu<3, 4, elman::Libm, 1>, elman::Bidirectional<elman::Mgu<4, 7, elman::Libm, 1>>>",
    );
}

#[test]
fn fast_grnns() {
    let kind = |sizes: &str, w: &str, u: &str| {
        format!("elman::FastGrnn<{sizes}, elman::Libm, elman::cell::{w}, elman::cell::{u}>")
    };
    check::<FastGrnn<3, 5>, 5>(&kind("3, 5", "FullRank", "FullRank"));
    check::<FastGrnn<3, 1, Libm, LowRank<1>, FullRank>, 1>(&kind("3, 1", "LowRank<1>", "FullRank"));
    check::<FastGrnn<3, 5, Libm, LowRank<2>, LowRank<3>>, 5>(&kind("3, 5", "LowRank<2>", "LowRank<3>"));
    let both = kind("3, 4", "FullRank", "LowRank<2>");
    check::<Bidirectional<FastGrnn<3, 4, Libm, FullRank, LowRank<2>>>, 8>(&format!("elman::Bidirectional<{both}>"));
}

/// The directions of a layer cannot have different ranks, since the layer's type names one cell for both.
#[test]
fn directions_of_different_ranks_are_told_apart() {
    let text =
        "f32 network(bidirectional(fastgrnn(1,1,zn,full,full),fastgrnn(1,1,zn,full,low_rank(1)),concat),dense(2,1))";
    let mut image = Vec::new();
    let zeros = |sink: &mut dyn FnMut(&[u8])| sink(&[0; 4 * (6 + 7 + 3)]);
    elman::image::stream_described::<f32>(text, &zeros, &[], &mut |bytes| image.extend_from_slice(bytes)).unwrap();
    assert!(Model::from_image(&image).is_err());
}
