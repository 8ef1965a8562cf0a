//! Problems that networks learn through the trainer, and the demo's network.

mod pairs;
mod tasks;
mod vowels;
