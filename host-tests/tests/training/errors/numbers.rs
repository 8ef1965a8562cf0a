//! Values that overflow during an update, and weights that are not finite.

use super::{Net, STEPS, Student, Work, assert_refused, good};
use elman::optim::{Adagrad, AdamW, InPlaceSgd, Kept, Optimizer, RmsProp};
use elman::{Adam, Class, Config, Last, Masked, SquaredError, TrainError, Trainer, Zero};
use host_tests::Noise;
use host_tests::in_slices;
use host_tests::optimizers::{Holds, every_accumulating_optimizer, every_optimizer, every_optimizer_at};
use host_tests::precision::{tensors, weight_bits};

struct RefusesOverflow;

impl Holds<f32> for RefusesOverflow {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        let (mut xs, mut targets) = good(STEPS);
        targets[STEPS - 1] = Some(Class::new(0).unwrap());
        let targets = Masked(&targets[..]);
        let error = TrainError::NonFiniteGradient;
        // The first input has zero weights, so its size shows only in its gradient.
        xs.iter_mut().for_each(|x| x[0] = 3e38);
        let mut student = Student::new(optimizer);
        student.network.cell.affine.w_ih[0] = [[0.0; 5]];
        student.network.readout.w.as_flattened_mut().iter_mut().for_each(|w| *w *= 100.0);
        student.network.readout.b[0] = -1000.0;
        let before = student.bits();
        let found = student.train(|t, state| t.update_from(state, &xs, targets).map(drop));
        assert_eq!(found, Err(error), "{name}, a gradient over the largest number");
        assert_eq!(student.bits(), before, "{name}");
        let found = student.train(|t, state| t.accumulate(state, &xs, targets).map(drop));
        assert_eq!((found, student.bits()), (Err(error), before), "{name}, accumulated");
    }
}

#[test]
fn a_gradient_that_overflows_is_refused() {
    every_optimizer(&RefusesOverflow);
}

struct RefusesWhatIsTooLargeToSquare;

impl Holds<f32> for RefusesWhatIsTooLargeToSquare {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        let (mut xs, targets) = good(STEPS);
        xs.iter_mut().for_each(|x| x[0] = 1e25);
        let targets = Masked(&targets[..]);
        assert_refused(name, optimizer, TrainError::NonFiniteGradient, |t, state| {
            t.update_from(state, &xs, targets).map(drop)
        });
        assert_refused(name, optimizer, TrainError::NonFiniteGradient, |t, state| {
            let mut copy = *state;
            t.accumulate(&mut copy, &xs, targets)?;
            t.apply().map(drop)
        });
    }
}

#[test]
fn a_gradient_too_large_to_square_is_refused_and_dropped() {
    // In-place SGD squares nothing.
    every_accumulating_optimizer(&RefusesWhatIsTooLargeToSquare);
}

/// Selects one weight of a network.
type Place = fn(&mut Net) -> &mut f32;

struct RefusesBadWeights;

impl Holds<f32> for RefusesBadWeights {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        let places: [(&str, Place); 5] = [
            ("w_ih", |net| &mut net.cell.affine.w_ih[1][0][2]),
            ("w_hh", |net| &mut net.cell.affine.w_hh[3][0][4]),
            ("b", |net| &mut net.cell.affine.b[0][0][0]),
            ("readout.w", |net| &mut net.readout.w[4][3]),
            ("readout.b", |net| &mut net.readout.b[0]),
        ];
        for (place, weight) in places {
            let mut bad = vec![f32::NAN];
            if place == "readout.b" {
                bad.extend([f32::INFINITY, f32::NEG_INFINITY]);
            }
            for value in bad {
                refuses_weight(&format!("{name}, {value} in {place}"), optimizer, weight, value);
            }
        }
    }
}

fn refuses_weight<O: Optimizer<Scalar = f32>>(what: &str, optimizer: O, at: Place, value: f32) {
    let (xs, mut targets) = good(STEPS);
    // The target is the class whose bias is replaced: an infinity of either sign there makes the loss infinite or NaN.
    targets[STEPS - 1] = Some(Class::new(0).unwrap());
    let [mut student, mut untouched] = [(); 2].map(|()| Student::new(optimizer));
    let former = std::mem::replace(at(&mut student.network), value);
    let before = student.bits();
    let found = student.train(|t, state| t.update_from(state, &xs, Masked(&targets)).map(drop));
    assert_eq!(found, Err(TrainError::NonFiniteLoss), "{what}");
    assert_eq!(student.bits(), before, "{what}");
    *at(&mut student.network) = former;
    assert_eq!(student.good_update(), untouched.good_update(), "{what}");
}

#[test]
fn weights_that_are_not_finite_are_reported_by_the_loss() {
    every_optimizer(&RefusesBadWeights);
}

