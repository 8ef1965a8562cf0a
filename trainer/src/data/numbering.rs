use super::memory::Budget;
use super::number::Number;
use super::{DataError, Names, Problem};
use elman_files::source::SourceError;
use hashbrown::HashTable;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};

/// Names that occur in a file, numbered in order of appearance, or a fixed list of given names. Names that spell
/// the same number, such as `1`, `01` and `1.0`, count as one, under the first spelling.
pub(super) struct Numbering {
    /// Every spelling. The number of a name is the index of its first spelling.
    spellings: Names,
    /// Spellings other than the first, each with the first spelling of the same name.
    others: HashMap<u32, u32>,
    by_spelling: HashTable<u32>,
    /// First spellings that are numbers, by value.
    by_value: HashTable<u32>,
    hasher: RandomState,
    given: bool,
    /// Kind of thing named, and the largest number of names.
    most: (&'static str, usize),
}

impl Numbering {
    /// Creates the list of given names, or an empty list to fill with the names found.
    pub fn new(given: Option<&[String]>, most: (&'static str, usize)) -> Self {
        let mut names = Self {
            spellings: Names::default(),
            others: HashMap::new(),
            by_spelling: HashTable::new(),
            by_value: HashTable::new(),
            hasher: RandomState::new(),
            given: given.is_some(),
            most,
        };
        for name in given.unwrap_or_default() {
            let value = Number::parse(name).filter(|value| names.find_value(value).is_none());
            names.add(name, value.as_ref());
        }
        names
    }

    /// Returns the number of a name. The memory of a new name is charged to `budget`.
    ///
    /// # Errors
    /// [`Problem`] if the name is empty or not among the given names, or if there are too many names.
    pub fn number(&mut self, name: &str, budget: &mut Budget) -> Result<usize, Problem> {
        if let Some(spelling) = self.find(name) {
            return Ok(self.others.get(&spelling).copied().unwrap_or(spelling) as usize);
        }
        let (what, most) = self.most;
        if name.is_empty() {
            return Err(Problem::EmptyName);
        }
        if self.spellings.len() >= most {
            return Err(Problem::TooMany { what, found: most + 1, most });
        }
        if !self.spellings.fits(name.len()) {
            return Err(Problem::Source(SourceError::TooLarge { limit: u32::MAX.into() }));
        }
        let (value, spelling) = (Number::parse(name), self.spellings.len() as u32);
        let known = value.as_ref().and_then(|value| self.find_value(value));
        if known.is_none() && self.given {
            let known = self.spellings.iter().map(str::to_string).collect();
            return Err(Problem::UnknownLabel { found: name.to_string(), known });
        }
        budget.charge_name(name.len())?;
        self.add(name, value.as_ref().filter(|_| known.is_none()));
        self.others.extend(known.map(|first| (spelling, first)));
        Ok(known.unwrap_or(spelling) as usize)
    }

    pub fn name(&self, number: usize) -> &str {
        &self.spellings[number]
    }

    fn find(&self, name: &str) -> Option<u32> {
        let same = |&spelling: &u32| &self.spellings[spelling as usize] == name;
        self.by_spelling.find(self.hasher.hash_one(name), same).copied()
    }

    fn find_value(&self, value: &Number) -> Option<u32> {
        let same = |&spelling: &u32| Number::parse(&self.spellings[spelling as usize]).as_ref() == Some(value);
        self.by_value.find(self.hasher.hash_one(Some(value)), same).copied()
    }

    /// Adds a spelling, and its value if it is the first spelling of that value.
    fn add(&mut self, name: &str, value: Option<&Number>) {
        let (hasher, spelling) = (&self.hasher, self.spellings.len() as u32);
        self.spellings.push(name);
        let spellings = &self.spellings;
        let rehash = |&other: &u32| hasher.hash_one(&spellings[other as usize]);
        self.by_spelling.insert_unique(hasher.hash_one(name), spelling, rehash);
        if let Some(value) = value {
            let rehash = |&other: &u32| hasher.hash_one(Number::parse(&spellings[other as usize]).as_ref());
            self.by_value.insert_unique(hasher.hash_one(Some(value)), spelling, rehash);
        }
    }

    /// Returns the first `most` lists of spellings that count as one name, each with the spelling in use
    /// first and the others in alphabetical order, and the total number of lists.
    pub fn alike(&self, most: usize) -> (Vec<Vec<&str>>, usize) {
        let mut firsts: Vec<u32> = self.others.values().copied().collect();
        firsts.sort_unstable();
        firsts.dedup();
        let mut lists: BTreeMap<u32, Vec<&str>> = firsts.iter().take(most).map(|&first| (first, Vec::new())).collect();
        for (&spelling, first) in &self.others {
            lists.get_mut(first).into_iter().for_each(|list| list.push(self.name(spelling as usize)));
        }
        lists.values_mut().for_each(|list| list.sort_unstable());
        let all = lists.into_iter().map(|(first, list)| [vec![self.name(first as usize)], list].concat());
        (all.collect(), firsts.len())
    }

    /// Returns the names in their final order, and, for each number, the index of its name in this order.
    /// Given names keep their order; others are sorted, as numbers if all are numbers.
    pub fn sorted(self) -> (Names, Vec<u32>) {
        let Self { spellings: mut names, others, given, by_spelling, by_value, .. } = self;
        // The tables are no longer needed, and sorting takes as much memory.
        drop((by_spelling, by_value));
        let mut order: Vec<u32> = (0..names.len() as u32).filter(|spelling| !others.contains_key(spelling)).collect();
        let all_numbers = || order.iter().all(|&index| Number::parse(&names[index as usize]).is_some());
        match given {
            true => (),
            false if all_numbers() => order.sort_by_key(|&index| Number::parse(&names[index as usize])),
            false => order.sort_by_key(|&index| &names[index as usize]),
        }
        let spellings = names.len();
        names.arrange(&order);
        let mut places = vec![0; spellings];
        order.iter().zip(0..).for_each(|(&number, place)| places[number as usize] = place);
        (names, places)
    }
}

/// Returns an error if two classes have the same name or spell the same number.
pub(super) fn check_classes(names: &[String]) -> Result<(), DataError> {
    let (mut seen, mut values) = (HashMap::new(), HashMap::new());
    for name in names {
        let value = Number::parse(name);
        let problem = match value.and_then(|value| values.insert(value, name)) {
            _ if seen.insert(name, ()).is_some() => Problem::SameClass { name: name.clone() },
            Some(first) => Problem::SameNumber { name: name.clone(), first: first.clone() },
            None => continue,
        };
        return Err(DataError::whole(problem));
    }
    Ok(())
}
