use super::numbering::Numbering;

/// Largest number of list items shown.
pub(super) const FEW: usize = 10;

/// Oddities that are not errors and show only while a file is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes {
    /// Descriptions of the oddities.
    pub odd: Vec<String>,
    /// Channels whose neighbouring values `f32` cannot tell apart.
    pub(super) blurred: Vec<usize>,
}

impl Notes {
    /// Notes the spellings that count as one name.
    pub(super) fn spellings(&mut self, what: &str, names: &Numbering) {
        let (lists, count) = names.alike(FEW);
        for list in &lists {
            let all = listed(list.iter().map(|name| format!("`{name}`")), list.len());
            self.odd.push(format!("{all} count as one {what}, called `{}`", list[0]));
        }
        if count > FEW {
            self.odd.push(format!("{} more also have several spellings", count - FEW));
        }
    }
}

/// Lists the first few items, then the number of items left out.
pub(super) fn listed(items: impl IntoIterator<Item = String>, count: usize) -> String {
    let shown: Vec<_> = items.into_iter().take(FEW).collect();
    let rest = count - shown.len();
    if rest == 0 { shown.join(", ") } else { format!("{} and {rest} more", shown.join(", ")) }
}
