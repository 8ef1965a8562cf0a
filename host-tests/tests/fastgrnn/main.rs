//! FastGRNN, full and low rank: its equations in plain loops, finite differences, and the properties of every
//! cell.

mod by_hand;
mod turned;

use elman::cell::{self, Before, Cell as _, Learns, Rank, Taken};
use elman::cell::{FullRank, LowRank, Recurrent};
use elman::image::Image;
use elman::optim::{InPlaceSgd, Optimizer};
use elman::{
    Adam, Bidirectional, Class, Clip, Config, CrossEntropy, Dense, Each, FastGrnn, Frozen, Gru, Libm, Network,
    Parameters, Part, Stacked, Token, Trainer, Workspace, Xoshiro128, Zero, init,
};
use host_tests::cells::Composed;
use host_tests::plain::drawn;
use host_tests::precision::{tensors, weight_bits};
use host_tests::properties::{nan_stays_visible, properties_reading};
use host_tests::replay::features;
use host_tests::slopes::{slopes, slopes_reading};
use host_tests::{Noise, in_slices, replay};
use std::any::type_name;
use turned::{Turned, units_may_stand_in_any_order};

type F64 = Libm<f64>;
/// FastGRNN cell in f64.
type Cell<const I: usize, const H: usize, W = FullRank, U = FullRank> = FastGrnn<I, H, F64, W, U>;

fn check_slopes<const I: usize, const H: usize, W: Rank, U: Rank>()
where
    Cell<I, H, W, U>: Composed<[f64; I], H>,
{
    for steps in [1, 7, 23] {
        let worst = slopes::<Cell<I, H, W, U>, I, H>(steps, &|_| false);
        println!("{}, T={steps}: {worst:.2} of the tolerance", type_name::<Cell<I, H, W, U>>());
    }
}

#[test]
fn slopes_of_every_shape() {
    check_slopes::<1, 1, FullRank, FullRank>();
    check_slopes::<3, 5, FullRank, FullRank>();
    check_slopes::<2, 7, FullRank, FullRank>();
}

#[test]
fn slopes_of_every_rank() {
    check_slopes::<1, 1, LowRank<1>, LowRank<1>>();
    check_slopes::<3, 5, LowRank<1>, FullRank>();
    check_slopes::<3, 5, FullRank, LowRank<2>>();
    check_slopes::<2, 7, LowRank<1>, LowRank<3>>();
    check_slopes::<5, 3, LowRank<2>, LowRank<3>>();
}

#[test]
fn more_units_than_a_block_of_the_kernels() {
    slopes::<Cell<17, 19>, 17, 19>(5, &|_| false);
    slopes::<Cell<17, 19, LowRank<9>, LowRank<17>>, 17, 19>(5, &|_| false);
}

#[test]
fn tokens_and_both_directions_can_be_read() {
    slopes_reading::<Cell<4, 5, LowRank<3>, LowRank<2>>, Token<4>, 5>(7, &|_| false);
    slopes_reading::<Cell<4, 5>, Token<4>, 5>(7, &|_| false);
    type Tower =
        Stacked<Bidirectional<Cell<3, 2, LowRank<2>>>, Stacked<Cell<4, 5, LowRank<2>, LowRank<2>>, Gru<5, 3, F64>>>;
    slopes_reading::<Tower, [f64; 3], 3>(7, &|_| false);
    properties_reading::<Tower, [f64; 3], 3>();
}

fn properties<const I: usize, const H: usize, W: Rank, U: Rank>()
where
    Cell<I, H, W, U>: Composed<[f64; I], H>,
    W::Weights<f64, I, H>: Turned,
    U::Weights<f64, H, H>: Turned,
{
    units_may_stand_in_any_order::<I, H, W, U>();
    properties_reading::<Cell<I, H, W, U>, [f64; I], H>();
    nan_stays_visible::<Cell<I, H, W, U>, [f64; I], H>(&[f64::NAN; I]);
}

#[test]
fn what_holds_for_every_cell_holds() {
    properties::<3, 5, FullRank, FullRank>();
    properties::<3, 5, LowRank<2>, LowRank<3>>();
    properties::<2, 19, FullRank, LowRank<1>>();
    properties::<1, 1, LowRank<1>, FullRank>();
}

/// Returns the bits of weights and losses after updates over windows of ten steps, with the given tape and
/// optimizer.
fn learned<W: Rank, U: Rank, O: Optimizer<Scalar = f32>, const T: usize, const P: usize>(
    optimizer: O,
    slices: bool,
) -> (Vec<u32>, Vec<u64>) {
    let mut noise = Noise(12);
    let mut network = drawn::<Network<FastGrnn<3, 5, Libm<f32>, W, U>, Dense<5, 4>>>(11, 1.5);
    let mut workspace = Box::new(Workspace::<_, O, T, T, P>::ZERO);
    let mut losses = Vec::new();
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(optimizer)).unwrap();
    for _ in 0..5 {
        let (xs, classes): (Vec<[f32; 3]>, Vec<Class<4>>) = (noise.vectors(10), noise.classes(10));
        let mut state = [0.0; 5];
        let report = if slices {
            in_slices(&mut trainer, &mut state, &xs[..], Each(&classes)).unwrap()
        } else {
            trainer.update_from(&mut state, &xs, Each(&classes)).unwrap()
        };
        losses.push(report.loss.to_bits());
    }
    (losses, weight_bits(&network))
}

