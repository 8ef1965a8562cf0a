//! Adding problem: two marked numbers in a long sequence must be added.
//!
//! Each step has a number, uniform in \[0, 1), and a mark, 0 or 1. One step in the first half and one in the
//! second are marked; the target after the last step is the sum of their numbers. Always answering 1, the mean,
//! gives a mean squared error of 1/6, and is within 0.1 of the sum in 19 % of the cases.
//!
//! Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9 (1997), experiment 4, in the form of Le,
//! Jaitly and Hinton, "A simple way to initialize recurrent networks of rectified linear units", arXiv 1504.00941
//! (2015).

use elman::Random;

/// Sequence of `T` steps, two of them marked.
///
/// A sequence without two halves does not compile:
///
/// ```compile_fail,E0080
/// let one = tasks::Adding::<1>::draw(&mut elman::Xoshiro128::from_seed(0));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Adding<const T: usize> {
    /// Number and mark of each step.
    pub steps: [[f32; 2]; T],
    /// Sum of the marked numbers, in \[0, 2).
    pub sum: [f32; 1],
}

impl<const T: usize> Adding<T> {
    /// Draws the numbers and the marks.
    pub fn draw(rng: &mut impl Random) -> Self {
        const { assert!(T >= 2, "the adding problem marks a step in each of two halves") }
        let mut steps = core::array::from_fn(|_| [rng.unit_f32(), 0.0]);
        let (first, second) = steps.split_at_mut(T / 2);
        let sum = mark(first, rng) + mark(second, rng);
        Self { steps, sum: [sum] }
    }
}

/// Marks one of the steps and returns its number.
fn mark(half: &mut [[f32; 2]], rng: &mut impl Random) -> f32 {
    let at = rng.below(half.len() as u32) as usize;
    half.get_mut(at).map_or(0.0, |[number, mark]| {
        *mark = 1.0;
        *number
    })
}
