use super::ids::Ids;
use super::rows::Row;
use super::table::{Header, Table};
use crate::data::draft::Draft;
use crate::data::memory::room;
use crate::data::numbering::Numbering;
use crate::data::{DataError, Label, MOST, Options, Place, Problem};
use std::io::Read;

/// Roles of the columns of a table.
pub struct Roles {
    sequence: Option<usize>,
    label: Option<usize>,
    group: Option<usize>,
    values: Vec<usize>,
    known: Known,
}

/// Class and group of a sequence, if known before its file is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    pub label: Option<usize>,
    pub group: Option<usize>,
}

impl Roles {
    /// Returns the roles of a table's columns.
    ///
    /// # Errors
    /// [`DataError`] if a column is missing, or none is left for values.
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

    /// Returns the roles for a table that is one sequence, in which a class or group that is already known is not
    /// read from a column.
    pub fn of_one_sequence(self, known: Known) -> Self {
        let label = self.label.filter(|_| known.label.is_none());
        let group = self.group.filter(|_| known.group.is_none());
        Self { sequence: None, label, group, known, ..self }
    }

    /// Returns the number of channels.
    pub fn width(&self) -> usize {
        self.values.len()
    }

    /// Returns the names of the channels.
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
    let (mut ids, mut count, before) = (Ids::default(), 0, draft.series.len());
    // The sequence of each row, filled once a row belongs to an earlier sequence than the last.
    let mut owners = Vec::new();
    let Table { header, rows } = table;
    while let Some(row) = header.next(rows)? {
        let reading = Reading { table: header, roles, options, row: &row };
        let of_row = |problem| reading.of_row(problem);
        let id = ids.number(reading.sequence()?, &mut draft.budget).map_err(of_row)?;
        let place = before + id as usize;
        if place == draft.series.len() {
            reading.begin(draft)?;
        } else {
            reading.go_on(place, draft)?;
        }
        if owners.is_empty() && place + 1 < draft.series.len() {
            owners = draft.series.owners().map_err(of_row)?;
        }
        reading.values(draft)?;
        if !owners.is_empty() {
            let charged = room(&mut owners, 1).and_then(|()| draft.budget.charge(size_of_val(&place)));
            charged.map_err(of_row)?;
            owners.push(place as u32);
        }
        count += 1;
    }
    if !owners.is_empty() {
        draft.series.gather(&owners).map_err(DataError::whole)?;
    }
    Ok(count)
}

/// A row that is being read.
struct Reading<'a> {
    table: &'a Header,
    roles: &'a Roles,
    options: &'a Options,
    row: &'a Row<'a>,
}

impl<'a> Reading<'a> {
    /// Returns the name of the sequence that the row belongs to; empty if there is only one sequence.
    fn sequence(&self) -> Result<&'a str, DataError> {
        match self.roles.sequence.map(|column| (column, self.row.cell(column))) {
            Some((column, "")) => Err(self.error(column, Problem::EmptyName)),
            Some((_, name)) => Ok(name),
            None => Ok(""),
        }
    }

    /// Adds the sequence that begins with this row.
    fn begin(&self, draft: &mut Draft<f32>) -> Result<(), DataError> {
        let Known { label, group } = self.roles.known;
        let own = self.number(self.roles.label, draft, Draft::class)?;
        let label = match own {
            Some(_) if self.options.each_step => Label::Each(&[]),
            _ => own.or(label).map_or(Label::None, Label::Whole),
        };
        let group = self.number(self.roles.group, draft, Draft::group)?.or(group);
        let group = group.unwrap_or_else(|| draft.no_group());
        draft.begin(label, group).map_err(|problem| self.of_row(problem))?;
        own.filter(|_| self.options.each_step).map_or(Ok(()), |class| self.label_step(class, draft))
    }

    /// Checks the row against the sequence that it continues.
    fn go_on(&self, place: usize, draft: &mut Draft<f32>) -> Result<(), DataError> {
        let class = self.number(self.roles.label, draft, Draft::class)?;
        let group = self.number(self.roles.group, draft, Draft::group)?;
        let series = draft.series.at(place);
        if let Label::Whole(before) = series.label {
            self.same(self.roles.label, (before, class), &draft.classes)?;
        }
        self.same(self.roles.group, (series.group, group), &draft.groups)?;
        class.filter(|_| self.options.each_step).map_or(Ok(()), |class| self.label_step(class, draft))
    }

    /// Adds the class of the row to the labels of the steps.
    fn label_step(&self, class: usize, draft: &mut Draft<f32>) -> Result<(), DataError> {
        let labelled = draft.series.label_step(class).and_then(|()| draft.budget.charge(size_of_val(&class)));
        labelled.map_err(|problem| self.of_row(problem))
    }

    /// Returns the number of the name in `column`, if the table has that column.
    fn number(
        &self,
        column: Option<usize>,
        draft: &mut Draft<f32>,
        number: fn(&mut Draft<f32>, &str) -> Result<usize, Problem>,
    ) -> Result<Option<usize>, DataError> {
        let number = |column| number(draft, self.row.cell(column)).map_err(|problem| self.error(column, problem));
        column.map(number).transpose()
    }

    /// Returns an error if a name differs from the name in the earlier rows of the sequence.
    fn same(
        &self,
        column: Option<usize>,
        (before, after): (usize, Option<usize>),
        names: &Numbering,
    ) -> Result<(), DataError> {
        match (column, after) {
            (Some(column), Some(after)) if after != before => {
                let [found, expected] = [after, before].map(|number| names.name(number).into());
                Err(self.error(column, Problem::Changed { found, expected }))
            }
            _ => Ok(()),
        }
    }

    fn values(&self, draft: &mut Draft<f32>) -> Result<(), DataError> {
        let (columns, Draft { series, budget, precision, .. }) = (&self.roles.values, draft);
        let charged = series.room(columns.len()).and_then(|()| budget.charge(size_of::<f32>() * columns.len()));
        charged.map_err(|problem| self.of_row(problem))?;
        for (channel, &column) in columns.iter().enumerate() {
            let (exact, value) =
                number(self.row.cell(column), self.options).map_err(|problem| self.error(column, problem))?;
            precision.add(channel, exact, value);
            series.put(value);
        }
        series.end().map_err(|problem| self.of_row(problem))
    }

    fn error(&self, column: usize, problem: Problem) -> DataError {
        self.table.cell_error(self.row, column, problem)
    }

    /// Returns an error about the row as a whole.
    fn of_row(&self, problem: Problem) -> DataError {
        DataError::new(Place::Line(self.row.line), problem)
    }
}

/// Parses a number as `f64` and as the nearest `f32`; converting through `f64` would round twice.
fn number(cell: &str, options: &Options) -> Result<(f64, f32), Problem> {
    let not_one = |_| Problem::NotANumber { found: cell.to_string() };
    let (exact, value) = (cell.parse::<f64>().map_err(not_one)?, cell.parse::<f32>().map_err(not_one)?);
    let value = options.finite(value).map_err(|_| Problem::NotFinite { found: cell.to_string() })?;
    Ok((exact, value))
}
