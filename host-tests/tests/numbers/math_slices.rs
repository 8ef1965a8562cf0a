//! A function of a slice gives the same bits as the function applied to each value, and as its plain formula.

use elman::math::Micromath;
use elman::{Fast, Libm, Math};
use host_tests::Noise;
use host_tests::precision::bits;

/// Returns values of every magnitude, including those where a function changes branch.
fn numbers(noise: &mut Noise, count: usize) -> Vec<f32> {
    const EDGES: [f32; 14] = [
        0.0,
        -0.0,
        1e-45,
        f32::MIN_POSITIVE,
        -7.9,
        7.900_000_6,
        15.8,
        -88.0,
        88.376_27,
        f32::MAX,
        f32::MIN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::NAN,
    ];
    let mut number = || match noise.bits() as usize % (2 * EDGES.len()) {
        edge if edge < EDGES.len() => EDGES[edge],
        _ => (noise.uniform() * 10.0_f64.powf(2.0 * noise.uniform())) as f32,
    };
    (0..count).map(|_| number()).collect()
}

/// Returns bits in which all NaNs are equal: NaN bits depend on the order of operands, which the language does
/// not define.
fn known_bits(numbers: &[f32]) -> Vec<u64> {
    bits(&numbers.iter().map(|x| if x.is_nan() { f32::NAN } else { *x }).collect::<Vec<_>>())
}

fn agrees(name: &str, each: fn(f32) -> f32, all: fn(&mut [f32])) {
    let mut noise = Noise(81);
    for length in (0..=80).cycle().take(if cfg!(miri) { 24 } else { 2000 }) {
        let x = numbers(&mut noise, length);
        let mut y = x.clone();
        all(&mut y);
        let expected: Vec<_> = x.iter().map(|&x| each(x)).collect();
        assert_eq!(known_bits(&y), known_bits(&expected), "{name} of {x:?}");
    }
}

#[test]
fn slices_have_the_bits_of_their_numbers() {
    fn of<M: Math<Scalar = f32>>() {
        let name = std::any::type_name::<M>();
        agrees(name, M::exp, M::exp_all);
        agrees(name, M::tanh, M::tanh_all);
        agrees(name, M::sigmoid, M::sigmoid_all);
    }
    of::<Fast>();
    of::<Libm>();
    of::<Micromath>();
}

/// Returns x P(x²) / Q(x²) as documented, with argument and result clamped to their ranges.
fn plain_tanh(x: f32) -> f32 {
    let x = x.clamp(-7.9, 7.9);
    let u = x * x;
    let p = 1.0 + u * (0.126_984_36 + u * (0.002_681_939_2 + u * (7.049_721e-6 + u * -5.932_959e-9)));
    let q = 1.0 + u * (0.460_316_15 + u * (0.022_789_612 + u * 1.948_522_3e-4));
    (x * p / q).clamp(-1.0, 1.0)
}

/// The bits are part of the contract: a network trained with `Fast` must not change with the version of this
/// crate.
#[test]
fn fast_functions_keep_their_bits() {
    agrees("tanh", plain_tanh, Fast::tanh_all);
    agrees("sigmoid", |x| 0.5 + 0.5 * plain_tanh(0.5 * x), Fast::sigmoid_all);
    // Every 4099th f32.
    let all: Vec<f32> = (0..u32::MAX).step_by(4099).map(f32::from_bits).collect();
    let (mut y, expected) = (all.clone(), all.iter().map(|&x| plain_tanh(x)).collect::<Vec<_>>());
    Fast::tanh_all(&mut y);
    assert!(known_bits(&y) == known_bits(&expected));
}
