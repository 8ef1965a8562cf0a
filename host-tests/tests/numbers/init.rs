//! Seeded initialisation: the values that each function writes to each tensor.

use elman::cell::Affine;
use elman::math::Scalar;
use elman::parameters::{Path, Role};
use elman::{Dense, Elman, Fast, Libm, Math, Network, Parameters, Random, Xoshiro128, Zero, init};

type Net = Network<Elman<5, 16, Libm<f32>, 2>, Dense<16, 3>>;
type Gates<T, const H: usize> = Affine<T, 2, H, 3, 1>;

fn rng() -> Xoshiro128 {
    Xoshiro128::from_seed(2024)
}

/// Returns path, role and values of each tensor of a network.
fn tensors<P: Parameters>(net: &P) -> Vec<(String, Role, Vec<f64>)>
where
    f64: From<P::Scalar>,
{
    let mut all = Vec::new();
    net.view(Path::ROOT, &mut |t, data| {
        all.push((t.path.to_string(), t.role, data.iter().map(|&x| x.into()).collect()))
    });
    all
}

/// Checks that values are uniform in ±limit, judged by range, mean and variance, within five standard errors.
fn assert_uniform(name: &str, data: &[f64], limit: f64) {
    let n = data.len() as f64;
    let mean = data.iter().sum::<f64>() / n;
    let variance = data.iter().map(|x| x * x).sum::<f64>() / n;
    let expected = limit * limit / 3.0;
    assert!(data.iter().all(|x| x.abs() <= limit * (1.0 + 1e-6)), "{name} within {limit}");
    assert!(mean.abs() < 5.0 * (expected / n).sqrt(), "{name}: mean {mean}");
    // The variance of x² is (4/45) limit⁴.
    assert!((variance - expected).abs() < 5.0 * limit * limit * (4.0 / 45.0 / n).sqrt(), "{name}: variance {variance}");
    assert!(n < 40.0 || data.iter().any(|x| x.abs() > 0.9 * limit), "{name} reaches {limit}");
}

#[test]
fn uniform_fan_is_uniform_in_the_fan() {
    let mut net = Net::ZERO;
    init::uniform_fan::<Libm<f32>, _>(&mut net, &mut rng());
    let tensors = tensors(&net);
    assert_eq!(tensors.len(), 5);
    for (name, _, data) in tensors {
        assert_uniform(&name, &data, 0.25);
    }
    // Each tensor has its own fan.
    let mut net = Network::<Elman<5, 4>, Dense<4, 3>>::ZERO;
    init::uniform_fan::<Libm<f32>, _>(&mut net, &mut rng());
    let cell = net.cell.affine.w_ih.iter().chain(&net.cell.affine.w_hh).flatten().flatten();
    assert!(cell.fold(0.0, |most: f32, x| most.max(x.abs())) > 0.4);
    // With a fan of 1, the range is ±1.
    let mut net = Network::<Elman<1, 1, Libm<f64>>, Dense<1, 1, f64>>::ZERO;
    init::uniform_fan::<Libm<f64>, _>(&mut net, &mut rng());
    assert!(tensors_of_one(&net).iter().all(|x| *x != 0.0 && x.abs() <= 1.0));
}

fn tensors_of_one<P: Parameters<Scalar = f64>>(net: &P) -> Vec<f64> {
    tensors(net).into_iter().flat_map(|(_, _, data)| data).collect()
}

#[test]
fn glorot_scales_with_both_sides_and_zeroes_biases() {
    let mut net = Net::ZERO;
    net.readout.b = [7.0; 3];
    net.cell.affine.b = [[[7.0; 16]]; 2];
    init::glorot::<Libm<f32>, _>(&mut net, &mut rng());
    let limits = [6.0 / 21.0, 6.0 / 32.0, 0.0, 6.0 / 19.0, 0.0f64];
    for ((name, role, data), limit) in tensors(&net).into_iter().zip(limits) {
        assert_eq!(role == Role::Bias, limit == 0.0, "{name}");
        if role == Role::Bias {
            assert!(data.iter().all(|x| *x == 0.0), "{name}");
        } else {
            assert_uniform(&name, &data, limit.sqrt());
        }
    }
}

/// Returns the largest |Q Qᵀ − I| over the gates of a recurrent tensor.
fn defect<T: Scalar, const H: usize>(net: &Gates<T, H>) -> f64
where
    f64: From<T>,
{
    let mut worst = 0.0f64;
    for g in 0..3 {
        for (i, a) in net.w_hh.iter().enumerate() {
            for (j, b) in net.w_hh.iter().enumerate() {
                let dot: f64 = a[g].iter().zip(&b[g]).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
                worst = worst.max((dot - if i == j { 1.0 } else { 0.0 }).abs());
            }
        }
    }
    worst
}

fn orthogonal<M: Math, const H: usize>(limit: f64)
where
    f64: From<M::Scalar>,
{
    let mut net = Gates::<M::Scalar, H>::ZERO;
    net.b = [[[M::Scalar::ONE; H]; 3]];
    init::orthogonal::<M, _>(&mut net, &mut rng());
    let defect = defect(&net);
    println!("H = {H}: |Q Qᵀ − I| ≤ {defect:.1e}");
    assert!(defect <= limit, "H = {H}: {defect:e}");
    assert!(net.b.as_flattened().as_flattened().iter().all(|&b| f64::from(b) == 0.0));
    let w_ih: Vec<f64> = net.w_ih.as_flattened().as_flattened().iter().map(|&x| x.into()).collect();
    assert_uniform("w_ih", &w_ih, (6.0 / (2.0 + H as f64)).sqrt());
    if H > 1 {
        assert_ne!(net.w_hh[0][0], net.w_hh[0][1], "each gate has its own");
    }
}

#[test]
fn orthogonal_is_orthogonal() {
    orthogonal::<Libm<f32>, 1>(1e-5);
    orthogonal::<Libm<f32>, 2>(1e-5);
    orthogonal::<Libm<f32>, 7>(1e-5);
    orthogonal::<Libm<f32>, 64>(1e-5);
    orthogonal::<Fast, 31>(1e-5);
    orthogonal::<Libm<f64>, 1>(1e-12);
    orthogonal::<Libm<f64>, 33>(1e-12);
}

/// Generator that repeats one value, so that every row after the first depends linearly on the rows before it.
struct Stuck;

impl Random for Stuck {
    fn next_u32(&mut self) -> u32 {
        0xc000_0000
    }
}

#[test]
fn orthogonal_ends_with_a_generator_that_repeats_itself() {
    let mut net = Gates::<f32, 3>::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut net, &mut Stuck);
    let row = |j: usize| net.w_hh[j][0];
    assert!((row(0).iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-6);
    assert_eq!((row(1), row(2)), ([0.0; 3], [0.0; 3]));
}

#[test]
fn one_seed_gives_one_network() {
    type Start = fn(&mut Net, &mut Xoshiro128);
    let starts: [Start; 3] =
        [init::uniform_fan::<Libm<f32>, _>, init::glorot::<Libm<f32>, _>, init::orthogonal::<Libm<f32>, _>];
    for start in starts {
        let net = |seed| {
            let mut net = Net::ZERO;
            start(&mut net, &mut Xoshiro128::from_seed(seed));
            net
        };
        assert_eq!(net(1), net(1));
        assert_ne!(net(1), net(2));
    }
}
