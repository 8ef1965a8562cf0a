//! Metrics of a network compared with counts made by hand and with sums in f64.

use elman::metrics::{Confusion, LogLikelihood, Mean, MeanSquaredError};
use elman::{Class, Libm, Zero};

type Maths = Libm<f32>;

fn class<const K: usize>(index: usize) -> Class<K> {
    Class::new(index).unwrap()
}

fn confusion<const K: usize>(pairs: &[(usize, usize)]) -> Confusion<K> {
    let mut confusion = Confusion::new();
    pairs.iter().for_each(|&(truth, predicted)| confusion.add(class(truth), class(predicted)));
    confusion
}

#[test]
fn nothing_counted_has_no_accuracy() {
    let empty = Confusion::<3>::ZERO;
    assert_eq!(empty, Confusion::default());
    assert_eq!(empty.total(), 0);
    assert_eq!(empty.accuracy(), None);
    assert_eq!(empty.class_accuracy(class(2)), None);
}

#[test]
fn rows_are_true_classes_and_columns_predicted_ones() {
    let confusion = confusion::<3>(&[(0, 0), (0, 1), (0, 1), (2, 2), (2, 0), (2, 2), (2, 2)]);
    assert_eq!(confusion.counts(), &[[1, 2, 0], [0, 0, 0], [1, 0, 3]]);
    assert_eq!(confusion.total(), 7);
    assert_eq!(confusion.correct(), 4);
    assert_eq!(confusion.accuracy(), Some(4.0 / 7.0));
    let per_class = [0, 1, 2].map(|index| confusion.class_accuracy(class(index)));
    assert_eq!(per_class, [Some(1.0 / 3.0), None, Some(0.75)]);
}

#[test]
fn parts_can_be_merged() {
    let mut whole = confusion::<2>(&[(0, 0), (1, 0)]);
    whole.merge(&confusion(&[(1, 1), (1, 0)]));
    assert_eq!(whole, confusion(&[(0, 0), (1, 0), (1, 1), (1, 0)]));
}

#[test]
fn one_class_is_always_right() {
    let confusion = confusion::<1>(&[(0, 0), (0, 0)]);
    assert_eq!(confusion.counts(), &[[2]]);
    assert_eq!(confusion.accuracy(), Some(1.0));
    assert_eq!(confusion.class_accuracy(class(0)), Some(1.0));
}

#[test]
fn counts_stop_at_the_largest_number() {
    let mut confusion = confusion::<2>(&[(0, 0), (1, 1)]);
    for _ in 0..32 {
        let before = confusion;
        confusion.merge(&before);
    }
    assert_eq!(confusion.counts(), &[[u32::MAX, 0], [0, u32::MAX]]);
    confusion.add(class(0), class(0));
    assert_eq!(confusion.counts(), &[[u32::MAX, 0], [0, u32::MAX]]);
    assert_eq!(confusion.total(), 2 * u64::from(u32::MAX));
    assert_eq!(confusion.accuracy(), Some(1.0));
}

#[test]
fn the_matrix_is_readable() {
    let shown = confusion::<3>(&[(0, 0), (0, 1), (0, 1), (2, 2), (2, 2)]).to_string();
    let expected = "\
true \\ predicted
          0     1     2  correct
    0     1     2     0   33.3 %
    1     0     0     0      -
    2     0     0     2  100.0 %
3 of 5 correct:  60.0 %";
    assert_eq!(shown, expected);
    assert!(Confusion::<1>::new().to_string().ends_with("0 of 0 correct:     -"));
}

#[test]
fn a_matrix_is_its_counts() {
    assert_eq!(size_of::<Confusion<9>>(), 4 * 9 * 9);
}

#[test]
fn the_mean_of_a_million_values_keeps_its_digits() {
    let values: Vec<f32> = (0..1_000_000).map(|i| 0.1 + (i % 97) as f32 * 0.03).collect();
    let exact: f64 = values.iter().copied().map(f64::from).sum::<f64>();
    let (mut mean, mut plain) = (Mean::<f32>::ZERO, 0.0_f32);
    for &x in &values {
        mean.add(x, 1);
        plain += x;
    }
    assert_eq!(mean.count(), 1_000_000);
    let sum = f64::from(mean.value().unwrap()) * 1e6;
    let error = |sum: f64| ((sum - exact) / exact).abs();
    println!("relative error: {:.1e}, of a plain sum {:.1e}", error(sum), error(plain.into()));
    assert!(error(sum) < 2.0_f64.powi(-22));
    assert!(error(plain.into()) > 2.0_f64.powi(-22));
}

#[test]
fn means_of_parts_merge_into_the_mean_of_all() {
    let (mut all, mut a, mut b) = (Mean::<f64>::ZERO, Mean::ZERO, Mean::ZERO);
    for i in 0..1001 {
        let x = f64::from(i) * 0.37 - 50.0;
        all.add(x, 1);
        if i < 100 { a.add(x, 1) } else { b.add(x, 1) }
    }
    a.merge(&b);
    assert_eq!(a.count(), all.count());
    assert!((a.value().unwrap() - all.value().unwrap()).abs() < 1e-13);
    let before = a;
    a.merge(&Mean::ZERO);
    assert_eq!(a.value(), before.value());
    assert_eq!(Mean::<f32>::ZERO.value(), None);
}

