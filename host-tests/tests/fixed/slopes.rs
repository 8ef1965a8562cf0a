//! Steps and gradients of every cell in fixed point against f64 at the same weights: the outputs of the same network in f64, and
//! its finite differences.

use elman::cell::LowRank;
use elman::layer::Concat;
use elman::math::{Fixed, Scalar};
use elman::{
    Bidirectional, Class, CrossEntropy, Dense, Each, Elman, FastGrnn, Gru, Layer, Libm, Lstm, Mgu, Network, Parameters,
    Projection, ResetBeforeGru, Stacked, Zero,
};
use host_tests::cells::{Composed, Net};
use host_tests::difference::{Element, slope};
use host_tests::plain::drawn_in_bytes;
use host_tests::precision::{Tensors, tensors};
use host_tests::stored::Stored;
use host_tests::{Noise, Precision, Problem, replay, walk};
use std::any::type_name;
use zerocopy::FromBytes;

type F64 = Libm<f64>;
type Q = Fixed<20>;

/// Largest differences allowed, in units of the last place: of an output, and of an element of a gradient, times the largest
/// element if that is above 1. What is found is up to 2.7 and 5.5.
const ALLOWED: [f64; 2] = [4.0, 8.0];

/// Cell in fixed point whose network can be compared.
trait Compared<const I: usize, const H: usize>:
    Layer<[Q; I], Scalar = Q, State: Stored<Scalar = Q>, Output = [Q; H]> + Parameters<Gradient = Self> + Zero + FromBytes
{
}
impl<C, const I: usize, const H: usize> Compared<I, H> for C where
    C: Layer<[Q; I], Scalar = Q, State: Stored<Scalar = Q>, Output = [Q; H]>
        + Parameters<Gradient = Self>
        + Zero
        + FromBytes
{
}

type QNet<C, const H: usize> = Network<C, Dense<H, 4, Q>>;

/// Outputs and gradients of a fixed-point network as f64, and the same window in f64.
struct Run<'a, C: Composed<[f64; I], H>, const I: usize, const H: usize> {
    outputs: Vec<f64>,
    gradients: Tensors,
    window: Problem<'a, C, Dense<H, 4, f64>, [f64; I]>,
}

fn run<'a, A: Composed<[f64; I], H>, B: Compared<I, H>, const I: usize, const H: usize>(
    steps: usize,
    classes: &[Class<4>],
    goal: &'a dyn host_tests::goal::Goal<A::Math, [f64; 4]>,
) -> Run<'a, A, I, H>
where
    A::Output: elman::input::Input<f64, H>,
{
    let network = drawn_in_bytes::<QNet<B, H>>(steps as u64, 1.5);
    let xs: Vec<[Q; I]> = Noise(7).vectors(steps);
    let found = replay(&network, &B::State::ZERO, &xs, (&CrossEntropy, &Each(classes), Q::ONE));
    let mut weights = tensors(&network).into_iter().flat_map(|(_, values)| values);
    let network = walk::changed(&Net::<A, H>::ZERO, &mut |_, numbers| numbers.fill_with(|| weights.next().unwrap()));
    let xs = xs.iter().map(|x| x.map(Precision::to_f64)).collect();
    Run {
        outputs: found.outputs.as_flattened().iter().map(|y| y.to_f64()).collect(),
        gradients: tensors(&*found.gradient),
        window: Problem { network, start: A::State::ZERO, xs, goal },
    }
}

fn unit() -> f64 {
    Q::UNIT.unwrap()
}

