//! Losses of a batch, reduced over steps and sequences, agree with PyTorch in f64 for any order, tape and
//! slicing.

use elman::loss::WeightedCrossEntropy;
use elman::optim::InPlaceSgd;
use elman::{
    Class, Clip, Config, Dense, Elman, Job, Last, Libm, Masked, Network, Reduction, Sgd, TrainError, Trainer,
    Workspace, Zero,
};
use host_tests::precision::{tensors, weight_bits};
use host_tests::tolerance::{EXACT, EXACT_GRADIENT};
use host_tests::{Golden, assert_close};

type Net = Network<Elman<2, 3, Libm<f64>, 2>, Dense<3, 4, f64>>;
type Loss = WeightedCrossEntropy<4, f64>;
type Sequence = (Vec<[f64; 2]>, Vec<Option<Class<4>>>);

const REDUCTIONS: [(Reduction, &str); 2] = [(Reduction::Sum, "sum"), (Reduction::Mean, "mean")];

/// Batch, with the settings for which PyTorch computed its loss and gradient.
struct Case {
    name: String,
    reductions: [Reduction; 2],
    loss: Loss,
    batch: Vec<Sequence>,
}

fn golden() -> Golden {
    Golden::load("reductions")
}

fn start() -> Net {
    let mut network = Net::ZERO;
    golden().weights("", &mut network);
    network
}

fn batch(place: &str) -> Vec<Sequence> {
    let file = golden();
    let mut xs = file.array("input.x").values.as_chunks().0;
    let mut targets = &file.array(&format!("{place}.target")).values[..];
    let lengths = file.array("lengths").values.iter().map(|&length| length as usize);
    let sequences = lengths.map(|length| {
        let (x, y);
        (x, xs) = xs.split_at(length);
        (y, targets) = targets.split_at(length);
        (x.to_vec(), y.iter().map(|&y| (y >= 0.0).then(|| Class::new(y as usize).unwrap())).collect())
    });
    sequences.collect()
}

fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for (place, kind) in
        ["last", "each", "some"].into_iter().flat_map(|place| ["plain", "weighted"].map(|k| (place, k)))
    {
        let loss = Loss { weights: golden().array(&format!("{kind}.weight")).values.clone().try_into().unwrap() };
        for ((steps, s), (sequences, q)) in REDUCTIONS.into_iter().flat_map(|s| REDUCTIONS.map(|q| (s, q))) {
            let name = format!("f64/{place}_{kind}_{s}_{q}/");
            all.push(Case { name, reductions: [steps, sequences], loss, batch: batch(place) });
        }
    }
    all
}

impl Case {
    fn config(&self) -> Config<Sgd<f64>, Loss> {
        let [steps, sequences] = self.reductions;
        Config { optimizer: Sgd { rate: 1.0 }, loss: self.loss, clip: Clip::None, steps, sequences }
    }

    fn weight(&self, targets: &[Option<Class<4>>]) -> f64 {
        targets.iter().flatten().map(|class| self.loss.weights[class.index()]).sum()
    }

    /// Computes the loss of the batch from the losses of its sequences.
    fn reduced(&self, losses: &[f64]) -> f64 {
        let weights: Vec<f64> = self.batch.iter().map(|(_, targets)| self.weight(targets)).collect();
        let count = weights.iter().filter(|&&w| w > 0.0).count() as f64;
        let sum: f64 = losses.iter().sum();
        match self.reductions {
            [_, Reduction::Sum] => sum,
            [Reduction::Sum, Reduction::Mean] => sum / count,
            [Reduction::Mean, Reduction::Mean] => {
                losses.iter().zip(&weights).map(|(loss, weight)| loss * weight).sum::<f64>()
                    / weights.iter().sum::<f64>()
            }
        }
    }

