use std::fmt;
use std::ops::Index;

/// List of names, stored in one string. A name takes only 8 bytes in addition to its letters.
#[derive(Clone, Default)]
pub struct Names {
    text: String,
    /// Start and end of each name in `text`.
    spans: Vec<(u32, u32)>,
}

impl Names {
    /// Returns the number of names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Returns `true` if there are no names.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Returns the name at an index.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&str> {
        let &(start, end) = self.spans.get(index)?;
        self.text.get(start as usize..end as usize)
    }

    /// Returns the names in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.len()).map(|index| &self[index])
    }

    /// Returns `true` if a name of `bytes` bytes still fits.
    pub(super) fn fits(&self, bytes: usize) -> bool {
        u32::try_from(self.text.len().saturating_add(bytes)).is_ok()
    }

    /// Adds a name that [`fits`](Self::fits).
    pub(super) fn push(&mut self, name: &str) {
        let start = self.text.len() as u32;
        self.text.push_str(name);
        self.spans.push((start, self.text.len() as u32));
    }

    /// Keeps only the names at the indices in `order`, in that order. `text` stays unchanged.
    pub(super) fn arrange(&mut self, order: &[u32]) {
        self.spans = order.iter().map(|&index| self.spans[index as usize]).collect();
    }
}

/// # Panics
/// If there is no name at the index.
impl Index<usize> for Names {
    type Output = str;

    fn index(&self, index: usize) -> &str {
        let (start, end) = self.spans[index];
        &self.text[start as usize..end as usize]
    }
}

/// # Panics
/// If the names take more than 4 GiB in total.
impl<S: AsRef<str>> FromIterator<S> for Names {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut list = Self::default();
        for name in names {
            assert!(list.fits(name.as_ref().len()), "the names of a list have at most 4 GiB in all");
            list.push(name.as_ref());
        }
        list
    }
}

impl PartialEq for Names {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<const N: usize> PartialEq<[&str; N]> for Names {
    fn eq(&self, other: &[&str; N]) -> bool {
        self.iter().eq(other.iter().copied())
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Returns names for `count` unnamed things: 0, 1, 2 and so on.
pub(super) fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|number| number.to_string()).collect()
}

/// Returns names for `count` unnamed channels: x0, x1, x2 and so on.
pub(super) fn channels(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("x{number}")).collect()
}
