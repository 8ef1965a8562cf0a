use std::path::Path;

/// Format of a data set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Table,
    Folder,
    Array,
    Archive,
    Rnnd,
}

impl Format {
    /// Returns the format of the file or folder at `path`; `None` if its name does not show the format.
    pub fn of(path: &Path) -> Option<Self> {
        if path.is_dir() {
            return Some(Self::Folder);
        }
        match path.extension()?.to_ascii_lowercase().to_str()? {
            "csv" | "tsv" => Some(Self::Table),
            "npy" => Some(Self::Array),
            "npz" => Some(Self::Archive),
            "rnnd" => Some(Self::Rnnd),
            _ => None,
        }
    }
}
