//! Error messages.

use elman::error::{ConfigError, OutOfRange};
use elman::{SequenceError, TrainError};
use std::error::Error;

/// The message of each error contains the words that distinguish it from all others.
#[test]
fn every_error_says_what_is_wrong() {
    let texts: [(&dyn Error, &[&str]); 18] = [
        (&OutOfRange { index: 7, size: 4 }, &["7", "4"]),
        (&TrainError::Sequence(SequenceError::Empty), &["empty"]),
        (&TrainError::Sequence(SequenceError::TooLong { length: 7, capacity: 6 }), &["7", "6"]),
        (&TrainError::Sequence(SequenceError::NonFiniteInput { step: 3 }), &["input", "step 3"]),
        (&TrainError::TargetCount { targets: 7, steps: 6 }, &["7 targets", "6 steps"]),
        (&TrainError::NoTarget, &["no step has a target"]),
        (&TrainError::TooManyTargets { targets: 4, capacity: 3 }, &["4", "3"]),
        (&TrainError::NonFiniteTarget { step: 2 }, &["target", "step 2"]),
        (&TrainError::NonFiniteLoss, &["loss"]),
        (&TrainError::NonFiniteWeight, &["weight infinite", "lower the learning rate"]),
        (&TrainError::NonFiniteGradient, &["gradient", "NaN", "infinite"]),
        (&TrainError::NothingAccumulated, &["no gradient"]),
        (&ConfigError::LearningRate, &["learning rate"]),
        (&ConfigError::Decay, &["momentum", "decay"]),
        (&ConfigError::Epsilon, &["epsilon"]),
        (&ConfigError::WeightDecay, &["weight decay"]),
        (&ConfigError::Clip, &["clipping limit"]),
        (&ConfigError::ClipWithoutGradient, &["keeps a gradient", "clip"]),
    ];
    let mut seen = vec![ConfigError::ClassWeight.to_string()];
    assert!(seen[0].contains("class weights"));
    for (error, parts) in texts {
        let text = error.to_string();
        parts.iter().for_each(|part| assert!(text.contains(part), "{text}: {part}"));
        assert!(!seen.contains(&text), "{text}: said twice");
        seen.push(text);
    }
}
