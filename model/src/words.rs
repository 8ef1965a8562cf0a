//! Descriptions of a network: the text in an image, and the Rust type.

use super::{Direction, Kind, Layer, Matrix, Model, Nonlinearity, Reset};

impl Model {
    /// Returns the number type and architecture, as an image describes them.
    #[must_use]
    pub fn description(&self) -> String {
        let embedding = |table: &Matrix| format!("embedding({},{})", table.rows(), table.columns);
        let layer = |layer: &Layer| {
            let cells: Vec<String> = layer.directions.iter().map(|d| described(layer.kind, d)).collect();
            if let [forward, backward] = cells.as_slice() {
                format!("bidirectional({forward},{backward},concat)")
            } else {
                cells.concat()
            }
        };
        let parts: Vec<String> = self.parts(embedding, layer).collect();
        let stack = if parts.len() == 1 { parts.concat() } else { format!("stacked({})", parts.join(",")) };
        format!("f32 network({stack},dense({},{}))", self.head.columns, self.head.rows())
    }

    /// Returns the Rust type, with full paths.
    #[must_use]
    pub fn rust_type(&self) -> String {
        let embedding = |table: &Matrix| format!("elman::Embedding<{}, {}>", table.rows(), table.columns);
        let layer = |layer: &Layer| {
            let cell = typed(layer.kind, &layer.directions[0]);
            if layer.directions.len() == 2 { format!("elman::Bidirectional<{cell}>") } else { cell }
        };
        let parts = self.parts(embedding, layer);
        let stack = parts.reduce(|lower, upper| format!("elman::Stacked<{lower}, {upper}>")).unwrap_or_default();
        format!("elman::Network<{stack}, elman::Dense<{}, {}>>", self.head.columns, self.head.rows())
    }

    /// Describes the embedding, if there is one, and each layer, from the lowest up.
    fn parts(
        &self,
        embedding: impl Fn(&Matrix) -> String,
        layer: impl Fn(&Layer) -> String,
    ) -> impl Iterator<Item = String> {
        self.embedding.iter().map(embedding).chain(self.layers.iter().map(layer))
    }
}

fn described(kind: Kind, direction: &Direction) -> String {
    let [i, h, b] = direction.sizes();
    match kind {
        Kind::Rnn(g) => format!("elman({i},{h},{b},{g})"),
        Kind::Gru(form) => format!("gru({i},{h},{b},rzn,{form},tanh)"),
        Kind::Lstm => format!("lstm({i},{h},{b},ifgo)"),
        Kind::Mgu => format!("mgu({i},{h},{b},fn)"),
        Kind::FastGrnn => {
            let [w, u] = ranks(direction, ["full", "low_rank(", ")"]);
            format!("fastgrnn({i},{h},zn,{w},{u})")
        }
    }
}

/// Returns the forms of the input and the recurrent weights: `full` for a full matrix, or the rank between
/// `before` and `after` for a low-rank one.
fn ranks(direction: &Direction, [full, before, after]: [&str; 3]) -> [String; 2] {
    let form = |rank| format!("{before}{rank}{after}");
    direction.ranks().map(|rank| rank.map_or_else(|| full.to_string(), form))
}

fn typed(kind: Kind, direction: &Direction) -> String {
    let [i, h, b] = direction.sizes();
    if kind == Kind::FastGrnn {
        let [w, u] = ranks(direction, ["elman::cell::FullRank", "elman::cell::LowRank<", ">"]);
        return format!("elman::FastGrnn<{i}, {h}, elman::Libm, {w}, {u}>");
    }
    let (name, rest) = match kind {
        Kind::Rnn(Nonlinearity::Tanh) => ("Elman", ""),
        Kind::Rnn(Nonlinearity::Relu) => ("Elman", ", elman::cell::Relu"),
        Kind::Gru(Reset::After) => ("Gru", ""),
        Kind::Gru(Reset::Before) => ("Gru", ", elman::cell::ResetBefore"),
        Kind::Lstm => ("Lstm", ""),
        Kind::Mgu | Kind::FastGrnn => ("Mgu", ""),
    };
    format!("elman::{name}<{i}, {h}, elman::Libm, {b}{rest}>")
}
