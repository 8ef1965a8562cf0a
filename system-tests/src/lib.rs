//! Proofs that need more than the core; all of them are in `tests/`.
