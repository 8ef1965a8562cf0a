use super::rows::Row;
use super::table::{Header, Table};
use crate::data::draft::Draft;
use crate::data::memory::room;
use crate::data::names::Names;
use crate::data::{DataError, Label, MOST, Options, Place, Problem, Series};
use elman_files::source::SourceError;
use std::collections::HashMap;
use std::io::Read;

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
    pub fn of(table: &Header, options: &Options) -> Result<Self, DataError> {
        let sequence = table.role(options.sequence.as_deref(), "sequence")?;
        let label = table.role(options.label.as_deref(), "label")?;
        let group = table.role(options.group.as_deref(), "group")?;
        let values = match &options.values {
            Some(names) => names.iter().map(|name| table.column(name)).collect::<Result<Vec<_>, _>>()?,
            None => {
                (0..table.names.len()).filter(|&column| ![sequence, label, group].contains(&Some(column))).collect()
            }
        };
        if let Some(&column) = values.iter().find(|&&column| table.names[column].is_empty()) {
            return Err(table.name_error(column, Problem::Unnamed));
        }
        if values.is_empty() {
            return Err(table.error(Problem::NoChannels));
        }
        if values.len() > MOST {
            return Err(table.error(Problem::TooMany { what: "channels", found: values.len(), most: MOST }));
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
    pub fn names(&self, table: &Header) -> Vec<String> {
        self.values.iter().map(|&column| table.names[column].clone()).collect()
    }
}

/// Adds the sequences of a table, in the order of their first rows, and returns the number of rows.
pub fn read_rows<R: Read>(
    table: &mut Table<R>,
    roles: &Roles,
    options: &Options,
    draft: &mut Draft<f32>,
) -> Result<usize, DataError> {
    let (mut places, mut count) = (HashMap::<String, usize>::new(), 0);
    let Table { header, rows } = table;
    // Most rows belong to the sequence of the row before.
    let mut last = (String::new(), None);
    while let Some(row) = header.next(rows)? {
        let reading = Reading { table: header, roles, options, row: &row };
        let id = reading.sequence()?;
        if last.1.is_none() || last.0 != id {
            last = (id.to_string(), places.get(id).copied());
        }
        match last.1 {
            Some(place) => reading.go_on(place, draft)?,
            None => {
                let series = reading.begin(draft)?;
                last.1 = Some(draft.series.len());
                draft.add(series, 2 * id.len()).map_err(|problem| reading.of_row(problem))?;
                places.try_reserve(1).map_err(|_| reading.of_row(out_of_memory(places.len())))?;
                places.insert(id.to_string(), draft.series.len() - 1);
            }
        }
        count += 1;
    }
    Ok(count)
}

fn out_of_memory(names: usize) -> Problem {
    Problem::Source(SourceError::Memory { bytes: (2 * names * size_of::<(String, usize)>()) as u64 })
}

/// A row that is being read.
struct Reading<'a> {
    table: &'a Header,
    roles: &'a Roles,
    options: &'a Options,
    row: &'a Row<'a>,
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
        let label = match self.number(self.roles.label, draft, Draft::class)? {
            Some(class) if self.options.each_step => Label::Each(vec![class]),
            class => class.or(label).map_or(Label::None, Label::Whole),
        };
        let group = self.number(self.roles.group, draft, Draft::group)?.or(group);
        let group = group.unwrap_or_else(|| draft.no_group());
        let mut series = Series { label, group, steps: Vec::new() };
        self.values(&mut series.steps, draft)?;
        Ok(series)
    }

    /// Adds the row to a sequence that has begun.
    fn go_on(&self, place: usize, draft: &mut Draft<f32>) -> Result<(), DataError> {
        let class = self.number(self.roles.label, draft, Draft::class)?;
        let group = self.number(self.roles.group, draft, Draft::group)?;
        let series = &mut draft.series[place];
        match (&mut series.label, class) {
            (Label::Each(classes), Some(class)) => {
                room(classes, 1)
                    .and_then(|()| draft.budget.charge(size_of_val(&class)))
                    .map_err(|problem| self.of_row(problem))?;
                classes.push(class);
            }
            (Label::Whole(before), after) => self.same(self.roles.label, (*before, after), &draft.classes)?,
            _ => {}
        }
        self.same(self.roles.group, (series.group, group), &draft.groups)?;
        let mut steps = std::mem::take(&mut series.steps);
        self.values(&mut steps, draft)?;
        draft.series[place].steps = steps;
        Ok(())
    }

    /// The number of a name in a column, if there is such a column.
    fn number(
        &self,
        column: Option<usize>,
        draft: &mut Draft<f32>,
        number: fn(&mut Draft<f32>, &str) -> Result<usize, Problem>,
    ) -> Result<Option<usize>, DataError> {
        let number = |column| number(draft, self.row.cell(column)).map_err(|problem| self.error(column, problem));
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

    fn values(&self, steps: &mut Vec<f32>, draft: &mut Draft<f32>) -> Result<(), DataError> {
        let columns = &self.roles.values;
        let charged = room(steps, columns.len()).and_then(|()| draft.budget.charge(size_of::<f32>() * columns.len()));
        charged.map_err(|problem| self.of_row(problem))?;
        for (channel, &column) in columns.iter().enumerate() {
            let (exact, value) =
                number(self.row.cell(column), self.options).map_err(|problem| self.error(column, problem))?;
            draft.precision.add(channel, exact, value);
            steps.push(value);
        }
        Ok(())
    }

    fn error(&self, column: usize, problem: Problem) -> DataError {
        self.table.cell_error(self.row, column, problem)
    }

    /// A problem with the row as a whole.
    fn of_row(&self, problem: Problem) -> DataError {
        DataError::new(Place::Line(self.row.line), problem)
    }
}

/// A number as it stands, and as the nearest `f32`; by way of `f64` it would be rounded twice.
fn number(cell: &str, options: &Options) -> Result<(f64, f32), Problem> {
    let not_one = |_| Problem::NotANumber { found: cell.to_string() };
    let (exact, value) = (cell.parse::<f64>().map_err(not_one)?, cell.parse::<f32>().map_err(not_one)?);
    let value = options.finite(value).map_err(|_| Problem::NotFinite { found: cell.to_string() })?;
    Ok((exact, value))
}
