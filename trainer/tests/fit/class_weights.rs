//! Class weights in a run: losses and updates equal PyTorch's, and a class of weight 0 is ignored.

use elman::loss::WeightedCrossEntropy;
use elman::{Class, Dense, Elman, Libm, Network, Reduction, Sgd, TrainError, Xoshiro128, Zero};
use elman_trainer::fit::{Drawn, Fit, FitError, Fitted, Outcome, Patience, Which, fit};
use elman_trainer::{Progress, ToOne, ToSome};
use safetensors::SafeTensors;

type Net = Network<Elman<2, 3, Libm<f64>, 2>, Dense<3, 4, f64>>;
type Loss<const K: usize> = WeightedCrossEntropy<K, f64>;
type Sample = ToSome<[f64; 2], Class<4>>;
type How<'a> = Fit<'a, Sgd<f64>, 4, 4, Loss<4>>;

/// Reference values described in `host-tests/golden/README.md`.
struct Golden(Vec<u8>);

impl Golden {
    fn load() -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../host-tests/golden/reductions.safetensors");
        Self(std::fs::read(path).unwrap())
    }

    fn values(&self, name: &str) -> Vec<f64> {
        let file = SafeTensors::deserialize(&self.0).unwrap();
        let tensor = file.tensor(name).unwrap();
        let bytes = tensor.data();
        match tensor.dtype() {
            safetensors::Dtype::F32 => bytes.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b).into()).collect(),
            safetensors::Dtype::F64 => bytes.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b)).collect(),
            _ => bytes.as_chunks().0.iter().map(|&b| i64::from_le_bytes(b) as f64).collect(),
        }
    }

    fn samples(&self, place: &str) -> Vec<Sample> {
        let (xs, targets) = (self.values("input.x"), self.values(&format!("{place}.target")));
        let class = |&y: &f64| (y >= 0.0).then(|| Class::new(y as usize).unwrap());
        let mut steps = xs.as_chunks().0.iter().copied().zip(targets.iter().map(class));
        let lengths = self.values("lengths");
        let sample = |&length: &f64| {
            let (inputs, targets) = steps.by_ref().take(length as usize).unzip();
            Sample { inputs, targets }
        };
        lengths.iter().map(sample).collect()
    }

    /// Transposes PyTorch's (outputs, inputs) to (inputs, outputs).
    fn transposed(&self, name: &str, inputs: usize) -> Vec<f64> {
        let values = self.values(name);
        (0..inputs).flat_map(|i| values.iter().skip(i).step_by(inputs).copied().collect::<Vec<_>>()).collect()
    }

    /// Returns the weights in the order of our network.
    fn numbers(&self, prefix: &str) -> Vec<f64> {
        let name = |tensor: &str| format!("{prefix}{tensor}");
        [
            self.transposed(&name("rnn.weight_ih_l0"), 2),
            self.transposed(&name("rnn.weight_hh_l0"), 3),
            self.values(&name("rnn.bias_ih_l0")),
            self.values(&name("rnn.bias_hh_l0")),
            self.transposed(&name("head.weight"), 3),
            self.values(&name("head.bias")),
        ]
        .concat()
    }

    fn start(&self) -> Net {
        let (mut network, mut numbers) = (Net::ZERO, self.numbers("").into_iter());
        elman::Parameters::walk(&mut network, [], elman::parameters::Path::ROOT, &mut |_, values, []| {
            values.iter_mut().zip(&mut numbers).for_each(|(value, number)| *value = number);
        });
        network
    }
}

fn flat(network: &Net) -> Vec<f64> {
    let mut numbers = Vec::new();
    elman::Parameters::view(network, elman::parameters::Path::ROOT, &mut |_, values| numbers.extend_from_slice(values));
    numbers
}

fn how<'a>(weights: [f64; 4], steps: Reduction) -> How<'a> {
    Fit { epochs: 1, batch: 100, steps, ..Fit::with_loss(Sgd { rate: 1.0 }, Loss { weights }) }
}

