//! Steps in integers beside the same in wide ones, written as the equations are: every bit is equal.

use crate::networks::{drawn, sequence};
use elman::cell::LowRank;
use elman::int8::{
    self, Calibration, Factors, Matrix, Mgu, PerGate, PerUnit, Projection, Scale, Scaling, sigmoid, tanh,
};
use elman::{FastGrnn, Libm, Network, Step, Zero};

/// a · b / 2^bits to the nearest, halves up.
fn rounded(a: i64, b: i64, bits: u32) -> i64 {
    (a * b + (1 << (bits - 1))).div_euclid(1 << bits)
}

fn multiplier(scales: &[Scale], unit: usize) -> i64 {
    scales[unit % scales.len()].multiplier().into()
}

fn product<const N: usize, const H: usize, S: Scaling>(m: &Matrix<N, H, S>, x: [i64; N]) -> [i64; H] {
    core::array::from_fn(|unit| {
        let sum = (0..N).map(|i| i64::from(m.w.at(0, unit, i)) * x[i]).sum();
        rounded(sum, multiplier(m.scale[0].as_ref(), unit), 32)
    })
}

fn factors<const I: usize, const R: usize, const H: usize, S: Scaling>(
    m: &Factors<I, R, H, S>,
    x: [i64; I],
) -> [i64; H] {
    product(&m.up, product(&m.down, x).map(|u| u.clamp(-32767, 32767)))
}

/// Inputs as a cell rounds them.
fn whole<const I: usize>(x: &[f32; I], resolution: f32) -> [i64; I] {
    x.map(|x| i64::from((x * resolution).round().clamp(-32767.0, 32767.0) as i32))
}

/// A network of the kind in integers, calibrated with the first of the steps, so that later ones saturate.
macro_rules! quantized {
    ($cell:ty, $units:literal, $scaling:ty, $xs:expr) => {{
        let net: Network<$cell, _> = drawn::<$cell, $units>();
        let mut calibration = Calibration::new(&net);
        calibration.observe(&$xs[..10]).unwrap();
        calibration.quantize::<$scaling>().unwrap().cell
    }};
}

/// One unit of h′ of a FastGRNN.
fn fast(zeta: u16, nu: u16, [z, n]: [i16; 2], h: i64) -> i64 {
    let [z, n] = [z, n].map(i64::from);
    let share = (i64::from(zeta) * (32768 - z) + i64::from(nu) * 32768 + (1 << 15)).div_euclid(1 << 16);
    (rounded(share, n, 15) + rounded(z, h, 15)).clamp(-32767, 32767)
}

#[test]
fn fastgrnn_of_full_rank() {
    let xs = sequence::<6>(1, 200);
    let cell = quantized!(FastGrnn<6, 7>, 7, PerUnit, xs);
    let (mut near, mut exact) = ([0_i16; 7], [0_i64; 7]);
    for x in &xs {
        cell.step(&mut near, x);
        let (w, u) = (product(&cell.w_ih, whole(x, cell.resolution.get())), product(&cell.w_hh, exact));
        exact = core::array::from_fn(|unit| {
            let argument = |b: i16| (w[unit] + u[unit] + i64::from(b) * 4) as i32;
            let gates = [sigmoid(argument(cell.b[0][unit].get())), tanh(argument(cell.b[1][unit].get()))];
            fast(cell.zeta.get(), cell.nu.get(), gates, exact[unit])
        });
        assert_eq!(near.map(i64::from), exact);
    }
}

#[test]
fn fastgrnn_of_low_rank() {
    let xs = sequence::<6>(2, 200);
    let cell = quantized!(FastGrnn<6, 9, Libm, LowRank<1>, LowRank<5>>, 9, PerGate, xs);
    let (mut near, mut exact) = ([0_i16; 9], [0_i64; 9]);
    for x in &xs {
        cell.step(&mut near, x);
        let (w, u) = (factors(&cell.w_ih, whole(x, cell.resolution.get())), factors(&cell.w_hh, exact));
        exact = core::array::from_fn(|unit| {
            let argument = |b: i16| (w[unit] + u[unit] + i64::from(b) * 4) as i32;
            let gates = [sigmoid(argument(cell.b[0][unit].get())), tanh(argument(cell.b[1][unit].get()))];
            fast(cell.zeta.get(), cell.nu.get(), gates, exact[unit])
        });
        assert_eq!(near.map(i64::from), exact);
    }
}

/// A gate's argument, from what it multiplies.
fn argument<const I: usize, const H: usize, S: Scaling>(
    Mgu { affine }: &Mgu<I, H, S>,
    gate: usize,
    unit: usize,
    (x, h): (&[i64; I], &[i64; H]),
) -> i32 {
    let input = (0..I).map(|i| i64::from(affine.w_ih.at(gate, unit, i)) * x[i]).sum();
    let state = (0..H).map(|i| i64::from(affine.w_hh.at(gate, unit, i)) * h[i]).sum();
    let [input, state] = [(input, &affine.scale_ih), (state, &affine.scale_hh)]
        .map(|(sum, scales)| rounded(sum, multiplier(scales[gate].as_ref(), unit), 32));
    (input + state + i64::from(affine.b[gate][unit].get()) * 4) as i32
}