    /// Checks the result of `learn`, which performs one update with a rate of 1 and returns the losses of the
    /// sequences.
    fn assert(&self, what: &str, learn: impl FnOnce(&mut Net) -> Vec<f64>) {
        let what = format!("{}{what}", self.name);
        let mut network = start();
        let losses = learn(&mut network);
        let file = golden();
        let loss = &file.array(&format!("{}loss", self.name)).values;
        assert_close(&format!("{what}: loss"), &[self.reduced(&losses)], loss, EXACT);
        let mut gradient = Net::ZERO;
        file.gradient(&self.name, &mut gradient);
        let [before, after, wanted] = [&start(), &network, &gradient].map(tensors);
        for ((before, after), (name, wanted)) in before.iter().zip(&after).zip(&wanted) {
            let found: Vec<f64> = before.1.iter().zip(&after.1).map(|(before, after)| before - after).collect();
            assert_close(&format!("{what}: {name}"), &found, wanted, EXACT);
        }
    }
}

/// Accumulates each sequence, then performs an update.
fn whole<const T: usize, const S: usize, const P: usize>(case: &Case, network: &mut Net) -> Vec<f64> {
    let mut work = Box::new(Workspace::<Net, Sgd<f64>, T, S, P>::ZERO);
    let mut trainer = Trainer::new(network, &mut work, case.config()).unwrap();
    let each = |(xs, targets): &Sequence| trainer.accumulate(&mut [0.0; 3], xs, Masked(targets)).unwrap();
    let losses = case.batch.iter().map(each).collect();
    trainer.apply().unwrap();
    losses
}

/// Trains in slices; the last sequence and the update are one job.
fn sliced(case: &Case, network: &mut Net) -> Vec<f64> {
    let mut work = Box::new(Workspace::<Net, Sgd<f64>, 4, 4>::ZERO);
    let mut trainer = Trainer::new(network, &mut work, case.config()).unwrap();
    let last = case.batch.len() - 1;
    let mut losses = Vec::new();
    for (i, (xs, targets)) in case.batch.iter().enumerate() {
        let mut job = Job::new(xs, Masked(targets));
        let begun = if i == last { trainer.begin(&mut job) } else { trainer.begin_accumulate(&mut job) };
        begun.unwrap();
        let report = loop {
            if let Some(report) = trainer.poll(&mut job).unwrap() {
                break report;
            }
        };
        losses.push(report.loss);
    }
    losses
}

#[test]
fn each_reduction_is_pytorch_s() {
    for mut case in cases() {
        case.assert("whole", |network| whole::<4, 4, 1>(&case, network));
        case.assert("checkpointed", |network| whole::<2, 2, 2>(&case, network));
        // Reversed, the batch `some` would end with a sequence without any target, and so without an update.
        if !case.name.contains("some") {
            case.batch.reverse();
            case.assert("reversed and sliced", |network| sliced(&case, network));
            case.batch.reverse();
        }
        case.assert("sliced", |network| sliced(&case, network));
        case.batch.rotate_left(2);
        case.assert("rotated", |network| whole::<4, 4, 1>(&case, network));
    }
}

/// For sequences of equal weight, the loss of the batch is the average of the sequences' means, bit for bit.
#[test]
fn sequences_of_equal_weight_are_averaged() {
    let learned = |sequences, copies: usize, rate: f64| {
        let (mut network, mut work) = (start(), Box::new(Workspace::<Net, Sgd<f64>, 4, 4>::ZERO));
        let loss = Loss { weights: [0.3, 0.7, 0.1, 1.9] };
        let config = Config { loss, clip: Clip::None, steps: Reduction::Mean, sequences, optimizer: Sgd { rate } };
        let mut trainer = Trainer::new(&mut network, &mut work, config).unwrap();
        let (xs, targets) = &batch("each")[1];
        let each = |_| trainer.accumulate(&mut [0.0; 3], xs, Masked(targets)).unwrap().to_bits();
        let losses: Vec<_> = (0..copies).map(each).collect();
        trainer.apply().unwrap();
        (losses, weight_bits(&network))
    };
    for copies in [1, 2, 3, 7] {
        let wanted = learned(Reduction::Sum, copies, 1.0 / copies as f64);
        assert_eq!(learned(Reduction::Mean, copies, 1.0), wanted, "{copies}");
    }
}

