use super::number::Number;
use super::{DataError, Problem};
use std::collections::{BTreeMap, HashMap};

/// Names that occur in a file, numbered as they come; or those that were given, and no other. Names that write one number, such
/// as `1`, `01` and `1.0`, are one, called by the first.
pub(super) struct Names {
    names: Vec<String>,
    /// Every spelling.
    numbers: HashMap<String, usize>,
    values: HashMap<Number, usize>,
    given: bool,
    /// Kind of thing named, and the largest number of names.
    most: (&'static str, usize),
}

impl Names {
    /// Returns the given names, or an empty list for those that will be found.
    pub fn new(given: Option<&[String]>, most: (&'static str, usize)) -> Self {
        let names = given.unwrap_or_default().to_vec();
        let numbers = names.iter().cloned().zip(0..).collect();
        let values = names.iter().zip(0..).filter_map(|(name, number)| Some((Number::parse(name)?, number))).collect();
        Self { names, numbers, values, given: given.is_some(), most }
    }

    /// The number of a name.
    ///
    /// # Errors
    /// [`Problem`] if the name is empty, or not among those that were given, or there are too many.
    pub fn number(&mut self, name: &str) -> Result<usize, Problem> {
        if let Some(&number) = self.numbers.get(name) {
            return Ok(number);
        }
        let (what, most) = self.most;
        if name.is_empty() {
            return Err(Problem::EmptyName);
        }
        if self.numbers.len() >= most {
            return Err(Problem::TooMany { what, found: most + 1, most });
        }
        let value = Number::parse(name);
        let known = value.as_ref().and_then(|value| self.values.get(value)).copied();
        let number = match known {
            Some(number) => number,
            None if self.given => {
                return Err(Problem::UnknownLabel { found: name.to_string(), known: self.names.clone().into() });
            }
            None => self.names.len(),
        };
        if known.is_none() {
            self.names.push(name.to_string());
            self.values.extend(value.map(|value| (value, number)));
        }
        self.numbers.insert(name.to_string(), number);
        Ok(number)
    }

    pub fn name(&self, number: usize) -> &str {
        &self.names[number]
    }

    /// Returns the number of spellings.
    pub fn spellings(&self) -> usize {
        self.numbers.len()
    }

    /// Returns the names of one number, each list in alphabetical order after the name in use.
    pub fn alike(&self) -> Vec<Vec<&str>> {
        let mut lists = BTreeMap::<usize, Vec<&str>>::new();
        for (spelling, &number) in self.numbers.iter().filter(|&(spelling, &number)| spelling != &self.names[number]) {
            lists.entry(number).or_insert_with(|| vec![&self.names[number]]).push(spelling);
        }
        lists.values_mut().for_each(|list| list[1..].sort_unstable());
        lists.into_values().collect()
    }

    /// The names in their final order, and the place of each number in it: given ones stay, others are sorted, as numbers if
    /// all are numbers.
    pub fn sorted(self) -> (Vec<String>, Vec<usize>) {
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        let values: Option<Vec<Number>> = self.names.iter().map(|name| Number::parse(name)).collect();
        match values {
            _ if self.given => (),
            Some(values) => order.sort_by_key(|&index| &values[index]),
            None => order.sort_by_key(|&index| &self.names[index]),
        }
        let mut places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, &number)| places[number] = place);
        let mut names = self.names;
        (order.iter().map(|&number| std::mem::take(&mut names[number])).collect(), places)
    }
}

/// Refuses classes of which two have the same name, or write the same number.
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

/// The names of so many things that have none: 0, 1, 2.
pub(super) fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|number| number.to_string()).collect()
}

/// The names of so many channels that have none: x0, x1, x2.
pub(super) fn channels(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("x{number}")).collect()
}
