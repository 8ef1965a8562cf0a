//! Data sets: each format, errors in files, and uses of a data set.

mod carried;
mod csv;
mod folder;
mod labels;
mod large;
mod messages;
mod names;
mod numpy;
mod rnnd;
mod split;
mod text;
mod used;