#[test]
fn minimal_gated_unit() {
    let xs = sequence::<6>(3, 200);
    let cell = quantized!(elman::Mgu<6, 5>, 5, PerUnit, xs);
    let (mut near, mut exact) = ([0_i16; 5], [0_i64; 5]);
    for x in &xs {
        cell.step(&mut near, x);
        let x = whole(x, cell.affine.resolution.get());
        let f: [i64; 5] = core::array::from_fn(|unit| sigmoid(argument(&cell, 0, unit, (&x, &exact))).into());
        let kept: [i64; 5] = core::array::from_fn(|unit| rounded(f[unit], exact[unit], 15));
        exact = core::array::from_fn(|unit| {
            let n = i64::from(tanh(argument(&cell, 1, unit, (&x, &kept))));
            ((32768 - f[unit]) * exact[unit] + f[unit] * n + (1 << 14)).div_euclid(1 << 15)
        });
        assert_eq!(near.map(i64::from), exact);
    }
}

#[test]
fn projection() {
    let xs = sequence::<6>(4, 200);
    let cell = quantized!(elman::Projection<6, 5>, 5, PerUnit, xs);
    let mut saturated = false;
    for x in &xs {
        let mut near = [0_i16; 5];
        cell.step(&mut near, x);
        let y = product(&cell.linear, whole(x, cell.resolution.get()));
        let exact: [i64; 5] = core::array::from_fn(|unit| {
            rounded(y[unit] + i64::from(cell.b[unit].get()) * 4, 1, 2).clamp(-32767, 32767)
        });
        assert_eq!(near.map(i64::from), exact);
        saturated |= near.contains(&32767);
    }
    assert!(saturated, "some inputs are larger than those of the calibration");
}

#[test]
fn extremes_do_not_overflow() {
    const WIDE: usize = 500;
    fn matrix<const N: usize, const H: usize, S: Scaling>(w: i8) -> Matrix<N, H, S> {
        let mut m = Matrix::<N, H, S>::ZERO;
        (0..H).for_each(|unit| (0..N).for_each(|i| m.w.set(0, unit, i, w)));
        m.scale[0].as_mut().fill(Scale::covering(0.2498).unwrap());
        m
    }
    for (w, x, b) in
        [(127, 32767, i16::MAX), (-127, 32767, i16::MIN), (127, -32767, i16::MIN), (-128, -32768, i16::MAX)]
    {
        type Low = int8::FastGrnn<WIDE, 3, PerUnit, LowRank<500>, LowRank<1>>;
        let mut low = Box::new(Low::ZERO);
        low.w_ih = Factors { down: matrix(w), up: matrix(w) };
        low.w_hh = Factors { down: matrix(w), up: matrix(w) };
        (low.b, low.zeta, low.nu) = ([[b.into(); 3]; 2], u16::MAX.into(), u16::MAX.into());
        let mut full = int8::FastGrnn::<WIDE, 3>::ZERO;
        (full.w_ih, full.w_hh) = (matrix(w), matrix(w));
        (full.b, full.zeta, full.nu) = ([[b.into(); 3]; 2], u16::MAX.into(), u16::MAX.into());
        let mut mgu = Mgu::<WIDE, 3, PerUnit>::ZERO;
        let largest = Scale::covering(0.2498).unwrap();
        (0..2).for_each(|gate| {
            (0..3).for_each(|unit| {
                (0..WIDE).for_each(|i| mgu.affine.w_ih.set(gate, unit, i, w));
                (0..3).for_each(|i| mgu.affine.w_hh.set(gate, unit, i, w));
            })
        });
        (mgu.affine.scale_ih, mgu.affine.scale_hh) = ([[largest; 3]; 2], [[largest; 3]; 2]);
        mgu.affine.b = [[b.into(); 3]; 2];
        let projection = Projection::<WIDE, 3> { linear: matrix(w), b: [b.into(); 3], resolution: 1.0.into() };
        for start in [0, 32767, -32767] {
            let (mut a, mut c, mut d, mut e) = ([start; 3], [start; 3], [start; 3], [start; 3]);
            for _ in 0..50 {
                low.step(&mut a, &[x; WIDE]);
                full.step(&mut c, &[x; WIDE]);
                mgu.step(&mut d, &[x; WIDE]);
                projection.step(&mut e, &[x; WIDE]);
            }
            let positive = i32::from(w) * i32::from(x) > 0;
            assert_eq!(e, [if positive { 32767 } else { -32767 }; 3]);
            assert!(a.iter().chain(&c).all(|h| h.abs() > 30000), "{a:?} {c:?}");
        }
        let table = int8::Embedding::<2, 3> { table: [[w; 3]; 2], scale: [[largest]] };
        let mut y = [0; 3];
        table.step(&mut y, &elman::Token::default());
        assert_eq!(y, [if w > 0 { 32767 } else { -32767 }; 3]);
    }
}
