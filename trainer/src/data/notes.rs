use super::numbering::Numbering;

/// Largest number of list items shown.
pub(super) const FEW: usize = 10;

/// Oddities that only show while a file is read, and are no errors.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes {
    /// Oddities in words.
    pub odd: Vec<String>,
    /// Channels whose neighbouring values `f32` cannot tell apart.
    pub(super) blurred: Vec<usize>,
}

impl Notes {
    /// Notes spellings that were taken for one name.
    pub(super) fn spellings(&mut self, what: &str, names: &Numbering) {
        let (lists, count) = names.alike(FEW);
        for list in &lists {
            let all = listed(list.iter().map(|name| format!("`{name}`")), list.len());
            self.odd.push(format!("{all} are one {what}, called `{}`", list[0]));
        }
        if count > FEW {
            self.odd.push(format!("and so are the spellings of {} more", count - FEW));
        }
    }
}

/// The first few of a list, and how many follow.
pub(super) fn listed(items: impl IntoIterator<Item = String>, count: usize) -> String {
    let shown: Vec<_> = items.into_iter().take(FEW).collect();
    let rest = count - shown.len();
    if rest == 0 { shown.join(", ") } else { format!("{} and {rest} more", shown.join(", ")) }
}
