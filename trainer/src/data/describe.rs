use super::notes::{FEW, listed};
use super::twins::twins;
use super::{DataSet, Notes};
use hashbrown::HashTable;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use zerocopy::IntoBytes;

/// Largest number of classes or groups listed with their counts.
const SHOWN: usize = 200;

/// Summary of a data set, meant to be read before training. As text, it is about a page long.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Lengths of the shortest and the longest sequence, in steps.
    pub lengths: (usize, usize),
    /// Total number of steps.
    pub steps: usize,
    /// Names of the classes, with the number of sequences or steps of each.
    pub classes: Vec<(String, usize)>,
    /// Number of groups.
    pub group_count: usize,
    /// Names of the first 200 groups, with the number of sequences of each.
    pub groups: Vec<(String, usize)>,
    /// Channels of the data set.
    pub channels: Vec<Channel>,
    /// Oddities of the data set, in words.
    pub odd: Vec<String>,
    sequences: usize,
    labelling: &'static str,
}

/// Statistics of a channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// Name as in the file.
    pub name: String,
    /// The smallest finite value; infinity if there is none.
    pub min: f32,
    /// The largest finite value; minus infinity if there is none.
    pub max: f32,
    /// The mean of the finite values; NaN if there is none.
    pub mean: f64,
    /// Standard deviation of the finite values; NaN if there is none.
    pub deviation: f64,
    /// Number of values that are NaN or infinite.
    pub non_finite: usize,
}

impl<T> DataSet<T> {
    /// Returns the names of the classes, with the number of sequences or steps of each.
    fn class_counts(&self) -> Vec<(String, usize)> {
        let mut counts = vec![0; self.classes.len()];
        for series in self.series.iter() {
            series.label.classes().for_each(|class| counts[class] += 1);
        }
        self.classes.iter().cloned().zip(counts).collect()
    }

    /// Returns the names of the first groups, with the number of sequences of each.
    fn group_counts(&self) -> Vec<(String, usize)> {
        let mut counts = vec![0; self.groups.len().min(SHOWN)];
        let numbers = self.series.iter().map(|series| series.group);
        numbers.filter(|&group| group < SHOWN).for_each(|group| counts[group] += 1);
        self.groups.iter().map(str::to_string).zip(counts).collect()
    }
}

impl DataSet {
    /// Returns counts, lengths, ranges and oddities.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.summary_with(&Notes::default())
    }

    /// Returns the [`summary`](Self::summary) together with the oddities noted while the data set was read.
    #[must_use]
    pub fn summary_with(&self, notes: &Notes) -> Summary {
        let lengths = || self.series.iter().map(|series| self.length(series));
        let channels = (0..self.channels.len()).map(|channel| self.channel(channel)).collect::<Vec<_>>();
        Summary {
            sequences: self.series.len(),
            lengths: (lengths().min().unwrap_or_default(), lengths().max().unwrap_or_default()),
            steps: lengths().sum(),
            labelling: self.series.labelling().kind(),
            classes: self.class_counts(),
            group_count: self.groups.len(),
            groups: self.group_counts(),
            odd: [self.odd(&channels, notes), notes.odd.clone()].concat(),
            channels,
        }
    }

    fn channel(&self, channel: usize) -> Channel {
        let width = self.channels.len();
        let all = || self.series.iter().flat_map(|series| series.steps.iter().skip(channel).step_by(width).copied());
        let finite = || all().filter(|value| value.is_finite());
        let count = finite().count();
        let mean_of = |values: &dyn Fn(f64) -> f64| finite().map(|x| values(x.into())).sum::<f64>() / count as f64;
        let mean = mean_of(&|x| x);
        Channel {
            name: self.channels[channel].clone(),
            min: finite().fold(f32::INFINITY, f32::min),
            max: finite().fold(f32::NEG_INFINITY, f32::max),
            mean,
            deviation: mean_of(&|x| (x - mean) * (x - mean)).sqrt(),
            non_finite: all().count() - count,
        }
    }

    /// Returns oddities to check before training.
    fn odd(&self, channels: &[Channel], notes: &Notes) -> Vec<String> {
        let mut odd = Vec::new();
        for (index, Channel { name, min, max, non_finite, .. }) in channels.iter().enumerate() {
            if min == max && !notes.blurred.contains(&index) {
                odd.push(constant(name, *min));
            }
            if *non_finite > 0 {
                odd.push(format!("channel {name} has values that are NaN or infinite: {non_finite}"));
            }
        }
        for (name, _) in self.class_counts().iter().filter(|(_, count)| *count == 0) {
            odd.push(format!("class {name} does not occur"));
        }
        let empty = self.series.iter().filter(|series| series.steps.is_empty()).count();
        if empty > 0 {
            odd.push(format!("sequences without steps: {empty}"));
        }
        match self.repeated() {
            Some(0) => (),
            Some(twice) => odd.push(format!("sequences identical to an earlier one: {twice}")),
            None => odd.push("sequences were not compared with each other: not enough memory".to_string()),
        }
        alike(&mut odd, "classes", twins(self.classes.len(), |class| &self.classes[class], FEW));
        alike(&mut odd, "groups", twins(self.groups.len(), |group| &self.groups[group], FEW));
        odd
    }

    /// Returns the number of sequences that repeat the values of an earlier one, and which a split may separate from
    /// it; `None` if there is not enough memory.
    fn repeated(&self) -> Option<usize> {
        let bytes = |index: u32| self.series.at(index as usize).steps.as_bytes();
        let full = || (0..self.series.len() as u32).filter(|&index| !bytes(index).is_empty());
        let (hasher, mut different, mut twice) = (RandomState::new(), HashTable::new(), 0);
        let hash = |&index: &u32| hasher.hash_one(bytes(index));
        different.try_reserve(full().count(), hash).ok()?;
        for index in full() {
            match different.find(hash(&index), |&other| bytes(other) == bytes(index)) {
                Some(_) => twice += 1,
                None => _ = different.insert_unique(hash(&index), index, hash),
            }
        }
        Some(twice)
    }
}

