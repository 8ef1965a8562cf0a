//! Inputs: vocabularies and normalisers.

mod normalize;
mod normalized_training;
mod vocabulary;
