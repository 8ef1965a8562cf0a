//! Parts of a state under the names that PyTorch gives them.

use crate::Precision;
use elman::Zero;
use elman::cell::LstmState;
use elman::layer::Ends;
use elman::stacked::Pair;
use std::fmt::Debug;

/// State with reference values in a file. The parts are ordered layer by layer, from the lowest.
pub trait Stored: Copy + PartialEq + Debug {
    /// Number type.
    type Scalar: Precision;
    /// Returns PyTorch's name of each part, with its values.
    fn parts(&mut self) -> Vec<(&'static str, &mut [Self::Scalar])>;
}

impl<T: Precision, const H: usize> Stored for [T; H] {
    type Scalar = T;
    fn parts(&mut self) -> Vec<(&'static str, &mut [T])> {
        vec![("h", self)]
    }
}

impl<T: Precision, const H: usize> Stored for LstmState<T, H> {
    type Scalar = T;
    fn parts(&mut self) -> Vec<(&'static str, &mut [T])> {
        vec![("h", &mut self.h), ("c", &mut self.c)]
    }
}

impl<F, B, Y> Stored for Ends<F, B, Y>
where
    F: Stored,
    B: Stored<Scalar = F::Scalar>,
    Y: Copy + PartialEq + Debug,
{
    type Scalar = F::Scalar;
    fn parts(&mut self) -> Vec<(&'static str, &mut [F::Scalar])> {
        self.forward.parts().into_iter().chain(self.backward.parts()).collect()
    }
}

impl<A: Stored, B: Stored<Scalar = A::Scalar>> Stored for Pair<A, B> {
    type Scalar = A::Scalar;
    fn parts(&mut self) -> Vec<(&'static str, &mut [A::Scalar])> {
        self.lower.parts().into_iter().chain(self.upper.parts()).collect()
    }
}

/// Copies of the parts of a state, each with its name and values.
pub type Parts = Vec<(&'static str, Vec<f64>)>;

/// Returns copies of the parts of a state.
pub fn parts<S: Stored>(mut state: S) -> Parts {
    state.parts().into_iter().map(|(name, numbers)| (name, widened(numbers))).collect()
}

fn widened<T: Precision>(numbers: &[T]) -> Vec<f64> {
    numbers.iter().map(|x| x.to_f64()).collect()
}

/// Returns the state whose parts have these values.
pub fn from_parts<S: Stored<Scalar = f64> + Zero>(values: &Parts) -> S {
    let mut state = S::ZERO;
    state.parts().into_iter().zip(values).for_each(|((_, numbers), (_, values))| numbers.copy_from_slice(values));
    state
}
