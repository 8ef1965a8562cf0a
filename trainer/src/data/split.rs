use super::{DataSet, Label, Series};
use elman::{Random, Xoshiro128};

/// The sequences to learn from, and those held back to judge by: indices, each in the order of the data set. One seed gives one
/// split, on every machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// To learn from.
    pub train: Vec<usize>,
    /// Held back.
    pub held: Vec<usize>,
}

impl Split {
    /// Holds back what `held` says.
    fn by(count: usize, held: impl Fn(usize) -> bool) -> Self {
        let (held, train) = (0..count).partition(|&index| held(index));
        Self { train, held }
    }
}

impl<T> DataSet<T> {
    /// Holds back a share of the sequences, drawn at random; of each class its share, rounded to the nearest. Sequences that are
    /// unlabelled, or labelled step by step, count as one class.
    ///
    /// # Panics
    /// Unless `share` is within 0 to 1.
    #[must_use]
    pub fn holdout(&self, share: f64, seed: u64) -> Split {
        assert!((0.0..=1.0).contains(&share), "a share is within 0 to 1");
        let mut held = vec![false; self.series.len()];
        for members in self.shuffled(seed) {
            let count = (share * members.len() as f64).round() as usize;
            members.iter().take(count).for_each(|&index| held[index] = true);
        }
        Split::by(held.len(), |index| held[index])
    }

    /// Cross-validation: `count` splits, each sequence held back in one of them. Every fold has as many of each class, give or
    /// take one, and as many in all.
    ///
    /// # Panics
    /// If `count` is 0.
    #[must_use]
    pub fn folds(&self, count: usize, seed: u64) -> Vec<Split> {
        let mut fold = vec![0; self.series.len()];
        // One deal through all classes: where one class ends, the next goes on.
        let dealt = self.shuffled(seed).into_iter().flatten();
        dealt.enumerate().for_each(|(turn, index)| fold[index] = turn % count);
        (0..count).map(|held| Split::by(fold.len(), |index| fold[index] == held)).collect()
    }

    /// Holds back one group, such as a subject the network must not have seen.
    #[must_use]
    pub fn without_group(&self, group: usize) -> Split {
        Split::by(self.series.len(), |index| self.series[index].group == group)
    }

    /// Leave one subject out: a split for each group that has sequences, in their order.
    #[must_use]
    pub fn leave_one_group_out(&self) -> Vec<Split> {
        let splits = (0..self.groups.len()).map(|group| self.without_group(group));
        splits.filter(|split| !split.held.is_empty()).collect()
    }

    /// The indices of the sequences of each class, in an order drawn at random.
    fn shuffled(&self, seed: u64) -> Vec<Vec<usize>> {
        let class = |series: &Series<T>| match series.label {
            Label::Whole(class) => class,
            Label::None | Label::Each(_) => 0,
        };
        let mut classes = vec![Vec::new(); self.classes.len().max(1)];
        self.series.iter().enumerate().for_each(|(index, series)| classes[class(series)].push(index));
        let mut rng = Xoshiro128::from_seed(seed);
        classes.iter_mut().for_each(|members| rng.shuffle(members));
        classes
    }
}
