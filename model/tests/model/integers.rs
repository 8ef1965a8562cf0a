//! Networks in integers, made and run at run time, beside the core: the same bytes, and the same bits.

use elman::cell::Relu;
use elman::dense::Readout;
use elman::image::{Aligned, Architecture, Described, NORMALIZER};
use elman::int8::{self, Calibration, PerGate, PerUnit, Quantize, Scaling};
use elman::{
    Dense, Elman, Gru, Image, Libm, Lstm, Network, Normalizer, Parameters, Part, Random, ResetBeforeGru, Stacked, Step,
    Token, Xoshiro128, Zero, init, parameters,
};
use elman_model::int8::{Model, Scaling as Shared};
use elman_model::{Input, Model as Single};

type Net<C, const H: usize> = Network<C, Dense<H, 3>>;
type Small<C, S, X, const H: usize> = Network<<C as Quantize<X>>::Int8<S>, int8::Dense<H, 3, S>>;

/// Returns a network whose random weights are large enough for its gates to matter.
fn drawn<C: Zero + Parameters<Scalar = f32>, const H: usize>(seed: u64) -> Net<C, H> {
    let mut net = Net::<C, H>::ZERO;
    init::uniform_fan::<Libm<f32>, _>(&mut net, &mut Xoshiro128::from_seed(seed));
    parameters::walk_range(&mut net, [], 0..Net::<C, H>::COUNT, |weights, []| {
        weights.iter_mut().for_each(|w| *w *= 1.5);
    });
    net
}

fn inputs<const I: usize>(seed: u64, steps: usize) -> Vec<[f32; I]> {
    let mut rng = Xoshiro128::from_seed(seed);
    (0..steps).map(|_| core::array::from_fn(|_| rng.uniform(-3.0_f32, 3.0))).collect()
}

fn bits(outputs: impl IntoIterator<Item = f32>) -> Vec<u32> {
    outputs.into_iter().map(f32::to_bits).collect()
}

/// Returns the image of a network in integers, and checks that the model of it has the same outputs after every step.
#[track_caller]
fn runs_alike<C, X, S: Scaling, const H: usize>(net: &Network<C, int8::Dense<H, 3, S>>, xs: &[X]) -> (Vec<u8>, Model)
where
    C: Architecture<Real = f32> + Step<X> + Part<Output = [i16; H], Math = Libm>,
    int8::Dense<H, 3, S>: Readout<[i16; H], Output = [f32; 3]>,
    X: Given,
{
    let mut image = vec![0; Image::<Network<C, int8::Dense<H, 3, S>>>::BYTES];
    Image::write(net, &[], &mut image).unwrap();
    let model = Model::from_image(&image).unwrap();
    let words = Image::<Network<C, int8::Dense<H, 3, S>>>::DESCRIPTION;
    assert_eq!(model.description().as_bytes(), words.as_bytes());
    let (mut state, mut states) = (C::State::ZERO, model.start());
    for (step, (x, whole)) in xs.iter().zip(X::given(&model, xs)).enumerate() {
        let (device, host) = (net.step(&mut state, x), model.step(&mut states, &whole).0);
        assert_eq!(bits(device), bits(host), "step {step} of {}", model.description());
    }
    assert_eq!(model.bytes(), size_of_val(net));
    (image, model)
}

/// Inputs as the model takes them.
trait Given: Sized {
    fn given(model: &Model, xs: &[Self]) -> Vec<Vec<i16>>;
}
impl<const I: usize> Given for [f32; I] {
    fn given(model: &Model, xs: &[Self]) -> Vec<Vec<i16>> {
        let xs: Vec<Vec<f64>> = xs.iter().map(|x| x.map(f64::from).to_vec()).collect();
        model.whole(Input::Vectors(&xs))
    }
}
impl<const I: usize> Given for [i16; I] {
    fn given(_: &Model, xs: &[Self]) -> Vec<Vec<i16>> {
        xs.iter().map(|x| x.to_vec()).collect()
    }
}
impl<const V: usize> Given for Token<V> {
    fn given(model: &Model, xs: &[Self]) -> Vec<Vec<i16>> {
        model.whole(Input::Symbols(&xs.iter().map(|x| x.index()).collect::<Vec<_>>()))
    }
}

/// Cell in integers of an image, which reads whole and real numbers.
trait Integers<const I: usize, const H: usize>:
    Architecture<Real = f32> + Step<[f32; I]> + Step<[i16; I]> + Part<Output = [i16; H], Math = Libm>
{
}
impl<C, const I: usize, const H: usize> Integers<I, H> for C where
    C: Architecture<Real = f32> + Step<[f32; I]> + Step<[i16; I]> + Part<Output = [i16; H], Math = Libm>
{
}

