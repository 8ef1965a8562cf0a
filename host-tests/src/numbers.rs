//! Access to the numbers of states, inputs and gradients, one by one.

use elman::cell::LstmState;
use elman::layer::Ends;
use elman::stacked::Pair;
use elman::{Side, Token};

/// Value made of numbers in a fixed order, which can be nudged one by one.
pub trait Numbers {
    /// Returns references to all of the numbers.
    fn numbers(&mut self) -> Vec<&mut f64>;
    /// Selects the part of the gradient that belongs to these values: all of it, unless it also covers other values.
    fn own(&mut self, gradient: Vec<f64>) -> Vec<f64> {
        gradient
    }
}

impl<const N: usize> Numbers for [f64; N] {
    fn numbers(&mut self) -> Vec<&mut f64> {
        self.iter_mut().collect()
    }
}

impl<const N: usize> Numbers for [[f64; N]; 2] {
    fn numbers(&mut self) -> Vec<&mut f64> {
        self.as_flattened_mut().iter_mut().collect()
    }
}

impl<A: Numbers, B: Numbers> Numbers for (A, B) {
    fn numbers(&mut self) -> Vec<&mut f64> {
        self.0.numbers().into_iter().chain(self.1.numbers()).collect()
    }
}

impl<const H: usize> Numbers for LstmState<f64, H> {
    fn numbers(&mut self) -> Vec<&mut f64> {
        self.h.iter_mut().chain(&mut self.c).collect()
    }
}

/// Numbers of both states; the output made of them is left out, because it is not carried.
impl<F: Numbers, B: Numbers, Y> Numbers for Ends<F, B, Y> {
    fn numbers(&mut self) -> Vec<&mut f64> {
        self.forward.numbers().into_iter().chain(self.backward.numbers()).collect()
    }
}

impl<A: Numbers, B: Numbers> Numbers for Pair<A, B> {
    fn numbers(&mut self) -> Vec<&mut f64> {
        self.lower.numbers().into_iter().chain(self.upper.numbers()).collect()
    }
}

/// Numbers of the side that is read. The gradient covers both sides, and is zero for the other side.
impl<X: Numbers, Y: Numbers> Numbers for Side<X, Y> {
    fn numbers(&mut self) -> Vec<&mut f64> {
        match self {
            Self::Source(x) => x.numbers(),
            Self::Target(y) => y.numbers(),
        }
    }
    fn own(&mut self, mut gradient: Vec<f64>) -> Vec<f64> {
        let own = self.numbers().len();
        let source = if matches!(self, Self::Source(_)) { own } else { gradient.len() - own };
        let target = gradient.split_off(source);
        let (own, other) = if matches!(self, Self::Source(_)) { (gradient, target) } else { (target, gradient) };
        assert!(other.iter().all(|&g| g == 0.0), "the side not read has a gradient");
        own
    }
}

/// No numbers: a token cannot be nudged.
impl<const V: usize> Numbers for Token<V> {
    fn numbers(&mut self) -> Vec<&mut f64> {
        Vec::new()
    }
}

/// No numbers: the gradient of a token is empty.
impl Numbers for () {
    fn numbers(&mut self) -> Vec<&mut f64> {
        Vec::new()
    }
}

/// Returns a copy of the numbers.
pub fn copied(numbers: &mut impl Numbers) -> Vec<f64> {
    numbers.numbers().into_iter().map(|x| *x).collect()
}
