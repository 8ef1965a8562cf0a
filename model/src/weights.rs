use super::Matrix;
use super::evaluate::Precision;

/// Weight matrix, stored whole or as two factors of low rank.
#[derive(Clone, Debug, PartialEq)]
pub enum Weights {
    /// One matrix.
    Full(Matrix),
    /// A product of low rank: `up` times `down`.
    Low {
        /// Factor for the inputs: rank × inputs.
        down: Matrix,
        /// Factor for the units: units × rank.
        up: Matrix,
    },
}

impl From<Matrix> for Weights {
    fn from(matrix: Matrix) -> Self {
        Self::Full(matrix)
    }
}

impl Weights {
    /// Returns the rank of a product of two factors; `None` for a single matrix.
    #[must_use]
    pub fn rank(&self) -> Option<usize> {
        match self {
            Self::Full(_) => None,
            Self::Low { down, .. } => Some(down.rows()),
        }
    }

    /// Returns the number of inputs.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.lower().columns
    }

    /// Returns the number of weights, each of which is multiplied once per step.
    #[must_use]
    pub fn count(&self) -> usize {
        self.matrices().map(|matrix| matrix.values.len()).sum()
    }

    fn lower(&self) -> &Matrix {
        match self {
            Self::Full(matrix) | Self::Low { down: matrix, .. } => matrix,
        }
    }

    /// Returns the matrices in the order in which an image stores them.
    pub fn matrices(&self) -> impl Iterator<Item = &Matrix> {
        let upper = match self {
            Self::Full(_) => None,
            Self::Low { up, .. } => Some(up),
        };
        [self.lower()].into_iter().chain(upper)
    }

    /// Returns mutable references to the matrices, in the order in which an image stores them.
    pub fn matrices_mut(&mut self) -> impl Iterator<Item = &mut Matrix> {
        let (lower, upper) = match self {
            Self::Full(matrix) => (matrix, None),
            Self::Low { down, up } => (down, Some(up)),
        };
        [lower].into_iter().chain(upper)
    }

    /// Returns all weights in the order in which an image stores them.
    pub(super) fn stored(&self) -> impl Iterator<Item = f64> {
        self.matrices().flat_map(Matrix::transposed)
    }

    /// Computes `y += W x`.
    pub(super) fn add_product(&self, y: &mut [f64], x: &[f64], precision: Precision) {
        match self {
            Self::Full(matrix) => matrix.add_product(y, x, precision),
            Self::Low { down, up } => {
                let mut between = vec![0.0; down.rows()];
                down.add_product(&mut between, x, precision);
                up.add_product(y, &between, precision);
            }
        }
    }
}