#[track_caller]
fn close(what: &str, found: f64, wanted: f64) {
    assert!((found - wanted).abs() <= 1e-12 * wanted.abs().max(1.0), "{what}: {found} instead of {wanted}");
}

/// Compares an update from all samples, its loss and a validation loss with PyTorch, for means and for sums over
/// steps.
#[test]
fn a_run_reduces_as_pytorch() {
    let golden = Golden::load();
    for (place, kind) in ["last", "each", "some"].into_iter().flat_map(|p| ["plain", "weighted"].map(|k| (p, k))) {
        for (steps, name) in [(Reduction::Sum, "sum"), (Reduction::Mean, "mean")] {
            let case = format!("f64/{place}_{kind}_{name}_mean/");
            let weights = golden.values(&format!("{kind}.weight")).try_into().unwrap();
            let (samples, wanted) = (golden.samples(place), golden.values(&format!("{case}loss"))[0]);
            let (mut network, how) = (golden.start(), how(weights, steps));
            let fitted = fit(&mut network, &samples, &[], &how).unwrap();
            close(&case, fitted.history.epochs[0].train_loss, wanted);
            for ((after, before), gradient) in flat(&network).iter().zip(golden.numbers("")).zip(golden.numbers(&case))
            {
                close(&case, before - after, gradient);
            }
            // Validation, with a rate so low that the weights are still the initial ones.
            let still = Fit { optimizer: Sgd { rate: 1e-100 }, batch: 2, ..how };
            let valid = fit(&mut golden.start(), &samples[1..], &samples, &still).unwrap();
            close(&format!("{case}validation"), valid.history.epochs[0].valid_loss.unwrap(), wanted);
        }
    }
}

type Small = Network<Elman<1, 2, Libm<f64>>, Dense<2, 2, f64>>;

fn small(class: usize) -> ToOne<[f64; 1], Class<2>> {
    ToOne { inputs: vec![[0.0]], target: Class::new(class).unwrap() }
}

fn biased() -> Small {
    let mut network = Small::ZERO;
    network.readout.b = [0.3, -0.3];
    network
}

/// The expected values are from PyTorch 2.15 in f64: nine samples of class 0, one of class 1, weights 1 : 9, a bias
/// of (0.3, −0.3).
#[test]
fn a_rare_class_pulls_with_its_weight() {
    let samples: Vec<_> = (0..10).map(|i| small(i / 9)).collect();
    let run = |weights, batch| {
        let mut network = biased();
        let how = Fit::<_, 1, 1, _> {
            epochs: 1,
            batch,
            ..Fit::with_loss(Sgd { rate: 1.0 }, WeightedCrossEntropy::<2, f64> { weights })
        };
        let fitted = fit(&mut network, &samples, &samples, &how).unwrap();
        (0.3 - network.readout.b[0], fitted.history.epochs[0].clone())
    };
    let (gradient, epoch) = run([1.0, 9.0], 10);
    close("gradient", gradient, 0.145_656_306_225_795_34);
    close("loss", epoch.train_loss, 0.737_487_950_485_885_7);
    assert!(run([1.0, 1.0], 10).0 < 0.0, "without weights it goes the other way");
}

/// With weights that balance the classes, weighted validation stops when the rare class no longer improves.
#[test]
fn early_stopping_sees_the_weights() {
    let train: Vec<_> = (0..10).map(|_| small(0)).collect();
    let valid: Vec<_> = (0..10).map(|i| small(i / 9)).collect();
    let run = |weights| -> Fitted {
        let how = Fit::<_, 1, 1, _> {
            epochs: 20,
            batch: 10,
            patience: Some(Patience { epochs: 2, min_delta: 0.0 }),
            ..Fit::with_loss(Sgd { rate: 0.1 }, WeightedCrossEntropy::<2, f64> { weights })
        };
        fit(&mut biased(), &train, &valid, &how).unwrap()
    };
    // Only class 0 is learned, which is nine tenths of the validation samples but half of their weight.
    assert_eq!(run([1.0, 1.0]).outcome, Outcome::Finished);
    let stopped = run([1.0, 9.0]);
    assert_eq!((stopped.outcome, stopped.history.best), (Outcome::StoppedEarly, Some(0)));
}

