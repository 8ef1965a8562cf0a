//! People in the recordings, and their windows for training and for testing.

use crate::Sequence;
use crate::wearer::{CHANNELS, FIRST_JUDGED, Recording, SHOWN, Wearer, Window};
use elman::Normalizer;
use elman_trainer::data::{self, Options};
use elman_trainer::trials::Failure;
use std::path::Path;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/smartwatch-physio/recordings.rnnd");

/// Returns all people in the order of their numbers.
pub fn read() -> Result<Vec<Person>, Failure> {
    let set = data::read(Path::new(DATA), &Options::default())?;
    let people = set.leave_one_group_out().into_iter();
    people.map(|split| Ok(Person(set.part(&split.held).sequences()?))).collect()
}

/// A person with two recordings of each exercise.
pub struct Person(Vec<Sequence>);

impl Person {
    fn recordings(&self) -> impl Iterator<Item = Recording<'_>> {
        self.0.iter().map(|sequence| Recording { exercise: sequence.label, steps: &sequence.steps })
    }

    /// Returns the person as the wearer of a watch whose model uses `normalizer`.
    pub fn wearer(&self, normalizer: Normalizer<CHANNELS>) -> Result<Wearer<'_>, Failure> {
        let recordings: Vec<_> = self.recordings().collect();
        let recordings = recordings.try_into().map_err(|_| "someone has too few or too many recordings")?;
        Ok(Wearer { recordings, normalizer })
    }

    /// Returns the windows from which a model learns this person's movements: all except the last `FIRST_JUDGED` of
    /// each recording.
    pub fn learned(&self) -> impl Iterator<Item = Window<'_>> {
        self.recordings().flat_map(|one| one.windows().take(one.windows().count().saturating_sub(FIRST_JUDGED)))
    }

    /// Returns the last windows of each recording, which share no step with the learned windows. They show whether a
    /// model still knows this person after it has adapted to another.
    pub fn kept(&self) -> impl Iterator<Item = Window<'_>> {
        self.recordings().flat_map(|one| one.windows().skip(one.windows().count().saturating_sub(SHOWN)))
    }
}
