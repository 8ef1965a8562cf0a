use super::rows::{Row, Rows};
use crate::data::{DataError, Hint, Options, Place, Problem};
use std::collections::HashMap;
use std::io::Read;

/// Common delimiters.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A table of text. Its rows are read one at a time and must have one cell for each column.
pub struct Table<R> {
    pub header: Header,
    pub rows: Rows<R>,
}

/// Columns of a table.
pub struct Header {
    pub names: Vec<String>,
    places: HashMap<String, usize>,
    /// Line of the header, or of the first row if there is no header.
    line: usize,
    delimiter: u8,
    /// Delimiter that occurs more often in the first line than the one in use, if there is one.
    likely: Option<u8>,
}

impl<R: Read> Table<R> {
    /// Reads the header of a table.
    ///
    /// # Errors
    /// [`DataError`] if there is no row, or if the first row should hold column names but holds only numbers.
    pub fn open(input: R, options: &Options) -> Result<Self, DataError> {
        let delimiter = options.delimiter.unwrap_or(b',');
        let mut rows = Rows::new(input, delimiter)?;
        let first = rows.next()?.ok_or_else(|| DataError::whole(Problem::Empty))?;
        let header = Header::of(&first, delimiter, options.header)?;
        if !options.header {
            rows.repeat();
        }
        Ok(Self { header, rows })
    }
}

impl Header {
    fn of(first: &Row<'_>, delimiter: u8, named: bool) -> Result<Self, DataError> {
        let mut header = Self {
            names: Vec::new(),
            places: HashMap::new(),
            line: first.line,
            delimiter,
            likely: likely(first, delimiter),
        };
        if named && first.cells().all(|name| name.parse::<f32>().is_ok()) {
            return Err(header.error(Problem::NoHeader));
        }
        for (column, cell) in first.cells().enumerate() {
            let name = if named { cell.to_string() } else { (column + 1).to_string() };
            let twice = header.places.insert(name.clone(), column).is_some() && !name.is_empty();
            header.names.push(name.clone());
            if twice {
                return Err(header.name_error(column, Problem::Duplicate { name }));
            }
        }
        Ok(header)
    }

    /// Returns the next row, which must have one cell for each column.
    pub fn next<'a, R: Read>(&self, rows: &'a mut Rows<R>) -> Result<Option<Row<'a>>, DataError> {
        let first = rows.count() < 2;
        let Some(row) = rows.next()? else { return Ok(None) };
        let (found, expected) = (row.len(), self.names.len());
        if found == expected {
            return Ok(Some(row));
        }
        let ragged = Problem::Ragged { found, expected };
        let digits = |cell: &str| !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
        let halves = row.cells().skip(1).filter(|cell| digits(cell)).count();
        // Decimal commas occur from the first row of values on.
        let comma = first && self.delimiter == b',' && found > expected && halves >= found - expected;
        let problem = if comma && self.likely.is_none() { ragged.hinted(Hint::DecimalComma) } else { ragged };
        Err(DataError::new(Place::Line(row.line), self.hinted(problem)))
    }

    /// Returns the index of the column called `name`.
    pub fn column(&self, name: &str) -> Result<usize, DataError> {
        self.places.get(name).copied().ok_or_else(|| {
            let problem = Problem::Missing { name: name.to_string(), present: self.names.clone().into() };
            self.error(self.hinted(problem))
        })
    }

    /// Returns the index of the column with this usual name, regardless of case.
    pub fn usual(&self, name: &str) -> Result<usize, DataError> {
        let known = || self.names.iter().position(|known| known.eq_ignore_ascii_case(name));
        self.places.get(name).copied().or_else(known).map_or_else(|| self.column(name), Ok)
    }

    /// Returns the index of the column `asked` or, if none is requested, of the column with the usual name, if any.
    pub fn role(&self, asked: Option<&str>, usual: &str) -> Result<Option<usize>, DataError> {
        match asked {
            Some(name) => self.column(name).map(Some),
            None => Ok(self.usual(usual).ok()),
        }
    }

    /// Returns an error about the header as a whole.
    pub fn error(&self, problem: Problem) -> DataError {
        DataError::new(Place::Line(self.line), problem)
    }

    /// Returns an error about the name of a column.
    pub fn name_error(&self, column: usize, problem: Problem) -> DataError {
        self.at(self.line, column, problem)
    }

    /// Returns an error about a cell of a row.
    pub fn cell_error(&self, row: &Row<'_>, column: usize, problem: Problem) -> DataError {
        self.at(row.line_of(column), column, self.hinted(problem))
    }

    fn at(&self, line: usize, column: usize, problem: Problem) -> DataError {
        DataError::new(Place::Cell { line, column: column + 1, name: self.names[column].clone() }, problem)
    }

    /// Adds a hint to a problem that may be due to a wrong delimiter, if another delimiter is likely.
    fn hinted(&self, problem: Problem) -> Problem {
        match (self.likely, &problem) {
            (Some(likely), Problem::NotANumber { .. } | Problem::Ragged { .. } | Problem::Missing { .. }) => {
                problem.hinted(Hint::Delimiter(likely.into()))
            }
            (Some(likely), Problem::UnknownLabel { .. }) => problem.hinted(Hint::Delimiter(likely.into())),
            _ => problem,
        }
    }
}

/// Returns a delimiter that occurs more often in the first line than `delimiter`.
fn likely(first: &Row<'_>, delimiter: u8) -> Option<u8> {
    let count = |byte| first.cells().flat_map(str::bytes).filter(|&other| other == byte).count();
    let others = DELIMITERS.into_iter().filter(|&other| other != delimiter).map(|other| (count(other), other));
    others.filter(|&(count, _)| count >= first.len()).max().map(|(_, other)| other)
}
