use crate::Said;
use crate::describe::line;
use elman_model::{Model, Rule};

/// Describes the bytes needed for training with each kind of tape and optimizer.
pub fn describe(model: &Model, steps: usize, said: &mut Said) {
    line(said, "training", &format!("{steps} steps with one target; bytes of weights, gradient, moments and tape"));
    said.push_str(&row("  tape", Rule::ALL.map(|(_, name)| name.to_string())));
    said.push_str(&row("  full", totals(model, steps, 1)));
    if !model.steps_forward() {
        said.push_str("  a bidirectional network cannot be checkpointed\n");
        return;
    }
    let (segments, length) = model.best_segments(steps);
    if segments > 1 {
        said.push_str(&row(&format!("  {segments} of {length}"), totals(model, length, segments)));
        said.push_str(&format!(
            "  {segments} of {length}: checkpointed, {segments} segments of {length} steps, each but the last \
                computed twice\n"
        ));
    }
}

fn totals(model: &Model, steps: usize, segments: usize) -> [String; 4] {
    Rule::ALL.map(|(rule, _)| {
        let bytes = model.training(rule, steps, segments);
        bytes.map_or_else(|| "-".to_string(), |bytes| bytes.total().to_string())
    })
}

fn row(name: &str, columns: [String; 4]) -> String {
    let [a, b, c, d] = columns;
    format!("{name:<13} {a:>12} {b:>12} {c:>12} {d:>12}\n")
}
