//! Cross-entropy with smoothed labels agrees with PyTorch and, without smoothing, with the plain loss.

use elman::error::ConfigError;
use elman::loss::{Loss, SmoothedCrossEntropy, SoftCrossEntropy, WeightedCrossEntropy};
use elman::{Class, Config, CrossEntropy, Dense, Elman, Libm, Math, Network, Sgd, Trainer, Workspace, Zero};
use host_tests::precision::{Precision, bits};
use host_tests::tolerance::level;
use host_tests::{Golden, Noise, assert_close};

/// Compares mean losses and their gradients with those of `golden/smoothing.py`, for `K` classes.
fn follows_pytorch<T: Precision, const K: usize>()
where
    Libm<T>: Math<Scalar = T>,
{
    let golden = Golden::load("smoothing");
    let logits: Vec<[T; K]> = golden.array(&format!("{K}/logits")).rows();
    let targets = golden.array(&format!("{K}/target")).values.iter();
    let targets: Vec<Class<K>> = targets.map(|&class| Class::new(class as usize).unwrap()).collect();
    for (kind, smoothing) in ["plain", "weighted"].into_iter().flat_map(|kind| [0.0, 0.1, 1.0].map(|e| (kind, e))) {
        let weights = golden.array(&format!("{K}/{kind}")).values.iter().map(|&w| T::from_f64(w)).collect::<Vec<_>>();
        let loss =
            SmoothedCrossEntropy::<K, T> { weights: weights.try_into().unwrap(), smoothing: T::from_f64(smoothing) };
        let weight = |class: &Class<K>| Loss::<Libm<T>, [T; K]>::weight(&loss, class).to_f64();
        let scale = T::from_f64(1.0 / targets.iter().map(weight).sum::<f64>());
        let (mut total, mut gradient) = (0.0, Vec::new());
        for (logits, target) in logits.iter().zip(&targets) {
            let mut outputs = *logits;
            total += Loss::<Libm<T>, _>::evaluate(&loss, &mut outputs, target, scale).to_f64();
            gradient.extend(outputs);
        }
        let case = format!("f64/{K}_{kind}_{smoothing:?}/");
        assert_close(&case, &[total], &golden.array(&format!("{case}loss")).values, level::<T>().loss);
        assert_close(&case, &gradient, &golden.array(&format!("{case}gradient")).values, level::<T>().gradient);
    }
}

#[test]
fn f64_follows_pytorch() {
    follows_pytorch::<f64, 1>();
    follows_pytorch::<f64, 2>();
    follows_pytorch::<f64, 5>();
    follows_pytorch::<f64, 17>();
}

#[test]
fn f32_follows_pytorch() {
    follows_pytorch::<f32, 1>();
    follows_pytorch::<f32, 2>();
    follows_pytorch::<f32, 5>();
    follows_pytorch::<f32, 17>();
}

/// Returns the gradient and the loss for these logits, both scaled by 0.3.
fn evaluated<const K: usize>(
    loss: &impl Loss<Libm<f32>, [f32; K], Target = Class<K>>,
    logits: [f32; K],
    target: usize,
) -> ([f32; K], f32) {
    let mut outputs = logits;
    let value = loss.evaluate(&mut outputs, &Class::new(target).unwrap(), 0.3);
    (outputs, value)
}

fn equals_the_plain_loss<const K: usize>() {
    let mut noise = Noise(5);
    for case in 0..50 {
        let logits = noise.vector::<f32, K>().map(|x| 20.0 * x);
        let (plain, value) = evaluated(&CrossEntropy, logits, case % K);
        let (smoothed, same) = evaluated(&SmoothedCrossEntropy::new(0.0), logits, case % K);
        assert_eq!((bits(&plain), value.to_bits()), (bits(&smoothed), same.to_bits()));
    }
}

#[test]
fn without_smoothing_the_bits_are_those_of_the_plain_loss() {
    equals_the_plain_loss::<1>();
    equals_the_plain_loss::<2>();
    equals_the_plain_loss::<9>();
}

