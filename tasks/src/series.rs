//! Mackey–Glass equation: a chaotic series determined by its own past.
//!
//! dx/dt = 0.2 x(t − 17) / (1 + x(t − 17)¹⁰) − 0.1 x(t), by Euler's method with a step of 0.1, sampled every 6
//! units of time. One of its irregular waves takes about eight samples. Mackey and Glass, "Oscillation and chaos
//! in physiological control systems", Science 197 (1977); sampled as in Lapedes and Farber, "Nonlinear signal
//! processing using neural networks" (1987).

use elman::Random;

/// Number of steps of Euler's method in one unit of time.
const UNIT: usize = 10;
/// Number of steps in the delay.
const DELAY: usize = 17 * UNIT;
/// Number of steps between two samples.
const SAMPLE: usize = 6 * UNIT;
/// Number of samples after which the series has reached its attractor.
const SETTLED: usize = 200;

/// Endless series of samples, with 688 bytes of state on a 32-bit device.
///
/// ```
/// use elman::Xoshiro128;
/// use tasks::MackeyGlass;
/// let series = MackeyGlass::draw(&mut Xoshiro128::from_seed(0));
/// assert!(series.take(1000).all(|x| (0.2..1.4).contains(&x)));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MackeyGlass {
    /// Values of x at the last steps, in a ring buffer.
    past: [f32; DELAY],
    /// Index of the oldest value.
    oldest: usize,
    x: f32,
}

impl MackeyGlass {
    /// Draws the start of a series, and returns the series once it has reached its attractor.
    pub fn draw(rng: &mut impl Random) -> Self {
        let mut series = Self { past: core::array::from_fn(|_| rng.uniform(0.5, 1.3)), oldest: 0, x: 1.2 };
        series.by_ref().take(SETTLED).for_each(drop);
        series
    }

    fn step(&mut self) {
        if let Some(past) = self.past.get_mut(self.oldest) {
            let delayed = core::mem::replace(past, self.x);
            let square = delayed * delayed;
            let tenth = square * square * square * square * square;
            self.x += (0.2 * delayed / (1.0 + tenth) - 0.1 * self.x) / UNIT as f32;
            self.oldest = (self.oldest + 1) % DELAY;
        }
    }
}

impl Iterator for MackeyGlass {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        (0..SAMPLE).for_each(|_| self.step());
        Some(self.x)
    }
}