/// Checks both ways to share scales.
#[track_caller]
fn check<C, const I: usize, const H: usize>(kind: &str)
where
    C: Quantize<[f32; I]> + Step<[f32; I]> + Zero + Architecture<Real = f32>,
    C::Int8<PerGate>: Integers<I, H>,
    C::Int8<PerUnit>: Integers<I, H>,
{
    for seed in 0..4 {
        alike::<C, PerGate, I, H>(seed, Shared::PerGate, &kind.replace('$', "elman::int8::PerGate"));
        alike::<C, PerUnit, I, H>(seed, Shared::PerUnit, &kind.replace('$', "elman::int8::PerUnit"));
    }
}

#[track_caller]
fn alike<C, S: Scaling, const I: usize, const H: usize>(seed: u64, scaling: Shared, kind: &str)
where
    C: Quantize<[f32; I]> + Step<[f32; I]> + Zero + Architecture<Real = f32>,
    C::Int8<S>: Integers<I, H>,
{
    let (net, xs) = (drawn::<C, H>(seed), inputs::<I>(seed + 10, 60));
    let mut calibration = Calibration::new(&net);
    calibration.observe(&xs[..25]).unwrap();
    calibration.observe(&xs[25..40]).unwrap();
    let quantized = calibration.quantize::<S>();
    let normalizer = Normalizer { mean: [0.5; I], scale: [2.0; I] };
    let mut before = vec![0; Image::<Net<C, H>>::length(&[&normalizer])];
    Image::write(&net, &[&normalizer], &mut before).unwrap();
    let single = Single::from_image(&before).unwrap();
    let mut seen = elman_model::int8::Calibration::new(&single).unwrap();
    let steps: Vec<Vec<f32>> = xs.iter().map(|x| x.to_vec()).collect();
    seen.observe(&steps[..25]).unwrap();
    seen.observe(&steps[25..40]).unwrap();
    let (small, made): (Small<C, S, [f32; I], H>, _) = match (quantized, seen.quantize(scaling)) {
        (Ok(small), Ok(made)) => (small, made),
        (Err(device), Err(host)) => return assert_eq!(device.to_string(), host.to_string()),
        (device, host) => panic!("one alone is refused: {:?} {:?}", device.err(), host.err()),
    };
    runs_alike(&small, &inputs::<I>(seed + 20, 60));
    let (image, model) = runs_alike(&small, &xs.iter().map(|x| x.map(|x| (x * 14_000.0) as i16)).collect::<Vec<_>>());
    assert_eq!(made, model, "{}: the same numbers as of the type", model.description());
    assert_eq!(made.rust_type(), format!("elman::Network<{kind}, elman::int8::Dense<{H}, 3, {}>>", scaled(scaling)));

    let again = made.image(Some(&Described::open(&before).unwrap())).unwrap();
    assert_eq!(Described::open(&again).unwrap().weights, Described::open(&image).unwrap().weights);
    let mut flash = Aligned([0; 1 << 14]);
    flash.0[..again.len()].copy_from_slice(&again);
    let device = Image::<Small<C, S, [f32; I], H>>::open(&flash.0[..again.len()]).unwrap();
    assert_eq!(device.selftest::<[f32; I]>(), Ok(()), "the probe has the bits of the device");
    assert_eq!(device.normalizer::<I>(), Ok(&normalizer));
    let probe = Described::open(&again).unwrap().section(elman::image::PROBE).unwrap();
    assert!(made.probe(probe).unwrap().passes());
    let mut wrong = probe.to_vec();
    wrong[12] ^= 1;
    assert!(!made.probe(&wrong).unwrap().passes(), "one bit of an expected output");
    assert!(Described::open(&again).unwrap().section(NORMALIZER).is_ok());
}

fn scaled(scaling: Shared) -> &'static str {
    match scaling {
        Shared::PerGate => "elman::int8::PerGate",
        Shared::PerUnit => "elman::int8::PerUnit",
    }
}

