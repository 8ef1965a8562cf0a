//! Targets of a case.

use crate::goal::Goal;
use crate::{Golden, Precision};
use elman::math::Scalar;
use elman::target::{Final, Targets};
use elman::{Class, CrossEntropy, Each, Last, Math, TrainError};

/// Targets of a case in one type, so that an update is compiled once, whether every step has a target or only the
/// last one. `ENDS` is `true` if the target is at the ends of both directions.
pub enum Aims<const K: usize, const ENDS: bool> {
    /// Target at each step.
    Each(Each<Vec<Class<K>>>),
    /// Target at the last step.
    Last(Last<Class<K>>),
    /// Target at the ends of both directions.
    Ends(Final<Class<K>>),
}

impl<const K: usize, const ENDS: bool> Aims<K, ENDS> {
    /// Returns the targets of `case`.
    pub fn of(case: &Golden) -> Self {
        let classes = case.array("target").tokens::<K>();
        match (case.text("readout"), ENDS) {
            ("per_step", false) => Self::Each(Each(classes)),
            ("last_step", false) => Self::Last(Last(classes[0])),
            ("h_n_concat", true) => Self::Ends(Final(classes[0])),
            (readout, _) => panic!("{}: {readout}", case.name()),
        }
    }

    /// Returns the goal of cross-entropy with these targets.
    pub fn goal<M: Math<Scalar: Precision>>(&self) -> Box<dyn Goal<M, [M::Scalar; K]> + '_> {
        match self {
            Self::Each(aims) => Box::new((&CrossEntropy, aims, M::Scalar::ONE)),
            Self::Last(aim) => Box::new((&CrossEntropy, aim, M::Scalar::ONE)),
            Self::Ends(aim) => Box::new((&CrossEntropy, aim, M::Scalar::ONE)),
        }
    }
}

impl<const K: usize, const ENDS: bool> Targets<Class<K>> for &Aims<K, ENDS> {
    const FINAL: bool = ENDS;
    fn at(&self, step: usize, steps: usize) -> Option<&Class<K>> {
        match self {
            Aims::Each(aims) => aims.at(step, steps),
            Aims::Last(aim) => aim.at(step, steps),
            Aims::Ends(aim) => aim.at(step, steps),
        }
    }
    fn check(&self, steps: usize) -> Result<(), TrainError> {
        match self {
            Aims::Each(aims) => aims.check(steps),
            Aims::Last(aim) => aim.check(steps),
            Aims::Ends(aim) => aim.check(steps),
        }
    }
}
