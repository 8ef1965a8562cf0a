//! Data sets: each format, the errors of a wrong file, and the uses of a data set.

mod carried;
mod csv;
mod folder;
mod labels;
mod large;
mod names;
mod numpy;
mod rnnd;
mod split;
mod text;
mod used;
