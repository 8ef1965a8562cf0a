//! Empty library: the programs are in `tests/`.
