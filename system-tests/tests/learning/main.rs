//! Problems that networks learn with the trainer, and the demo's network.

mod pairs;
mod tasks;
mod vowels;
