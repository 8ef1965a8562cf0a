use super::{DataSet, Label, Series};
use elman::{Random, Xoshiro128};

/// Split of a data set into training and held-out sequences, each as indices in ascending order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Training sequences.
    pub train: Vec<usize>,
    /// Held-out sequences, for validation or testing.
    pub held: Vec<usize>,
    /// Names of classes that only held-out sequences have: they cannot be learned.
    pub train_lacks: Vec<String>,
    /// Names of classes that only training sequences have: they cannot be evaluated.
    pub held_lacks: Vec<String>,
}

impl Split {
    /// Holds out the sequences for which `held` returns `true`.
    fn by<T>(data: &DataSet<T>, held: impl Fn(usize) -> bool) -> Self {
        let (held, train): (Vec<_>, Vec<_>) = (0..data.series.len()).partition(|&index| held(index));
        let [in_train, in_held] = [&train, &held].map(|part| data.present(part));
        let only = |here: &[bool], there: &[bool]| {
            let names = data.classes.iter().zip(here.iter().zip(there));
            names.filter(|(_, (here, there))| **here && !**there).map(|(name, _)| name.clone()).collect()
        };
        let (train_lacks, held_lacks) = (only(&in_held, &in_train), only(&in_train, &in_held));
        Self { train, held, train_lacks, held_lacks }
    }
}

impl<T> DataSet<T> {
    /// Holds out a random share of the sequences, and the same share of each class as nearly as whole sequences
    /// allow.
    ///
    /// The total held out is within one of `share` · N. Within that bound, no class with two or more
    /// sequences is lost to training, and the remaining sequences are assigned to classes by largest
    /// remainder. Sequences without labels, or with labels for steps, count as one class.
    ///
    /// # Panics
    /// Unless `share` is between 0 and 1.
    #[must_use]
    pub fn holdout(&self, share: f64, seed: u64) -> Split {
        assert!((0.0..=1.0).contains(&share), "a share is within 0 to 1");
        let mut rng = Xoshiro128::from_seed(seed);
        let classes = self.shuffled(&mut rng);
        let sizes: Vec<_> = classes.iter().map(Vec::len).collect();
        let mut held = vec![false; self.series.len()];
        for (members, count) in classes.iter().zip(seats(&sizes, share, &mut rng)) {
            members.iter().take(count).for_each(|&index| held[index] = true);
        }
        Split::by(self, |index| held[index])
    }

    /// Returns `count` splits for cross-validation, with each sequence held out in exactly one of them. The
    /// numbers of sequences in each class, and in total, differ by at most one between folds, so with two or
    /// more folds, no class with two or more sequences is lost to training.
    ///
    /// # Panics
    /// If `count` is 0.
    #[must_use]
    pub fn folds(&self, count: usize, seed: u64) -> Vec<Split> {
        let mut fold = vec![0; self.series.len()];
        // Deal out one class after another, each continuing where the previous one ended.
        let dealt = self.shuffled(&mut Xoshiro128::from_seed(seed)).into_iter().flatten();
        dealt.enumerate().for_each(|(turn, index)| fold[index] = turn % count);
        (0..count).map(|held| Split::by(self, |index| fold[index] == held)).collect()
    }

    /// Holds out one group, such as a subject that the network must not have seen. Classes that only this group has
    /// are lost to training and are named in the split.
    #[must_use]
    pub fn without_group(&self, group: usize) -> Split {
        Split::by(self, |index| self.series.at(index).group == group)
    }

    /// Returns a split for each group that has sequences, in order: leave-one-subject-out.
    #[must_use]
    pub fn leave_one_group_out(&self) -> Vec<Split> {
        let splits = (0..self.groups.len()).map(|group| self.without_group(group));
        splits.filter(|split| !split.held.is_empty()).collect()
    }

    /// Returns the indices of the sequences of each class, in random order.
    fn shuffled(&self, rng: &mut Xoshiro128) -> Vec<Vec<usize>> {
        let class = |series: Series<'_, T>| match series.label {
            Label::Whole(class) => class,
            Label::None | Label::Each(_) => 0,
        };
        let mut classes = vec![Vec::new(); self.classes.len().max(1)];
        self.series.iter().enumerate().for_each(|(index, series)| classes[class(series)].push(index));
        classes.iter_mut().for_each(|members| rng.shuffle(members));
        classes
    }

    /// Returns, for each class, `true` if a sequence in `part`, or one of its steps, has that class.
    fn present(&self, part: &[usize]) -> Vec<bool> {
        let mut present = vec![false; self.classes.len()];
        for label in part.iter().map(|&index| self.series.at(index).label) {
            label.classes().for_each(|class| present[class] = true);
        }
        present
    }
}

/// Returns the number of sequences of each class to hold out. Ties between classes are broken at random.
fn seats(sizes: &[usize], share: f64, rng: &mut Xoshiro128) -> Vec<usize> {
    let quota = |class: usize| share * sizes[class] as f64;
    // At least one sequence of each class stays in training, if there are two or more.
    let most: Vec<usize> = sizes.iter().map(|&size| if size > 1 { size - 1 } else { size }).collect();
    let total = total(sizes, share, most.iter().sum());
    let mut seats: Vec<usize> =
        (0..sizes.len()).map(|class| (quota(class).floor() as usize).min(most[class])).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    rng.shuffle(&mut order);
    order.reverse();
    order.sort_by(|&a, &b| (quota(b) - seats[b] as f64).total_cmp(&(quota(a) - seats[a] as f64)));
    let mut left = total.saturating_sub(seats.iter().sum());
    // The last sequence of a class is held out only when all classes are down to one.
    for most in [&most[..], sizes] {
        while left > 0 && (0..sizes.len()).any(|class| seats[class] < most[class]) {
            for &class in &order {
                if left > 0 && seats[class] < most[class] {
                    seats[class] += 1;
                    left -= 1;
                }
            }
        }
    }
    seats
}

/// Returns the total number of sequences to hold out: the rounded share, or up to one less if that leaves
/// each class a training sequence.
fn total(sizes: &[usize], share: f64, sparing: usize) -> usize {
    let exact = share * sizes.iter().sum::<usize>() as f64;
    let [nearest, least] = [exact.round(), (exact - 1.0).max(0.0).ceil()].map(|count| count as usize);
    nearest.min(sparing.max(least))
}
