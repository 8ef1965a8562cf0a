//! Files of elman's host side: read no further than a limit, and written so that each is the whole old one or the whole new one.

pub mod output;
pub mod source;