/// Logits may be as far apart as f32 allows, and may be −∞ for a class of weight 0.
#[test]
fn logits_of_any_size() {
    let far = [f32::MAX / 4.0, 0.0, -f32::MAX / 4.0];
    let (gradient, value) = evaluated(&SmoothedCrossEntropy::<3>::new(0.1), far, 0);
    assert!(value.is_finite() && value > 1e36, "{value}");
    gradient
        .iter()
        .zip([0.02, -0.01, -0.01])
        .for_each(|(g, wanted)| assert!((g - wanted).abs() < 1e-7, "{gradient:?}"));
    let weightless = SmoothedCrossEntropy::<3> { weights: [1.0, 1.0, 0.0], smoothing: 0.1 };
    let (gradient, value) = evaluated(&weightless, [0.5, -0.5, f32::NEG_INFINITY], 1);
    assert!(value.is_finite() && gradient[2] == 0.0, "{value} {gradient:?}");
    let (gradient, value) = evaluated(&SmoothedCrossEntropy::<3>::new(0.1), [0.0, f32::NAN, 0.0], 0);
    assert!(value.is_nan() && gradient.iter().all(|g| g.is_nan()), "NaN stays visible");
}

/// Returns the weight of a target of each class.
fn weights(loss: &impl Loss<Libm<f32>, [f32; 3], Target = Class<3>>) -> [f32; 3] {
    std::array::from_fn(|class| loss.weight(&Class::new(class).unwrap()))
}

/// A target has the weight of its class, even if that is 0.
#[test]
fn the_weight_of_a_target_is_that_of_its_class() {
    let given = [0.0, 2.0, 0.5];
    assert_eq!(weights(&SmoothedCrossEntropy { weights: given, smoothing: 0.2 }), given);
    assert_eq!(weights(&WeightedCrossEntropy { weights: given }), given);
    assert_eq!(weights(&SmoothedCrossEntropy::new(0.2)), [1.0; 3]);
}

type Net = Network<Elman<1, 2>, Dense<2, 2>>;

#[test]
fn bad_settings_are_refused() {
    let (mut network, mut work) = (Net::ZERO, Workspace::<Net, Sgd, 1>::ZERO);
    let mut check = |weights, smoothing| {
        let loss = SmoothedCrossEntropy { weights, smoothing };
        Trainer::new(&mut network, &mut work, Config::new(Sgd { rate: 0.1 }).with_loss(loss)).map(drop)
    };
    for bad in [-0.1, 1.1, f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        assert_eq!(check([1.0; 2], bad), Err(ConfigError::LabelSmoothing));
    }
    for bad in [[0.0; 2], [1.0, -1.0], [f32::NAN, 1.0]] {
        assert_eq!(check(bad, 0.1), Err(ConfigError::ClassWeight));
    }
    for good in [0.0, 0.1, 1.0] {
        assert_eq!(check([1.0, 0.0], good), Ok(()));
    }
}

/// The parts of a smoothed label, given as they are, have its bits; other parts those of the sum of labels that they are.
#[test]
fn parts_of_classes_are_labels_in_parts() {
    let soft = |mut outputs: [f32; 4], parts: [f32; 4]| {
        let value = Loss::<Libm<f32>, _>::evaluate(&SoftCrossEntropy, &mut outputs, &parts, 0.3);
        (outputs, value)
    };
    for logits in [[0.3, -1.2, 2.0, 0.0], [90.0, -90.0, 0.0, 1.0], [0.0; 4], [f32::MAX, 0.0, -1.0, f32::MIN]] {
        let smoothed = evaluated(&SmoothedCrossEntropy::<4>::new(0.2), logits, 2);
        let (outputs, value) = soft(logits, [0.05, 0.05, 0.2 / 4.0 + 0.8, 0.05]);
        assert_eq!((bits(&outputs), value.to_bits()), (bits(&smoothed.0), smoothed.1.to_bits()), "{logits:?}");
    }
    let logits = [0.3, -1.2, 2.0, 0.0];
    let parts = [0.5, 0.0, 0.25, 0.25];
    let (outputs, value) = soft(logits, parts);
    let of = |class| evaluated(&CrossEntropy, logits, class);
    let sum: f32 = (0..4).map(|class| parts[class] * of(class).1).sum();
    assert!((value - sum).abs() < 1e-6, "{value} {sum}");
    for k in 0..4 {
        let sum: f32 = (0..4).map(|class| parts[class] * of(class).0[k]).sum();
        assert!((outputs[k] - sum).abs() < 1e-6, "{outputs:?}");
    }
    let accepts = |target: &[f32; 4]| Loss::<Libm<f32>, [f32; 4]>::accepts(&SoftCrossEntropy, target);
    assert!(accepts(&parts) && !accepts(&[0.5, f32::NAN, 0.0, 0.5]) && !accepts(&[f32::INFINITY, 0.0, 0.0, 0.0]));
}
