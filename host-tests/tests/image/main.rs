//! The image: what is written is what opens, wherever it is opened; whatever else is offered is refused.

mod damaged;
mod finite;
mod format;
mod one_form;
mod probe;
mod sections;

use elman::error::{ImageError, SelfTestError, WriteError};
use elman::image::{Image, Section};
use host_tests::image::Small;

/// The host's reader has no word here: `system-tests/tests/image` runs the same tests with it.
const fn host_opens_the_same(_: &[u8], _: &Result<Image<'_, Small>, ImageError>, _: &str) {}

/// As [`host_opens_the_same`], of the probe.
const fn host_fails_the_self_test(_: &[u8], _: SelfTestError) {}

/// As [`host_opens_the_same`], of writing.
const fn host_does_not_write(_: &Small, _: &[&dyn Section<f32>], _: WriteError) {}
