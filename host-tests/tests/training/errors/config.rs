//! Configurations that are refused.

use super::{Net, STEPS, Student, TARGETS};
use elman::error::ConfigError;
use elman::loss::WeightedCrossEntropy;
use elman::optim::{Adagrad, AdamW, InPlaceSgd, Momentum, Optimizer, RmsProp};
use elman::{Adam, Class, Clip, Config, Masked, Reduction, Sgd, Trainer, Workspace, Zero};
use host_tests::optimizers::{Holds, every_optimizer};

/// Returns the result of a configuration, after checking that a new trainer and an existing one agree on it.
fn config_error<O: Optimizer<Scalar = f32>>(good: O, bad: O, clip: Clip) -> Result<(), ConfigError> {
    let [mut student, mut untouched] = [(); 2].map(|()| Student::new(good));
    let config = Config { clip, ..Config::new(bad) };
    let found = Trainer::new(&mut student.network, &mut student.workspace, config).map(drop);
    assert_eq!(student.train(|trainer, _| trainer.reconfigure(config)), found);
    if found.is_err() {
        let (xs, targets) = (&[[0.5; 3]], [Some(Class::new(0).unwrap())]);
        let a = student.train(|trainer, state| {
            trainer.reconfigure(config).unwrap_err();
            trainer.update_from(state, xs, Masked(&targets))
        });
        let b = untouched.train(|trainer, state| trainer.update_from(state, xs, Masked(&targets)));
        assert_eq!((a, student.bits()), (b, untouched.bits()), "the configuration is as before");
    }
    found
}

const NOT_POSITIVE: [f32; 6] = [0.0, -0.0, -0.1, f32::NAN, f32::INFINITY, f32::NEG_INFINITY];
const NOT_A_DECAY: [f32; 6] = [1.0, 1.5, -0.1, f32::NAN, f32::INFINITY, f32::NEG_INFINITY];

#[test]
fn bad_learning_rates_are_refused() {
    for rate in NOT_POSITIVE {
        let error = Err(ConfigError::LearningRate);
        assert_eq!(config_error(InPlaceSgd { rate: 0.1 }, InPlaceSgd { rate }, Clip::None), error);
        assert_eq!(config_error(Sgd { rate: 0.1 }, Sgd { rate }, Clip::None), error);
        let momentum = Momentum { rate: 0.1, momentum: 0.9 };
        assert_eq!(config_error(momentum, Momentum { rate, ..momentum }, Clip::None), error);
        assert_eq!(config_error(Adagrad::new(0.1), Adagrad::new(rate), Clip::None), error);
        assert_eq!(config_error(RmsProp::new(0.1), RmsProp::new(rate), Clip::None), error);
        assert_eq!(config_error(Adam::new(0.1), Adam::new(rate), Clip::None), error);
        assert_eq!(config_error(AdamW::new(0.1), AdamW::new(rate), Clip::None), error);
    }
}

#[test]
fn bad_decays_are_refused() {
    let (momentum, rms, adam) = (Momentum { rate: 0.1, momentum: 0.0 }, RmsProp::new(0.1), Adam::new(0.1));
    let adam_w = AdamW::new(0.1);
    for decay in NOT_A_DECAY {
        let error = Err(ConfigError::Decay);
        assert_eq!(config_error(momentum, Momentum { momentum: decay, ..momentum }, Clip::None), error);
        assert_eq!(config_error(rms, RmsProp { alpha: decay, ..rms }, Clip::None), error);
        for bad in [Adam { beta1: decay, ..adam }, Adam { beta2: decay, ..adam }] {
            assert_eq!(config_error(adam, bad, Clip::None), error);
            assert_eq!(config_error(adam_w, AdamW { adam: bad, ..adam_w }, Clip::None), error);
        }
    }
}

#[test]
fn bad_epsilons_and_weight_decays_are_refused() {
    let (ada, rms, adam, adam_w) = (Adagrad::new(0.1), RmsProp::new(0.1), Adam::new(0.1), AdamW::new(0.1));
    for epsilon in NOT_POSITIVE {
        let error = Err(ConfigError::Epsilon);
        assert_eq!(config_error(ada, Adagrad { epsilon, ..ada }, Clip::None), error);
        assert_eq!(config_error(rms, RmsProp { epsilon, ..rms }, Clip::None), error);
        assert_eq!(config_error(adam, Adam { epsilon, ..adam }, Clip::None), error);
        assert_eq!(config_error(adam_w, AdamW { adam: Adam { epsilon, ..adam }, ..adam_w }, Clip::None), error);
    }
    for weight_decay in [-0.1, f32::NAN, f32::INFINITY] {
        let bad = AdamW { weight_decay, ..adam_w };
        assert_eq!(config_error(adam_w, bad, Clip::None), Err(ConfigError::WeightDecay));
    }
    assert_eq!(config_error(adam_w, AdamW { weight_decay: 0.0, ..adam_w }, Clip::None), Ok(()));
}

struct RefusesBadClips;

impl Holds<f32> for RefusesBadClips {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        for limit in NOT_POSITIVE {
            for clip in [Clip::Norm(limit), Clip::Value(limit)] {
                assert_eq!(config_error(optimizer, optimizer, clip), Err(ConfigError::Clip), "{name}, {clip:?}");
            }
        }
        let expected = if O::KEEPS_GRADIENT { Ok(()) } else { Err(ConfigError::ClipWithoutGradient) };
        for clip in [Clip::Norm(1.0), Clip::Value(5.0)] {
            assert_eq!(config_error(optimizer, optimizer, clip), expected, "{name}, {clip:?}");
        }
        assert_eq!(config_error(optimizer, optimizer, Clip::None), Ok(()), "{name}");
    }
}

#[test]
fn bad_clips_are_refused() {
    every_optimizer(&RefusesBadClips);
}

#[test]
fn bad_class_weights_are_refused() {
    let (mut network, mut workspace) = (Net::ZERO, Workspace::<Net, Sgd, STEPS, TARGETS>::ZERO);
    let mut check = |weights| {
        let (loss, steps) = (WeightedCrossEntropy { weights }, Reduction::Mean);
        let config = Config { optimizer: Sgd { rate: 0.1 }, loss, clip: Clip::None, steps, sequences: steps };
        Trainer::new(&mut network, &mut workspace, config).map(drop)
    };
    for bad in [-1.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        assert_eq!(check([1.0, 1.0, 1.0, bad]), Err(ConfigError::ClassWeight));
        assert_eq!(check([bad, 1.0, 1.0, 1.0]), Err(ConfigError::ClassWeight));
    }
    assert_eq!(check([0.0; 4]), Err(ConfigError::ClassWeight));
    assert_eq!(check([0.0, 0.0, 0.5, 0.0]), Ok(()));
}