#[test]
fn every_kind_has_the_bytes_and_the_bits_of_its_type() {
    check::<Elman<1, 1>, 1, 1>("elman::int8::Elman<1, 1, $>");
    check::<Elman<3, 5, Libm, 0>, 3, 5>("elman::int8::Elman<3, 5, $>");
    check::<Elman<4, 9, Libm, 2, Relu>, 4, 9>("elman::int8::Elman<4, 9, $, elman::cell::Relu>");
    check::<Gru<3, 10>, 3, 10>("elman::int8::Gru<3, 10, $>");
    check::<Gru<5, 4, Libm, 1>, 5, 4>("elman::int8::Gru<5, 4, $>");
    check::<ResetBeforeGru<7, 6>, 7, 6>("elman::int8::Gru<7, 6, $, elman::cell::ResetBefore>");
    check::<Lstm<2, 7, Libm, 2>, 2, 7>("elman::int8::Lstm<2, 7, $>");
    // ReLU over and under gates: its ranges are those of the core's own bits.
    check::<Stacked<Stacked<Lstm<3, 4>, Elman<4, 5, Libm, 1, Relu>>, ResetBeforeGru<5, 3>>, 3, 3>(
        "elman::Stacked<elman::Stacked<elman::int8::Lstm<3, 4, $>, \
         elman::int8::Elman<4, 5, $, elman::cell::Relu>>, elman::int8::Gru<5, 3, $, elman::cell::ResetBefore>>",
    );
    check::<Stacked<Gru<2, 6>, Elman<6, 8, Libm, 2, Relu>>, 2, 8>(
        "elman::Stacked<elman::int8::Gru<2, 6, $>, elman::int8::Elman<6, 8, $, elman::cell::Relu>>",
    );
}

/// A type may share scales in one part and not in another.
#[test]
fn scales_are_shared_part_by_part() {
    let net = drawn::<Stacked<Lstm<2, 6>, Gru<6, 5>>, 5>(1);
    let mut calibration = Calibration::new(&net);
    let xs = inputs::<2>(3, 40);
    calibration.observe(&xs).unwrap();
    let (gate, unit) = (calibration.quantize::<PerGate>().unwrap(), calibration.quantize::<PerUnit>().unwrap());
    let cell = Stacked { lower: gate.cell.lower, upper: unit.cell.upper };
    let (_, model) = runs_alike(&Network { cell, readout: gate.readout }, &xs);
    assert!(model.description().contains("ifgo,gate),gru(6,5,rzn,reset_after,unit)),dense(5,3,gate"));
}

#[test]
fn tokens_are_one_hot() {
    let net = drawn::<Gru<11, 5>, 5>(1);
    let symbols: Vec<_> = (0..40).map(|t| Token::<11>::new(t * t % 11).unwrap()).collect();
    let mut calibration = Calibration::new(&net);
    calibration.observe(&symbols).unwrap();
    runs_alike(&calibration.quantize::<PerUnit>().unwrap(), &symbols);
}

/// Module that `elman quantize` writes, included as in a product.
#[rustfmt::skip]
#[path = "generated/small.rs"]
mod small;

/// The network of the generated module.
fn generated() -> Model {
    let net = drawn::<Stacked<Gru<3, 5>, Elman<5, 4, Libm, 1, Relu>>, 4>(1);
    let mut image = vec![0; Image::<Network<Stacked<Gru<3, 5>, Elman<5, 4, Libm, 1, Relu>>, Dense<4, 3>>>::BYTES];
    Image::write(&net, &[], &mut image).unwrap();
    let single = Single::from_image(&image).unwrap();
    let mut calibration = elman_model::int8::Calibration::new(&single).unwrap();
    calibration.observe(&inputs::<3>(2, 40).iter().map(|x| x.to_vec()).collect::<Vec<_>>()).unwrap();
    calibration.quantize(Shared::PerUnit).unwrap()
}

#[test]
fn the_module_is_what_is_written_today() {
    let model = generated();
    let image = model.image(None).unwrap();
    let module = model.module("small.elman", &image).unwrap();
    let file = |name| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/model/generated").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(file("small.elman"), &image).unwrap();
        std::fs::write(file("small.rs"), &module).unwrap();
    }
    assert_eq!(std::fs::read_to_string(file("small.rs")).unwrap(), module);
    assert_eq!(std::fs::read(file("small.elman")).unwrap(), image);
}

#[test]
fn a_device_opens_the_module_and_tests_itself() {
    let image = small::open().unwrap();
    assert_eq!(image.selftest::<[f32; 3]>(), Ok(()));
    let model = generated();
    assert_eq!(size_of::<small::Net>(), model.bytes());
    let outputs = image.network().predict(&[[0.5_f32, 1.0, -2.0]]).unwrap();
    assert_eq!(bits(outputs), bits(model.run(Input::Vectors(&[vec![0.5, 1.0, -2.0]])).remove(0)));
}
