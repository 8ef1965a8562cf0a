//! Running statistics compared with a plain two-pass computation in f64, and the normaliser made from them.

use elman::error::StatisticsError;
use elman::math::Scalar;
use elman::normalize::Statistics;
use elman::{Libm, Normalizer};
use zerocopy::FromBytes;

fn gather<S: Copy + Into<T>, const C: usize, T: Scalar>(samples: &[[S; C]]) -> Statistics<C, T> {
    let mut statistics = Statistics::ZERO;
    samples.iter().for_each(|sample| statistics.add(sample));
    statistics
}

fn normalizer<const C: usize>(statistics: &Statistics<C>) -> Result<Normalizer<C>, StatisticsError> {
    Normalizer::from_statistics::<Libm<f32>>(statistics)
}

/// Returns mean and variance of one channel, computed in two passes.
fn two_pass<const C: usize>(samples: &[[f32; C]], channel: usize) -> (f64, f64) {
    let n = samples.len() as f64;
    let values = || samples.iter().map(|sample| f64::from(sample[channel]));
    let mean = values().sum::<f64>() / n;
    (mean, values().map(|x| (x - mean).powi(2)).sum::<f64>() / n)
}

/// Returns samples of three channels: one centred, one far from zero, and one tiny.
fn samples(count: usize) -> Vec<[f32; 3]> {
    let wave = |i: usize, step: f32| (i as f32 * step).sin() + ((i * 7919) % 101) as f32 * 0.01;
    (0..count).map(|i| [wave(i, 0.1), 1000.0 + wave(i, 0.3), 1e-6 * wave(i, 0.7)]).collect()
}

/// Returns the largest errors of mean and deviation, in standard deviations of the channel.
fn error(samples: &[[f32; 3]], statistics: &Statistics<3>) -> [f64; 2] {
    let (mean, variance) = (statistics.mean().unwrap(), statistics.variance().unwrap());
    let mut most = [0.0_f64; 2];
    for channel in 0..3 {
        let (true_mean, true_variance) = two_pass(samples, channel);
        let errors = [
            (f64::from(mean[channel]) - true_mean) / true_variance.sqrt(),
            (f64::from(variance[channel]) / true_variance).sqrt() - 1.0,
        ];
        most = [0, 1].map(|i| most[i].max(errors[i].abs()));
    }
    most
}

/// Bound on the error of the mean, in standard deviations: half a unit in the last place of the channel near 1000 is
/// 4e-5.
const MEAN: f64 = 1e-4;
/// Bound on the relative error of the deviation.
const DEVIATION: f64 = 1e-6;

#[test]
fn running_statistics_agree_with_two_passes() {
    for count in [2, 1001, 100_000] {
        let samples = samples(count);
        let [mean, deviation] = error(&samples, &gather(&samples));
        println!(
            "{count} samples: mean off by {mean:.1e} standard deviations; relative error of the deviation {deviation:.1e}"
        );
        assert!(mean < MEAN && deviation < DEVIATION, "{count} samples");
    }
}

#[test]
fn a_late_change_still_moves_the_mean() {
    let mut samples = samples(1_000_000);
    samples.iter_mut().skip(50_000).for_each(|sample| sample[1] += 2.0);
    let [mean, deviation] = error(&samples, &gather(&samples));
    println!("mean off by {mean:.1e} standard deviations; relative error of the deviation {deviation:.1e}");
    assert!(mean < MEAN && deviation < DEVIATION);
}

#[test]
fn statistics_in_f64_are_exact_to_twelve_digits() {
    let samples = samples(1001);
    let wide: Vec<[f64; 3]> = samples.iter().map(|sample| sample.map(f64::from)).collect();
    let statistics: Statistics<3, f64> = gather(&wide);
    for channel in 0..3 {
        let (mean, variance) = two_pass(&samples, channel);
        assert!((statistics.mean().unwrap()[channel] / mean - 1.0).abs() < 1e-12);
        assert!((statistics.variance().unwrap()[channel] / variance - 1.0).abs() < 1e-9);
    }
}

#[test]
fn parts_merge_into_the_whole() {
    let samples = samples(1001);
    for at in [0, 1, 500, 1000, 1001] {
        let (a, b) = samples.split_at(at);
        let mut merged: Statistics<3> = gather(a);
        merged.merge(&gather(b));
        assert_eq!(merged.count(), 1001);
        let [mean, deviation] = error(&samples, &merged);
        println!("split at {at}: {mean:.1e} {deviation:.1e}");
        assert!(mean < MEAN && deviation < DEVIATION, "split at {at}");
    }
    let mut nothing = Statistics::<3>::ZERO;
    nothing.merge(&Statistics::ZERO);
    assert_eq!(nothing, Statistics::default());
}

#[test]
fn merging_with_nothing_changes_nothing() {
    let some: Statistics<3> = gather(&samples(7));
    let (mut left, mut right) = (some, Statistics::ZERO);
    left.merge(&Statistics::ZERO);
    right.merge(&some);
    assert_eq!((left, right), (some, some));
    let huge: Statistics<1> = gather(&[[3e38_f32]]);
    let mut merged = Statistics::ZERO;
    merged.merge(&huge);
    assert_eq!(merged, huge);
}