/// Returns the largest differences, in units of the last place: of outputs, and of `gradients` from slopes.
fn differences<A: Composed<[f64; I], H>, const I: usize, const H: usize>(
    Run { outputs, gradients, window }: &mut Run<'_, A, I, H>,
) -> [f64; 2] {
    let exact = host_tests::replay::features(&window.network.cell, &window.start, &window.xs).0;
    let mut most = [0.0_f64; 2];
    let mut want = Vec::new();
    for feature in &exact {
        let mut y = [0.0; 4];
        elman::dense::Readout::forward(&window.network.readout, feature, &mut y);
        want.extend(y);
    }
    assert_eq!(want.len(), outputs.len());
    for (found, want) in outputs.iter().zip(want) {
        most[0] = most[0].max((found - want).abs() / unit());
    }
    let largest = gradients.iter().flat_map(|(_, g)| g).fold(1.0_f64, |most, g| most.max(g.abs()));
    for (tensor, elements) in gradients {
        for (element, found) in elements.iter().enumerate() {
            let slope = slope(window, Element { tensor, element }, None).unwrap();
            most[1] = most[1].max((found - slope).abs() / unit() / largest);
        }
    }
    most
}

fn check<A: Composed<[f64; I], H>, B: Compared<I, H>, const I: usize, const H: usize>() {
    for steps in [1, 7, 23] {
        let classes = Noise(5).classes(steps);
        let goal = (&CrossEntropy, &Each(&classes), 1.0);
        let mut run = run::<A, B, I, H>(steps, &classes, &goal);
        let found = differences(&mut run);
        println!("{}, T={steps}: {found:.1?} units", type_name::<B>());
        assert!(found[0] <= ALLOWED[0] && found[1] <= ALLOWED[1], "{}, T={steps}: {found:?}", type_name::<B>());
    }
}

#[test]
fn elman_and_gru() {
    check::<Elman<1, 1, F64>, Elman<1, 1, Q>, 1, 1>();
    check::<Elman<3, 5, F64, 2>, Elman<3, 5, Q, 2>, 3, 5>();
    check::<Gru<1, 1, F64>, Gru<1, 1, Q>, 1, 1>();
    check::<Gru<3, 5, F64>, Gru<3, 5, Q>, 3, 5>();
    check::<ResetBeforeGru<3, 5, F64>, ResetBeforeGru<3, 5, Q>, 3, 5>();
}

#[test]
fn lstm_and_minimal_gated_unit() {
    check::<Lstm<1, 1, F64>, Lstm<1, 1, Q>, 1, 1>();
    check::<Lstm<3, 5, F64>, Lstm<3, 5, Q>, 3, 5>();
    check::<Mgu<3, 5, F64>, Mgu<3, 5, Q>, 3, 5>();
    check::<Mgu<2, 7, F64>, Mgu<2, 7, Q>, 2, 7>();
}

#[test]
fn fastgrnn() {
    check::<FastGrnn<3, 5, F64>, FastGrnn<3, 5, Q>, 3, 5>();
    type Low<M> = FastGrnn<3, 5, M, LowRank<2>, LowRank<3>>;
    check::<Low<F64>, Low<Q>, 3, 5>();
}

#[test]
fn compositions() {
    type Tower<M> =
        Stacked<Projection<3, 2, M>, Stacked<Bidirectional<Gru<2, 2, M>, Elman<2, 2, M>, Concat>, Lstm<4, 5, M>>>;
    check::<Tower<F64>, Tower<Q>, 3, 5>();
}

/// The comparison notices an element that is a hundredth off, in every tensor.
#[test]
fn a_wrong_gradient_shows() {
    let classes = Noise(5).classes(7);
    let goal = (&CrossEntropy, &Each(&classes), 1.0);
    let mut run = run::<Gru<3, 5, F64>, Gru<3, 5, Q>, 3, 5>(7, &classes, &goal);
    for tensor in 0..run.gradients.len() {
        let right = run.gradients[tensor].1.clone();
        let largest = run.gradients[tensor].1.iter_mut().max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap();
        *largest *= 1.01;
        assert!(differences(&mut run)[1] > ALLOWED[1], "{}", run.gradients[tensor].0);
        run.gradients[tensor].1 = right;
    }
}
