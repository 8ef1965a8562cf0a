//! Checks at every length that the processor's inner loops give the same bits as those in safe Rust and write
//! nothing past the end.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use elman::linalg::{self, portable};
use elman::{Fast, Libm, Math, Random, Xoshiro128, int8, tiles};
use firmware_example::{board, exit_failure, exit_success};

/// Length of the longest vector; up to this length, every block and every remainder occurs.
const LONGEST: usize = 80;
/// Number of elements between the end of a row and the next row; rows without a gap are tested too.
const GAP: usize = 3;
/// Largest number of inputs, rows or steps.
const MOST: usize = 17;
/// Numbers of inputs, rows or steps: less than a block, whole blocks, and odd numbers.
const COUNTS: [usize; 6] = [0, 1, 2, 3, 8, MOST];
const ELEMENTS: usize = MOST * (LONGEST + GAP);

/// Kind of values in a case.
#[derive(Clone, Copy)]
enum Mix {
    /// Values of very different magnitudes, so that another order of summation shows in the last bits.
    Sizes,
    /// Values so small that products are denormal or zero, with zeros of both signs.
    Small,
    /// Ordinary values, and a few that are infinite or NaN.
    Special,
}

impl Mix {
    fn number(self, rng: &mut impl Random) -> f32 {
        let random = rng.next_u32();
        let sized = |low: u32, range: u32| f32::from_bits(random & 0x807f_ffff | (low + (random >> 23) % range) << 23);
        match self {
            Self::Sizes => sized(107, 40),
            Self::Small if random.is_multiple_of(8) => f32::from_bits(random & 1 << 31),
            Self::Small => sized(0, 64),
            Self::Special if random.is_multiple_of(61) => f32::from_bits(random | 0x7fc0_0000),
            Self::Special if random.is_multiple_of(59) => f32::from_bits(random & 1 << 31 | 0x7f80_0000),
            Self::Special => sized(120, 12),
        }
    }
}

/// Buffers of a case.
struct Case {
    rng: Xoshiro128,
    rows: [f32; ELEMENTS],
    x: [f32; LONGEST],
    /// Initial values of `found` and `expected`, with one element after the longest vector.
    start: [f32; LONGEST + 1],
    found: [f32; LONGEST + 1],
    expected: [f32; LONGEST + 1],
    cases: u32,
    differences: u32,
}

impl Case {
    fn draw(&mut self, mix: Mix) {
        let Self { rng, rows, x, start, .. } = self;
        for number in rows.iter_mut().chain(x).chain(start) {
            *number = mix.number(rng);
        }
    }

    fn compare(&mut self) {
        self.cases += 1;
        let same = self.found.iter().zip(&self.expected).all(|(a, b)| same(*a, *b));
        self.differences += u32::from(!same);
    }

    /// Compares `found` and `expected` after `check`, which takes the length of the vectors, their number and their
    /// stride.
    fn at_every_length(&mut self, name: &str, counts: &[usize], mut check: impl FnMut(&mut Self, usize, usize, usize)) {
        (self.cases, self.differences) = (0, 0);
        for length in 0..=LONGEST {
            for mix in [Mix::Sizes, Mix::Small, Mix::Special] {
                self.draw(mix);
                for &count in counts {
                    (self.found, self.expected) = (self.start, self.start);
                    check(self, length, count, length + GAP * (count % 2));
                    self.compare();
                }
            }
        }
        self.report(name);
    }

    fn report(&self, name: &str) {
        defmt::info!("{=str}: {=u32} cases, {=u32} differ", name, self.cases, self.differences);
        if self.differences > 0 {
            exit_failure();
        }
    }
}

/// Returns `true` if the bits are equal or both are NaN: the bits of a NaN that results from two NaNs depend on their
/// order, which neither the compiler nor the processors define.
fn same(a: f32, b: f32) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

