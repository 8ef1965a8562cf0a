use super::{DataError, Problem};
use std::collections::{HashMap, HashSet};

/// Names that occur in a file, numbered as they come; or those that were given, and no other.
pub(super) struct Names {
    names: Vec<String>,
    numbers: HashMap<String, usize>,
    given: bool,
}

impl Names {
    /// Those that will be found, or the given ones.
    pub fn new(given: Option<&[String]>) -> Self {
        let names = given.unwrap_or_default().to_vec();
        let numbers = names.iter().cloned().zip(0..).collect();
        Self { names, numbers, given: given.is_some() }
    }

    /// The number of a name.
    ///
    /// # Errors
    /// [`Problem`] if the name is empty, or not among those that were given.
    pub fn number(&mut self, name: &str) -> Result<usize, Problem> {
        match self.numbers.get(name) {
            Some(&number) => Ok(number),
            None if name.is_empty() => Err(Problem::EmptyName),
            None if self.given => {
                Err(Problem::UnknownLabel { found: name.to_string(), known: self.names.clone().into() })
            }
            None => {
                self.names.push(name.to_string());
                self.numbers.insert(name.to_string(), self.numbers.len());
                Ok(self.numbers.len() - 1)
            }
        }
    }

    pub fn name(&self, number: usize) -> &str {
        &self.names[number]
    }

    /// The names in their final order, and the place of each number in it: given ones stay, others are sorted, as numbers if
    /// all are whole numbers.
    pub fn sorted(self) -> (Vec<String>, Vec<usize>) {
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        let names = &self.names;
        if !self.given {
            let number = |&index: &usize| names[index].parse::<i64>().ok();
            let all_numbers = order.iter().all(|index| number(index).is_some());
            order.sort_by_key(|index| (number(index).filter(|_| all_numbers), &names[*index]));
        }
        let mut places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, &number)| places[number] = place);
        (order.iter().map(|&number| names[number].clone()).collect(), places)
    }
}

/// Refuses classes of which two have the same name.
pub(super) fn check_classes(names: &[String]) -> Result<(), DataError> {
    let mut seen = HashSet::new();
    match names.iter().find(|name| !seen.insert(*name)) {
        Some(name) => Err(DataError::whole(Problem::SameClass { name: name.clone() })),
        None => Ok(()),
    }
}

/// The names of so many things that have none: 0, 1, 2.
pub(super) fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|number| number.to_string()).collect()
}

/// The names of so many channels that have none: x0, x1, x2.
pub(super) fn channels(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("x{number}")).collect()
}
