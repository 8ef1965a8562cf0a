//! File access for elman's host side: files are read up to a limit, and written so that each is always the
//! complete old or the complete new file.

pub mod output;
pub mod source;