/// Compares a function of a whole slice with the function applied to each value.
fn functions(case: &mut Case, name: &str, all: fn(&mut [f32]), each: fn(f32) -> f32) {
    case.at_every_length(name, &[0], |case, length, _, _| {
        all(&mut case.found[..length]);
        case.expected[..length].iter_mut().for_each(|x| *x = each(*x));
    });
}

/// Compares square roots of every 65,521st bit pattern.
fn roots(case: &mut Case) {
    (case.cases, case.differences) = (0, 0);
    for x in (0..=u32::MAX).step_by(65_521).map(f32::from_bits) {
        case.cases += 1;
        case.differences += u32::from(!same(<Libm<f32>>::sqrt(x), libm::sqrtf(x)));
    }
    case.report("sqrt");
}

/// Largest number of inputs in a row of 8-bit weights, and largest number of rows.
const INPUTS: usize = 37;
const ROWS: usize = 10;

/// Compares sums of integers whose weights start at an odd address and include the largest values.
fn integers(case: &mut Case) {
    (case.cases, case.differences) = (0, 0);
    for inputs in 0..=INPUTS {
        for rows in 0..=ROWS {
            let mut draw = || case.rng.next_u32();
            let w: [i8; INPUTS * ROWS + 1] =
                core::array::from_fn(|_| if draw() < 1 << 28 { -127 } else { draw() as i8 });
            let x: [i16; INPUTS + 1] = core::array::from_fn(|_| if draw() < 1 << 28 { -32767 } else { draw() as i16 });
            let start: [i32; ROWS + 1] = core::array::from_fn(|_| (draw() as i32) >> 3);
            // One gate, or two where the number of rows is even.
            let (w, x, units) = (&w[1..=inputs * rows], &x[1..=inputs], if rows % 2 == 0 { rows / 2 } else { rows });
            let [mut found, mut expected] = [start; 2];
            int8::add_products(&mut found[..rows], units, w, x);
            tiles::add_products(&mut expected[..rows], units, w, x);
            case.cases += 1;
            case.differences += u32::from(found != expected);
        }
    }
    case.report("add_products of 8 bits");
}

#[entry]
fn main() -> ! {
    static mut CASE: Case = Case {
        rng: Xoshiro128::from_seed(1),
        rows: [0.0; ELEMENTS],
        x: [0.0; LONGEST],
        start: [0.0; LONGEST + 1],
        found: [0.0; LONGEST + 1],
        expected: [0.0; LONGEST + 1],
        cases: 0,
        differences: 0,
    };
    defmt::info!("{=str}", board::NAME);
    // Start at the second number, whose address is a multiple of 4 but not of 8.
    CASE.at_every_length("add_rows", &COUNTS, |case, length, count, stride| {
        let (rows, x) = (&case.rows[1..], &case.x[1..=count]);
        linalg::add_rows_strided(&mut case.found[1..][..length], rows, stride, x);
        portable::add_rows(&mut case.expected[1..][..length], rows, stride, x);
    });
    CASE.at_every_length("add_products", &COUNTS, |case, length, count, stride| {
        let (rows, x) = (&case.rows[1..], &case.x[..length]);
        linalg::add_products_strided(&mut case.found[1..=count], rows, stride, x);
        if length > 0 {
            portable::add_products(&mut case.expected[1..=count], rows, stride, x);
        }
    });
    CASE.at_every_length("add_scaled", &COUNTS, |case, length, count, stride| {
        let steps = (0..count).map(|t| (case.x[t], &case.rows[t * stride..][..length]));
        linalg::add_scaled(&mut case.found[1..][..length], steps.clone());
        portable::add_scaled(&mut case.expected[1..][..length], steps);
    });
    functions(CASE, "tanh", Fast::tanh_all, Fast::tanh);
    functions(CASE, "sigmoid", Fast::sigmoid_all, Fast::sigmoid);
    functions(CASE, "exp", Fast::exp_all, Fast::exp);
    roots(CASE);
    integers(CASE);
    exit_success()
}