/// Describes a channel that has the same value everywhere.
fn constant(name: &str, value: f32) -> String {
    let apart = f64::from(value.abs().next_up()) - f64::from(value.abs());
    if apart < 2.0 {
        return format!("channel {name} is constant");
    }
    format!(
        "channel {name} is {value} throughout, where 32-bit numbers are {apart} apart: if it is a timestamp or a \
            counter, all its changes are lost"
    )
}

/// Describes names that look the same.
fn alike(odd: &mut Vec<String>, what: &str, (lists, count): (Vec<Vec<&str>>, usize)) {
    for list in &lists {
        let names = listed(list.iter().map(|name| format!("{name:?}")), list.len());
        odd.push(format!("{what} that look the same: {names}"));
    }
    if count > FEW {
        odd.push(format!("{what} that look the same: {} more lists", count - FEW));
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shortest, longest) = self.lengths;
        writeln!(f, "sequences  {}, {} steps in all", self.sequences, self.steps)?;
        writeln!(f, "lengths    {shortest} to {longest} steps")?;
        writeln!(f, "labels     {}", self.labelling)?;
        counts(f, "classes", self.classes.len(), &self.classes)?;
        if self.group_count > 1 {
            counts(f, "groups", self.group_count, &self.groups)?;
        }
        writeln!(f, "channels   {}", self.channels.len())?;
        writeln!(f, "{:11}{:12} {:>12} {:>12} {:>12} {:>12}", "", "name", "min", "max", "mean", "deviation")?;
        for Channel { name, min, max, mean, deviation, .. } in &self.channels {
            writeln!(f, "{:11}{name:12} {min:12.5} {max:12.5} {mean:12.5} {deviation:12.5}", "")?;
        }
        self.odd.iter().try_for_each(|odd| writeln!(f, "odd        {odd}"))
    }
}

fn counts(f: &mut fmt::Formatter<'_>, what: &str, count: usize, counts: &[(String, usize)]) -> fmt::Result {
    write!(f, "{what:10} {count}")?;
    for (index, (name, count)) in counts.iter().take(SHOWN).enumerate() {
        write!(f, "{} {name} ({count})", if index == 0 { ":" } else { "," })?;
    }
    match count.saturating_sub(SHOWN) {
        0 => writeln!(f),
        more => writeln!(f, " and {more} more"),
    }
}
