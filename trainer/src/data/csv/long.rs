use super::table::{Row, Table};
use crate::data::draft::Draft;
use crate::data::names::Names;
use crate::data::{DataError, Label, Options, Problem, Series};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// What each column of a table is for.
pub struct Roles {
    sequence: Option<usize>,
    label: Option<usize>,
    group: Option<usize>,
    values: Vec<usize>,
    known: Known,
}

/// The class and the group of a sequence, as far as they are known from elsewhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    pub label: Option<usize>,
    pub group: Option<usize>,
}

impl Roles {
    /// # Errors
    /// [`DataError`] if a column is not there, or none is left for values.
    pub fn of(table: &Table, options: &Options) -> Result<Self, DataError> {
        let sequence = table.role(options.sequence.as_deref(), "sequence")?;
        let label = table.role(options.label.as_deref(), "label")?;
        let group = table.role(options.group.as_deref(), "group")?;
        let values = match &options.values {
            Some(names) => names.iter().map(|name| table.column(name)).collect::<Result<Vec<_>, _>>()?,
            None => {
                (0..table.header.len()).filter(|&column| ![sequence, label, group].contains(&Some(column))).collect()
            }
        };
        if let Some(&column) = values.iter().find(|&&column| table.header[column].is_empty()) {
            return Err(table.name_error(column, Problem::Unnamed));
        }
        if values.is_empty() {
            return Err(table.header_error(Problem::NoChannels));
        }
        Ok(Self { sequence, label, group, values, known: Known::default() })
    }

    /// The same of a table that is one sequence. What is known of it is not looked for in a column.
    pub fn of_one_sequence(self, known: Known) -> Self {
        let label = self.label.filter(|_| known.label.is_none());
        let group = self.group.filter(|_| known.group.is_none());
        Self { sequence: None, label, group, known, ..self }
    }

    /// The names of the channels.
    pub fn names(&self, table: &Table) -> Vec<String> {
        self.values.iter().map(|&column| table.header[column].clone()).collect()
    }
}

/// Adds the sequences of a table, in the order of their first rows.
pub fn read_rows(table: &Table, roles: &Roles, options: &Options, draft: &mut Draft<f32>) -> Result<(), DataError> {
    let mut places = HashMap::new();
    for row in &table.rows {
        let rows = Reading { table, roles, options, row };
        let id = rows.sequence()?;
        match places.entry(id) {
            Entry::Vacant(place) => {
                place.insert(draft.series.len());
                let series = rows.begin(draft)?;
                draft.series.push(series);
            }
            Entry::Occupied(place) => rows.go_on(*place.get(), draft)?,
        }
    }
    Ok(())
}

/// A row that is being read.
struct Reading<'a> {
    table: &'a Table,
    roles: &'a Roles,
    options: &'a Options,
    row: &'a Row,
}

impl<'a> Reading<'a> {
    /// The name of the sequence that the row belongs to, nothing if there is only one.
    fn sequence(&self) -> Result<&'a str, DataError> {
        match self.roles.sequence.map(|column| (column, self.row.cell(column))) {
            Some((column, "")) => Err(self.error(column, Problem::EmptyName)),
            Some((_, name)) => Ok(name),
            None => Ok(""),
        }
    }

    /// The sequence that begins with the row.
    fn begin(&self, draft: &mut Draft<f32>) -> Result<Series, DataError> {
        let Known { label, group } = self.roles.known;
        let label = match self.number(self.roles.label, &mut draft.classes)? {
            Some(class) if self.options.each_step => Label::Each(vec![class]),
            class => class.or(label).map_or(Label::None, Label::Whole),
        };
        let group = self.number(self.roles.group, &mut draft.groups)?.or(group);
        let group = group.unwrap_or_else(|| draft.no_group());
        let mut series = Series { label, group, steps: Vec::new() };
        self.values(&mut series.steps)?;
        Ok(series)
    }

    /// Adds the row to a sequence that has begun.
    fn go_on(&self, place: usize, draft: &mut Draft<f32>) -> Result<(), DataError> {
        let class = self.number(self.roles.label, &mut draft.classes)?;
        let group = self.number(self.roles.group, &mut draft.groups)?;
        let series = &mut draft.series[place];
        match (&mut series.label, class) {
            (Label::Each(classes), Some(class)) => classes.push(class),
            (Label::Whole(before), after) => self.same(self.roles.label, (*before, after), &draft.classes)?,
            _ => {}
        }
        self.same(self.roles.group, (series.group, group), &draft.groups)?;
        self.values(&mut series.steps)
    }

    /// The number of a name in a column, if there is such a column.
    fn number(&self, column: Option<usize>, names: &mut Names) -> Result<Option<usize>, DataError> {
        let number = |column| names.number(self.row.cell(column)).map_err(|problem| self.error(column, problem));
        column.map(number).transpose()
    }

    /// Refuses a name that has changed within the sequence.
    fn same(
        &self,
        column: Option<usize>,
        (before, after): (usize, Option<usize>),
        names: &Names,
    ) -> Result<(), DataError> {
        match (column, after) {
            (Some(column), Some(after)) if after != before => {
                let [found, expected] = [after, before].map(|number| names.name(number).into());
                Err(self.error(column, Problem::Changed { found, expected }))
            }
            _ => Ok(()),
        }
    }

    fn values(&self, steps: &mut Vec<f32>) -> Result<(), DataError> {
        for &column in &self.roles.values {
            let value = number(self.row.cell(column), self.options);
            steps.push(value.map_err(|problem| self.error(column, problem))?);
        }
        Ok(())
    }

    fn error(&self, column: usize, problem: Problem) -> DataError {
        self.table.cell_error(self.row, column, problem)
    }
}

fn number(cell: &str, options: &Options) -> Result<f32, Problem> {
    let value = cell.parse::<f32>().map_err(|_| Problem::NotANumber { found: cell.to_string() })?;
    options.finite(value).map_err(|_| Problem::NotFinite { found: cell.to_string() })
}
