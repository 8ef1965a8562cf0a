use core::fmt;

/// Path of a tensor in a network: the names of the parts around the tensor, then the name of the tensor, e.g.
/// `cell.w_hh`.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    up: Option<&'a Path<'a>>,
    name: &'static str,
}

impl Path<'_> {
    /// Path of the network itself, which has no name.
    pub const ROOT: Path<'static> = Path { up: None, name: "" };

    /// Returns the last name of the path.
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the path of the part or tensor with this name.
    #[must_use]
    pub const fn at<'b>(&'b self, name: &'static str) -> Path<'b> {
        Path { up: Some(self), name }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(up) = self.up.filter(|up| !up.name.is_empty()) {
            write!(f, "{up}.")?;
        }
        f.write_str(self.name)
    }
}

/// Number of names that a [`TensorName`] stores.
const NAMES: usize = 5;

/// Path of a tensor as a plain value, for errors: the name of the tensor and of up to four parts around it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TensorName {
    /// Names, outermost first, preceded by empty names if there are fewer than [`NAMES`].
    names: [&'static str; NAMES],
    /// `true` if the path has more parts around the stored ones.
    deeper: bool,
}

impl From<&Path<'_>> for TensorName {
    fn from(path: &Path<'_>) -> Self {
        let (mut names, mut rest) = ([""; NAMES], Some(path));
        for name in names.iter_mut().rev() {
            // Unused names are empty.
            *name = rest.map_or("", |path| path.name);
            rest = rest.and_then(|path| path.up);
        }
        Self { names, deeper: rest.is_some_and(|path| !path.name.is_empty()) }
    }
}

impl fmt::Display for TensorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = if self.deeper { "...." } else { "" };
        for name in self.names.iter().filter(|name| !name.is_empty()) {
            write!(f, "{between}{name}")?;
            between = ".";
        }
        Ok(())
    }
}

impl fmt::Debug for TensorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
