use core::error::Error;
use core::fmt;

/// Invalid configuration of a training run or of the post-processing of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ConfigError {
    /// The learning rate is not a finite number above 0.
    LearningRate,
    /// The momentum or a decay rate is not in \[0, 1).
    Decay,
    /// The epsilon of a denominator is not a finite number above 0.
    Epsilon,
    /// The weight decay is negative or not finite.
    WeightDecay,
    /// The clipping limit is not a finite number above 0.
    Clip,
    /// Clipping is set for an optimizer that keeps no gradient.
    ClipWithoutGradient,
    /// A class weight is negative or not finite, or all class weights are zero.
    ClassWeight,
    /// The label smoothing, the share of a label that is spread over all classes, is not in \[0, 1\].
    LabelSmoothing,
    /// A job is under way, which would otherwise run partly with the old configuration and partly with the new one.
    UnderWay,
    /// The factor of an exponential average is not in (0, 1].
    Smoothing,
    /// The probability that a class must reach is not in \[0, 1\].
    Threshold,
    /// The margin that a class must have over the others is not in \[0, 1\].
    Margin,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LearningRate => "the learning rate must be finite and above 0",
            Self::Decay => "momentum and decay rates must be in [0, 1)",
            Self::Epsilon => "epsilon must be finite and above 0",
            Self::WeightDecay => "the weight decay must be finite and not negative",
            Self::Clip => "the clipping limit must be finite and above 0",
            Self::ClipWithoutGradient => "clipping needs an optimizer that keeps a gradient",
            Self::ClassWeight => "class weights must be finite, not negative and not all zero",
            Self::LabelSmoothing => "the label smoothing must be in [0, 1]",
            Self::UnderWay => "a job is under way: finish or abandon it first",
            Self::Smoothing => "the smoothing factor must be in (0, 1]",
            Self::Threshold => "the threshold must be in [0, 1]",
            Self::Margin => "the margin must be in [0, 1]",
        })
    }
}

impl Error for ConfigError {}

/// A sampler cannot be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum SamplerError {
    /// The temperature is not a finite number above 0.
    Temperature,
    /// k is 0, so there is no token to draw.
    NoToken,
}

impl fmt::Display for SamplerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Temperature => "the temperature must be finite and above 0",
            Self::NoToken => "k must be at least 1",
        })
    }
}

impl Error for SamplerError {}
