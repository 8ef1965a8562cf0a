//! Proofs that need more than the core, all of them in `tests/`.
