//! Images: every written image opens at any address, and everything else is refused.

mod damaged;
mod finite;
mod format;
mod integers;
mod integers_bytes;
mod integers_refused;
mod one_form;
mod probe;
mod sections;

use elman::error::{ImageError, SelfTestError, WriteError};
use elman::image::{Image, Section};
use host_tests::image::Small;

/// Placeholder for a check with the host's reader; `system-tests/tests/image` runs the same tests with that
/// check.
const fn host_opens_the_same(_: &[u8], _: &Result<Image<'_, Small>, ImageError>, _: &str) {}

/// Same as [`host_opens_the_same`], but for the probe.
const fn host_fails_the_self_test(_: &[u8], _: SelfTestError) {}

/// Same as [`host_opens_the_same`], but for writing.
const fn host_does_not_write(_: &Small, _: &[&dyn Section<f32>], _: WriteError) {}
