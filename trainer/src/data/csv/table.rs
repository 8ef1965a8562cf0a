use crate::data::text::utf8;
use crate::data::{DataError, Options, Place, Problem};
use csv::{ReaderBuilder, StringRecord};

/// A text cut into rows of as many cells, with their lines.
pub struct Table {
    pub header: Vec<String>,
    /// The line of the header, or of the first row if there is none.
    line: usize,
    pub rows: Vec<Row>,
}

/// A row, and the line it begins in.
pub struct Row {
    cells: StringRecord,
    line: usize,
}

impl Table {
    /// # Errors
    /// [`DataError`] at the first row that has not as many cells as the one before, or is no text.
    pub fn parse(bytes: &[u8], options: &Options) -> Result<Self, DataError> {
        let mut rows = rows(utf8(bytes)?, options.delimiter.unwrap_or(b','))?;
        let first = rows.first().ok_or_else(|| DataError::whole(Problem::Empty))?;
        let (line, expected) = (first.line, first.cells.len());
        let ragged = rows.iter().find(|row| row.cells.len() != expected);
        if let Some(row) = ragged {
            let problem = Problem::Ragged { found: row.cells.len(), expected };
            return Err(DataError::new(Place::Line(row.line), problem));
        }
        let header =
            if options.header { names(rows.remove(0))? } else { (1..=expected).map(|n| n.to_string()).collect() };
        Ok(Self { header, line, rows })
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Result<usize, DataError> {
        self.header.iter().position(|known| known == name).ok_or_else(|| {
            let problem = Problem::Missing { name: name.to_string(), present: self.header.clone().into() };
            DataError::new(Place::Line(self.line), problem)
        })
    }

    /// The column of the usual name, in capitals or not.
    pub fn usual(&self, name: &str) -> Result<usize, DataError> {
        self.column(name)
            .or_else(|missing| self.header.iter().position(|known| known.eq_ignore_ascii_case(name)).ok_or(missing))
    }

    /// The column of the name asked for, or of the usual one if there is one.
    pub fn role(&self, asked: Option<&str>, usual: &str) -> Result<Option<usize>, DataError> {
        match asked {
            Some(name) => self.column(name).map(Some),
            None => Ok(self.usual(usual).ok()),
        }
    }

    /// A problem with the header as a whole.
    pub fn header_error(&self, problem: Problem) -> DataError {
        DataError::new(Place::Line(self.line), problem)
    }

    /// A problem with the name of a column.
    pub fn name_error(&self, column: usize, problem: Problem) -> DataError {
        cell_error(self.line, column, &self.header[column], problem)
    }

    /// A problem with a cell of a row.
    pub fn cell_error(&self, row: &Row, column: usize, problem: Problem) -> DataError {
        let above: usize = row.cells.iter().take(column).map(line_ends).sum();
        cell_error(row.line + above, column, &self.header[column], problem)
    }
}

impl Row {
    /// A cell without the spaces around it.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default().trim()
    }
}

fn cell_error(line: usize, column: usize, name: &str, problem: Problem) -> DataError {
    DataError::new(Place::Cell { line, column: column + 1, name: name.to_string() }, problem)
}

/// All rows that are not empty, of whatever length.
fn rows(text: &str, delimiter: u8) -> Result<Vec<Row>, DataError> {
    let records = |text: &str| {
        let mut builder = ReaderBuilder::new();
        let reader = builder.delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
        // What is read is text already, and in memory: there is nothing to fail.
        reader.into_records().map_while(Result::ok).collect::<Vec<_>>()
    };
    let (mut rows, mut line, mut at) = (Vec::new(), 1, 0);
    for cells in records(text) {
        // The reader's own place of a record is that of the line ends and empty lines before it.
        let begin = cells.position().map_or(at, |position| position.byte() as usize);
        let begin = text.len() - text[begin..].trim_start_matches(['\r', '\n']).len();
        line += line_ends(&text[at..begin]);
        at = begin;
        if cells.len() > 1 || !cells[0].trim().is_empty() {
            rows.push(Row { cells, line });
        }
    }
    // A quote that is not closed takes in whatever follows.
    if records(&format!("{}\nend", &text[at..])).last().is_none_or(|last| last != ["end"][..]) {
        return Err(DataError::new(Place::Line(line), Problem::OpenQuote));
    }
    Ok(rows)
}

/// Those of Unix, of Windows and of old Macintoshes: the reader takes them all.
fn line_ends(text: &str) -> usize {
    text.matches(['\r', '\n']).count() - text.matches("\r\n").count()
}

/// The names of the columns: not all numbers, and none twice.
fn names(row: Row) -> Result<Vec<String>, DataError> {
    let names: Vec<_> = row.cells.iter().map(|cell| cell.trim().to_string()).collect();
    if names.iter().all(|name| name.parse::<f32>().is_ok()) {
        return Err(DataError::new(Place::Line(row.line), Problem::NoHeader));
    }
    let twice = |&(column, name): &(usize, &String)| !name.is_empty() && names[..column].contains(name);
    if let Some((column, name)) = names.iter().enumerate().find(twice) {
        return Err(cell_error(row.line, column, name, Problem::Duplicate { name: name.clone() }));
    }
    Ok(names)
}
