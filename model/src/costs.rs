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
        let cells = directions.map(|d| d.w_ih.values.len() + d.w_hh.values.len());
        cells.sum::<usize>() + self.head.values.len()
    }

    /// Sigmoids and hyperbolic tangents (or rectifiers) of a step.
    #[must_use]
    pub fn functions(&self) -> usize {
        self.layers.iter().map(|layer| layer.outputs() * layer.kind.functions()).sum()
    }
}
