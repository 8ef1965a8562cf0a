use super::Model;

impl Model {
    /// Returns the number of elements in all tensors.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.weights().count()
    }

    /// Returns the number of multiply-adds in a step: one for each weight, not counting biases and the embedding.
    #[must_use]
    pub fn multiply_adds(&self) -> usize {
        let directions = self.layers.iter().flat_map(|layer| &layer.directions);
        let cells = directions.map(|d| d.w_ih.count() + d.w_hh.count());
        cells.sum::<usize>() + self.head.values.len()
    }

    /// Returns the number of sigmoids and hyperbolic tangents (or rectifiers) evaluated in a step.
    #[must_use]
    pub fn functions(&self) -> usize {
        let scalars = self.layers.iter().flat_map(|layer| &layer.directions).map(|d| d.scalars.len());
        self.layers.iter().map(|layer| layer.outputs() * layer.kind.functions()).chain(scalars).sum()
    }
}
