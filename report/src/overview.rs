//! Overview of a network: architecture, parameters, memory.

use super::number::count;
use super::page::{Section, escape, table};
use elman::image::{Architecture, Image};
use elman::layer::Sequential;
use elman::network::Model;
use elman::parameters::Path;
use elman::{Parameters, Part};

const ABOUT: &str = "The trained network, its number of parameters, and the bytes that a device needs. \
    Weights may stay in flash; each stream needs a state, and training needs a record of each step.";

/// Returns a section on a network's architecture, parameters and memory.
pub fn section<N: Model<Layer: Sequential> + Parameters + Architecture>(network: &N) -> Section {
    let description = String::from_utf8_lossy(Image::<N>::DESCRIPTION.as_bytes()).into_owned();
    let mut tensors = Vec::new();
    network.view(Path::ROOT, &mut |tensor, numbers| {
        let [inputs, gates, units] = tensor.shape;
        let shape = format!("{inputs} × {gates} × {units}");
        tensors.push(vec![tensor.path.to_string(), shape, count(numbers.len())]);
    });
    tensors.push(vec!["total".to_string(), String::new(), count(<N as Parameters>::COUNT)]);
    let memory = [
        ("weights", size_of::<N>()),
        (
            if N::Layer::PASSES == 1 { "state of a stream" } else { "state of all directions" },
            size_of::<<N::Layer as Part>::State>(),
        ),
        ("record of a step, for training", record::<N>()),
    ];
    let memory: Vec<_> = memory.iter().map(|(what, bytes)| vec![(*what).to_string(), count(*bytes)]).collect();
    let body = format!(
        "<p><code>{}</code></p>\n<div class=\"tables\">\n{}{}</div>\n",
        escape(&description),
        table(&["tensor", "inputs × gates × units", "parameters"], &tensors),
        table(&["memory", "bytes"], &memory)
    );
    Section { id: "network", title: "Network".to_string(), about: ABOUT, finding: String::new(), body }
}

/// Returns the number of bytes by which a tape grows with each step.
fn record<N: Model<Layer: Sequential>>() -> usize {
    let tape = |bytes: usize, fewer: usize| (bytes - fewer) / 8;
    tape(size_of::<<N::Layer as Sequential>::Tape<9, 1>>(), size_of::<<N::Layer as Sequential>::Tape<1, 1>>())
}
