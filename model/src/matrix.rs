use super::evaluate::Precision;

/// A matrix with a row for each output, as in PyTorch.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// Number of values in a row.
    pub columns: usize,
    /// Values, row by row.
    pub values: Vec<f64>,
}

impl Matrix {
    /// Returns the number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.values.len() / self.columns.max(1)
    }

    /// Returns the row `index`.
    ///
    /// # Panics
    /// If there is no such row.
    #[must_use]
    pub fn row(&self, index: usize) -> &[f64] {
        &self.values[index * self.columns..(index + 1) * self.columns]
    }

    /// Computes `y += M x`. In `F32`, adds in the order of the core and rounds every product and every sum.
    pub(super) fn add_product(&self, y: &mut [f64], x: &[f64], precision: Precision) {
        for (y, row) in y.iter_mut().zip(self.values.chunks(self.columns)) {
            let products = row.iter().zip(x).map(|(&w, x)| precision.round(precision.round(w) * x));
            *y = match precision {
                Precision::F64 => *y + products.sum::<f64>(),
                Precision::F32 => products.fold(precision.round(*y), |sum, product| precision.round(sum + product)),
            };
        }
    }

    /// Iterates over the values column by column.
    pub(super) fn transposed(&self) -> impl Iterator<Item = f64> {
        (0..self.columns).flat_map(|column| self.values.iter().skip(column).step_by(self.columns).copied())
    }
}
