//! Layers and what they are composed of: stacks, both directions, embeddings, encoder–decoders, frozen parts.

mod applies;
mod bidirectional;
mod embedding;
mod encoder_decoder;
mod frozen;
mod nesting;
mod stacked;
