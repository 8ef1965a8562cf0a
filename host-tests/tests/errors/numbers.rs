//! Numbers that overflow on the way, and weights that are not finite.

use super::{Net, STEPS, Student, Training, assert_refused, good};
use elman::{Class, Config, InPlaceSgd, Masked, Optimizer, Sgd, TrainError, Zero};
use host_tests::optimizers::{Holds, every_accumulating_optimizer, every_optimizer};
use host_tests::precision::weight_bits;

struct RefusesOverflow;

impl Holds<f32> for RefusesOverflow {
    fn assert<O: Optimizer<Scalar = f32>>(&self, name: &str, optimizer: O) {
        let (mut xs, mut targets) = good(STEPS);
        targets[STEPS - 1] = Some(Class::new(0).unwrap());
        let targets = Masked(&targets[..]);
        let error = TrainError::NonFiniteGradient;
        // The first input has zero weights, so its size shows in its gradient only.
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
    // Descent in place squares nothing.
    every_accumulating_optimizer(&RefusesWhatIsTooLargeToSquare);
}

/// One weight of a network.
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
    // The class whose bias is tried: an infinity of either sign in it makes a loss that is not finite.
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

#[test]
fn a_rate_that_carries_weights_out_of_range_is_refused_in_place() {
    let (xs, targets) = good(STEPS);
    let (mut network, mut workspace) = (Student::new(Sgd { rate: 0.1 }).network, Zero::ZERO);
    let before = weight_bits(&network);
    let config = Config::new(InPlaceSgd { rate: 3e38 });
    let mut trainer = Training::new(&mut network, &mut workspace, config).unwrap();
    assert_eq!(trainer.update(&xs, Masked(&targets)), Err(TrainError::NonFiniteWeight));
    assert_eq!(weight_bits(&network), before);
}