/// Targets far from the network's outputs, so that each gradient is large.
const FAR: [f32; 4] = [1e3, -2e3, 3e3, -4e3];

struct StaysFinite;

impl Holds<f32> for StaysFinite {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        let (mut whole, mut sliced) = (Regression::new(optimizer), Regression::new(optimizer));
        for update in 0..4 {
            let what = format!("{name}, rate {:?}, update {update}", optimizer.rate());
            let before = weight_bits(&whole.network);
            let found = whole.update(false);
            assert_eq!(sliced.update(true), found, "{what}");
            assert_eq!(weight_bits(&sliced.network), weight_bits(&whole.network), "{what}");
            if found.is_err() {
                assert_eq!(weight_bits(&whole.network), before, "{what}: {found:?}");
            }
            let finite = tensors(&whole.network).iter().flat_map(|(_, values)| values).all(|w| w.is_finite());
            assert!(finite, "{what}: {found:?}");
        }
    }
}

/// Network that is trained to output [`FAR`].
struct Regression<O: Optimizer<Scalar = f32>> {
    network: Net,
    workspace: Work<O>,
    config: Config<O, SquaredError>,
}

impl<O: Optimizer<Scalar = f32>> Regression<O> {
    fn new(optimizer: O) -> Self {
        let mut network = Net::ZERO;
        Noise(57).fill(&mut network, 0.5);
        Self { network, workspace: Zero::ZERO, config: Config::new(optimizer).with_loss(SquaredError) }
    }

    fn update(&mut self, sliced: bool) -> Result<(), TrainError> {
        let mut trainer = Trainer::new(&mut self.network, &mut self.workspace, self.config).unwrap();
        let (xs, _) = good(STEPS);
        if !sliced {
            return trainer.update(&xs, Last(FAR)).map(drop);
        }
        in_slices(&mut trainer, &mut [0.0; 5], &xs, Last(FAR)).map(drop)
    }
}

#[test]
fn no_rate_makes_a_weight_infinite() {
    for rate in [1e-3, 1.0, 1e10, 1e20, 1e30, 1e35, 3e38] {
        every_optimizer_at(rate, &StaysFinite);
    }
}

struct RefusesItsFirstUpdate;

impl Holds<f32> for RefusesItsFirstUpdate {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        let mut student = Regression::new(optimizer);
        assert_eq!(student.update(false), Err(TrainError::NonFiniteWeight), "{name}");
        // Moments are unchanged, and nothing is left of the gradient.
        let tamed = InPlaceSgd { rate: 1e-6 };
        assert_eq!(student.update(true), Err(TrainError::NonFiniteWeight), "{name}, again");
        let mut trainer = Trainer::new(&mut student.network, &mut student.workspace, student.config).unwrap();
        assert_eq!(trainer.apply(), Err(TrainError::NothingAccumulated), "{name}");
        let (mut after, mut fresh) = (Regression::new(tamed), Regression::new(tamed));
        after.network = student.network;
        assert_eq!(after.update(false), fresh.update(false), "{name}");
        assert_eq!(weight_bits(&after.network), weight_bits(&fresh.network), "{name}");
        if let Some(Kept { moments, updates, .. }) = student.workspace.kept() {
            assert_eq!(*updates, 0, "{name}");
            moments.iter().for_each(|moment| assert!(weight_bits(moment).iter().all(|&bits| bits == 0), "{name}"));
        }
    }
}

#[test]
fn a_rate_that_carries_weights_out_of_range_is_refused() {
    every_optimizer_at(3e38, &RefusesItsFirstUpdate);
}

/// With a very small epsilon or a very large weight decay, the new weights cannot be bounded in advance, but
/// valid updates are performed nevertheless.
#[test]
fn an_update_without_a_bound_is_tried_first() {
    let adam = Adam { epsilon: 1e-35, ..Adam::new(0.05) };
    every_way_learns(adam);
    every_way_learns(Adagrad { epsilon: 1e-35, ..Adagrad::new(0.05) });
    every_way_learns(RmsProp { epsilon: 1e-35, ..RmsProp::new(0.05) });
    every_way_learns(AdamW { adam: Adam::new(0.05), weight_decay: 50.0 });
}

fn every_way_learns<O: Optimizer<Scalar = f32>>(optimizer: O) {
    let (mut whole, mut sliced) = (Regression::new(optimizer), Regression::new(optimizer));
    let before = weight_bits(&whole.network);
    assert_eq!([whole.update(false), sliced.update(true)], [Ok(()); 2]);
    assert_ne!(weight_bits(&whole.network), before);
    assert_eq!(weight_bits(&whole.network), weight_bits(&sliced.network));
}
