//! Splits: no sequence is lost or used twice, classes and subjects are treated as promised, and a seed determines
//! the split.

use elman::{Random, Xoshiro128};
use elman_trainer::data::{DataSet, Label, Series, SeriesList, Split};

/// Returns a data set of one-step sequences with these classes and groups; each value is the sequence's index.
fn data(members: &[(usize, usize)]) -> DataSet {
    let names = |count: usize| (0..count).map(|name| name.to_string()).collect::<Vec<_>>();
    let values: Vec<_> = (0..members.len()).map(|index| [index as f32]).collect();
    let series = |(value, &(class, group))| Series { label: Label::Whole(class), group, steps: value };
    DataSet {
        channels: names(1),
        classes: names(1 + members.iter().map(|member| member.0).max().unwrap_or(0)),
        groups: names(1 + members.iter().map(|member| member.1).max().unwrap_or(0)).iter().collect(),
        series: SeriesList::of(1, values.iter().map(|value| &value[..]).zip(members).map(series)).unwrap(),
    }
}

/// Draws data sets of up to 60 sequences, with up to 5 classes and 4 groups.
fn drawn() -> impl Iterator<Item = DataSet> {
    (0..200).map(|seed| {
        let mut rng = Xoshiro128::from_seed(seed);
        let [count, classes, groups] = [rng.below(60), 1 + rng.below(5), 1 + rng.below(4)];
        let members: Vec<_> = (0..count).map(|_| (rng.below(classes) as usize, rng.below(groups) as usize)).collect();
        data(&members)
    })
}

/// Checks that every sequence is in exactly one part, and each part is in order.
fn check(data: &DataSet, split: &Split) {
    assert!(split.train.is_sorted() && split.held.is_sorted());
    let mut all = [&split.train[..], &split.held[..]].concat();
    all.sort_unstable();
    assert!(all.into_iter().eq(0..data.series.len()));
}

fn of_class(data: &DataSet, part: &[usize], class: usize) -> usize {
    part.iter().filter(|&&index| data.series.at(index).label == Label::Whole(class)).count()
}

/// Returns, for each class, `true` if a sequence in `part` has that class.
fn classes(data: &DataSet, part: &[usize]) -> Vec<bool> {
    (0..data.classes.len()).map(|class| of_class(data, part, class) > 0).collect()
}

/// Checks that a split names the classes that only one part has.
fn check_lacks(data: &DataSet, split: &Split) {
    let [train, held] = [&split.train, &split.held].map(|part| classes(data, part));
    let only = |here: &[bool], there: &[bool]| {
        let places = (0..here.len()).filter(|&class| here[class] && !there[class]);
        places.map(|class| data.classes[class].clone()).collect::<Vec<_>>()
    };
    assert_eq!(split.train_lacks, only(&held, &train));
    assert_eq!(split.held_lacks, only(&train, &held));
}

/// Draws a data set with classes of any size, many of them with only one or two sequences.
fn uneven(seed: u64) -> DataSet {
    let mut rng = Xoshiro128::from_seed(seed);
    let most = [1, 2, 3, 9, 40][rng.below(5) as usize];
    let mut members = Vec::new();
    for class in 0..1 + rng.below(40) as usize {
        (0..1 + rng.below(most)).for_each(|_| members.push((class, 0)));
    }
    rng.shuffle(&mut members);
    data(&members)
}

#[test]
fn a_share_is_held_back_and_no_class_is_lost_to_training() {
    for seed in 0..600 {
        let data = uneven(seed);
        let all: Vec<_> = (0..data.series.len()).collect();
        let sizes: Vec<_> = (0..data.classes.len()).map(|class| of_class(&data, &all, class)).collect();
        for share in [0.0, 0.01, 0.1, 0.25, 1.0 / 3.0, 0.5, 0.77, 0.9, 0.99, 1.0] {
            let split = data.holdout(share, seed);
            check(&data, &split);
            check_lacks(&data, &split);
            let exact = share * all.len() as f64;
            assert!((split.held.len() as f64 - exact).abs() <= 1.0, "{sizes:?} {share}: {}", split.held.len());
            // Number of sequences that can be held out without losing a class of two or more.
            let sparing: usize = sizes.iter().map(|&size| if size > 1 { size - 1 } else { size }).sum();
            let lost = |class: &usize| sizes[*class] > 1 && of_class(&data, &split.train, *class) == 0;
            let lost = (0..sizes.len()).filter(lost).count();
            let least = (exact - 1.0).ceil().max(0.0) as usize;
            assert_eq!(lost, least.saturating_sub(sparing), "{sizes:?} {share}");
            if lost == 0 && share < 0.5 {
                for (class, &size) in sizes.iter().enumerate() {
                    let held = of_class(&data, &split.held, class) as f64;
                    assert!((held - share * size as f64).abs() <= 1.0, "{sizes:?} {share}: {held} of {class}");
                }
            }
        }
    }
}