#[test]
fn checkpoints_and_slices_leave_the_bits() {
    fn check<W: Rank, U: Rank>() {
        let full = learned::<W, U, Adam, 10, 1>(Adam::new(0.05), false);
        assert_eq!(learned::<W, U, Adam, 3, 4>(Adam::new(0.05), false), full);
        assert_eq!(learned::<W, U, Adam, 3, 4>(Adam::new(0.05), true), full);
        assert_eq!(learned::<W, U, Adam, 1, 10>(Adam::new(0.05), true), full);
        let in_place = InPlaceSgd { rate: 0.05 };
        let whole = learned::<W, U, _, 10, 1>(in_place, false);
        assert_eq!(learned::<W, U, _, 10, 1>(in_place, true), whole);
        assert_ne!(whole.1, full.1);
    }
    check::<FullRank, FullRank>();
    check::<LowRank<1>, LowRank<2>>();
}

#[test]
fn frozen_it_is_itself() {
    let cell = drawn::<Cell<3, 5, LowRank<2>>>(13, 1.5);
    let xs: Vec<[f64; 3]> = Noise(14).vectors(7);
    assert_eq!(features(&Frozen(&cell), &[0.1; 5], &xs), features(&cell, &[0.1; 5], &xs));
}

#[test]
fn its_gate_can_be_seen() {
    let cell = drawn::<Cell<2, 3>>(7, 1.0);
    let (mut state, mut record) = ([0.1, -0.2, 0.3], Zero::ZERO);
    let before = state;
    cell.step_recorded(&mut state, &[0.5, -1.0], &mut record);
    let mut seen = Vec::new();
    Cell::<2, 3>::look_at_gates(&record, &mut |layer, name, z| {
        assert_eq!((layer, name), (0, "z"));
        seen.extend_from_slice(z);
    });
    let sigmoid = |a: f64| 1.0 / (1.0 + (-a).exp());
    // h′ − z h is a weight between 0 and 2 times the candidate, which is within ±1.
    for ((z, h), after) in seen.iter().zip(before).zip(state) {
        assert!((0.0..=1.0).contains(z));
        let weight = sigmoid(cell.zeta) * (1.0 - z) + sigmoid(cell.nu);
        assert!(((after - z * h) / weight).abs() <= 1.0 + 1e-12);
    }
    assert_eq!(seen.len(), 3);
}

/// With zero input and state, only the gradients of biases and scalars are not zero; the bound must cover them.
#[test]
fn the_bound_covers_biases_and_scalars() {
    fn check<const H: usize, W: Rank, U: Rank>() {
        let cell = drawn::<Cell<3, H, W, U>>(11, 1.5);
        let (input, start, mut record) = ([0.0; 3], [0.0; H], Zero::ZERO);
        cell.step_recorded(&mut start.clone(), &input, &mut record);
        let before = Before { record: None, start: &start };
        cell.step_back(&mut record, before, &mut [1.0; H]);
        let step = Taken { record: &record, before, input: &input };
        let mut gradient = Cell::<3, H, W, U>::ZERO;
        for unit in 0..<Cell<3, H, W, U> as Learns<[f64; 3]>>::UNITS {
            cell::Cell::<[f64; 3]>::accumulate(&mut gradient, unit, 1.0, std::iter::once(step));
        }
        let largest =
            tensors(&gradient).iter().flat_map(|(_, values)| values).fold(0.0, |most: f64, g| most.max(g.abs()));
        let bound = <Cell<3, H, W, U> as cell::Cell<[f64; 3]>>::bound(step);
        assert!(0.0 < largest && largest <= bound, "{largest} is above {bound}");
    }
    check::<1, FullRank, FullRank>();
    check::<19, FullRank, FullRank>();
    check::<19, LowRank<2>, LowRank<3>>();
}

