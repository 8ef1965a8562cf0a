//! File access for elman's host side: files are read up to a limit, and written so that each is always complete,
//! in either its old or its new version.

pub mod output;
pub mod source;