#[test]
fn what_is_not_finite_stays_visible() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut mean = Mean::ZERO;
        mean.add(1.0, 1);
        mean.add(bad, 1);
        mean.add(1.0, 1);
        assert!(mean.value().unwrap().is_nan());
    }
}

#[test]
fn a_fair_choice_has_its_number_of_symbols_as_perplexity() {
    let mut losses = LogLikelihood::<f32>::ZERO;
    assert_eq!((losses.mean(), losses.bits(), losses.perplexity::<Maths>()), (None, None, None));
    losses.add(7.0 * 65.0_f32.ln(), 7);
    losses.add(65.0_f32.ln(), 1);
    assert_eq!(losses.count(), 8);
    assert!((losses.perplexity::<Maths>().unwrap() - 65.0).abs() < 1e-4);
    assert!((losses.bits().unwrap() - 65.0_f32.log2()).abs() < 1e-6);
    let mut sure = LogLikelihood::<f64>::ZERO;
    sure.add(0.0, 3);
    assert_eq!(sure.mean(), Some(0.0));
    let mut merged = LogLikelihood::<f32>::ZERO;
    merged.merge(&losses);
    assert_eq!((merged.count(), merged.mean()), (8, losses.mean()));
}

#[test]
fn squared_errors_are_averaged_over_values() {
    let mut errors = MeanSquaredError::<f32>::ZERO;
    assert_eq!((errors.mean(), errors.root::<Maths>()), (None, None));
    errors.add(&[1.0, 2.0], &[4.0, 2.0]);
    let mut more = MeanSquaredError::ZERO;
    more.add(&[0.0], &[-3.0]);
    errors.merge(&more);
    assert_eq!(errors.count(), 3);
    assert_eq!(errors.mean(), Some(6.0));
    assert_eq!(errors.root::<Maths>(), Some(6.0_f32.sqrt()));
}

#[test]
fn measures_are_exact_in_f64() {
    let mut one = LogLikelihood::<f64>::ZERO;
    one.add(std::f64::consts::LN_2, 1);
    assert_eq!(one.bits(), Some(1.0));
    one.add(9.0 * std::f64::consts::LN_2, 4);
    assert!((one.bits().unwrap() - 2.0).abs() < 1e-15);
    for count in [16_777_217, 33_554_435, u32::MAX] {
        let mut mean = Mean::<f64>::ZERO;
        mean.add(3.0 * f64::from(count), count);
        assert_eq!((mean.value(), mean.count()), (Some(3.0), count));
    }
    // Such a count is rounded to the nearest f32.
    let mut mean = Mean::<f32>::ZERO;
    mean.add(16_777_216.0, 16_777_217);
    assert_eq!(mean.value(), Some(1.0));
}

#[test]
fn a_mean_that_is_full_stays() {
    let mut mean = Mean::<f64>::ZERO;
    mean.add(2.0 * f64::from(u32::MAX), u32::MAX);
    mean.add(1e9, 1);
    let mut other = mean;
    other.merge(&mean);
    assert_eq!([mean, other].map(|mean| (mean.value(), mean.count())), [(Some(2.0), u32::MAX); 2]);
}

/// The accuracy is 1 − 2⁻²⁴, which f32 can represent, but the counts are too large for f32.
#[test]
fn one_miss_among_many_is_seen() {
    let mut confusion = confusion::<2>(&[(0, 0)]);
    for _ in 0..24 {
        let before = confusion;
        confusion.merge(&before);
    }
    confusion.add(class(1), class(0));
    assert_eq!((confusion.correct(), confusion.total()), (1 << 24, (1 << 24) + 1));
    assert_eq!(confusion.accuracy(), Some(1.0 - f32::EPSILON / 2.0));
}

#[test]
fn the_statistics_of_many_samples_are_exact_in_f64() {
    // 3 · (2²⁴ + 1) samples whose mean and variance are those of 0, 0, 3.
    let mut three = elman::normalize::Statistics::<1, f64>::ZERO;
    for x in [0.0, 0.0, 3.0] {
        three.add(&[x]);
    }
    let mut many = three;
    for _ in 0..24 {
        let before = many;
        many.merge(&before);
    }
    many.merge(&three);
    assert_eq!(many.count(), 3 * ((1 << 24) + 1));
    assert_eq!((many.mean(), many.variance()), (Some([1.0]), Some([2.0])));
}

#[test]
fn log_sum_exp_of_infinite_logits() {
    const INF: f64 = f64::INFINITY;
    let sum = |logits| elman::loss::log_sum_exp::<Libm<f64>, 2>(&logits);
    for (logits, wanted) in [
        ([-INF, -INF], -INF),
        ([-INF, 1.5], 1.5),
        ([1.5, -INF], 1.5),
        ([INF, 1.5], INF),
        ([1.5, INF], INF),
        ([INF, -INF], INF),
        ([INF, INF], INF),
        ([1e300, 1e300], 1e300),
        ([0.0, 0.0], std::f64::consts::LN_2),
    ] {
        assert_eq!(sum(logits), wanted, "{logits:?}");
    }
    for x in [1.5, INF, -INF, f64::NAN] {
        assert!(sum([f64::NAN, x]).is_nan() && sum([x, f64::NAN]).is_nan(), "{x}");
    }
    assert_eq!(elman::loss::log_sum_exp::<Libm<f64>, 0>(&[]), -INF);
    assert_eq!(elman::loss::log_sum_exp::<Libm<f32>, 1>(&[f32::NEG_INFINITY]), f32::NEG_INFINITY);
}