/// Extreme scalars saturate: ζ and ν stay within 0 and 1, and the gradients are still finite.
#[test]
fn scalars_far_out_stay_within_their_limits() {
    for (zeta, nu, want) in [(1e30, -1e30, (1.0, 0.0)), (-1e30, 1e30, (0.0, 1.0))] {
        let mut network = drawn::<Network<Cell<2, 3>, Dense<3, 4, f64>>>(15, 1.0);
        (network.cell.zeta, network.cell.nu) = (zeta, nu);
        let xs: Vec<[f64; 2]> = Noise(16).vectors(1);
        let classes = Noise(17).classes::<4>(1);
        let found = replay(&network, &[0.0; 3], &xs, (&CrossEntropy, &Each(&classes), 1.0));
        let gradient = &found.gradient.cell;
        assert_eq!((gradient.zeta, gradient.nu), (0.0, 0.0));
        assert!(tensors(gradient).iter().flat_map(|(_, g)| g).all(|g| g.is_finite()));
        let mut record = Zero::ZERO;
        let mut h = [0.0; 3];
        network.cell.step_recorded(&mut h, &xs[0], &mut record);
        let mut z = [0.0; 3];
        Cell::<2, 3>::look_at_gates(&record, &mut |_, _, seen| z.copy_from_slice(seen));
        let p = |unit: usize| (0..2).map(|i| network.cell.w_ih[i][unit] * xs[0][i]).sum::<f64>();
        for unit in 0..3 {
            let n = (p(unit) + network.cell.b[1][unit]).tanh();
            assert!((h[unit] - (want.0 * (1.0 - z[unit]) + want.1) * n).abs() < 1e-14);
        }
    }
}

#[test]
fn a_loss_that_is_not_finite_changes_nothing() {
    let mut network = drawn::<Network<FastGrnn<2, 3, Libm<f32>, LowRank<1>>, Dense<3, 4>>>(18, 1.0);
    let (before, classes) = (weight_bits(&network), Noise(19).classes::<4>(2));
    let mut workspace = Box::new(Workspace::<_, Adam, 2, 2>::ZERO);
    let config = Config { clip: Clip::Norm(1.0), ..Config::new(Adam::new(0.1)) };
    let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
    for wrong in [f32::NAN, f32::INFINITY] {
        assert!(trainer.update(&[[0.0; 2], [0.0, wrong]], Each(&classes)).is_err());
    }
    assert_eq!(weight_bits(&network), before);
}

/// `init::orthogonal` draws the factors, with orthonormal rows of W_hh, and leaves scalars and biases at zero;
/// `start_scalars` sets the scalars.
#[test]
fn starts() {
    let mut cell = FastGrnn::<3, 7, Libm<f32>, LowRank<2>, LowRank<4>>::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut cell, &mut Xoshiro128::from_seed(1));
    assert_eq!((cell.zeta, cell.nu, cell.b), (0.0, 0.0, [[0.0; 7]; 2]));
    assert!(cell.w_hh.down.iter().flatten().chain(cell.w_ih.down.iter().flatten()).all(|&w| w != 0.0));
    for (i, a) in cell.w_hh.up.iter().enumerate() {
        for (j, b) in cell.w_hh.up.iter().enumerate() {
            let dot: f32 = a.iter().zip(b).map(|(a, b)| a * b).sum();
            assert!((dot - f32::from(u8::from(i == j))).abs() < 1e-5, "{i} {j}: {dot}");
        }
    }
    cell.start_scalars();
    assert_eq!((cell.zeta, cell.nu), (1.0, -4.0));
}

#[test]
fn sizes() {
    fn sizes<C: Recurrent + Learns<[f32; 3]>>() -> (usize, usize, usize, usize) {
        (C::COUNT, size_of::<C::State>(), size_of::<C::Record>(), C::UNITS)
    }
    assert_eq!(sizes::<FastGrnn<3, 5>>(), (5 * (3 + 5 + 2) + 2, 4 * 5, 16 * 5 + 8, 3 + 5 + 2));
    type Low = FastGrnn<3, 5, Libm<f32>, LowRank<2>, LowRank<1>>;
    let parameters = 2 * (3 + 5) + 2 * 5 + 2 * 5 + 2;
    assert_eq!(sizes::<Low>(), (parameters, 4 * 5, 16 * 5 + 8 + 8 * 2 + 8, 3 + 2 + 5 + 1 + 2));
    assert_eq!(tensors(&Low::ZERO).iter().map(|(_, numbers)| numbers.len()).sum::<usize>(), parameters);
    assert_eq!(size_of::<Network<Low, Dense<5, 2>>>(), 4 * <Network<Low, Dense<5, 2>> as Parameters>::COUNT);
    assert_eq!(size_of::<<Low as Part>::Output>(), 20);
}

#[test]
fn an_image_says_each_rank() {
    let text = |text: elman::image::Text| String::from_utf8(text.as_bytes().to_vec()).unwrap();
    assert_eq!(text(Image::<FastGrnn<3, 5>>::DESCRIPTION), "f32 fastgrnn(3,5,zn,full,full)");
    type Low = FastGrnn<3, 5, F64, LowRank<2>, LowRank<11>>;
    assert_eq!(text(Image::<Low>::DESCRIPTION), "f64 fastgrnn(3,5,zn,low_rank(2),low_rank(11))");
}
