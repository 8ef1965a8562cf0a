//! Splits: nothing is lost or used twice, classes and subjects are kept as promised, one seed gives one split.

use elman::{Random, Xoshiro128};
use elman_trainer::data::{DataSet, Label, Series, Split};

/// Sequences of one step with the given classes and groups; the value is the index.
fn data(members: &[(usize, usize)]) -> DataSet {
    let names = |count: usize| (0..count).map(|name| name.to_string()).collect::<Vec<_>>();
    let series = |(index, &(class, group))| Series { label: Label::Whole(class), group, steps: vec![index as f32] };
    DataSet {
        channels: names(1),
        classes: names(1 + members.iter().map(|member| member.0).max().unwrap_or(0)),
        groups: names(1 + members.iter().map(|member| member.1).max().unwrap_or(0)),
        series: members.iter().enumerate().map(series).collect(),
    }
}

/// Data sets of up to 60 sequences, up to 5 classes and 4 groups.
fn drawn() -> impl Iterator<Item = DataSet> {
    (0..200).map(|seed| {
        let mut rng = Xoshiro128::from_seed(seed);
        let [count, classes, groups] = [rng.below(60), 1 + rng.below(5), 1 + rng.below(4)];
        let members: Vec<_> = (0..count).map(|_| (rng.below(classes) as usize, rng.below(groups) as usize)).collect();
        data(&members)
    })
}

/// Every sequence is in one part, in order.
fn check(data: &DataSet, split: &Split) {
    assert!(split.train.is_sorted() && split.held.is_sorted());
    let mut all = [&split.train[..], &split.held[..]].concat();
    all.sort_unstable();
    assert!(all.into_iter().eq(0..data.series.len()));
}

fn of_class(data: &DataSet, part: &[usize], class: usize) -> usize {
    part.iter().filter(|&&index| data.series[index].label == Label::Whole(class)).count()
}

#[test]
fn a_share_of_each_class_is_held_back() {
    for data in drawn() {
        let all: Vec<_> = (0..data.series.len()).collect();
        for share in [0.0, 0.2, 0.5, 1.0] {
            let split = data.holdout(share, 7);
            check(&data, &split);
            for class in 0..data.classes.len() {
                let expected = (share * of_class(&data, &all, class) as f64).round() as usize;
                assert_eq!(of_class(&data, &split.held, class), expected);
            }
        }
    }
}

#[test]
fn folds_hold_back_each_sequence_once_and_each_class_evenly() {
    for data in drawn() {
        for count in [1, 2, 5, 70] {
            let folds = data.folds(count, 3);
            assert_eq!(folds.len(), count);
            folds.iter().for_each(|split| check(&data, split));
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
        for split in &splits {
            let group = data.series[split.held[0]].group;
            assert_eq!(split, &data.without_group(group));
            assert!(split.held.iter().all(|&index| data.series[index].group == group));
            assert!(split.train.iter().all(|&index| data.series[index].group != group));
        }
        assert_eq!(splits.iter().map(|split| split.held.len()).sum::<usize>(), data.series.len());
    }
    // A group of which the data set has only the name gives no split.
    assert_eq!(data(&[(0, 0), (0, 2), (0, 0)]).leave_one_group_out().len(), 2);
}

#[test]
fn a_seed_decides() {
    let data = data(&[(0, 0); 40]);
    let splits: Vec<_> = (0..20).map(|seed| data.holdout(0.25, seed)).collect();
    assert!((0..20).all(|seed| data.holdout(0.25, seed) == splits[seed as usize]));
    assert!((1..20).all(|seed| splits[seed] != splits[0]));
    // The bits of the generator are fixed, so these are the same on every machine.
    assert_eq!(splits[0].held, [2, 4, 7, 11, 12, 14, 18, 20, 34, 38]);
    assert!(data.folds(4, 0) != data.folds(4, 1));
    assert_eq!(data.folds(4, 1), data.folds(4, 1));
}

#[test]
fn a_part_has_the_sequences_and_all_names() {
    let data = data(&[(0, 0), (1, 1), (2, 2)]);
    let part = data.part(&[2, 0]);
    assert_eq!((&part.classes, &part.groups), (&data.classes, &data.groups));
    assert_eq!(part.series, [data.series[2].clone(), data.series[0].clone()]);
    assert!(data.part(&[]).series.is_empty());
}

#[test]
fn windows_cover_a_sequence() {
    let series = |label, count: usize| Series { label, group: 0, steps: (0..2 * count).map(|x| x as f32).collect() };
    let mut data = data(&[(0, 0)]);
    data.channels.push("1".to_string());
    for (count, length, hop) in [(5, 2, 1), (5, 2, 2), (6, 2, 2), (5, 5, 3), (4, 5, 1), (7, 3, 10), (0, 1, 1)] {
        let labels: Vec<usize> = (0..count).collect();
        data.series = vec![series(Label::Whole(0), count), series(Label::Each(labels), count)];
        let windows = data.windows(length, hop).series;
        let starts: Vec<_> = (0..count).step_by(hop).filter(|start| start + length <= count).collect();
        assert_eq!(windows.len(), 2 * starts.len(), "{count} {length} {hop}");
        let (whole, each) = windows.split_at(starts.len());
        for ((whole, each), start) in whole.iter().zip(each).zip(starts) {
            let values: Vec<_> = (2 * start..2 * (start + length)).map(|x| x as f32).collect();
            assert_eq!((&whole.steps, &each.steps), (&values, &values));
            assert_eq!(whole.label, Label::Whole(0));
            assert_eq!(each.label, Label::Each((start..start + length).collect()));
        }
    }
}
