//! Properties by which a run recognises its checkpoint.

use super::error::CheckpointFlaw as Flaw;
use super::numbers::description;
use super::{Fit, Samples};
use crate::Sample;
use elman::math::Scalar;
use elman::optim::Optimizer;
use elman::target::Targets;
use elman::{Parameters, Reduction};
use serde::{Deserialize, Serialize};
use std::fmt::{self, Debug, Write};

static CRC: crc::Crc<u64> = crc::Crc::<u64>::new(&crc::CRC_64_XZ);

/// Properties that identify a run. Epochs, rate, schedule, clipping and patience may differ: the run then
/// continues with the new settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// Number type and tensors of the network, and its Rust type.
    network: String,
    /// Optimizer, with every hyper-parameter except the rate.
    optimizer: String,
    /// Loss, with its parameters and the reduction over steps.
    loss: String,
    pub samples: usize,
    batch: usize,
    /// Average of the weights, with its parameters.
    average: String,
    pub seed: u64,
    /// Checksum of the inputs, targets and order of the training samples that exist before the run.
    training: u64,
    /// The same checksum for the validation samples.
    validation: u64,
}

impl Identity {
    /// Returns the identity of a run.
    pub fn new<N, D, O, const T: usize, const S: usize, L>(
        network: &N,
        (train, valid): (&D, &[D::Sample]),
        how: &Fit<'_, O, T, S, L>,
    ) -> Self
    where
        N: Parameters,
        D: Samples + ?Sized,
        O: Optimizer + Debug,
        L: Debug,
    {
        let joined = match how.steps {
            Reduction::Sum => "added",
            Reduction::Mean => "averaged",
        };
        Self {
            network: format!("{}, {}", description(network), short(std::any::type_name::<N>())),
            // A rate of one stands for any: schedules change it.
            optimizer: format!("{:?}", how.optimizer.with_rate(O::Scalar::from_f64(1.0))),
            loss: format!("{:?}, {joined} over steps", how.loss),
            samples: train.count(),
            batch: how.batch,
            average: how.average.map_or_else(|| "none".into(), |average| format!("{average:?}")),
            seed: how.seed,
            training: checksum(train.held()),
            validation: checksum(valid),
        }
    }

    /// Returns the first difference from `expected` as an error.
    pub fn check(&self, expected: &Self) -> Result<(), Flaw> {
        let sum = |sum: u64| format!("{sum:016x}");
        let pairs = [
            ("network", self.network.clone(), expected.network.clone()),
            ("optimizer", self.optimizer.clone(), expected.optimizer.clone()),
            ("loss", self.loss.clone(), expected.loss.clone()),
            ("number of training samples", self.samples.to_string(), expected.samples.to_string()),
            ("batch", self.batch.to_string(), expected.batch.to_string()),
            ("average of the weights", self.average.clone(), expected.average.clone()),
            ("seed", self.seed.to_string(), expected.seed.to_string()),
            ("checksum of the training samples", sum(self.training), sum(expected.training)),
            ("checksum of the validation samples", sum(self.validation), sum(expected.validation)),
        ];
        let other = pairs.into_iter().find(|(_, found, expected)| found != expected);
        other.map_or(Ok(()), |(what, found, expected)| Err(Flaw::Foreign { what, found, expected }))
    }
}

/// Shortens the name of a type by removing module paths.
fn short(name: &str) -> String {
    let mut short = String::with_capacity(name.len());
    for part in name.split_inclusive(|c: char| "<>,()[]; ".contains(c)) {
        short.push_str(part.rsplit("::").next().unwrap_or(part));
    }
    short
}

fn checksum<X: Sample>(samples: &[X]) -> u64 {
    let mut sum = Sum(CRC.digest());
    samples.iter().for_each(|sample| sum.add(sample));
    sum.0.finalize()
}

/// Checksum of the text written to it.
struct Sum<'a>(crc::Digest<'a, u64>);

impl Write for Sum<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

impl Sum<'_> {
    /// Adds a sample in its `Debug` form, which every type has, and in which floats keep all their digits.
    fn add<X: Sample>(&mut self, sample: &X) {
        let (inputs, targets) = (sample.inputs(), sample.targets());
        // It cannot fail, since `write_str` does not.
        let _ = write!(self, "{} {}", inputs.len(), is_final(&targets));
        for (step, input) in inputs.iter().enumerate() {
            let _ = write!(self, " {input:?} {:?}", targets.at(step, inputs.len()));
        }
    }
}

fn is_final<Y, S: Targets<Y>>(_: &S) -> bool {
    S::FINAL
}