#[test]
fn normalised_samples_have_mean_0_and_variance_1() {
    let samples = samples(1001);
    let normalizer = normalizer(&gather(&samples)).unwrap();
    let scaled: Vec<[f32; 3]> = samples.iter().map(|sample| normalizer.apply(sample)).collect();
    for channel in 0..3 {
        let (mean, variance) = two_pass(&scaled, channel);
        assert!(mean.abs() < 2e-4 && (variance - 1.0).abs() < 2e-4, "channel {channel}: {mean} {variance}");
    }
    for (sample, scaled) in samples.iter().zip(&scaled) {
        let back = normalizer.restore(scaled);
        for channel in 0..3 {
            assert!(
                (back[channel] - sample[channel]).abs()
                    <= 1e-6 * sample[channel].abs() + 1e-6 / normalizer.scale[channel]
            );
        }
    }
}

#[test]
fn integers_are_taken_as_they_are() {
    let samples = [[i16::MIN, -1], [i16::MAX, 1]];
    let statistics: Statistics<2> = gather(&samples);
    assert_eq!(statistics, gather(&samples.map(|sample| sample.map(f32::from))));
    assert_eq!(statistics.mean(), Some([-0.5, 0.0]));
    assert_eq!(statistics.variance(), Some([32_767.5 * 32_767.5, 1.0]));
    let normalizer = normalizer(&statistics).unwrap();
    assert_eq!(normalizer.apply(&samples[0]), [-1.0, -1.0]);
    assert_eq!(normalizer.apply(&samples[1]), [1.0, 1.0]);
    assert_eq!(normalizer.apply(&[u16::MAX, 0]), [(65_535.5) * normalizer.scale[0], 0.0]);
}

#[test]
fn no_samples_make_no_normalizer() {
    let empty = Statistics::<1>::ZERO;
    assert_eq!((empty.count(), empty.mean(), empty.variance()), (0, None, None));
    assert_eq!(normalizer(&empty), Err(StatisticsError::Empty));
}

#[test]
fn a_constant_channel_has_scale_1() {
    let mut statistics: Statistics<2> = gather(&[[0.1_f32, 1.0], [0.1, 2.0], [0.1, 4.0]]);
    statistics.merge(&gather(&[[0.1_f32, 8.0]; 5]));
    let normalizer = normalizer(&statistics).unwrap();
    assert_eq!((normalizer.mean[0], normalizer.scale[0]), (0.1, 1.0));
    assert!(normalizer.scale[1] < 1.0);
    assert_eq!(normalizer.apply(&[0.1_f32, 8.0])[0], 0.0);
}

#[test]
fn one_sample_is_a_constant() {
    let normalizer = normalizer(&gather(&[[-7_i16]])).unwrap();
    assert_eq!(normalizer, Normalizer { mean: [-7.0], scale: [1.0] });
}

#[test]
fn what_is_not_finite_is_refused_by_name() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let statistics = gather(&[[0.0_f32, 1.0, 2.0], [0.0, bad, 3.0], [1.0, 1.0, bad]]);
        assert_eq!(normalizer(&statistics), Err(StatisticsError::NonFinite { channel: 1 }));
    }
    // Finite samples too far apart: the square of the difference is not finite.
    let statistics = gather(&[[0.0_f32], [3e38]]);
    assert_eq!(normalizer(&statistics), Err(StatisticsError::NonFinite { channel: 0 }));
}

#[test]
fn the_smallest_and_largest_scales_are_finite() {
    for spread in [1e-22_f32, 1e-10, 1e18] {
        let samples = [[-spread], [spread]];
        let normalizer = normalizer(&gather(&samples)).unwrap();
        assert!(normalizer.scale[0].is_finite() && normalizer.scale[0] > 0.0);
        assert!((normalizer.apply(&samples[1])[0] - 1.0).abs() < 0.1, "{spread}");
    }
    assert_eq!(normalizer(&gather(&[[-1e-30_f32], [1e-30]])).unwrap().scale, [1.0]);
}

#[test]
fn a_sample_that_is_not_finite_stays_so() {
    let normalizer = Normalizer { mean: [1.0_f32; 3], scale: [2.0; 3] };
    let [nan, above, below] = normalizer.apply(&[f32::NAN, f32::INFINITY, f32::NEG_INFINITY]);
    assert!(nan.is_nan());
    assert_eq!((above, below), (f32::INFINITY, f32::NEG_INFINITY));
}

#[test]
fn identity_changes_nothing() {
    assert_eq!(Normalizer::<2>::IDENTITY.apply(&[-0.25_f32, 1e30]), [-0.25, 1e30]);
    assert_eq!(Normalizer::<1, f64>::IDENTITY.restore(&[0.1]), [0.1]);
}

#[test]
fn a_normalizer_is_read_in_place() {
    let numbers = [1.0_f32, 2.0, 0.5, 0.25];
    let bytes = zerocopy::IntoBytes::as_bytes(&numbers);
    let normalizer = Normalizer::<2>::ref_from_bytes(bytes).unwrap();
    assert_eq!(*normalizer, Normalizer { mean: [1.0, 2.0], scale: [0.5, 0.25] });
    assert!(Normalizer::<2>::ref_from_bytes(&bytes[..15]).is_err());
}

#[test]
fn errors_say_what_is_wrong() {
    assert_eq!(StatisticsError::Empty.to_string(), "no samples were added");
    assert!(StatisticsError::NonFinite { channel: 3 }.to_string().contains("channel 3"));
}