/// A half or a tenth of a small class is not a whole number of sequences: rounding the share of each class alone
/// would hold out none of 80 sequences, or all of 30.
#[test]
fn shares_of_small_classes_add_up() {
    let classes = |count: usize, each: usize| -> Vec<_> { (0..count * each).map(|index| (index / each, 0)).collect() };
    assert_eq!(data(&classes(20, 4)).holdout(0.1, 1).held.len(), 8);
    assert_eq!(data(&classes(30, 1)).holdout(0.5, 1).held.len(), 15);
    assert_eq!(data(&classes(10, 2)).holdout(0.5, 1).held_lacks.len(), 0);
    // Nine tenths of 54 sequences are 48.6; even 47.6 are too many to leave one of each of the 27 classes.
    let split = data(&classes(27, 2)).holdout(0.9, 1);
    assert_eq!((split.held.len(), split.train_lacks.len()), (48, 48 - 27));
}

#[test]
fn folds_hold_back_each_sequence_once_and_each_class_evenly() {
    for data in drawn() {
        for count in [1, 2, 5, 70] {
            let folds = data.folds(count, 3);
            assert_eq!(folds.len(), count);
            folds.iter().for_each(|split| check(&data, split));
            folds.iter().for_each(|split| check_lacks(&data, split));
            for split in folds.iter().filter(|_| count > 1) {
                let alone = |class: usize| of_class(&data, &split.held, class);
                assert!(
                    (0..data.classes.len()).all(|class| alone(class) < 2 || of_class(&data, &split.train, class) > 0)
                );
            }
            let mut held: Vec<_> = folds.iter().flat_map(|split| split.held.clone()).collect();
            held.sort_unstable();
            assert!(held.into_iter().eq(0..data.series.len()));
            let even = |counts: Vec<usize>| counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1;
            assert!(even(folds.iter().map(|split| split.held.len()).collect()));
            for class in 0..data.classes.len() {
                assert!(even(folds.iter().map(|split| of_class(&data, &split.held, class)).collect()));
            }
        }
    }
}

#[test]
fn leaving_a_group_out_leaves_it_out() {
    for data in drawn() {
        let splits = data.leave_one_group_out();
        splits.iter().for_each(|split| check(&data, split));
        splits.iter().for_each(|split| check_lacks(&data, split));
        for split in &splits {
            let group = data.series.at(split.held[0]).group;
            assert_eq!(split, &data.without_group(group));
            assert!(split.held.iter().all(|&index| data.series.at(index).group == group));
            assert!(split.train.iter().all(|&index| data.series.at(index).group != group));
        }
        assert_eq!(splits.iter().map(|split| split.held.len()).sum::<usize>(), data.series.len());
    }
    // A group without sequences gives no split.
    assert_eq!(data(&[(0, 0), (0, 2), (0, 0)]).leave_one_group_out().len(), 2);
}

#[test]
fn a_seed_decides() {
    let data = data(&[(0, 0); 40]);
    let splits: Vec<_> = (0..20).map(|seed| data.holdout(0.25, seed)).collect();
    assert!((0..20).all(|seed| data.holdout(0.25, seed) == splits[seed as usize]));
    assert!((1..20).all(|seed| splits[seed] != splits[0]));
    // The generator's bits are fixed, so these indices are the same on every machine.
    assert_eq!(splits[0].held, [2, 4, 7, 11, 12, 14, 18, 20, 34, 38]);
    assert!(data.folds(4, 0) != data.folds(4, 1));
    assert_eq!(data.folds(4, 1), data.folds(4, 1));
}

#[test]
fn a_part_has_the_sequences_and_all_names() {
    let data = data(&[(0, 0), (1, 1), (2, 2)]);
    let part = data.part(&[2, 0]);
    assert_eq!((&part.classes, &part.groups), (&data.classes, &data.groups));
    assert!(part.series.iter().eq([data.series.at(2), data.series.at(0)]));
    assert!(data.part(&[]).series.is_empty());
}

#[test]
fn windows_cover_a_sequence() {
    let mut data = data(&[(0, 0)]);
    data.channels.push("1".to_string());
    for (count, length, hop) in [(5, 2, 1), (5, 2, 2), (6, 2, 2), (5, 5, 3), (4, 5, 1), (7, 3, 10), (0, 1, 1)] {
        let (labels, steps) = ((0..count as u32).collect::<Vec<_>>(), (0..2 * count).map(|x| x as f32));
        let [whole, each] = [Label::Whole(0), Label::Each(&labels)].map(|label| {
            let steps = steps.clone().collect::<Vec<_>>();
            data.series = SeriesList::of(2, [Series { label, group: 0, steps: &steps }]).unwrap();
            data.windows(length, hop).series
        });
        let starts: Vec<_> = (0..count).step_by(hop).filter(|start| start + length <= count).collect();
        assert_eq!([whole.len(), each.len()], [starts.len(); 2], "{count} {length} {hop}");
        for ((whole, each), start) in whole.iter().zip(each.iter()).zip(starts) {
            let values: Vec<_> = (2 * start..2 * (start + length)).map(|x| x as f32).collect();
            assert_eq!((whole.steps, each.steps), (&values[..], &values[..]));
            assert_eq!(whole.label, Label::Whole(0));
            assert_eq!(each.label, Label::Each(&labels[start..start + length]));
        }
    }
}
