//! Data sets: each format, the errors of a file that is wrong, and what is made of a data set.

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