/// With in-place SGD, each sequence is a batch of its own: its loss is the mean or the sum over its steps.
#[test]
fn in_place_each_sequence_is_a_batch() {
    for ((steps, _), (sequences, _)) in REDUCTIONS.into_iter().flat_map(|s| REDUCTIONS.map(|q| (s, q))) {
        let loss = Loss { weights: [1.0, 0.0, 9.0, 0.3] };
        let [mut here, mut there] = [(); 2].map(|()| start());
        let mut work = Box::new(Workspace::<Net, InPlaceSgd<f64>, 4, 4>::ZERO);
        let mut other = Box::new(Workspace::<Net, Sgd<f64>, 4, 4>::ZERO);
        let config = Config { optimizer: InPlaceSgd { rate: 0.1 }, loss, clip: Clip::None, steps, sequences };
        let mut in_place = Trainer::new(&mut here, &mut work, config).unwrap();
        let config = Config { optimizer: Sgd { rate: 0.1 }, loss, clip: Clip::None, steps, sequences };
        let mut kept = Trainer::new(&mut there, &mut other, config).unwrap();
        for (xs, targets) in &batch("each")[1..] {
            let loss = in_place.accumulate(&mut [0.0; 3], xs, Masked(targets)).unwrap();
            assert_close("loss", &[loss], &[kept.update(xs, Masked(targets)).unwrap().loss], EXACT);
        }
        in_place.apply().unwrap();
        for ((name, here), (_, there)) in tensors(&here).iter().zip(&tensors(&there)) {
            assert_close(name, here, there, EXACT_GRADIENT);
        }
    }
}

/// Compares with PyTorch 2.15 in f64: nine samples of class 0 and one of class 1, in any order, with weights
/// 1 : 9 and initial biases (0.3, −0.3).
#[test]
fn the_rare_class_pulls_with_its_weight() {
    type Small = Network<Elman<1, 2, Libm<f64>>, Dense<2, 2, f64>>;
    for rare in 0..10 {
        let (mut network, mut work) = (Small::ZERO, Box::new(Workspace::<Small, Sgd<f64>, 2>::ZERO));
        network.readout.b = [0.3, -0.3];
        let (loss, mean) = (WeightedCrossEntropy { weights: [1.0, 9.0] }, Reduction::Mean);
        let config = Config { optimizer: Sgd { rate: 1.0 }, loss, clip: Clip::None, steps: mean, sequences: mean };
        let mut trainer = Trainer::new(&mut network, &mut work, config).unwrap();
        let mut sum = 0.0;
        for i in 0..10 {
            let class = usize::from(i == rare);
            let loss = trainer.accumulate(&mut [0.0; 2], &[[0.0]], Last(Class::new(class).unwrap())).unwrap();
            sum += loss * [1.0, 9.0][class];
        }
        trainer.apply().unwrap();
        assert_close("loss", &[sum / 18.0], &[0.737_487_950_485_885_7], EXACT);
        assert_close("gradient", &[0.3 - network.readout.b[0]], &[0.145_656_306_225_795_34], EXACT);
    }
}

#[test]
fn weights_whose_quotients_overflow_are_refused() {
    let run = |weights: [f64; 4], order: [usize; 2]| {
        let (mut network, mut work) = (start(), Box::new(Workspace::<Net, Sgd<f64>, 4, 4>::ZERO));
        let (loss, mean) = (Loss { weights }, Reduction::Mean);
        let config = Config { optimizer: Sgd { rate: 1.0 }, loss, clip: Clip::None, steps: mean, sequences: mean };
        let mut trainer = Trainer::new(&mut network, &mut work, config).unwrap();
        let found =
            order.map(|i| trainer.accumulate(&mut [0.0; 3], &[[0.5, 0.5]], Last(Class::new(i).unwrap())).map(drop));
        let _ = trainer.apply();
        assert!(tensors(&network).iter().flat_map(|(_, values)| values).all(|w| w.is_finite()));
        found
    };
    let refused = Err(TrainError::NonFiniteLoss);
    assert_eq!(run([1e-310, 1.0, 1.0, 1.0], [0, 1]), [refused, Ok(())]);
    assert_eq!(run([1e-300, 1e300, 1.0, 1.0], [0, 1]), [Ok(()), refused]);
    assert_eq!(run([1e-300, 1e300, 1.0, 1.0], [1, 0]), [Ok(()), refused]);
    assert_eq!(run([1e-100, 1e100, 1.0, 1.0], [0, 1]), [Ok(()); 2]);
}
