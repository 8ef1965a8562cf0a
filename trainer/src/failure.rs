use std::error::Error;
use std::fmt;

/// Error of any kind that stops a program. If `main` returns one, the program prints the text of the error,
/// not its fields.
///
/// ```
/// use elman_trainer::trials::Failure;
/// let failure = "abc".parse::<u8>().map_err(Failure::from).unwrap_err();
/// assert_eq!(format!("{failure:?}"), "invalid digit found in string");
/// ```
pub struct Failure(Box<dyn Error + Send + Sync>);

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Same as [`Display`](fmt::Display), because `main` prints this form.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
