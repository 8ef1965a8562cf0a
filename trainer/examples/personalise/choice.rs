//! Choice of how a watch adapts to each wearer, made by leave-one-out trials on other people.
//!
//! Subjects are arranged in a circle. A way to adapt is tried on subjects up to [`REACH`] positions from the
//! wearer, each time with a model that was trained neither on this subject nor on the wearer.

use crate::base::{Base, CHOSEN};
use crate::jobs;
use crate::people::Person;
use crate::scope::Scope;
use crate::wearer::Way;
use elman_trainer::trials::{Failure, mean};
use std::array;

/// Largest distance in the circle: two people on either side, so each way is tried on four people.
const REACH: usize = 2;

/// Ways to adapt that were chosen for a wearer, with their results on other people.
pub struct Choice {
    /// Way chosen for each scope.
    pub ways: [Way; 3],
    /// Mean accuracy before adaptation, in percent.
    pub before: f64,
    /// Mean accuracy after adaptation in the way chosen for each scope, in percent.
    pub after: [f64; 3],
}

/// Accuracy for one person, in percent, before adaptation and after adaptation in each way.
struct Tried {
    before: f64,
    after: [Vec<f64>; 3],
}

/// Returns the choice for each person, made without any window of that person.
///
/// A model trained without two people serves both of them: each is once the wearer and once the subject of the
/// trial.
pub fn choose(people: &[Person]) -> Result<Vec<Choice>, Failure> {
    let everyone = 0..people.len();
    let pair = |a| (1..=REACH).map(move |places| [a, (a + places) % people.len()]);
    let pairs: Vec<_> = everyone.clone().flat_map(pair).collect();
    let progress = CHOSEN.progress(people, &pairs);
    let tried = jobs(pairs.len(), |index| {
        let base = Base::learn(CHOSEN, (people, &pairs[index]), 0, &progress)?;
        let [a, b] = pairs[index];
        Ok([Tried::on(&people[a], &base)?, Tried::on(&people[b], &base)?])
    })?;
    progress.clear();
    let others = |wearer| {
        let with = pairs.iter().zip(&tried).filter(move |(pair, _)| pair.contains(&wearer));
        with.map(move |([a, _], [on_a, on_b])| if *a == wearer { on_b } else { on_a }).collect()
    };
    Ok(everyone.map(|wearer| Choice::of(others(wearer))).collect())
}

impl Tried {
    fn on(person: &Person, base: &Base) -> Result<Self, Failure> {
        let wearer = person.wearer(base.normalizer)?;
        let before = base.percent(&base.network, wearer.judged())?;
        let mut after = [const { Vec::new() }; 3];
        for (shares, scope) in after.iter_mut().zip(Scope::EACH) {
            for way in scope.ways() {
                shares.push(base.percent(&*scope.adapt(base, &wearer, way)?, wearer.judged())?);
            }
        }
        Ok(Self { before, after })
    }
}

impl Choice {
    /// Returns the ways that are best on average and, among equally good ones, come first, with the fewest updates.
    fn of(tried: Vec<&Tried>) -> Self {
        let best = |scope: usize| {
            let average = |way| mean(&tried.iter().map(|one| [one.after[scope][way]]).collect::<Vec<_>>())[0];
            let averages = Scope::EACH[scope].ways().into_iter().enumerate().map(|(index, way)| (way, average(index)));
            averages.reduce(|best, next| if next.1 > best.1 { next } else { best })
        };
        let best: [_; 3] = array::from_fn(|scope| best(scope).unwrap_or((Way { updates: 0, rate: 0.0 }, f64::NAN)));
        let [before] = mean(&tried.iter().map(|one| [one.before]).collect::<Vec<_>>());
        Self { ways: best.map(|(way, _)| way), before, after: best.map(|(_, share)| share) }
    }
}