/// Samples of an ignored class change neither weights nor losses nor accuracies.
#[test]
fn a_class_of_weight_zero_is_ignored() {
    let golden = Golden::load();
    let (with, without) = (golden.samples("last"), golden.samples("last").split_off(1));
    for steps in [Reduction::Sum, Reduction::Mean] {
        let how = how([1.0, 0.0, 9.0, 0.3], steps);
        let run = |samples: &Vec<Sample>| {
            let mut network = golden.start();
            let progress = Progress::new(1);
            let how = Fit { progress: Some(&progress), ..how };
            let epoch = fit(&mut network, samples, samples, &how).unwrap().history.epochs.remove(0);
            (flat(&network), epoch)
        };
        let ((found, epoch), (wanted, other)) = (run(&with), run(&without));
        found.iter().zip(&wanted).for_each(|(found, wanted)| close("weight", *found, *wanted));
        close("training", epoch.train_loss, other.train_loss);
        close("validation", epoch.valid_loss.unwrap(), other.valid_loss.unwrap());
        assert_eq!([epoch.train_accuracy, epoch.valid_accuracy], [other.train_accuracy, other.valid_accuracy]);
    }
}

#[test]
fn samples_that_weigh_nothing_are_refused() {
    let golden = Golden::load();
    let good = golden.samples("each");
    let class = |class, count| vec![Sample { inputs: vec![[0.5; 2]; 2], targets: vec![class; 2] }; count];
    let ignored = Some(Class::new(1).unwrap());
    let run = |train: &Vec<Sample>, valid: &Vec<Sample>, batch| {
        let mut network = golden.start();
        let how = Fit { batch, ..how([1.0, 0.0, 9.0, 0.3], Reduction::Mean) };
        let found = fit(&mut network, train, valid, &how).map(drop);
        (found, flat(&network) == golden.numbers(""))
    };
    for none in [class(ignored, 3), class(None, 3)] {
        let (found, same) = run(&none, &good, 2);
        assert!(same && matches!(found, Err(FitError::NoTarget { which: Which::Training })), "{found:?}");
        let (found, same) = run(&good, &none, 2);
        assert!(same && matches!(found, Err(FitError::NoTarget { which: Which::Validation })), "{found:?}");
        assert!(found.unwrap_err().to_string().contains("validation samples"));
        // A batch of one such sample.
        let (found, same) = run(&[good.clone(), none.clone()].concat(), &good, 1);
        let Err(FitError::Sample { which: Which::Training, index, error: TrainError::NoTarget }) = found else {
            panic!("{found:?}")
        };
        assert!(same && index == 0, "the first of `each` is of the ignored class alone");
    }
}

/// A drawn batch is known only once it is needed, so earlier updates are kept, and the error names the update.
#[test]
fn a_batch_that_weighs_nothing_ends_the_run() {
    let drawn = std::cell::Cell::new(0);
    let draw = |_: &mut Xoshiro128| {
        drawn.set(drawn.get() + 1);
        small(usize::from(drawn.get() > 4))
    };
    let loss = WeightedCrossEntropy::<2, f64> { weights: [1.0, 0.0] };
    let how = Fit::<_, 1, 1, _> { epochs: 1, batch: 2, ..Fit::with_loss(Sgd { rate: 0.5 }, loss) };
    let mut network = biased();
    let error = fit(&mut network, &Drawn { count: 10, draw }, &[], &how).unwrap_err();
    assert!(matches!(error, FitError::Update { update: 3, error: TrainError::NoTarget }), "{error}");
    let said = error.to_string();
    assert!(said.starts_with("update 3:") && said.contains("weight") && said.contains("batches"), "{said}");
    let (mut two, how) = (biased(), Fit { batch: 2, ..how });
    drawn.set(0);
    fit(&mut two, &Drawn { count: 4, draw }, &[], &how).unwrap();
    assert_eq!(network.readout.b, two.readout.b);
}
