//! Seeded starts.
