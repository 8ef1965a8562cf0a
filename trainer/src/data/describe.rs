use super::{DataSet, Label, Series};
use std::collections::HashSet;
use std::fmt;

/// What is to be known of a data set before learning from it. Its text is a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The shortest and the longest sequence, in steps.
    pub lengths: (usize, usize),
    /// The steps of all sequences.
    pub steps: usize,
    /// The names of the classes, with the sequences or steps of each.
    pub classes: Vec<(String, usize)>,
    /// The names of the groups, with the sequences of each.
    pub groups: Vec<(String, usize)>,
    /// The channels.
    pub channels: Vec<Channel>,
    /// What is odd, in words.
    pub odd: Vec<String>,
    sequences: usize,
    labelling: &'static str,
}

/// The values of a channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// Its name.
    pub name: String,
    /// The smallest finite value; infinity if there is none.
    pub min: f32,
    /// The largest finite value; minus infinity if there is none.
    pub max: f32,
    /// The mean of the finite values; NaN if there is none.
    pub mean: f64,
    /// Their standard deviation.
    pub deviation: f64,
    /// How many values are NaN or infinite.
    pub non_finite: usize,
}

impl<T> DataSet<T> {
    /// The names of the classes, with how many sequences, or steps, are of each.
    fn class_counts(&self) -> Vec<(String, usize)> {
        let mut counts = vec![0; self.classes.len()];
        self.series.iter().flat_map(|series| series.label.classes()).for_each(|&class| counts[class] += 1);
        self.classes.iter().cloned().zip(counts).collect()
    }

    /// The names of the groups, with how many sequences are of each.
    fn group_counts(&self) -> Vec<(String, usize)> {
        let mut counts = vec![0; self.groups.len()];
        self.series.iter().for_each(|series| counts[series.group] += 1);
        self.groups.iter().cloned().zip(counts).collect()
    }
}

impl DataSet {
    /// Counts, lengths, ranges, and what is odd.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let lengths = || self.series.iter().map(|series| self.length(series));
        let channels = (0..self.channels.len()).map(|channel| self.channel(channel)).collect::<Vec<_>>();
        Summary {
            sequences: self.series.len(),
            lengths: (lengths().min().unwrap_or_default(), lengths().max().unwrap_or_default()),
            steps: lengths().sum(),
            labelling: self.labelling().map_or("labels of several kinds", Label::kind),
            classes: self.class_counts(),
            groups: self.group_counts(),
            odd: self.odd(&channels),
            channels,
        }
    }

    fn channel(&self, channel: usize) -> Channel {
        let steps = self.series.iter().flat_map(|series| series.steps.chunks_exact(self.channels.len()));
        let (finite, others): (Vec<f32>, Vec<f32>) =
            steps.map(|step| step[channel]).partition(|value| value.is_finite());
        let mean_of =
            |values: &dyn Fn(f64) -> f64| finite.iter().map(|&x| values(x.into())).sum::<f64>() / finite.len() as f64;
        let mean = mean_of(&|x| x);
        Channel {
            name: self.channels[channel].clone(),
            min: finite.iter().copied().fold(f32::INFINITY, f32::min),
            max: finite.iter().copied().fold(f32::NEG_INFINITY, f32::max),
            mean,
            deviation: mean_of(&|x| (x - mean) * (x - mean)).sqrt(),
            non_finite: others.len(),
        }
    }

    /// What should be looked at before training.
    fn odd(&self, channels: &[Channel]) -> Vec<String> {
        let mut odd = Vec::new();
        for Channel { name, min, max, non_finite, .. } in channels {
            if min == max {
                odd.push(format!("channel {name} is constant"));
            }
            if *non_finite > 0 {
                odd.push(format!("channel {name} has values that are NaN or infinite: {non_finite}"));
            }
        }
        for (name, _) in self.class_counts().iter().filter(|(_, count)| *count == 0) {
            odd.push(format!("no sequence is of class {name}"));
        }
        let empty: Vec<_> = self.series.iter().filter(|series| series.steps.is_empty()).collect();
        if !empty.is_empty() {
            odd.push(format!("sequences without steps: {}", empty.len()));
        }
        let twice = self.repeated();
        if twice > 0 {
            odd.push(format!("sequences that are the same as an earlier one: {twice}"));
        }
        odd
    }

    /// How many sequences have all values of an earlier one, so that a split may put the same into both parts.
    fn repeated(&self) -> usize {
        let bits = |series: &Series| series.steps.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        let full = self.series.iter().filter(|series| !series.steps.is_empty());
        let different: HashSet<_> = full.clone().map(bits).collect();
        full.count() - different.len()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shortest, longest) = self.lengths;
        writeln!(f, "sequences  {}, {} steps in all", self.sequences, self.steps)?;
        writeln!(f, "lengths    {shortest} to {longest} steps")?;
        writeln!(f, "labels     {}", self.labelling)?;
        counts(f, "classes", &self.classes)?;
        if self.groups.len() > 1 {
            counts(f, "groups", &self.groups)?;
        }
        writeln!(f, "channels   {}", self.channels.len())?;
        writeln!(f, "{:11}{:12} {:>12} {:>12} {:>12} {:>12}", "", "name", "min", "max", "mean", "deviation")?;
        for Channel { name, min, max, mean, deviation, .. } in &self.channels {
            writeln!(f, "{:11}{name:12} {min:12.5} {max:12.5} {mean:12.5} {deviation:12.5}", "")?;
        }
        self.odd.iter().try_for_each(|odd| writeln!(f, "odd        {odd}"))
    }
}

fn counts(f: &mut fmt::Formatter<'_>, what: &str, counts: &[(String, usize)]) -> fmt::Result {
    let counts: Vec<_> = counts.iter().map(|(name, count)| format!("{name} ({count})")).collect();
    writeln!(f, "{what:10} {}{}{}", counts.len(), if counts.is_empty() { "" } else { ": " }, counts.join(", "))
}
