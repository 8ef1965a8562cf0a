use crate::data::Problem;
use crate::data::memory::{Budget, room};
use elman_files::source::SourceError;
use hashbrown::HashTable;
use std::hash::{BuildHasher, RandomState};

/// Bytes that a name takes in the list and the table, with room to grow.
const OVERHEAD: usize = 32;

/// Names of sequences, numbered in order of appearance. Consecutive whole numbers, which most files have, take no
/// memory; every other name takes as much memory as a digest, regardless of its length.
#[derive(Default)]
pub struct Ids {
    /// Name in the previous row, and its number.
    last: Option<(String, u32)>,
    /// First of the `counted` names at the start that are consecutive whole numbers.
    first: u64,
    counted: u32,
    /// 128-bit digests of all other names, under keys drawn for this run. The probability that two of a million names
    /// share a digest is below 10⁻²⁶, even for names chosen by an adversary.
    digests: Vec<[u64; 2]>,
    places: HashTable<u32>,
    keys: [RandomState; 2],
}

impl Ids {
    /// Returns the number of a name; a new name gets the next number.
    ///
    /// # Errors
    /// [`Problem::Source`] if the limit is reached or memory runs out.
    pub fn number(&mut self, name: &str, budget: &mut Budget) -> Result<u32, Problem> {
        if let Some((last, number)) = &self.last
            && last == name
        {
            return Ok(*number);
        }
        let number = self.find(name, budget)?;
        let (last, of_last) = self.last.get_or_insert_default();
        last.clear();
        last.push_str(name);
        *of_last = number;
        Ok(number)
    }

    fn find(&mut self, name: &str, budget: &mut Budget) -> Result<u32, Problem> {
        let place = whole(name).and_then(|value| self.count(value));
        place.map_or_else(|| self.find_digest(name, budget), Ok)
    }

    /// Returns the number of a name that is among the consecutive whole numbers at the start, or continues them.
    fn count(&mut self, value: u64) -> Option<u32> {
        if self.counted == 0 && self.digests.is_empty() {
            self.first = value;
        }
        let place = u32::try_from(value.checked_sub(self.first)?).ok()?;
        let goes_on = place == self.counted && self.digests.is_empty() && self.counted < u32::MAX;
        self.counted += u32::from(goes_on);
        (place < self.counted).then_some(place)
    }

    fn find_digest(&mut self, name: &str, budget: &mut Budget) -> Result<u32, Problem> {
        let digest @ [hash, _] = [0, 1].map(|key| self.keys[key].hash_one(name));
        if let Some(&place) = self.places.find(hash, |&place| self.digests[place as usize] == digest) {
            return Ok(self.counted + place);
        }
        let place = self.digests.len() as u32;
        budget.charge(OVERHEAD)?;
        room(&mut self.digests, 1)?;
        let bytes = 2 * self.digests.len() as u64 * size_of::<u32>() as u64;
        let memory = |_| Problem::Source(SourceError::Memory { bytes });
        self.places.try_reserve(1, |&place| self.digests[place as usize][0]).map_err(memory)?;
        self.places.insert_unique(hash, place, |&place| self.digests[place as usize][0]);
        self.digests.push(digest);
        Ok(self.counted + place)
    }
}

/// Parses a name that is a whole number in its usual form; `01` is not, so it differs from `1`.
fn whole(name: &str) -> Option<u64> {
    let plain = name == "0" || !name.starts_with(['0', '+']);
    name.parse().ok().filter(|_| plain)
}
