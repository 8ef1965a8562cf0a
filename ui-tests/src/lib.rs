//! Nothing: the programs lie in `tests/`.
