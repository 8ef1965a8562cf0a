//! Layers and compositions: stacks, both directions, embeddings, encoder–decoders, frozen parts.

mod applies;
mod bidirectional;
mod embedding;
mod encoder_decoder;
mod frozen;
mod nesting;
mod stacked;
