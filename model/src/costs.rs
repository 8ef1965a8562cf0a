use super::Model;

impl Model {
    /// Numbers in all tensors.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.weights().count()
    }

    /// Multiply-adds of a step: a product with each weight but the biases and the embedding's.
    #[must_use]
    pub fn multiply_adds(&self) -> usize {
        let directions = self.layers.iter().flat_map(|layer| &layer.directions);
        let cells = directions.map(|d| d.w_ih.count() + d.w_hh.count());
        cells.sum::<usize>() + self.head.values.len()
    }

    /// Sigmoids and hyperbolic tangents (or rectifiers) of a step.
    #[must_use]
    pub fn functions(&self) -> usize {
        let scalars = self.layers.iter().flat_map(|layer| &layer.directions).map(|d| d.scalars.len());
        self.layers.iter().map(|layer| layer.outputs() * layer.kind.functions()).chain(scalars).sum()
    }
}
