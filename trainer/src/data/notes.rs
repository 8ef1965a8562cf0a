use super::names::Names;

/// How many of a list are shown.
const FEW: usize = 10;

/// Something odd that only shows while a file is read, and is no error.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes {
    /// In words.
    pub odd: Vec<String>,
    /// Channels whose neighbouring values `f32` cannot tell apart.
    pub(super) blurred: Vec<usize>,
}

impl Notes {
    /// Tells of spellings that were taken for one name.
    pub(super) fn spellings(&mut self, what: &str, names: &Names) {
        let lists = names.alike();
        for list in lists.iter().take(FEW) {
            let all = listed(list.iter().map(|name| format!("`{name}`")), list.len());
            self.odd.push(format!("{all} are one {what}, called `{}`", list[0]));
        }
        if lists.len() > FEW {
            self.odd.push(format!("and so are the spellings of {} more", lists.len() - FEW));
        }
    }
}

/// The first few of a list, and how many follow.
pub(super) fn listed(items: impl IntoIterator<Item = String>, count: usize) -> String {
    let shown: Vec<_> = items.into_iter().take(FEW).collect();
    let rest = count - shown.len();
    if rest == 0 { shown.join(", ") } else { format!("{} and {rest} more", shown.join(", ")) }
}
