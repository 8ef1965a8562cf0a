//! Problems that networks learn with the trainer, and the demo's network.

mod pairs;
mod sentences;
mod tasks;
mod trials;
mod vowels;
